#pragma once
// What a checkpoint's router did with traced tokens, as the trace recorded it.

#include "core/checkpoint/families.h"
#include "core/checkpoint/trace.h"
#include "core/reading/trained_rule.h"

namespace moescope {

/// Routing of the traced tokens. Recorded logits, expert ids and gates count before what we would have computed: what the
/// model did, not what we would have done.
RoutedTokens routeAsTraced(const RouterWeights& router, const TraceLayer& trace);

/// The family's rule, for displayLogits(). What cannot be applied to other logits stays as it was at concentration 1.
TrainedRule trainedRule(const RouterWeights& router);

/// One sentence: which gates as trained are the model's own, and how those of other concentrations come about.
std::string concentrationNote(const RouterWeights& router, const TraceLayer& trace);

}  // namespace moescope
