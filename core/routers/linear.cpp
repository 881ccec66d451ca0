// Linear routers without balancing: top-k softmax chooses k experts a token, fully soft lets all work.

#include "core/routers/linear.h"

namespace moescope {
namespace {

class SoftRouter : public LinearRouter {
 public:
  using LinearRouter::LinearRouter;

 protected:
  void choose(RouterOutput& output) override { output.gates = output.probabilities; }
};

}  // namespace

RouterDeclaration declareTopKRouter() {
  return {{"topk", "Top-k softmax", "Linear scores, softmax, the k largest experts work; no balancing"},
          [](const Knobs& knobs) { return std::make_shared<LinearRouter>(knobs); }};
}

RouterDeclaration declareSoftRouter() {
  return {{"soft", "Fully soft", "Linear scores, softmax, every expert works on every token", false},
          [](const Knobs& knobs) { return std::make_shared<SoftRouter>(knobs); }};
}

}  // namespace moescope
