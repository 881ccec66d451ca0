#include "core/reading/posterior_agreement.h"

#include <cmath>

#include "core/reading/routing.h"

namespace moescope {
namespace {

double divergenceOf(const RowMatrix& q, const RowMatrix& p, Eigen::Index token) {
  double sum = 0.0;
  for (Eigen::Index e = 0; e < q.cols(); ++e)
    if (q(token, e) > 0.0f)
      sum += q(token, e) *
             (std::log(static_cast<double>(q(token, e))) - std::log(std::max(1e-38, static_cast<double>(p(token, e)))));
  return std::max(0.0, sum);
}

}  // namespace

std::optional<PosteriorAgreement> posteriorAgreement(const LayerSnapshot& layer, const Lens& lens) {
  if (layer.posteriorScores.size() == 0) return std::nullopt;
  const RowMatrix q = routingProbabilities(logitsAt(layer, lens.concentration, lens.reading, GateSource::Trained), 1.0f);
  const RowMatrix p = routingProbabilities(logitsAt(layer, lens.concentration, lens.reading, GateSource::Prior), 1.0f);
  PosteriorAgreement result;
  result.posteriorEntropy = measureRouting(q).tokenEntropy;
  result.priorEntropy = measureRouting(p).tokenEntropy;
  result.divergence.resize(q.rows());
  for (Eigen::Index t = 0; t < q.rows(); ++t) {
    Eigen::Index first = 0, second = 0;
    q.row(t).maxCoeff(&first);
    p.row(t).maxCoeff(&second);
    result.sameLeader.push_back(first == second);
    result.agreement += first == second ? 1.0 : 0.0;
    const double divergence = divergenceOf(q, p, t);
    result.divergence[t] = static_cast<float>(divergence);
    result.meanDivergence += divergence;
  }
  result.agreement /= static_cast<double>(q.rows());
  result.meanDivergence /= static_cast<double>(q.rows());
  return result;
}

}  // namespace moescope
