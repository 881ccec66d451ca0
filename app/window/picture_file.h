#pragma once
// Pictures on disk.

#include <QImage>
#include <string>

namespace moescope {

/// Writes a PNG so that the file is there whole or not at all. Throws std::runtime_error with the path.
void writePictureAtomically(const QImage& image, const std::string& path);

}  // namespace moescope
