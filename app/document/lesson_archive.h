#pragma once
// *.moelesson: one ZIP archive with a lesson in its languages (NAME.LANGUAGE.md) and the sessions and pictures that its pages
// show.

#include <filesystem>
#include <string>
#include <vector>

namespace moescope {

/// A folder of its own in the system's place for such; it goes when this does.
class TemporaryFolder {
 public:
  /// Throws std::runtime_error where it cannot be made.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Whether this may be the name of a file beside a lesson: no folder, nothing hidden.
bool isPlainName(const std::string& name);

/// Expands all members into `folder` and gives their names. Archives come from strangers: names are plain and of the kinds that a
/// lesson has, sizes are checked before anything is written and are not exceeded, and the disk keeps 64 MB. Throws
/// std::runtime_error with one line that begins with `archive`; what was written until then stays for the folder's owner to
/// remove.
std::vector<std::string> unpackLesson(const std::filesystem::path& archive, const std::filesystem::path& folder);

/// Writes the archive whole or not at all; the same files give the same bytes. Throws std::runtime_error with one line that
/// begins with the archive or the file that failed.
void packLesson(const std::vector<std::filesystem::path>& files, const std::filesystem::path& archive);

}  // namespace moescope
