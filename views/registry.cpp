#include "views/registry.h"

namespace moescope {

const std::vector<ViewDeclaration>& viewRegistry() {
#define MOESCOPE_VIEW(name) declare##name(),
  static const std::vector<ViewDeclaration> registry = {MOESCOPE_VIEWS(MOESCOPE_VIEW)};
#undef MOESCOPE_VIEW
  return registry;
}

}  // namespace moescope
