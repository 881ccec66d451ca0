#pragma once
// Lens and knobs as JSON text: what Copy state and Paste state carry.

#include <QString>
#include <utility>

#include "core/engine/knobs.h"
#include "core/engine/lens.h"

namespace moescope {

QString stateToJson(const Lens& lens, const Knobs& knobs);

/// Throws std::runtime_error with one line: what was expected and where. Selected experts are checked by requireExperts.
std::pair<Lens, Knobs> stateFromJson(const QString& json);

/// Throws std::runtime_error with one line when the lens selects an expert that a model of this many has not.
void requireExperts(const Lens& lens, int experts);

}  // namespace moescope
