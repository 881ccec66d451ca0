#pragma once
// What a token's colour says in the views that draw tokens: the expert that leads it, its domain or its entropy.

#include <Eigen/Core>
#include <string>

#include "views/domain_groups.h"
#include "views/palette.h"
#include "views/view_option.h"

namespace moescope {

/// "colour", the same in every view of tokens.
ViewOption tokenColourOption();

class TokenColours {
 public:
  /// As the option of this view says. The scene must have a snapshot and its routing, and outlive this.
  TokenColours(const Scene& scene, const std::string& view, const Theme& theme);

  /// Whether the colours are the domains', so that experts are drawn without.
  bool byDomain() const { return choice_ == "domain"; }
  bool byEntropy() const { return choice_ == "entropy"; }
  /// Of a share of the greatest entropy, log N.
  Color ofEntropy(double share) const;
  const DomainGroups& groups() const { return groups_; }
  Color ofGroup(int group) const;
  Color of(Eigen::Index token) const;
  Mark markOf(Eigen::Index token) const;
  /// For a caption: "colour: leading expert".
  std::string words() const;

 private:
  int leaderOf(Eigen::Index token) const;  ///< -1: no expert works on it
  int groupOf(Eigen::Index token) const;

  const Scene& scene_;
  Theme theme_;
  std::string choice_;
  DomainGroups groups_;
};

}  // namespace moescope
