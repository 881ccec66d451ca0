// Theory beside measurement: how often GrMoE's mixture takes its own tokens for another expert's, and the proven bound.

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "views/analysis_view.h"
#include "core/words/words.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr Color kBoundColor{0.90, 0.62, 0.0}, kMassColor{0.34, 0.71, 0.91}, kWrongColor{0.80, 0.47, 0.65};  // Okabe and Ito

constexpr const char* kNeeds = translatable("needs a Grassmannian router: the bound speaks of its Bingham mixture");

class MisroutingView : public AnalysisView {
 protected:
  std::string title() const override { return translated("Misrouting and its bound"); }

  void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) override {
    if (analysis.misrouting.empty()) return say(caption(scene, ""), translated(kNeeds));
    const std::vector<Misrouting>& curve = analysis.misrouting;
    const Rect whole =
        caption(scene, {translated("SYNTHETIC TOKENS: share routed wrongly, under its proven bound; ") + measuredAt(analysis),
                        translated("SYNTHETIC TOKENS")});
    const double chance = 1.0 - 1.0 / analysis.experts;
    const bool bounded = std::any_of(curve.begin(), curve.end(), [&](const Misrouting& each) { return each.bound < chance; });
    const Rect area =
        legend(whole, {{kBoundColor, bounded ? translated("proven bound B1") : translated("proven bound B1: says nothing here"),
                        false, bounded ? translated("bound") : translated("no bound")},
                       {kMassColor, translated("mass on wrong experts"), false, translated("mass")},
                       {kWrongColor, translated("leading expert wrong"), false, translated("leader")}});
    Plot plot(canvas(), area, {curve.front().alpha, curve.back().alpha, translated("concentration \xce\xb1"), true, true},
              {0.0, 1.05, translated("share of tokens, or of their mass"), false, true, translated("share")});
    std::vector<double> xs, bound, mass, wrong;
    for (const Misrouting& each : curve) {
      xs.push_back(each.alpha);
      bound.push_back(each.bound < chance ? each.bound : NAN);
      mass.push_back(each.mass);
      wrong.push_back(each.wrong);
    }
    const Rect inner = plot.inner();
    canvas().dashedLine({inner.x, plot.y(chance)}, {inner.x + inner.width, plot.y(chance)}, mutedColor(theme()), 1.5, 0.8);
    canvas().text({inner.x + inner.width, plot.y(chance) + 3}, translated("by chance, 1 - 1/N"),
                  {mutedColor(theme()), 0.76, Align::Right, VerticalAlign::Bottom});
    curveOf(plot, xs, bound, kBoundColor, translated("proven bound B1 "));
    curveOf(plot, xs, mass, kMassColor, translated("mass on wrong experts, measured "));
    curveOf(plot, xs, wrong, kWrongColor, translated("leading expert wrong, measured "));
    for (const Misrouting& each : curve)
      canvas().line(plot.at(each.alpha, each.mass - 2 * each.massDeviation),
                    plot.at(each.alpha, each.mass + 2 * each.massDeviation), kMassColor, 1.5);
    live(plot, scene, curve);
  }

 private:
  void curveOf(Plot& plot, const std::vector<double>& xs, const std::vector<double>& ys, const Color& colour,
               const std::string& name) {
    plot.line(xs, ys, colour, 2.2);
    for (std::size_t i = 0; i < xs.size(); ++i) {
      if (std::isnan(ys[i])) continue;
      canvas().disc(plot.at(xs[i], ys[i]), 3.5, colour);
      hit(plot.at(xs[i], ys[i]), 6.0, {-1, -1, -1, name + formatted("%.4f", ys[i]) + formatted(" at concentration %g", xs[i])});
    }
  }

  void live(Plot& plot, const Scene& scene, const std::vector<Misrouting>& curve) {
    const double alpha = scene.lens.concentration;
    if (alpha < curve.front().alpha || alpha > curve.back().alpha) return;
    const Rect inner = plot.inner();
    canvas().dashedLine({plot.x(alpha), inner.y}, {plot.x(alpha), inner.y + inner.height}, accentColor(theme()), 1.5, 0.9);
  }
};

std::string boundInNumbers(const Scene& scene) {
  if (!scene.analysis) return translated("not measured yet");
  const ExpertAnalysis& analysis = *scene.analysis;
  if (analysis.misrouting.empty()) return translated("needs a Grassmannian router: the bound speaks of its Bingham mixture");
  return translated(
             "B1 = sum over pairs a < b of sqrt(pi(a) pi(b)) BC(a, b), BC = integral of sqrt(f(a) f(b)) (Bhattacharyya)\n") +
         std::to_string(analysis.misrouting.front().draws) +
         translated(
             " tokens drawn from the router's own mixture at each concentration (Bingham reading), routed back by its posterior\n") +
         formatted("By chance 1 - 1/N = %.3f; a bound above it says nothing", 1.0 - 1.0 / analysis.experts);
}

DataTable numbersOf(const Scene& scene) {
  const ExpertAnalysis& analysis = shownAnalysis(scene);
  if (analysis.misrouting.empty()) throw std::runtime_error(translated(kNeeds));
  DataTable table{{{"concentration", ""},
                   {"bound_B1", ""},
                   {"mass_on_wrong_experts", "share"},
                   {"standard_error_of_the_mass", "share"},
                   {"leading_expert_wrong", "share of tokens"},
                   {"tokens_drawn", ""}},
                  {}};
  for (const Misrouting& each : analysis.misrouting)
    table.add({each.alpha, each.bound, each.mass, each.massDeviation, each.wrong, each.draws});
  table.about = aboutAnalysis(scene);
  table.about.emplace_back("bound_B1_says_nothing_above", 1.0 - 1.0 / analysis.experts);
  table.about.emplace_back("drawn_tokens", "SYNTHETIC: from the router's own mixture");
  return table;
}

}  // namespace

ViewDeclaration declareMisrouting() {
  return {
      "misrouting",
      "Misrouting and its bound",
      "Tokens drawn from GrMoE's own mixture and routed back: the share that goes wrong, under its proven bound, over concentration",
      [] { return std::make_unique<MisroutingView>(); },
      numbersOf,
      "Experts",
      {},
      {},
      {"Tokens drawn from GrMoE's own mixture and routed back by it: how many go to another expert than the one that they were drawn from.",
       boundInNumbers, "Both curves fall with the concentration and stay below the bound where it says anything."}};
}

}  // namespace moescope
