// Scalars of training over steps, as small multiples.

#include <algorithm>
#include <cmath>
#include <functional>

#include "views/flat_view.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

struct Series {
  const char* label;
  const char* brief;  ///< where the label has no room
  std::function<double(const StepMetrics&, std::size_t layer)> read;
  Color color;
  bool perLayer = true;
  bool zeroIsNone = false;  ///< exactly 0 says that there is no such thing
};

double atLayer(const std::vector<double>& values, std::size_t layer) { return layer < values.size() ? values[layer] : NAN; }

const std::vector<Series>& seriesTable() {
  static const std::vector<Series> table = {
      {"loss, nats per byte", "loss", [](const StepMetrics& m, std::size_t) { return m.loss; }, {0.90, 0.62, 0.00}, false},
      {"entropy, nats", "entropy", [](const StepMetrics& m, std::size_t l) { return atLayer(m.entropy, l); }, {0.34, 0.71, 0.91}},
      {"effective experts",
       "experts",
       [](const StepMetrics& m, std::size_t l) { return atLayer(m.effectiveExperts, l); },
       {0.00, 0.62, 0.45}},
      {"load CV", "CV", [](const StepMetrics& m, std::size_t l) { return atLayer(m.loadVariation, l); }, {0.80, 0.47, 0.65}},
      {"MaxVio", "MaxVio", [](const StepMetrics& m, std::size_t l) { return atLayer(m.maxViolation, l); }, {0.84, 0.37, 0.00}},
      {"dropped by capacity, share",
       "dropped",
       [](const StepMetrics& m, std::size_t l) { return atLayer(m.dropped, l); },
       {0.84, 0.15, 0.16}},
      {"auxiliary loss",
       "aux. loss",
       [](const StepMetrics& m, std::size_t l) { return atLayer(m.auxiliaryLoss, l); },
       {0.00, 0.45, 0.70},
       true,
       true},
  };
  return table;
}

/// Exponential mean, so that the eye sees the trend through the noise of single batches. It starts anew after a value that is no
/// number, and where another router took over; what is left of it after many zeros is 0.
std::vector<double> smoothed(const std::vector<double>& values, const std::vector<StepMetrics>& history) {
  std::vector<double> out;
  double mean = NAN, largest = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = values[i];
    if (i > 0 && history[i].router != history[i - 1].router) mean = NAN;
    mean = std::isfinite(mean) ? mean + 0.08 * (value - mean) : value;
    if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    if (value == 0.0 && std::abs(mean) < 1e-4 * largest) mean = 0.0;
    out.push_back(mean);
  }
  return out;
}

class TrainingMetrics : public FlatView {
 protected:
  std::string title() const override { return "Training"; }
  bool showsTokens(const Scene& scene) const override { return !scene.snapshot->checkpoint; }

  void draw(const Scene& scene) override {
    if (scene.snapshot->checkpoint) return say(caption(scene, ""), "a checkpoint is shown: it does not train here");
    const auto layer = static_cast<std::size_t>(scene.routing->layer);
    if (!scene.history || scene.history->empty()) return say(caption(scene, ""), "no training steps yet");
    if (scene.history->size() == 1) return say(caption(scene, ""), "one training step so far: curves begin with the second");
    std::vector<const Series*> shown;
    std::string none;  // of what there is only 0
    for (const Series& series : seriesTable()) {
      if (std::any_of(scene.history->begin(), scene.history->end(),
                      [&](const StepMetrics& m) { return series.read(m, layer) != 0.0; }))
        shown.push_back(&series);
      else
        none += std::string("; ") + series.label + (series.zeroIsNone ? ": none" : ": 0");
    }
    const double em = canvas().em();
    const std::string what = "per training batch at concentration 1, layer " + std::to_string(layer + 1) + " of " +
                             std::to_string(scene.snapshot->layers.size()) + "; faint: raw, bold: running mean" + none;
    // Columns that the titles leave room for, and rows in which a curve can still be seen.
    const double width = canvas().width() - 1.4 * em, height = canvas().height() - 7.0 * em;
    const auto wide = static_cast<std::size_t>(std::max(1.0, width / (12.0 * em))),
               high = static_cast<std::size_t>(std::max(1.0, height / (5.0 * em)));
    const std::size_t columns = std::min<std::size_t>(wide, width > 1.1 * height ? 3 : width > 0.55 * height ? 2 : 1);
    const std::size_t rows = std::min(high, (shown.size() + columns - 1) / columns),
                      left = shown.size() - std::min(shown.size(), rows * columns);
    shown.resize(shown.size() - left);
    panels(scene, shown, layer, caption(scene, (left ? std::to_string(left) + " more in a larger view; " : "") + what), columns,
           std::max<std::size_t>(1, rows));
  }

 private:
  void panels(const Scene& scene, const std::vector<const Series*>& shown, std::size_t layer, const Rect& area,
              std::size_t columns, std::size_t rows) {
    const double width = area.width / static_cast<double>(columns), height = area.height / static_cast<double>(rows);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const double x = area.x + width * static_cast<double>(i % columns), y = area.y + area.height - height * static_cast<double>(i / columns + 1);
      panel(*shown[i], *scene.history, layer, {x, y, width - 4, height - 4});
    }
  }

  /// A line where another router took over, with its name.
  void markSwitches(const Plot& plot, const std::vector<StepMetrics>& history) {
    const Rect inner = plot.inner();
    for (std::size_t i = 1; i < history.size(); ++i) {
      if (history[i].router == history[i - 1].router) continue;
      const double x = plot.x(static_cast<double>(history[i].step));
      canvas().dashedLine({x, inner.y}, {x, inner.y + inner.height}, accentColor(theme()), 1.2, 0.9);
      canvas().text({x + 3, inner.y + 2}, history[i].router, {textColor(theme()), 0.7, Align::Left, VerticalAlign::Bottom});
      hit(Rect{x - 4, inner.y, 8, inner.height}, {-1, -1, -1, "step " + std::to_string(history[i].step) + ": router changed from " + history[i - 1].router + " to " + history[i].router});
    }
  }

  void panel(const Series& series, const std::vector<StepMetrics>& history, std::size_t layer, const Rect& area) {
    std::vector<double> steps, values, heldOutSteps, heldOut;
    for (const StepMetrics& metrics : history) {
      steps.push_back(static_cast<double>(metrics.step));
      values.push_back(series.read(metrics, layer));
      if (!series.perLayer && std::isfinite(metrics.heldOutLoss)) {
        heldOutSteps.push_back(static_cast<double>(metrics.step));
        heldOut.push_back(metrics.heldOutLoss);
      }
    }
    const bool none = series.zeroIsNone && values.back() == 0.0;
    if (series.zeroIsNone) std::replace(values.begin(), values.end(), 0.0, static_cast<double>(NAN));
    double least = INFINITY, most = -INFINITY;
    for (const std::vector<double>* all : {&values, &heldOut})
      for (double value : *all)
        if (std::isfinite(value)) least = std::min(least, value), most = std::max(most, value);
    const double pad = std::max(0.08 * (most - least), 1e-3);  // of no number at all: the axis goes from 0 to 1
    const std::vector<double> trend = smoothed(values, history);
    const std::string now = none ? ":  none" : formatted(":  %.3g", trend.back());
    Plot plot(canvas(), area, {steps.front(), steps.back(), "step"},
              {std::isfinite(least) ? std::max(0.0, least - pad) : NAN, most + pad, series.label + now, false, true,
               series.brief + now});
    markSwitches(plot, history);
    plot.line(steps, values, series.color, 1.0, 0.35);
    plot.line(steps, trend, series.color, 2.2);
    plot.line(heldOutSteps, heldOut, textColor(theme()), 1.8);
    if (!series.perLayer)
      canvas().text({plot.inner().x + plot.inner().width, plot.inner().y + plot.inner().height},
                    heldOut.empty() ? "held out: not measured yet" : formatted("held out %.3f", heldOut.back()),
                    {heldOut.empty() ? mutedColor(theme()) : textColor(theme()), 0.8, Align::Right, VerticalAlign::Top});
  }
};

}  // namespace

ViewDeclaration declareTrainingMetrics() {
  return {"training_metrics", "Training", "Loss, entropy, effective experts, load CV, MaxVio and auxiliary loss of each training step; dashed: another router took over",
          [] { return std::make_unique<TrainingMetrics>(); }};
}

}  // namespace moescope
