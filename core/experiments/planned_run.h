#pragma once
// One planned training run of an experiment: what is trained, and everything that the papers' claims ask about it.

#include <functional>
#include <string>
#include <vector>

#include "core/geometry/jacobian_spectrum.h"
#include "core/knobs/knobs.h"
#include "core/metrics/calibration.h"

namespace moescope {

/// What is trained.
enum class ExperimentTask {
  Corpus,   ///< the language model on the knobs' corpus
  Planted,  ///< one MoE layer on the synthetic task with planted subspaces, in the sizes of plantedKnobs()
};

std::string nameOf(ExperimentTask task);  ///< "corpus" or "planted"

/// Steps, and the last one, at which a run's router rows are measured as well, so that one run gives a curve.
inline constexpr long kRowSteps[] = {100, 200, 400, 800, 2000, 4000, 8000};

struct PlannedRun {
  Knobs knobs;
  long steps = 400;
  ExperimentTask task = ExperimentTask::Corpus;
  bool oracle = false;  ///< planted task only: the true cluster routes, not the knobs' router
};

/// Router rows and hard loads after one step, per layer; see RunResult.
struct RowsAtStep {
  long step = 0;
  std::vector<double> similarity, cosine, similarityCentred, cosineCentred, maxViolation;
};

/// Per layer and after the last step unless said otherwise.
struct RunResult {
  double heldOutLoss = 0.0;                      ///< nats per byte; of the planted task mean squared error
  std::vector<double> loadVariation, maxViolation;   ///< of hard assignments on the probe
  std::vector<double> loadEntropy;               ///< H(hard load) / log N
  std::vector<int> deadHard, deadSoft;  ///< largest number of experts below 0.1 / N that all of the last three evaluations share
                                        ///< (the least of the three)
  std::vector<double> maxViolationOfValidation, loadVariationOfValidation,
      loadEntropyOfValidation;  ///< of TrainingText::validation; of the planted task its held-out tokens
  std::vector<double> maxViolationOfBatches, loadVariationOfBatches,
      loadEntropyOfBatches;                      ///< of as many of these tokens as a training step has, mean over such batches
  std::vector<double> routerSimilarity;          ///< mean |cos| of different router rows
  std::vector<double> routerCosine, routerSimilarityCentred,
      routerCosineCentred;                       ///< mean cos, and both after the mean row is taken out
  std::vector<double> sameExpertCosine;          ///< mean cosine of two tokens that share an expert
  std::vector<double> projectionEnergy;          ///< mean cos^2 of token and chosen row; NaN without rows
  std::vector<RowsAtStep> rows;                  ///< at kRowSteps and after the last step; none of routers without rows
  std::vector<double> jacobianCosine;            ///< mean |cos| of different experts' Jacobians on shared tokens
  std::vector<JacobianSpectrum> jacobians;       ///< of every expert at a few tokens
  std::vector<JacobianSpectrum> layerJacobians;  ///< of the layer, gates held, at the same tokens
  std::vector<double> tokenEffectiveRank;  ///< of the weighted covariance of an expert's tokens, mean over experts that have two
  std::vector<double> overlap, nullOverlap;      ///< of subspaces of routed tokens, of the frames' rank
  std::vector<double> weightContrast, gradientContrast, movementContrast;  ///< matched less unmatched
  std::vector<double> spearman, pearson;         ///< score against activation, mean over experts
  std::vector<double> spectrumVariation;         ///< CV over experts of the mean eigenvalue; NaN without spectra
  std::vector<double> entropy;                   ///< of the probabilities, nats
  // Of the planted task alone, else empty:
  std::vector<double> clusterInformation, clusterPurity;   ///< of first choices with true clusters
  std::vector<double> recovery,
      randomRecovery;  ///< mean cos^2 of learned and planted subspaces, best matched; NaN without frames
  std::vector<double> chordal;                   ///< mean chordal distance of the same pairs
  std::vector<double> entropyRoc;  ///< area under the ROC curve: does a token's routing entropy say that its loss is above the
                                   ///< median; corpus only
  std::vector<std::vector<CalibrationPart>>
      entropyCalibration;  ///< per layer: tokens in tenths by entropy, nats, with their mean loss, nats; corpus only
  long entropyRises = 0, entropyTests = 0;       ///< tokens and steps of concentration at which entropy rose by over 1e-5 nats
};

/// Trains and measures. `progress` gets the step and returns false to stop; then std::runtime_error is thrown. Throws
/// std::invalid_argument for an oracle without planted clusters.
RunResult execute(const PlannedRun& run, const std::function<bool(long)>& progress);

}  // namespace moescope
