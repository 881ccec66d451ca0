// From the experts of one layer to those of the next: what a token's expert here says of its experts there.

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>

#include "core/reading/choice_statistics.h"
#include "core/reading/routing_by_layer.h"
#include "core/words/words.h"
#include "views/cell_map.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr double kLeastReach = 1.0;  // of log2 lifts

struct Transitions {
  int before = 0, after = 0;  ///< layers
  JointChoices choices;
};

/// Of the layer that is not held, the choices of the model's own rule, as its reader found them.
Transitions ofCheckpoint(const Scene& scene, int before, int after) {
  const auto& found = scene.snapshot->byLayer;
  const int shown = scene.routing->layer, other = before == shown ? after : before;
  const LayerOfExperts* layer =
      found && other < static_cast<int>(found->size()) ? &(*found)[static_cast<std::size_t>(other)] : nullptr;
  if (!layer) throw std::runtime_error(translated("the next layer is not read yet"));
  if (!layer->failure.empty()) throw std::runtime_error(layer->failure);
  const ChosenExperts own = chosenExperts(scene.routing->gates);
  if (!layer->choices || layer->choices->tokens() != own.tokens() || scene.snapshot->probe->synthetic)
    throw std::runtime_error(translated("the layers do not have the same recorded tokens: nothing is known of the next one"));
  return {before, after, before == shown ? chosenAfter(own, *layer->choices) : chosenAfter(*layer->choices, own)};
}

/// From the shown layer to the next one, of the last to it. Throws std::runtime_error with why there are none.
Transitions transitionsOf(const Scene& scene) {
  const Snapshot& snapshot = *scene.snapshot;
  if (const CapturedRouting* capture = snapshot.capture.get()) {
    if (capture->before < 0) throw std::runtime_error(translated("this capture has one routed layer: there is no next one"));
    return {capture->before, capture->after, capture->onwards};
  }
  const int layers = static_cast<int>(snapshot.layers.size()), shown = scene.routing->layer;
  if (layers < 2) throw std::runtime_error(translated("this model has one MoE layer: there is no next one"));
  const int before = std::min(shown, layers - 2), after = before + 1, other = before == shown ? after : before;
  if (snapshot.layers[static_cast<std::size_t>(other)].scores.size() == 0) return ofCheckpoint(scene, before, after);
  Lens lens = scene.lens;
  lens.layer = other;
  const Routing there = evaluate(snapshot, lens);
  return {before, after,
          before == shown ? chosenAfter(scene.routing->gates, there.gates) : chosenAfter(there.gates, scene.routing->gates)};
}

bool showsShares(const Scene& scene) { return optionOf(scene, "layer_transitions", "quantity", "lift") == "share"; }

/// Share of the tokens of each expert (a row) that have each expert of the next layer.
Eigen::MatrixXd conditional(const JointChoices& choices) {
  Eigen::MatrixXd shares = choices.share;
  for (Eigen::Index a = 0; a < shares.rows(); ++a)
    shares.row(a) *= choices.first[a] > 0.0 ? 1.0 / choices.first[a] : std::numeric_limits<double>::quiet_NaN();
  return shares;
}

class LayerTransitions : public CellMapView {
 protected:
  std::string title() const override { return translated("From layer to layer"); }
  OfCaptures showsCaptures() const override { return OfCaptures::RoutedLayer; }

  void draw(const Scene& scene) override {
    const Transitions transitions = transitionsOf(scene);
    const auto choices = std::make_shared<const JointChoices>(transitions.choices);
    const auto lift = std::make_shared<const Eigen::MatrixXd>(choices->lift(false)),
               shares = std::make_shared<const Eigen::MatrixXd>(conditional(*choices));
    const std::string from = std::to_string(layerNumber(*scene.snapshot, transitions.before)),
                      to = std::to_string(layerNumber(*scene.snapshot, transitions.after));
    const bool showShares = showsShares(scene);
    CellMap map;
    map.values = showShares ? Eigen::MatrixXd(100.0 * *shares) : *lift;
    map.diverging = !showShares;
    map.number = showShares ? "%.0f" : "%+.1f";
    map.unit = showShares ? "%" : translated("log2 lift");
    map.maximum = reachOf(map.values, showShares ? 1e-9 : kLeastReach);
    map.minimum = showShares ? 0.0 : -map.maximum;
    for (int e = 0; e < static_cast<int>(lift->rows()); ++e) map.rows.push_back(expertLabel(e));
    map.rowsAreExperts = true;
    map.rowsAre = translated("expert of layer ") + from;
    map.pick = [choices, lift, shares, from, to](int a, int b) {
      return Pick{a, -1, -1,
                  translated("layer ") + from + " " + expertLabel(a) + translated(", layer ") + to + " " + expertLabel(b) +
                      formatted(": %.2f %% of the first's tokens", 100 * (*shares)(a, b)) +
                      formatted(", of all tokens %.2f %%", 100 * choices->second[b]) +
                      formatted("; log2 lift %+.2f", (*lift)(a, b))};
    };
    const std::string layers = translated("layer ") + from + translated(" to ") + to;
    cells(
        caption(scene, {layers + (showShares ? translated(": share of an expert's tokens that have each expert of the next layer")
                                             : translated(": how much more often a token has both than apart, log2")),
                        layers}),
        std::move(map), scene.selection);
  }
};

std::string inNumbers(const Scene& scene) {
  try {
    const Transitions transitions = transitionsOf(scene);
    const Eigen::MatrixXd lift = transitions.choices.lift(false);
    return translated("lift(a, b) = log2 of P(a in layer ") + std::to_string(layerNumber(*scene.snapshot, transitions.before)) +
           translated(" and b in layer ") + std::to_string(layerNumber(*scene.snapshot, transitions.after)) +
           translated(") / (P(a) P(b)), P: share of tokens; 0 where the next choice does not depend on this one\n") +
           formatted("largest: %+.3f", reachOf(lift.cwiseMax(0.0), 0.0));
  } catch (const std::exception& error) {
    return error.what();
  }
}

DataTable numbersOf(const Scene& scene) {
  const Transitions transitions = transitionsOf(scene);
  const Eigen::MatrixXd lift = transitions.choices.lift(false), shares = conditional(transitions.choices);
  DataTable table{{{"expert", ""},
                   {"next_expert", ""},
                   {"tokens_of_both", "share"},
                   {"next_given_expert", "share"},
                   {"next_of_all", "share"},
                   {"lift", "log2"}},
                  {}};
  for (Eigen::Index a = 0; a < lift.rows(); ++a)
    for (Eigen::Index b = 0; b < lift.cols(); ++b)
      table.add({static_cast<int>(a), static_cast<int>(b), transitions.choices.share(a, b), shares(a, b),
                 transitions.choices.second[b], lift(a, b)});
  table.about = {{"from_layer", layerNumber(*scene.snapshot, transitions.before)},
                 {"to_layer", layerNumber(*scene.snapshot, transitions.after)}};
  return table;
}

}  // namespace

ViewDeclaration declareLayerTransitions() {
  return {
      "layer_transitions",
      "From layer to layer",
      "What a token's expert in one layer says of its experts in the next",
      [] { return std::make_unique<LayerTransitions>(); },
      numbersOf,
      kLayersGroup,
      {{"quantity",
        "Show",
        "How the experts of two layers follow each other",
        {{"lift", "log2 lift over independent choices", "log2 of P(a and b) / (P(a) P(b))"},
         {"share", "share of the expert's tokens", "P(b in the next layer | a in this one)"}}}},
      {},
      {"Rows are experts of one layer, columns experts of the next: how much more often a token has both than if the two layers chose independently.",
       inNumbers,
       "Orange cells are paths that tokens take together through the layers; a map of one colour says that the layers choose independently."},
      OfCaptures::RoutedLayer};
}

}  // namespace moescope
