// Every layer at once: a row for each layer, a column for each expert.

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "core/metrics/load.h"
#include "core/reading/routing_by_layer.h"
#include "core/words/words.h"
#include "views/cell_map.h"
#include "views/registry.h"

namespace moescope {
namespace {

using Layers = std::vector<LayerOfExperts>;

/// One way to colour the map. Values of an expert have no number where the layer does not tell.
struct Quantity {
  const char *name, *what, *brief, *unit, *number, *ofLayer;  ///< ofLayer: what stands beside a row
  double (*value)(const LayerOfExperts&, int expert);
  double (*layer)(const LayerOfExperts&);
  const char* layerNumber;
};

double at(const Eigen::VectorXd& values, int expert) { return expert < values.size() ? values[expert] : std::nan(""); }
double share(const LayerOfExperts& layer, int expert) { return layer.experts * at(layer.load, expert); }

constexpr Quantity kQuantities[] = {
    {"load", translatable("load: share of the assignments, in times 1/N"), translatable("load, in times 1/N"), "\xc3\x97 1/N", "%.1f", "CV", share, [](const LayerOfExperts& layer) { return variationOf(layer.load); }, "%.2f"},
    {"dead", translatable("1: fewer than a tenth of the mean assignments"), translatable("1: under a tenth of the mean load"), translatable("dead"), "%.0f", translatable("dead"), [](const LayerOfExperts& layer, int e) { return std::isnan(share(layer, e)) ? share(layer, e) : share(layer, e) < 0.1 ? 1.0 : 0.0; },
     [](const LayerOfExperts& layer) { return layer.load.size() > 0 && layer.load.allFinite() ? deadExperts(layer.load) : std::nan(""); }, "%.0f"},
    {"entropy", translatable("mean entropy of the probabilities of the tokens that chose the expert"), translatable("entropy of an expert's tokens"), translatable("nats"), "%.2f", translatable("mean"), [](const LayerOfExperts& layer, int e) { return at(layer.entropy, e); },
     [](const LayerOfExperts& layer) { return layer.meanEntropy; }, "%.2f"},
    {"effective", translatable("effective experts (exp H) of the tokens that chose the expert, mean"), translatable("effective experts of its tokens"), "exp H", "%.1f", translatable("mean"), [](const LayerOfExperts& layer, int e) { return at(layer.effective, e); },
     [](const LayerOfExperts& layer) { return layer.effectiveExperts; }, "%.1f"},
    {"similarity", translatable("largest cosine of the expert's router row and another one"), translatable("nearest router row, cosine"), "cos", "%.2f", translatable("mean |cos|"), [](const LayerOfExperts& layer, int e) { return at(layer.nearest, e); },
     [](const LayerOfExperts& layer) { return layer.routerSimilarity; }, "%.2f"},
};

const Quantity& quantityOf(const Scene& scene) {
  const std::string chosen = optionOf(scene, "layer_map", "quantity", kQuantities[0].name);
  return *std::find_if(std::begin(kQuantities), std::end(kQuantities), [&](const Quantity& each) { return each.name == chosen; });
}

Layers layersOf(const Scene& scene) { return routingByLayer(*scene.snapshot, scene.lens); }

Eigen::MatrixXd valuesOf(const Layers& layers, const Quantity& quantity) {
  int experts = 0;
  for (const LayerOfExperts& layer : layers) experts = std::max(experts, layer.experts);
  Eigen::MatrixXd values(static_cast<Eigen::Index>(layers.size()), experts);
  for (Eigen::Index l = 0; l < values.rows(); ++l)
    for (int e = 0; e < experts; ++e) values(l, e) = quantity.value(layers[static_cast<std::size_t>(l)], e);
  return values;
}

/// What stands in the picture's place where no layer tells this.
std::string whyNone(const Scene& scene, const Eigen::MatrixXd& values) {
  if (!values.array().isNaN().all()) return "";
  return scene.snapshot->capture ? translated(kNotInCaptures) : translated("no layer tells this yet");
}

class LayerMap : public CellMapView {
 protected:
  std::string title() const override { return translated("Layers by experts"); }
  OfCaptures showsCaptures() const override { return OfCaptures::Everything; }

  void draw(const Scene& scene) override {
    const Quantity& quantity = quantityOf(scene);
    const auto layers = std::make_shared<const Layers>(layersOf(scene));
    CellMap map;
    map.values = valuesOf(*layers, quantity);
    if (const std::string why = whyNone(scene, map.values); !why.empty()) return say(caption(scene, translated(quantity.brief)), why);
    map.maximum = reachOf(map.values, 1.0);
    map.number = quantity.number;
    map.unit = translated(quantity.unit);
    map.rowsAre = translated("layer");
    map.besideTitle = translated(quantity.ofLayer);
    for (const LayerOfExperts& layer : *layers) {
      map.rows.push_back("L" + std::to_string(layer.number));
      const double own = quantity.layer(layer);
      map.beside.push_back(std::isfinite(own) ? formatted(quantity.layerNumber, own) : "\xe2\x80\x93");
    }
    map.shownRow = scene.routing->layer;
    map.pick = [layers, &quantity](int l, int e) {
      const LayerOfExperts& layer = (*layers)[static_cast<std::size_t>(l)];
      Pick pick{e < layer.experts ? e : -1, -1, -1, translated("layer ") + std::to_string(layer.number) + ", " + expertLabel(e)};
      pick.text += layer.experts == 0 ? ": " + (layer.failure.empty() ? translated("not read yet") : layer.failure) : e >= layer.experts ? translated(": this layer has %1 experts", std::to_string(layer.experts)) : ": " + translated(quantity.brief) + formatted(" %.4g", quantity.value(layer, e));
      return pick;
    };
    cells(caption(scene, {translated(quantity.what), translated(quantity.brief)}), std::move(map), scene.selection);
  }
};

std::string inNumbers(const Scene& scene) {
  const Quantity& quantity = quantityOf(scene);
  const LayerOfExperts layer = layersOf(scene)[static_cast<std::size_t>(scene.routing->layer)];
  return translated("cell (layer, expert): ") + translated(quantity.what) + translated("\nshown layer, ") + std::to_string(layer.number) + ": " + translated(quantity.ofLayer) + formatted(" %.4g", quantity.layer(layer));
}

DataTable numbersOf(const Scene& scene) {
  DataTable table{{{"layer", ""}, {"expert", ""}, {"load", "%"}, {"tokens_entropy", "nats"}, {"tokens_effective_experts", ""}, {"nearest_router", "cos"}, {"layer_load_cv", ""}, {"layer_entropy", "nats"}, {"layer_effective_experts", ""}, {"layer_router_similarity", "|cos|"}, {"layer_dead_experts", ""}}, {}};
  const auto cell = [](double value) { return std::isnan(value) ? Cell() : Cell(value); };
  for (const LayerOfExperts& layer : layersOf(scene))
    for (int e = 0; e < layer.experts; ++e)
      table.add({layer.number, e, cell(100.0 * at(layer.load, e)), cell(at(layer.entropy, e)), cell(at(layer.effective, e)), cell(at(layer.nearest, e)), cell(variationOf(layer.load)), cell(layer.meanEntropy), cell(layer.effectiveExperts), cell(layer.routerSimilarity),
                 cell(kQuantities[1].layer(layer))});
  return table;
}

}  // namespace

ViewDeclaration declareLayerMap() {
  return {"layer_map", "Layers by experts", "Every layer at once: load, dead experts, entropy, effective experts or router similarity of each expert",
          [] { return std::make_unique<LayerMap>(); }, numbersOf, kLayersGroup,
          {{"quantity", "Show", "What the colours are", {{"load", "load", "Share of the assignments, in times 1/N"}, {"dead", "dead experts", "Fewer than a tenth of the mean assignments"}, {"entropy", "entropy", "Mean entropy of the tokens that chose the expert"},
                                 {"effective", "effective experts", "Mean exp H of the tokens that chose the expert"}, {"similarity", "router similarity", "Largest cosine of two router rows"}}}}, {},
          {"A row for each MoE layer, a column for each expert, one quantity as colour; the shown layer is framed. Experts of different layers have nothing in common but the number.",
           inNumbers,
           "Dark columns in one row: experts that this layer does not use. Balance and entropy often change from the first layers to the last."},
          OfCaptures::Everything};
}

}  // namespace moescope
