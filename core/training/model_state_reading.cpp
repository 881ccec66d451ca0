#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <sstream>

#include "core/checkpoint/safetensors.h"
#include "core/knobs/knobs_json.h"
#include "core/routers/registry.h"
#include "core/training/descent.h"
#include "core/training/model_state.h"
#include "core/training/model_state_names.h"
#include "core/training/trainer_contents.h"
#include "core/words/words.h"

namespace moescope {
namespace {

std::string shapeText(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : " x ") + std::to_string(size);
  return text.empty() ? "a single number" : text;
}

/// Takes tensors and entries out of a file one by one; what is left at the end belongs to no model.
class Reader {
 public:
  Reader(std::string_view bytes, const std::string& place) : bytes_(bytes), place_(place) {
    const std::span beginning(reinterpret_cast<const std::uint8_t*>(bytes.data()), std::min<std::size_t>(8, bytes.size()));
    const std::uint64_t length = safetensorsHeaderLength(beginning, bytes.size(), place);
    data_ = bytes.substr(8 + length);
    tensors_ = parseSafetensorsHeader(bytes.substr(8, length), data_.size(), place, &entries_);
    const auto version = entries_.find(kVersion);
    if (version == entries_.end())
      throw std::runtime_error(
          translated("%1: __metadata__ has no %2: this is no state of a model that this program wrote", place, kVersion));
    if (entry(kFormat) != "pt") fail(translated("__metadata__: format is \"%1\", expected pt", entry(kFormat).substr(0, 40)));
    if (version->second != kVersionNow)
      throw std::runtime_error(translated("%1: a model's state of version %2; this program reads version %3", place,
                                          version->second.substr(0, 20), kVersionNow));
  }

  [[noreturn]] void fail(const std::string& what) const { throw std::runtime_error(place_ + ": " + what); }
  [[noreturn]] void failTensor(const std::string& name, const std::string& what) const {
    fail(translated("tensor \"%1\": %2", name, what));
  }
  const std::string& place() const { return place_; }

  const std::string& entry(const std::string& name) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) fail(translated("__metadata__ has no %1", name));
    return found->second;
  }
  template <typename Number>
  Number numberEntry(const std::string& name) const {
    const std::string& text = entry(name);
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
      fail(translated("__metadata__: %1 is \"%2\", expected a number", name, text.substr(0, 40)));
    return number;
  }
  std::int64_t countEntry(const std::string& name) const {
    const auto number = numberEntry<std::int64_t>(name);
    if (number < 0) fail(translated("__metadata__: %1 is %2, expected at least 0", name, std::to_string(number)));
    return number;
  }

  bool has(const std::string& name) const { return tensors_.count(name) > 0; }
  void require(const std::string& name, torch::ScalarType type, const std::vector<std::int64_t>& shape) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end()) failTensor(name, translated("it is missing"));
    const TensorEntry& tensor = found->second;
    if (tensor.type != typeName(type)) failTensor(name, translated("its dtype is %1, expected %2", tensor.type, typeName(type)));
    if (tensor.shape != shape)
      failTensor(name, translated("its shape is %1, expected %2", shapeText(tensor.shape), shapeText(shape)));
  }
  torch::Tensor take(const std::string& name, torch::ScalarType type, const std::vector<std::int64_t>& shape) {
    require(name, type, shape);
    torch::Tensor tensor = torch::empty(shape, type);
    std::memcpy(tensor.data_ptr(), data_.data() + tensors_.at(name).begin, tensor.nbytes());
    if (tensor.is_floating_point() && !tensor.isfinite().all().item<bool>())
      failTensor(name, translated("a value is not finite"));
    tensors_.erase(name);
    return tensor;
  }
  torch::Tensor takeLike(const std::string& name, const torch::Tensor& like) {
    return take(name, like.scalar_type(), like.sizes().vec());
  }
  /// A whole number of at least 0.
  std::int64_t takeCount(const std::string& name) {
    const auto number = take(name, torch::kInt64, {}).item<std::int64_t>();
    if (number < 0) failTensor(name, translated("it is %1, expected at least 0", std::to_string(number)));
    return number;
  }
  Eigen::VectorXd takeShares(const std::string& name, int experts) {
    const torch::Tensor values = take(name, torch::kFloat64, {experts});
    if ((values < 0).any().item<bool>()) failTensor(name, translated("a share is below 0"));
    return Eigen::Map<const Eigen::VectorXd>(values.data_ptr<double>(), experts);
  }
  void requireEmpty() const {
    if (!tensors_.empty()) failTensor(tensors_.begin()->first, translated("this model has none of that name"));
  }

 private:
  std::string_view bytes_, data_;
  std::string place_;
  TensorMap tensors_;
  std::map<std::string, std::string> entries_;
};

/// Before a model of these knobs is made: the file is as large as it.
void requireSizes(const Reader& reader, const Knobs& knobs) {
  const std::int64_t width = knobs.width;
  reader.require("embedding", torch::kFloat32, {256, width});
  reader.require("positions", torch::kFloat32, {knobs.context, width});
  for (int layer = 0; layer < knobs.layers; ++layer) {
    const std::string moe = "blocks." + std::to_string(layer) + ".moe.";
    reader.require(moe + "experts_in", torch::kFloat32, {knobs.experts, width, 2 * knobs.expertWidth});
    if (knobs.sharedExpertWidth > 0) reader.require(moe + "shared_in", torch::kFloat32, {1, width, 2 * knobs.sharedExpertWidth});
  }
}

/// Fills the model too, whose routers say what they cannot work with.
void readTensors(Reader& reader, TransformerImpl& model, TrainerState::Contents& state) {
  const std::vector<torch::Tensor> own = tensorsOf(model);
  for (std::size_t i = 0; i < own.size(); ++i)
    own[i].copy_(state.tensors.emplace_back(reader.takeLike(state.names.all[i], own[i])));
  for (int layer = 0; layer < model.layers(); ++layer)
    if (const std::string fault = model.layer(layer)->router().fault(); !fault.empty())
      reader.fail(translated("tensor \"blocks.%1.moe.router.%2", std::to_string(layer), fault));
}

void readMoments(Reader& reader, TransformerImpl& model, TrainerState::Contents& state) {
  std::vector<torch::Tensor> first, second;
  const std::vector<torch::Tensor> optimised = leftToOptimiser(model.parameters(), routersOf(model));
  for (std::size_t i = 0; i < optimised.size(); ++i) {
    const std::string& name = state.names.optimised[i];
    first.push_back(reader.takeLike(kFirstMoment + name, optimised[i]).view({-1}));
    second.push_back(reader.takeLike(kSecondMoment + name, optimised[i]).view({-1}));
    if ((second.back() < 0).any().item<bool>()) reader.failTensor(kSecondMoment + name, translated("a value is below 0"));
    state.moments.steps.push_back(reader.takeCount(kMomentSteps + name));
  }
  state.moments.first = torch::cat(first);
  state.moments.second = torch::cat(second);
}

void readLayers(Reader& reader, TransformerImpl& model, TrainerState::Contents& state) {
  const int experts = state.knobs.experts;
  for (int layer = 0; layer < model.layers(); ++layer) {
    const std::string of = "blocks." + std::to_string(layer) + '.';
    const Router& router = model.layer(layer)->router();
    const torch::Tensor rows = router.rows(), in = model.layer(layer)->experts().in;
    const auto optional = [&](const std::string& name, const torch::Tensor& like) {
      return like.defined() && reader.has(name) ? reader.takeLike(name, like) : torch::Tensor();
    };
    state.load.push_back(
        {reader.takeShares(kLoad + of + "intended", experts), reader.takeShares(kLoad + of + "dropped", experts)});
    state.start.push_back({rows.defined() ? reader.takeLike(kStart + of + "router_rows", rows) : torch::Tensor(),
                           reader.takeLike(kStart + of + "experts_in", in)});
    state.gradients.push_back({optional(kGradient + of + "router_rows", rows), optional(kGradient + of + "experts_in", in)});
    if (model.layer(layer)->router().counter()) state.counters.push_back(reader.takeCount(kCounter + of + "router"));
  }
}

std::mt19937_64 readDice(Reader& reader) {
  const torch::Tensor words = reader.take(kDice, torch::kUInt64, {kDiceWords});
  const auto* values = static_cast<const std::uint64_t*>(words.data_ptr());
  if (values[kDiceWords - 1] > kDiceWords - 1)
    reader.failTensor(kDice, translated("its last number, the place in the others, is above %1", std::to_string(kDiceWords - 1)));
  std::stringstream text;
  for (std::int64_t i = 0; i < kDiceWords; ++i) text << values[i] << ' ';
  std::mt19937_64 dice;
  text >> dice;
  if (!text) reader.failTensor(kDice, translated("no state of this generator"));
  return dice;
}

TrainingTextPointer loadText(const Reader& reader, const Knobs& knobs) try {
  return loadTrainingText(knobs);
} catch (const CorpusError& error) {
  throw CorpusError(translated("%1: the text that it was trained on: %2", reader.place(), error.what()));
}

TrainingTextPointer readText(const Reader& reader, const Knobs& knobs, OtherText otherText) {
  const TrainingTextPointer text = loadText(reader, knobs);
  if (text->hash == reader.entry(kCorpusHash)) {
    if (text->corpus != reader.entry(kCorpus))
      reader.fail(translated("__metadata__: corpus is \"%1\", and its text is that of %2", reader.entry(kCorpus).substr(0, 40),
                             text->corpus));
    return text;
  }
  const std::string what =
      translated("it was trained on other text of the corpus %1 (hash %2) than is here (%3)", knobs.corpus,
                 reader.entry(kCorpusHash).substr(0, 16), text->hash + (text->corpus == knobs.corpus ? "" : ", " + text->corpus));
  if (otherText == OtherText::Refused)
    throw CorpusError(translated("%1: %2: it cannot go on as it would have", reader.place(), what));
  auto noted = std::make_shared<TrainingText>(*text);
  noted->notes.insert(noted->notes.begin(), reader.place() + ": " + what);
  return noted;
}

Knobs readKnobs(const Reader& reader) {
  Knobs knobs = readKnobsJson(reader.entry(kKnobs), reader.place());
  try {
    requireRouter(knobs.router);
  } catch (const std::invalid_argument& error) {
    reader.fail(error.what());
  }
  return knobs;
}

bool readStepped(const Reader& reader) {
  const std::string& text = reader.entry(kStepped);
  if (text != "true" && text != "false")
    reader.fail(translated("__metadata__: %1 is \"%2\", expected true or false", kStepped, text.substr(0, 40)));
  return text == "true";
}

}  // namespace

TrainerStatePointer readModelState(std::string_view bytes, const std::string& place, OtherText otherText) {
  const torch::NoGradGuard guard;
  Reader reader(bytes, place);
  auto state = std::make_unique<TrainerState::Contents>();
  state->knobs = readKnobs(reader);
  requireSizes(reader, state->knobs);
  at::Generator random = seededGenerator(state->knobs.seed);
  Transformer model(state->knobs, Dispatch::Fused, random);
  state->names = namesOf(*model);
  state->step = reader.countEntry(kStep);
  state->trainingLoss = reader.numberEntry<double>(kTrainingLoss);
  if (!std::isfinite(state->trainingLoss) && state->step > 0)
    reader.fail(translated("__metadata__: %1 is not finite", kTrainingLoss));
  state->stepped = readStepped(reader);
  state->device = reader.entry(kDevice);
  state->threads = static_cast<int>(std::min<std::int64_t>(reader.countEntry(kThreads), std::numeric_limits<int>::max()));
  readTensors(reader, *model, *state);
  readMoments(reader, *model, *state);
  readLayers(reader, *model, *state);
  state->dice = readDice(reader);
  reader.requireEmpty();
  state->text = readText(reader, state->knobs, otherText);
  return std::make_shared<const TrainerState>(std::move(state));
}

}  // namespace moescope
