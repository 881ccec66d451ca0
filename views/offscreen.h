#pragma once
// Views rendered without a window.

#include <vtkNew.h>
#include <vtkRenderWindow.h>
#include <vtkSmartPointer.h>
#include <vtkUnsignedCharArray.h>

#include <cstdint>
#include <string>
#include <vector>

#include "views/vector_drawing.h"
#include "views/view.h"

namespace moescope {

/// RGB or RGBA, 8 bits, rows from the bottom up.
struct Image {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;  ///< channels * width * height; a colour is not multiplied by its opacity
  int channels = 3;                  ///< 4: with an opacity
};

/// What update() would draw in a picture of this size, laid out at the theme's pixel ratio. Needs no display.
VectorDrawing drawingOf(View& view, const Scene& scene, const Theme& theme, int width, int height);
/// Of every pixel, in the window as without it: both draw the same.
inline constexpr int kSamples = 4;

/// One hidden drawing surface for any number of pictures. Keep it: with every new one X servers may reset in between.
class Offscreen {
 public:
  /// Throws std::runtime_error when there is no X display, which this VTK needs. Whether OpenGL can be had there must be known
  /// before: VTK goes on without a context, and crashes.
  Offscreen();
  /// A picture of exactly this many pixels, RGBA where the theme is transparent. A `title` stands on a line of its own above the
  /// view.
  Image render(View& view, const Scene& scene, const Theme& theme, int width, int height, const std::string& title = {});
  /// Of a 3-D view what the camera sees, as RGBA, without the shapes and words that lie in front of it.
  Image renderScene(View& view, const Scene& scene, Theme theme, int width, int height);
  /// The last picture of a view once more, in surroundings that have not changed: what drawing alone takes.
  void redraw(View& view);
  /// Brings a view to a scene in a surface of so many pixels, without drawing it.
  void layOut(View& view, const Scene& scene, const Theme& theme, int width, int height);
  /// The OpenGL renderer and version, as the driver names them.
  std::string device();
  /// Why vertex shaders do not place tokens here (views/token_cloud.h); empty: they do.
  std::string cloudFault();

 private:
  void show(vtkRenderer* renderer, int width, int height);
  Image pixels(int width, int height, bool transparent);

  vtkSmartPointer<vtkRenderWindow> window_;
  vtkNew<vtkUnsignedCharArray> drawn_;
};

/// Written beside the target first, then renamed. Throws std::runtime_error with the path.
void writePng(const Image& image, const std::string& path);

}  // namespace moescope
