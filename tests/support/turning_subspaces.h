#pragma once
// A run of subspaces that turn by known angles.

#include <cmath>

#include "core/timeline/timeline.h"
#include "tests/support/planted_snapshot.h"

namespace moescope::testing {

inline constexpr int kTurningExperts = 6, kTurningRank = 2, kTurningWidth = 48;
inline constexpr double kTurn = 0.5;  // radians of every principal angle over the run

/// Expert e spans the axes 2e and 2e + 1; expert 0 and every second one turns both by `angle` towards two axes of its own.
inline SnapshotPointer turned(std::int64_t step, double angle, const std::string& router = "grmoe") {
  PlantedShape shape;
  shape.tokens = 64;
  shape.context = 16;
  shape.dimension = kTurningWidth;
  shape.experts = kTurningExperts;
  shape.layers = 1;
  auto snapshot = plantedSnapshot(shape);
  snapshot->step = step;
  snapshot->generation = 1;
  snapshot->router = router;
  LayerSnapshot& layer = snapshot->layers[0];
  layer.frames.clear();
  for (int e = 0; e < kTurningExperts; ++e) {
    const double own = e % 2 == 0 ? angle : 0.0;
    Eigen::MatrixXf frame = Eigen::MatrixXf::Zero(kTurningWidth, kTurningRank);
    for (int c = 0; c < kTurningRank; ++c) {
      frame(kTurningRank * e + c, c) = static_cast<float>(std::cos(own));
      frame(kTurningRank * (kTurningExperts + e) + c, c) = static_cast<float>(std::sin(own));
    }
    layer.frames.push_back(frame);
  }
  return snapshot;
}

/// Appends moments `from` to `moments` - 1 of a turn that takes `of` moments (0: as many).
inline void turn(Timeline& timeline, int moments, int from = 0, double whole = kTurn, int of = 0) {
  for (int i = from; i < moments; ++i) timeline.append(turned(10 * i, whole * i / ((of > 0 ? of : moments) - 1)));
}

}  // namespace moescope::testing
