// What a model in training is like at a step: snapshots, losses, what the analysis takes, how it goes on with a prompt.

#include "core/training/trainer_internals.h"

#include <cmath>

#include "core/data/split_mix.h"
#include "core/kernels/dense.h"
#include "core/metrics/load.h"
#include "core/model/capacity.h"
#include "core/reading/choosing.h"
#include "core/reading/lens_table.h"
#include "core/reading/routing.h"
#include "core/words/words.h"

namespace moescope {
namespace {

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
    const RowMatrix logits = logitsAt(view, choiceConcentration(lens, view.rule), lens.reading, lens.source),
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

}  // namespace moescope
