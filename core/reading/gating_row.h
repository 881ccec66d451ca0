#pragma once
// A lens's own gating policy on one token.

#include "core/metrics/gates.h"
#include "core/metrics/row_kernels.h"

namespace moescope {

/// Fills one row of applied gates, adds them to `load`, returns their entropy in nats. `row`: what readRow() found of the token's
/// logits.
double applyRule(const GatingRule& rule, const RowReading& row, const float* logits, const float* probabilities, int experts,
                 float* gates, float* load);

}  // namespace moescope
