#pragma once
// What side B has more than side A: each draws `beside` minus the scene that it is given, of the views in which subtraction means
// something. Orange: more in B; blue: less.

#include <memory>

#include "views/view.h"

namespace moescope {

std::unique_ptr<View> makeLoadDifference();
std::unique_ptr<View> makeHeatMapDifference();
std::unique_ptr<View> makeTrainingDifference();
std::unique_ptr<View> makeConcentrationDifference();

}  // namespace moescope
