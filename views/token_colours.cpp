#include "views/token_colours.h"

#include <algorithm>
#include <cmath>

#include "core/words/words.h"

namespace moescope {
namespace {

constexpr double kDarkest = 0.25;  // share of the map that would drown in the background

}  // namespace

ViewOption tokenColourOption() {
  return {"colour", "Colour of tokens", "What a token's colour says",
          {{"expert", "by leading expert"}, {"domain", "by domain"}, {"entropy", "by entropy"}}};
}

TokenColours::TokenColours(const Scene& scene, const std::string& view, const Theme& theme)
    : scene_(scene),
      theme_(theme),
      choice_(optionOf(scene, view, "colour", "expert")),
      groups_(groupDomains(*scene.snapshot->probe, scene.selection.domains)) {}

int TokenColours::leaderOf(Eigen::Index token) const {
  Eigen::Index leader = 0;
  return scene_.routing->gates.row(token).maxCoeff(&leader) > 0.0f ? static_cast<int>(leader) : -1;
}

int TokenColours::groupOf(Eigen::Index token) const {
  return groups_.of[static_cast<std::size_t>(scene_.snapshot->probe->domain[static_cast<std::size_t>(token)])];
}

Color TokenColours::ofGroup(int group) const {
  return group == groups_.others() ? mutedColor(theme_) : domainColor(group, theme_);
}

Color TokenColours::of(Eigen::Index token) const {
  if (byDomain()) return ofGroup(groupOf(token));
  if (choice_ == "expert") {
    const int leader = leaderOf(token);
    return leader < 0 ? mutedColor(theme_) : expertColor(leader, theme_);
  }
  const double most = std::log(std::max(2.0, static_cast<double>(scene_.routing->gates.cols()))),
               share = scene_.routing->probability.tokenEntropy[token] / most;
  return std::isfinite(share) ? ofEntropy(share) : mutedColor(theme_);
}

Color TokenColours::ofEntropy(double share) const {
  const double place = (1.0 - kDarkest) * std::clamp(share, 0.0, 1.0);
  return sequentialColor(theme_.dark ? kDarkest + place : place);
}

Mark TokenColours::markOf(Eigen::Index token) const {
  if (byDomain()) return domainMark(groupOf(token));
  return choice_ == "expert" ? expertMark(std::max(0, leaderOf(token))) : Mark::Disc;
}

std::string TokenColours::words() const {
  if (byDomain()) return translated("colour: domain");
  return choice_ == "expert" ? translated("colour: leading expert") : translated("colour: entropy, dark at 0 to bright at log N");
}

}  // namespace moescope
