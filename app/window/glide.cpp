#include "app/window/glide.h"

#include <utility>

namespace moescope {

std::optional<Scene> between(const Scene& earlier, const Scene& later, double share) {
  if (!earlier.routing || !later.routing || !earlier.snapshot || !later.snapshot ||
      earlier.snapshot->probe != later.snapshot->probe)
    return {};
  const RowMatrix &from = earlier.routing->gates, &to = later.routing->gates;
  if (from.rows() != to.rows() || from.cols() != to.cols()) return {};
  auto routing = std::make_shared<Routing>(*later.routing);
  routing->gates = from + static_cast<float>(share) * (to - from);
  Scene scene = later;
  scene.routing = std::move(routing);
  return scene;
}

}  // namespace moescope
