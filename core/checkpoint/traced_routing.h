#pragma once
// What a checkpoint's router did with traced tokens, as the trace recorded it.

#include <optional>

#include "core/checkpoint/families.h"
#include "core/checkpoint/trace.h"
#include "core/reading/trained_rule.h"

namespace moescope {

/// What the family's rule gives of the recorded logits; where there are none, of those that the router gives of the hidden
/// states.
RoutedTokens routeByRule(const RouterWeights& router, const TraceLayer& trace);

/// Routing of the traced tokens. Recorded logits, expert ids and gates count before what we would have computed: what the
/// model did, not what we would have done. Logits, scores and weights that are not recorded are those of routeByRule().
RoutedTokens routeAsTraced(const RouterWeights& router, const TraceLayer& trace);

/// Recorded logits beside those that the router gives of the same hidden states.
struct LogitsCompared {
  Eigen::Index tokens = 0;        ///< that are compared: those whose logits are finite
  Eigen::Index otherExperts = 0;  ///< of these: for which the family's rule chooses other experts
  float greatest = 0.0f;          ///< largest |recorded - own|
  float largest = 0.0f;           ///< largest |logit| of either
  /// Further apart than rounding to BF16 or FP8 puts them: by more than a sixteenth of the largest logit.
  bool contradict() const { return greatest > largest / 16.0f; }
};
/// Nothing without recorded logits.
std::optional<LogitsCompared> compareLogits(const RouterWeights& router, const TraceLayer& trace);
/// That they contradict each other, by how much, and which numbers are of which; nothing where they do not. `layer`: its number.
ReadingNotes notesOf(const std::optional<LogitsCompared>& compared, int layer, const TraceLayer& trace);

/// The family's rule, for displayLogits(). What cannot be applied to other logits stays as it was at concentration 1.
TrainedRule trainedRule(const RouterWeights& router);

/// One sentence: which gates as trained are the model's own, and how those of other concentrations come about.
std::string concentrationNote(const RouterWeights& router, const TraceLayer& trace);

}  // namespace moescope
