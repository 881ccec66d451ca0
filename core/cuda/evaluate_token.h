#pragma once
// One token of evaluate(): softmax at a concentration, gating policy, entropies and bounds. For CPU and GPU.

#include <cmath>
#include <cstdint>
#include <cstring>

#include "core/cuda/gpu_kernels.h"
#include "core/cuda/team.h"
#include "core/metrics/entropy_bounds.h"

namespace moescope {

/// Of one token; entropies and bounds in nats.
struct TokenReading {
  double entropy, appliedEntropy, lower, upper;
};

MOESCOPE_BOTH std::uint32_t bitsOfFloat(float value) {
  std::uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}
MOESCOPE_BOTH float floatOfBits(std::uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/// Number and mass of the probabilities of at least `cut`, and the least of them.
struct KeptSums {
  int count;
  float mass, least;
};

template <typename Team>
MOESCOPE_BOTH KeptSums keptSums(const Team& team, const float* probabilities, int experts, float cut) {
  int count = 0;
  float mass = 0.0f, least = 2.0f;
  for (int e = team.lane(); e < experts; e += team.lanes())
    if (probabilities[e] >= cut) {
      ++count;
      mass += probabilities[e];
      least = probabilities[e] < least ? probabilities[e] : least;
    }
  return {team.sum(count), team.sum(mass), -team.largest(-least)};
}

/// The largest cut that keeps enough: k probabilities, or the mass. Non-negative floats are ordered as their bit patterns.
template <typename Team>
MOESCOPE_BOTH float cutOf(const Team& team, const float* probabilities, int experts, float top, const TokenRule& rule) {
  if (rule.policy == TokenRule::Threshold) return top >= rule.threshold ? rule.threshold : top;
  std::uint32_t enough = 0, tooFew = bitsOfFloat(top) + 1;
  while (tooFew - enough > 1) {
    const std::uint32_t middle = enough + (tooFew - enough) / 2;
    const KeptSums kept = keptSums(team, probabilities, experts, floatOfBits(middle));
    const bool suffices = rule.policy == TokenRule::TopK ? kept.count >= rule.k : kept.mass >= rule.mass;
    (suffices ? enough : tooFew) = middle;
  }
  return floatOfBits(enough);
}

/// How many experts are kept: of those that equal the least kept probability, the first ones (evaluate()'s dropTies).
MOESCOPE_BOTH int keptCount(const KeptSums& kept, const TokenRule& rule, bool thresholdMet) {
  if (kept.least == 0.0f) return kept.count;
  if (rule.policy == TokenRule::TopK) return kept.count < rule.k ? kept.count : rule.k;
  if (rule.policy == TokenRule::Threshold) return thresholdMet ? kept.count : 1;
  int count = kept.count;
  for (float mass = kept.mass; count > 1 && mass - kept.least >= rule.mass; --count) mass -= kept.least;
  return count;
}

/// Writes the token's gates; returns their entropy. `top`: largest probability; `largest`: largest logit.
template <typename Team>
MOESCOPE_BOTH double applyRule(const Team& team, const TokenRule& rule, const float* logits, const float* probabilities,
                               int experts, float top, float largest, float* gates) {
  const float cut = cutOf(team, probabilities, experts, top, rule);
  const KeptSums kept = keptSums(team, probabilities, experts, cut);
  int ties = kept.count - keptCount(kept, rule, top >= rule.threshold);  // to leave out, of the highest index first
  int last = experts;  // the first expert that is left out for being a tie
  if (ties > 0)
    for (int e = experts - 1; e >= 0 && ties > 0; --e)  // every lane for itself: rare
      if (probabilities[e] == kept.least) {
        --ties;
        last = e;
      }
  float mass = 0.0f, spread = 0.0f;
  const auto isKept = [&](int e) { return probabilities[e] >= cut && !(probabilities[e] == kept.least && e >= last); };
  for (int e = team.lane(); e < experts; e += team.lanes())
    if (isKept(e)) {
      mass += probabilities[e];
      spread += probabilities[e] * (largest - logits[e]);
    }
  mass = team.sum(mass);
  spread = team.sum(spread);
  for (int e = team.lane(); e < experts; e += team.lanes()) gates[e] = isKept(e) ? probabilities[e] / mass : 0.0f;
  // probabilities are exp(l - l(1)) / Z: with mass M and spread S of the kept, H = log(Z M) + S / M, all terms at least 0.
  return spread / static_cast<double>(mass) + std::log(static_cast<double>(mass) / static_cast<double>(top));
}

/// `logits`, `probabilities`, `gates`: N each. Every lane returns the same.
template <typename Team>
MOESCOPE_BOTH TokenReading evaluateToken(const Team& team, const EvaluateTask& task, const float* scores, float* logits,
                                         float* probabilities, float* gates) {
  const int experts = task.experts;
  float largest = -INFINITY, negatedLeast = -INFINITY;
  for (int e = team.lane(); e < experts; e += team.lanes()) {
    const float logit = task.concentration * scores[e] + task.offset[e];
    logits[e] = logit;
    largest = logit > largest ? logit : largest;
    negatedLeast = -logit > negatedLeast ? -logit : negatedLeast;
  }
  largest = team.largest(largest);
  const float range = largest + team.largest(negatedLeast);
  float total = 0.0f, spread = 0.0f, second = -INFINITY;
  int winners = 0;
  for (int e = team.lane(); e < experts; e += team.lanes()) {
    const float below = logits[e] - largest;
    const float weight = below < -87.33f ? 0.0f : std::exp(below);  // 0 where a float stops being normal
    probabilities[e] = weight;
    total += weight;
    spread -= weight * below;
    winners += below < 0.0f ? 0 : 1;
    if (below < 0.0f && below > second) second = below;
  }
  total = team.sum(total);
  spread = team.sum(spread);
  second = team.largest(second);
  winners = team.sum(winners);
  const float factor = 1.0f / total;
  for (int e = team.lane(); e < experts; e += team.lanes()) probabilities[e] *= factor;
  team.wait();
  TokenReading reading;
  reading.entropy = std::log(static_cast<double>(total)) + static_cast<double>(spread) / total;
  reading.lower = entropyLowerBound(experts, range);
  reading.upper = entropyUpperBound(experts, winners > 1 || experts < 2 ? 0.0 : -second);
  reading.appliedEntropy = reading.entropy;
  if (task.rule.policy == TokenRule::Soft) {
    for (int e = team.lane(); e < experts; e += team.lanes()) gates[e] = probabilities[e];
  } else {
    const double applied = applyRule(team, task.rule, logits, probabilities, experts, factor, largest, gates);
    reading.appliedEntropy = applied > 0.0 ? applied : 0.0;
  }
  return reading;
}

}  // namespace moescope
