#pragma once
// A combo box over the choices of a setting.

#include <QComboBox>
#include <vector>

#include "core/knobs/setting.h"

namespace moescope {

/// In the language of the window, each choice with its help as a tool tip and its stable name as data. `characters`: of the shown
/// one that the box has room for at least.
QComboBox* makeChoiceBox(const std::vector<Choice>& choices, int characters);

}  // namespace moescope
