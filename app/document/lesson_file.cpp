#include "app/document/lesson_file.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "app/document/lesson_archive.h"
#include "core/data/files.h"
#include "core/words/words.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

constexpr const char *kWords = ".md", *kArchive = ".moelesson";
constexpr std::size_t kLargest = std::size_t{1} << 20;  // bytes of a .md

/// With what its pages show beside it. `who`: before the name in a complaint.
Lesson readWords(const fs::path& path, const std::string& who) {
  requireRegularFile(path);
  const FileText text = readFile(path, kLargest + 1);
  Lesson lesson;
  try {
    lesson = lessonFromMarkdown(path.filename().string(), std::string(text.bytes.begin(), text.bytes.end()));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(who + error.what());
  }
  lesson.folder = fs::absolute(path).parent_path().string();
  for (const std::string& name : filesOf(lesson))
    if (!fs::is_regular_file(fs::path(lesson.folder) / name))
      throw std::runtime_error(translated("%1%2: shows %3, which is not beside it", who, path.filename().string(), name));
  return lesson;
}

/// The lesson in its languages, by the names of their files in order. `given` and `between`: before the name in a complaint.
std::vector<Lesson> readFolder(const fs::path& folder, const std::vector<std::string>& names, const std::string& given,
                               const std::string& between) {
  std::vector<Lesson> lessons;
  for (const std::string& name : names) lessons.push_back(readWords(folder / name, given + between));
  for (const Lesson& lesson : lessons)
    if (lesson.name != lessons.front().name)
      throw std::runtime_error(
          translated("%1: two lessons, %2 and %3; expected one in its languages", given, lessons.front().name, lesson.name));
  return lessons;
}

Lesson readArchive(const fs::path& path, const std::string& language) {
  const auto folder = std::make_shared<const TemporaryFolder>();
  std::vector<std::string> names = unpackLesson(path, folder->path());
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(kWords); });
  std::sort(names.begin(), names.end());
  if (names.empty()) throw std::runtime_error(translated("%1: no lesson in it; expected NAME.LANGUAGE.md", path.string()));
  std::vector<Lesson> lessons = readFolder(folder->path(), names, path.string(), ": ");
  auto chosen = lessons.begin();
  for (const std::string& wanted : {std::string("en"), language})
    if (const auto found =
            std::find_if(lessons.begin(), lessons.end(), [&](const Lesson& lesson) { return lesson.language == wanted; });
        found != lessons.end())
      chosen = found;
  chosen->unpacked = folder;
  return *chosen;
}

}  // namespace

bool isLessonFile(const std::string& path) { return path.ends_with(kWords) || path.ends_with(kArchive); }

Lesson readLessonFile(const fs::path& path, const std::string& language) {
  return path.extension() == kArchive ? readArchive(path, language)
                                      : readWords(path, path.has_parent_path() ? path.parent_path().string() + "/" : "");
}

PackedLesson packLessonFolder(const fs::path& folder, const fs::path& archive) {
  if (!fs::is_directory(folder))
    throw std::runtime_error(translated("%1: no folder; expected one with NAME.LANGUAGE.md in it", folder.string()));
  std::set<std::string> there, languages;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) there.insert(entry.path().filename().string());
  for (const std::string& name : there)
    if (name.ends_with(kWords) && std::count(name.begin(), name.end(), '.') == 2) languages.insert(name);
  if (languages.empty()) throw std::runtime_error(translated("%1: no lesson in it; expected NAME.LANGUAGE.md", folder.string()));
  std::set<std::string> packed = languages;
  for (const Lesson& lesson : readFolder(folder, {languages.begin(), languages.end()}, folder.string(), "/"))
    for (const std::string& name : filesOf(lesson)) packed.insert(name);
  PackedLesson report{{packed.begin(), packed.end()}, {}};
  std::set_difference(there.begin(), there.end(), packed.begin(), packed.end(), std::back_inserter(report.leftOut));
  std::vector<fs::path> files;
  for (const std::string& name : packed) files.push_back(folder / name);
  packLesson(files, archive);
  return report;
}

}  // namespace moescope
