#include "app/window/page_picture.h"

#include <QOpenGLContext>
#include <algorithm>

#include "app/film/film_painter.h"

namespace moescope {
namespace {

constexpr FilmShape kDrawn{1280, 720, 30};  // large enough for the views' words
constexpr int kLargest = 3840;              // pixels across

}  // namespace

QImage pictureBesideQt(const Document& document, const std::array<std::shared_ptr<const Timeline>, 2>& sides, const QSize& size) {
  if (QOpenGLContext* mine = QOpenGLContext::currentContext()) mine->doneCurrent();
  FilmPainter painter({0, document.layout.alone, {{0.0, document, "", "", Ease::Hold}}}, sides,
                      size.width() > kDrawn.width
                          ? FilmShape{std::min(size.width(), kLargest) / 16 * 16, std::min(size.width(), kLargest) / 16 * 9, 30}
                          : kDrawn);
  const Image drawn = painter.draw(0.0);
  const QImage upward(drawn.pixels.data(), drawn.width, drawn.height, static_cast<qsizetype>(drawn.width) * drawn.channels,
                      QImage::Format_RGB888);
  return upward.mirrored().scaled(size, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

}  // namespace moescope
