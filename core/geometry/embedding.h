#pragma once
// Points in the plane from distances, and their alignment from frame to frame.

#include <Eigen/Core>
#include <vector>

namespace moescope {

struct PlaneEmbedding {
  Eigen::MatrixXd points;  ///< n x dimensions, centred
  double stress = 0.0;     ///< Kruskal's stress-1: sqrt(sum (D - d)^2 / sum D^2), 0 = exact
};

/// Classical multidimensional scaling (Torgerson 1952) of a symmetric n x n matrix of distances, refined by SMACOF
/// majorisation (de Leeuw 1977) until the stress falls by less than 1e-6 or 200 sweeps. Throws std::invalid_argument for a
/// matrix that is not square, has a negative or non-finite entry, or for dimensions < 1.
PlaneEmbedding embedDistances(const Eigen::MatrixXd& distances, int dimensions);

/// The same by SMACOF alone from `start` (n x dimensions): near-equal distances have many equally good pictures, and
/// starting from the last one lets points glide instead of jumping between them.
PlaneEmbedding refineEmbedding(const Eigen::MatrixXd& distances, const Eigen::MatrixXd& start);

/// Classical multidimensional scaling alone (Torgerson 1952): exact for distances of points in that many dimensions. Throws as
/// embedDistances does.
PlaneEmbedding classicalEmbedding(const Eigen::MatrixXd& distances, int dimensions);

struct DiffusionMap {
  PlaneEmbedding plane;         ///< scaled by the one factor that makes its stress least: its own unit is not that of distances
  Eigen::VectorXd eigenvalues;  ///< of the Markov matrix, falling; the first is 1 and has no axis
  double bandwidth = 0.0;       ///< sigma of the kernel exp(-(D / sigma)^2): the median distance between two points
};

/// Diffusion map (Coifman and Lafon 2006): coordinates lambda_k psi_k, k = 2, 3, ..., with psi_k the right eigenvectors of the
/// kernel with rows normalised to 1. Near means: many short ways lead from one to the other. Throws std::invalid_argument as
/// embedDistances does, and for fewer points than dimensions + 1.
DiffusionMap diffusionMap(const Eigen::MatrixXd& distances, int dimensions);

/// `points` rotated and reflected (never scaled) onto `reference`, both n x dimensions and centred: orthogonal Procrustes
/// (Schoenemann 1966). Throws std::invalid_argument when the shapes differ.
Eigen::MatrixXd alignTo(const Eigen::MatrixXd& points, const Eigen::MatrixXd& reference);

/// Chordal distances sqrt(sum sin^2 theta) between the column spaces of orthonormal frames of equal size, n x n. Not a
/// number to and from a frame that holds such values.
Eigen::MatrixXd chordalDistances(const std::vector<Eigen::MatrixXf>& frames);

}  // namespace moescope
