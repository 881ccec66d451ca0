#pragma once
// The experts of one layer over a whole run in one plane, so that each one's own motion on the Grassmannian is a track.

#include <Eigen/Core>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/reading/snapshot.h"
#include "core/timeline/timeline.h"

namespace moescope {

/// Kruskal's stress-1 (0: exact) of the two kinds of pairs that are drawn true to their chordal distance.
struct GlideStress {
  double own = 0.0;      ///< an expert at one moment and itself at another
  double between = 0.0;  ///< two experts at the same moment
};

/// N experts at M moments, embedded together.
struct ExpertGlide {
  static constexpr std::size_t kMost = 32;  ///< moments, evenly spread over the run; others are placed against them

  struct Moment {
    std::int64_t step = 0;
    std::vector<Eigen::MatrixXf> subspaces;  ///< N of d x r: what subspacesOf() gives
    Eigen::MatrixXd points;                  ///< N x 2
  };
  std::uint64_t generation = 0;
  int layer = 0;
  std::string router;
  std::vector<Moment> moments;  ///< at least two, steps rising
  GlideStress stress;

  double reach() const;  ///< largest coordinate without its sign
};

/// Where the experts of a snapshot stand in a glide.
struct GlidePlace {
  std::int64_t step = 0;
  Eigen::MatrixXd points;  ///< N x 2
  GlideStress stress;      ///< of this moment's pairs: its experts with each other, each with itself at the glide's moments
};

/// The layer's frames; for routers without each direction spans a line, a point of Gr(1, d).
std::vector<Eigen::MatrixXf> subspacesOf(const LayerSnapshot& layer);

/// Whether the snapshot's layer can stand in the glide: the same router and shape.
bool standsIn(const ExpertGlide& glide, const Snapshot& snapshot, int layer);

/// SMACOF majorisation (de Leeuw 1977) over all pairs of one expert's moments and all pairs of experts of one moment; the former
/// have together 16 times the weight of the latter, since an expert's way is short beside the distance to the others and would be
/// crushed. Moments whose router or shape is not that of `shown`, or whose subspaces are not numbers, are left out; null where
/// fewer than two are left. The plane is turned, reflected and shifted, never scaled, so that `before` (null: none) agrees best
/// at the moments' steps, else so that the moment of `shown` lies on `start` (N x 2; empty: no matter). Reads up to kMost moments
/// of the time line and throws as that does.
std::shared_ptr<const ExpertGlide> expertGlide(const Timeline& timeline, std::uint64_t generation, const Snapshot& shown,
                                               int layer, const ExpertGlide* before, const Eigen::MatrixXd& start);

/// A snapshot for which standsIn() holds; a moment of the glide stands where it stands there, another one where its own distances
/// and those to the glide's moments are met best, beginning between the moments around it.
GlidePlace placeIn(const ExpertGlide& glide, const Snapshot& snapshot);

/// Whether a run has gone so far on since the glide was made that another is worth its cost: by an eighth.
bool isBehind(const ExpertGlide& glide, std::int64_t lastStep);

}  // namespace moescope
