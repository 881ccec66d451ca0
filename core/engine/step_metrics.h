#pragma once
// One training step's scalars, kept for every step.

#include <cstdint>
#include <vector>

namespace moescope {

struct StepMetrics {
  std::int64_t step = 0;
  double loss = 0.0;                         ///< nats per byte of the training batch
  double heldOutLoss = 0.0;                  ///< the same on the probe; NaN where not measured at this step
  std::vector<double> entropy;               ///< per layer, mean token entropy of the routing probabilities, nats
  std::vector<double> effectiveExperts;      ///< per layer, mean over tokens of exp H
  std::vector<double> loadVariation;         ///< per layer, CV of the applied assignments of this batch
  std::vector<double> maxViolation;          ///< per layer, MaxVio of the same
};

}  // namespace moescope
