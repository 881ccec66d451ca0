#pragma once
// Principal angles and distances between linear subspaces.
//
// Sources: Bjorck and Golub 1973 (angles; sines for small and cosines for large angles, as in Knyazev and Argentati);
// Edelman, Arias and Smith 1998; Hamm and Lee 2008; Ye and Lim 2016 (unequal dimensions: the min(r1, r2) angles).

#include <Eigen/Core>

namespace moescope {

/// An orthonormal basis (d x rank) of the column space of `columns`; singular values below `relativeTolerance` times the
/// largest count as zero. Throws std::invalid_argument for a non-finite entry or a matrix of rank 0.
Eigen::MatrixXd orthonormalBasis(const Eigen::MatrixXd& columns, double relativeTolerance = 1e-12);

/// Principal angles in radians, rising, min(r1, r2) of them, between the column spaces of two matrices with orthonormal
/// columns (d x r1 and d x r2). Absolute error about 1e-15, also near 0 and pi/2.
/// Throws std::invalid_argument when the numbers of rows differ or a matrix is empty.
Eigen::VectorXd principalAngles(const Eigen::MatrixXd& first, const Eigen::MatrixXd& second);

/// Every distance is named by its formula in the principal angles: "projection metric" means two things in the literature.
struct GrassmannDistances {
  double geodesic = 0.0;       ///< sqrt(sum theta^2)
  double chordal = 0.0;        ///< sqrt(sum sin^2 theta)
  double projection = 0.0;     ///< sin of the largest angle
  double procrustes = 0.0;     ///< 2 sqrt(sum sin^2(theta/2))
  double spectral = 0.0;       ///< 2 sin of half the largest angle
  double fubiniStudy = 0.0;    ///< arccos prod cos theta
  double binetCauchy = 0.0;    ///< sqrt(1 - prod cos^2 theta)
  double asimov = 0.0;         ///< the largest angle
  double martin = 0.0;         ///< sqrt(-2 sum log cos theta); infinite at a right angle, so no metric
  double overlap = 0.0;        ///< mean cos^2 theta, in [0, 1]
};

GrassmannDistances grassmannDistances(const Eigen::VectorXd& angles);

}  // namespace moescope
