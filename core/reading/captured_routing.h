#pragma once
// What a capture of a serving engine tells of its model: which experts every token was given, layer by layer. No scores, no
// gates, no hidden states, so no entropy and nothing that a concentration could change.

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

#include "core/reading/choice_statistics.h"

namespace moescope {

/// All loads, and of one layer what takes N x N numbers.
struct CapturedRouting {
  std::int64_t tokens = 0, sequences = 0;
  int chosen = 0;   ///< k, experts of a token in each layer
  int experts = 0;  ///< N
  std::string expertsFrom;             ///< where N is from: "largest id + 1"
  std::int64_t padding = 0, repeated = 0,
               leftOut =
                   0;  ///< tokens that do not count: without routing; the beginning of others; of identical rows, on request
  std::int64_t identical = 0;  ///< tokens that count and lie in runs of identical rows, which real tokens all but never have
  std::vector<Eigen::VectorXd> loads;  ///< of each layer: N, share of the assignments; empty where the layer is not routed

  int layer = 0;                       ///< place of the layer that follows
  JointChoices together;               ///< empty where it is not routed
  int before = -1,
      after =
          -1;  ///< two layers in a row, this one and the next routed one, or of the last one that before it; -1: there are no two
  JointChoices onwards;                ///< of these two
  Eigen::MatrixXd
      along;  ///< S x N: share of the assignments in stretches of tokens, as loadAlong() has it; empty where not routed

  bool routed() const { return loads[static_cast<std::size_t>(layer)].size() > 0; }
};

/// What stands where a picture or a number would need more than a capture has.
inline constexpr const char* kNotInCaptures =
    "a capture tells which experts each token was given, no scores or gates: there is nothing to show here";
inline constexpr const char* kNoConcentrationInCaptures = "A capture has no scores that a concentration could multiply.";

}  // namespace moescope
