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

/// `points` rotated and reflected (never scaled) onto `reference`, both n x dimensions and centred: orthogonal Procrustes
/// (Schoenemann 1966). Throws std::invalid_argument when the shapes differ.
Eigen::MatrixXd alignTo(const Eigen::MatrixXd& points, const Eigen::MatrixXd& reference);

/// Chordal distances sqrt(sum sin^2 theta) between the column spaces of orthonormal frames of equal size, n x n.
Eigen::MatrixXd chordalDistances(const std::vector<Eigen::MatrixXf>& frames);

}  // namespace moescope
