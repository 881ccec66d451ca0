#include "core/experiments/planted_trainer.h"

#include "core/kernels/torch.h"

#include <cmath>
#include <limits>

#include "core/training/trainer.h"
#include "core/training/live_analysis.h"
#include "core/training/descent.h"
#include "core/metrics/load.h"
#include "core/model/capacity.h"

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
    layer.routerDirections = toMatrix(torch::mm(chosen(input).t(), input.tokens)).rowwise().normalized();  // as the hash router's
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
  Batch batch{toTensor(sample.tokens), toTensor(sample.targets), torch::arange(sample.tokens.rows(), torch::kInt64).remainder(256)};
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
  probe->syntheticMark = "SYNTHETIC TASK";
  return probe;
}

torch::Tensor scaled(torch::IntArrayRef shape, int fanIn) { return torch::randn(shape) / std::sqrt(static_cast<double>(fanIn)); }

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
  StackedExperts experts;
  torch::Tensor routingMean;
  std::shared_ptr<Router> router;
  std::unique_ptr<FlatAdamW> optimiser;
  LayerStart start;
  std::int64_t step = 0;
  double trainingLoss = std::numeric_limits<double>::quiet_NaN();

  State(const Knobs& k, PlantedRouting r) : knobs(k), routing(r), task(plantedShape(k)) {
    heldOut = task.draw(knobs.probeTokens, kHeldOutStream);
    heldOutBatch = batchOf(heldOut, routing);
    probe = probeOf(heldOut, knobs.experts);
    torch::manual_seed(static_cast<std::int64_t>(knobs.seed));
    experts.in = scaled({knobs.experts, knobs.width, 2 * knobs.expertWidth}, knobs.width).requires_grad_();
    experts.down = scaled({knobs.experts, knobs.expertWidth, knobs.width}, knobs.expertWidth).requires_grad_();
    routingMean = torch::zeros({knobs.width});
    if (routing == PlantedRouting::Oracle)
      router = std::make_shared<OracleRouter>(knobs.experts);
    else
      router = createRouter(knobs);
    std::vector<torch::Tensor> parameters = router->parameters();
    parameters.insert(parameters.begin(), {experts.in, experts.down});
    optimiser = std::make_unique<FlatAdamW>(leftToOptimiser(parameters, {router.get()}), kWeightDecay);
    start = startOf(*router, experts);
  }

  LayerPass traceOf(const Batch& batch) {
    LayerPass trace;
    trace.tokens = batch.tokens;
    trace.input = {knobs.centreTokens ? batch.tokens - routingMean : batch.tokens, batch.bytes};
    trace.output = router->route(trace.input);
    limitCapacity(trace.output, knobs.capacityFactor, knobs.experts);
    return trace;
  }
  LayerPass heldOutTrace() { return traceOf(heldOutBatch); }

  torch::Tensor lossOf(const LayerPass& trace, const Batch& batch) const {
    return torch::mse_loss(runExperts(trace.tokens, trace.output, experts, Dispatch::Fused), batch.targets);
  }
};

PlantedTrainer::PlantedTrainer(const Knobs& knobs, PlantedRouting routing) {
  requireValid(knobs);
  state_ = std::make_unique<State>(knobs, routing);
}

PlantedTrainer::~PlantedTrainer() = default;

double PlantedTrainer::step() {
  State& s = *state_;
  seedStep(s.knobs, s.step);
  const Batch batch = batchOf(s.task.draw(s.knobs.batch * s.knobs.context, static_cast<std::uint64_t>(s.step) + 1), s.routing);
  const std::vector<LayerPass> traces = {s.traceOf(batch)};
  s.trainingLoss = descend(s.lossOf(traces[0], batch), traces, {s.router.get()}, *s.optimiser, s.knobs, s.step).loss;
  const torch::NoGradGuard guard;
  if (s.knobs.centreTokens) s.routingMean.add_(traces[0].input.tokens.mean(0), kMeanRate);  // centred already
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
  const LayerPass trace = s.heldOutTrace();
  LayerSnapshot layer;
  layer.hidden = toMatrix(trace.input.tokens).rowwise().normalized();
  s.router->describe(trace.input, layer);
  layer.trainingLoad = assignedLoad(toMatrix(appliedGates(trace.output, s.knobs.experts)));
  layer.trainingDropped = Eigen::VectorXd::Zero(s.knobs.experts);
  snapshot->layers.push_back(std::move(layer));
  return snapshot;
}

AnalysisInput PlantedTrainer::analysisInput(int /*layer*/) {
  State& s = *state_;
  const torch::NoGradGuard guard;
  AnalysisInput input = analysisOf(s.heldOutTrace(), *s.router, s.experts, s.start, s.step > 0);
  input.step = s.step;
  return input;
}

double PlantedTrainer::heldOutLoss() {
  State& s = *state_;
  const torch::NoGradGuard guard;
  return s.lossOf(s.heldOutTrace(), s.heldOutBatch).item<double>();
}

Clustering PlantedTrainer::clustering() {
  State& s = *state_;
  const torch::NoGradGuard guard;
  const RouterOutput output = s.heldOutTrace().output;
  const torch::Tensor leading = (output.experts.defined() ? output.experts.select(1, 0) : output.probabilities.argmax(1)).contiguous();
  return clusteringOf(std::vector<int>(leading.data_ptr<int64_t>(), leading.data_ptr<int64_t>() + leading.size(0)), s.heldOut.clusters);
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
