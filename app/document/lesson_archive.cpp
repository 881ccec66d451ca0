#include "app/document/lesson_archive.h"

#include <stdlib.h>
#include <zip.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>
#include <stdexcept>

#include "core/data/files.h"
#include "core/words/words.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

struct Kind {
  const char* ending;
  std::uint64_t most;  ///< bytes
};
constexpr Kind kKinds[] = {{".md", std::uint64_t{1} << 20},
                           {".png", std::uint64_t{16} << 20},
                           {".jpg", std::uint64_t{16} << 20},
                           {".moescope", std::uint64_t{2} << 30}};
constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 30;  // of all members together, expanded
constexpr zip_int64_t kMostMembers = 500;
constexpr std::uint64_t kLeastFree = std::uint64_t{64} << 20;  // bytes of the disk that are left to others
constexpr zip_uint64_t kGreatestExpansion = 1032;  // deflate: 258 bytes from two bits
constexpr std::size_t kChunk = std::size_t{1} << 16;
constexpr time_t kTime = 315532800;  // 1980-01-01, the first day that an archive knows

const Kind* kindOf(const std::string& name) {
  for (const Kind& kind : kKinds)
    if (name.ends_with(kind.ending)) return &kind;
  return nullptr;
}

/// The first characters of a name, without what would break a line.
std::string shown(const std::string& name) {
  std::string clean;
  for (const char each : name.substr(0, 60)) clean += static_cast<unsigned char>(each) < 32 || each == 127 ? '?' : each;
  return "'" + clean + "'";
}

std::string words(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string said = zip_error_strerror(&error);
  zip_error_fini(&error);
  return said;
}

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;

Archive opened(const fs::path& path, int flags) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), flags, &code), &zip_discard);
  if (!archive) throw std::runtime_error(translated("%1: no lesson in a ZIP archive: %2", path.string(), words(code)));
  return archive;
}

struct Member {
  zip_uint64_t index = 0, size = 0;
  std::string name;
};

/// All members, each such as a lesson has.
std::vector<Member> membersOf(zip_t* archive, const std::string& file) {
  const zip_int64_t count = zip_get_num_entries(archive, 0);
  if (count <= 0 || count > kMostMembers)
    throw std::runtime_error(
        translated("%1: %2 members; expected 1 to %3", file, std::to_string(count), std::to_string(kMostMembers)));
  std::vector<Member> members;
  std::set<std::string> names;
  std::uint64_t all = 0;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(count); ++i) {
    zip_stat_t stat;
    if (zip_stat_index(archive, i, 0, &stat) != 0 ||
        (stat.valid & (ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD)) !=
            (ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD))
      throw std::runtime_error(translated("%1: member %2 has no whole entry in the directory", file, std::to_string(i + 1)));
    const std::string name = stat.name, who = translated("%1: member %2", file, shown(name));
    const Kind* kind = kindOf(name);
    if (!isPlainName(name) || !kind)
      throw std::runtime_error(translated("%1; expected a .md, .moescope, .png or .jpg without a folder", who));
    if (!names.insert(name).second) throw std::runtime_error(translated("%1 is there twice", who));
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
      throw std::runtime_error(translated("%1 is encrypted", who));
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
      throw std::runtime_error(
          translated("%1 is packed by method %2; expected 0 (stored) or 8 (deflate)", who, std::to_string(stat.comp_method)));
    if (stat.size > kind->most)
      throw std::runtime_error(
          translated("%1 states %2 bytes; expected at most %3", who, std::to_string(stat.size), std::to_string(kind->most)));
    if (stat.size > kGreatestExpansion * stat.comp_size)
      throw std::runtime_error(translated("%1 states %2 bytes, which its %3 packed ones cannot expand to", who,
                                          std::to_string(stat.size), std::to_string(stat.comp_size)));
    if ((all += stat.size) > kMostBytes)
      throw std::runtime_error(translated("%1: its members state more than %2 bytes together", file, std::to_string(kMostBytes)));
    members.push_back({i, stat.size, name});
  }
  return members;
}

void expand(zip_t* archive, const Member& member, const std::string& file, const fs::path& to) {
  const std::string who = translated("%1: member %2", file, shown(member.name));
  const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> from(zip_fopen_index(archive, member.index, 0), &zip_fclose);
  if (!from) throw std::runtime_error(who + ": " + zip_strerror(archive));
  std::ofstream out(to, std::ios::binary);
  std::array<char, kChunk> bytes;
  std::uint64_t done = 0;
  for (;;) {
    const zip_int64_t read = zip_fread(from.get(), bytes.data(), bytes.size());  // it checks the checksum at the end
    if (read < 0) throw std::runtime_error(who + ": " + zip_file_strerror(from.get()));
    if (read == 0) break;
    done += static_cast<std::uint64_t>(read);
    if (done > member.size)
      throw std::runtime_error(
          translated("%1 expands to more than the %2 bytes that it states", who, std::to_string(member.size)));
    out.write(bytes.data(), read);
  }
  if (done != member.size)
    throw std::runtime_error(translated("%1 ends after %2 of %3 bytes", who, std::to_string(done), std::to_string(member.size)));
  if (!out.flush())
    throw std::runtime_error(translated("%1: this file cannot be written: %2", to.string(), std::strerror(errno)));
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "moescope-lesson-XXXXXX").string();
  if (!mkdtemp(name.data()))
    throw std::runtime_error(translated("%1: this folder cannot be made: %2", name, std::strerror(errno)));
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

bool isPlainName(const std::string& name) {
  return !name.empty() && name.size() < 200 && name.front() != '.' &&
         name.find_first_of(std::string_view("/\\:\0", 4)) == std::string::npos;
}

std::vector<std::string> unpackLesson(const fs::path& path, const fs::path& folder) {
  requireRegularFile(path);
  const std::string file = path.string();
  const Archive archive = opened(path, ZIP_RDONLY | ZIP_CHECKCONS);
  const std::vector<Member> members = membersOf(archive.get(), file);
  std::uint64_t all = kLeastFree;
  for (const Member& member : members) all += member.size;
  if (const std::uint64_t free = fs::space(folder).available; free < all)
    throw std::runtime_error(translated("%1: %2 MB are free in %3; this lesson needs %4", file, std::to_string(free >> 20),
                                        folder.string(), std::to_string(all >> 20)));
  std::vector<std::string> names;
  for (const Member& member : members) {
    expand(archive.get(), member, file, folder / member.name);
    names.push_back(member.name);
  }
  return names;
}

void packLesson(const std::vector<fs::path>& files, const fs::path& path) {
  Archive archive = opened(path, ZIP_CREATE | ZIP_TRUNCATE);
  for (const fs::path& each : files) {
    requireRegularFile(each);
    const std::string name = each.filename().string();
    const Kind* kind = kindOf(name);
    if (!isPlainName(name) || !kind)
      throw std::runtime_error(
          translated("%1: no name of a lesson's file; expected a .md, .moescope, .png or .jpg", each.string()));
    if (const std::uint64_t size = fs::file_size(each); size > kind->most)
      throw std::runtime_error(
          translated("%1: %2 bytes; expected at most %3", each.string(), std::to_string(size), std::to_string(kind->most)));
    zip_source_t* source = zip_source_file(archive.get(), each.c_str(), 0, -1);
    const zip_int64_t index = source ? zip_file_add(archive.get(), name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
      if (source) zip_source_free(source);
      throw std::runtime_error(each.string() + ": " + zip_strerror(archive.get()));
    }
    const bool words = name.ends_with(".md");  // what else there is is packed already
    zip_set_file_compression(archive.get(), static_cast<zip_uint64_t>(index), words ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    zip_file_set_mtime(archive.get(), static_cast<zip_uint64_t>(index), kTime, 0);
  }
  if (zip_close(archive.get()) != 0) throw std::runtime_error(path.string() + ": " + zip_strerror(archive.get()));
  archive.release();  // it is closed: was written beside its place, then renamed
}

}  // namespace moescope
