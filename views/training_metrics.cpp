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
  std::function<double(const StepMetrics&, std::size_t layer)> read;
  Color color;
  bool perLayer = true;
};

double atLayer(const std::vector<double>& values, std::size_t layer) { return layer < values.size() ? values[layer] : NAN; }

const std::vector<Series>& seriesTable() {
  static const std::vector<Series> table = {
      {"loss, nats per byte", [](const StepMetrics& m, std::size_t) { return m.loss; }, {0.90, 0.62, 0.00}, false},
      {"entropy, nats", [](const StepMetrics& m, std::size_t l) { return atLayer(m.entropy, l); }, {0.34, 0.71, 0.91}},
      {"effective experts", [](const StepMetrics& m, std::size_t l) { return atLayer(m.effectiveExperts, l); }, {0.00, 0.62, 0.45}},
      {"load CV", [](const StepMetrics& m, std::size_t l) { return atLayer(m.loadVariation, l); }, {0.80, 0.47, 0.65}},
      {"MaxVio", [](const StepMetrics& m, std::size_t l) { return atLayer(m.maxViolation, l); }, {0.84, 0.37, 0.00}},
      {"dropped by capacity, share", [](const StepMetrics& m, std::size_t l) { return atLayer(m.dropped, l); }, {0.84, 0.15, 0.16}},
      {"auxiliary loss", [](const StepMetrics& m, std::size_t l) { return atLayer(m.auxiliaryLoss, l); }, {0.00, 0.45, 0.70}},
  };
  return table;
}

/// Exponential mean, so that the eye sees the trend through the noise of single batches.
std::vector<double> smoothed(const std::vector<double>& values) {
  std::vector<double> out;
  double mean = NAN;
  for (double value : values) {
    mean = std::isfinite(mean) ? mean + 0.08 * (value - mean) : value;
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
    const Rect area = caption(scene, "per training batch at concentration 1, layer " + std::to_string(layer + 1) + " of " +
                                         std::to_string(scene.snapshot->layers.size()) + "; faint: raw, bold: running mean");
    if (!scene.history || scene.history->size() < 2) return say(area, "no training steps yet");
    std::vector<const Series*> shown;  // without those that are 0 throughout
    for (const Series& series : seriesTable())
      if (std::any_of(scene.history->begin(), scene.history->end(), [&](const StepMetrics& m) { return series.read(m, layer) != 0.0; })) shown.push_back(&series);
    const std::size_t count = std::max<std::size_t>(1, shown.size());
    const auto most = static_cast<std::size_t>(std::max(1.0, area.width / (15.0 * canvas().em())));  // that the titles leave room for
    const std::size_t columns = std::min<std::size_t>(most, area.width > 1.1 * area.height ? 3 : area.width > 0.55 * area.height ? 2 : 1), rows = (count + columns - 1) / columns;
    const double width = area.width / static_cast<double>(columns), height = area.height / static_cast<double>(rows);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const double x = area.x + width * static_cast<double>(i % columns), y = area.y + area.height - height * static_cast<double>(i / columns + 1);
      panel(*shown[i], *scene.history, layer, {x, y, width - 4, height - 4});
    }
  }

 private:
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
    double least = INFINITY, most = -INFINITY;
    for (const std::vector<double>* all : {&values, &heldOut})
      for (double value : *all)
        if (std::isfinite(value)) least = std::min(least, value), most = std::max(most, value);
    if (!std::isfinite(least)) return;
    const double pad = std::max(0.08 * (most - least), 1e-3);
    const std::vector<double> trend = smoothed(values);
    Plot plot(canvas(), area, {steps.front(), steps.back(), "step"},
              {std::max(0.0, least - pad), most + pad, series.label + formatted(":  %.3g", trend.back())});
    markSwitches(plot, history);
    plot.line(steps, values, series.color, 1.0, 0.35);
    plot.line(steps, trend, series.color, 2.2);
    if (!heldOut.empty()) {
      plot.line(heldOutSteps, heldOut, textColor(theme()), 1.8);
      canvas().text({plot.inner().x + plot.inner().width, plot.inner().y + plot.inner().height}, formatted("held out %.3f", heldOut.back()),
                    {textColor(theme()), 0.8, Align::Right, VerticalAlign::Top});
    }
  }
};

}  // namespace

ViewDeclaration declareTrainingMetrics() {
  return {"training_metrics", "Training", "Loss, entropy, effective experts, load CV, MaxVio and auxiliary loss of each training step; dashed: another router took over",
          [] { return std::make_unique<TrainingMetrics>(); }};
}

}  // namespace moescope
