#include "core/geometry/decompositions.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>

namespace moescope {
namespace {

template <typename Matrix>
SymmetricEigen<Matrix> eigenOf(const Matrix& matrix) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(matrix);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

template <typename Matrix>
Matrix thinQ(const Matrix& columns) {
  return Eigen::HouseholderQR<Matrix>(columns).householderQ() * Matrix::Identity(columns.rows(), columns.cols());
}

}  // namespace

SymmetricEigen<Eigen::MatrixXd> symmetricEigen(const Eigen::MatrixXd& matrix) { return eigenOf(matrix); }
SymmetricEigen<Eigen::MatrixXf> symmetricEigen(const Eigen::MatrixXf& matrix) { return eigenOf(matrix); }

Eigen::VectorXd symmetricEigenvalues(const Eigen::MatrixXd& matrix) {
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix, Eigen::EigenvaluesOnly).eigenvalues();
}

Eigen::MatrixXd orthonormalColumns(const Eigen::MatrixXd& columns) { return thinQ(columns); }
Eigen::MatrixXf orthonormalColumns(const Eigen::MatrixXf& columns) { return thinQ(columns); }

SingularValues singularValueDecomposition(const Eigen::MatrixXd& matrix) {
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(matrix, Eigen::ComputeThinU | Eigen::ComputeThinV);
  return {svd.matrixU(), svd.singularValues(), svd.matrixV()};
}

Eigen::VectorXd singularValues(const Eigen::MatrixXd& matrix) {
  return Eigen::JacobiSVD<Eigen::MatrixXd>(matrix).singularValues();
}

}  // namespace moescope
