#include "core/checkpoint/capture_shape.h"

#include <algorithm>
#include <cmath>

namespace moescope {
namespace {

constexpr std::int64_t kMostChosen = 64, kMostLayers = 512;
constexpr std::int64_t kSampledGroups = 1 << 16;  // at the beginning

using Ids = std::vector<std::int32_t>;

/// As engines fill what has no routing: zeros, or -1.
bool isFilled(const std::int32_t* group, std::int64_t k) {
  return group[0] <= 0 && std::all_of(group, group + k, [&](std::int32_t id) { return id == group[0]; });
}

bool groupsDiffer(const Ids& ids, std::int64_t count, std::int64_t k) {
  Ids sorted(static_cast<std::size_t>(k));
  for (std::int64_t i = 0; i + k <= count; i += k) {
    if (isFilled(ids.data() + i, k)) continue;
    std::partial_sort_copy(ids.begin() + i, ids.begin() + i + k, sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return false;
  }
  return true;
}

std::int64_t proposedChosen(const Ids& ids, std::int64_t count) {
  for (std::int64_t k = kMostChosen; k > 1; --k)
    if (static_cast<std::int64_t>(ids.size()) % k == 0 && groupsDiffer(ids, count, k)) return k;
  return 1;
}

/// Of the counts of ids at each place modulo `layers`.
double gainOf(const Ids& ids, std::int64_t groups, std::int64_t k, std::int64_t layers, std::int64_t experts) {
  std::vector<double> together(static_cast<std::size_t>(layers * experts), 0.0), alone(static_cast<std::size_t>(experts), 0.0),
      atPlace(static_cast<std::size_t>(layers), 0.0);
  double all = 0.0;
  for (std::int64_t i = 0; i < groups * k; ++i) {
    const std::int32_t id = ids[static_cast<std::size_t>(i)];
    if (id < 0) continue;
    const std::int64_t place = i / k % layers;
    together[static_cast<std::size_t>(place * experts + id)] += 1.0;
    alone[static_cast<std::size_t>(id)] += 1.0;
    atPlace[static_cast<std::size_t>(place)] += 1.0;
    all += 1.0;
  }
  double information = 0.0;
  for (std::int64_t l = 0; l < layers; ++l)
    for (std::int64_t e = 0; e < experts; ++e)
      if (const double n = together[static_cast<std::size_t>(l * experts + e)]; n > 0.0)
        information += n * std::log(n * all / (alone[static_cast<std::size_t>(e)] * atPlace[static_cast<std::size_t>(l)]));
  const auto used = std::count_if(alone.begin(), alone.end(), [](double n) { return n > 0.0; });
  return 2.0 * information - 2.0 * static_cast<double>(layers - 1) * static_cast<double>(used - 1);
}

}  // namespace

CaptureShape proposedShape(const Ids& ids) {
  const std::int32_t largest = ids.empty() ? -1 : *std::max_element(ids.begin(), ids.end());
  if (largest < 0 || largest >= kMostCapturedExperts) return {};
  const std::int64_t k = proposedChosen(ids, std::min<std::int64_t>(static_cast<std::int64_t>(ids.size()), kSampledGroups)),
                     all = static_cast<std::int64_t>(ids.size()) / k, groups = std::min(all, kSampledGroups);
  std::int64_t layers = 0;
  double best = 0.0;
  for (std::int64_t l = 2; l <= std::min(kMostLayers, groups / 2); ++l) {
    if (all % l) continue;
    if (const double gain = gainOf(ids, groups, k, l, largest + 1); gain > best) best = gain, layers = l;
  }
  return {0, layers, k};
}

}  // namespace moescope
