#include "app/window/view_picture.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "app/window/language.h"
#include "app/window/vector_picture.h"
#include "core/data/output_file.h"

namespace moescope {
namespace {

/// Pixels of a 3-D scene for each device-independent one of its frame, at least: sharp when it is printed.
constexpr double kSceneRatio = 2.0;

QImage imageOf(const Image& image) {
  const auto format = image.channels == 4 ? QImage::Format_RGBA8888 : QImage::Format_RGB888;
  const QImage upward(image.pixels.data(), image.width, image.height, static_cast<qsizetype>(image.width) * image.channels,
                      format);
  return upward.mirrored();  // a copy of its own, with the rows from the top
}

VectorPicture vectorPicture(View& view, const PictureOrder& order, const std::function<Offscreen&()>& surface) {
  VectorPicture picture{drawingOf(view, order.scene, order.theme, order.width, order.height), {}, order.theme.transparent};
  if (!view.hasCamera()) return picture;
  Theme theme = order.theme;
  theme.pixelRatio = std::max(theme.pixelRatio, kSceneRatio);
  const double larger = theme.pixelRatio / order.theme.pixelRatio;
  picture.scene = imageOf(surface().renderScene(view, order.scene, theme, static_cast<int>(std::lround(order.width * larger)),
                                                static_cast<int>(std::lround(order.height * larger))));
  return picture;
}

}  // namespace

const std::vector<std::string>& pictureEndings() {
  static const std::vector<std::string> endings = {"png", "svg", "pdf"};
  return endings;
}

std::string pictureEnding(const std::string& path) {
  const auto found = std::find(pictureEndings().begin(), pictureEndings().end(), endingOf(path));
  return found == pictureEndings().end() ? std::string() : *found;
}

QImage viewImage(View& view, const PictureOrder& order, Offscreen& surface) {
  return imageOf(surface.render(view, order.scene, order.theme, order.width, order.height, order.title));
}

void writeViewPicture(View& view, const PictureOrder& order, const std::function<Offscreen&()>& surface,
                      const std::string& path) {
  const std::string ending = pictureEnding(path);
  if (ending.empty()) throw std::runtime_error(path + translated(": ends in none of .png, .svg and .pdf"));
  if (ending == "png")
    return writePng(surface().render(view, order.scene, order.theme, order.width, order.height, order.title), path);
  const VectorPicture picture = vectorPicture(view, order, surface);
  const QSize size(order.width, order.height);
  const QString title = QString::fromStdString(order.title);
  const QByteArray bytes = ending == "svg" ? svgOf(picture, size, title) : pdfOf(picture, size, title);
  writeFileAtomically(path, {bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

}  // namespace moescope
