// Do router rows point along the expert's own input weights? Matched pairs lie on the diagonal.

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "views/analysis_view.h"
#include "core/words/words.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr const char* kNeeds = translatable("needs router rows and the experts' weights");

class CouplingView : public AnalysisView {
 protected:
  std::string title() const override { return translated("Router-expert coupling"); }

  void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) override {
    const Coupling& coupling = analysis.coupling;
    if (coupling.weights.size() == 0) return say(caption(scene, ""), translated(kNeeds));
    const bool moved = hasMoved(analysis);
    const Eigen::MatrixXd& shown = shownOf(analysis);
    const Rect area =
        caption(scene, {formatted("matched less unmatched %+.3f", moved ? Coupling::contrast(shown) : coupling.weightContrast()) +
                            (moved ? translated(" of what training added; ") : "; ") +
                            formatted("router rows: mean |cos| %.3f", analysis.meanRouterSimilarity().value) + pinned(scene) +
                            "; " + measuredAt(analysis),
                        formatted("contrast %+.3f", moved ? Coupling::contrast(shown) : coupling.weightContrast())});
    const bool history = scene.analysisHistory && scene.analysisHistory->size() > 1;
    const double most = std::min(0.34 * area.height, 12.0 * canvas().em()),
                 below = history && most > 6.0 * canvas().em() ? most : 0.0;  // low views: the matrix
    MatrixStyle style;
    style.minimum = 0.0;
    style.maximum = 3.0 * coupling.nullMean;
    for (const Scene* each : sharingScale(scene))
      if (each->analysis && each->analysis->coupling.weights.size() > 0) {
        const Eigen::MatrixXd& own = shownOf(*each->analysis);
        style.maximum = std::max(style.maximum, own.array().isNaN().select(0.0, own).maxCoeff());
      }
    style.null = coupling.nullMean;
    style.rowsAre = "router";
    style.unit = translated("|cos|");
    style.pick = [&coupling](int r, int c) {
      const auto part = [&](const std::string& name, const Eigen::MatrixXd& m) {
        return m.size() > 0 ? name + formatted(" %.3f", m(r, c)) : std::string();
      };
      return translated("router ") + expertLabel(r) + translated(", expert ") + expertLabel(c) + translated(": mean |cos|") +
             part(translated(" of weights"), coupling.weights) + part(translated(", of the last gradients"), coupling.gradients) +
             part(translated(", of what training added"), coupling.movements);
    };
    matrix({area.x, area.y + below, area.width, area.height - below}, shown, style, scene.selection);
    if (below > 0.0) contrasts(scene, {area.x, area.y, area.width, below});
  }

 private:
  static bool hasMoved(const ExpertAnalysis& analysis) { return analysis.coupling.movements.size() > 0 && analysis.step > 0; }
  static const Eigen::MatrixXd& shownOf(const ExpertAnalysis& analysis) {
    return hasMoved(analysis) ? analysis.coupling.movements : analysis.coupling.weights;
  }

  static std::string pinned(const Scene& scene) {
    if (!scene.reference || scene.reference->analysis->routerSimilarity.size() == 0) return "";
    return formatted(" (pinned: %.3f, ", scene.reference->analysis->meanRouterSimilarity().value) + scene.reference->name + ")";
  }

  /// Matched less unmatched over training: of weights, gradients, movements.
  void contrasts(const Scene& scene, const Rect& area) {
    std::vector<double> steps;
    std::vector<std::vector<double>> lines(3);
    double least = 0.0, most = 0.05, first = INFINITY, last = -INFINITY;
    for (const Scene* each : sharingScale(scene)) {
      if (!each->analysisHistory) continue;
      for (const auto& analysis : *each->analysisHistory) {
        const auto step = static_cast<double>(analysis->step);
        first = std::min(first, step), last = std::max(last, step);
        if (each == &scene) steps.push_back(step);
        const Coupling& c = analysis->coupling;
        for (std::size_t i = 0; i < 3; ++i) {
          const double contrast = i == 0 ? c.weightContrast() : Coupling::contrast(i == 1 ? c.gradients : c.movements);
          if (each == &scene) lines[i].push_back(contrast);
          if (!std::isnan(contrast)) least = std::min(least, contrast), most = std::max(most, contrast);
        }
      }
    }
    const std::string names[] = {translated("weights"), translated("gradients"), translated("movements")};
    std::vector<LegendEntry> entries;
    for (std::size_t i = 0; i < 3; ++i) entries.push_back({expertColor(static_cast<int>(i), theme()), names[i]});
    Plot plot(canvas(), legend(area, entries), {first, std::max(last, first + 1), translated("step"), false, true},
              {least, 1.1 * most, translated("matched \xe2\x88\x92 rest")});
    for (std::size_t i = 0; i < 3; ++i) plot.line(steps, lines[i], entries[i].color, 2.0);
  }
};

std::string couplingInNumbers(const Scene& scene) {
  if (!scene.analysis) return translated("not measured yet");
  const ExpertAnalysis& analysis = *scene.analysis;
  const Coupling& coupling = analysis.coupling;
  if (coupling.weights.size() == 0) return translated("not measured: needs router rows and the experts' weights");
  const bool moved = coupling.movements.size() > 0 && analysis.step > 0;
  return translated("c(a, b) = mean over hidden units i of |cos(router row a, row i of W_gate of b)|, of ") +
         (moved ? translated("what training has added to both") : translated("the weights themselves")) + "\n" +
         formatted("mean of the diagonal less mean of the rest: %+.3f",
                   moved ? Coupling::contrast(coupling.movements) : coupling.weightContrast()) +
         formatted("; random %.3f", coupling.nullMean);
}

/// A row for each router row and expert, then for each step that was measured the matched pairs less the others.
DataTable numbersOf(const Scene& scene) {
  const ExpertAnalysis& analysis = shownAnalysis(scene);
  const Coupling& coupling = analysis.coupling;
  if (coupling.weights.size() == 0) throw std::runtime_error(translated(kNeeds));
  const std::string unit = "mean |cos|";
  DataTable table{{{"what", ""},
                   {"step", ""},
                   {"router_row", ""},
                   {"expert", ""},
                   {"weights", unit},
                   {"last_gradients", unit},
                   {"added_by_training", unit}},
                  {}};
  const auto of = [](const Eigen::MatrixXd& matrix, Eigen::Index r, Eigen::Index c) {
    return matrix.size() > 0 ? Cell(matrix(r, c)) : Cell();
  };
  for (Eigen::Index r = 0; r < coupling.weights.rows(); ++r)
    for (Eigen::Index c = 0; c < coupling.weights.cols(); ++c)
      table.add({"pair", analysis.step, static_cast<int>(r), static_cast<int>(c), of(coupling.weights, r, c),
                 of(coupling.gradients, r, c), of(coupling.movements, r, c)});
  if (scene.analysisHistory)
    for (const AnalysisPointer& past : *scene.analysisHistory)
      table.add({"matched less unmatched", past->step, Cell(), Cell(), past->coupling.weightContrast(),
                 Coupling::contrast(past->coupling.gradients), Coupling::contrast(past->coupling.movements)});
  table.about = aboutAnalysis(scene);
  table.about.emplace_back("random_directions", coupling.nullMean);
  return table;
}

}  // namespace

ViewDeclaration declareCouplingMatrix() {
  return {
      "coupling_matrix",
      "Router-expert coupling",
      "Mean |cos| between each router row and each expert's input weights, and its diagonal over time",
      [] { return std::make_unique<CouplingView>(); },
      numbersOf,
      "Experts",
      {},
      {},
      {"Whether a router row points the way of its own expert's input weights more than of others'. Below: that contrast over training.",
       couplingInNumbers,
       "A bright diagonal: router and expert grew together. It comes from shared gradients, and auxiliary losses weaken it."}};
}

}  // namespace moescope
