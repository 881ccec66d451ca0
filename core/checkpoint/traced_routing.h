#pragma once
// What a checkpoint's router did with traced tokens, as the trace recorded it.

#include "core/checkpoint/families.h"
#include "core/checkpoint/trace.h"

namespace moescope {

/// Routing of the traced tokens. Recorded logits, expert ids and gates count before what we would have computed: what the
/// model did, not what we would have done.
RoutedTokens routeAsTraced(const RouterWeights& router, const TraceLayer& trace);

}  // namespace moescope
