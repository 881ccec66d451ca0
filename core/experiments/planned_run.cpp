#include "core/experiments/planned_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/reading/routing.h"
#include "core/training/trainer.h"
#include "core/experiments/planted_trainer.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

RoutingMeasures measuredAt(const LayerSnapshot& layer, float alpha) {
  return measureRouting(routingProbabilities(logitsAt(layer, alpha, ConcentrationReading::Tempered), 1.0f));
}

double spectrumVariation(const LayerSnapshot& layer) { return layer.spectra.size() > 0 ? variationOf(layer.spectra.rowwise().mean()) : kNone; }

void countRises(const LayerSnapshot& layer, RunResult& result) {
  Eigen::VectorXf before;
  for (const float alpha : {0.0f, 0.0625f, 0.125f, 0.25f, 0.5f, 1.0f, 2.0f, 4.0f, 8.0f, 16.0f}) {
    const Eigen::VectorXf now = measuredAt(layer, alpha).tokenEntropy;
    for (Eigen::Index t = 0; t < before.size(); ++t, ++result.entropyTests) result.entropyRises += now[t] > before[t] + 1e-5f ? 1 : 0;
    before = now;
  }
}

void measureLayer(const LayerSnapshot& layer, const AnalysisInput& input, const Knobs& knobs, RunResult& result) {
  RoutingMeasures hard;  // chosen or not, whatever the gate
  hard.load = assignedLoad(input.gates);
  measureLoad(hard);
  result.loadVariation.push_back(hard.loadVariation);
  result.maxViolation.push_back(hard.maxViolation);
  result.loadEntropy.push_back(hard.loadEntropy);
  result.entropy.push_back(measuredAt(layer, 1.0f).meanEntropy);
  result.spectrumVariation.push_back(spectrumVariation(layer));
  countRises(layer, result);
  AnalysisSettings settings;
  settings.rank = knobs.frameRank;
  const ExpertAnalysis analysis = analyse(input, settings);
  result.routerSimilarity.push_back(meanOffDiagonal(analysis.routerSimilarity));
  result.jacobianCosine.push_back(meanOffDiagonal(analysis.shared.mean));
  result.overlap.push_back(meanOffDiagonal(analysis.overlap));
  result.nullOverlap.push_back(analysis.nullOverlap);
  result.weightContrast.push_back(Coupling::contrast(analysis.coupling.weights));
  result.gradientContrast.push_back(Coupling::contrast(analysis.coupling.gradients));
  result.movementContrast.push_back(Coupling::contrast(analysis.coupling.movements));
  result.spearman.push_back(meanSpearman(analysis.scoreActivation).value);
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
    const bool evaluation = i == run.steps || i == run.steps - run.steps / 10 || i == run.steps - run.steps / 5;
    if (!evaluation) continue;
    const SnapshotPointer snapshot = trainer.snapshot();
    for (std::size_t l = 0; l < layers; ++l) {
      result.deadHard[l] = std::min(result.deadHard[l], deadExperts(assignedLoad(trainer.analysisInput(static_cast<int>(l)).gates)));
      result.deadSoft[l] = std::min(result.deadSoft[l], deadExperts(measuredAt(snapshot->layers[l], 1.0f).load));
    }
  }
  result.heldOutLoss = trainer.heldOutLoss();
  const SnapshotPointer snapshot = trainer.snapshot();
  for (std::size_t l = 0; l < layers; ++l) measureLayer(snapshot->layers[l], trainer.analysisInput(static_cast<int>(l)), run.knobs, result);
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
