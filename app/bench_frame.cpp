#include "app/bench_frame.h"

#include <memory>

#include "app/bench_timing.h"
#include "app/document/scene_assembly.h"
#include "core/training/trainer.h"
#include "views/offscreen.h"

namespace moescope {
namespace {

const std::vector<std::string> kDefaultLayout = {"score_polygon", "expert_subspaces", "grassmann_embedding",
                                                 "score_heatmap", "load_bars",        "training_metrics"};

struct FrameBench {
  Timeline timeline;
  Document document;
  Scene scene;
  std::vector<std::pair<std::string, std::unique_ptr<View>>> views;
  Offscreen surface;
  Theme theme;

  FrameBench() {
    Knobs knobs;
    knobs.corpus = "procedural";
    Trainer trainer(knobs);
    for (int step = 0; step < 50; ++step) {
      timeline.append(0, trainer.step());
      if (trainer.stepNumber() % knobs.snapshotEvery == 0) timeline.append(trainer.snapshot());
    }
    for (const ViewDeclaration& declaration : viewRegistry())
      if (std::find(kDefaultLayout.begin(), kDefaultLayout.end(), declaration.name) != kDefaultLayout.end())
        views.emplace_back(declaration.name, declaration.make());
    theme.titles = false;
  }

  FrameStep step() {
    float& concentration = document.sides[0].lens.concentration;
    concentration = concentration > 8.0f ? 0.1f : concentration * 1.1f;
    FrameStep times;
    times.scene = milliseconds([&] { scene = assembleScene(timeline, document, 0, &scene); });
    for (const auto& [name, view] : views) {
      FrameTimes mine{name};
      mine.building = milliseconds([&] { surface.layOut(*view, scene, theme, kFrameWidth, kFrameHeight); });
      mine.drawing = milliseconds([&] { surface.redraw(*view); });
      mine.again = milliseconds([&] { surface.redraw(*view); });
      times.views.push_back(mine);
    }
    return times;
  }
};

}  // namespace

std::function<FrameStep()> frameBench() {
  return [bench = std::make_shared<FrameBench>()] { return bench->step(); };
}

}  // namespace moescope
