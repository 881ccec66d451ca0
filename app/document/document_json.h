#pragma once
// A Document as JSON text: what Copy state and Paste state, presets and lessons carry. docs/state.md describes it.

#include <string>

#include "app/document/document.h"

namespace moescope {

inline constexpr int kDocumentVersion = 2;

/// Indented by two; keys that another version wrote are written again.
std::string toJson(const Document& document);

/// Reads what toJson() wrote, and states of version 1. What is missing has its default. Throws std::runtime_error with one line,
/// the key and what was expected there, for anything that is no valid state, is larger than 4 MB or of a newer version.
Document documentFromJson(const std::string& text);

}  // namespace moescope
