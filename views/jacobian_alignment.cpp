// How far the Jacobians of different experts point the same way, against what unrelated Jacobians give.

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "views/analysis_view.h"
#include "core/words/words.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr const char* kNeeds = translatable("needs the experts' weights and tokens");

/// Above the diagonal on shared tokens, below on each expert's own where these were measured.
Eigen::MatrixXd drawnOf(const ExpertAnalysis& analysis) {
  Eigen::MatrixXd both = analysis.shared.mean;
  if (analysis.routedAlignment.rows() == both.rows())
    for (Eigen::Index r = 0; r < both.rows(); ++r)
      for (Eigen::Index c = 0; c < r; ++c) both(r, c) = analysis.routedAlignment(r, c);
  return both;
}

/// The greatest that is drawn off the diagonal, and no less than what unrelated experts could give.
double reachOf(const ExpertAnalysis& analysis) {
  const Eigen::MatrixXd both = drawnOf(analysis);
  double reach = 4.0 * analysis.shared.nullDeviation;
  for (Eigen::Index r = 0; r < both.rows(); ++r)
    for (Eigen::Index c = 0; c < both.cols(); ++c)
      if (r != c && !std::isnan(both(r, c))) reach = std::max(reach, std::abs(both(r, c)));
  return reach;
}

class JacobianAlignmentView : public AnalysisView {
 protected:
  std::string title() const override { return translated("Jacobian alignment"); }

  void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) override {
    if (analysis.shared.mean.size() == 0) return say(caption(scene, ""), missing(analysis, kNeeds));
    const double null = analysis.shared.nullDeviation;
    const PairMean alignment = analysis.shared.meanAbsolute();
    const double z = alignment.value / null;
    const std::size_t none = analysis.shared.withoutDirection().size();
    const Rect area =
        caption(scene, {formatted("mean |cos| of the experts' Jacobians %.4f", alignment.value) + formatted(", |z| %.2f", z) +
                            (none > 0 ? translated("; left out without direction: ") + std::to_string(none) : "") + "; " +
                            measuredAt(analysis),
                        formatted("mean |cos| %.4f", alignment.value) + (none > 0 ? ", " + translated("%1 left out", std::to_string(none)) : "")});
    const Eigen::MatrixXd both = drawnOf(analysis);
    double reach = 0.0;
    for (const Scene* each : sharingScale(scene))
      if (each->analysis && each->analysis->shared.mean.size() > 0) reach = std::max(reach, reachOf(*each->analysis));
    MatrixStyle style;
    style.minimum = -reach;
    style.maximum = reach;
    style.diverging = true;
    style.unit = translated("cos");
    style.pick = [both, null](int r, int c) {
      const std::string tokens = r == c  ? translated("itself")
                                 : c > r ? translated("shared tokens")
                                         : translated("each expert's own tokens");
      return expertLabel(r) + ", " + expertLabel(c) + formatted(": Jacobian alignment %.4f", both(r, c)) +
             formatted(", z %.2f", both(r, c) / null) + " (" + tokens + ")";
    };
    matrix(area, both, style, scene.selection);
  }
};

std::string alignmentInNumbers(const Scene& scene) {
  if (!scene.analysis) return translated("not measured yet");
  const ExpertAnalysis& analysis = *scene.analysis;
  const double null = analysis.shared.nullDeviation;
  return translated("cos(a, b) = <J(a), J(b)> / |J(a)| |J(b)|, J = dE/dh of the experts\nAbove the diagonal on ") +
         std::to_string(std::min(analysis.tokens, analysis.settings.jacobianTokens)) +
         translated(" shared tokens, below of means over each expert's own\n") +
         formatted("mean |cos| %.4f", analysis.shared.meanAbsolute().value) +
         formatted("; independent at one token %.4f, over many less", null * std::sqrt(2.0 / std::numbers::pi)) +
         formatted("\nz = cos / %.4f, the deviation of independent Jacobians", null);
}

DataTable numbersOf(const Scene& scene) {
  const ExpertAnalysis& analysis = shownAnalysis(scene);
  const Eigen::MatrixXd& shared = analysis.shared.mean;
  if (shared.size() == 0) throw std::runtime_error(missing(analysis, kNeeds));
  const bool own = analysis.routedAlignment.rows() == shared.rows();
  DataTable table{{{"expert", ""},
                   {"other", ""},
                   {"cos_on_shared_tokens", ""},
                   {"z_on_shared_tokens", "standard deviations of independent ones at one token"},
                   {"cos_of_means_over_own_tokens", ""}},
                  {}};
  for (Eigen::Index a = 0; a < shared.rows(); ++a)
    for (Eigen::Index b = a + 1; b < shared.cols(); ++b)
      table.add({static_cast<int>(a), static_cast<int>(b), shared(a, b), shared(a, b) / analysis.shared.nullDeviation,
                 own ? Cell(analysis.routedAlignment(b, a)) : Cell()});
  table.about = aboutAnalysis(scene);
  return table;
}

}  // namespace

ViewDeclaration declareJacobianAlignment() {
  return {"jacobian_alignment",
          "Jacobian alignment",
          "Cosine between the experts' Jacobians; near zero is what unrelated experts give",
          [] { return std::make_unique<JacobianAlignmentView>(); },
          numbersOf,
          "Experts",
          {},
          {},
          {"Whether two experts compute the same: the cosine of their Jacobians, the linear maps that they are around a token.",
           alignmentInNumbers,
           "Near zero everywhere: unrelated experts. Coloured blocks off the diagonal: experts that do the same work."}};
}

}  // namespace moescope
