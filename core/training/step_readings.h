#pragma once
// What a step's metrics need of the forward pass, as numbers that are fetched from a GPU once a step together with the loss.
// Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <Eigen/Core>
#include <vector>

#include "core/model/transformer.h"

namespace moescope {

/// Of one layer in one step.
struct LayerReadings {
  double entropy = 0.0, effectiveExperts = 0.0;  ///< of the routing probabilities: mean H in nats, mean exp H
  double auxiliaryLoss = 0.0;                    ///< weighted; 0 where the router has none
  Eigen::VectorXd intended, dropped;  ///< N: share of the assignments that the router intended, and of all of them what was
                                      ///< dropped. Chosen ones count 1, where all work their gates count
};

/// All layers' numbers in one vector of doubles, on the device of the traces.
torch::Tensor readingsOf(const std::vector<LayerPass>& traces);
/// The layers out of such a vector's numbers, `experts` each.
std::vector<LayerReadings> readLayers(const std::vector<double>& numbers, int experts);

}  // namespace moescope
