// Loss-free balancing, by the sign of the load's excess or in proportion to it.

#include "core/routers/biased.h"

namespace moescope {

RouterDeclaration declareSignBiasRouter() {
  return {{"loss_free", "Loss-free bias (sign)",
           "Top-k of gate + bias; the bias moves by the bias rate against the sign of the load's excess", true,
           knobsOfRows({"bias-rate"})},
          [](const Knobs& knobs, at::Generator& random) {
            return std::make_shared<BiasedRouter>(knobs, random, BiasedRouter::Move::Sign);
          }};
}

RouterDeclaration declareProportionalBiasRouter() {
  return {{"loss_free_proportional", "Loss-free bias (proportional)",
           "Top-k of gate + bias; the bias moves by the bias rate times the load's excess", true, knobsOfRows({"bias-rate"})},
          [](const Knobs& knobs, at::Generator& random) {
            return std::make_shared<BiasedRouter>(knobs, random, BiasedRouter::Move::Proportional);
          }};
}

}  // namespace moescope
