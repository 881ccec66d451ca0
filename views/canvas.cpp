#include "views/canvas.h"

#include <vtkCamera.h>
#include <vtkMatrix4x4.h>
#include <vtkPointData.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "views/flat_mapper.h"
#include "views/type_scale.h"
#include "views/vector_drawing.h"

namespace moescope {
namespace {

std::array<unsigned char, 4> toBytes(const Color& color, double opacity) {
  const auto byte = [](double value) { return static_cast<unsigned char>(std::lround(std::clamp(value, 0.0, 1.0) * 255.0)); };
  return {byte(color[0]), byte(color[1]), byte(color[2]), byte(opacity)};
}

/// Whether something can be drawn there: what is not a number has no place.
bool isPlace(const Point& point) { return std::isfinite(point.x) && std::isfinite(point.y); }

}  // namespace

int discSides(double radius) { return std::clamp(static_cast<int>(radius * 3.0), 8, 96); }

int devicePixels(double height, double ratio) { return static_cast<int>(height * ratio + 1e-6); }

Point anchorOf(const DrawnText& text) {
  const double share = text.align == Align::Left ? 0.0 : text.align == Align::Centre ? 0.5 : 1.0;
  const Rect& box = text.box;
  return text.upward ? Point{box.x + box.width / 2, box.y + share * box.height}
                     : Point{box.x + share * box.width, box.y + box.height / 2};
}

Canvas::Shapes::Shapes() {
  colors->SetNumberOfComponents(4);
  points->SetDataTypeToFloat();
  data->SetPoints(points);
  data->SetPolys(polygons);
  data->GetPointData()->SetScalars(colors);
  const vtkNew<FlatMapper> mapper;
  mapper->SetInputData(data);
  mapper->SetColorModeToDirectScalars();
  actor->SetMapper(mapper);
  actor->SetLayerNumber(0);
}

void Canvas::Shapes::clear() {
  points->Reset();
  polygons->Reset();
  colors->Reset();
}

void Canvas::Shapes::done() {
  points->Modified();
  polygons->Modified();
  colors->Modified();
  data->Modified();
}

Canvas::Canvas(vtkRenderer* renderer) : renderer_(renderer) {
  renderer_->AddActor2D(below_.actor);
  sheet_.addTo(renderer_);
}

Canvas::~Canvas() = default;

void Canvas::begin(const Theme& theme) {
  theme_ = theme;
  ratio_ = theme.pixelRatio > 0.0 ? theme.pixelRatio : 1.0;
  const int* size = renderer_->GetSize();
  width_ = std::max(size[0], 1) / ratio_;
  height_ = std::max(size[1], 1) / ratio_;
  em_ = std::ceil(normalFontHeight(width_, height_, theme.textScale) - 1e-9);
  leastFont_ = std::min(static_cast<int>(em_), static_cast<int>(std::ceil(leastFontHeight(theme.textScale) - 1e-9)));
  for (Shapes* shapes : {&below_, &middle_, &above_}) shapes->clear();
  shapes_ = &below_;
  drawn_.clear();
  sheet_.begin();
  if (recorded_) recorded_->shapes.clear();
}

void Canvas::end() {
  for (Shapes* shapes : {&below_, &middle_, &above_}) shapes->done();
  sheet_.end();
}

void Canvas::between(vtkProp* prop) {
  renderer_->AddViewProp(prop);
  renderer_->AddActor2D(middle_.actor);
  renderer_->AddActor2D(above_.actor);
  sheet_.addTo(renderer_);  // stays above
}

void Canvas::drawBetween(const std::function<void()>& draw) {
  Shapes* const before = shapes_;
  shapes_ = &middle_;
  draw();
  middle_.done();
  shapes_ = before;
}

std::function<Point(const Eigen::Vector3d&)> Canvas::projection() const {
  const double width = width_, height = height_;
  const Eigen::Map<const Eigen::Matrix<double, 4, 4, Eigen::RowMajor>> matrix(
      renderer_->GetActiveCamera()->GetCompositeProjectionTransformMatrix(width / height, -1.0, 1.0)->GetData());
  return [map = Eigen::Matrix4d(matrix), width, height](const Eigen::Vector3d& at) -> Point {
    const Eigen::Vector4d seen = map * at.homogeneous();
    return {0.5 * (1.0 + seen.x() / seen.w()) * width, 0.5 * (1.0 + seen.y() / seen.w()) * height};
  };
}

vtkIdType Canvas::vertex(Point point, const unsigned char* rgba) {
  shapes_->colors->InsertNextTypedTuple(rgba);
  return shapes_->points->InsertNextPoint(point.x * ratio_, point.y * ratio_, 0.0);
}

void Canvas::note(DrawnShape shape) {
  if (recorded_ && std::all_of(shape.points.begin(), shape.points.end(), isPlace)) recorded_->shapes.push_back(std::move(shape));
}

void Canvas::fill(const std::vector<Point>& convex, const Color& color, double opacity) {
  if (convex.size() < 3 || !std::all_of(convex.begin(), convex.end(), isPlace)) return;
  const auto rgba = toBytes(color, opacity);
  const vtkIdType first = vertex(convex[0], rgba.data());
  for (std::size_t i = 1; i < convex.size(); ++i) vertex(convex[i], rgba.data());
  for (vtkIdType i = 1; i + 1 < static_cast<vtkIdType>(convex.size()); ++i)
    shapes_->polygons->InsertNextCell({first, first + i, first + i + 1});
}

void Canvas::segment(Point from, Point to, const Color& color, double thickness, double opacity) {
  const double dx = to.x - from.x, dy = to.y - from.y, length = std::hypot(dx, dy);
  if (!(length > 0.0)) return;
  const double nx = -dy / length * thickness / 2, ny = dx / length * thickness / 2;
  fill({{from.x + nx, from.y + ny}, {from.x - nx, from.y - ny}, {to.x - nx, to.y - ny}, {to.x + nx, to.y + ny}}, color, opacity);
}

void Canvas::polygon(const std::vector<Point>& convex, const Color& color, double opacity) {
  fill(convex, color, opacity);
  if (recorded_ && convex.size() > 2) note({convex, color, opacity});
}

void Canvas::rect(const Rect& r, const Color& color, double opacity) {
  polygon({{r.x, r.y}, {r.x + r.width, r.y}, {r.x + r.width, r.y + r.height}, {r.x, r.y + r.height}}, color, opacity);
}

void Canvas::frame(const Rect& r, const Color& color, double thickness, double opacity) {
  const double right = r.x + r.width, top = r.y + r.height;
  polyline({{r.x, r.y}, {right, r.y}, {right, top}, {r.x, top}, {r.x, r.y}}, color, thickness, opacity);
}

void Canvas::band(const std::vector<Point>& lower, const std::vector<Point>& upper, const Color& color, double opacity) {
  const auto isPair = [&](std::size_t i) { return isPlace(lower[i]) && isPlace(upper[i]); };
  for (std::size_t i = 1; i < lower.size(); ++i) fill({lower[i - 1], lower[i], upper[i], upper[i - 1]}, color, opacity);
  for (std::size_t first = 0, end = 0; recorded_ && first < lower.size(); first = end + 1) {  // whole: seams would show
    for (end = first; end < lower.size() && isPair(end);) ++end;
    std::vector<Point> outline(lower.begin() + static_cast<std::ptrdiff_t>(first),
                               lower.begin() + static_cast<std::ptrdiff_t>(end));
    for (std::size_t i = end; i > first; --i) outline.push_back(upper[i - 1]);
    if (end > first + 1) note({std::move(outline), color, opacity});
  }
}

void Canvas::line(Point from, Point to, const Color& color, double thickness, double opacity) {
  polyline({from, to}, color, thickness, opacity);
}

void Canvas::polyline(const std::vector<Point>& points, const Color& color, double thickness, double opacity) {
  for (std::size_t i = 1; i < points.size(); ++i) segment(points[i - 1], points[i], color, thickness, opacity);
  if (recorded_ && points.size() > 1) note({points, color, opacity, thickness});
}

void Canvas::dashedLine(Point from, Point to, const Color& color, double thickness, double opacity) {
  if (!isPlace(from) || !isPlace(to)) return;
  const double length = std::hypot(to.x - from.x, to.y - from.y), dash = 6.0;
  for (double at = 0.0; at < length; at += 2 * dash) {
    const double a = at / length, b = std::min(1.0, (at + dash) / length);
    segment({from.x + (to.x - from.x) * a, from.y + (to.y - from.y) * a},
            {from.x + (to.x - from.x) * b, from.y + (to.y - from.y) * b}, color, thickness, opacity);
  }
  note({{from, to}, color, opacity, thickness, 0.0, dash});
}

void Canvas::disc(Point centre, double radius, const Color& color, double opacity) {
  if (!isPlace(centre)) return;
  const int sides = discSides(radius * ratio_);
  const auto rgba = toBytes(color, opacity);
  vtkIdType first = 0;
  for (int i = 0; i < sides; ++i) {
    const double angle = 2.0 * std::numbers::pi * i / sides;
    const vtkIdType id = vertex({centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)}, rgba.data());
    if (i == 0) first = id;
    if (i >= 2) shapes_->polygons->InsertNextCell({first, id - 1, id});
  }
  note({{centre}, color, opacity, 0.0, radius});
}

void Canvas::mark(Point centre, double radius, Mark shape, const Color& color, double opacity) {
  if (shape == Mark::Disc) return disc(centre, radius, color, opacity);
  const int corners = shape == Mark::Triangle ? 3 : 4;
  const double start = std::numbers::pi / (shape == Mark::Square ? 4 : 2),
               reach = radius * (shape == Mark::Triangle ? 1.5 : 1.25);
  std::vector<Point> points;
  for (int i = 0; i < corners; ++i) {
    const double angle = start + 2.0 * std::numbers::pi * i / corners;
    points.push_back({centre.x + reach * std::cos(angle), centre.y + reach * std::sin(angle)});
  }
  polygon(points, color, opacity);
}

void Canvas::ring(Point centre, double radius, const Color& color, double thickness, double opacity) {
  const int sides = std::clamp(static_cast<int>(radius * ratio_ * 3.0), 12, 96);
  for (int i = 0; i < sides; ++i) {
    const double a = 2.0 * std::numbers::pi * i / sides, b = 2.0 * std::numbers::pi * (i + 1) / sides;
    segment({centre.x + radius * std::cos(a), centre.y + radius * std::sin(a)},
            {centre.x + radius * std::cos(b), centre.y + radius * std::sin(b)}, color, thickness, opacity);
  }
  note({{centre}, color, opacity, thickness, radius});
}

int Canvas::fontHeight(double size) const { return std::max(leastFont_, static_cast<int>(std::lround(size * em_))); }

std::string Canvas::fitting(Point at, const std::string& words, const TextStyle& style) const {
  if (style.room <= 0.0) return words;
  const double along = style.upward ? at.y : at.x, edge = style.upward ? height_ : width_;
  const double inside = style.align == Align::Left ? edge - along : style.align == Align::Right ? along : edge;
  return cutInTheMiddle(words, std::min(style.room, inside), style.size, style.bold);
}

Rect Canvas::placeOf(Point at, const std::string& words, const TextStyle& style) const {
  const std::string shown = fitting(at, words, style);
  const double length = textWidth(shown, style.size, style.bold), across = textHeight(style.size, style.bold);
  if (shown.empty()) return {};
  // From the place back to the start of the words, and down to their foot.
  const double back = style.align == Align::Left ? 0.0 : style.align == Align::Centre ? length / 2 : length;
  const double down = style.vertical == VerticalAlign::Bottom   ? 0.0
                      : style.vertical == VerticalAlign::Middle ? across / 2
                                                                : across;
  Rect box =
      style.upward ? Rect{at.x + down - across, at.y - back, across, length} : Rect{at.x - back, at.y - down, length, across};
  const double x = std::clamp(box.x, 0.0, std::max(0.0, width_ - box.width)),
               y = std::clamp(box.y, 0.0, std::max(0.0, height_ - box.height));
  if (std::abs(x - box.x) > 0.5 * em_ || std::abs(y - box.y) > 0.5 * em_) return {};
  box.x = x;
  box.y = y;
  return isFree(box) ? box : Rect{};
}

bool Canvas::isFree(const Rect& box) const {
  const bool inside = box.x >= 0.0 && box.y >= 0.0 && box.x + box.width <= width_ + 1e-6 && box.y + box.height <= height_ + 1e-6;
  const Rect corner{width_ - theme_.corner, height_ - theme_.corner, theme_.corner, theme_.corner};
  return inside && !box.meets(corner) &&
         std::none_of(drawn_.begin(), drawn_.end(), [&](const DrawnText& other) { return box.meets(other.box); });
}

bool Canvas::text(Point at, const std::string& words, const TextStyle& style) {
  const Rect box = placeOf(at, words, style);
  if (!(box.width > 0.0)) return false;
  drawn_.push_back({fitting(at, words, style), box, fontHeight(style.size), style.bold, style.upward, style.color, style.align});
  draw(drawn_.back());
  return true;
}

bool Canvas::text(Point at, std::initializer_list<std::string> fromLongToShort, const TextStyle& style) {
  return std::any_of(fromLongToShort.begin(), fromLongToShort.end(),
                     [&](const std::string& words) { return text(at, words, style); });
}

void Canvas::draw(const DrawnText& text) {
  const Point at = anchorOf(text);
  sheet_.add({text.words, devicePixels(text.height, ratio_), text.bold, text.upward, text.align, text.color, {}, 0.0},
             static_cast<int>(std::lround(at.x * ratio_)), static_cast<int>(std::lround(at.y * ratio_)));
}

}  // namespace moescope
