#pragma once
// What the views of the expert analysis share: the waiting message, where and when it was measured, matrices of experts, and
// what random subspaces would give.

#include <Eigen/Core>

#include <functional>
#include <map>
#include <numbers>
#include <utility>

#include "core/geometry/random_angles.h"
#include "core/words/words.h"
#include "views/flat_view.h"
#include "views/plot.h"

namespace moescope {

/// "layer 1, step 1200"; of a checkpoint "layer 5".
std::string measuredAt(const Snapshot& snapshot, const ExpertAnalysis& analysis);
/// The analysis that the scene shows. Throws std::runtime_error with why there is none.
const ExpertAnalysis& shownAnalysis(const Scene& scene);
/// Where it was measured, and what of it is missing.
std::vector<std::pair<std::string, Cell>> aboutAnalysis(const Scene& scene);

/// Why a part of the analysis is missing, or `otherwise`.
inline std::string missing(const ExpertAnalysis& analysis, const std::string& otherwise) {
  return translated(analysis.missing.empty() ? otherwise : analysis.missing);
}
/// That fewer than two experts have a subspace, and what that takes.
std::string tooFew(const ExpertAnalysis& analysis);

class AnalysisView : public FlatView {
 protected:
  /// Says that there is no analysis yet, or draws it.
  void draw(const Scene& scene) override;
  virtual void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) = 0;
  bool showsTokens(const Scene& scene) const override { return scene.analysis && scene.analysis->tokens > 0; }
  std::string measuredAt(const ExpertAnalysis& analysis) const { return moescope::measuredAt(*snapshot_, analysis); }
  /// "; 2 of 8 experts left out: fewer than 5 tokens" where some have no subspace to compare.
  static std::string leftOut(const ExpertAnalysis& analysis);

  struct MatrixStyle {
    double minimum = 0.0, maximum = 1.0;
    bool diverging = false;      ///< blue below `centre`, orange above it; else sequential
    double centre = 0.0;
    double null = NAN;           ///< marked on the colour bar where finite
    const char* number = "%.2f";
    std::string rowsAre = "expert", columnsAre = "expert", unit;  ///< rowsAre, columnsAre: in English, translated where drawn
    std::function<std::string(int, int)> pick;  ///< words for the pointer; row and column
  };
  /// A square of cells with labels and a colour bar. NaN cells are hatched out; where cells are too small for that, experts with
  /// no value have no row and column, if they are not selected. A cell off the diagonal picks its pair of experts; the selected
  /// expert's row is framed, of a selected pair its two cells.
  void matrix(const Rect& area, const Eigen::MatrixXd& values, const MatrixStyle& style, const Selection& selection);

  /// What independent uniform subspaces of this rank give in the analysis's space; simulated once.
  const RandomAngles& randomAngles(const ExpertAnalysis& analysis, int rank);
  /// The numbers 1 to `count` below a plot of angles that draws no ticks of its own.
  void angleNumbers(const Plot& plot, int count);
  /// Their mean and 5 to 95 % range over the number of the angle, in degrees.
  void randomBand(Plot& plot, const RandomAngles& random);
  static constexpr double kDegrees = 180.0 / std::numbers::pi;  ///< of one radian
  static constexpr Color kRandomColor{0.835, 0.369, 0.0};  ///< Okabe and Ito's vermilion

 private:
  std::function<std::string(double)> numbersFor(const Eigen::MatrixXd& values, const MatrixStyle& style, double cell) const;
  void markSelection(Point topLeft, double cell, const std::vector<int>& experts, const Selection& selection);
  Color colourOf(double value, const MatrixStyle& style) const;

  SnapshotPointer snapshot_;
  AnalysisPointer analysis_;  ///< of which late hits tell
  std::map<std::pair<int, int>, RandomAngles> random_;  ///< by dimension and rank
};

}  // namespace moescope
