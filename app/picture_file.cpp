#include "app/picture_file.h"

#include <filesystem>
#include <stdexcept>

namespace moescope {

void writePictureAtomically(const QImage& image, const std::string& path) {
  const std::string part = path + ".part";
  std::error_code error;
  const bool written = image.save(QString::fromStdString(part), "PNG");
  if (written) std::filesystem::rename(part, path, error);
  if (written && !error) return;
  const std::string reason = written ? error.message() : "cannot be written";
  std::filesystem::remove(part, error);
  throw std::runtime_error(path + ": " + reason);
}

}  // namespace moescope
