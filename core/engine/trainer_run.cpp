#include "core/engine/trainer_run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "core/engine/routing.h"
#include "core/engine/trainer.h"
#include "core/engine/trainer_planted.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kDead = 0.1;  // of the mean load

struct Loads {
  Eigen::VectorXd hard, soft;  ///< sum to 1
};

Loads loadsOf(const AnalysisInput& input, const LayerSnapshot& layer) {
  Loads loads;
  loads.hard = (input.gates.array() > 0.0f).cast<double>().colwise().sum().transpose();
  loads.hard /= std::max(1.0, loads.hard.sum());
  loads.soft = measureRouting(routingProbabilities(logitsAt(layer, 1.0f, ConcentrationReading::Tempered), 1.0f)).load;
  return loads;
}

int dead(const Eigen::VectorXd& load) { return static_cast<int>((load.array() < kDead / static_cast<double>(load.size())).count()); }

double spectrumVariation(const LayerSnapshot& layer) {
  if (layer.spectra.size() == 0) return kNone;
  const Eigen::VectorXd means = layer.spectra.rowwise().mean();
  return std::sqrt((means.array() - means.mean()).square().mean()) / means.mean();
}

void countRises(const LayerSnapshot& layer, RunResult& result) {
  Eigen::VectorXf before;
  for (const float alpha : {0.0f, 0.0625f, 0.125f, 0.25f, 0.5f, 1.0f, 2.0f, 4.0f, 8.0f, 16.0f}) {
    const Eigen::VectorXf now = measureRouting(routingProbabilities(logitsAt(layer, alpha, ConcentrationReading::Tempered), 1.0f)).tokenEntropy;
    for (Eigen::Index t = 0; t < before.size(); ++t, ++result.entropyTests) result.entropyRises += now[t] > before[t] + 1e-5f ? 1 : 0;
    before = now;
  }
}

double meanSpearman(const ExpertAnalysis& analysis) {
  double sum = 0.0;
  int count = 0;
  for (const ScoreActivation& each : analysis.scoreActivation)
    if (!std::isnan(each.spearman)) {
      sum += each.spearman;
      ++count;
    }
  return count > 0 ? sum / count : kNone;
}

void measureLayer(const LayerSnapshot& layer, const AnalysisInput& input, const Knobs& knobs, RunResult& result) {
  const Eigen::VectorXd load = loadsOf(input, layer).hard;
  const double mean = load.mean();
  result.loadVariation.push_back(std::sqrt((load.array() - mean).square().mean()) / mean);
  result.maxViolation.push_back(load.maxCoeff() / mean - 1.0);
  result.loadEntropy.push_back(-load.unaryExpr([](double p) { return p > 0.0 ? p * std::log(p) : 0.0; }).sum() / std::log(static_cast<double>(load.size())));
  result.entropy.push_back(measureRouting(routingProbabilities(logitsAt(layer, 1.0f, ConcentrationReading::Tempered), 1.0f)).meanEntropy);
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
  result.spearman.push_back(meanSpearman(analysis));
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
      const Loads loads = loadsOf(trainer.analysisInput(static_cast<int>(l)), snapshot->layers[l]);
      result.deadHard[l] = std::min(result.deadHard[l], dead(loads.hard));
      result.deadSoft[l] = std::min(result.deadSoft[l], dead(loads.soft));
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
  const Agreement agreement = trainer.agreement();
  result.clusterInformation.push_back(agreement.information);
  result.clusterPurity.push_back(agreement.purity);
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
