#include "views/expert_axis.h"

#include <algorithm>
#include <cmath>

#include "views/flat_view.h"

namespace moescope {

ExpertAxis::ExpertAxis(const Canvas& canvas, const Selection& selection, int experts, double pitch, double size)
    : selection_(selection) {
  const double gap = 0.35 * canvas.em();
  const auto room = [&](const std::string& words) {
    return canvas.textWidth(words, size, true) + gap;
  };  // a selected one is bold
  const double label = room(expertLabel(experts - 1));
  if (label <= pitch) return;
  numbers_ = room(std::to_string(experts - 1)) <= pitch;
  if (!numbers_) stride_ = static_cast<int>(std::ceil(label / std::max(1e-3, pitch)));
}

std::string ExpertAxis::name(int expert) const {
  if (numbers_) return std::to_string(expert);
  return namedOnAxis(selection_, expert, stride_) ? expertLabel(expert) : std::string();
}

std::string ExpertAxis::name(const std::vector<int>& experts, std::size_t place) const {
  if (numbers_) return std::to_string(experts[place]);
  return namedOnAxis(selection_, experts, place, stride_) ? expertLabel(experts[place]) : std::string();
}

}  // namespace moescope
