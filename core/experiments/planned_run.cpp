#include "core/experiments/planned_run.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <type_traits>

#include "core/reading/routing.h"
#include "core/training/trainer.h"
#include "core/experiments/planted_trainer.h"
#include "core/geometry/router_rows.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

RoutingMeasures measuredAt(const LayerSnapshot& layer, float alpha) {
  return measureRouting(routingProbabilities(logitsAt(layer, alpha, ConcentrationReading::Tempered), 1.0f));
}

double spectrumVariation(const LayerSnapshot& layer) {
  return layer.spectra.size() > 0 ? variationOf(layer.spectra.rowwise().mean()) : kNone;
}

void countRises(const LayerSnapshot& layer, RunResult& result) {
  Eigen::VectorXf before;
  for (const float alpha : {0.0f, 0.0625f, 0.125f, 0.25f, 0.5f, 1.0f, 2.0f, 4.0f, 8.0f, 16.0f}) {
    const Eigen::VectorXf now = measuredAt(layer, alpha).tokenEntropy;
    for (Eigen::Index t = 0; t < before.size(); ++t, ++result.entropyTests)
      result.entropyRises += now[t] > before[t] + 1e-5f ? 1 : 0;
    before = now;
  }
}

/// Batches x N: hard loads of as many of the held-out tokens as a training step has; what is left over does not count.
RowMatrix loadsByBatch(const RowMatrix& gates, const Knobs& knobs) {
  const Eigen::Index size = std::min<Eigen::Index>(gates.rows(), static_cast<Eigen::Index>(knobs.batch) * knobs.context);
  RowMatrix loads(gates.rows() / size, gates.cols());
  for (Eigen::Index b = 0; b < loads.rows(); ++b)
    loads.row(b) = assignedLoad(gates.middleRows(b * size, size)).transpose().cast<float>();
  return loads;
}

/// `loads`: batches x N. Of all batches together, and the mean over single ones.
void measureValidation(const RowMatrix& loads, RunResult& result) {
  const LoadBalance whole = balanceOf(loads.cast<double>().colwise().mean().transpose());
  result.maxViolationOfValidation.push_back(whole.maxViolation);
  result.loadVariationOfValidation.push_back(whole.variation);
  result.loadEntropyOfValidation.push_back(whole.entropy);
  LoadBalance mean;
  for (Eigen::Index b = 0; b < loads.rows(); ++b) {
    const LoadBalance balance = balanceOf(loads.row(b).transpose().cast<double>());
    mean.variation += balance.variation / static_cast<double>(loads.rows());
    mean.maxViolation += balance.maxViolation / static_cast<double>(loads.rows());
    mean.entropy += balance.entropy / static_cast<double>(loads.rows());
  }
  result.maxViolationOfBatches.push_back(mean.maxViolation);
  result.loadVariationOfBatches.push_back(mean.variation);
  result.loadEntropyOfBatches.push_back(mean.entropy);
}

void measureRows(const LayerSnapshot& layer, const AnalysisInput& input, RunResult& result) {
  const RowSimilarity rows =
      input.routerRows.rows() > 0 ? rowSimilarity(input.routerRows) : RowSimilarity{kNone, kNone, kNone, kNone};
  result.routerCosine.push_back(rows.cosine);
  result.routerSimilarityCentred.push_back(rows.absoluteCentred);
  result.routerCosineCentred.push_back(rows.cosineCentred);
  result.sameExpertCosine.push_back(sameExpertCosine(input.tokens, input.gates));
  result.projectionEnergy.push_back(input.routerRows.rows() > 0 ? projectionEnergy(layer.hidden, input.gates, input.routerRows)
                                                                : kNone);
}

void measureRanks(const ExpertAnalysis& analysis, RunResult& result) {
  result.jacobians.push_back(analysis.spectra->all);
  result.layerJacobians.push_back(analysis.spectra->layer);
  double sum = 0.0;
  int experts = 0;
  for (int e = 0; e < analysis.experts; ++e)
    if (analysis.explained[static_cast<std::size_t>(e)].size() > 0) sum += analysis.effectiveRank[e], ++experts;
  result.tokenEffectiveRank.push_back(experts > 0 ? sum / experts : kNone);
}

double meanPearson(const std::vector<ScoreActivation>& experts) {
  double sum = 0.0;
  int count = 0;
  for (const ScoreActivation& each : experts)
    if (!std::isnan(each.pearson)) sum += each.pearson, ++count;
  return count > 0 ? sum / count : kNone;
}

void measureLayer(const LayerSnapshot& layer, const AnalysisInput& input, const Knobs& knobs, RunResult& result) {
  const LoadBalance hard = balanceOf(assignedLoad(input.gates));  // chosen or not, whatever the gate
  result.loadVariation.push_back(hard.variation);
  result.maxViolation.push_back(hard.maxViolation);
  result.loadEntropy.push_back(hard.entropy);
  measureRows(layer, input, result);
  result.entropy.push_back(measuredAt(layer, 1.0f).meanEntropy);
  result.spectrumVariation.push_back(spectrumVariation(layer));
  countRises(layer, result);
  AnalysisSettings settings;
  settings.rank = knobs.frameRank;
  AnalysisMeans means;
  means.spectrumTokens = kSpectrumTokens;  // however dear: the same for every run
  const ExpertAnalysis analysis = analyse(input, settings, means);
  result.routerSimilarity.push_back(meanOffDiagonal(analysis.routerSimilarity));
  result.jacobianCosine.push_back(meanOffDiagonal(analysis.shared.mean));
  result.overlap.push_back(meanOffDiagonal(analysis.overlap));
  result.nullOverlap.push_back(analysis.nullOverlap);
  result.weightContrast.push_back(Coupling::contrast(analysis.coupling.weights));
  result.gradientContrast.push_back(Coupling::contrast(analysis.coupling.gradients));
  result.movementContrast.push_back(Coupling::contrast(analysis.coupling.movements));
  result.spearman.push_back(meanSpearman(analysis.scoreActivation).value);
  result.pearson.push_back(meanPearson(analysis.scoreActivation));
  measureRanks(analysis, result);
}

/// `Trained`: Trainer or PlantedTrainer.
template <typename Trained>
void measureRowsAt(long step, Trained& trainer, std::size_t layers, RunResult& result) {
  RowsAtStep at{step, {}, {}, {}, {}, {}};
  for (std::size_t l = 0; l < layers; ++l) {
    const AnalysisInput input = trainer.analysisInput(static_cast<int>(l));
    if (input.routerRows.rows() == 0) return;
    const RowSimilarity rows = rowSimilarity(input.routerRows);
    at.similarity.push_back(rows.absolute);
    at.cosine.push_back(rows.cosine);
    at.similarityCentred.push_back(rows.absoluteCentred);
    at.cosineCentred.push_back(rows.cosineCentred);
    at.maxViolation.push_back(balanceOf(assignedLoad(input.gates)).maxViolation);
  }
  result.rows.push_back(at);
}

/// `losses`: of the snapshot's tokens.
void measureCalibration(const Snapshot& snapshot, const Eigen::VectorXf& losses, RunResult& result) {
  for (const LayerSnapshot& layer : snapshot.layers) {
    const Eigen::VectorXf entropy = measuredAt(layer, 1.0f).tokenEntropy;
    result.entropyRoc.push_back(areaUnderRoc(entropy, losses));
    result.entropyCalibration.push_back(calibrationOf(entropy, losses, 10));
  }
}

/// `Trained`: Trainer or PlantedTrainer.
template <typename Trained>
RunResult trainAndMeasure(Trained& trainer, const PlannedRun& run, const std::function<bool(long)>& progress) {
  RunResult result;
  const auto layers = static_cast<std::size_t>(run.knobs.layers);
  result.deadHard.assign(layers, run.knobs.experts);
  result.deadSoft.assign(layers, run.knobs.experts);
  for (long i = 1; i <= run.steps; ++i) {
    trainer.step();
    if (!progress(i)) throw std::runtime_error("stopped");
    if (i == run.steps || std::find(std::begin(kRowSteps), std::end(kRowSteps), i) != std::end(kRowSteps))
      measureRowsAt(i, trainer, layers, result);
    const bool evaluation = i == run.steps || i == run.steps - run.steps / 10 || i == run.steps - run.steps / 5;
    if (!evaluation) continue;
    const SnapshotPointer snapshot = trainer.snapshot();
    for (std::size_t l = 0; l < layers; ++l) {
      result.deadHard[l] =
          std::min(result.deadHard[l], deadExperts(assignedLoad(trainer.analysisInput(static_cast<int>(l)).gates)));
      result.deadSoft[l] = std::min(result.deadSoft[l], deadExperts(measuredAt(snapshot->layers[l], 1.0f).load));
    }
  }
  result.heldOutLoss = trainer.heldOutLoss();
  const SnapshotPointer snapshot = trainer.snapshot();
  for (std::size_t l = 0; l < layers; ++l)
    measureLayer(snapshot->layers[l], trainer.analysisInput(static_cast<int>(l)), run.knobs, result);
  if constexpr (std::is_same_v<Trained, Trainer>) {
    for (const RowMatrix& loads : trainer.validationLoads()) measureValidation(loads, result);
    measureCalibration(*snapshot, trainer.tokenLosses(), result);
  } else {
    measureValidation(loadsByBatch(trainer.analysisInput().gates, run.knobs), result);
  }
  return result;
}

RunResult executePlanted(const PlannedRun& run, const std::function<bool(long)>& progress) {
  PlantedTrainer trainer(run.knobs, run.oracle ? PlantedRouting::Oracle : PlantedRouting::Learned);
  RunResult result = trainAndMeasure(trainer, run, progress);
  const Clustering clustering = trainer.clustering();
  result.clusterInformation.push_back(clustering.information);
  result.clusterPurity.push_back(clustering.purity);
  const SubspaceRecovery recovery = trainer.recovery();
  result.recovery.push_back(recovery.overlap);
  result.randomRecovery.push_back(recovery.randomOverlap);
  result.chordal.push_back(recovery.chordal);
  return result;
}

}  // namespace

std::string nameOf(ExperimentTask task) { return task == ExperimentTask::Planted ? "planted" : "corpus"; }

RunResult execute(const PlannedRun& planned, const std::function<bool(long)>& progress) {
  PlannedRun run = planned;
  if (run.task == ExperimentTask::Planted) {
    run.knobs = plantedKnobs(run.knobs);
    return executePlanted(run, progress);
  }
  if (run.oracle) throw std::invalid_argument("an oracle needs the planted task: a corpus has no true clusters");
  Trainer trainer(run.knobs);
  return trainAndMeasure(trainer, run, progress);
}

}  // namespace moescope
