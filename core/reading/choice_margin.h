#pragma once
// How close a router's choice is: what lies between the last expert that a token got and the first that it did not, and what the
// choice would be without the bias that counts for it alone. Definitions: docs/layers.md.

#include "core/reading/routing.h"

namespace moescope {

/// Mean over tokens of the least rank value of the chosen experts less the greatest of the others: probability or affinity (exp
/// of the logit) with the choice's bias, as the layer's rule ranks. Below 0 where groups, capacity or a recorded choice pass over
/// a better expert. NaN where the rule does not choose per token, or all experts are chosen. `gates`: T x N, chosen where not 0.
double choiceMargin(const TrainedRule& rule, const RowMatrix& logits, const RowMatrix& probabilities, const RowMatrix& gates);

/// Mean over tokens of |A and B| / |A or B|: A the experts that the rule chooses with its bias, B without (Jaccard). NaN where
/// the rule does not choose per token or has no bias.
double choicesSharedWithoutBias(const TrainedRule& rule, const RowMatrix& logits, const RowMatrix& probabilities);

/// Mean over tokens of |A and B| / |A or B|, experts chosen where gates (T x N) are not 0; tokens without any are left out. NaN
/// where a gate is not finite.
double sharedChoices(const RowMatrix& one, const RowMatrix& other);

}  // namespace moescope
