#include "core/training/trainer_state.h"

#include "core/training/trainer_contents.h"

namespace moescope {
namespace {

std::uint64_t bytesOf(const torch::Tensor& tensor) { return tensor.defined() ? tensor.nbytes() : 0; }

}  // namespace

TrainerState::TrainerState(std::unique_ptr<const Contents> contents) : contents_(std::move(contents)) {}
TrainerState::~TrainerState() = default;

const Knobs& TrainerState::knobs() const { return contents_->knobs; }
std::int64_t TrainerState::step() const { return contents_->step; }
const TrainingTextPointer& TrainerState::text() const { return contents_->text; }

std::uint64_t TrainerState::bytes() const {
  std::uint64_t sum = sizeof(Contents) + bytesOf(contents_->moments.first) + bytesOf(contents_->moments.second);
  for (const torch::Tensor& tensor : contents_->tensors) sum += bytesOf(tensor);
  for (const LayerStart& start : contents_->start) sum += bytesOf(start.rows) + bytesOf(start.in);
  for (const LayerGradients& gradients : contents_->gradients) sum += bytesOf(gradients.rows) + bytesOf(gradients.in);
  return sum;
}

}  // namespace moescope
