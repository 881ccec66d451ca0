#include "core/timeline/export.h"

#include <algorithm>
#include <cmath>

#include "core/data/npz_writer.h"
#include "core/timeline/step_quantities.h"

namespace moescope {
namespace {

Cell cellOf(const StepQuantity& quantity, const StepMetrics& step, std::size_t layer) {
  const double value = quantity.read(step, layer);
  const bool none = (quantity.onlySometimes && std::isnan(value)) || (quantity.perLayer && layer >= step.entropy.size());
  return none ? Cell() : Cell(value);
}

template <typename Array>
void addUnlessEmpty(NpzWriter& archive, const std::string& name, const Array& array) {
  if (array.size() > 0) archive.add(name, array);
}

void addLayer(NpzWriter& archive, const LayerSnapshot& layer, int number) {
  const std::string prefix = "layer_" + std::to_string(number) + "_";
  addUnlessEmpty(archive, prefix + "routing_tokens", layer.hidden);
  addUnlessEmpty(archive, prefix + "scores", layer.scores);
  addUnlessEmpty(archive, prefix + "trained_gates", layer.trainedGates);
  addUnlessEmpty(archive, prefix + "posterior_scores", layer.posteriorScores);
  addUnlessEmpty(archive, prefix + "log_prior", std::vector<double>(layer.logPrior.begin(), layer.logPrior.end()));
  addUnlessEmpty(archive, prefix + "spectra", layer.spectra);
  addUnlessEmpty(archive, prefix + "frames", layer.frames);
  addUnlessEmpty(archive, prefix + "router_directions", layer.routerDirections);
  addUnlessEmpty(archive, prefix + "training_load", std::vector<double>(layer.trainingLoad.begin(), layer.trainingLoad.end()));
  addUnlessEmpty(archive, prefix + "training_dropped",
                 std::vector<double>(layer.trainingDropped.begin(), layer.trainingDropped.end()));
}

void addProbe(NpzWriter& archive, const Probe& probe) {
  addUnlessEmpty(archive, "probe_bytes", std::vector<std::int64_t>(probe.bytes.begin(), probe.bytes.end()));
  addUnlessEmpty(archive, "probe_labels", probe.labels);
  archive.add("probe_domain", std::vector<std::int64_t>(probe.domain.begin(), probe.domain.end()));
  archive.add("probe_domain_names", probe.domainNames);
  archive.add("probe_context", static_cast<std::int64_t>(probe.context));
  archive.add("probe_synthetic", static_cast<std::int64_t>(probe.synthetic));
}

}  // namespace

DataTable metricsTable(std::span<const StepMetrics> steps) {
  std::size_t layers = 0;
  for (const StepMetrics& step : steps) layers = std::max(layers, step.entropy.size());
  DataTable table{{{"step", ""}, {"router", ""}}, {}};
  for (const StepQuantity& quantity : stepQuantities())
    for (std::size_t layer = 0; layer < (quantity.perLayer ? layers : 1); ++layer)
      table.columns.push_back({quantity.name + (quantity.perLayer ? "_layer_" + std::to_string(layer + 1) : ""), quantity.unit});
  for (const StepMetrics& step : steps) {
    std::vector<Cell> row = {step.step, step.router};
    for (const StepQuantity& quantity : stepQuantities())
      for (std::size_t layer = 0; layer < (quantity.perLayer ? layers : 1); ++layer) row.push_back(cellOf(quantity, step, layer));
    table.add(std::move(row));
  }
  return table;
}

DataTable metricsTable(const StepSeries& series) {
  DataTable table{{{"first_step", ""}, {"last_step", ""}}, {}};
  const auto layers = static_cast<std::size_t>(series.layers());
  const auto layersOf = [&](const StepQuantity& quantity) { return quantity.perLayer ? layers : 1; };
  for (const StepQuantity& quantity : stepQuantities())
    for (std::size_t layer = 0; layer < layersOf(quantity); ++layer) {
      const std::string name = quantity.name + (quantity.perLayer ? "_layer_" + std::to_string(layer + 1) : "");
      for (const char* of : {"_mean", "_minimum", "_maximum"}) table.columns.push_back({name + of, quantity.unit});
      table.columns.push_back({name + "_steps_not_finite", ""});
    }
  for (std::size_t b = 0; b < series.buckets(); ++b) {
    std::vector<Cell> row = {series.bucket(b).first, series.bucket(b).last};
    for (std::size_t q = 0; q < stepQuantities().size(); ++q)
      for (std::size_t layer = 0; layer < layersOf(stepQuantities()[q]); ++layer) {
        const StepCell& cell = series.cell(b, q, layer);
        for (const double value : {cell.mean(), cell.minimum, cell.maximum})
          row.push_back(cell.finite > 0 ? Cell(value) : Cell());
        row.push_back(static_cast<std::int64_t>(cell.notFinite));
      }
    table.add(std::move(row));
  }
  return table;
}

std::string snapshotNpz(const Snapshot& snapshot) {
  NpzWriter archive;
  archive.add("step", snapshot.step);
  archive.add("router", snapshot.router);
  archive.add("training_loss_nats_per_byte", snapshot.trainingLoss);
  archive.add("held_out_loss_nats_per_byte", snapshot.heldOutLoss);
  if (snapshot.probe) addProbe(archive, *snapshot.probe);
  for (std::size_t l = 0; l < snapshot.layers.size(); ++l)
    addLayer(archive, snapshot.layers[l], layerNumber(snapshot, static_cast<int>(l)));
  return archive.bytes();
}

}  // namespace moescope
