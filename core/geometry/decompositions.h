#pragma once
// The decompositions of dense matrices that the geometry stands on. Each is compiled once: Eigen's templates for them cost the
// compiler ten seconds a file.

#include <Eigen/Core>

namespace moescope {

template <typename Matrix>
struct SymmetricEigen {
  Eigen::Matrix<typename Matrix::Scalar, Eigen::Dynamic, 1> values;  ///< n, rising
  Matrix vectors;                                                    ///< n x n, orthonormal columns in the same order
};
/// Of a symmetric matrix (n x n; only the lower triangle is read). Not-a-number values come out as not-a-number values.
SymmetricEigen<Eigen::MatrixXd> symmetricEigen(const Eigen::MatrixXd& matrix);
SymmetricEigen<Eigen::MatrixXf> symmetricEigen(const Eigen::MatrixXf& matrix);
/// The values alone, n, rising.
Eigen::VectorXd symmetricEigenvalues(const Eigen::MatrixXd& matrix);

/// Columns that span those of `columns` (d x r, r <= d, of full rank) and are orthonormal: Q of its Householder QR, d x r.
Eigen::MatrixXd orthonormalColumns(const Eigen::MatrixXd& columns);
Eigen::MatrixXf orthonormalColumns(const Eigen::MatrixXf& columns);

struct SingularValues {
  Eigen::MatrixXd left;    ///< m x min(m, n), orthonormal columns
  Eigen::VectorXd values;  ///< min(m, n), falling
  Eigen::MatrixXd right;   ///< n x min(m, n), orthonormal columns
};
/// By Jacobi's method, accurate for small values too: matrix (m x n) = left diag(values) right'.
SingularValues singularValueDecomposition(const Eigen::MatrixXd& matrix);
/// The values alone, falling.
Eigen::VectorXd singularValues(const Eigen::MatrixXd& matrix);

}  // namespace moescope
