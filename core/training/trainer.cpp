#include "core/training/trainer.h"

#include "core/kernels/torch.h"
#include <torch/version.h>

#include <chrono>
#include <cmath>
#include <limits>
#include <random>
#include <thread>

#include "core/data/corpus.h"
#include "core/reading/routing.h"
#include "core/training/live_analysis.h"
#include "core/training/descent.h"
#include "core/metrics/load.h"
#include "core/kernels/dense.h"
#include "core/training/optimiser.h"
#include "core/training/step_readings.h"
#include "core/model/transformer.h"

namespace moescope {
namespace {

constexpr double kLoadMemory = 0.9;  // of the training load, per step
constexpr int kProbeSequences = 16;  // of the probe in one forward pass: bounds memory

torch::Device chooseDevice(const std::string& wanted) {
  if (wanted == "cpu") return torch::kCPU;
  if (torch::cuda::is_available()) return torch::kCUDA;
  if (wanted == "cuda") throw std::runtime_error("device cuda: LibTorch finds no usable GPU on this machine; use auto or cpu");
  return torch::kCPU;
}

torch::Tensor toBytes(const std::vector<std::uint8_t>& bytes) {
  return torch::from_blob(const_cast<std::uint8_t*>(bytes.data()), {static_cast<int64_t>(bytes.size())}, torch::kUInt8)
      .to(torch::kInt64);
}

}  // namespace

struct Trainer::State {
  Knobs knobs;
  Dispatch dispatch = Dispatch::Fused;
  std::vector<std::string> notes;
  torch::Device device = torch::kCPU;
  std::vector<Domain> training;
  std::shared_ptr<const Probe> probe;
  torch::Tensor probeBytes;  // sequences x context
  Transformer model{nullptr};
  std::unique_ptr<FlatAdamW> optimiser;
  std::mt19937_64 dice;
  std::int64_t step = 0;
  double trainingLoss = std::numeric_limits<double>::quiet_NaN();
  struct Loads {
    Eigen::VectorXd intended, dropped;  // N
  };
  std::vector<Loads> load;        // per layer, running mean over steps of what LayerReadings has
  std::vector<LayerStart> start;  // per layer
  bool stepped = false;           // gradients are of this router's last step

  void rememberStart() {
    start.clear();
    stepped = false;
    for (int layer = 0; layer < model->layers(); ++layer) start.push_back(startOf(model->router(layer), model->experts(layer)));
  }

  std::vector<Router*> routers() {
    std::vector<Router*> all;
    for (int layer = 0; layer < model->layers(); ++layer) all.push_back(&model->router(layer));
    return all;
  }
  std::vector<torch::Tensor> optimised() { return leftToOptimiser(model->parameters(), routers()); }

  torch::Tensor nextBatch() {
    const std::int64_t length = knobs.context + 1;
    torch::Tensor batch = torch::empty({knobs.batch, length}, torch::TensorOptions(torch::kInt64).pinned_memory(device.is_cuda()));
    for (int b = 0; b < knobs.batch; ++b) {
      const Domain& domain = training[dice() % training.size()];
      const std::size_t start = dice() % (domain.bytes.size() - static_cast<std::size_t>(length) + 1);
      std::copy_n(domain.bytes.begin() + static_cast<std::ptrdiff_t>(start), length, batch[b].data_ptr<std::int64_t>());
    }
    return batch.to(device, /*non_blocking=*/true);  // from pinned memory: the host goes on
  }

  StepMetrics measure(const Descent& done);
  double probeLoss(const RoutingOverride& override);
};

Trainer::Trainer(const Knobs& knobs, Dispatch dispatch) : state_(std::make_unique<State>()) {
  requireValid(knobs);
  requireRouter(knobs.router);
  State& s = *state_;
  s.knobs = knobs;
  s.dispatch = dispatch;
  s.device = chooseDevice(knobs.device);
  const Corpus corpus = loadCorpus(knobs.corpus);
  s.notes = corpus.notes;
  CorpusSplit split = splitCorpus(corpus, knobs.context);
  s.probe = std::make_shared<const Probe>(makeProbe(corpus, split, knobs.probeTokens, knobs.context));
  s.training = std::move(split.training);
  s.probeBytes = toBytes(s.probe->bytes).view({-1, knobs.context}).to(s.device);
  torch::manual_seed(static_cast<std::int64_t>(knobs.seed));
  s.dice.seed(knobs.seed);
  s.model = Transformer(knobs, dispatch);
  s.model->to(s.device);
  s.optimiser = std::make_unique<FlatAdamW>(s.optimised(), kWeightDecay);
  s.rememberStart();
  for (int layer = 0; layer < knobs.layers; ++layer)
    s.load.push_back({Eigen::VectorXd::Constant(knobs.experts, 1.0 / knobs.experts), Eigen::VectorXd::Zero(knobs.experts)});
}

Trainer::~Trainer() = default;

void leaveOneCoreFree() { at::set_num_threads(std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1)); }

StepMetrics Trainer::step() {
  State& s = *state_;
  seedStep(s.knobs, s.step);
  const torch::Tensor batch = s.nextBatch();
  std::vector<LayerPass> traces;
  const torch::Tensor logits = s.model->forward(batch.narrow(1, 0, s.knobs.context), &traces);
  const torch::Tensor loss = meanCrossEntropy(logits, batch.narrow(1, 1, s.knobs.context).reshape({-1}), s.dispatch);  // nats per byte
  const Descent done = descend(loss, traces, s.routers(), *s.optimiser, s.knobs, s.step, readingsOf(traces));
  const torch::NoGradGuard guard;
  s.model->followTokens(traces);
  ++s.step;
  s.stepped = true;
  s.trainingLoss = done.loss;
  return s.measure(done);
}

StepMetrics Trainer::State::measure(const Descent& done) {
  StepMetrics metrics;
  metrics.step = step;
  metrics.loss = done.loss;
  metrics.router = knobs.router;
  metrics.heldOutLoss = std::numeric_limits<double>::quiet_NaN();
  const std::vector<LayerReadings> layers = readLayers(done.readings, knobs.experts);
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const LayerReadings& read = layers[layer];
    metrics.entropy.push_back(read.entropy);
    metrics.effectiveExperts.push_back(read.effectiveExperts);
    metrics.auxiliaryLoss.push_back(read.auxiliaryLoss);
    load[layer].intended = kLoadMemory * load[layer].intended + (1.0 - kLoadMemory) * read.intended;
    load[layer].dropped = kLoadMemory * load[layer].dropped + (1.0 - kLoadMemory) * read.dropped;
    metrics.dropped.push_back(read.dropped.sum());
    metrics.loadVariation.push_back(variationOf(read.intended));
    metrics.maxViolation.push_back(read.intended.maxCoeff() * static_cast<double>(read.intended.size()) - 1.0);
  }
  return metrics;
}

SnapshotPointer Trainer::snapshot() {
  State& s = *state_;
  const torch::NoGradGuard guard;
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->step = s.step;
  snapshot->router = s.knobs.router;
  snapshot->probe = s.probe;
  snapshot->trainingLoss = s.trainingLoss;
  snapshot->heldOutLoss = std::numeric_limits<double>::quiet_NaN();
  std::vector<LayerPass> traces;
  s.model->forward(s.probeBytes, &traces);
  for (std::size_t layer = 0; layer < traces.size(); ++layer) {
    LayerSnapshot view;
    view.hidden = toMatrix(traces[layer].input.tokens).rowwise().normalized();
    s.model->router(static_cast<int>(layer)).describe(traces[layer].input, view);
    view.trainingLoad = s.load[layer].intended;
    view.trainingDropped = s.load[layer].dropped;
    snapshot->layers.push_back(std::move(view));
  }
  return snapshot;
}

AnalysisInput Trainer::analysisInput(int layer) {
  State& s = *state_;
  const torch::NoGradGuard guard;
  const std::size_t index = static_cast<std::size_t>(std::clamp(layer, 0, s.model->layers() - 1));
  std::vector<LayerPass> traces;
  s.model->forward(s.probeBytes, &traces);
  const int held = static_cast<int>(index);
  AnalysisInput input = analysisOf(traces[index], s.model->router(held), s.model->experts(held), s.start[index], s.stepped);
  input.layer = held;
  input.step = s.step;
  return input;
}

double Trainer::State::probeLoss(const RoutingOverride& override) {
  const torch::NoGradGuard guard;
  double sum = 0.0;
  std::int64_t predicted = 0;
  for (std::int64_t start = 0; start < probeBytes.size(0); start += kProbeSequences) {
    const torch::Tensor bytes = probeBytes.narrow(0, start, std::min<std::int64_t>(kProbeSequences, probeBytes.size(0) - start));
    const torch::Tensor logits = model->forward(bytes, nullptr, override).view({bytes.size(0), bytes.size(1), -1});
    const torch::Tensor known = logits.narrow(1, 0, bytes.size(1) - 1).reshape({-1, logits.size(2)});  // the last byte's next is not in the probe
    const std::int64_t count = known.size(0);
    sum += meanCrossEntropy(known, bytes.narrow(1, 1, bytes.size(1) - 1).reshape({-1}), dispatch).item<double>() * static_cast<double>(count);
    predicted += count;
  }
  return sum / static_cast<double>(predicted);
}

double Trainer::heldOutLoss() { return state_->probeLoss({}); }

double Trainer::heldOutLoss(const Lens& lens) {
  State& s = *state_;
  return s.probeLoss([&](int layer, const RouterInput& input) {
    LayerSnapshot view;
    view.hidden = toMatrix(input.tokens);  // only its width is read
    s.model->router(layer).describe(input, view);
    const RowMatrix logits = logitsAt(view, lens.concentration, lens.reading, lens.source);
    return toTensor(appliedGates(routingProbabilities(logits, 1.0f), lens.gating)).to(s.device);
  });
}

void Trainer::setKnobs(const Knobs& knobs) {
  State& s = *state_;
  requireValid(knobs);
  requireRouter(knobs.router);
  if (needsNewModel(s.knobs, knobs)) throw std::invalid_argument("these knobs need a new model");
  const bool newRouter = knobs.router != s.knobs.router;
  s.knobs = knobs;
  if (newRouter) {
    s.model->replaceRouters(knobs);
    s.optimiser->replaceParameters(s.optimised());
    s.rememberStart();
  }
  s.model->adopt(knobs);
}

const Knobs& Trainer::knobs() const { return state_->knobs; }
const std::vector<std::string>& Trainer::notes() const { return state_->notes; }
std::int64_t Trainer::stepNumber() const { return state_->step; }

std::string Trainer::device() const { return state_->device.is_cuda() ? "cuda" : "cpu"; }

std::int64_t Trainer::parameterCount() const {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : state_->model->parameters()) count += parameter.numel();
  return count;
}

}  // namespace moescope
