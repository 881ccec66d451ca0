#pragma once
// The settings of a lens, declared once, as knobs are.

#include <vector>

#include "core/knobs/setting.h"
#include "core/reading/lens.h"

namespace moescope {

using LensSetting = Setting<Lens>;

/// Rows in the order in which they are offered; names as on the command line. "layer" counts from 1 there and for a person.
const std::vector<LensSetting>& lensTable();

/// The row of this name; throws std::invalid_argument for an unknown one.
const LensSetting& lensSetting(const std::string& name);

/// The row that says how much a gating policy keeps: k, mass or threshold; null where it keeps all.
const LensSetting* parameterOf(GatingPolicy policy);

/// Throws std::invalid_argument with the setting's name, its value and what was expected.
void requireValid(const Lens& lens);

}  // namespace moescope
