#include "core/training/model_state.h"

#include <charconv>
#include <deque>
#include <map>
#include <sstream>

#include "core/checkpoint/safetensors_writer.h"
#include "core/knobs/knobs_json.h"
#include "core/training/model_state_names.h"
#include "core/training/trainer_contents.h"

namespace moescope {
namespace {

/// Collects tensors and holds what they are views of.
class Writer {
 public:
  void add(std::string name, const torch::Tensor& tensor) {
    const torch::Tensor& kept = held_.emplace_back(tensor.detach().to(torch::kCPU).contiguous());
    const std::span<const std::uint8_t> bytes(static_cast<const std::uint8_t*>(kept.data_ptr()), kept.nbytes());
    tensors_.push_back({std::move(name), typeName(kept.scalar_type()), kept.sizes().vec(), bytes});
  }
  void add(std::string name, std::int64_t number) { add(std::move(name), torch::full({}, number, torch::kInt64)); }
  void add(std::string name, const Eigen::VectorXd& values) {
    add(std::move(name), torch::from_blob(const_cast<double*>(values.data()), {values.size()}, torch::kFloat64).clone());
  }
  std::string bytes(const std::map<std::string, std::string>& metadata) && {
    return safetensorsBytes(std::move(tensors_), metadata);
  }

 private:
  std::deque<torch::Tensor> held_;
  std::vector<TensorToWrite> tensors_;
};

/// The flat moments, by parameter.
void addMoments(Writer& writer, const TrainerState::Contents& state) {
  std::map<std::string, torch::Tensor> model;
  for (std::size_t i = 0; i < state.tensors.size(); ++i) model[state.names.all[i]] = state.tensors[i];
  std::int64_t start = 0;
  for (std::size_t i = 0; i < state.names.optimised.size(); ++i) {
    const std::string& name = state.names.optimised[i];
    const torch::Tensor& parameter = model.at(name);
    const auto part = [&](const torch::Tensor& flat) { return flat.narrow(0, start, parameter.numel()).view(parameter.sizes()); };
    writer.add(kFirstMoment + name, part(state.moments.first));
    writer.add(kSecondMoment + name, part(state.moments.second));
    writer.add(kMomentSteps + name, state.moments.steps[i]);
    start += parameter.numel();
  }
}

void addLayers(Writer& writer, const TrainerState::Contents& state) {
  for (std::size_t layer = 0; layer < state.load.size(); ++layer) {
    const std::string of = "blocks." + std::to_string(layer) + '.';
    writer.add(kLoad + of + "intended", state.load[layer].intended);
    writer.add(kLoad + of + "dropped", state.load[layer].dropped);
    writer.add(kStart + of + "experts_in", state.start[layer].in);
    if (state.start[layer].rows.defined()) writer.add(kStart + of + "router_rows", state.start[layer].rows);
    if (state.gradients[layer].in.defined()) writer.add(kGradient + of + "experts_in", state.gradients[layer].in);
    if (state.gradients[layer].rows.defined()) writer.add(kGradient + of + "router_rows", state.gradients[layer].rows);
    if (state.counters.size() == state.load.size()) writer.add(kCounter + of + "router", state.counters[layer]);
  }
}

/// The 312 words of its state and the place in them, as the standard library writes them.
torch::Tensor wordsOf(const std::mt19937_64& dice) {
  std::stringstream text;
  text << dice;
  torch::Tensor words = torch::zeros({kDiceWords}, torch::kUInt64);
  for (std::int64_t i = 0; i < kDiceWords; ++i) text >> static_cast<std::uint64_t*>(words.data_ptr())[i];
  return words;
}

std::string wordsOf(double number) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, number).ptr};
}

}  // namespace

std::string modelStateBytes(const TrainerState& state) {
  const TrainerState::Contents& contents = state.contents();
  const torch::NoGradGuard guard;
  Writer writer;
  for (std::size_t i = 0; i < contents.tensors.size(); ++i) writer.add(contents.names.all[i], contents.tensors[i]);
  addMoments(writer, contents);
  addLayers(writer, contents);
  writer.add(kDice, wordsOf(contents.dice));
  return std::move(writer).bytes({{kFormat, "pt"},
                                  {kVersion, kVersionNow},
                                  {kKnobs, knobsJson(contents.knobs)},
                                  {kStep, std::to_string(contents.step)},
                                  {kTrainingLoss, wordsOf(contents.trainingLoss)},
                                  {kStepped, contents.stepped ? "true" : "false"},
                                  {kCorpus, contents.text->corpus},
                                  {kCorpusHash, contents.text->hash},
                                  {kDevice, contents.device},
                                  {kThreads, std::to_string(contents.threads)}});
}

}  // namespace moescope
