#include "app/bench_row.h"

#include <cmath>

#include "core/geometry/expert_analysis.h"
#include "core/reading/routing.h"
#include "core/training/trainer.h"
#include "app/document/scene_assembly.h"
#include "views/offscreen.h"

namespace moescope {
namespace {

BenchRow sliderRow(int rounds) {
  const auto snapshot = randomSnapshot(4096, 64, 64);
  Lens lens;
  float alpha = 1.0f;
  const auto ours = [&] {
    lens.concentration = alpha = alpha > 8.0f ? 0.1f : alpha * 1.1f;
    evaluate(*snapshot, lens);
  };
  // The least that any such change must do: read and write the matrix once.
  RowMatrix copy;
  const auto theirs = [&] { copy = snapshot->layers[0].scores * alpha; };
  return compare("slider to all metrics, 4096 tokens x 64 experts, one core", "scaling the score matrix alone", rounds, ours,
                 theirs);
}

BenchRow plainRow(int rounds) {
  const auto snapshot = randomSnapshot(4096, 64, 64);
  Lens lens;
  lens.concentration = 1.3f;
  return compare(
      "slider to all metrics, 4096 tokens x 64 experts, one core", "the same by one plain matrix step after another", rounds,
      [&] { evaluate(*snapshot, lens); }, [&] { evaluatePlainly(*snapshot, lens); });
}

/// A run with an analysis of each layer, as the window has it.
void trainInto(Timeline& timeline, Trainer& trainer, int steps) {
  for (int i = 0; i < steps; ++i) timeline.append(0, trainer.step());
  timeline.append(trainer.snapshot());
  for (int layer = 0; layer < trainer.knobs().layers; ++layer)
    timeline.append(std::make_shared<const ExpertAnalysis>(analyse(trainer.analysisInput(layer), {})));
}

/// From a moved slider to every view of the window drawn again, against drawing the same views with nothing changed.
BenchRow repaintRow(int rounds) {
  Knobs knobs;
  knobs.corpus = "procedural";
  Trainer trainer(knobs);
  Timeline timeline;
  trainInto(timeline, trainer, 50);
  Scene scene = sceneAt(timeline, 0, Timeline::kEnd, {});
  std::vector<double> grid;
  for (int i = -20; i <= 20; ++i) grid.push_back(std::exp2(i / 4.0));
  scene.curve = std::make_shared<const ConcentrationCurve>(
      concentrationCurve(scene.snapshot->layers[0], ConcentrationReading::Tempered, grid));
  Offscreen offscreen;
  std::vector<std::unique_ptr<View>> views;
  for (const ViewDeclaration& declaration : viewRegistry()) views.push_back(declaration.make());
  const auto draw = [&](bool changed) {
    if (changed) {
      scene.lens.concentration = scene.lens.concentration > 8.0f ? 0.1f : scene.lens.concentration * 1.1f;
      scene.routing = std::make_shared<const Routing>(evaluate(*scene.snapshot, scene.lens));
    }
    for (const auto& view : views) {
      if (changed) offscreen.layOut(*view, scene, Theme{}, 400, 300);
      offscreen.redraw(*view);
    }
  };
  return compare(
      "slider to all " + std::to_string(views.size()) + " views repainted, 400 x 300 each, " + tokensOf(*scene.snapshot),
      "drawing the same views with nothing changed", rounds, [&] { draw(true); }, [&] { draw(false); });
}

}  // namespace

BenchRows sliderRows(int rounds) { return {sliderRow(rounds), plainRow(rounds), repaintRow(rounds)}; }

}  // namespace moescope
