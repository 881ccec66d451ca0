#pragma once
// Does a router's score say how strongly the expert answers? Math specification, section 6.

#include <Eigen/Core>
#include <vector>

#include "core/geometry/expert_source.h"

namespace moescope {

/// Score against activation of one expert over the tokens routed to it.
struct ScoreActivation {
  std::vector<int> tokens;         ///< rows of the layer's tokens
  std::vector<double> score;       ///< s_i(h), the router's logit
  std::vector<double> activation;  ///< |f(W_gate h, W_up h)|, Euclidean norm of the hidden units
  double pearson = 0.0, spearman = 0.0;  ///< NaN below three tokens or without spread
};

/// `tokens`: T x d; `scores`: T, of this expert; `rows`: the tokens routed to it. Some tokens at a time.
ScoreActivation scoreActivationOf(const ExpertWeights& expert, const RowMatrix& tokens, const Eigen::VectorXf& scores,
                                  const std::vector<Eigen::Index>& rows);

struct MeanCorrelation {
  double value = 0.0;  ///< NaN without experts
  int experts = 0;     ///< that it is a mean over
};
/// Mean over the experts with three tokens or more, and spread; NaN where a score or activation is not finite.
MeanCorrelation meanSpearman(const std::vector<ScoreActivation>& experts);

/// NaN below three values, without spread, or where a value is not finite.
double pearsonCorrelation(const Eigen::VectorXd& x, const Eigen::VectorXd& y);
/// Of ranks; ties share their mean rank.
double spearmanCorrelation(const Eigen::VectorXd& x, const Eigen::VectorXd& y);

}  // namespace moescope
