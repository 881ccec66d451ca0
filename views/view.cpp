#include "views/view.h"

#include <algorithm>

namespace moescope {

double pictureRatio(int width, int height) { return std::max(1.0, std::min(width / 1200.0, height / 900.0)); }

}  // namespace moescope
