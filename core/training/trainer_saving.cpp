// A trainer's state, kept and taken up again.

#include "core/training/trainer_internals.h"

#include "core/words/words.h"

namespace moescope {

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

}  // namespace moescope
