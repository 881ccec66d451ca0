#include "core/training/trainer_state.h"

#include "core/training/trainer_contents.h"

#include <algorithm>

#include "core/training/descent.h"

namespace moescope {
namespace {

/// "block0_moe.router.weight" is blocks.0.moe.router.weight outside.
std::string nameOutside(const std::string& name) {
  constexpr std::string_view block = "block";
  const std::size_t end = name.starts_with(block) ? name.find('_') : std::string::npos;
  return end == std::string::npos ? name : "blocks." + name.substr(block.size(), end - block.size()) + '.' + name.substr(end + 1);
}

std::uint64_t bytesOf(const torch::Tensor& tensor) { return tensor.defined() ? tensor.nbytes() : 0; }

}  // namespace

std::vector<Router*> routersOf(TransformerImpl& model) {
  std::vector<Router*> all;
  for (int layer = 0; layer < model.layers(); ++layer) all.push_back(&model.layer(layer)->router());
  return all;
}

std::vector<torch::Tensor> tensorsOf(TransformerImpl& model) {
  std::vector<torch::Tensor> all = model.parameters();
  for (const torch::Tensor& buffer : model.buffers()) all.push_back(buffer);
  return all;
}

TensorNames namesOf(TransformerImpl& model) {
  TensorNames names;
  const std::vector<torch::Tensor> optimised = leftToOptimiser(model.parameters(), routersOf(model));
  for (const auto& parameter : model.named_parameters()) {
    names.all.push_back(nameOutside(parameter.key()));
    if (std::any_of(optimised.begin(), optimised.end(), [&](const torch::Tensor& one) { return one.is_same(parameter.value()); }))
      names.optimised.push_back(names.all.back());
  }
  for (const auto& buffer : model.named_buffers()) names.all.push_back(nameOutside(buffer.key()));
  return names;
}

TrainerState::TrainerState(std::unique_ptr<const Contents> contents) : contents_(std::move(contents)) {}
TrainerState::~TrainerState() = default;

const Knobs& TrainerState::knobs() const { return contents_->knobs; }
std::int64_t TrainerState::step() const { return contents_->step; }
const std::string& TrainerState::device() const { return contents_->device; }
int TrainerState::threads() const { return contents_->threads; }
const TrainingTextPointer& TrainerState::text() const { return contents_->text; }

std::uint64_t TrainerState::bytes() const {
  std::uint64_t sum = sizeof(Contents) + bytesOf(contents_->moments.first) + bytesOf(contents_->moments.second);
  for (const torch::Tensor& tensor : contents_->tensors) sum += bytesOf(tensor);
  for (const LayerStart& start : contents_->start) sum += bytesOf(start.rows) + bytesOf(start.in);
  for (const LayerGradients& gradients : contents_->gradients) sum += bytesOf(gradients.rows) + bytesOf(gradients.in);
  return sum;
}

}  // namespace moescope
