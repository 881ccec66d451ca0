// The spectra that GrMoE learns: every expert's eigenvalues, one row of bars for each layer.

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/metrics/load.h"
#include "core/words/words.h"
#include "views/expert_axis.h"
#include "views/flat_view.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

std::string without(const Scene& scene) {
  return translated("the router ") + scene.snapshot->router + translated(" has no spectra; GrMoE has");
}

Eigen::VectorXd falling(const LayerSnapshot& layer, int expert) {
  Eigen::VectorXd values = layer.spectra.row(expert).transpose();
  std::sort(values.data(), values.data() + values.size(), std::greater<>());
  return values;
}

class ExpertSpectra : public FlatView {
 protected:
  std::string title() const override { return translated("Spectra of experts"); }

  void draw(const Scene& scene) override {
    const std::vector<LayerSnapshot>& layers = scene.snapshot->layers;
    if (layers.front().spectra.size() == 0) return say(caption(scene, ""), without(scene));
    double most = 0.0;
    for (const Scene* each : sharingScale(scene))
      for (const LayerSnapshot& layer : each->snapshot->layers)
        if (layer.spectra.size() > 0) most = std::max(most, layer.spectra.maxCoeff());
    const double em = canvas().em();
    const auto all = layers.size(),
               fitting = std::clamp<std::size_t>(
                   static_cast<std::size_t>(std::max(0.0, canvas().height() - 7.0 * em) / (4.5 * em)), 1, all);
    const auto shown = static_cast<std::size_t>(scene.routing->layer),
               first = std::min(shown - std::min(shown, fitting / 2), all - fitting);  // the lens's layer among them
    const std::string some = fitting < all ? std::to_string(fitting) + translated(" of ") + std::to_string(all) +
                                                 translated(" layers, all in a larger view; ")
                                           : "";
    const Rect area = caption(
        scene,
        {some + translated("eigenvalues \xce\xbb of each expert, falling; line: their mean"),
         some + translated("eigenvalues, mean"),
         (fitting < all ? std::to_string(fitting) + translated(" of ") + std::to_string(all) + translated(" layers; ") : "") +
             translated("eigenvalues")});
    const double height = area.height / static_cast<double>(fitting);
    for (std::size_t l = 0; l < fitting; ++l)
      row(scene, layers[first + l], first + l,
          {area.x, area.y + area.height - height * static_cast<double>(l + 1), area.width, height - 0.3 * em}, most);
  }

 private:
  void row(const Scene& scene, const LayerSnapshot& layer, std::size_t index, const Rect& area, double most) {
    const int experts = static_cast<int>(layer.spectra.rows()), rank = static_cast<int>(layer.spectra.cols());
    const double em = canvas().em();
    Plot plot(canvas(), area, {-0.5, experts - 0.5, "", false, false},
              {0.0, 1.1 * most, translated("layer ") + std::to_string(index + 1) + ", \xce\xbb"});
    const Rect inner = plot.inner();
    const double pitch = inner.width / experts, bar = 0.84 * pitch / rank;
    const ExpertAxis axis(canvas(), scene.selection, experts, pitch);
    for (int e = 0; e < experts; ++e) {
      const bool selected = scene.selection.hasExpert(e), faint = scene.selection.leavesOutExpert(e);
      const Eigen::VectorXd eigenvalues = falling(layer, e);
      const double left = plot.x(e) - 0.42 * pitch, mean = plot.y(eigenvalues.mean());
      std::string values;
      for (int j = 0; j < rank; ++j) {
        canvas().rect({left + bar * j, inner.y, std::max(1.0, bar - (bar > 3.0 ? 1.0 : 0.0)), plot.y(eigenvalues[j]) - inner.y},
                      expertColor(e, theme()), faint ? 0.3 : 0.95);
        values += formatted(j ? ", %.2f" : " %.2f", eigenvalues[j]);
      }
      canvas().line({left, mean}, {left + bar * rank, mean}, textColor(theme()), 2.0);
      if (const std::string name = axis.name(e); !name.empty())
        canvas().text({plot.x(e), inner.y - 0.3 * em}, name,
                      {selected ? textColor(theme()) : mutedColor(theme()), 0.8, Align::Centre, VerticalAlign::Top, selected});
      hit(Rect{plot.x(e) - pitch / 2, area.y, pitch, area.height},
          {e, -1, -1,
           expertLabel(e) + translated(", layer ") + std::to_string(index + 1) + translated(": eigenvalues") + values});
    }
  }
};

std::string spreadInNumbers(const Scene& scene) {
  std::string words = translated(
      "score(t, e) = sum over j of \xce\xbb(e, j) (u(e, j) . x(t))\xc2\xb2, x(t) of length 1\nCV over experts of their mean \xce\xbb: ");
  if (scene.snapshot->layers.front().spectra.size() == 0)
    return translated("the router ") + scene.snapshot->router + translated(" has no spectra");
  for (std::size_t l = 0; l < scene.snapshot->layers.size(); ++l)
    words += (l == 0 ? translated("layer ") : translated(", layer ")) + std::to_string(l + 1) +
             formatted(" %.3f", variationOf(scene.snapshot->layers[l].spectra.rowwise().mean()));
  return words;
}

DataTable numbersOf(const Scene& scene) {
  if (scene.snapshot->layers.front().spectra.size() == 0) throw std::runtime_error(without(scene));
  DataTable table{{{"layer", ""}, {"expert", ""}, {"number", ""}, {"eigenvalue", ""}}, {}};
  for (std::size_t l = 0; l < scene.snapshot->layers.size(); ++l)
    for (int e = 0; e < scene.snapshot->layers[l].spectra.rows(); ++e) {
      const Eigen::VectorXd eigenvalues = falling(scene.snapshot->layers[l], e);
      for (int j = 0; j < eigenvalues.size(); ++j)
        table.add({layerNumber(*scene.snapshot, static_cast<int>(l)), e, j + 1, eigenvalues[j]});
    }
  return table;
}

}  // namespace

ViewDeclaration declareExpertSpectra() {
  return {
      "expert_spectra",
      "Spectra of experts",
      "Eigenvalues of each expert's Bingham distribution in every layer, as they are learned; large: sure of its subspace",
      [] { return std::make_unique<ExpertSpectra>(); },
      numbersOf,
      "Routing",
      {},
      {},
      {"The eigenvalues of each expert's Bingham distribution as they are learned, at concentration 1: how sharply the expert prefers each direction of its subspace.",
       spreadInNumbers,
       "Large values: an expert that is sure of its subspace. Values that differ between experts make the Bingham reading differ from the tempered one."}};
}

}  // namespace moescope
