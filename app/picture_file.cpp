#include "app/picture_file.h"

#include <filesystem>
#include <stdexcept>

namespace moescope {

void writePictureAtomically(const QImage& image, const std::string& path) {
  const std::string part = path + ".part";
  std::error_code error;
  if (!image.save(QString::fromStdString(part), "PNG")) throw std::runtime_error(path + ": cannot be written");
  std::filesystem::rename(part, path, error);
  if (error) throw std::runtime_error(path + ": " + error.message());
}

}  // namespace moescope
