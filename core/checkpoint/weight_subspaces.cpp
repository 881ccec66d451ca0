#include "core/checkpoint/weight_subspaces.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/checkpoint/layer_analysis.h"

namespace moescope {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// Sorts the experts by what their W_gate spans; only subspaces of one dimension are compared.
void chooseWeightSubspaces(const std::vector<char>& finite, LayerReport& report) {
  for (int e = 0; e < report.experts; ++e) {
    Eigen::MatrixXd& basis = report.weightSubspaces[static_cast<std::size_t>(e)];
    if (basis.cols() == report.weightRank) report.withWeightSubspace.push_back(e);
    else if (finite[static_cast<std::size_t>(e)]) report.weightsLeftOut.push_back(e);
    if (basis.cols() != report.weightRank) basis.resize(report.width, 0);
  }
  if (!report.weightsLeftOut.empty())
    report.notes.add(ReadingNoteKind::Missing, "layer " + std::to_string(report.layer) + ": W_gate spans fewer than " + std::to_string(report.weightRank) + " directions: expert " +
                                                   expertsListed(report.weightsLeftOut) + "; left out of the overlap of weight subspaces");
}

}  // namespace

std::string expertsListed(const std::vector<int>& experts) {
  std::string text;
  for (const int expert : experts) text += (text.empty() ? "" : ", ") + std::to_string(expert);
  return text;
}

void measureWeightSubspaces(int rank, int threads, const std::vector<char>& finite, LayerReport& report) {
  report.weightRank = std::clamp(rank, 1, std::min(report.units, report.width));
  chooseWeightSubspaces(finite, report);
  std::vector<Eigen::MatrixXd> bases;
  for (const int e : report.withWeightSubspace) bases.push_back(report.weightSubspaces[static_cast<std::size_t>(e)]);
  report.weightAngles = principalAnglesOfAllPairs(bases, threads);
  report.weightOverlap = Eigen::MatrixXd::Constant(report.experts, report.experts, kUndefined);
  for (std::size_t a = 0; a < bases.size(); ++a) {
    const int first = report.withWeightSubspace[a];
    report.weightOverlap(first, first) = 1.0;
    for (std::size_t b = a + 1; b < bases.size(); ++b) {
      const int second = report.withWeightSubspace[b];
      report.weightOverlap(first, second) = report.weightOverlap(second, first) = report.weightAngles.of(static_cast<int>(a), static_cast<int>(b)).array().cos().square().mean();
    }
  }
  const double d = report.width, r = report.weightRank;
  report.nullOverlap = r / d;
  report.nullOverlapDeviation = std::sqrt(2.0) * (d - r) / (d * std::sqrt((d - 1.0) * (d + 2.0)));
}

Eigen::VectorXd overlapWith(const Eigen::MatrixXd& basis, const std::vector<Eigen::MatrixXd>& bases) {
  Eigen::VectorXd overlap(static_cast<Eigen::Index>(bases.size()));
  for (std::size_t e = 0; e < bases.size(); ++e)
    overlap[static_cast<Eigen::Index>(e)] = (basis.transpose() * bases[e]).squaredNorm() / static_cast<double>(std::min(basis.cols(), bases[e].cols()));
  return overlap;
}

std::uint64_t scratchBytes(std::uint64_t units, std::uint64_t width, std::uint64_t experts, std::uint64_t rank) {
  return (units * (width + experts) + 4 * (units + width) * topRightColumns(rank)) * sizeof(float);
}

}  // namespace moescope
