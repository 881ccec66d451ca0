#pragma once
// Proven bounds on the gate distribution softmax(l) of one token, l in R^N. Natural logarithms throughout.
// Derivations: the project's math specification, section 4 (E2, E3, E4, C1).

namespace moescope {

/// E2: the least entropy that N logits can have when the largest and smallest differ by `range` >= 0. Tight.
double entropyLowerBound(int experts, double range);

/// E3: the greatest entropy that N logits can have when the two largest differ by `gap` >= 0. Tight.
double entropyUpperBound(int experts, double gap);

/// E4: the least mass of the k largest gates when the k-th and (k+1)-th logit differ by `gap` >= 0. Tight.
double topKMassLowerBound(int experts, int k, double gap);

/// C1: the least gate that any expert can have when the logits span `range` >= 0.
double gateFloor(int experts, double range);

}  // namespace moescope
