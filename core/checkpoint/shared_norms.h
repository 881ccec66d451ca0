#pragma once
// How much a layer's shared expert adds beside its routed ones.

#include <functional>
#include <optional>

#include "core/checkpoint/families.h"
#include "core/checkpoint/trace.h"

namespace moescope {

struct SharedNorms {
  Eigen::VectorXd ratio;  ///< of each of at most kNormTokens tokens (routed_outputs.h): length of the shared expert's output / of
                          ///< the routed experts' sum
  Eigen::VectorXd ofExpert;  ///< N: mean ratio of the tokens that chose the expert; NaN where none did
};

/// Reads the layer's experts one after another, those that these tokens chose. No value: the layer has no shared expert.
/// `tokens`: of the trace, at most. `progress` gets the number of experts passed and returns false to stop; then
/// std::runtime_error("stopped") is thrown. Throws std::runtime_error for what cannot be read. The trace must have the layer.
std::optional<SharedNorms> sharedNorms(const MoeCheckpoint& checkpoint, int layer, const RoutingTrace& trace, std::int64_t tokens,
                                       const std::function<bool(int)>& progress);

}  // namespace moescope
