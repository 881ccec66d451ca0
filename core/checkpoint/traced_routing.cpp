#include "core/checkpoint/traced_routing.h"

namespace moescope {

RoutedTokens routeAsTraced(const RouterWeights& router, const TraceLayer& trace) {
  RoutedTokens routed = routeTokens(router, trace.hidden);
  if (trace.experts.size() > 0) {
    const RowMatrix ours = routed.weights;
    routed.weights.setZero();
    for (Eigen::Index t = 0; t < trace.experts.rows(); ++t)
      for (Eigen::Index i = 0; i < trace.experts.cols(); ++i) {
        const int e = trace.experts(t, i);
        const float own = ours(t, e) != 0.0f ? ours(t, e) : routed.scores(t, e);
        routed.weights(t, e) = trace.gates.size() > 0 ? trace.gates(t, i) : own;
      }
  }
  if (trace.logits.size() > 0) routed.logits = trace.logits;
  return routed;
}

}  // namespace moescope
