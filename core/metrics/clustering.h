#pragma once
// How well one labelling of tokens follows another: chosen experts against true clusters.

#include <vector>

namespace moescope {

struct Clustering {
  double information = 0.0;  ///< normalised mutual information, in [0, 1]: 2 I(a; b) / (H(a) + H(b))
  double purity = 0.0;       ///< share of tokens whose cluster is the commonest one of their expert, in (0, 1]
};

/// `experts` and `clusters`: T labels each, at least 0. The mean of the two entropies normalises (Kvalseth 1987); two labellings
/// of one label each agree fully, by convention, and where one of them is constant nothing is known: 0. Purity alone does not
/// punish experts that split a cluster. Throws std::invalid_argument for no tokens, unequal lengths or a negative label.
Clustering clusteringOf(const std::vector<int>& experts, const std::vector<int>& clusters);

}  // namespace moescope
