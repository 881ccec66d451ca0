// Which experts a domain uses more, or less, than all tokens do, and which of that is beyond chance.

#include <cmath>
#include <memory>
#include <stdexcept>

#include "core/reading/domain_lift.h"
#include "core/reading/routing_by_layer.h"
#include "core/words/words.h"
#include "views/cell_map.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr int kPermutations = 199;
constexpr double kLeastReach = 1.0;  // of log2 lifts
constexpr double kBeyondChance = 0.05;

/// Whether the gates that are shown choose the experts that the model chooses itself.
bool choosesAsTrained(const Scene& scene) {
  const auto& found = scene.snapshot->byLayer;
  const auto layer = static_cast<std::size_t>(scene.routing->layer);
  if (!found || layer >= found->size() || !(*found)[layer].choices) return false;
  const ChosenExperts shown = chosenExperts(scene.routing->gates), own = *(*found)[layer].choices;
  return shown.begins == own.begins && shown.ids == own.ids;
}

/// The shown layer's alone. Of a checkpoint all layers were tested together, once they are read, and while the model's own
/// choices are shown. Throws std::runtime_error with why there are none.
DomainLifts liftsOf(const Scene& scene) {
  if (scene.snapshot->capture) throw std::runtime_error(translated("a capture tells of no domains: there is nothing to compare"));
  const Probe& probe = *scene.snapshot->probe;
  if (probe.domainNames.size() < 2)
    throw std::runtime_error(translated("these tokens have one domain: there is nothing to compare"));
  if (const auto& found = scene.snapshot->liftByLayer; found && choosesAsTrained(scene)) {
    DomainLifts shown = *found;
    shown.layers = {found->layers[static_cast<std::size_t>(scene.routing->layer)]};
    return shown;
  }
  return domainLifts({&scene.routing->gates}, probe.domain, static_cast<int>(probe.domainNames.size()),
                     runToPermute(probe.domain, probe.context), kPermutations, 1);
}

class DomainLiftView : public CellMapView {
 protected:
  std::string title() const override { return translated("Lift of experts by domain"); }
  OfCaptures showsCaptures() const override { return OfCaptures::Everything; }

  void draw(const Scene& scene) override {
    std::shared_ptr<const DomainLifts> lifts;
    try {
      lifts = std::make_shared<const DomainLifts>(liftsOf(scene));
    } catch (const std::runtime_error& error) {
      return say(caption(scene, ""), error.what());
    }
    const DomainLift& lift = lifts->layers[0];
    CellMap map;
    map.values = lift.lift;
    map.diverging = true;
    map.maximum = reachOf(map.values, kLeastReach);
    map.minimum = -map.maximum;
    map.number = "%+.1f";
    map.unit = translated("log2 lift");
    for (const std::string& name : scene.snapshot->probe->domainNames) map.rows.push_back(translated(name));
    map.rowsAre = translated("domain");
    map.rowsAreDomains = true;
    map.marked = lift.p.array() < kBeyondChance;
    map.pick = [lifts, names = map.rows](int d, int e) {
      const DomainLift& each = lifts->layers[0];
      Pick pick{e, -1, d,
                names[static_cast<std::size_t>(d)] + ", " + expertLabel(e) + formatted(": log2 lift %+.2f", each.lift(d, e))};
      pick.text += std::isnan(each.p(d, e)) ? translated(", which cannot vary")
                                            : formatted(", z %+.1f", each.z(d, e)) +
                                                  formatted(", p %.3g of the greatest |z| of all cells", each.p(d, e));
      return pick;
    };
    const auto beyond = map.marked.count();
    const std::string framed = std::to_string(beyond) + translated(" of ") + std::to_string(lift.z.array().isFinite().count()) +
                               translated(" cells"),
                      tests = std::to_string(lifts->tests);
    cells(caption(scene,
                  {translated("log2 P(expert | domain) / P(expert); framed: beyond chance, p < 0.05 corrected for %1 cells, ",
                              tests) +
                       framed + " (" + std::to_string(lifts->permutations) + translated(" permutations)"),
                   translated("log2 lift; framed: p < 0.05, ") + framed, translated("log2 lift; framed: p < 0.05")}),
          std::move(map), scene.selection);
  }
};

std::string inNumbers(const Scene& scene) {
  try {
    const DomainLifts lifts = liftsOf(scene);
    return translated(
               "lift(d, e) = log2 of P(e | d) / P(e), P: share of the assignments\nz = (n - E n) / sd n, n: tokens of d that chose e; p: share of permutations in which any cell has as great a |z|\n") +
           describe(lifts) + formatted("; |z| above %.2f is beyond chance", lifts.threshold);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

DataTable numbersOf(const Scene& scene) {
  const DomainLifts lifts = liftsOf(scene);
  const DomainLift& lift = lifts.layers[0];
  DataTable table{{{"domain", ""}, {"expert", ""}, {"lift", "log2"}, {"z", ""}, {"p_corrected", ""}}, {}};
  for (Eigen::Index d = 0; d < lift.lift.rows(); ++d)
    for (Eigen::Index e = 0; e < lift.lift.cols(); ++e)
      table.add({scene.snapshot->probe->domainNames[static_cast<std::size_t>(d)], static_cast<int>(e), lift.lift(d, e),
                 lift.z(d, e), lift.p(d, e)});
  table.about = {{"null", describe(lifts)}, {"threshold_z", lifts.threshold}};
  return table;
}

}  // namespace

ViewDeclaration declareDomainLift() {
  return {
      "domain_lift",
      "Lift of experts by domain",
      "Which experts a domain uses more or less than all tokens do, and which of that is beyond chance",
      [] { return std::make_unique<DomainLiftView>(); },
      numbersOf,
      kLayersGroup,
      {},
      {},
      {"How much more often than over all tokens a domain's tokens choose each expert of the shown layer, on a logarithmic scale: +1 is twice as often.",
       inNumbers,
       "Framed cells are beyond chance, tested all together: runs of tokens get each other's domains, and a cell counts where hardly any such difference comes of that alone."},
      OfCaptures::Everything};
}

}  // namespace moescope
