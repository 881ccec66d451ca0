#include "core/reading/gating_row.h"

#include <algorithm>
#include <span>

#include "core/reading/measure_sum.h"

namespace moescope {
namespace {

/// Which probabilities a rule keeps: those of at least the cut, and of those that equal it the first `quota` of all kept.
struct Cut {
  float value = 0.0f;
  int quota = 0;
};

Cut cutOf(const GatingRule& rule, const float* probabilities, int experts) {
  switch (rule.policy) {
    case GatingPolicy::AsTrained:
    case GatingPolicy::Soft: return {0.0f, experts};
    case GatingPolicy::TopK: {
      const int k = std::clamp(rule.k, 1, experts);
      return {cutForCount(probabilities, experts, k), k};
    }
    case GatingPolicy::TopP: return {cutForMass(probabilities, experts, rule.mass), experts};
    case GatingPolicy::Threshold: {
      const float largest = *std::max_element(probabilities, probabilities + experts);
      return largest >= rule.threshold ? Cut{rule.threshold, experts} : Cut{largest, 1};
    }
  }
  return {0.0f, experts};
}

/// Of the gates that equal the smallest kept one, those of the highest index go first: while the quota is exceeded, or (top-p)
/// while the mass is reached without them. Mass and spread are summed anew from what is left, since subtracting would cancel.
void dropTies(const GatingRule& rule, int quota, const float* logits, float largest, KeptRow& kept, std::span<float> gates) {
  if (kept.least == 0.0f) return;  // a zero gate more or less changes no number
  const int before = kept.count;
  float mass = kept.mass;
  for (auto gate = gates.rbegin(); gate != gates.rend() && kept.count > 1; ++gate) {
    const bool massToSpare = rule.policy == GatingPolicy::TopP && mass - kept.least >= rule.mass;
    if (kept.count <= quota && !massToSpare) break;
    if (*gate != kept.least) continue;
    *gate = 0.0f;
    mass -= kept.least;
    --kept.count;
  }
  if (kept.count == before) return;
  kept.mass = kept.spread = 0.0f;
  for (std::size_t e = 0; e < gates.size(); ++e) {
    kept.mass += gates[e];
    kept.spread += gates[e] * (largest - logits[e]);
  }
}

}  // namespace

double applyRule(const GatingRule& rule, const RowReading& row, const float* logits, const float* probabilities, int experts,
                 float* gates, float* load) {
  const Cut cut = cutOf(rule, probabilities, experts);
  KeptRow kept = keepFrom(cut.value, probabilities, logits, row.largest, experts, gates);
  if (kept.count > cut.quota || rule.policy == GatingPolicy::TopP)
    dropTies(rule, cut.quota, logits, row.largest, kept, {gates, static_cast<std::size_t>(experts)});
  scaleInto(gates, 1.0f / kept.mass, experts, load);
  return std::max(0.0, entropyOf(row.total * kept.mass, row.total * kept.spread));
}

}  // namespace moescope
