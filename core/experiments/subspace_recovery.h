#pragma once
// How well learned subspaces recover planted ones.

#include <Eigen/Core>
#include <vector>

namespace moescope {

struct SubspaceRecovery {
  std::vector<int> planted;      ///< N: the planted subspace that each learned one is matched with, each once
  double overlap = 0.0;          ///< mean over the matched pairs of the mean cos^2 of their principal angles, in [0, 1]
  double chordal = 0.0;          ///< mean over the matched pairs of sqrt(sum sin^2 theta), in [0, sqrt(r)]
  double randomOverlap =
      0.0;  ///< what `overlap` is on average for uniformly random subspaces matched the same way (r / d unmatched)
};

/// Learned and planted: N each, d x r with orthonormal columns. Matched one to one for the greatest total overlap (within
/// N * 1e-6). The random value is the mean of 64 draws from a fixed seed. Throws std::invalid_argument unless both have the same
/// number, at least one.
SubspaceRecovery recoveryOf(const std::vector<Eigen::MatrixXd>& learned, const std::vector<Eigen::MatrixXd>& planted);

}  // namespace moescope
