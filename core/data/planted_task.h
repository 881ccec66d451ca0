#pragma once
// A synthetic routing task whose right answer is known: tokens near planted subspaces, one for each cluster, and for each
// cluster a map of its own to learn, so that an expert for each cluster helps. No text: regression of vectors on vectors.

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "core/reading/snapshot.h"

namespace moescope {

/// How often clusters occur: cluster c in proportion to 1 / (c + 1), or all alike.
enum class ClusterSizes { Zipf, Uniform };

struct PlantedShape {
  int clusters = 8;
  int dimension = 32;    ///< d
  int rank = 3;          ///< r of each cluster's subspace
  double noise = 0.35;   ///< root-mean-square length of the isotropic part, beside a part of length 1 in the subspace
  double mean = 1.0;     ///< length of the part that all tokens share
  double bend = 1.0;     ///< standard deviation of the sine's argument per unit length: how far the maps are from linear
  ClusterSizes sizes = ClusterSizes::Zipf;
  std::uint64_t seed = 1;
};

struct PlantedSample {
  RowMatrix tokens;           ///< T x d: sqrt(d) (U_c z + noise + mean); coordinates are about 1 in size, as after a norm
  RowMatrix targets;          ///< T x d: mean square 1 over random maps
  std::vector<int> clusters;  ///< T: true cluster of each token
};

/// Deterministic: the same shape gives the same task, and the same stream of it the same tokens, on every machine (up to the
/// last bits of its sine and logarithm).
class PlantedTask {
 public:
  /// Throws std::invalid_argument naming the number that is out of range: clusters >= 1, 1 <= rank <= dimension, lengths finite
  /// and at least 0.
  explicit PlantedTask(const PlantedShape& shape);

  /// Independent tokens: cluster c by its frequency; z uniform on the unit sphere of its subspace; noise normal, alike in all
  /// directions. Target i: sqrt(2) sin(a_ci . v + phase_ci) of v, the token over sqrt(d) without the shared part, with
  /// normal a_ci and uniform phases (random Fourier features, Rahimi and Recht 2007).
  PlantedSample draw(int tokens, std::uint64_t stream) const;

  const PlantedShape& shape() const { return shape_; }
  const std::vector<Eigen::MatrixXd>& subspaces() const { return subspaces_; }  ///< C of d x r, orthonormal columns
  const Eigen::VectorXd& frequencies() const { return frequencies_; }           ///< C, sum to 1
  const Eigen::VectorXd& meanDirection() const { return meanDirection_; }       ///< d, unit length

 private:
  int clusterAt(double share) const;

  PlantedShape shape_;
  std::vector<Eigen::MatrixXd> subspaces_, maps_;  ///< maps: C of d x d, one row for each target
  std::vector<Eigen::VectorXd> phases_;            ///< C of d
  Eigen::VectorXd frequencies_, meanDirection_;
};

}  // namespace moescope
