#pragma once
// The presets in the File menu, each with a picture of what it shows.

#include <QMenu>

#include "app/window/controller.h"

namespace moescope {

/// Adds the sub-menu "Presets" to `file`. A preset that is chosen is a step that can be undone, and trains.
void addPresetMenu(QMenu* file, Controller& controller, QObject* window);

}  // namespace moescope
