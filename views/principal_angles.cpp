// Principal angles between the subspaces of the tokens that experts are given, and their mean cos^2 against r / d.

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

#include "core/geometry/random_angles.h"
#include "views/analysis_view.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr double kDegrees = 180.0 / std::numbers::pi;

class PrincipalAnglesView : public AnalysisView {
 protected:
  std::string title() const override { return "Principal angles"; }

  void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) override {
    if (analysis.withSubspace.size() < 2) return say(caption(scene, ""), "fewer than two experts were given tokens that span a subspace");
    const std::string of = analysis.weightSubspaces ? "top right singular vectors of W_gate (no tokens)" : "subspaces of routed tokens";
    const Rect area = caption(scene, of + ", rank " + std::to_string(analysis.settings.rank) + " of d " + std::to_string(analysis.width) +
                                         formatted("; mean overlap %.3f", meanOffDiagonal(analysis.overlap)) + formatted(", random r/d %.3f", analysis.nullOverlap) +
                                         formatted(" \xc2\xb1 %.3f. ", analysis.nullOverlapDeviation) + measuredAt(analysis));
    const bool wide = area.width > 1.25 * area.height;
    const Rect first = wide ? Rect{area.x, area.y, 0.52 * area.width, area.height} : Rect{area.x, area.y + 0.45 * area.height, area.width, 0.55 * area.height};
    const Rect second = wide ? Rect{area.x + 0.53 * area.width, area.y, 0.47 * area.width, area.height} : Rect{area.x, area.y, area.width, 0.43 * area.height};
    MatrixStyle style;
    style.null = analysis.nullOverlap;
    style.unit = "mean cos\xc2\xb2";
    style.pick = [&analysis](int r, int c) {
      return expertLabel(r) + ", " + expertLabel(c) + formatted(": overlap (mean cos\xc2\xb2 of the angles) %.3f", analysis.overlap(r, c)) +
             formatted(", random %.3f", analysis.nullOverlap);
    };
    matrix(first, analysis.overlap, style, scene.lens.selectedExpert);
    spectra(second, scene, analysis);
  }

 private:
  /// Every pair's angles as a faint line, those of the selected expert strong.
  void spectra(const Rect& area, const Scene& scene, const ExpertAnalysis& analysis) {
    std::size_t most = 1;
    for (const Eigen::VectorXd& angles : analysis.angles.angles) most = std::max(most, static_cast<std::size_t>(angles.size()));
    Plot plot(canvas(), area, {0.7, static_cast<double>(most) + 0.3, "angle number", false, true}, {0.0, 95.0, "degrees"});
    randomBand(plot, analysis, static_cast<int>(most));
    const int experts = analysis.experts;
    for (const bool strong : {false, true})
      for (std::size_t a = 0; a < analysis.withSubspace.size(); ++a)
        for (std::size_t b = a + 1; b < analysis.withSubspace.size(); ++b) {
          const int first = analysis.withSubspace[a], second = analysis.withSubspace[b], selected = scene.lens.selectedExpert;
          if ((first == selected || second == selected) != strong) continue;
          const Eigen::VectorXd& angles = analysis.angles.of(static_cast<int>(a), static_cast<int>(b));
          std::vector<double> xs, ys;
          for (Eigen::Index i = 0; i < angles.size(); ++i) {
            xs.push_back(static_cast<double>(i) + 1.0);
            ys.push_back(angles[i] * kDegrees);
          }
          const int other = first == selected ? second : first;
          plot.line(xs, ys, strong ? expertColor(other, experts, theme()) : mutedColor(theme()), strong ? 2.0 : 1.0, strong ? 1.0 : 0.45);
          for (std::size_t i = 0; i < xs.size(); ++i) {
            if (strong) canvas().disc(plot.at(xs[i], ys[i]), 3.0, expertColor(other, experts, theme()));
            hit(plot.at(xs[i], ys[i]), 5.0, {strong ? other : first, -1, -1, expertLabel(first) + ", " + expertLabel(second) + formatted(": angle %.0f", xs[i]) + formatted(" is %.1f degrees", ys[i])});
          }
          if (strong && !xs.empty())
            canvas().text({plot.x(xs.back()) + 5, plot.y(ys.back())}, expertLabel(other), {expertColor(other, experts, theme()), 0.72});
        }
  }

  /// What unrelated subspaces would give, where all have one rank.
  void randomBand(Plot& plot, const ExpertAnalysis& analysis, int rank) {
    for (const int e : analysis.withSubspace)
      if (analysis.subspaces[static_cast<std::size_t>(e)].cols() != rank) return;
    const std::pair key{analysis.width, rank};
    auto found = random_.find(key);
    if (found == random_.end()) found = random_.emplace(key, simulateRandomAngles(analysis.width, rank)).first;
    const RandomAngles& angles = found->second;
    std::vector<double> xs, mean, low, high;
    for (int i = 0; i < rank; ++i) {
      xs.push_back(i + 1.0);
      mean.push_back(angles.mean[i] * kDegrees);
      low.push_back(angles.low[i] * kDegrees);
      high.push_back(angles.high[i] * kDegrees);
    }
    const Color colour{0.835, 0.369, 0.0};  // Okabe and Ito's vermilion
    plot.band(xs, low, high, colour, 0.35);
    plot.line(xs, mean, colour, 2.0);
    for (int i = 0; i < rank; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (rank == 1) canvas().line(plot.at(xs[at], low[at]), plot.at(xs[at], high[at]), colour, 3.0);
      hit(plot.at(xs[at], mean[at]), 6.0, {-1, -1, -1, formatted("random subspaces, simulated: angle %.0f", xs[at]) + formatted(" is %.1f degrees", mean[at]) +
                                                           formatted(", 5 to 95 %%: %.1f", low[at]) + formatted(" to %.1f", high[at])});
    }
    const double em = canvas().em();
    const Rect inner = plot.inner();
    canvas().text({inner.x + inner.width - 0.2 * em, inner.y + 1.5 * em}, "random subspaces, simulated", {mix(colour, textColor(theme()), 0.35), 0.76, Align::Right, VerticalAlign::Bottom, true});
    canvas().text({inner.x + inner.width - 0.2 * em, inner.y + 0.3 * em}, "mean and 5 to 95 %", {mix(colour, textColor(theme()), 0.35), 0.76, Align::Right, VerticalAlign::Bottom});
  }

  std::map<std::pair<int, int>, RandomAngles> random_;  ///< by dimension and rank
};

}  // namespace

ViewDeclaration declarePrincipalAngles() {
  return {"principal_angles", "Principal angles", "How far the subspaces of the experts' tokens overlap, pair by pair, beside random subspaces",
          [] { return std::make_unique<PrincipalAnglesView>(); }, "Experts"};
}

}  // namespace moescope
