#pragma once
// Two subspaces of R^d in three dimensions.
//
// Up to a rotation of R^d a pair of subspaces is its principal angles, so the picture needs nothing else. The principal vectors
// u_i of the first and v_i of the second span planes that are mutually orthogonal (Bjorck and Golub 1973): u_i . v_j is cos
// theta_i for i = j, else 0. In each plane let b_i be the unit bisector of u_i and v_i and e_i the unit vector across it, so that
//   u_i = cos(theta_i / 2) b_i + sin(theta_i / 2) e_i,   v_i = cos(theta_i / 2) b_i - sin(theta_i / 2) e_i.
// The picture is the linear map that sends every e_i upwards and the b_i around the horizon: b_1 to azimuth 0, the last to a
// right angle, the others evenly between. It keeps lengths and angles inside each plane span(u_i, v_i), hence every principal
// angle; it cannot keep planes orthogonal that have to share one vertical. With one angle, or with a first angle of zero
// (the two planes then meet in a line), what it draws of the first and the last pair is exact altogether.

#include <Eigen/Core>
#include <vector>

namespace moescope {

struct PrincipalFan {
  Eigen::VectorXd angles;           ///< r principal angles in radians, rising
  Eigen::Matrix3Xd first, second;   ///< 3 x r: the drawn u_i and v_i, unit vectors
  Eigen::Matrix3Xd middle;          ///< 3 x r: the drawn b_i
  /// Angle in radians at which u_1 and u_r (as v_1 and v_r) stand in the picture; in R^d it is a right angle. A right angle for r
  /// = 1.
  double drawnRightAngle = 0.0;

  /// `steps` + 1 points on the circle's arc from u_i to v_i, which lies in the image of their plane.
  std::vector<Eigen::Vector3d> arc(Eigen::Index pair, int steps) const;
};

/// `angles` in [0, pi/2], at least one. Throws std::invalid_argument otherwise.
PrincipalFan principalFan(const Eigen::VectorXd& angles);

/// `steps` + 1 points of the image of the unit circle of span(u_1, u_r), for the columns u_1 and u_r of `vectors`; for one column
/// the two ends of its line.
std::vector<Eigen::Vector3d> rimOf(const Eigen::Matrix3Xd& vectors, int steps);

}  // namespace moescope
