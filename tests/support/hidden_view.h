#pragma once
// A view in a window that is never drawn: what it lays out and what lies under the pointer.

#include <vector>

#include "views/flat_view.h"
#include "views/standing_view.h"

namespace moescope::testing {

struct HiddenView : StandingView {
  using StandingView::StandingView;
  std::vector<DrawnText> texts() const { return dynamic_cast<FlatView&>(*view).texts(); }
};

}  // namespace moescope::testing
