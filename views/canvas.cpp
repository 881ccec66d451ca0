#include "views/canvas.h"

#include <vtkPointData.h>
#include <vtkPolyDataMapper2D.h>
#include <vtkProperty2D.h>
#include <vtkTextProperty.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

namespace moescope {
namespace {

constexpr double kPi = 3.14159265358979323846;

std::array<unsigned char, 4> toBytes(const Color& color, double opacity) {
  const auto byte = [](double value) { return static_cast<unsigned char>(std::lround(std::clamp(value, 0.0, 1.0) * 255.0)); };
  return {byte(color[0]), byte(color[1]), byte(color[2]), byte(opacity)};
}

std::string findFont(bool bold) {
  const std::string name = bold ? "DejaVuSans-Bold.ttf" : "DejaVuSans.ttf";
  for (const char* folder : {"/usr/share/fonts/truetype/dejavu/", "/usr/share/fonts/dejavu/", "/usr/share/fonts/TTF/"})
    if (std::filesystem::exists(folder + name)) return folder + name;
  return {};
}

}  // namespace

const std::string& fontFile(bool bold) {
  static const std::string plain = findFont(false), heavy = findFont(true);
  return bold ? heavy : plain;
}

Canvas::Canvas(vtkRenderer* renderer) : renderer_(renderer) {
  colors_->SetNumberOfComponents(4);
  points_->SetDataTypeToFloat();
  shapes_->SetPoints(points_);
  shapes_->SetPolys(polygons_);
  shapes_->GetPointData()->SetScalars(colors_);
  vtkNew<vtkPolyDataMapper2D> mapper;
  mapper->SetInputData(shapes_);
  mapper->SetColorModeToDirectScalars();
  shapeActor_->SetMapper(mapper);
  shapeActor_->SetLayerNumber(0);
  renderer_->AddActor2D(shapeActor_);
}

Canvas::~Canvas() = default;

void Canvas::begin(const Theme& theme) {
  theme_ = theme;
  const int* size = renderer_->GetSize();
  width_ = std::max(size[0], 1);
  height_ = std::max(size[1], 1);
  em_ = std::round(theme.textScale * std::clamp(std::min(width_, height_ * 1.35) / 36.0, 11.0, 22.0));
  points_->Reset();
  polygons_->Reset();
  colors_->Reset();
  usedTexts_ = 0;
}

void Canvas::end() {
  points_->Modified();
  polygons_->Modified();
  colors_->Modified();
  shapes_->Modified();
  for (std::size_t i = usedTexts_; i < texts_.size(); ++i) texts_[i]->SetVisibility(0);
}

vtkIdType Canvas::vertex(Point point, const unsigned char* rgba) {
  colors_->InsertNextTypedTuple(rgba);
  return points_->InsertNextPoint(point.x, point.y, 0.0);
}

void Canvas::polygon(const std::vector<Point>& convex, const Color& color, double opacity) {
  if (convex.size() < 3) return;
  const auto rgba = toBytes(color, opacity);
  const vtkIdType first = vertex(convex[0], rgba.data());
  for (std::size_t i = 1; i < convex.size(); ++i) vertex(convex[i], rgba.data());
  for (vtkIdType i = 1; i + 1 < static_cast<vtkIdType>(convex.size()); ++i) polygons_->InsertNextCell({first, first + i, first + i + 1});
}

void Canvas::rect(const Rect& r, const Color& color, double opacity) {
  polygon({{r.x, r.y}, {r.x + r.width, r.y}, {r.x + r.width, r.y + r.height}, {r.x, r.y + r.height}}, color, opacity);
}

void Canvas::frame(const Rect& r, const Color& color, double thickness, double opacity) {
  const double right = r.x + r.width, top = r.y + r.height;
  line({r.x, r.y}, {right, r.y}, color, thickness, opacity);
  line({right, r.y}, {right, top}, color, thickness, opacity);
  line({right, top}, {r.x, top}, color, thickness, opacity);
  line({r.x, top}, {r.x, r.y}, color, thickness, opacity);
}

void Canvas::line(Point from, Point to, const Color& color, double thickness, double opacity) {
  const double dx = to.x - from.x, dy = to.y - from.y, length = std::hypot(dx, dy);
  if (!(length > 0.0)) return;
  const double nx = -dy / length * thickness / 2, ny = dx / length * thickness / 2;
  polygon({{from.x + nx, from.y + ny}, {from.x - nx, from.y - ny}, {to.x - nx, to.y - ny}, {to.x + nx, to.y + ny}}, color, opacity);
}

void Canvas::polyline(const std::vector<Point>& points, const Color& color, double thickness, double opacity) {
  for (std::size_t i = 1; i < points.size(); ++i) line(points[i - 1], points[i], color, thickness, opacity);
}

void Canvas::dashedLine(Point from, Point to, const Color& color, double thickness, double opacity) {
  const double length = std::hypot(to.x - from.x, to.y - from.y), dash = 6.0;
  for (double at = 0.0; at < length; at += 2 * dash) {
    const double a = at / length, b = std::min(1.0, (at + dash) / length);
    line({from.x + (to.x - from.x) * a, from.y + (to.y - from.y) * a}, {from.x + (to.x - from.x) * b, from.y + (to.y - from.y) * b}, color,
         thickness, opacity);
  }
}

void Canvas::disc(Point centre, double radius, const Color& color, double opacity) {
  const int sides = std::clamp(static_cast<int>(radius * 3.0), 8, 48);
  const auto rgba = toBytes(color, opacity);
  vtkIdType first = 0;
  for (int i = 0; i < sides; ++i) {
    const double angle = 2.0 * kPi * i / sides;
    const vtkIdType id = vertex({centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)}, rgba.data());
    if (i == 0) first = id;
    if (i >= 2) polygons_->InsertNextCell({first, id - 1, id});
  }
}

void Canvas::ring(Point centre, double radius, const Color& color, double thickness, double opacity) {
  const int sides = std::clamp(static_cast<int>(radius * 3.0), 12, 64);
  for (int i = 0; i < sides; ++i) {
    const double a = 2.0 * kPi * i / sides, b = 2.0 * kPi * (i + 1) / sides;
    line({centre.x + radius * std::cos(a), centre.y + radius * std::sin(a)}, {centre.x + radius * std::cos(b), centre.y + radius * std::sin(b)},
         color, thickness, opacity);
  }
}

void Canvas::text(Point at, const std::string& words, const TextStyle& style) {
  if (words.empty()) return;
  if (usedTexts_ == texts_.size()) {
    texts_.push_back(vtkSmartPointer<vtkTextActor>::New());
    texts_.back()->SetLayerNumber(1);
    texts_.back()->GetPositionCoordinate()->SetCoordinateSystemToViewport();
    renderer_->AddActor2D(texts_.back());
  }
  vtkTextActor* actor = texts_[usedTexts_++];
  vtkTextProperty* property = actor->GetTextProperty();
  if (const std::string& file = fontFile(style.bold); !file.empty()) {
    property->SetFontFamily(VTK_FONT_FILE);
    property->SetFontFile(file.c_str());
  } else {
    property->SetFontFamilyToArial();
    property->SetBold(style.bold);
  }
  property->SetFontSize(static_cast<int>(std::lround(style.size * em_)));
  property->SetColor(style.color[0], style.color[1], style.color[2]);
  property->SetJustification(style.align == Align::Left ? VTK_TEXT_LEFT : style.align == Align::Centre ? VTK_TEXT_CENTERED : VTK_TEXT_RIGHT);
  property->SetVerticalJustification(style.vertical == VerticalAlign::Bottom   ? VTK_TEXT_BOTTOM
                                     : style.vertical == VerticalAlign::Middle ? VTK_TEXT_CENTERED
                                                                               : VTK_TEXT_TOP);
  actor->SetOrientation(style.degrees);
  actor->SetInput(words.c_str());
  actor->SetPosition(std::round(at.x), std::round(at.y));
  actor->SetVisibility(1);
}

double Canvas::textWidth(const std::string& words, double size, bool bold) const {
  // Advance widths of DejaVu Sans in em by kind of character; UTF-8 continuation bytes take no room.
  double em = 0.0;
  for (const char c : words) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
    if (std::string_view("il.,:;'|!jI ").find(c) != std::string_view::npos)
      em += 0.32;
    else if (std::string_view("mwMW%@").find(c) != std::string_view::npos)
      em += 0.92;
    else
      em += c >= 'A' && c <= 'Z' ? 0.69 : 0.60;
  }
  return em * size * em_ * (bold ? 1.1 : 1.0);
}

}  // namespace moescope
