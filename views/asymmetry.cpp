// Functional decorrelation against representational overlap: one point for each pair of experts.

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

constexpr const char* kNeeds = translatable("needs the experts' weights and tokens");

class AsymmetryView : public AnalysisView {
 protected:
  std::string title() const override { return translated("Geometric asymmetry"); }

  void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) override {
    if (analysis.shared.mean.size() == 0) return say(caption(scene, ""), missing(analysis, kNeeds));
    const Eigen::MatrixXd z = analysis.shared.zScore().cwiseAbs();
    const Eigen::Index missed = withoutNumber(z, analysis.overlap);
    const double meanZ = analysis.shared.meanAbsolute().value / analysis.shared.nullDeviation,
                 meanOverlap = analysis.meanOverlap().value;
    const Rect area =
        caption(scene, {formatted("each point is a pair of experts: mean |z| %.2f", meanZ) +
                            formatted(", mean overlap %.3f", meanOverlap) + leftOut(analysis) +
                            (missed ? translated("; pairs without both numbers, left out: ") + std::to_string(missed) : "") +
                            "; " + measuredAt(analysis) + pinned(scene),
                        missed || !leftOut(analysis).empty() ? formatted("some left out; mean |z| %.2f", meanZ)
                                                             : formatted("mean |z| %.2f", meanZ)});
    double reach = std::max(3.0, comparable(scene) ? largest(scene.reference->analysis->shared.zScore().cwiseAbs()) : 0.0);
    for (const Scene* each : sharingScale(scene))
      if (each->analysis && each->analysis->shared.mean.size() > 0)
        reach = std::max(reach, largest(each->analysis->shared.zScore().cwiseAbs()));
    Plot plot(canvas(), area, {0.0, 1.05 * reach, translated("|z| of the Jacobian alignment"), false, true, "|z|"},
              {0.0, 1.0, translated("overlap of subspaces (mean cos\xc2\xb2)"), false, true, translated("overlap")});
    const Rect inner = plot.inner();
    const auto nullLine = [&](Point from, Point to) { canvas().dashedLine(from, to, accentColor(theme()), 1.5, 0.8); };
    const double unrelated = std::sqrt(2.0 / std::numbers::pi);
    nullLine({plot.x(unrelated), inner.y}, {plot.x(unrelated), inner.y + inner.height});
    nullLine({inner.x, plot.y(analysis.nullOverlap)}, {inner.x + inner.width, plot.y(analysis.nullOverlap)});
    canvas().text({plot.x(unrelated) + 4, inner.y + inner.height - 4}, translated("independent"),
                  {textColor(theme()), 0.74, Align::Left, VerticalAlign::Top});
    canvas().text({inner.x + inner.width, plot.y(analysis.nullOverlap) + 3}, translated("random r/d"),
                  {textColor(theme()), 0.74, Align::Right, VerticalAlign::Bottom});
    keepClear(plot.at(meanZ, meanOverlap), 10.0);
    trail(plot, scene);
    reference(plot, scene);
    for (Eigen::Index a = 0; a < z.rows(); ++a)
      for (Eigen::Index b = a + 1; b < z.cols(); ++b) {
        if (std::isnan(analysis.overlap(a, b)) || std::isnan(z(a, b))) continue;
        const int first = static_cast<int>(a), second = static_cast<int>(b);
        pairPoint(plot.at(z(a, b), analysis.overlap(a, b)), scene, analysis, first, second);
      }
    if (const Selection& selection = scene.selection;
        selection.isPair() && selection.expert() < z.rows() && selection.other() < z.rows())
      selectedPair(plot, z, analysis, std::min(selection.expert(), selection.other()),
                   std::max(selection.expert(), selection.other()));
    if (std::isnan(meanOverlap) || std::isnan(meanZ)) return;
    canvas().ring(plot.at(meanZ, meanOverlap), 9.0, textColor(theme()), 2.5);
    labelAt(plot.at(meanZ, meanOverlap), 10.0, translated("mean"), 0.8, true, true);
  }

 private:
  /// The largest element above the diagonal that is a number; 0 where none is.
  static double largest(const Eigen::MatrixXd& z) {
    double most = 0.0;
    for (Eigen::Index a = 0; a < z.rows(); ++a)
      for (Eigen::Index b = a + 1; b < z.cols(); ++b)
        if (std::isfinite(z(a, b))) most = std::max(most, z(a, b));
    return most;
  }

  /// How many pairs have no place: not both of their numbers were measured.
  static Eigen::Index withoutNumber(const Eigen::MatrixXd& z, const Eigen::MatrixXd& overlap) {
    Eigen::Index count = 0;
    for (Eigen::Index a = 0; a < z.rows(); ++a)
      for (Eigen::Index b = a + 1; b < z.cols(); ++b) count += std::isnan(z(a, b)) || std::isnan(overlap(a, b));
    return count;
  }

  void pairPoint(Point at, const Scene& scene, const ExpertAnalysis& analysis, int first, int second) {
    const bool mine = !scene.selection.isPair() && (scene.selection.hasExpert(first) || scene.selection.hasExpert(second));
    const double pairs = 0.5 * analysis.experts * (analysis.experts - 1),
                 radius = std::clamp(3.5 * std::sqrt(400.0 / pairs), 1.7, 3.5);
    canvas().disc(at, mine ? radius + 1.5 : radius, mine ? expertColor(scene.selection.expert(), theme()) : mutedColor(theme()),
                  scene.selection.expert() >= 0 && !mine ? 0.35 : 0.9);
    hit(at, 5.0,
        {first, -1, -1,
         expertLabel(first) + ", " + expertLabel(second) +
             formatted(": Jacobian alignment z %.2f", analysis.shared.zScore()(first, second)) +
             formatted(", overlap %.3f", analysis.overlap(first, second)),
         second});
  }

  void selectedPair(Plot& plot, const Eigen::MatrixXd& z, const ExpertAnalysis& analysis, int first, int second) {
    if (std::isnan(analysis.overlap(first, second)) || std::isnan(z(first, second))) return;
    const Point at = plot.at(z(first, second), analysis.overlap(first, second));
    canvas().disc(at, 5.5, accentColor(theme()));
    canvas().ring(at, 9.0, accentColor(theme()), 2.0);
    labelAt(at, 10.0, expertLabel(first) + ", " + expertLabel(second), 0.8, true, true);
  }

  static bool comparable(const Scene& scene) { return scene.reference && scene.reference->analysis->shared.mean.size() > 0; }

  static std::string pinned(const Scene& scene) {
    if (!comparable(scene)) return "";
    const ExpertAnalysis& other = *scene.reference->analysis;
    return translated(". Rings, pinned: ") + scene.reference->name +
           formatted(", mean |z| %.2f", other.shared.meanAbsolute().value / other.shared.nullDeviation) +
           formatted(", mean overlap %.3f", other.meanOverlap().value);
  }

  /// The pinned run's pairs as rings, its mean as a larger one.
  void reference(Plot& plot, const Scene& scene) {
    if (!comparable(scene)) return;
    const ExpertAnalysis& other = *scene.reference->analysis;
    const Eigen::MatrixXd z = other.shared.zScore().cwiseAbs();
    const Color colour{0.90, 0.62, 0.0};
    for (Eigen::Index a = 0; a < z.rows(); ++a)
      for (Eigen::Index b = a + 1; b < z.cols(); ++b) {
        if (std::isnan(other.overlap(a, b)) || std::isnan(z(a, b))) continue;
        const Point at = plot.at(z(a, b), other.overlap(a, b));
        canvas().ring(at, 4.0, colour, 1.3, 0.8);
        hit(at, 4.0,
            {-1, -1, -1,
             translated("pinned ") + scene.reference->name + ": " + expertLabel(static_cast<int>(a)) + ", " +
                 expertLabel(static_cast<int>(b)) + formatted(": |z| %.2f", z(a, b)) +
                 formatted(", overlap %.3f", other.overlap(a, b))});
      }
    const Point mean = plot.at(other.shared.meanAbsolute().value / other.shared.nullDeviation, other.meanOverlap().value);
    if (std::isnan(mean.x) || std::isnan(mean.y)) return;
    canvas().ring(mean, 9.0, colour, 2.5);
    labelAt(mean, 10.0, scene.reference->name, 0.8, true, true);
  }

  /// Where the mean came from.
  void trail(Plot& plot, const Scene& scene) {
    if (!scene.analysisHistory) return;
    std::vector<double> xs, ys;
    for (const auto& past : *scene.analysisHistory) {
      if (past->shared.mean.size() == 0) continue;
      xs.push_back(past->shared.meanAbsolute().value / past->shared.nullDeviation);
      ys.push_back(past->meanOverlap().value);
    }
    plot.line(xs, ys, textColor(theme()), 1.5, 0.6);
  }
};

std::string asymmetryInNumbers(const Scene& scene) {
  if (!scene.analysis) return translated("not measured yet");
  const ExpertAnalysis& analysis = *scene.analysis;
  return scene.snapshot->router +
         formatted(": mean |z| %.2f of the Jacobian alignment",
                   analysis.shared.meanAbsolute().value / analysis.shared.nullDeviation) +
         translated(" (independent at one token sqrt(2 / pi) = 0.80, over many less)\n") +
         formatted("mean overlap %.3f", analysis.meanOverlap().value) + formatted(" (random r/d %.3f)", analysis.nullOverlap);
}

/// The pairs of one analysis, then their mean.
void addPairs(DataTable& table, const std::string& what, const ExpertAnalysis& analysis) {
  const Eigen::MatrixXd z = analysis.shared.zScore().cwiseAbs();
  for (Eigen::Index a = 0; a < z.rows(); ++a)
    for (Eigen::Index b = a + 1; b < z.cols(); ++b)
      table.add({what, analysis.step, static_cast<int>(a), static_cast<int>(b), z(a, b), analysis.overlap(a, b)});
}

void addMean(DataTable& table, const std::string& what, const ExpertAnalysis& analysis) {
  table.add({what, analysis.step, Cell(), Cell(), analysis.shared.meanAbsolute().value / analysis.shared.nullDeviation,
             analysis.meanOverlap().value});
}

DataTable numbersOf(const Scene& scene) {
  const ExpertAnalysis& analysis = shownAnalysis(scene);
  if (analysis.shared.mean.size() == 0) throw std::runtime_error(missing(analysis, kNeeds));
  DataTable table{
      {{"what", ""}, {"step", ""}, {"expert", ""}, {"other", ""}, {"jacobian_alignment", "|z|"}, {"overlap", "mean cos²"}}, {}};
  addPairs(table, "pair", analysis);
  addMean(table, "mean", analysis);
  if (scene.analysisHistory)
    for (const AnalysisPointer& past : *scene.analysisHistory)
      if (past->shared.mean.size() > 0) addMean(table, "mean on the way", *past);
  table.about = aboutAnalysis(scene);
  table.about.emplace_back("random_overlap", analysis.nullOverlap);
  if (scene.reference && scene.reference->analysis->shared.mean.size() > 0) {
    addPairs(table, "pinned pair", *scene.reference->analysis);
    addMean(table, "pinned mean", *scene.reference->analysis);
    table.about.emplace_back("pinned", scene.reference->name);
  }
  return table;
}

}  // namespace

ViewDeclaration declareAsymmetry() {
  return {
      "asymmetry",
      "Geometric asymmetry",
      "Functional decorrelation (Jacobians) against representational overlap (subspaces) for each pair of experts",
      [] { return std::make_unique<AsymmetryView>(); },
      numbersOf,
      "Experts",
      {},
      {},
      {"What two experts compute (functional decorrelation, by Jacobians) against what they are given (representational overlap, by subspaces): one point for each pair.",
       asymmetryInNumbers,
       "Points at the left and high up: experts that are given alike tokens yet compute unrelated things. That is the geometric asymmetry."}};
}

}  // namespace moescope
