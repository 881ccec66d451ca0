// Which experts serve the same token more, or less, often than independent choices would have it.

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>

#include "core/reading/choice_statistics.h"
#include "core/words/words.h"
#include "views/cell_map.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr double kLeastReach = 1.0;  // of log2 lifts: a factor of two

JointChoices choicesOf(const Scene& scene) {
  return scene.snapshot->capture ? scene.snapshot->capture->together : chosenTogether(scene.routing->gates);
}

bool showsShares(const Scene& scene) { return optionOf(scene, "co_activation", "quantity", "lift") == "share"; }

/// Experts of a token, mean.
double expertsOf(const JointChoices& choices) { return choices.first.sum(); }

std::string whyNone(const JointChoices& choices) {
  if (!(expertsOf(choices) > 1.0)) return translated("a token has one expert here: none are chosen together");
  return choices.first.minCoeff() >= 1.0 ? translated("every token has every expert: none go together more than others") : "";
}

class CoActivation : public CellMapView {
 protected:
  std::string title() const override { return translated("Co-activation"); }
  OfCaptures showsCaptures() const override { return OfCaptures::RoutedLayer; }

  void draw(const Scene& scene) override {
    const auto choices = std::make_shared<const JointChoices>(choicesOf(scene));
    if (const std::string why = whyNone(*choices); !why.empty()) return say(caption(scene, ""), why);
    const bool shares = showsShares(scene);
    const auto lift = std::make_shared<const Eigen::MatrixXd>(choices->lift(true));
    const int n = static_cast<int>(lift->rows());
    const double chance = liftOfDifferentExperts(expertsOf(*choices), n);
    CellMap map;
    map.values = *lift;
    map.diverging = !shares;
    map.number = shares ? "%.1f" : "%+.1f";
    map.unit = shares ? translated("% of tokens") : translated("log2 lift");
    if (shares) map.values = (lift->array().isNaN()).select(std::numeric_limits<double>::quiet_NaN(), 100.0 * choices->share);
    map.maximum = reachOf(map.values, shares ? 1e-9 : kLeastReach);
    map.minimum = shares ? 0.0 : -map.maximum;
    for (int e = 0; e < n; ++e) map.rows.push_back(expertLabel(e));
    map.rowsAreExperts = true;
    map.rowsAre = translated("expert");
    map.pick = [choices, lift, chance](int a, int b) {
      Pick pick{a, -1, -1, expertLabel(a) + formatted(": chosen by %.2f %% of tokens", 100 * choices->first[a])};
      if (a == b) return pick;
      pick.other = b;
      pick.text = expertLabel(a) + translated(" and ") + expertLabel(b) +
                  formatted(": both on %.3f %% of tokens, log2 lift", 100 * choices->share(a, b)) +
                  formatted(" %+.2f", (*lift)(a, b)) + formatted("; %+.2f if experts were drawn at random", chance);
      return pick;
    };
    const std::string brief =
        shares ? translated("tokens of both experts") : formatted("log2 lift; drawn at random %+.2f", chance);
    const Rect area = caption(scene, {shares ? translated("share of tokens that have both experts")
                                             : translated("how much more often both serve a token than apart, log2; ") +
                                                   formatted("%+.2f if experts were drawn at random", chance),
                                      brief});
    cells(area, std::move(map), scene.selection);
  }
};

std::string inNumbers(const Scene& scene) {
  const JointChoices choices = choicesOf(scene);
  if (const std::string why = whyNone(choices); !why.empty()) return why;
  return translated("lift(a, b) = log2 of P(a and b) / (P(a) P(b)), P: share of tokens\n") +
         formatted("k = %.3g experts a token", expertsOf(choices)) +
         translated(" and no token has one twice, so that equally likely choices give log2 of (k - 1) N / (k (N - 1)) = ") +
         formatted("%+.3f", liftOfDifferentExperts(expertsOf(choices), static_cast<int>(choices.first.size())));
}

DataTable numbersOf(const Scene& scene) {
  const JointChoices choices = choicesOf(scene);
  const Eigen::MatrixXd lift = choices.lift(true);
  DataTable table{{{"expert", ""},
                   {"other_expert", ""},
                   {"tokens_of_both", "share"},
                   {"tokens_of_expert", "share"},
                   {"tokens_of_other", "share"},
                   {"lift", "log2"}},
                  {}};
  for (Eigen::Index a = 0; a < lift.rows(); ++a)
    for (Eigen::Index b = 0; b < lift.cols(); ++b)
      if (a != b)
        table.add(
            {static_cast<int>(a), static_cast<int>(b), choices.share(a, b), choices.first[a], choices.second[b], lift(a, b)});
  table.about = {{"experts_of_a_token", expertsOf(choices)},
                 {"lift_of_equally_likely_choices", liftOfDifferentExperts(expertsOf(choices), static_cast<int>(lift.rows()))}};
  return table;
}

}  // namespace

ViewDeclaration declareCoActivation() {
  return {
      "co_activation",
      "Co-activation",
      "Which experts serve the same token more or less often than independent choices would have it",
      [] { return std::make_unique<CoActivation>(); },
      numbersOf,
      kLayersGroup,
      {{"quantity",
        "Show",
        "How often two experts serve one token",
        {{"lift", "log2 lift over independent choices", "log2 of P(a and b) / (P(a) P(b))"},
         {"share", "share of tokens", "Of all tokens, those that have both"}}}},
      {},
      {"How often two experts serve the same token of the shown layer, against what independent choices with the same loads would give.",
       inNumbers,
       "Orange pairs work as a team, blue ones stand in for each other. Experts that are always together could be one."},
      OfCaptures::RoutedLayer};
}

}  // namespace moescope
