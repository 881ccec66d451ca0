#include "core/engine/lens.h"

#include <utility>

namespace moescope {

Lens withinShape(Lens lens, int experts, int tokens) {
  const auto known = [](int index, int count) { return index >= 0 && index < count ? index : -1; };
  lens.selectedExpert = known(lens.selectedExpert, experts);
  lens.selectedOther = known(lens.selectedOther, experts);
  if (lens.selectedExpert < 0) std::swap(lens.selectedExpert, lens.selectedOther);
  if (lens.selectedOther == lens.selectedExpert) lens.selectedOther = -1;
  lens.selectedToken = known(lens.selectedToken, tokens);
  return lens;
}

}  // namespace moescope
