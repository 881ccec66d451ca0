// Does a higher router score go with a stronger activation of the expert?

#include <algorithm>
#include <cmath>
#include <numeric>

#include "views/analysis_view.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

class ScoreActivationView : public AnalysisView {
 protected:
  std::string title() const override { return "Score and activation"; }

  void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) override {
    const std::vector<ScoreActivation>& all = analysis.scoreActivation;
    const int chosen = chosenExpert(scene, all);
    if (chosen < 0) return say(caption(scene, ""), missing(analysis, "no expert was given three tokens or more"));
    const ScoreActivation& own = all[static_cast<std::size_t>(chosen)];
    double mean = 0.0;
    int counted = 0;
    for (const ScoreActivation& each : all)
      if (!std::isnan(each.pearson)) {
        mean += each.pearson;
        ++counted;
      }
    const Rect area = caption(scene, expertLabel(chosen) + formatted(": Pearson %.2f", own.pearson) + formatted(", Spearman %.2f", own.spearman) + ", n " +
                                         std::to_string(own.tokens.size()) + formatted("; mean Pearson of all experts %.2f", counted ? mean / counted : NAN) +
                                         "; line: means of tenths. " + measuredAt(analysis));
    double x0 = INFINITY, x1 = -INFINITY, y1 = 0.0;
    for (std::size_t i = 0; i < own.score.size(); ++i) {
      x0 = std::min(x0, own.score[i]);
      x1 = std::max(x1, own.score[i]);
      y1 = std::max(y1, own.activation[i]);
    }
    const double margin = 0.04 * std::max(1e-6, x1 - x0);
    Plot plot(canvas(), area, {x0 - margin, x1 + margin, "router score (logit)", false, true}, {0.0, 1.05 * std::max(1e-6, y1), "activation, norm"});
    const Color colour = expertColor(chosen, analysis.experts, theme());
    for (std::size_t i = 0; i < own.score.size(); ++i) {
      const Point at = plot.at(own.score[i], own.activation[i]);
      const bool selected = own.tokens[i] == scene.lens.selectedToken;
      canvas().disc(at, selected ? 5.0 : 2.2, selected ? accentColor(theme()) : colour, selected ? 1.0 : 0.55);
      hit(at, 4.0, {chosen, own.tokens[i], -1, "token " + std::to_string(own.tokens[i]) + ", " + expertLabel(chosen) + formatted(": score %.3f", own.score[i]) + formatted(", activation %.3f", own.activation[i])});
    }
    tenths(plot, own);
  }

 private:
  /// The selected expert, else the one with most tokens.
  static int chosenExpert(const Scene& scene, const std::vector<ScoreActivation>& all) {
    const int selected = scene.lens.selectedExpert;
    if (selected >= 0 && selected < static_cast<int>(all.size()) && all[static_cast<std::size_t>(selected)].tokens.size() >= 3) return selected;
    int best = -1;
    std::size_t most = 2;
    for (std::size_t e = 0; e < all.size(); ++e)
      if (all[e].tokens.size() > most) {
        most = all[e].tokens.size();
        best = static_cast<int>(e);
      }
    return best;
  }

  void tenths(Plot& plot, const ScoreActivation& own) {
    std::vector<std::size_t> order(own.score.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return own.score[a] < own.score[b]; });
    const std::size_t parts = std::min<std::size_t>(10, order.size() / 5);
    std::vector<double> xs, ys;
    for (std::size_t p = 0; p < parts; ++p) {
      const std::size_t from = p * order.size() / parts, to = (p + 1) * order.size() / parts;
      double x = 0.0, y = 0.0;
      for (std::size_t i = from; i < to; ++i) {
        x += own.score[order[i]];
        y += own.activation[order[i]];
      }
      xs.push_back(x / static_cast<double>(to - from));
      ys.push_back(y / static_cast<double>(to - from));
    }
    plot.line(xs, ys, textColor(theme()), 2.5);
    for (std::size_t i = 0; i < xs.size(); ++i) canvas().disc(plot.at(xs[i], ys[i]), 4.0, textColor(theme()));
  }
};

}  // namespace

ViewDeclaration declareScoreActivation() {
  return {"score_activation", "Score and activation", "Router score of each routed token against the norm of the expert's activation",
          [] { return std::make_unique<ScoreActivationView>(); }, "Experts"};
}

}  // namespace moescope
