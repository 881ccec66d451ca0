#pragma once
// One planned training run of an experiment: what is trained, and everything that the papers' claims ask about it.

#include <functional>
#include <string>
#include <vector>

#include "core/engine/knobs.h"

namespace moescope {

struct PlannedRun {
  Knobs knobs;
  long steps = 400;
};

/// Per layer and after the last step unless said otherwise.
struct RunResult {
  double heldOutLoss = 0.0;                      ///< nats per byte
  std::vector<double> loadVariation, maxViolation;   ///< of hard assignments on the probe
  std::vector<double> loadEntropy;               ///< H(hard load) / log N
  std::vector<int> deadHard, deadSoft;           ///< largest number of experts below 0.1 / N that all of the last three evaluations share (the least of the three)
  std::vector<double> routerSimilarity;          ///< mean |cos| of different router directions
  std::vector<double> jacobianCosine;            ///< mean |cos| of different experts' Jacobians on shared tokens
  std::vector<double> overlap, nullOverlap;      ///< of subspaces of routed tokens, rank 4
  std::vector<double> weightContrast, gradientContrast, movementContrast;  ///< matched less unmatched
  std::vector<double> spearman;                  ///< score against activation, mean over experts
  std::vector<double> spectrumVariation;         ///< CV over experts of the mean eigenvalue; NaN without spectra
  std::vector<double> entropy;                   ///< of the probabilities, nats
  long entropyRises = 0, entropyTests = 0;       ///< tokens and steps of concentration at which entropy rose by over 1e-5 nats
};

/// Trains and measures. `progress` gets the step and returns false to stop; then std::runtime_error is thrown.
RunResult execute(const PlannedRun& run, const std::function<bool(long)>& progress);

}  // namespace moescope
