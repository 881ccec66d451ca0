#pragma once
// Flat drawing into a renderer, in device-independent pixels from its lower left corner: the theme's pixel ratio makes the same
// picture sharper. Everything is drawn anew between begin() and end(), in the order of the calls; text lies above all shapes.
// Words never stand on other words nor leave the view: what was written first keeps its place.

#include <vtkActor2D.h>
#include <vtkCellArray.h>
#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkRenderer.h>
#include <vtkUnsignedCharArray.h>

#include <Eigen/Core>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "views/font_metrics.h"
#include "views/palette.h"
#include "views/text_sheet.h"

namespace moescope {

struct VectorDrawing;
struct DrawnShape;

struct Point {
  double x = 0.0, y = 0.0;
};

struct Rect {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;
  bool contains(double px, double py) const { return px >= x && px < x + width && py >= y && py < y + height; }
  bool meets(const Rect& other) const {
    return x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height;
  }
};

enum class VerticalAlign { Bottom, Middle, Top };

struct TextStyle {
  Color color;
  double size = 1.0;  ///< in em; no words are smaller than the type scale's least
  Align align = Align::Left;
  VerticalAlign vertical = VerticalAlign::Middle;
  bool bold = false;
  bool upward = false;  ///< turned by a quarter, to be read from below
  double room = 0.0;    ///< above 0: longer words lose their middle to be this wide, at most; 0: they are never cut
};

/// Words as they stand on the canvas.
struct DrawnText {
  std::string words;
  Rect box;        ///< of the line, device-independent pixels
  int height = 0;  ///< of the font, device-independent pixels
  bool bold = false, upward = false;
  Color color{};
  Align align = Align::Centre;  ///< of the words in the box, which is no narrower than they are
  double patch = 0.0;           ///< opacity of the background that lies behind the box
};

/// The point that the words are anchored to: half their height up, and along them as they are aligned.
Point anchorOf(const DrawnText& text);

class Canvas {
 public:
  explicit Canvas(vtkRenderer* renderer);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  void begin(const Theme& theme);
  void end();
  /// A prop that lies between what is drawn before and after next(). Once, before the first begin().
  void between(vtkProp* prop);
  /// What is drawn from here on lies above the prop that between() was given, until begin().
  void next() { shapes_ = &above_; }
  /// Draws in the prop's place, also after end().
  void drawBetween(const std::function<void()>& draw);
  /// Puts the shapes that are drawn from the next begin() on into a drawing as well, until this is called with null.
  void record(VectorDrawing* drawing) { recorded_ = drawing; }
  bool records() const { return recorded_ != nullptr; }

  double width() const { return width_; }
  double height() const { return height_; }
  double em() const { return em_; }        ///< height of normal text
  double ratio() const { return ratio_; }  ///< device pixels per device-independent one
  const Theme& theme() const { return theme_; }
  /// 3-D: from a point of the scene to where it is seen as the camera stands.
  std::function<Point(const Eigen::Vector3d&)> projection() const;

  /// Shapes with a coordinate that is not finite are left out.
  void rect(const Rect& rect, const Color& color, double opacity = 1.0);
  void frame(const Rect& rect, const Color& color, double thickness, double opacity = 1.0);
  void polygon(const std::vector<Point>& convex, const Color& color, double opacity = 1.0);
  /// Between two lines of equally many points; a place where one of the four neighbouring points is not finite is left out.
  void band(const std::vector<Point>& lower, const std::vector<Point>& upper, const Color& color, double opacity = 1.0);
  void line(Point from, Point to, const Color& color, double thickness, double opacity = 1.0);
  void polyline(const std::vector<Point>& points, const Color& color, double thickness, double opacity = 1.0);
  void dashedLine(Point from, Point to, const Color& color, double thickness, double opacity = 1.0);
  void disc(Point centre, double radius, const Color& color, double opacity = 1.0);
  /// A small shape of about a disc's area.
  void mark(Point centre, double radius, Mark shape, const Color& color, double opacity = 1.0);
  void ring(Point centre, double radius, const Color& color, double thickness, double opacity = 1.0);
  /// Words at a place. False, and nothing is drawn, where they would leave the view by more than half an em or stand on other
  /// words.
  bool text(Point at, const std::string& words, const TextStyle& style);
  /// The first of these that has room: from the full words to the shortest.
  bool text(Point at, std::initializer_list<std::string> fromLongToShort, const TextStyle& style);
  /// Where the words would stand; empty (width 0) where there is no room.
  Rect placeOf(Point at, const std::string& words, const TextStyle& style) const;
  /// Width that the words will take, at most.
  double textWidth(const std::string& words, double size = 1.0, bool bold = false) const {
    return widthOf(words, fontHeight(size), bold);
  }
  /// Height of a line of words.
  double textHeight(double size = 1.0, bool bold = false) const { return lineHeight(bold) * fontHeight(size); }
  /// The words cut to a width: in their middle, or at their end.
  std::string cutInTheMiddle(const std::string& words, double room, double size, bool bold = false) const {
    return elidedInTheMiddle(words, room, fontHeight(size), bold);
  }
  std::string cutAtTheEnd(const std::string& words, double room, double size) const {
    return elidedAtTheEnd(words, room, fontHeight(size), false);
  }
  /// Whether a box lies inside the view, on no words and not in the corner that the theme keeps.
  bool isFree(const Rect& box) const;
  /// All words that stand since begin(), in the order in which they were written.
  const std::vector<DrawnText>& texts() const { return drawn_; }

 private:
  vtkIdType vertex(Point point, const unsigned char* rgba);
  void note(DrawnShape shape);
  void fill(const std::vector<Point>& convex, const Color& color, double opacity);
  void segment(Point from, Point to, const Color& color, double thickness, double opacity);
  int fontHeight(double size) const;
  std::string fitting(Point at, const std::string& words, const TextStyle& style) const;
  void draw(const DrawnText& text);

  vtkRenderer* renderer_;
  Theme theme_;
  double width_ = 0.0, height_ = 0.0, em_ = 12.0, ratio_ = 1.0;
  int leastFont_ = 1;  ///< height of the smallest text
  /// Filled triangles, as one actor draws them.
  struct Shapes {
    vtkNew<vtkPoints> points;
    vtkNew<vtkCellArray> polygons;
    vtkNew<vtkUnsignedCharArray> colors;
    vtkNew<vtkPolyData> data;
    vtkNew<vtkActor2D> actor;
    Shapes();
    void clear();
    void done();
  };
  Shapes below_, middle_, above_;  ///< the latter two are used with a prop between
  Shapes* shapes_ = &below_;       ///< into which is drawn
  TextSheet sheet_;
  std::vector<DrawnText> drawn_;
  VectorDrawing* recorded_ = nullptr;
};

/// Of the polygon that is drawn for a disc whose radius has so many pixels on the device.
int discSides(double radius);

/// How many pixels a font of this height has on a device; rounded down, so that words stay inside their boxes.
int devicePixels(double height, double ratio);

}  // namespace moescope
