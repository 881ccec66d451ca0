#include "views/principal_fan.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace moescope {
namespace {

constexpr double kRight = std::numbers::pi / 2;
const Eigen::Vector3d kUp(0.0, 0.0, 1.0);

}  // namespace

PrincipalFan principalFan(const Eigen::VectorXd& angles) {
  const Eigen::Index rank = angles.size();
  if (rank == 0 || !angles.allFinite() || angles.minCoeff() < 0.0 || angles.maxCoeff() > kRight + 1e-9)
    throw std::invalid_argument("a picture of two subspaces needs principal angles from 0 to a right angle");
  PrincipalFan fan{angles, Eigen::Matrix3Xd(3, rank), Eigen::Matrix3Xd(3, rank), Eigen::Matrix3Xd(3, rank), kRight};
  for (Eigen::Index i = 0; i < rank; ++i) {
    const double azimuth = rank > 1 ? kRight * static_cast<double>(i) / static_cast<double>(rank - 1) : 0.0,
                 half = 0.5 * angles[i];
    fan.middle.col(i) = Eigen::Vector3d(std::cos(azimuth), std::sin(azimuth), 0.0);
    fan.first.col(i) = std::cos(half) * fan.middle.col(i) + std::sin(half) * kUp;
    fan.second.col(i) = std::cos(half) * fan.middle.col(i) - std::sin(half) * kUp;
  }
  if (rank > 1) fan.drawnRightAngle = std::acos(std::clamp(fan.first.col(0).dot(fan.first.col(rank - 1)), -1.0, 1.0));
  return fan;
}

std::vector<Eigen::Vector3d> PrincipalFan::arc(Eigen::Index pair, int steps) const {
  std::vector<Eigen::Vector3d> points;
  for (int i = 0; i <= steps; ++i) {
    const double at = angles[pair] * (0.5 - static_cast<double>(i) / steps);
    points.emplace_back(std::cos(at) * middle.col(pair) + std::sin(at) * kUp);
  }
  return points;
}

std::vector<Eigen::Vector3d> rimOf(const Eigen::Matrix3Xd& vectors, int steps) {
  if (vectors.cols() == 1) return {-vectors.col(0), vectors.col(0)};
  std::vector<Eigen::Vector3d> points;
  for (int i = 0; i <= steps; ++i) {
    const double turn = 4.0 * kRight * i / steps;
    points.emplace_back(std::cos(turn) * vectors.col(0) + std::sin(turn) * vectors.col(vectors.cols() - 1));
  }
  return points;
}

}  // namespace moescope
