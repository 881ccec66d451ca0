#include "views/analysis_view.h"

#include <algorithm>
#include <cmath>

namespace moescope {
namespace {

constexpr Color kBelow{0.0, 0.447, 0.698}, kAbove{0.902, 0.624, 0.0};  // Okabe and Ito's blue and orange

double luminance(const Color& c) { return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]; }

}  // namespace

void AnalysisView::draw(const Scene& scene) {
  snapshot_ = scene.snapshot;
  if (scene.analysis) return drawAnalysis(scene, *scene.analysis);
  const std::string waiting = snapshot_->checkpoint ? "no analysis of this layer yet" : "no analysis yet: it is measured beside training, every few seconds";
  say(caption(scene, ""), scene.underWay.empty() ? waiting : scene.underWay);
}

std::string AnalysisView::measuredAt(const ExpertAnalysis& analysis) const {
  const std::string layer = "layer " + std::to_string(layerNumber(*snapshot_, analysis.layer));
  return snapshot_->checkpoint ? layer : layer + ", step " + std::to_string(analysis.step);
}

Color AnalysisView::colourOf(double value, const MatrixStyle& style) const {
  if (!style.diverging) return sequentialColor((value - style.minimum) / (style.maximum - style.minimum));
  const double reach = std::max(style.maximum - style.centre, style.centre - style.minimum);
  const double share = std::clamp((value - style.centre) / reach, -1.0, 1.0);
  return mix(mix(backgroundColor(theme()), textColor(theme()), 0.08), share < 0.0 ? kBelow : kAbove, std::sqrt(std::abs(share)));
}

void AnalysisView::matrix(const Rect& area, const Eigen::MatrixXd& values, const MatrixStyle& style, int selected) {
  const double em = canvas().em();
  const int rows = static_cast<int>(values.rows()), columns = static_cast<int>(values.cols());
  const double left = 2.6 * em, right = 5.2 * em, foot = 2.2 * em, head = 1.3 * em;
  const double side = std::max(10.0, std::min(area.width - left - right, area.height - foot - head)), cell = side / std::max(rows, columns);
  const double x0 = area.x + left + std::max(0.0, (area.width - left - right - side) / 2), y1 = area.y + area.height - head;
  const double numberSize = std::min(0.8, 0.88 * cell / canvas().textWidth("-0.00", 1.0));
  const bool numbers = numberSize > 0.5;
  const int stride = std::max(1, static_cast<int>(std::ceil(1.1 * em / cell)));
  const int columnStride = std::max(1, static_cast<int>(std::ceil(1.35 * canvas().textWidth(expertLabel(columns - 1), 0.8) / cell)));
  const double gap = cell < 8.0 ? 0.0 : 1.0;  // gaps of small cells make patterns of their own
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) {
      const Rect box{x0 + cell * c, y1 - cell * (r + 1), cell - gap, cell - gap};
      const double value = values(r, c);
      const Color colour = std::isnan(value) ? gridColor(theme()) : colourOf(value, style);
      canvas().rect(box, colour);
      if (std::isnan(value)) canvas().line({box.x, box.y}, {box.x + box.width, box.y + box.height}, mutedColor(theme()), 1.0, 0.6);
      if (numbers && !std::isnan(value)) {
        const Color ink = luminance(colour) > 0.45 ? Color{0.05, 0.05, 0.05} : Color{0.97, 0.97, 0.97};
        canvas().text({box.x + box.width / 2, box.y + box.height / 2}, formatted(style.number, value), {ink, numberSize, Align::Centre});
      }
      hit(box, {r, -1, -1, style.pick ? style.pick(r, c) : expertLabel(r) + ", " + expertLabel(c) + formatted(": %.3f", value)});
    }
  for (int e = 0; e < std::max(rows, columns); ++e) {
    const Color colour = e == selected ? textColor(theme()) : mutedColor(theme());
    if (e < rows && (e % stride == 0 || e == selected)) canvas().text({x0 - 0.4 * em, y1 - cell * (e + 0.5)}, expertLabel(e), {colour, 0.8, Align::Right, VerticalAlign::Middle, e == selected});
    if (e < columns && (e % columnStride == 0 || e == selected))
      canvas().text({x0 + cell * (e + 0.5), y1 + 0.25 * em}, expertLabel(e), {colour, 0.8, Align::Centre, VerticalAlign::Bottom, e == selected});
  }
  if (selected >= 0 && selected < rows) canvas().frame({x0 - 1, y1 - cell * (selected + 1) - 1, cell * columns + 1, cell + 1}, accentColor(theme()), 2.0);
  canvas().text({x0 + side / 2, y1 - side - 0.4 * em}, "row: " + style.rowsAre + ", column: " + style.columnsAre,
                {mutedColor(theme()), 0.78, Align::Centre, VerticalAlign::Top});
  colourBar({x0 + side + 1.0 * em, y1 - side, 0.9 * em, side}, style);
}

void AnalysisView::colourBar(const Rect& area, const MatrixStyle& style) {
  constexpr int steps = 48;
  const double em = canvas().em(), span = style.maximum - style.minimum;
  for (int i = 0; i < steps; ++i)
    canvas().rect({area.x, area.y + area.height * i / steps, area.width, area.height / steps + 1}, colourOf(style.minimum + span * (i + 0.5) / steps, style));
  const auto mark = [&](double value, const std::string& words, const Color& colour) {
    const double y = area.y + area.height * std::clamp((value - style.minimum) / span, 0.0, 1.0);
    canvas().line({area.x - 2, y}, {area.x + area.width + 3, y}, colour, 1.5);
    canvas().text({area.x + area.width + 0.4 * em, y}, words, {colour, 0.76});
  };
  const double null = style.null;
  for (const double share : {0.0, 0.5, 1.0}) {
    const double value = style.minimum + span * share;
    if (std::isfinite(null) && std::abs(value - null) < 0.07 * span) continue;  // its own mark is there
    mark(value, formatted(style.number, value), mutedColor(theme()));
  }
  if (std::isfinite(null)) mark(null, formatted("null %.2f", null), textColor(theme()));
  canvas().text({area.x, area.y + area.height + 0.3 * em}, style.unit, {mutedColor(theme()), 0.76, Align::Left, VerticalAlign::Bottom});
}

}  // namespace moescope
