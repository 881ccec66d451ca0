// Top-k softmax, the plain linear router.

#include "core/routers/linear.h"

namespace moescope {

RouterDeclaration declareTopKRouter() {
  return declare<LinearRouter>(
      {"topk", "Top-k softmax", "Linear scores, softmax, the k largest experts work; no balancing", true, knobsOfRows()});
}

}  // namespace moescope
