#include "views/domain_groups.h"

#include <algorithm>
#include <numeric>

#include "core/words/words.h"

namespace moescope {
namespace {

/// Changes places so that the selected are among the first, which stand alone, as far as there is room.
void standAlone(std::vector<int>& order, const std::vector<int>& selected) {
  const auto isSelected = [&](int domain) { return std::find(selected.begin(), selected.end(), domain) != selected.end(); };
  const auto rest = order.begin() + kMostDomainGroups - 1;
  auto place = rest;
  for (auto each = rest; each != order.end(); ++each) {
    if (!isSelected(*each)) continue;
    while (place != order.begin() && isSelected(*(place - 1))) --place;
    if (place == order.begin()) return;
    std::iter_swap(--place, each);
  }
}

}  // namespace

int DomainGroups::others() const {
  return !domains.empty() && domains.back().size() > 1 ? static_cast<int>(domains.size()) - 1 : -1;
}

DomainGroups groupDomains(const Probe& probe, const std::vector<int>& selected) {
  const std::size_t count = probe.domainNames.size(), most = kMostDomainGroups;
  std::vector<int> tokens(count, 0), order(count);
  for (const int domain : probe.domain) ++tokens[static_cast<std::size_t>(domain)];
  std::iota(order.begin(), order.end(), 0);
  if (count > most) {
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return tokens[static_cast<std::size_t>(a)] > tokens[static_cast<std::size_t>(b)]; });
    std::sort(order.begin(), order.begin() + most - 1);
    standAlone(order, selected);
    std::sort(order.begin() + most - 1, order.end());
  }
  DomainGroups groups;
  groups.of.resize(count);
  for (const int domain : order) {
    if (groups.domains.size() < most)
      groups.domains.emplace_back(), groups.names.push_back(translated(probe.domainNames[static_cast<std::size_t>(domain)]));
    groups.domains.back().push_back(domain);
    groups.of[static_cast<std::size_t>(domain)] = static_cast<int>(groups.domains.size()) - 1;
  }
  if (const int others = groups.others(); others >= 0)
    groups.names.back() = std::to_string(groups.domains[static_cast<std::size_t>(others)].size()) + translated(" others");
  return groups;
}

}  // namespace moescope
