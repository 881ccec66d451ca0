// Every layer at once: a row for each layer, a column for each expert.

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "core/metrics/load.h"
#include "core/reading/domain_lift.h"
#include "core/reading/routing_by_layer.h"
#include "core/words/words.h"
#include "views/cell_map.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr double kBeyondChance = 0.05;
constexpr int kPermutations = 199;  // of a model in training, whose map follows it

/// All layers; lifts and domains only where they are asked for and known.
struct Layers {
  std::vector<LayerOfExperts> all;
  std::shared_ptr<const DomainLifts> lifts = nullptr;
  std::vector<std::string> domains = {};

  const LayerOfExperts& of(int layer) const { return all[static_cast<std::size_t>(layer)]; }
};

/// The domain that uses an expert most, compared with all tokens; -1: not known.
int domainOf(const Layers& layers, int layer, int expert) {
  if (!layers.lifts || layer >= static_cast<int>(layers.lifts->layers.size())) return -1;
  const Eigen::MatrixXd& lift = layers.lifts->layers[static_cast<std::size_t>(layer)].lift;
  int best = -1;
  for (int d = 0; expert < lift.cols() && d < lift.rows(); ++d)
    if (!std::isnan(lift(d, expert)) && (best < 0 || lift(d, expert) > lift(best, expert))) best = d;
  return best;
}

double liftOf(const Layers& layers, int layer, int expert) {
  const int domain = domainOf(layers, layer, expert);
  return domain < 0 ? std::nan("") : layers.lifts->layers[static_cast<std::size_t>(layer)].lift(domain, expert);
}

bool isBeyondChance(const Layers& layers, int layer, int expert) {
  const int domain = domainOf(layers, layer, expert);
  return domain >= 0 && layers.lifts->layers[static_cast<std::size_t>(layer)].p(domain, expert) < kBeyondChance;
}

double cellsBeyondChance(const Layers& layers, int layer) {
  if (!layers.lifts || layer >= static_cast<int>(layers.lifts->layers.size())) return std::nan("");
  const Eigen::MatrixXd& p = layers.lifts->layers[static_cast<std::size_t>(layer)].p;
  return p.array().isNaN().all() ? std::nan("") : static_cast<double>((p.array() < kBeyondChance).count());
}

/// One way to colour the map. Values of an expert have no number where the layer does not tell.
struct Quantity {
  const char *name, *what, *brief, *unit, *number, *ofLayer;  ///< ofLayer: what stands beside a row
  double (*value)(const Layers&, int layer, int expert);
  double (*layer)(const Layers&, int layer);
  const char* layerNumber;
};

double at(const Eigen::VectorXd& values, int expert) { return expert < values.size() ? values[expert] : std::nan(""); }
double share(const LayerOfExperts& layer, int expert) { return layer.experts * at(layer.load, expert); }
double meanOf(const Eigen::VectorXd& values) {
  const auto known = values.array().isFinite();
  return known.any() ? known.select(values.array(), 0.0).sum() / static_cast<double>(known.count()) : std::nan("");
}

constexpr Quantity kQuantities[] = {
    {"load", translatable("load: share of the assignments, in times 1/N"), translatable("load, in times 1/N"), "\xc3\x97 1/N",
     "%.1f", "CV", [](const Layers& layers, int l, int e) { return share(layers.of(l), e); },
     [](const Layers& layers, int l) { return variationOf(layers.of(l).load); }, "%.2f"},
    {"dead", translatable("1: fewer than a tenth of the mean assignments"), translatable("1: under a tenth of the mean load"),
     translatable("dead"), "%.0f", translatable("dead"),
     [](const Layers& layers, int l, int e) {
       return std::isnan(share(layers.of(l), e)) ? std::nan("") : share(layers.of(l), e) < 0.1 ? 1.0 : 0.0;
     },
     [](const Layers& layers, int l) {
       return layers.of(l).load.size() > 0 && layers.of(l).load.allFinite() ? deadExperts(layers.of(l).load) : std::nan("");
     },
     "%.0f"},
    {"entropy", translatable("mean entropy of the probabilities of the tokens that chose the expert"),
     translatable("entropy of an expert's tokens"), translatable("nats"), "%.2f", translatable("mean"),
     [](const Layers& layers, int l, int e) { return at(layers.of(l).entropy, e); },
     [](const Layers& layers, int l) { return layers.of(l).meanEntropy; }, "%.2f"},
    {"effective", translatable("effective experts (exp H) of the tokens that chose the expert, mean"),
     translatable("effective experts of its tokens"), "exp H", "%.1f", translatable("mean"),
     [](const Layers& layers, int l, int e) { return at(layers.of(l).effective, e); },
     [](const Layers& layers, int l) { return layers.of(l).effectiveExperts; }, "%.1f"},
    {"similarity", translatable("largest cosine of the expert's router row and another one"),
     translatable("nearest router row, cosine"), "cos", "%.2f", translatable("mean |cos|"),
     [](const Layers& layers, int l, int e) { return at(layers.of(l).nearest, e); },
     [](const Layers& layers, int l) { return layers.of(l).routerSimilarity; }, "%.2f"},
    {"next", translatable("what having the expert tells of the experts of the next layer, in bits"),
     translatable("told of the next layer, bits"), translatable("bits"), "%.2f", translatable("mean"),
     [](const Layers& layers, int l, int e) { return at(layers.of(l).onwards, e); },
     [](const Layers& layers, int l) { return meanOf(layers.of(l).onwards); }, "%.2f"},
    {"lift",
     translatable(
         "largest log2 lift of the expert over the domains; framed: beyond chance, p < 0.05 corrected for all cells of all layers"),
     translatable("largest lift over domains, log2; framed: p < 0.05"), translatable("log2 lift"), "%+.1f",
     translatable("framed"), liftOf, cellsBeyondChance, "%.0f"},
    {"shared",
     translatable("length of the shared expert's output over that of the routed sum, mean of the tokens that chose the expert"),
     translatable("shared over routed output"), translatable("ratio"), "%.2f", translatable("mean"),
     [](const Layers& layers, int l, int e) { return at(layers.of(l).sharedNorm, e); },
     [](const Layers& layers, int l) { return layers.of(l).sharedOverRouted; }, "%.2f"},
};

const Quantity& quantityOf(const Scene& scene) {
  const std::string chosen = optionOf(scene, "layer_map", "quantity", kQuantities[0].name);
  const auto found =
      std::find_if(std::begin(kQuantities), std::end(kQuantities), [&](const Quantity& each) { return each.name == chosen; });
  return found == std::end(kQuantities) ? kQuantities[0] : *found;
}

/// Of a checkpoint those that were found on a worker; of a model in training those of its probe.
std::shared_ptr<const DomainLifts> liftsOf(const Snapshot& snapshot, const std::vector<LayerOfExperts>& layers) {
  const Probe& probe = *snapshot.probe;
  if (snapshot.checkpoint) return snapshot.liftByLayer;
  if (probe.domainNames.size() < 2) return nullptr;
  std::vector<const ChosenExperts*> choices;
  for (const LayerOfExperts& layer : layers) choices.push_back(layer.choices.get());
  return std::make_shared<const DomainLifts>(domainLiftsOf(choices, probe.domain, static_cast<int>(probe.domainNames.size()),
                                                           runToPermute(probe.domain, probe.context), kPermutations, 1));
}

Layers layersOf(const Scene& scene) {
  Layers layers{routingByLayer(*scene.snapshot, scene.lens)};
  if (std::string(quantityOf(scene).name) != "lift") return layers;
  layers.lifts = liftsOf(*scene.snapshot, layers.all);
  layers.domains = scene.snapshot->probe->domainNames;
  return layers;
}

Eigen::MatrixXd valuesOf(const Layers& layers, const Quantity& quantity) {
  int experts = 0;
  for (const LayerOfExperts& layer : layers.all) experts = std::max(experts, layer.experts);
  Eigen::MatrixXd values(static_cast<Eigen::Index>(layers.all.size()), experts);
  for (Eigen::Index l = 0; l < values.rows(); ++l)
    for (int e = 0; e < experts; ++e) values(l, e) = quantity.value(layers, static_cast<int>(l), e);
  return values;
}

/// What stands in the picture's place where no layer tells this.
std::string whyNone(const Scene& scene, const Layers& layers, const Eigen::MatrixXd& values) {
  if (!values.array().isNaN().all()) return "";
  const std::string asked = quantityOf(scene).name;
  const bool capture = scene.snapshot->capture != nullptr;
  if (asked == "next")
    return layers.all.size() < 2 ? translated("this model has one MoE layer: there is no next one")
           : capture || scene.snapshot->byLayer
               ? translated("the layers do not have the same recorded tokens: nothing is known of the next one")
               : translated("no layer tells this yet");
  if (capture) return translated(kNotInCaptures);
  if (asked == "lift" && scene.snapshot->probe->domainNames.size() < 2)
    return translated("these tokens have one domain: there is nothing to compare");
  if (asked == "shared") {
    if (!scene.snapshot->checkpoint) return translated("this model has no shared experts");
    for (const LayerOfExperts& layer : layers.all)
      if (!layer.sharedFailure.empty()) return layer.sharedFailure;
    return scene.underWay.empty() ? translated("this checkpoint has no shared experts, or no recorded tokens to compare them on")
                                  : scene.underWay;
  }
  return translated("no layer tells this yet");
}

std::string pickedText(const Layers& layers, const Quantity& quantity, int l, int e) {
  const LayerOfExperts& layer = layers.of(l);
  std::string text = ": " + translated(quantity.brief) + formatted(" %.4g", quantity.value(layers, l, e));
  const std::string name = quantity.name;
  if (name == "next" && e < layer.onwardsByChance.size())
    text += translated("; of independent choices about ") + formatted("%.2g", layer.onwardsByChance[e]);
  if (name == "shared" && layer.sharedTokens > 0) text += translated(", of %1 tokens", std::to_string(layer.sharedTokens));
  if (const int domain = domainOf(layers, l, e); domain >= 0)
    text +=
        ", " + translated(layers.domains[static_cast<std::size_t>(domain)]) +
        formatted(", p %.3g of the greatest |z| of all cells", layers.lifts->layers[static_cast<std::size_t>(l)].p(domain, e));
  return text;
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
    if (const std::string why = whyNone(scene, *layers, map.values); !why.empty())
      return say(caption(scene, translated(quantity.brief)), why);
    map.maximum = reachOf(map.values, std::string(quantity.name) == "next" ? 0.1 : 1.0);
    if (layers->lifts) frameBeyondChance(*layers, map);
    map.number = quantity.number;
    map.unit = translated(quantity.unit);
    map.rowsAre = translated("layer");
    map.besideTitle = translated(quantity.ofLayer);
    for (int l = 0; l < static_cast<int>(layers->all.size()); ++l) {
      map.rows.push_back("L" + std::to_string(layers->of(l).number));
      const double own = quantity.layer(*layers, l);
      map.beside.push_back(std::isfinite(own) ? formatted(quantity.layerNumber, own) : "\xe2\x80\x93");
    }
    map.shownRow = scene.routing->layer;
    map.pick = [layers, &quantity](int l, int e) {
      const LayerOfExperts& layer = layers->of(l);
      Pick pick{e < layer.experts ? e : -1, -1, -1, translated("layer ") + std::to_string(layer.number) + ", " + expertLabel(e)};
      pick.text += layer.experts == 0   ? ": " + (layer.failure.empty() ? translated("not read yet") : layer.failure)
                   : e >= layer.experts ? translated(": this layer has %1 experts", std::to_string(layer.experts))
                                        : pickedText(*layers, quantity, l, e);
      return pick;
    };
    cells(caption(scene, {translated(quantity.what), translated(quantity.brief)}), std::move(map), scene.selection);
  }

 private:
  static void frameBeyondChance(const Layers& layers, CellMap& map) {
    map.diverging = true;
    map.minimum = -map.maximum;
    map.marked.resize(map.values.rows(), map.values.cols());
    for (Eigen::Index l = 0; l < map.values.rows(); ++l)
      for (Eigen::Index e = 0; e < map.values.cols(); ++e)
        map.marked(l, e) = isBeyondChance(layers, static_cast<int>(l), static_cast<int>(e));
  }
};

std::string inNumbers(const Scene& scene) {
  const Quantity& quantity = quantityOf(scene);
  const Layers layers = layersOf(scene);
  const int shown = scene.routing->layer;
  return translated("cell (layer, expert): ") + translated(quantity.what) + translated("\nshown layer, ") +
         std::to_string(layers.of(shown).number) + ": " + translated(quantity.ofLayer) +
         formatted(" %.4g", quantity.layer(layers, shown)) + (layers.lifts ? "\n" + describe(*layers.lifts) : "");
}

/// A column for each quantity that some layer tells; lift only while the map shows it, since it takes its time.
DataTable numbersOf(const Scene& scene) {
  const Layers layers = layersOf(scene);
  DataTable table{{{"layer", ""},
                   {"expert", ""},
                   {"load", "%"},
                   {"tokens_entropy", "nats"},
                   {"tokens_effective_experts", ""},
                   {"nearest_router", "cos"},
                   {"told_of_next_layer", "bits"},
                   {"told_by_chance", "bits"},
                   {"shared_over_routed", ""},
                   {"largest_lift", "log2"},
                   {"largest_lift_domain", ""},
                   {"largest_lift_p_corrected", ""},
                   {"layer_load_cv_of_assignments", ""},
                   {"layer_entropy", "nats"},
                   {"layer_effective_experts", ""},
                   {"layer_router_similarity", "|cos|"},
                   {"layer_dead_experts", ""},
                   {"layer_shared_over_routed", ""}},
                  {}};
  const auto cell = [](double value) { return std::isnan(value) ? Cell() : Cell(value); };
  for (int l = 0; l < static_cast<int>(layers.all.size()); ++l) {
    const LayerOfExperts& layer = layers.of(l);
    for (int e = 0; e < layer.experts; ++e) {
      const int domain = domainOf(layers, l, e);
      const double p = domain < 0 ? std::nan("") : layers.lifts->layers[static_cast<std::size_t>(l)].p(domain, e);
      table.add({layer.number, e, cell(100.0 * at(layer.load, e)), cell(at(layer.entropy, e)), cell(at(layer.effective, e)),
                 cell(at(layer.nearest, e)), cell(at(layer.onwards, e)), cell(at(layer.onwardsByChance, e)),
                 cell(at(layer.sharedNorm, e)), cell(liftOf(layers, l, e)),
                 domain < 0 ? Cell() : Cell(layers.domains[static_cast<std::size_t>(domain)]), cell(p),
                 cell(variationOf(layer.load)), cell(layer.meanEntropy), cell(layer.effectiveExperts),
                 cell(layer.routerSimilarity), cell(kQuantities[1].layer(layers, l)), cell(layer.sharedOverRouted)});
    }
  }
  if (layers.lifts) table.about = {{"lift_null", describe(*layers.lifts)}, {"lift_threshold_z", layers.lifts->threshold}};
  return table;
}

}  // namespace

ViewDeclaration declareLayerMap() {
  return {
      "layer_map",
      "Layers by experts",
      "Every layer at once: load, dead experts, entropy, effective experts, router similarity, what follows, lift over domains or shared output of each expert",
      [] { return std::make_unique<LayerMap>(); },
      numbersOf,
      kLayersGroup,
      {{"quantity",
        "Show",
        "What the colours are",
        {{"load", "load", "Share of the assignments, in times 1/N"},
         {"dead", "dead experts", "Fewer than a tenth of the mean assignments"},
         {"entropy", "entropy", "Mean entropy of the tokens that chose the expert"},
         {"effective", "effective experts", "Mean exp H of the tokens that chose the expert"},
         {"similarity", "router similarity", "Largest cosine of two router rows"},
         {"next", "told of the next layer", "Bits that having the expert tells of the experts of the next layer"},
         {"lift", "lift over domains", "Largest log2 of P(expert | domain) / P(expert), all layers tested together"},
         {"shared", "shared over routed output", "How much a checkpoint's shared expert adds; reads all its experts"}}}},
      {},
      {"A row for each MoE layer, a column for each expert, one quantity as colour; the shown layer is framed. Experts of different layers have nothing in common but the number.",
       inNumbers,
       "Dark columns in one row: experts that this layer does not use. Balance and entropy often change from the first layers to the last."},
      OfCaptures::Everything};
}

}  // namespace moescope
