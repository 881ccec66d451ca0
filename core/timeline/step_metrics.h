#pragma once
// One training step's scalars, kept for every step.

#include <cstdint>
#include <string>
#include <vector>

namespace moescope {

struct StepMetrics {
  std::int64_t step = 0;
  double loss = 0.0;                         ///< nats per byte of the training batch
  double heldOutLoss = 0.0;                  ///< the same on the probe; NaN where not measured at this step
  std::vector<double> entropy;               ///< per layer, mean token entropy of the routing probabilities, nats
  std::vector<double> effectiveExperts;      ///< per layer, mean over tokens of exp H
  std::vector<double> loadVariation;         ///< per layer, CV of the intended assignments of this batch
  std::vector<double> maxViolation;          ///< per layer, MaxVio of the same
  std::vector<double> auxiliaryLoss;         ///< per layer, the router's own loss, weighted; 0 where it has none
  std::vector<double> dropped;               ///< per layer, share of the intended assignments that capacity dropped
  std::string router;                        ///< registry name of the router that was trained in this step
};

}  // namespace moescope
