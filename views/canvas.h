#pragma once
// Flat drawing into a renderer, in pixels from its lower left corner. Everything is drawn anew between begin() and end(),
// in the order of the calls; text lies above all shapes.

#include <vtkActor2D.h>
#include <vtkCellArray.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkRenderer.h>
#include <vtkTextActor.h>
#include <vtkUnsignedCharArray.h>

#include <string>
#include <vector>

#include "views/palette.h"

namespace moescope {

struct Point {
  double x = 0.0, y = 0.0;
};

struct Rect {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
  bool contains(double px, double py) const { return px >= x && px < x + width && py >= y && py < y + height; }
  bool meets(const Rect& other) const { return x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height; }
};

enum class Align { Left, Centre, Right };
enum class VerticalAlign { Bottom, Middle, Top };

struct TextStyle {
  Color color;
  double size = 1.0;  ///< in em
  Align align = Align::Left;
  VerticalAlign vertical = VerticalAlign::Middle;
  bool bold = false;
  double degrees = 0.0;  ///< counter-clockwise
};

class Canvas {
 public:
  explicit Canvas(vtkRenderer* renderer);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  void begin(const Theme& theme);
  void end();

  double width() const { return width_; }
  double height() const { return height_; }
  double em() const { return em_; }  ///< pixels of normal text
  const Theme& theme() const { return theme_; }

  void rect(const Rect& rect, const Color& color, double opacity = 1.0);
  void frame(const Rect& rect, const Color& color, double thickness, double opacity = 1.0);
  void polygon(const std::vector<Point>& convex, const Color& color, double opacity = 1.0);
  void line(Point from, Point to, const Color& color, double thickness, double opacity = 1.0);
  void polyline(const std::vector<Point>& points, const Color& color, double thickness, double opacity = 1.0);
  void dashedLine(Point from, Point to, const Color& color, double thickness, double opacity = 1.0);
  void disc(Point centre, double radius, const Color& color, double opacity = 1.0);
  void ring(Point centre, double radius, const Color& color, double thickness, double opacity = 1.0);
  void text(Point at, const std::string& words, const TextStyle& style);
  /// Width in pixels that the words will take, to a few percent.
  double textWidth(const std::string& words, double size = 1.0, bool bold = false) const;

 private:
  vtkIdType vertex(Point point, const unsigned char* rgba);

  vtkRenderer* renderer_;
  Theme theme_;
  double width_ = 0.0, height_ = 0.0, em_ = 12.0;
  vtkNew<vtkPoints> points_;
  vtkNew<vtkCellArray> polygons_;
  vtkNew<vtkUnsignedCharArray> colors_;
  vtkNew<vtkPolyData> shapes_;
  vtkNew<vtkActor2D> shapeActor_;
  std::vector<vtkSmartPointer<vtkTextActor>> texts_;
  std::size_t usedTexts_ = 0;
};

/// Absolute path of the font that all views use, empty when it is not installed.
const std::string& fontFile(bool bold = false);

}  // namespace moescope
