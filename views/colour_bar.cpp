#include "views/colour_bar.h"

#include <algorithm>
#include <cmath>

#include "core/words/words.h"
#include "views/flat_view.h"

namespace moescope {
namespace {

constexpr double kNumberSize = 0.76, kGap = 0.4;  // em
constexpr int kSteps = 48;

std::string lowEnd(const ColourBar& bar) { return (bar.below ? "≤ " : "") + formatted(bar.number, bar.minimum); }
std::string highEnd(const ColourBar& bar) { return (bar.above ? "≥ " : "") + formatted(bar.number, bar.maximum); }
std::string nullWords(const ColourBar& bar) { return formatted("null %.2f", bar.null); }

}  // namespace

void tellBeyond(ColourBar& bar, const Eigen::MatrixXd& values) {
  const double rounding = 1e-6 * (bar.maximum - bar.minimum);
  for (const double value : values.reshaped()) {
    bar.below = bar.below || value < bar.minimum - rounding;
    bar.above = bar.above || value > bar.maximum + rounding;
  }
}

double widthOfNumbers(const Canvas& canvas, const ColourBar& bar) {
  double width = std::max(canvas.textWidth(lowEnd(bar), kNumberSize), canvas.textWidth(highEnd(bar), kNumberSize));
  if (std::isfinite(bar.null)) width = std::max(width, canvas.textWidth(nullWords(bar), kNumberSize));
  return width + kGap * canvas.em();
}

void draw(Canvas& canvas, const Rect& area, const ColourBar& bar) {
  const double em = canvas.em(), span = bar.maximum - bar.minimum, top = area.y + area.height,
               line = canvas.textHeight(kNumberSize);
  const Color muted = mutedColor(canvas.theme());
  for (int i = 0; i < kSteps; ++i)
    canvas.rect({area.x, area.y + area.height * i / kSteps, area.width, area.height / kSteps + 1},
                bar.colour(bar.minimum + span * (i + 0.5) / kSteps));
  const auto number = [&](double y, const std::string& words, const Color& colour, VerticalAlign vertical) {
    canvas.text({area.x + area.width + kGap * em, y}, words, {colour, kNumberSize, Align::Left, vertical});
  };
  const auto tick = [&](double y, const Color& colour) {
    canvas.line({area.x - 2, y}, {area.x + area.width + 3, y}, colour, 1.5);
  };
  number(area.y, lowEnd(bar), muted, VerticalAlign::Bottom);
  number(top, highEnd(bar), muted, VerticalAlign::Top);
  canvas.text({area.x, top + 0.3 * em}, bar.unit, {muted, kNumberSize, Align::Left, VerticalAlign::Bottom});
  if (std::isfinite(bar.null)) {
    const double y = area.y + area.height * std::clamp((bar.null - bar.minimum) / span, 0.0, 1.0), least = area.y + 1.5 * line,
                 most = top - 1.5 * line;
    tick(y, textColor(canvas.theme()));
    number(least < most ? std::clamp(y, least, most) : y, nullWords(bar), textColor(canvas.theme()), VerticalAlign::Middle);
  }
  for (const double share : {0.0, 0.5, 1.0}) tick(area.y + area.height * share, muted);
  number(area.y + area.height / 2, formatted(bar.number, bar.minimum + span / 2), muted, VerticalAlign::Middle);
}

}  // namespace moescope
