#include "core/training/trainer_internals.h"

#include <cmath>
#include <limits>
#include <new>
#include <string_view>
#include <thread>

#include "core/kernels/dense.h"
#include "core/metrics/load.h"
#include "core/training/step_readings.h"
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

/// What the weights of routers that come at a step are drawn from.
at::Generator routersDrawnAt(const Knobs& knobs, std::int64_t step) {
  return seededGenerator((knobs.seed + 1) * 2000003 + static_cast<std::uint64_t>(step));
}

}  // namespace

Trainer::State::State(const Knobs& wanted, TrainingTextPointer shared, Dispatch how, int budget)
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
