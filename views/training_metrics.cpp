// Scalars of training over steps, as small multiples.

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "views/difference_views.h"
#include "core/words/words.h"
#include "views/flat_view.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

/// Colour-blind safe (Okabe and Ito's and Tol's), in the order of the table.
const Color& colorOf(std::size_t quantity) {
  static const std::array<Color, 8> colors = {{{0.90, 0.62, 0.00}, {0.60, 0.60, 0.60}, {0.34, 0.71, 0.91}, {0.00, 0.62, 0.45},
                                               {0.80, 0.47, 0.65}, {0.84, 0.37, 0.00}, {0.84, 0.15, 0.16}, {0.00, 0.45, 0.70}}};
  return colors[quantity % colors.size()];
}

constexpr double kHeldOutSize = 0.8;  // em

/// Points that a curve has at most: no more than there are pixels, and of a long run the same whatever its length.
constexpr std::size_t kMostPoints = 512;

using Curve = std::vector<StepSeries::Point>;

/// Whether a curve says more than that there is only 0, or none.
bool saysSomething(const Curve& curve) {
  return std::any_of(curve.begin(), curve.end(), [](const StepSeries::Point& point) {
    return point.cell.notFinite > 0 || (point.cell.finite > 0 && (point.cell.minimum != 0.0 || point.cell.maximum != 0.0));
  });
}

/// The last bucket that had ended by `step`, so that no number is of later steps; none: none had.
std::optional<std::size_t> endedBy(const StepSeries& steps, std::int64_t step) {
  std::size_t count = steps.buckets();
  while (count > 0 && steps.bucket(count - 1).last > step) --count;
  return count > 0 ? std::optional(count - 1) : std::nullopt;
}

class TrainingMetrics : public FlatView {
 protected:
  std::string title() const override { return translated("Training"); }
  bool showsTokens(const Scene& scene) const override { return !scene.snapshot->checkpoint; }

  void draw(const Scene& scene) override {
    if (scene.snapshot->checkpoint) return say(caption(scene, ""), translated("a checkpoint is shown: it does not train here"));
    const auto layer = static_cast<std::size_t>(scene.routing->layer);
    if (!scene.steps || scene.steps->empty()) return say(caption(scene, ""), translated("no training steps yet"));
    if (scene.steps->steps() == 1)
      return say(caption(scene, ""), translated("one training step so far: curves begin with the second"));
    past_ = scene.past ? std::optional(scene.snapshot->step) : std::nullopt;
    const std::optional<std::size_t> now = endedBy(*scene.steps, past_.value_or(Timeline::kEnd));
    beside_ = scene.beside && scene.beside->steps && !scene.beside->steps->empty() ? scene.beside.get() : nullptr;
    std::vector<Shown> shown;
    std::string none, noneBriefly;  // of what there is only 0
    const bool few = optionOf(scene, "training_metrics", "curves", "all") == "loss_and_load";
    for (std::size_t q = 0; q < stepQuantities().size(); ++q) {
      const StepQuantity& quantity = stepQuantities()[q];
      if (quantity.onlySometimes) continue;  // drawn with the loss
      if (few && quantity.name != "loss_nats_per_byte" && quantity.name != "load_cv") continue;
      Curve curve = scene.steps->curve(q, layer, kMostPoints);
      const bool says = saysSomething(curve);
      if (says || (!curve.empty() && besideSays(q)))  // both sides have the same curves at the same places
        shown.push_back({q, std::move(curve), now ? std::optional(scene.steps->cell(*now, q, layer)) : std::nullopt,
                         now ? scene.steps->bucket(*now).last : -1});
      if (!says)
        none += "; " + translated(quantity.label) + (quantity.zeroIsNone ? translated(": none") : ": 0"),
            noneBriefly += "; " + translated(quantity.brief) + (quantity.zeroIsNone ? translated(": none") : ": 0");
    }
    const double em = canvas().em();
    const std::string moment =
        past_ ? translated("numbers: as of step ") + std::to_string(*past_) +
                    (now && scene.steps->bucket(*now).last < *past_
                         ? translated(", recorded until step ") + std::to_string(scene.steps->bucket(*now).last)
                         : "") +
                    "; "
              : "";
    // Columns that the titles leave room for, and rows in which a curve can still be seen.
    const double width = canvas().width() - 1.4 * em, height = canvas().height() - 7.0 * em;
    const auto wide = static_cast<std::size_t>(std::max(1.0, width / (12.0 * em))),
               high = static_cast<std::size_t>(std::max(1.0, height / (5.0 * em)));
    const std::size_t columns = std::min<std::size_t>(wide, width > 1.1 * height ? 3 : width > 0.55 * height ? 2 : 1);
    const std::size_t rows = std::min(high, (shown.size() + columns - 1) / columns),
                      left = shown.size() - std::min(shown.size(), rows * columns);
    shown.resize(shown.size() - left);
    const std::string more = left ? std::to_string(left) + translated(" more in a larger view; ") : "",
                      place = translated("layer ") + std::to_string(layer + 1), bold = translated("; bold: running mean");
    const Rect area =
        caption(scene, {more + moment + translated("of each training batch, ") + place + bold + none,
                        more + moment + translated("of each batch, ") + place + bold + noneBriefly,
                        more + (past_ ? translated("step ") + std::to_string(*past_) + ", " : "") + place + bold + noneBriefly,
                        (left ? std::to_string(left) + translated(" more when larger; ") : "") + place});
    panels(*scene.steps, shown, area, columns, std::max<std::size_t>(1, rows));
  }

 private:
  struct Shown {
    std::size_t quantity = 0;
    Curve curve;
    std::optional<StepCell> now;  ///< of the last bucket that had ended at the moment that is shown
    std::int64_t nowEnds = -1;    ///< the last step of that bucket
  };

  bool besideSays(std::size_t quantity) const {
    return beside_ && beside_->routing &&
           saysSomething(beside_->steps->curve(quantity, static_cast<std::size_t>(beside_->routing->layer), kMostPoints));
  }

  void panels(const StepSeries& steps, const std::vector<Shown>& shown, const Rect& area, std::size_t columns, std::size_t rows) {
    const double width = area.width / static_cast<double>(columns), height = area.height / static_cast<double>(rows);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const double x = area.x + width * static_cast<double>(i % columns),
                   y = area.y + area.height - height * static_cast<double>(i / columns + 1);
      panel(shown[i], steps, {x, y, width - 4, height - 4});
    }
  }

  /// A line where another router took over, with its name.
  void markSwitches(const Plot& plot, const std::vector<RouterSwitch>& switches) {
    const Rect inner = plot.inner();
    for (const RouterSwitch& each : switches) {
      const double x = plot.x(static_cast<double>(each.step));
      canvas().dashedLine({x, inner.y}, {x, inner.y + inner.height}, accentColor(theme()), 1.2, 0.9);
      canvas().text({x + 3, inner.y + 2}, each.to, {textColor(theme()), 0.7, Align::Left, VerticalAlign::Bottom});
      hit(Rect{x - 4, inner.y, 8, inner.height},
          {-1, -1, -1,
           translated("step ") + std::to_string(each.step) + translated(": router changed from ") + each.from +
               translated(" to ") + each.to});
    }
  }

  /// The moment that is shown, where it is not the newest.
  void markMoment(const Plot& plot) {
    if (!past_) return;
    const Rect inner = plot.inner();
    const double x = plot.x(static_cast<double>(*past_));
    canvas().line({x, inner.y}, {x, inner.y + inner.height}, accentColor(theme()), 1.8);
    hit(Rect{x - 4, inner.y, 8, inner.height},
        {-1, -1, -1, translated("step ") + std::to_string(*past_) + translated(": the moment that is shown")});
  }

  /// The held-out loss where it was measured.
  struct HeldOut {
    std::vector<double> steps, values;
  };

  void panel(const Shown& shown, const StepSeries& all, const Rect& area) {
    const StepQuantity& quantity = stepQuantities()[shown.quantity];
    const bool isLoss = shown.quantity == stepQuantity("loss_nats_per_byte");
    std::vector<double> steps, low, high, mean, trend;
    HeldOut heldOut;
    double least = INFINITY, most = -INFINITY;
    auto first = static_cast<double>(shown.curve.front().steps.first), last = static_cast<double>(shown.curve.back().steps.last);
    const auto reach = [&](const StepCell& cell) {
      if (cell.finite > 0) least = std::min(least, cell.minimum), most = std::max(most, cell.maximum);
    };
    if (beside_) {  // one scale for both sides
      const auto layer = static_cast<std::size_t>(beside_->routing ? beside_->routing->layer : 0);
      const Curve other = beside_->steps->curve(shown.quantity, layer, kMostPoints);
      for (const StepSeries::Point& point : other) reach(point.cell);
      if (isLoss)
        for (const StepSeries::Point& point : beside_->steps->curve(stepQuantity("held_out_loss_nats_per_byte"), 0, kMostPoints))
          reach(point.cell);
      if (!other.empty()) {
        first = std::min(first, static_cast<double>(other.front().steps.first));
        last = std::max(last, static_cast<double>(other.back().steps.last));
      }
    }
    for (const auto& [bucket, cell] : shown.curve) {
      const bool some = cell.finite > 0;
      steps.push_back(0.5 * static_cast<double>(bucket.first + bucket.last));
      low.push_back(some ? cell.minimum : NAN);
      high.push_back(some ? cell.maximum : NAN);
      mean.push_back(cell.mean());
      trend.push_back(cell.trend);
      reach(cell);
    }
    if (isLoss)
      for (const auto& [bucket, cell] : all.curve(stepQuantity("held_out_loss_nats_per_byte"), 0, kMostPoints))
        if (cell.lastStep >= 0)
          heldOut.steps.push_back(static_cast<double>(cell.lastStep)), heldOut.values.push_back(cell.last), reach(cell);
    const bool none = shown.now && shown.now->lastStep < shown.nowEnds;
    const double pad = std::max(0.08 * (most - least), 1e-3);  // of no number at all: the axis goes from 0 to 1
    const std::string now = !shown.now ? translated(":  not measured")
                            : none     ? translated(":  none")
                                       : formatted(":  %.3g", shown.now->trend);
    Plot plot(canvas(), area, {first, last, translated("step")},
              {std::isfinite(least) ? std::max(0.0, least - pad) : NAN, most + pad, translated(quantity.label) + now, false, true,
               translated(quantity.brief) + now});
    markSwitches(plot, all.switches());
    markMoment(plot);
    const Color& color = colorOf(shown.quantity);
    plot.band(steps, low, high, color, 0.3);
    plot.line(steps, mean, color, 1.0, 0.35);
    plot.line(steps, trend, color, 2.2);
    plot.line(heldOut.steps, heldOut.values, textColor(theme()), 1.8);
    if (isLoss) sayHeldOut(plot, heldOut, {{steps, trend}, {heldOut.steps, heldOut.values}});
  }

  const Scene* beside_ = nullptr;  ///< while one picture is drawn
  using Line = std::pair<std::vector<double>, std::vector<double>>;  ///< along x and y

  /// Whether a curve goes through a part of the plot.
  static bool crosses(const Plot& plot, const Line& line, const Rect& box) {
    constexpr int pieces = 24;  // of the way from one point to the next
    for (std::size_t i = 0; i < line.first.size(); ++i) {
      const Point from = plot.at(line.first[i == 0 ? 0 : i - 1], line.second[i == 0 ? 0 : i - 1]),
                  to = plot.at(line.first[i], line.second[i]);
      if (std::max(from.x, to.x) < box.x || std::min(from.x, to.x) > box.x + box.width) continue;
      for (int k = 0; k <= pieces; ++k)
        if (box.contains(from.x + (to.x - from.x) * k / pieces, from.y + (to.y - from.y) * k / pieces)) return true;
    }
    return false;
  }

  /// Of the last one until the moment that is shown, in the corner through which the fewest full curves go, on a patch where some
  /// do.
  void sayHeldOut(const Plot& plot, const HeldOut& heldOut, const std::vector<Line>& curves) {
    std::size_t count = heldOut.steps.size();
    while (past_ && count > 0 && heldOut.steps[count - 1] > static_cast<double>(*past_)) --count;
    std::string words = translated("held out: not measured yet");
    if (count > 0) words = formatted("held out %.3f", heldOut.values[count - 1]);
    if (past_ && count > 0) words += formatted(" at step %.0f", heldOut.steps[count - 1]);
    const Rect& inner = plot.inner();
    const double wide = canvas().textWidth(words, kHeldOutSize), high = canvas().textHeight(kHeldOutSize),
                 right = inner.x + inner.width - wide, top = inner.y + inner.height - high;
    Rect best;
    std::ptrdiff_t fewest = static_cast<std::ptrdiff_t>(curves.size()) + 1;
    for (const Point corner : {Point{right, top}, Point{right, inner.y}, Point{inner.x, inner.y}, Point{inner.x, top}}) {
      const Rect box{corner.x, corner.y, wide, high};
      const auto through =
          std::count_if(curves.begin(), curves.end(), [&](const Line& line) { return crosses(plot, line, box); });
      if (through < fewest) fewest = through, best = box;
    }
    if (fewest > 0) canvas().rect(best, backgroundColor(theme()), 0.8);
    canvas().text({best.x, best.y + high / 2}, words, {count > 0 ? textColor(theme()) : mutedColor(theme()), kHeldOutSize});
  }

  std::optional<std::int64_t> past_;  ///< step of the moment that is shown, where it is not the newest
};

/// Which steps a point stands for.
std::string pointsInWords(const Scene& scene) {
  if (!scene.steps || scene.steps->empty()) return translated("no training steps yet");
  std::string words =
      translated("loss = - mean over the batch of log p(next byte | bytes before), nats per byte, at concentration 1\nFaint: ");
  words += scene.steps->stride() == 1
               ? translated("each step")
               : translated("minimum, maximum and mean of every ") + std::to_string(scene.steps->stride()) + translated(" steps");
  return words;
}

DataTable numbersOf(const Scene& scene) {
  if (scene.snapshot->checkpoint) throw std::runtime_error("a checkpoint is shown: it does not train here");
  if (!scene.steps || scene.steps->empty()) throw std::runtime_error("no training steps yet");
  DataTable table{{{"quantity", ""},
                   {"unit", ""},
                   {"first_step", ""},
                   {"last_step", ""},
                   {"minimum", ""},
                   {"mean", ""},
                   {"maximum", ""},
                   {"running_mean", ""},
                   {"last", ""},
                   {"steps_not_finite", ""}},
                  {}};
  for (std::size_t q = 0; q < stepQuantities().size(); ++q)
    for (std::size_t b = 0; b < scene.steps->buckets(); ++b) {
      const StepCell& cell = scene.steps->cell(b, q, static_cast<std::size_t>(scene.routing->layer));
      if (cell.finite + cell.notFinite == 0) continue;  // none of these steps has such a value
      const auto of = [&](double value) { return cell.finite > 0 ? Cell(value) : Cell(); };
      table.add({stepQuantities()[q].name, stepQuantities()[q].unit, scene.steps->bucket(b).first, scene.steps->bucket(b).last,
                 of(cell.minimum), of(cell.mean()), of(cell.maximum), cell.trend, cell.last,
                 static_cast<std::int64_t>(cell.notFinite)});
    }
  return table;
}

}  // namespace

ViewDeclaration declareTrainingMetrics() {
  return {
      "training_metrics",
      "Training",
      "Loss, entropy, effective experts, load CV, MaxVio and auxiliary loss of each training step; dashed: another router took over; a full line: the moment that is shown",
      [] { return std::make_unique<TrainingMetrics>(); },
      numbersOf,
      "Routing",
      {{"curves", "Curves", "Which curves are drawn", {{"all", "all"}, {"loss_and_load", "loss and load CV"}}}},
      makeTrainingDifference,
      {"What was measured on each training batch while the model learned. A dashed line: another router took over there; a full one: the moment that is shown.",
       pointsInWords, "Loss should fall. Entropy that falls while the load CV rises is a router on its way to collapse."}};
}

}  // namespace moescope
