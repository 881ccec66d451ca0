#pragma once
// The sweeps that `moescope reproduce` knows: a sweep is one function in reproduce_sweeps.cpp and one line of its table.

#include <vector>

#include "app/reproduce_sweep.h"

namespace moescope {

const std::vector<Sweep>& sweeps();

}  // namespace moescope
