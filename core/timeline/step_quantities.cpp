#include "core/timeline/step_quantities.h"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace moescope {
namespace {

double at(const std::vector<double>& values, std::size_t layer) {
  return layer < values.size() ? values[layer] : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

const std::vector<StepQuantity>& stepQuantities() {
  using M = StepMetrics;
  using L = std::size_t;
  static const std::vector<StepQuantity> table = {
      {"loss_nats_per_byte", "loss, nats per byte", "loss", "nats per byte", [](const M& m, L) { return m.loss; }, false},
      {"held_out_loss_nats_per_byte", "held-out loss, nats per byte", "held out", "nats per byte",
       [](const M& m, L) { return m.heldOutLoss; }, false, false, true},
      {"entropy_nats", "entropy, nats", "entropy", "nats", [](const M& m, L l) { return at(m.entropy, l); }},
      {"effective_experts", "effective experts", "experts", "", [](const M& m, L l) { return at(m.effectiveExperts, l); }},
      {"load_cv", "load CV", "CV", "", [](const M& m, L l) { return at(m.loadVariation, l); }},
      {"max_vio", "MaxVio", "MaxVio", "", [](const M& m, L l) { return at(m.maxViolation, l); }},
      {"dropped_share", "dropped by capacity, share", "dropped", "share", [](const M& m, L l) { return at(m.dropped, l); }},
      {"auxiliary_loss", "auxiliary loss", "aux. loss", "nats per byte", [](const M& m, L l) { return at(m.auxiliaryLoss, l); },
       true, true},
  };
  return table;
}

std::size_t stepQuantity(const std::string& name) {
  for (std::size_t i = 0; i < stepQuantities().size(); ++i)
    if (stepQuantities()[i].name == name) return i;
  throw std::out_of_range("'" + name + "' is no quantity of a training step");
}

bool isNone(const StepQuantity& quantity, double value) {
  return (quantity.zeroIsNone && value == 0.0) || (quantity.onlySometimes && std::isnan(value));
}

}  // namespace moescope
