#pragma once
// Names of experts along an axis, as many and as long as there is room for.

#include <string>
#include <vector>

#include "core/reading/selection.h"
#include "views/canvas.h"

namespace moescope {

/// "E7" for experts that stand far enough apart, else "7", else "E7" for every second, third ... of them and for selected ones.
class ExpertAxis {
 public:
  /// `pitch`: from one expert to the next, device-independent pixels; `size`: of the text, in em.
  ExpertAxis(const Canvas& canvas, const Selection& selection, int experts, double pitch, double size = 0.8);
  /// Empty: this one has none.
  std::string name(int expert) const;
  /// Of the one at this place of an axis along which only these experts stand.
  std::string name(const std::vector<int>& experts, std::size_t place) const;

 private:
  const Selection& selection_;
  bool numbers_ = false;  ///< without E
  int stride_ = 1;
};

}  // namespace moescope
