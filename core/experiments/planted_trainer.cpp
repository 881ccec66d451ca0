#include "core/experiments/planted_trainer.h"

#include "core/kernels/torch.h"

#include <cmath>
#include <limits>

#include "core/training/trainer.h"
#include "core/training/live_analysis.h"
#include "core/training/descent.h"
#include "core/metrics/load.h"
#include "core/model/moe_layer.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::uint64_t kHeldOutStream = 0;  // step i trains on stream i + 1
constexpr double kNotChosen = -30.0;         // a logit whose gate is 0 in float

/// Sends each token to the expert of its true cluster, which it reads where other routers read bytes.
class OracleRouter : public Router {
 public:
  explicit OracleRouter(int experts) : experts_(experts) {}

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    output.experts = input.bytes.unsqueeze(1);
    output.gates = torch::ones({input.tokens.size(0), 1}, input.tokens.options());
    output.logits = logits(input);
    output.probabilities = probabilitiesOf(output.logits);
    return output;
  }

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    layer.scores = toMatrix(logits(input));
    layer.logPrior = Eigen::VectorXd::Zero(experts_);
    layer.routerDirections =
        toMatrix(torch::mm(chosen(input).t(), input.tokens)).rowwise().normalized();  // means of the true clusters
    layer.rule.choice = TrainedRule::Choice::Fixed;
    layer.concentrationNote = "The true cluster routes, with gate 1: the concentration does not change the gates as trained.";
  }

 private:
  /// 1 at each token's expert, T x N.
  torch::Tensor chosen(const RouterInput& input) const {
    return torch::zeros({input.tokens.size(0), experts_}, input.tokens.options()).scatter_(1, input.bytes.unsqueeze(1), 1.0);
  }
  torch::Tensor logits(const RouterInput& input) const { return (1.0 - chosen(input)) * kNotChosen; }

  int experts_;
};

/// Labelled tokens as tensors.
struct Batch {
  torch::Tensor tokens, targets;  ///< T x d
  torch::Tensor bytes;            ///< T: the cluster for the oracle; for all others the row modulo 256, which tells nothing
};

Batch batchOf(const PlantedSample& sample, PlantedRouting routing) {
  Batch batch{toTensor(sample.tokens), toTensor(sample.targets),
              torch::arange(sample.tokens.rows(), torch::kInt64).remainder(256)};
  if (routing == PlantedRouting::Oracle) batch.bytes = torch::tensor(sample.clusters, torch::kInt32).to(torch::kInt64);
  return batch;
}

std::shared_ptr<const Probe> probeOf(const PlantedSample& sample, int clusters) {
  auto probe = std::make_shared<Probe>();
  probe->labels.assign(sample.clusters.size(), "synthetic token");
  probe->domain = sample.clusters;
  for (int c = 0; c < clusters; ++c) probe->domainNames.push_back("planted cluster " + std::to_string(c + 1));
  probe->context = static_cast<int>(sample.clusters.size());
  probe->synthetic = true;
  probe->syntheticMark = translatable("SYNTHETIC TASK");
  return probe;
}

}  // namespace

Knobs plantedKnobs(Knobs knobs) {
  knobs.width = 32;
  knobs.experts = 8;
  knobs.expertWidth = 32;
  knobs.layers = 1;
  knobs.frameRank = 3;
  knobs.sharedExpertWidth = 0;
  return knobs;
}

PlantedShape plantedShape(const Knobs& knobs) {
  PlantedShape shape;
  shape.clusters = knobs.experts;
  shape.dimension = knobs.width;
  shape.rank = knobs.frameRank;
  shape.seed = knobs.seed;
  return shape;
}

struct PlantedTrainer::State {
  Knobs knobs;
  PlantedRouting routing;
  PlantedTask task;
  PlantedSample heldOut;
  Batch heldOutBatch;
  std::shared_ptr<const Probe> probe;
  MoeLayer layer{nullptr};
  std::unique_ptr<FlatAdamW> optimiser;
  LayerStart start;
  std::int64_t step = 0;
  double trainingLoss = std::numeric_limits<double>::quiet_NaN();

  State(const Knobs& k, PlantedRouting r) : knobs(k), routing(r), task(plantedShape(k)) {
    heldOut = task.draw(knobs.probeTokens, kHeldOutStream);
    heldOutBatch = batchOf(heldOut, routing);
    probe = probeOf(heldOut, knobs.experts);
    at::Generator random = seededGenerator(knobs.seed);
    layer = MoeLayer(knobs, 1.0, Dispatch::Fused, random);
    if (routing == PlantedRouting::Oracle)
      layer->setRouter(std::make_shared<OracleRouter>(knobs.experts));
    else
      layer->setRouter(createRouter(knobs, random));
    layer->addShared(knobs, random);
    optimiser = std::make_unique<FlatAdamW>(leftToOptimiser(layer->parameters(), {&layer->router()}));
    start = startOf(layer->router(), layer->experts());
  }

  LayerPass passOf(const Batch& batch, const std::optional<at::Generator>& noise = {}) {
    return layer->route(batch.tokens, batch.bytes, noise);
  }
  LayerPass heldOutPass() { return passOf(heldOutBatch); }
  torch::Tensor lossOf(const LayerPass& pass, const Batch& batch) const {
    return torch::mse_loss(layer->mix(pass), batch.targets);
  }
};

PlantedTrainer::PlantedTrainer(const Knobs& knobs, PlantedRouting routing) {
  requireValid(knobs);
  state_ = std::make_unique<State>(knobs, routing);
}

PlantedTrainer::~PlantedTrainer() = default;

double PlantedTrainer::step() {
  State& s = *state_;
  const Batch batch = batchOf(s.task.draw(s.knobs.batch * s.knobs.context, static_cast<std::uint64_t>(s.step) + 1), s.routing);
  const std::vector<LayerPass> passes = {s.passOf(batch, noiseOfStep(s.knobs, s.step))};
  s.trainingLoss = descend(s.lossOf(passes[0], batch), passes, {&s.layer->router()}, *s.optimiser, s.knobs, s.step).loss;
  const torch::NoGradGuard guard;
  s.layer->followTokens(passes[0]);
  ++s.step;
  return s.trainingLoss;
}

SnapshotPointer PlantedTrainer::snapshot() {
  State& s = *state_;
  const torch::NoGradGuard guard;
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->step = s.step;
  snapshot->router = s.routing == PlantedRouting::Oracle ? "oracle" : s.knobs.router;
  snapshot->probe = s.probe;
  snapshot->trainingLoss = s.trainingLoss;
  snapshot->heldOutLoss = std::numeric_limits<double>::quiet_NaN();
  LayerSnapshot layer = s.layer->describe(s.heldOutPass());
  layer.trainingLoad = assignedLoad(layer.trainedGates);
  layer.trainingDropped = Eigen::VectorXd::Zero(s.knobs.experts);
  snapshot->layers.push_back(std::move(layer));
  return snapshot;
}

AnalysisInput PlantedTrainer::analysisInput(int /*layer*/) {
  State& s = *state_;
  const torch::NoGradGuard guard;
  AnalysisInput input = analysisOf(s.heldOutPass(), s.layer->router(), s.layer->experts(), s.start, s.step > 0);
  input.step = s.step;
  return input;
}

double PlantedTrainer::heldOutLoss() {
  State& s = *state_;
  const torch::NoGradGuard guard;
  return s.lossOf(s.heldOutPass(), s.heldOutBatch).item<double>();
}

Clustering PlantedTrainer::clustering() {
  State& s = *state_;
  const torch::NoGradGuard guard;
  const RouterOutput output = s.heldOutPass().output;
  const torch::Tensor leading =
      (output.experts.defined() ? output.experts.select(1, 0) : output.probabilities.argmax(1)).contiguous();
  return clusteringOf(std::vector<int>(leading.data_ptr<int64_t>(), leading.data_ptr<int64_t>() + leading.size(0)),
                      s.heldOut.clusters);
}

SubspaceRecovery PlantedTrainer::recovery() {
  State& s = *state_;
  const SnapshotPointer now = snapshot();
  std::vector<Eigen::MatrixXd> frames;
  for (const Eigen::MatrixXf& frame : now->layers[0].frames) frames.push_back(frame.cast<double>());
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  return frames.empty() ? SubspaceRecovery{{}, none, none, none} : recoveryOf(frames, s.task.subspaces());
}

const PlantedTask& PlantedTrainer::task() const { return state_->task; }

}  // namespace moescope
