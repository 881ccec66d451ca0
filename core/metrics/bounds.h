#pragma once
// Proven bounds on the gate distribution softmax(l) of one token, l in R^N. Natural logarithms throughout.
// Derivations: the project's math specification, section 4 (E2, E3, E4, C1, C2).

#include <Eigen/Core>

#include "core/metrics/entropy_bounds.h"  // E2 and E3

namespace moescope {

/// E4: the least mass of the k largest gates when the k-th and (k+1)-th logit differ by `gap` >= 0. Tight.
double topKMassLowerBound(int experts, int k, double gap);

/// C1: the least gate that any expert can have when the logits span `range` >= 0.
double gateFloor(int experts, double range);

/// Binary relative entropy kl(a || b) = a log(a/b) + (1-a) log((1-a)/(1-b)), nats; a in [0, 1], b in (0, 1).
double binaryDivergence(double a, double b);

/// C1: at most this is the probability that some expert gets no token, when each of T tokens draws one expert from its own gates
/// and their logits span `ranges` (T): N prod_t (1 - p_min(range_t)). Above 1 it says nothing.
double idleExpertBound(int experts, const Eigen::VectorXf& ranges);

/// C2: the least mean gate that any expert can have when the mean gates diverge from uniform by `divergence` = KL(mean ||
/// uniform)
/// >= 0 nats: the smallest x with kl(x || 1/N) <= divergence; 0 where nothing is excluded.
double leastLoadBound(int experts, double divergence);

}  // namespace moescope
