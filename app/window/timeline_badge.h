#pragma once
// Which moment is shown, in words: the newest step or an earlier one, and of which run.

#include <QString>

#include "app/window/controller.h"

namespace moescope {

struct TimelineBadge {
  QString text, help;  ///< empty: no run is shown
};

/// Of the active side.
TimelineBadge badgeOf(const Controller& controller);

}  // namespace moescope
