#pragma once
// A lesson on paper: a sheet with picture and words for each page.

#include <string>

#include "app/document/lesson.h"

namespace moescope {

/// Trains what the pages show and writes a PDF (A4, words as text), whole or not at all. Needs a display for the pictures. Throws
/// std::runtime_error with one line, Stopped where a person stopped it.
void writeHandout(const Lesson& lesson, const std::string& path);

}  // namespace moescope
