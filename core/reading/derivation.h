#pragma once
// How a number comes about: formulas with their values filled in, for people to read, check and copy.

#include <string>
#include <vector>

#include "core/reading/routing.h"

namespace moescope {

/// One gate, a line for each step: score, normaliser where the router has one, logit, probability, applied gate, the token's
/// entropy. Symbols as in the math specification, 3.1 and 3.2. `routing`: of the snapshot, read through `lens`. Throws
/// std::out_of_range for a token or expert that there is not.
std::vector<std::string> derivationOf(const Snapshot& snapshot, const Routing& routing, const Lens& lens, int token, int expert);

/// A token's way: a line for each layer that the snapshot holds, with its `most` greatest applied gates. A layer that cannot be
/// read through the lens says why.
std::vector<std::string> wayOf(const Snapshot& snapshot, const Lens& lens, int token, int most = 3);

}  // namespace moescope
