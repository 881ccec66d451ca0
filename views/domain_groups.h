#pragma once
// Domains as a picture can tell them apart by colour and mark: many small ones together.

#include <string>
#include <vector>

#include "core/reading/probe.h"

namespace moescope {

inline constexpr int kMostDomainGroups = 12;

struct DomainGroups {
  std::vector<std::vector<int>> domains;  ///< of each group; no group is empty
  std::vector<std::string> names;         ///< of each group, as they are shown: the domain's, or "30 others"
  std::vector<int> of;                    ///< by domain: its group

  /// The group of many domains, -1: there is none.
  int others() const;
};

/// One group for each domain up to kMostDomainGroups; of more, the domains with most tokens alone, in the probe's order, and the
/// rest in a last group. Of the rest those that are selected stand alone too, in the places of the last that are not: who has
/// found a domain can tell it from the others, and the rest keep their colours.
DomainGroups groupDomains(const Probe& probe, const std::vector<int>& selected);

}  // namespace moescope
