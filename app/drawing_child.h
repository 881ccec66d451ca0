#pragma once
// The child's side of the drawing check.

#include "app/drawing_check.h"

namespace moescope {

/// The OpenGL that VTK's shaders need.
inline constexpr int kLeastOpenGlMajor = 3, kLeastOpenGlMinor = 2;

/// Tags of the lines that the child writes; lines without one are what drivers say.
namespace answer {
inline constexpr const char* kPlatform = "@platform ";
inline constexpr const char* kSaid = "@said ";  ///< by Qt
inline constexpr const char* kRenderer = "@renderer ";
inline constexpr const char* kVersion = "@version ";  ///< as the driver names it
inline constexpr const char* kTooOld = "@too-old";
inline constexpr const char* kDrew = "@drew";
}  // namespace answer

/// Opens the platform, makes an OpenGL context, draws with it, and writes each step that was reached to the file descriptor. Ends
/// the process.
[[noreturn]] void drawInChild(Drawing kind, int to);

}  // namespace moescope
