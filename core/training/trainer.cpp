#include "core/training/trainer.h"

#include "core/kernels/torch.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <limits>
#include <new>
#include <string_view>
#include <thread>

#include "core/data/split_mix.h"
#include "core/reading/lens_table.h"
#include "core/reading/routing.h"
#include "core/training/live_analysis.h"
#include "core/training/descent.h"
#include "core/metrics/load.h"
#include "core/kernels/dense.h"
#include "core/training/step_readings.h"
#include "core/training/trainer_contents.h"
#include "core/model/capacity.h"
#include "core/model/transformer.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr double kLoadMemory = 0.9;  // of the training load, per step

torch::Device chooseDevice(const std::string& wanted) {
  if (wanted == "cpu") return torch::kCPU;
  if (torch::cuda::is_available()) return torch::kCUDA;
  if (wanted == "cuda")
    throw std::runtime_error(translated("device cuda: LibTorch finds no usable GPU on this machine; use auto or cpu"));
  return torch::kCPU;
}

torch::Tensor toBytes(const std::vector<std::uint8_t>& bytes) {
  return torch::from_blob(const_cast<std::uint8_t*>(bytes.data()), {static_cast<int64_t>(bytes.size())}, torch::kUInt8)
      .to(torch::kInt64);
}

/// What the weights of routers that come at a step are drawn from.
at::Generator routersDrawnAt(const Knobs& knobs, std::int64_t step) {
  return seededGenerator((knobs.seed + 1) * 2000003 + static_cast<std::uint64_t>(step));
}

/// Of each byte for the one that follows, nats; NaN for a sequence's last. `bytes`: sequences x length, `logits`: a row for each.
Eigen::VectorXf lossOfTokens(const torch::Tensor& logits, const torch::Tensor& bytes) {
  const torch::Tensor next = torch::roll(bytes, -1, 1).reshape({-1, 1});
  const RowMatrix losses = toMatrix(-torch::log_softmax(logits, 1).gather(1, next));
  Eigen::VectorXf loss = losses.col(0);
  for (Eigen::Index last = bytes.size(1) - 1; last < loss.size(); last += bytes.size(1))
    loss[last] = std::numeric_limits<float>::quiet_NaN();
  return loss;
}

}  // namespace

struct Trainer::State {
  Knobs knobs;
  Dispatch dispatch = Dispatch::Fused;
  int threads = 0;
  torch::Device device = torch::kCPU;
  TrainingTextPointer text;
  torch::Tensor probeBytes;  // sequences x context
  Transformer model{nullptr};
  std::unique_ptr<FlatAdamW> optimiser;
  std::mt19937_64 dice;
  std::int64_t step = 0;
  double trainingLoss = std::numeric_limits<double>::quiet_NaN();
  std::vector<Loads> load;        // per layer, running mean over steps of what LayerReadings has
  std::vector<LayerStart> start;  // per layer
  bool stepped = false;           // gradients are of this router's last step
  std::vector<std::string> elsewhere;  // in what it goes on otherwise than the trainer that was saved

  State(const Knobs& wanted, TrainingTextPointer shared, Dispatch how, int budget)
      : knobs(wanted), dispatch(how), threads(budget), device(chooseDevice(wanted.device)), text(std::move(shared)) {
    useThreads();
    probeBytes = toBytes(text->probe->bytes).view({-1, knobs.context}).to(device);
    dice.seed(knobs.seed);
    at::Generator random = seededGenerator(knobs.seed);
    model = Transformer(knobs, dispatch, random);
    model->to(device);
    optimiser = std::make_unique<FlatAdamW>(optimised());
    rememberStart();
    for (int layer = 0; layer < knobs.layers; ++layer)
      load.push_back({Eigen::VectorXd::Constant(knobs.experts, 1.0 / knobs.experts), Eigen::VectorXd::Zero(knobs.experts)});
  }

  /// Of the calling thread alone. The first question makes LibTorch give the thread its own number.
  void useThreads() const {
    if (threads > 0 && at::get_num_threads() != threads) at::set_num_threads(threads);
  }

  void rememberStart() {
    start.clear();
    stepped = false;
    for (int layer = 0; layer < model->layers(); ++layer)
      start.push_back(startOf(model->layer(layer)->router(), model->layer(layer)->experts()));
  }

  std::vector<Router*> routers() { return routersOf(*model); }
  /// The router rows' and the experts' input weights', where the last step left one.
  std::pair<torch::Tensor, torch::Tensor> analysedOf(int layer) {
    return {model->layer(layer)->router().rows(), model->layer(layer)->experts().in};
  }
  std::vector<torch::Tensor> optimised() { return leftToOptimiser(model->parameters(), routers()); }

  torch::Tensor nextBatch() {
    const std::int64_t length = knobs.context + 1;
    torch::Tensor batch =
        torch::empty({knobs.batch, length}, torch::TensorOptions(torch::kInt64).pinned_memory(device.is_cuda()));
    for (int b = 0; b < knobs.batch; ++b) {
      const Domain& domain = text->training[dice() % text->training.size()];
      const std::size_t start = dice() % (domain.bytes.size() - static_cast<std::size_t>(length) + 1);
      std::copy_n(domain.bytes.begin() + static_cast<std::ptrdiff_t>(start), length, batch[b].data_ptr<std::int64_t>());
    }
    return batch.to(device, /*non_blocking=*/true);  // from pinned memory: the host goes on
  }

  StepMetrics measure(const Descent& done);
  double probeLoss(const RoutingOverride& override);
  double lossWithin(const torch::Tensor& logits, const torch::Tensor& bytes) const;
  RoutingOverride readThrough(const Lens& lens);
  std::string goOn(const std::string& text, const PromptRequest& request, const RoutingOverride& override);
  void restore(const TrainerState::Contents& kept);
  void compare(const TrainerState::Contents& kept);
};

Trainer::Trainer(const Knobs& knobs, Dispatch dispatch, int threads) {
  requireValid(knobs);
  requireRouter(knobs.router);
  state_ = std::make_unique<State>(knobs, loadTrainingText(knobs), dispatch, threads);
}

Trainer::Trainer(const Knobs& knobs, TrainingTextPointer text, Dispatch dispatch, int threads) {
  requireValid(knobs);
  requireRouter(knobs.router);
  state_ = std::make_unique<State>(knobs, std::move(text), dispatch, threads);
}

Trainer::Trainer(const TrainerState& state, Dispatch dispatch, int threads)
    : state_(std::make_unique<State>(state.knobs(), state.text(), dispatch, threads)) {
  state_->restore(state.contents());
  state_->compare(state.contents());
}

Trainer::~Trainer() = default;

bool isOutOfMemory(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) || dynamic_cast<const c10::OutOfMemoryError*>(&error)) return true;
  return std::string_view(error.what()).find("DefaultCPUAllocator: can't allocate memory") !=
         std::string_view::npos;  // LibTorch has no type for it
}

void Trainer::useThreads(int threads) { state_->threads = threads; }

int allCoresButOne() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1); }

/// All of it on the host, so that a GPU that is lost takes nothing of it along.
TrainerStatePointer Trainer::save() const {
  State& s = *state_;
  const auto hostCopyOf = [](const torch::Tensor& tensor) {
    return tensor.detach().to(torch::kCPU, tensor.scalar_type(), /*non_blocking=*/false, /*copy=*/true);
  };
  const auto onHost = [](const torch::Tensor& tensor) { return tensor.defined() ? tensor.to(torch::kCPU) : tensor; };
  s.useThreads();
  const torch::NoGradGuard guard;
  auto kept = std::make_unique<TrainerState::Contents>();
  kept->knobs = s.knobs;
  kept->text = s.text;
  kept->device = s.device.is_cuda() ? "cuda" : "cpu";
  kept->threads = at::get_num_threads();
  kept->names = namesOf(*s.model);
  for (const torch::Tensor& tensor : tensorsOf(*s.model)) kept->tensors.push_back(hostCopyOf(tensor));
  for (Router* router : s.routers())
    if (const std::int64_t* counter = router->counter()) kept->counters.push_back(*counter);
  kept->moments = s.optimiser->moments();
  kept->dice = s.dice;
  kept->step = s.step;
  kept->trainingLoss = s.trainingLoss;
  kept->load = s.load;
  for (const LayerStart& layer : s.start) kept->start.push_back({onHost(layer.rows), onHost(layer.in)});  // they never change
  kept->stepped = s.stepped;
  const auto copyOf = [&](const torch::Tensor& parameter) {
    return s.stepped && parameter.defined() && parameter.grad().defined() ? hostCopyOf(parameter.grad()) : torch::Tensor();
  };
  for (int layer = 0; layer < s.model->layers(); ++layer) {
    const auto [rows, in] = s.analysedOf(layer);
    kept->gradients.push_back({copyOf(rows), copyOf(in)});
  }
  return std::make_shared<const TrainerState>(std::move(kept));
}

void Trainer::State::restore(const TrainerState::Contents& kept) {
  const torch::NoGradGuard guard;
  const std::vector<torch::Tensor> own = tensorsOf(*model);
  TORCH_CHECK(own.size() == kept.tensors.size(), "a state of another model");
  for (std::size_t i = 0; i < own.size(); ++i) own[i].copy_(kept.tensors[i]);
  auto counter = kept.counters.begin();
  for (Router* router : routers())
    if (std::int64_t* counts = router->counter()) *counts = *counter++;
  optimiser->setMoments(kept.moments);
  dice = kept.dice;
  step = kept.step;
  trainingLoss = kept.trainingLoss;
  load = kept.load;
  const auto here = [&](const torch::Tensor& tensor) { return tensor.defined() ? tensor.to(device) : tensor; };
  start.clear();
  for (const LayerStart& layer : kept.start) start.push_back({here(layer.rows), here(layer.in)});
  stepped = kept.stepped;
  const auto give = [&](const torch::Tensor& parameter, const torch::Tensor& gradient) {
    if (!gradient.defined()) return;
    if (parameter.grad().defined()) parameter.grad().copy_(gradient);  // a part of the optimiser's own
    else parameter.mutable_grad() = here(gradient).clone();
  };
  for (int layer = 0; layer < model->layers(); ++layer) {
    const auto [rows, in] = analysedOf(layer);
    give(rows, kept.gradients[static_cast<std::size_t>(layer)].rows);
    give(in, kept.gradients[static_cast<std::size_t>(layer)].in);
  }
}

/// Sums are added in another order on another device or by another number of threads.
void Trainer::State::compare(const TrainerState::Contents& kept) {
  const std::string here = device.is_cuda() ? "cuda" : "cpu",
                    rest = translated(
                        ": from here on the numbers differ in their last digits from those of a run that was never left");
  if (kept.device != here)
    elsewhere.push_back(translated("this model was trained on %1 and goes on on %2", kept.device, here) + rest);
  else if (kept.threads != at::get_num_threads())
    elsewhere.push_back(translated("this model was trained by %1 threads and goes on by %2", std::to_string(kept.threads),
                                   std::to_string(at::get_num_threads())) +
                        rest);
}

StepMetrics Trainer::step() {
  State& s = *state_;
  s.useThreads();
  const torch::Tensor batch = s.nextBatch();
  std::vector<LayerPass> traces;
  const torch::Tensor logits = s.model->forward(batch.narrow(1, 0, s.knobs.context), &traces, noiseOfStep(s.knobs, s.step));
  const torch::Tensor loss =
      meanCrossEntropy(logits, batch.narrow(1, 1, s.knobs.context).reshape({-1}), s.dispatch);  // nats per byte
  s.stepped = false;  // the gradients of a step that fails are of no step
  const Descent done = descend(loss, traces, s.routers(), *s.optimiser, s.knobs, s.step, readingsOf(traces));
  const torch::NoGradGuard guard;
  for (int layer = 0; layer < s.model->layers(); ++layer)
    s.model->layer(layer)->followTokens(traces[static_cast<std::size_t>(layer)]);
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
    if (read.intended.allFinite()) {  // else no expert worked on any token (ReLU): there is nothing to follow
      load[layer].intended = kLoadMemory * load[layer].intended + (1.0 - kLoadMemory) * read.intended;
      load[layer].dropped = kLoadMemory * load[layer].dropped + (1.0 - kLoadMemory) * read.dropped;
    }
    metrics.dropped.push_back(read.dropped.sum());
    metrics.loadVariation.push_back(variationOf(read.intended));
    metrics.maxViolation.push_back(read.intended.maxCoeff() * static_cast<double>(read.intended.size()) - 1.0);
  }
  return metrics;
}

SnapshotPointer Trainer::snapshot() {
  State& s = *state_;
  s.useThreads();
  const torch::NoGradGuard guard;
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->step = s.step;
  snapshot->router = s.knobs.router;
  snapshot->probe = s.text->probe;
  snapshot->trainingLoss = s.trainingLoss;
  snapshot->heldOutLoss = std::numeric_limits<double>::quiet_NaN();
  std::vector<LayerPass> traces;
  const torch::Tensor logits = s.model->forward(s.probeBytes, &traces);
  snapshot->tokenLoss = lossOfTokens(logits, s.probeBytes);
  for (std::size_t layer = 0; layer < traces.size(); ++layer) {
    LayerSnapshot view = s.model->layer(static_cast<int>(layer))->describe(traces[layer]);
    view.trainingLoad = s.load[layer].intended;
    view.trainingDropped = s.load[layer].dropped;
    snapshot->layers.push_back(std::move(view));
  }
  return snapshot;
}

AnalysisInput Trainer::analysisInput(int layer) {
  State& s = *state_;
  s.useThreads();
  const torch::NoGradGuard guard;
  const std::size_t index = static_cast<std::size_t>(std::clamp(layer, 0, s.model->layers() - 1));
  std::vector<LayerPass> traces;
  s.model->forward(s.probeBytes, &traces);
  const int held = static_cast<int>(index);
  AnalysisInput input =
      analysisOf(traces[index], s.model->layer(held)->router(), s.model->layer(held)->experts(), s.start[index], s.stepped);
  input.layer = held;
  input.step = s.step;
  return input;
}

/// The whole probe in one pass, as in a snapshot: expert choice and capacity go by the batch.
double Trainer::State::probeLoss(const RoutingOverride& override) {
  useThreads();
  const torch::NoGradGuard guard;
  return lossWithin(model->forward(probeBytes, nullptr, {}, override), probeBytes);
}

/// Of every byte but the first of its sequence, nats; NaN where sequences have one byte. `bytes`: sequences x length.
double Trainer::State::lossWithin(const torch::Tensor& logits, const torch::Tensor& bytes) const {
  const std::int64_t known = bytes.size(1) - 1;  // the last byte's next is not there
  if (known == 0) return std::numeric_limits<double>::quiet_NaN();
  const torch::Tensor read = logits.view({bytes.size(0), bytes.size(1), -1}).narrow(1, 0, known);
  return meanCrossEntropy(read.reshape({-1, logits.size(1)}), bytes.narrow(1, 1, known).reshape({-1}), dispatch).item<double>();
}

double Trainer::heldOutLoss() { return state_->probeLoss({}); }

double Trainer::heldOutLoss(const Lens& lens) { return state_->probeLoss(state_->readThrough(lens)); }

Eigen::VectorXf Trainer::tokenLosses() {
  State& s = *state_;
  s.useThreads();
  const torch::NoGradGuard guard;
  const torch::Tensor logits = s.model->forward(s.probeBytes, nullptr), next = s.probeBytes.roll(-1, 1);
  torch::Tensor losses = torch::log_softmax(logits, 1).gather(1, next.reshape({-1, 1})).neg().view(s.probeBytes.sizes());
  losses.select(1, s.probeBytes.size(1) - 1).fill_(std::numeric_limits<float>::quiet_NaN());
  const torch::Tensor host = losses.to(torch::kCPU, torch::kFloat32).contiguous();
  return Eigen::Map<const Eigen::VectorXf>(host.data_ptr<float>(), host.numel());
}

std::vector<RowMatrix> Trainer::validationLoads() {
  State& s = *state_;
  s.useThreads();
  const torch::NoGradGuard guard;
  const Probe& text = *s.text->validation;
  const auto domains = static_cast<std::int64_t>(text.domainNames.size());
  const torch::Tensor byDomain = toBytes(text.bytes).view({domains, -1, text.context});
  const torch::Tensor sequences = byDomain.transpose(0, 1).reshape({-1, text.context});
  const std::int64_t size = std::min<std::int64_t>(s.knobs.batch, sequences.size(0)), batches = sequences.size(0) / size;
  std::vector<RowMatrix> loads(static_cast<std::size_t>(s.model->layers()), RowMatrix(batches, s.knobs.experts));
  for (std::int64_t b = 0; b < batches; ++b) {
    std::vector<LayerPass> passes;
    s.model->forward(sequences.narrow(0, b * size, size).to(s.device), &passes);
    for (std::size_t layer = 0; layer < passes.size(); ++layer)
      loads[layer].row(b) = assignedLoad(toMatrix(appliedGates(passes[layer].output, s.knobs.experts))).transpose().cast<float>();
  }
  return loads;
}

/// Every layer's routing through the lens.
RoutingOverride Trainer::State::readThrough(const Lens& lens) {
  return [this, lens](int layer, const RouterInput& input) {
    MoeLayerImpl& moe = *model->layer(layer);
    const LayerSnapshot view = moe.describe({input.tokens, input, moe.choose(input)});
    const RowMatrix logits = logitsAt(view, lens.concentration, lens.reading, lens.source),
                    probabilities = routingProbabilities(logits, 1.0f);
    const bool asTrained = lens.gating.policy == GatingPolicy::AsTrained;
    return toTensor(asTrained ? gatesAsTrained(view, lens, logits, probabilities) : appliedGates(probabilities, lens.gating))
        .to(device);
  };
}

/// Bytes that the model writes after `text`, one by one, each seeing as much before it as the context holds.
std::string Trainer::State::goOn(const std::string& text, const PromptRequest& request, const RoutingOverride& override) {
  SplitMix64 dice(request.seed);
  std::string all = text;
  for (int i = 0; i < request.more; ++i) {
    const std::string seen = all.substr(all.size() - std::min<std::size_t>(all.size(), static_cast<std::size_t>(knobs.context)));
    const torch::Tensor logits =
        model->forward(toBytes({seen.begin(), seen.end()}).view({1, -1}).to(device), nullptr, {}, override);
    const torch::Tensor last = logits[logits.size(0) - 1].to(torch::kCPU, torch::kDouble);
    if (request.temperature == 0.0) {
      all.push_back(static_cast<char>(last.argmax().item<std::int64_t>()));
      continue;
    }
    const torch::Tensor chances = torch::softmax(last / request.temperature, 0).cumsum(0);
    const double drawn = dice.unit();
    int byte = 0;
    while (byte < 255 && chances[byte].item<double>() <= drawn) ++byte;
    all.push_back(static_cast<char>(byte));
  }
  return all.substr(text.size());
}

PromptReading Trainer::read(const PromptRequest& request) {
  State& s = *state_;
  if (request.more < 0 || request.more > kMostBytesMore)
    throw std::invalid_argument(
        translated("bytes to write on are %1; expected 0 to %2", std::to_string(request.more), std::to_string(kMostBytesMore)));
  if (!(request.temperature >= 0.0 && request.temperature <= 100.0))
    throw std::invalid_argument(translated("the temperature is no number from 0 to 100"));
  requireValid(request.lens);
  s.useThreads();
  const torch::NoGradGuard guard;
  PromptReading reading;
  reading.request = request;
  reading.step = s.step;
  reading.loss = reading.lossAsTrained = std::numeric_limits<double>::quiet_NaN();
  if (request.text.empty()) return reading;
  const RoutingOverride override = s.readThrough(request.lens);
  reading.continuation = s.goOn(request.text, request, override);
  std::string bytes = request.text + reading.continuation;
  const int size = static_cast<int>(bytes.size()), kept = std::min(size, kLongestPrompt);
  const int parts = (kept + s.knobs.context - 1) / s.knobs.context;
  reading.part = kept / parts;
  reading.first = size - parts * reading.part;
  bytes.erase(0, static_cast<std::size_t>(reading.first));
  auto probe = std::make_shared<Probe>();
  probe->bytes.assign(bytes.begin(), bytes.end());
  probe->domain.assign(bytes.size(), 0);
  probe->domainNames = {"own text"};
  probe->context = reading.part;
  const torch::Tensor batch = toBytes(probe->bytes).view({parts, reading.part}).to(s.device);
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->step = s.step;
  snapshot->router = s.knobs.router;
  snapshot->probe = std::move(probe);
  std::vector<LayerPass> passes;
  const torch::Tensor asTrained = s.model->forward(batch, &passes), logits = s.model->forward(batch, nullptr, {}, override);
  for (std::size_t layer = 0; layer < passes.size(); ++layer) {
    LayerSnapshot view = s.model->layer(static_cast<int>(layer))->describe(passes[layer]);
    view.trainingLoad = s.load[layer].intended;
    view.trainingDropped = s.load[layer].dropped;
    snapshot->layers.push_back(std::move(view));
  }
  snapshot->tokenLoss = lossOfTokens(asTrained, batch);
  reading.loss = s.lossWithin(logits, batch);
  reading.lossAsTrained = snapshot->heldOutLoss = s.lossWithin(asTrained, batch);
  snapshot->trainingLoss = s.trainingLoss;
  reading.next = toMatrix(torch::softmax(logits, 1));
  reading.nextAsTrained = toMatrix(torch::softmax(asTrained, 1));
  reading.snapshot = std::move(snapshot);
  return reading;
}

void Trainer::setKnobs(const Knobs& knobs) {
  State& s = *state_;
  requireValid(knobs);
  requireRouter(knobs.router);
  if (needsNewModel(s.knobs, knobs)) throw std::invalid_argument(translated("these knobs need a new model"));
  s.useThreads();
  const bool newRouter = knobs.router != s.knobs.router;
  s.knobs = knobs;
  if (newRouter) {
    at::Generator random = routersDrawnAt(knobs, s.step);
    s.model->replaceRouters(knobs, random);
    s.optimiser->replaceParameters(s.optimised());
    s.rememberStart();
  }
  s.model->adopt(knobs);
}

const Knobs& Trainer::knobs() const { return state_->knobs; }

std::vector<std::string> Trainer::notes() const {
  std::vector<std::string> notes = state_->elsewhere;
  notes.insert(notes.end(), state_->text->notes.begin(), state_->text->notes.end());
  const Knobs& knobs = state_->knobs;
  const RouterChoice& router = requireRouter(knobs.router);
  if (knobs.couplingAware && !state_->routers().front()->couples())
    notes.push_back(translated("coupling-aware does nothing with the router %1: it has no rows that a gradient trains",
                               translated(router.label)));
  if (knobs.schedule == "cosine" && knobs.scheduleSteps <= knobs.warmUpSteps)
    notes.push_back(translated(
        "the schedule ends at step %1, before the warm-up does at step %2: the learning rate falls to a tenth at once after it",
        std::to_string(knobs.scheduleSteps), std::to_string(knobs.warmUpSteps)));
  if (knobs.capacityFactor > 0.0 && !router.choosesTopK)
    notes.push_back(
        translated("capacity does nothing with the router %1: its tokens do not choose k experts", translated(router.label)));
  return notes;
}

std::int64_t Trainer::stepNumber() const { return state_->step; }

std::string Trainer::device() const { return state_->device.is_cuda() ? "cuda" : "cpu"; }

int Trainer::threads() const {
  state_->useThreads();
  return at::get_num_threads();
}

TrainingTextPointer Trainer::text() const { return state_->text; }

std::int64_t Trainer::parameterCount() const {
  std::int64_t count = 0;
  for (const torch::Tensor& parameter : state_->model->parameters()) count += parameter.numel();
  return count;
}

}  // namespace moescope
