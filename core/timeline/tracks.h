#pragma once
// Pictures that need more than one moment: experts as points that glide from snapshot to snapshot, axes of the tokens that do
// not jump. Computed once, when their snapshot or analysis is put on the time line, each from the one before; never changed
// after, so that going back shows what was shown.

#include <Eigen/Core>
#include <memory>
#include <string>
#include <vector>

#include "core/geometry/embedding.h"
#include "core/geometry/expert_analysis.h"
#include "core/reading/snapshot.h"

namespace moescope {

/// N experts as points of the plane by the chordal distances of their frames, or of the lines along their router directions.
struct ExpertPlane {
  /// The last kTrail pictures, oldest first, each N x 2 and turned onto the one before; the last one is of this snapshot. Empty
  /// where `failure` says why.
  std::vector<std::shared_ptr<const Eigen::MatrixXd>> trail;
  double stress = 0.0;  ///< of the last one, as PlaneEmbedding has it
  std::string failure;

  static constexpr std::size_t kTrail = 40;
};

/// T tokens on their three leading principal components.
struct TokenAxes {
  Eigen::MatrixXd axes;          ///< d x 3, orthonormal, turned within their span onto those before; columns of 0 where tokens
                                 ///< span fewer directions
  Eigen::RowVectorXd mean;       ///< d: of the tokens, not in the axes
  Eigen::MatrixX3f coordinates;  ///< T x 3: (token - mean) axes
  double explained = 0.0;        ///< share of the tokens' variance that lies in the axes
  std::string failure;           ///< why there are none; empty: there are
};

/// The same chordal distances drawn three ways.
struct ComparedEmbeddings {
  std::string what;           ///< "router frames", "subspaces of routed tokens, step 1200"
  std::vector<int> experts;   ///< that the points are of, in their order; fewer than three: nothing is drawn
  PlaneEmbedding classical, smacof;
  DiffusionMap diffusion;
  std::string failure;        ///< why there is none; empty: there is
};

struct LayerTracks {
  ExpertPlane experts;
  TokenAxes tokens;
  std::shared_ptr<const ComparedEmbeddings> compared;  ///< of the router; null where an analysis has better
};

/// Of each layer of a snapshot, in order; nothing of layers that hold no tokens.
struct SnapshotTracks {
  std::vector<LayerTracks> layers;
};

/// The tracks of a snapshot that follows `before`. Experts' points start anew with a generation, router or number of experts,
/// the tokens' axes with a generation or width. `before` may be null, else both belong together; `replaces`: the snapshot takes
/// the place of `before`, whose points then are no part of the trail. `wantsCompared`: by layer, whether the router's three
/// embeddings are wanted too. Never throws for what the arrays hold: that stands in the tracks.
SnapshotTracks tracksOf(const Snapshot& snapshot, const Snapshot* before, const SnapshotTracks* tracksBefore, bool replaces,
                        const std::vector<bool>& wantsCompared);

/// The principal subspaces of routed tokens drawn three ways, turned onto those of the analysis before (null: none) where the
/// experts are the same. Null where fewer than three experts have a subspace.
std::shared_ptr<const ComparedEmbeddings> comparedEmbeddings(const ExpertAnalysis& analysis, const ComparedEmbeddings* before);

}  // namespace moescope
