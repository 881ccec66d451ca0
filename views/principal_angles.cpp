// Principal angles between the subspaces of the tokens that experts are given, and their mean cos^2 against r / d.

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "views/analysis_view.h"
#include "core/words/words.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr int kMostLines = 2048;  // of pairs; of more an even sample and those of the selected experts

class PrincipalAnglesView : public AnalysisView {
 protected:
  std::string title() const override { return translated("Principal angles"); }

  void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) override {
    if (analysis.withSubspace.size() < 2) return say(caption(scene, ""), tooFew(analysis));
    const Rect area = caption(
        scene, {formatted("mean overlap of a pair %.3f", analysis.meanOverlap().value) +
                    formatted(", random r/d %.3f", analysis.nullOverlap) + leftOut(analysis) + "; " + measuredAt(analysis),
                formatted("mean overlap %.3f", analysis.meanOverlap().value) +
                    (analysis.leftOut.empty() ? "" : ", " + translated("%1 left out", std::to_string(analysis.leftOut.size())))});
    const bool wide = area.width > 1.25 * area.height;
    const Rect first = wide ? Rect{area.x, area.y, 0.52 * area.width, area.height}
                            : Rect{area.x, area.y + 0.45 * area.height, area.width, 0.55 * area.height};
    const Rect second = wide ? Rect{area.x + 0.53 * area.width, area.y, 0.47 * area.width, area.height}
                             : Rect{area.x, area.y, area.width, 0.43 * area.height};
    const bool crowded = area.width < 30.0 * canvas().em() && area.height < 25.0 * canvas().em();  // room for one of the two
    MatrixStyle style;
    style.null = analysis.nullOverlap;
    style.unit = translated("mean cos\xc2\xb2");
    style.pick = [&analysis](int r, int c) {
      return expertLabel(r) + ", " + expertLabel(c) +
             formatted(": overlap (mean cos\xc2\xb2 of the angles) %.3f", analysis.overlap(r, c)) +
             formatted(", random %.3f", analysis.nullOverlap);
    };
    matrix(crowded ? area : first, analysis.overlap, style, scene.selection);
    if (!crowded) spectra(second, scene, analysis);
  }

 private:
  /// How strongly a pair's line is drawn.
  enum class Weight { Faint, OfSelectedExpert, SelectedPair };

  static Weight weightOf(const Selection& selection, int first, int second) {
    if (selection.isPair())
      return selection.hasExpert(first) && selection.hasExpert(second) ? Weight::SelectedPair : Weight::Faint;
    return selection.hasExpert(first) || selection.hasExpert(second) ? Weight::OfSelectedExpert : Weight::Faint;
  }

  /// Every pair's angles as a faint line, those of the selected expert in the other's colour, the selected pair's strong.
  void spectra(const Rect& whole, const Scene& scene, const ExpertAnalysis& analysis) {
    int most = 1;
    for (const int e : analysis.withSubspace)
      most = std::max(most, static_cast<int>(analysis.subspaces[static_cast<std::size_t>(e)].cols()));
    const auto with = static_cast<int>(analysis.withSubspace.size());
    const int pairs = with * (with - 1) / 2, stride = (pairs + kMostLines - 1) / kMostLines;
    std::vector<LegendEntry> entries{
        {kRandomColor, translated("random, rank ") + std::to_string(most) + translated(": mean, 5–95 %"), true}};
    if (stride > 1)
      entries.push_back({mutedColor(theme()), translated("one of %1 pairs", std::to_string(stride)), false,
                         translated("1 of %1 pairs", std::to_string(stride))});
    const Rect area = legend(whole, entries);
    Plot plot(canvas(), area, {0.7, most + 0.3, translated("angle number"), false, false}, {0.0, 95.0, translated("degrees")});
    angleNumbers(plot, most);
    faint_ = std::clamp(0.45 * 60.0 / std::min(pairs, kMostLines), 0.07, 0.45);  // of thousands of lines: how many lie there
    ends_.clear();
    for (const Weight weight : {Weight::Faint, Weight::OfSelectedExpert, Weight::SelectedPair}) {
      int number = 0;
      for (int a = 0; a < with; ++a)
        for (int b = a + 1; b < with; ++b) {
          const int first = analysis.withSubspace[static_cast<std::size_t>(a)],
                    second = analysis.withSubspace[static_cast<std::size_t>(b)];
          const bool drawn = weight != Weight::Faint || (number++ % stride) == 0;
          if (drawn && weightOf(scene.selection, first, second) == weight)
            pairLine(plot, scene, first, second, analysis.angles.of(a, b), weight);
        }
      if (weight == Weight::Faint) randomBand(plot, randomAngles(analysis, most));
    }
  }

  void pairLine(Plot& plot, const Scene& scene, int first, int second, const Eigen::VectorXd& angles, Weight weight) {
    std::vector<double> xs, ys;
    for (Eigen::Index i = 0; i < angles.size(); ++i) {
      xs.push_back(static_cast<double>(i) + 1.0);
      ys.push_back(angles[i] * kDegrees);
    }
    const bool pair = weight == Weight::SelectedPair, faint = weight == Weight::Faint;
    const int other = first == scene.selection.expert() ? second : first;
    const Color colour = pair ? accentColor(theme()) : faint ? mutedColor(theme()) : expertColor(other, theme());
    plot.line(xs, ys, colour, pair ? 3.5 : faint ? 1.0 : 2.0, faint ? faint_ : 1.0);
    const std::string name = expertLabel(first) + ", " + expertLabel(second);
    for (std::size_t i = 0; i < xs.size(); ++i) {
      if (!faint) canvas().disc(plot.at(xs[i], ys[i]), pair ? 5.0 : 3.0, colour);
      hit(plot.at(xs[i], ys[i]), 5.0,
          {first, -1, -1, name + formatted(": angle %.0f", xs[i]) + formatted(" is %.1f degrees", ys[i]), second});
    }
    if (!faint && !xs.empty())
      endLabel(plot.at(xs.back(), ys.back()), pair ? name : expertLabel(other),
               pair ? textColor(theme()) : inkOf(colour, theme()), pair);
  }

  /// A line's name at its end; left out where another stands there already.
  void endLabel(Point end, const std::string& words, const Color& colour, bool pair) {
    const double em = canvas().em();
    if (std::any_of(ends_.begin(), ends_.end(), [&](double y) { return std::abs(y - end.y) < 0.8 * em; })) return;
    ends_.push_back(end.y);
    if (pair)  // before the end, above it: there is no room for two names beyond
      canvas().text({end.x, end.y + 0.5 * em}, words, {colour, 0.85, Align::Right, VerticalAlign::Bottom, true});
    else
      canvas().text({end.x + 5, end.y}, words, {colour, 0.72});
  }

  double faint_ = 0.45;
  std::vector<double> ends_;  ///< heights at which lines are named
};

std::string overlapInNumbers(const Scene& scene) {
  if (!scene.analysis) return translated("not measured yet");
  const ExpertAnalysis& analysis = *scene.analysis;
  return translated("overlap(a, b) = |V(a)' V(b)|\xc2\xb2 / r = mean cos\xc2\xb2 of the principal angles\nV: ") +
         (analysis.weightSubspaces ? translated("top right singular vectors of W_gate (no tokens)")
                                   : translated("principal subspaces of routed tokens")) +
         translated(", rank ") + std::to_string(analysis.settings.rank) + translated(" of d ") + std::to_string(analysis.width) +
         "\n" + analysis.overlapInWords() + formatted("; random r/d %.3f", analysis.nullOverlap) +
         formatted(" \xc2\xb1 %.3f", analysis.nullOverlapDeviation);
}

/// A row for each pair and angle, then for each angle what random subspaces give.
DataTable numbersOf(const Scene& scene) {
  const ExpertAnalysis& analysis = shownAnalysis(scene);
  if (analysis.withSubspace.size() < 2) throw std::runtime_error(tooFew(analysis));
  constexpr double degrees = 180.0 / std::numbers::pi;
  DataTable table{{{"what", ""},
                   {"expert", ""},
                   {"other", ""},
                   {"angle_number", ""},
                   {"angle", "degrees"},
                   {"overlap", "mean cos² of the pair's angles"},
                   {"random_5_percent", "degrees"},
                   {"random_95_percent", "degrees"}},
                  {}};
  Eigen::Index most = 0;
  for (std::size_t a = 0; a < analysis.withSubspace.size(); ++a)
    for (std::size_t b = a + 1; b < analysis.withSubspace.size(); ++b) {
      const int first = analysis.withSubspace[a], second = analysis.withSubspace[b];
      const Eigen::VectorXd angles = analysis.angles.of(static_cast<int>(a), static_cast<int>(b));
      most = std::max(most, angles.size());
      for (Eigen::Index i = 0; i < angles.size(); ++i)
        table.add({"pair", first, second, static_cast<int>(i + 1), angles[i] * degrees, analysis.overlap(first, second), Cell(),
                   Cell()});
    }
  const RandomAngles random = simulateRandomAngles(analysis.width, static_cast<int>(most));
  for (Eigen::Index i = 0; i < random.mean.size(); ++i)
    table.add({"random", Cell(), Cell(), static_cast<int>(i + 1), random.mean[i] * degrees, analysis.nullOverlap,
               random.low[i] * degrees, random.high[i] * degrees});
  table.about = aboutAnalysis(scene);
  return table;
}

}  // namespace

ViewDeclaration declarePrincipalAngles() {
  return {
      "principal_angles",
      "Principal angles",
      "How far the subspaces of the experts' tokens overlap, pair by pair, beside random subspaces",
      [] { return std::make_unique<PrincipalAnglesView>(); },
      numbersOf,
      "Experts",
      {},
      {},
      {"How far the subspaces of what the experts are given overlap, pair by pair: 0 orthogonal, 1 the same; beside what random subspaces give.",
       overlapInNumbers,
       "Angles below the random band: experts are given alike tokens. One small first angle and large others: they share one direction."}};
}

}  // namespace moescope
