#pragma once
// Vector pictures of views as SVG and PDF. Words are text that can be selected, in the font of the views.

#include <QByteArray>
#include <QImage>
#include <QSize>
#include <QString>

#include "views/vector_drawing.h"

namespace moescope {

/// What a view drew, and of a 3-D view the picture of its scene, which lies behind.
struct VectorPicture {
  VectorDrawing drawing;
  QImage scene;             ///< null: a flat view
  bool transparent = false; ///< nothing behind
};

/// The whole file; `size` is that of the picture in pixels of 1/96 inch. Needs a QGuiApplication. Throws std::runtime_error.
QByteArray svgOf(const VectorPicture& picture, const QSize& size, const QString& title);
QByteArray pdfOf(const VectorPicture& picture, const QSize& size, const QString& title);

}  // namespace moescope
