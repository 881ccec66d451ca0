#include "core/geometry/router_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/geometry/cosines.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct PairCosines {
  double absolute, signedMean;
};

PairCosines pairCosines(const RowMatrix& rows) {
  const Eigen::MatrixXd all = cosinesOfRows(rows);
  const std::vector<int> without = rowsWithoutDirection(rows);
  const auto counts = [&](Eigen::Index e) {
    return std::find(without.begin(), without.end(), static_cast<int>(e)) == without.end();
  };
  double sum = 0.0;
  for (Eigen::Index a = 0; a < all.rows(); ++a)
    for (Eigen::Index b = a + 1; b < all.cols(); ++b)
      if (counts(a) && counts(b)) sum += all(a, b);
  const PairMean absolute = meanOverPairs(all, without);
  return {absolute.value, absolute.pairs > 0 ? sum / absolute.pairs : kNone};
}

/// Of unit vectors u: mean over pairs of u_a . u_b = (|sum u|^2 - n) / (n (n - 1)).
double meanPairCosine(const RowMatrix& tokens, const std::vector<Eigen::Index>& rows, int atMost) {
  const std::size_t taken = std::min(rows.size(), static_cast<std::size_t>(atMost));
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(tokens.cols());
  for (std::size_t i = 0; i < taken; ++i)
    sum += tokens.row(rows[i * rows.size() / taken]).cast<double>().normalized().transpose();
  const double n = static_cast<double>(taken);
  return (sum.squaredNorm() - n) / (n * (n - 1.0));
}

}  // namespace

RowSimilarity rowSimilarity(const RowMatrix& rows) {
  const PairCosines asTheyAre = pairCosines(rows);
  const Eigen::RowVectorXd mean = rows.cast<double>().colwise().mean();
  const PairCosines centred = pairCosines((rows.cast<double>().rowwise() - mean).cast<float>());
  return {asTheyAre.absolute, asTheyAre.signedMean, centred.absolute, centred.signedMean};
}

double sameExpertCosine(const RowMatrix& tokens, const RowMatrix& gates, int atMost) {
  double sum = 0.0;
  int experts = 0;
  for (Eigen::Index e = 0; e < gates.cols(); ++e) {
    std::vector<Eigen::Index> rows;
    for (Eigen::Index t = 0; t < gates.rows(); ++t)
      if (gates(t, e) != 0.0f && !(tokens.row(t).array() == 0.0f).all()) rows.push_back(t);
    if (rows.size() < 2) continue;
    sum += meanPairCosine(tokens, rows, atMost);
    ++experts;
  }
  return experts > 0 ? sum / experts : kNone;
}

double projectionEnergy(const RowMatrix& tokens, const RowMatrix& gates, const RowMatrix& rows) {
  const Eigen::VectorXd ofTokens = tokens.cast<double>().rowwise().squaredNorm(),
                        ofRows = rows.cast<double>().rowwise().squaredNorm();
  const Eigen::MatrixXd inner = tokens.cast<double>() * rows.cast<double>().transpose();
  double sum = 0.0;
  long count = 0;
  for (Eigen::Index t = 0; t < gates.rows(); ++t)
    for (Eigen::Index e = 0; e < gates.cols(); ++e) {
      if (gates(t, e) == 0.0f || ofTokens[t] == 0.0 || ofRows[e] == 0.0) continue;
      sum += inner(t, e) * inner(t, e) / (ofTokens[t] * ofRows[e]);
      ++count;
    }
  return count > 0 ? sum / static_cast<double>(count) : kNone;
}

}  // namespace moescope
