#include "core/knobs/knobs.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "core/words/words.h"

namespace moescope {
namespace {

template <typename Value>
KnobDeclaration number(Value Knobs::*field, std::string name, std::string label, std::string unit, double minimum, double maximum,
                       bool rebuilds, std::string help) {
  return {numberSetting(field, std::move(name), std::move(label), std::move(unit), minimum, maximum, std::move(help)), rebuilds};
}

KnobDeclaration logarithmic(KnobDeclaration knob) {
  knob.logarithmic = true;
  return knob;
}

KnobDeclaration often(KnobDeclaration knob) {
  knob.often = true;
  return knob;
}

KnobDeclaration later(KnobDeclaration knob) {
  knob.later = true;
  return knob;
}

KnobDeclaration words(std::string Knobs::*field, std::string name, std::string label, bool rebuilds, bool free,
                      std::vector<Choice> choices, std::string help) {
  KnobDeclaration knob;
  knob.name = std::move(name);
  knob.label = std::move(label);
  knob.help = std::move(help);
  knob.rebuilds = rebuilds;
  knob.free = free;
  knob.choices = std::move(choices);
  knob.text = [field](const Knobs& knobs) { return knobs.*field; };
  knob.setText = [field](Knobs& knobs, const std::string& text) { knobs.*field = text; };
  return knob;
}

}  // namespace

const std::vector<KnobDeclaration>& knobTable() {
  static const std::vector<KnobDeclaration> table = {
      often(words(&Knobs::router, "router", "Router", false, true, {},
                  "How tokens choose experts; a change keeps experts and data")),
      often(words(&Knobs::corpus, "corpus", "Corpus", true, true, {{"debian"}, {"procedural"}},
                  "debian (text of this machine), procedural (synthetic), or a folder")),
      words(&Knobs::device, "device", "Device", true, false, {{"auto"}, {"cpu"}, {"cuda"}}, "auto, cpu or cuda"),
      number(&Knobs::seed, "seed", "Seed", "", 0, 4294967295.0, true, "Of initial weights and batches"),
      often(number(&Knobs::experts, "experts", "Experts", "", 4, 512, true, "Experts in each MoE layer")),
      often(number(&Knobs::topK, "top-k", "Top-k in training", "experts", 1, 512, false,
                   "Experts that work on each token in training")),
      number(&Knobs::layers, "layers", "Layers", "", 1, 4, true, "Transformer blocks, each with one MoE layer"),
      number(&Knobs::width, "width", "Width", "", 32, 256, true, "Residual width, a multiple of the heads"),
      number(&Knobs::heads, "heads", "Heads", "", 1, 16, true, "Attention heads"),
      number(&Knobs::expertWidth, "expert-width", "Expert width", "units", 16, 1024, true, "Hidden units of each SwiGLU expert"),
      number(&Knobs::context, "context", "Context", "tokens", 16, 1024, true, "Bytes in each sequence"),
      number(&Knobs::batch, "batch", "Batch", "sequences", 1, 64, false, "Sequences in each step"),
      often(logarithmic(number(&Knobs::learningRate, "learning-rate", "Learning rate", "", 1e-6, 1000.0, false,
                               "Of AdamW; training diverges well before the top of this range"))),
      later(words(&Knobs::schedule, "schedule", "Schedule", false, false,
                  {{"constant"}, {"cosine", "cosine", "half a cosine from the learning rate to a tenth of it"}},
                  "Of the learning rate: constant, or along half a cosine to a tenth at the schedule's last step")),
      later(number(&Knobs::warmUpSteps, "warm-up", "Warm-up", "steps", 0, 1000000, false,
                   "Steps over which the learning rate rises from 0")),
      later(number(&Knobs::scheduleSteps, "schedule-steps", "Schedule ends", "steps", 1, 10000000, false,
                   "Step at which a cosine schedule has reached a tenth of the learning rate")),
      later(number(&Knobs::weightDecay, "weight-decay", "Weight decay", "", 0, 1, false,
                   "Of AdamW, on matrices: their share lost in a step at learning rate 1")),
      later(number(&Knobs::firstBeta, "beta1", "Beta 1", "", 0, 0.9999, false,
                   "Of AdamW: memory of the mean gradient from step to step")),
      later(number(&Knobs::secondBeta, "beta2", "Beta 2", "", 0, 0.99999, false,
                   "Of AdamW: memory of the mean squared gradient from step to step")),
      number(
          &Knobs::capacityFactor, "capacity", "Capacity factor", "", 0, 64, false,
          "An expert takes at most this times its fair share of a batch's assignments, the first ones; the rest are dropped. 0: no limit. "
          "Only for routers whose tokens choose k experts"),
      number(&Knobs::sharedExpertWidth, "shared-expert", "Shared expert", "units", 0, 1024, true,
             "Hidden units of one more expert that works on every token and that no router chooses; 0: none"),
      number(&Knobs::auxiliaryWeight, "auxiliary-weight", "Auxiliary weight", "", 0, 10, false,
             "Noisy top-k and Switch: weight of their balancing loss; logits standardised by token: the most that it can have"),
      number(&Knobs::logSumWeight, "z-loss-weight", "z-loss weight", "", 0, 10, false,
             "z-loss: weight of mean (logsumexp of the logits)^2"),
      later(logarithmic(number(&Knobs::biasRate, "bias-rate", "Bias rate", "", 1e-6, 1, false,
                               "Loss-free bias: how far a bias moves in a step"))),
      later(number(&Knobs::sequenceWeight, "sequence-weight", "Sequence weight", "", 0, 10, false,
                   "Loss-free bias on logits: weight of Switch's loss within each sequence")),
      later(logarithmic(
          number(&Knobs::centroidRate, "centroid-rate", "Centroid rate", "", 1e-6, 1, false,
                 "Online K-Means: share of the way from a centroid to the mean of its tokens that it moves in a step"))),
      later(words(&Knobs::centroidStart, "centroid-start", "Centroids start", true, false,
                  {{"tokens", "spread tokens", "tokens of the first step, evenly spread over it"},
                   {"noise", "mean with noise", "the first step's mean token, with noise as wide as the tokens' spread"},
                   {"plusplus", "k-means++",
                    "tokens of the first step, each drawn in proportion to its squared distance from those drawn before"}},
                  "Online K-Means: where the centroids start")),
      later(number(&Knobs::unitCentroids, "unit-centroids", "Unit tokens", "", 0, 1, false,
                   "Online K-Means: centroids follow tokens of unit length; else long tokens weigh more (1: yes)")),
      number(&Knobs::balanceWeight, "balance-weight", "Balance weight", "", 0, 10, false,
             "GrMoE: beta_u of KL(mean gate || uniform)"),
      number(
          &Knobs::posterior, "posterior", "Posterior", "", 0, 1, false,
          "GrMoE: gates are an amortised posterior q(e | token), the prior's logits plus a small network's correction (1: yes)"),
      number(&Knobs::posteriorWeight, "posterior-weight", "Posterior weight", "", 0, 10, false,
             "GrMoE: beta of KL(posterior || prior)"),
      number(&Knobs::spectrumWeight, "spectrum-weight", "Spectrum weight", "", 0, 1, false,
             "GrMoE: gamma of the mean eigenvalue of all spectra"),
      number(&Knobs::diversityWeight, "diversity-weight", "Diversity weight", "", 0, 10, false,
             "GrMoE: delta of the mean overlap of different experts' subspaces"),
      number(&Knobs::centreTokens, "centre-tokens", "Centre tokens", "", 0, 1, true,
             "Subtract the running mean of the tokens before routing (1: yes)"),
      number(&Knobs::couplingAware, "coupling-aware", "Coupling-aware", "", 0, 1, false,
             "Linear routers: each row learns only from the tokens that its expert was given (1: yes)"),
      number(&Knobs::frameRank, "frame-rank", "Frame rank", "", 1, 16, true, "GrMoE: dimension of each expert's subspace"),
      number(
          &Knobs::probeTokens, "probe-tokens", "Probe", "tokens", 256, 4096, true,
          "Labelled tokens that every snapshot is measured on and keeps, a few dozen snapshots in the memory of the time line; tokens by the million are read from a trace"),
      number(&Knobs::snapshotEvery, "snapshot-every", "Snapshot every", "steps", 1, 1000, false,
             "Steps between snapshots while playing"),
  };
  return table;
}

/// Words that may be any end up in messages of one line.
static void requireOneLine(const std::string& words, const std::string& name) {
  const bool control =
      std::any_of(words.begin(), words.end(), [](char each) { return static_cast<unsigned char>(each) < 32 || each == 127; });
  if (control) throw std::invalid_argument(translated("%1 has a control character in it", name));
}

void requireValid(const Knobs& knobs) {
  for (const KnobDeclaration& knob : knobTable()) try {
      knob.checkOf(knobs);
      if (knob.free) requireOneLine(knob.text(knobs), knob.name);
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(translated("knob %1", error.what()));
    }
  const auto require = [](bool holds, const std::string& message) {
    if (!holds) throw std::invalid_argument(message);
  };
  require(knobs.width % knobs.heads == 0, translated("knob width is %1; expected a multiple of heads (%2)",
                                                     std::to_string(knobs.width), std::to_string(knobs.heads)));
  require(knobs.topK <= knobs.experts, translated("knob top-k is %1; expected at most experts (%2)", std::to_string(knobs.topK),
                                                  std::to_string(knobs.experts)));
  require(knobs.frameRank < knobs.width, translated("knob frame-rank is %1; expected less than width (%2)",
                                                    std::to_string(knobs.frameRank), std::to_string(knobs.width)));
  require(!knobs.corpus.empty(), translated("knob corpus is empty; expected debian, procedural or a folder"));
}

double learningRateAt(const Knobs& knobs, std::int64_t step) {
  constexpr double kLast = 0.1;  // of the learning rate, where a cosine ends
  if (step < knobs.warmUpSteps) return knobs.learningRate * static_cast<double>(step + 1) / knobs.warmUpSteps;
  if (knobs.schedule != "cosine") return knobs.learningRate;
  const double length = std::max(1, knobs.scheduleSteps - knobs.warmUpSteps),
               done = std::min(1.0, static_cast<double>(step - knobs.warmUpSteps) / length);
  return knobs.learningRate * (kLast + (1.0 - kLast) * 0.5 * (1.0 + std::cos(std::numbers::pi * done)));
}

bool needsNewModel(const Knobs& from, const Knobs& to) {
  for (const KnobDeclaration& knob : knobTable()) {
    if (!knob.rebuilds) continue;
    if (knob.get ? knob.get(from) != knob.get(to) : knob.text(from) != knob.text(to)) return true;
  }
  return false;
}

}  // namespace moescope
