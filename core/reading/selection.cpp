#include "core/reading/selection.h"

#include <algorithm>

namespace moescope {
namespace {

void keepKnown(std::vector<int>& set, int count) {
  std::vector<int> kept;
  for (const int number : set)
    if (number >= 0 && number < count && std::find(kept.begin(), kept.end(), number) == kept.end()) kept.push_back(number);
  set = std::move(kept);
}

}  // namespace

bool Selection::contains(const std::vector<int>& set, int number) { return std::find(set.begin(), set.end(), number) != set.end(); }

Selection withinShape(Selection selection, int experts, int tokens, int domains) {
  keepKnown(selection.experts, experts);
  keepKnown(selection.tokens, tokens);
  keepKnown(selection.domains, domains);
  return selection;
}

}  // namespace moescope
