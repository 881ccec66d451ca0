#include "app/suggestion.h"

#include <algorithm>

namespace moescope {
namespace {

constexpr std::size_t kShortestBeginning = 3;

/// Optimal string alignment distance.
std::size_t slips(const std::string& from, const std::string& to) {
  std::vector<std::size_t> before, last(to.size() + 1), row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (from[i - 1] != to[j - 1])});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = last;
    std::swap(last, row);
  }
  return last[to.size()];
}

}  // namespace

std::string didYouMean(const std::string& word, const std::vector<std::string>& known) {
  std::size_t least = 2 + word.size() / 4;  // from here on too far
  const std::string* nearest = nullptr;
  for (const std::string& each : known) {
    const std::size_t cost = word.size() >= kShortestBeginning && each.starts_with(word) ? 1 : slips(word, each);
    if (cost >= least) continue;
    least = cost;
    nearest = &each;
  }
  return nearest ? ", did you mean '" + *nearest + "'?" : "";
}

}  // namespace moescope
