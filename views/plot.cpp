#include "views/plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace moescope {
namespace {

double position(const Axis& axis, double value) {
  if (axis.logarithmic) return std::log2(value / axis.minimum) / std::log2(axis.maximum / axis.minimum);
  return (value - axis.minimum) / (axis.maximum - axis.minimum);
}

/// An axis that something can be drawn along.
Axis usable(Axis axis) {
  if (!std::isfinite(axis.minimum)) axis.minimum = axis.logarithmic ? 1.0 : 0.0;
  if (!std::isfinite(axis.maximum) || !(axis.maximum > axis.minimum)) axis.maximum = axis.minimum + 1.0;
  return axis;
}

}  // namespace

double niceAbove(double value) {
  const double magnitude = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (value <= factor * magnitude * 1.0001) return factor * magnitude;
  return 10.0 * magnitude;
}

std::vector<double> niceTicks(const Axis& axis, int count) {
  std::vector<double> ticks;
  if (axis.logarithmic) {
    const int first = static_cast<int>(std::ceil(std::log2(axis.minimum) - 1e-9)),
              last = static_cast<int>(std::floor(std::log2(axis.maximum) + 1e-9));
    const int stride = std::max(1, (last - first + count - 1) / std::max(1, count));
    for (int power = first; power <= last; power += stride) ticks.push_back(std::exp2(power));
    return ticks;
  }
  const double range = axis.maximum - axis.minimum;
  if (!(range > 0.0)) return {axis.minimum};
  const double step = niceAbove(range / std::max(1, count));
  for (double tick = std::ceil(axis.minimum / step - 1e-9) * step; tick <= axis.maximum + 1e-9 * range; tick += step)
    ticks.push_back(std::abs(tick) < 1e-9 * step ? 0.0 : tick);
  return ticks;
}

std::string tickText(double value, bool fraction) {
  char text[32];
  if (fraction && value > 0.0 && value < 1.0)
    std::snprintf(text, sizeof text, "1/%g", 1.0 / value);
  else if (std::abs(value) >= 10000.0)
    std::snprintf(text, sizeof text, "%gk", value / 1000.0);
  else
    std::snprintf(text, sizeof text, "%g", value);
  return text;
}

Plot::Plot(Canvas& canvas, const Rect& area, Axis x, Axis y)
    : canvas_(canvas), x_(usable(std::move(x))), y_(usable(std::move(y))) {
  const double em = canvas.em();
  const Color muted = mutedColor(canvas.theme()), grid = gridColor(canvas.theme());
  const std::vector<double> yTicks =
      y_.ticks ? niceTicks(y_, std::clamp(static_cast<int>(area.height / (2.6 * em)), 2, 6)) : std::vector<double>{};
  double widest = 0.0;
  for (double tick : yTicks) widest = std::max(widest, canvas.textWidth(tickText(tick), 0.8));
  const bool named = !x_.label.empty() && area.height > 6.5 * em;
  const double left = widest + 0.6 * em, bottom = named ? 2.6 * em : 1.45 * em;
  const bool labelled = !y_.label.empty() && area.height > 4.5 * em;
  const double top = labelled ? 1.55 * em : 0.4 * em;
  inner_ = {area.x + left, area.y + bottom, std::max(4.0, area.width - left - 0.8 * em),
            std::max(4.0, area.height - bottom - top)};
  if (labelled) label({area.x, area.y + area.height}, y_, Align::Left, VerticalAlign::Top, area.width);
  for (double tick : yTicks) {
    canvas.line({inner_.x, this->y(tick)}, {inner_.x + inner_.width, this->y(tick)}, grid, 1.0);
    canvas.text({inner_.x - 0.4 * em, this->y(tick)}, tickText(tick), {muted, 0.8, Align::Right});
  }
  const std::vector<double> xTicks =
      x_.ticks ? niceTicks(x_, std::clamp(static_cast<int>(inner_.width / (5.0 * em)), 2, 9)) : std::vector<double>{};
  for (double tick : xTicks) {
    canvas.line({this->x(tick), inner_.y}, {this->x(tick), inner_.y - 0.3 * em}, muted, 1.0);
    canvas.text({this->x(tick), inner_.y - 0.5 * em}, tickText(tick, x_.logarithmic),
                {muted, 0.8, Align::Centre, VerticalAlign::Top});
  }
  canvas.line({inner_.x, inner_.y}, {inner_.x + inner_.width, inner_.y}, muted, 1.0);
  const Rect& under = canvas.textWidth(x_.label, 0.85) <= inner_.width ? inner_ : area;
  if (named) label({under.x + under.width / 2, area.y}, x_, Align::Centre, VerticalAlign::Bottom, area.width);
}

void Plot::label(Point at, const Axis& axis, Align align, VerticalAlign vertical, double room) {
  const bool brief = !axis.brief.empty() && canvas_.textWidth(axis.label, 0.85) > room;
  canvas_.text(at, brief ? axis.brief : axis.label, {mutedColor(canvas_.theme()), 0.85, align, vertical, false, false, room});
}

double Plot::x(double value) const { return inner_.x + inner_.width * position(x_, value); }
double Plot::y(double value) const { return inner_.y + inner_.height * position(y_, value); }

void Plot::line(const std::vector<double>& xs, const std::vector<double>& ys, const Color& color, double thickness,
                double opacity) {
  // No more points than pixels: longer histories are thinned to the mean of each pixel column's neighbours.
  const std::size_t stride = std::max<std::size_t>(1, xs.size() / static_cast<std::size_t>(std::max(32.0, inner_.width)));
  std::vector<Point> run;
  for (std::size_t i = 0; i < xs.size(); i += stride) {
    double sum = 0.0;
    std::size_t count = 0;
    for (std::size_t j = i; j < std::min(xs.size(), i + stride); ++j)
      if (std::isfinite(ys[j])) sum += ys[j], ++count;
    if (count > 0) {
      run.push_back(
          at(xs[std::min(i + stride / 2, xs.size() - 1)], std::clamp(sum / static_cast<double>(count), y_.minimum, y_.maximum)));
      continue;
    }
    canvas_.polyline(run, color, thickness, opacity);
    run.clear();
  }
  canvas_.polyline(run, color, thickness, opacity);
}

void Plot::band(const std::vector<double>& xs, const std::vector<double>& lower, const std::vector<double>& upper,
                const Color& color, double opacity) {
  std::vector<Point> below, above;
  for (std::size_t i = 0; i < xs.size(); ++i) below.push_back(at(xs[i], lower[i])), above.push_back(at(xs[i], upper[i]));
  canvas_.band(below, above, color, opacity);
}

}  // namespace moescope
