#pragma once
// What a person follows through all views: sets of experts, tokens and domains.

#include <vector>

namespace moescope {

/// Numbers of at least 0, each once, in the order in which they were picked.
struct Selection {
  std::vector<int> experts, tokens, domains;

  bool operator==(const Selection&) const = default;
  bool empty() const { return experts.empty() && tokens.empty() && domains.empty(); }

  /// The one picked first; -1: none.
  int expert() const { return experts.empty() ? -1 : experts.front(); }
  int token() const { return tokens.empty() ? -1 : tokens.front(); }
  int domain() const { return domains.empty() ? -1 : domains.front(); }
  /// The second expert of a pair; -1 unless exactly two are selected.
  int other() const { return isPair() ? experts[1] : -1; }
  bool isPair() const { return experts.size() == 2; }

  bool hasExpert(int expert) const { return contains(experts, expert); }
  bool hasToken(int token) const { return contains(tokens, token); }
  bool hasDomain(int domain) const { return contains(domains, domain); }
  /// Whether some expert (domain) is selected and this one is not: it is drawn faintly.
  bool leavesOutExpert(int expert) const { return !experts.empty() && !hasExpert(expert); }
  bool leavesOutDomain(int domain) const { return !domains.empty() && !hasDomain(domain); }

 private:
  static bool contains(const std::vector<int>& set, int number);
};

/// What a lasso, a click or a kept set does to what is selected.
enum class Combine { Replace, Add, Subtract };
Selection combined(const Selection& now, const Selection& more, Combine how);

/// Of each kind of which something is selected: all that is not. `experts`, `tokens`, `domains`: how many there are.
Selection inverted(const Selection& selection, int experts, int tokens, int domains);

/// The selection without experts, tokens and domains that there are not, and without repeats.
Selection withinShape(Selection selection, int experts, int tokens, int domains);

}  // namespace moescope
