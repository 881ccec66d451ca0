#pragma once
// What a router is. Internal: includes LibTorch, so only .cpp files of core/routers, core/model and the trainer include it.

#include "core/kernels/torch.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/knobs/knobs.h"
#include "core/reading/snapshot.h"
#include "core/routers/registry.h"

namespace moescope {

struct RouterInput {
  torch::Tensor tokens;  ///< T x width, float: routing tokens, centred where the knob says so
  torch::Tensor bytes;   ///< T, int64: the byte at each position
  std::optional<at::Generator> noise = {};  ///< of the CPU, what a training step's noise is drawn from; none: no noise
  double concentration = 1.0;               ///< multiplies the logits before anything is chosen; training has 1
};

struct RouterOutput {
  torch::Tensor logits;         ///< T x N, concentration 1
  torch::Tensor probabilities;  ///< T x N, rows sum to 1
  torch::Tensor experts;        ///< T x k, int64: the chosen experts; undefined where all work on every token
  torch::Tensor gates;          ///< T x k (T x N where all work): gates as the router intends them
  torch::Tensor kept;           ///< T x k, bool: what fits the experts' capacity; undefined: everything
  torch::Tensor auxiliaryLoss;  ///< scalar, already weighted; undefined: none
};

class Router : public torch::nn::Module {
 public:
  virtual RouterOutput route(const RouterInput& input) = 0;

  /// Fills scores, posteriorScores, logPrior, spectra, frames and routerDirections of the snapshot (and hidden, unit length) such
  /// that logitsAt(layer, 1, ...) equals this router's logits; its rule such that gatesByRule() gives this router's gates at
  /// every concentration; concentrationNote where one must be said. Called without gradient recording.
  virtual void describe(const RouterInput& input, LayerSnapshot& layer) const = 0;

  /// What scores tokens, one row for each expert (N x width), for the analysis of coupling: weights or centroids. Undefined
  /// where no row scores (then its direction is what describe() says).
  virtual torch::Tensor rows() const { return {}; }

  /// Coupling-aware update, after the backward pass and before the optimiser: a router row may learn only from the tokens that
  /// its expert was given in this step, as the expert itself does. Keeps sum over the tokens t routed to i of
  /// dL/ds_i(t) h_t and drops the rest: competition at tokens that went elsewhere or were dropped, and what auxiliary losses send
  /// through all tokens. Needs output.logits.retain_grad() before the backward pass. Does nothing where `couples()` is false.
  virtual void coupleGradient(const RouterInput& /*input*/, const RouterOutput& /*output*/) {}
  /// Whether each row learns only from its expert's tokens once the gradient is coupled. False: no rows score tokens, or no
  /// gradient trains them.
  virtual bool couples() const { return false; }

  /// Parameters that this router updates by itself in updateOwn(); the optimiser leaves them alone.
  virtual std::vector<torch::Tensor> ownParameters() { return {}; }
  virtual void updateOwn(double /*learningRate*/) {}

  /// Takes over knobs that need no new model.
  virtual void adopt(const Knobs& /*knobs*/) {}

  /// After each training step, with what was routed in it (no gradient).
  virtual void afterStep(const RouterInput& /*input*/, const RouterOutput& /*output*/) {}

  /// What about its parameters and buffers it cannot work with, in words that follow their name ("frames are not orthonormal");
  /// empty: nothing. They are finite and of its shapes.
  virtual std::string fault() const { return {}; }

  /// What it remembers from step to step beside parameters and buffers; null: nothing.
  virtual std::int64_t* counter() { return nullptr; }
};

struct RouterDeclaration {
  RouterChoice choice;
  std::function<std::shared_ptr<Router>(const Knobs&, at::Generator&)> make;
};

/// A router that is nothing but `Made(knobs, random)`.
template <typename Made>
RouterDeclaration declare(RouterChoice choice) {
  return {std::move(choice), [](const Knobs& knobs, at::Generator& random) { return std::make_shared<Made>(knobs, random); }};
}

const std::vector<RouterDeclaration>& routerRegistry();
/// A new one as the knobs say, its weights drawn from `random`. Throws std::invalid_argument for an unknown name.
std::shared_ptr<Router> createRouter(const Knobs& knobs, at::Generator& random);

// Shared by several routers.

/// What routers with a row for each expert use that give each token its k best experts, and more.
std::vector<std::string> knobsOfRows(std::vector<std::string> more = {});

/// A generator of the CPU's own: two with one seed draw the same, whoever else draws.
at::Generator seededGenerator(std::uint64_t seed);
/// The logits as the input's concentration has them.
torch::Tensor tempered(const torch::Tensor& logits, const RouterInput& input);
/// T x N: 1 where the expert works on the token (chosen and not dropped; a gate above 0 where all may work), else 0.
torch::Tensor workedOn(const RouterOutput& output);
/// The rule of chooseTopK().
TrainedRule topKRule(int k);
/// Softmax over the experts, T x N.
torch::Tensor probabilitiesOf(const torch::Tensor& logits);
/// The k largest probabilities of each row, renormalised over the chosen ones when k >= 2 (with k = 1 that would leave the
/// router without a gradient; math specification, section 6).
void chooseTopK(RouterOutput& output, int k);
/// The same with the choice by `preference` (T x N); the gates stay the probabilities of the chosen.
void chooseTopK(RouterOutput& output, int k, const torch::Tensor& preference);
/// Gates of the experts that are chosen already: as above.
void gateChosen(RouterOutput& output);
/// Switch's loss without its weight: the mean over runs of `sequence` tokens of N sum_i f_i P_i, with f the share of a run's
/// assignments and P its mean probability; 1 at perfect balance. All tokens are one run where they are no whole number of them.
torch::Tensor switchLoss(const RouterOutput& output, std::int64_t sequence);
/// N, double: how often each of `count` experts is chosen. On the experts' device, where bincount would make the host wait.
torch::Tensor assignmentCounts(const torch::Tensor& experts, std::int64_t count);
/// Rows of unit length (a row of zeros stays one).
torch::Tensor unitRows(const torch::Tensor& rows);
/// Orthonormal: rows x columns with columns <= rows.
torch::Tensor randomFrame(int rows, int columns, at::Generator& random);
RowMatrix toMatrix(const torch::Tensor& tensor);
/// A copy, on the host.
torch::Tensor toTensor(const RowMatrix& matrix);

}  // namespace moescope
