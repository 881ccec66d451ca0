#pragma once
// Whether a score says beforehand where an outcome is high: ranks and tenths.

#include <Eigen/Core>
#include <vector>

namespace moescope {

/// The chance that the score of a case whose outcome is above the median lies above the score of one whose outcome is not, ties
/// half: area under the ROC curve. 0.5: the score tells nothing. Cases with a value that is not finite are left out; NaN where
/// one of the two groups is empty.
double areaUnderRoc(const Eigen::VectorXf& score, const Eigen::VectorXf& outcome);

/// Cases sorted by score and cut into `parts` of equal number (to one): mean score and mean outcome of each.
struct CalibrationPart {
  double score = 0.0, outcome = 0.0;
  int count = 0;
};

/// Cases with a value that is not finite are left out; parts that would be empty too.
std::vector<CalibrationPart> calibrationOf(const Eigen::VectorXf& score, const Eigen::VectorXf& outcome, int parts);

}  // namespace moescope
