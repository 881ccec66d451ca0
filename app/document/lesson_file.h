#pragma once
// Lessons that are no part of the program: a file NAME.LANGUAGE.md with what lies beside it, or an archive NAME.moelesson.

#include <filesystem>
#include <string>
#include <vector>

#include "app/document/lesson.h"

namespace moescope {

/// Whether a path is one, by its ending.
bool isLessonFile(const std::string& path);

/// A .md, or from an archive the lesson in a language, in English where it has not that one, else in its first. Throws
/// std::runtime_error with one line: the file, the place in it, and what was expected there; also where a session or picture is
/// missing.
Lesson readLessonFile(const std::filesystem::path& path, const std::string& language);

/// What pack() did.
struct PackedLesson {
  std::vector<std::string> files;    ///< that are in the archive
  std::vector<std::string> leftOut;  ///< of the folder
};
/// Packs the lesson of a folder in all its languages, with what its pages show. Throws as readLessonFile(), and where there are
/// two lessons or none.
PackedLesson packLessonFolder(const std::filesystem::path& folder, const std::filesystem::path& archive);

}  // namespace moescope
