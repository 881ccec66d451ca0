#pragma once
// A view's picture as a file: the ending says of which kind.

#include <QImage>
#include <QString>
#include <functional>
#include <string>
#include <vector>

#include "views/offscreen.h"

namespace moescope {

/// Of the pictures that can be written: png, svg, pdf.
const std::vector<std::string>& pictureEndings();
/// Which of them a path ends in, without the dot; empty: none.
std::string pictureEnding(const std::string& path);

/// What a picture shows, and how large it is in pixels (SVG, PDF: of 1/96 inch).
struct PictureOrder {
  const Scene& scene;
  Theme theme;  ///< with the pixel ratio that the picture is laid out at
  int width = 0, height = 0;
  std::string title = {};  ///< PNG: a line above the view; else the file's title
};

/// Writes it so that the file is there whole or not at all. `surface` is asked for only by what is drawn in pixels: PNG, and the
/// scene of a 3-D view. SVG and PDF need a QGuiApplication. Throws std::runtime_error with the path.
void writeViewPicture(View& view, const PictureOrder& order, const std::function<Offscreen&()>& surface, const std::string& path);

/// The same pixels in memory.
QImage viewImage(View& view, const PictureOrder& order, Offscreen& surface);

}  // namespace moescope
