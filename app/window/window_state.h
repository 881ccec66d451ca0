#pragma once
// Lens, knobs and the shown checkpoint as JSON text: what Copy state and Paste state carry.

#include <QString>
#include <string>

#include "core/knobs/knobs.h"
#include "core/reading/lens.h"
#include "core/reading/selection.h"

namespace moescope {

struct WindowState {
  Lens lens;
  Selection selection;
  Knobs knobs;
  std::string checkpoint = {}, trace = {};  ///< absolute paths of what is shown instead of the model in training; empty: nothing is
};

QString stateToJson(const WindowState& state);

/// Throws std::runtime_error with one line: what was expected and where. Selected experts are checked by requireExperts.
WindowState stateFromJson(const QString& json);

/// Throws std::runtime_error with one line when an expert is selected that a model of this many has not.
void requireExperts(const Selection& selection, int experts);

}  // namespace moescope
