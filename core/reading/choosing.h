#pragma once
// At which concentration experts are chosen.

#include "core/reading/lens.h"
#include "core/reading/trained_rule.h"

namespace moescope {

/// At concentration 0 all experts of a token tie, and a rule that chooses some would give every token to the same first ones.
/// There it chooses at this one, just above 0: gates differ by less than 1e-3 from those of exact equality, for logits that lie
/// less than 10 apart.
inline constexpr float kJustAbove = 1e-4f;

/// Whether through this lens logits choose some of a token's experts, in a layer with this rule.
inline bool choosesExperts(const Lens& lens, const TrainedRule& trained) {
  if (lens.gating.policy != GatingPolicy::AsTrained) return lens.gating.policy != GatingPolicy::Soft;
  return trained.choice == TrainedRule::Choice::PerToken || trained.choice == TrainedRule::Choice::PerExpert;
}

/// The concentration at which gates are read in a layer with this rule: the lens's own, or kJustAbove.
inline float choiceConcentration(const Lens& lens, const TrainedRule& trained) {
  return choosesExperts(lens, trained) && lens.concentration == 0.0f ? kJustAbove : lens.concentration;
}

}  // namespace moescope
