#pragma once
// What a set of tokens is like, beside everybody.

#include <Eigen/Core>
#include <vector>

#include "core/reading/routing.h"
#include "core/reading/selection.h"

namespace moescope {

/// Of some tokens of a probe.
struct GroupNumbers {
  int tokens = 0;
  Eigen::VectorXd load;       ///< N: each expert's share of the applied gates; zeros where no expert works on any of them
  std::vector<int> led;       ///< N: tokens whose greatest applied gate is the expert's; of equal ones the first
  int unserved = 0;           ///< tokens on which no expert works
  double entropy = 0.0;       ///< nats: mean entropy of the routing probabilities, over those that are numbers; NaN: of none
  double loss =
      0.0;  ///< nats for the byte that follows, routed as in training: mean over the tokens that have one; NaN: none was measured
};

struct SetNumbers {
  GroupNumbers set, all;
};

/// T: whether each token belongs to the set that a selection is: one of its tokens where it has some, of one of its domains where
/// it has some, and led by one of its experts where it has some. All, where nothing is selected.
std::vector<bool> tokensOf(const Snapshot& snapshot, const Routing& routing, const Selection& selection);

/// `routing`: of the snapshot.
SetNumbers numbersOfSet(const Snapshot& snapshot, const Routing& routing, const Selection& selection);

}  // namespace moescope
