#include "app/window/picture_file.h"

#include <QBuffer>
#include <stdexcept>

#include "core/data/output_file.h"
#include "core/words/words.h"

namespace moescope {

void writePictureAtomically(const QImage& image, const std::string& path) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  if (!buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, "PNG"))
    throw std::runtime_error(translated("%1: the picture could not be encoded", path));
  writeFileAtomically(path, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

}  // namespace moescope
