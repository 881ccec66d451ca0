#pragma once
// States as the first version wrote them: one lens, one set of knobs, a checkpoint.

#include <nlohmann/json.hpp>

#include "app/document/document.h"

namespace moescope {

/// Throws std::runtime_error with one line: the key and what was expected.
Document documentOfVersion1(const nlohmann::json& state);

}  // namespace moescope
