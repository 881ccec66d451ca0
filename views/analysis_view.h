#pragma once
// What the views of the expert analysis share: the waiting message, where and when it was measured, and matrices of experts.

#include <Eigen/Core>

#include <functional>

#include "views/flat_view.h"

namespace moescope {

class AnalysisView : public FlatView {
 protected:
  /// Says that there is no analysis yet, or draws it.
  void draw(const Scene& scene) final;
  virtual void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) = 0;
  bool showsTokens(const Scene& scene) const override { return scene.analysis && scene.analysis->tokens > 0; }
  /// "layer 1, step 1200"; of a checkpoint "layer 5".
  std::string measuredAt(const ExpertAnalysis& analysis) const;
  /// Why a part of the analysis is missing, or `otherwise`.
  static std::string missing(const ExpertAnalysis& analysis, const std::string& otherwise) { return analysis.missing.empty() ? otherwise : analysis.missing; }

  struct MatrixStyle {
    double minimum = 0.0, maximum = 1.0;
    bool diverging = false;      ///< blue below `centre`, orange above it; else sequential
    double centre = 0.0;
    double null = NAN;           ///< marked on the colour bar where finite
    const char* number = "%.2f";
    std::string rowsAre = "expert", columnsAre = "expert", unit;
    std::function<std::string(int, int)> pick;  ///< words for the pointer; row and column
  };
  /// A square of cells with labels and a colour bar. NaN cells are hatched out.
  void matrix(const Rect& area, const Eigen::MatrixXd& values, const MatrixStyle& style, int selected);

 private:
  void colourBar(const Rect& area, const MatrixStyle& style);
  Color colourOf(double value, const MatrixStyle& style) const;

  SnapshotPointer snapshot_;
};

}  // namespace moescope
