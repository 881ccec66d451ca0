#include "core/reading/selection.h"

#include <algorithm>
#include <set>

namespace moescope {
namespace {

void keepKnown(std::vector<int>& set, int count) {
  std::vector<int> kept;
  std::vector<bool> seen(static_cast<std::size_t>(std::max(0, count)), false);
  for (const int number : set)
    if (number >= 0 && number < count && !seen[static_cast<std::size_t>(number)]) {
      seen[static_cast<std::size_t>(number)] = true;
      kept.push_back(number);
    }
  set = std::move(kept);
}

std::vector<int> combinedOf(const std::vector<int>& now, const std::vector<int>& more, Combine how) {
  if (how == Combine::Replace) return more;
  const std::set<int> had(now.begin(), now.end()), named(more.begin(), more.end());
  std::vector<int> all;
  for (const int number : now)
    if (how == Combine::Add || !named.contains(number)) all.push_back(number);
  for (const int number : more)
    if (how == Combine::Add && !had.contains(number)) all.push_back(number);
  return all;
}

std::vector<int> invertedOf(const std::vector<int>& set, int count) {
  std::vector<int> others;
  const std::set<int> in(set.begin(), set.end());
  for (int number = 0; !set.empty() && number < count; ++number)
    if (!in.contains(number)) others.push_back(number);
  return others;
}

}  // namespace

Selection combined(const Selection& now, const Selection& more, Combine how) {
  return {combinedOf(now.experts, more.experts, how), combinedOf(now.tokens, more.tokens, how),
          combinedOf(now.domains, more.domains, how)};
}

Selection inverted(const Selection& selection, int experts, int tokens, int domains) {
  return {invertedOf(selection.experts, experts), invertedOf(selection.tokens, tokens), invertedOf(selection.domains, domains)};
}

bool Selection::contains(const std::vector<int>& set, int number) {
  return std::find(set.begin(), set.end(), number) != set.end();
}

Selection withinShape(Selection selection, int experts, int tokens, int domains) {
  keepKnown(selection.experts, experts);
  keepKnown(selection.tokens, tokens);
  keepKnown(selection.domains, domains);
  return selection;
}

}  // namespace moescope
