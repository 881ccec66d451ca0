// Loads along the tokens, as they came: a capture's in the order of its sequences, else the probe's.

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/reading/choice_statistics.h"
#include "core/words/words.h"
#include "views/cell_map.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr int kStretches = 32;

std::int64_t tokensOf(const Scene& scene) {
  return scene.snapshot->capture ? scene.snapshot->capture->tokens : scene.routing->gates.rows();
}

/// S x N: share of the assignments.
Eigen::MatrixXd loadsOf(const Scene& scene) {
  if (scene.snapshot->capture) return scene.snapshot->capture->along;
  return loadAlong(scene.routing->gates, static_cast<int>(std::min<Eigen::Index>(kStretches, scene.routing->gates.rows())));
}

class LoadAlong : public CellMapView {
 protected:
  std::string title() const override { return translated("Load along the tokens"); }
  OfCaptures showsCaptures() const override { return OfCaptures::RoutedLayer; }

  void draw(const Scene& scene) override {
    const auto load = std::make_shared<const Eigen::MatrixXd>(loadsOf(scene));
    const std::int64_t tokens = tokensOf(scene);
    const int stretches = static_cast<int>(load->rows());
    const auto n = static_cast<double>(load->cols());
    CellMap map;
    map.values = n * *load;
    map.maximum = reachOf(map.values, 1.0);
    map.number = "%.1f";
    map.unit = "\xc3\x97 1/N";
    for (int s = 0; s < stretches; ++s) map.rows.push_back(std::to_string(stretchBegin(tokens, stretches, s)));
    map.rowsAre = translated("first token");
    map.pick = [load, tokens, stretches, n](int s, int e) {
      return Pick{e, -1, -1,
                  expertLabel(e) + translated(", tokens ") + std::to_string(stretchBegin(tokens, stretches, s)) +
                      translated(" to ") + std::to_string(stretchBegin(tokens, stretches, s + 1) - 1) +
                      formatted(": %.2f %% of the assignments", 100 * (*load)(s, e)) +
                      formatted(", %.2f times the uniform share", n * (*load)(s, e))};
    };
    const std::string size = formatted("%.0f tokens", static_cast<double>(tokens)) + formatted(" in %.0f stretches", stretches);
    cells(caption(scene, {translated("load of each stretch, in times 1/N; ") + size, size}), std::move(map), scene.selection);
  }
};

std::string inNumbers(const Scene& scene) {
  const Eigen::MatrixXd load = loadsOf(scene);
  return translated("load(s, e) = assignments to e in stretch s / all assignments in it; uniform: 1 / N = ") +
         formatted("%.2f %%", 100.0 / static_cast<double>(load.cols())) +
         formatted("\ngreatest: %.2f %%", 100.0 * reachOf(load, 0.0));
}

DataTable numbersOf(const Scene& scene) {
  const Eigen::MatrixXd load = loadsOf(scene);
  const int stretches = static_cast<int>(load.rows());
  DataTable table{{{"first_token", ""}, {"last_token", ""}, {"expert", ""}, {"load", "%"}}, {}};
  for (int s = 0; s < stretches; ++s)
    for (Eigen::Index e = 0; e < load.cols(); ++e)
      table.add({stretchBegin(tokensOf(scene), stretches, s), stretchBegin(tokensOf(scene), stretches, s + 1) - 1,
                 static_cast<int>(e), 100.0 * load(s, e)});
  return table;
}

}  // namespace

ViewDeclaration declareLoadAlong() {
  return {
      "load_along",
      "Load along the tokens",
      "Share of the assignments of each expert in stretches of tokens, in the order in which they came",
      [] { return std::make_unique<LoadAlong>(); },
      numbersOf,
      kLayersGroup,
      {},
      {},
      {"The tokens in their order, cut into stretches of equal length: the share of each stretch's assignments that every expert got.",
       inNumbers,
       "Rows that look alike: loads do not depend on the text. Blocks of colour: experts that serve one part of it, as a prompt or a language."},
      OfCaptures::RoutedLayer};
}

}  // namespace moescope
