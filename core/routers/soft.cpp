// Fully soft: every expert works on every token.

#include "core/routers/linear.h"

namespace moescope {
namespace {

class SoftRouter : public LinearRouter {
 public:
  using LinearRouter::LinearRouter;

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    LinearRouter::describe(input, layer);
    layer.rule = {};
  }

 protected:
  void choose(RouterOutput& output) override { output.gates = output.probabilities; }
};

}  // namespace

RouterDeclaration declareSoftRouter() {
  return declare<SoftRouter>(
      {"soft", "Fully soft", "Linear scores, softmax, every expert works on every token", false, {"centre-tokens"}});
}

}  // namespace moescope
