#pragma once
// Tokens on their way from one picture to the next, so that the eye can follow them.

#include <optional>

#include "views/scene.h"

namespace moescope {

inline constexpr int kGlideMilliseconds = 120;

/// The later scene with its gates a share of the way, 0 to 1, from those of the earlier one; nothing else is between. None where
/// the two are not of the same tokens and experts: there is no way.
std::optional<Scene> between(const Scene& earlier, const Scene& later, double share);

}  // namespace moescope
