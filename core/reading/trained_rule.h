#pragma once
// How a router itself turns logits into gates, as data: a snapshot is read "as trained" at any concentration without the model.

#include <Eigen/Core>

#include "core/metrics/row_matrix.h"

namespace moescope {

struct LayerSnapshot;

/// Applied to the logits of a whole probe, its tokens one batch. p: softmax over the experts.
struct TrainedRule {
  enum class Choice {
    All,        ///< every expert works on every token; gate p
    PerToken,   ///< each token's `chosen` best experts
    PerExpert,  ///< each expert's T `chosen` / N best tokens, rounded up, at least 1; gate p
    Active,  ///< the experts with a gate in the layer's trainedGates; each token's sum of these goes to them in proportion to p
    Fixed,   ///< the layer's trainedGates, whatever the logits
  };

  Choice choice = Choice::All;
  int chosen = 1;                  ///< k, in [1, N]
  // Of PerToken alone:
  bool rankedByAffinity = false;   ///< experts rank by exp(logit), a sigmoid router's score; else by p
  bool rankedByLogit = false;      ///< experts rank by the logit itself, to which a bias is then added; else as above
  bool affinityGates = false;      ///< gates are exp(logit); else p
  bool renormalised = false;       ///< a token's gates are divided by their sum
  Eigen::VectorXf choiceBias = {};  ///< N, added to what ranks the experts and to no gate; empty: none
  int groups = 1;                  ///< equal runs of experts; only those of the `keptGroups` best can be chosen
  int keptGroups = 1;
  bool groupByTopTwo = false;      ///< a group ranks by the sum of its two best experts; else by its best
  float scaling = 1.0f;            ///< multiplies the gates at the end
  Eigen::VectorXf expertScaling = {};  ///< N, multiplies each expert's gates as well; empty: nothing does
  double capacityFactor =
      0.0;  ///< an expert takes its first ceil(factor T k / N) assignments, all first choices before second ones; 0: all
};

/// T x N: the gates of the layer's rule for these logits (T x N, concentration included) and p, their softmax. A row of p that is
/// not finite gives a row of NaN. Of equal experts the earlier is chosen. Throws std::invalid_argument for Active or Fixed
/// without trainedGates of that shape.
RowMatrix gatesByRule(const LayerSnapshot& layer, const RowMatrix& logits, const RowMatrix& probabilities);

}  // namespace moescope
