#include "app/document/scene_assembly.h"

#include <cmath>

namespace moescope {
namespace {

std::vector<double> curveGrid() {
  std::vector<double> grid;
  for (int i = -20; i <= 20; ++i) grid.push_back(std::exp2(i / 4.0));
  return grid;
}

/// Reads the scene's snapshot through its lens, or as near to that as can be.
void read(Scene& scene, const Scene* before) {
  if (before && before->snapshot == scene.snapshot && before->routing && before->wantedLens == scene.wantedLens) {
    scene.lens = before->lens;
    scene.routing = before->routing;
    scene.readingNote = before->readingNote;
    return;
  }
  const auto evaluated = [&](const Lens& lens) { return std::make_shared<const Routing>(evaluate(*scene.snapshot, lens)); };
  try {
    scene.routing = evaluated(scene.lens);
  } catch (const std::exception& error) {
    char number[32];
    std::snprintf(number, sizeof number, "%g", static_cast<double>(scene.lens.concentration));
    scene.readingNote = "step " + std::to_string(scene.snapshot->step) + " cannot be read at concentration " + number + " (" + error.what() + ")";
    try {
      scene.lens.reading = ConcentrationReading::Tempered;
      scene.routing = evaluated(scene.lens);
      scene.readingNote += ": the tempered reading is shown";
    } catch (const std::exception&) {
      scene.lens = scene.wantedLens;
    }
  }
}

}  // namespace

Scene assembleScene(const Timeline& timeline, const Document& document, int side, const Scene* before) {
  const Side& shown = document.sides.at(static_cast<std::size_t>(side));
  const Cursor& cursor = shown.cursor;
  Scene scene;
  scene.lens = scene.wantedLens = shown.lens;
  scene.viewOptions = document.viewOptions;
  const TimelineMoment moment = cursor.live ? timeline.latest() : timeline.at(cursor.generation, cursor.step);
  show(scene, moment);
  if (!scene.snapshot) return scene;
  const std::uint64_t generation = scene.snapshot->generation;
  scene.steps = timeline.steps(generation);
  read(scene, before);
  if (!scene.routing) return scene;
  const int tokens = static_cast<int>(scene.routing->gates.rows()), experts = static_cast<int>(scene.routing->gates.cols());
  scene.selection = withinShape(shown.selection, experts, tokens, static_cast<int>(scene.snapshot->probe->domainNames.size()));
  show(scene, timeline.analyses(generation, scene.routing->layer, cursor.live ? Timeline::kEnd : scene.snapshot->step));
  if (before && sameCurve(*before, scene)) scene.curve = before->curve;
  return scene;
}

bool sameCurve(const Scene& a, const Scene& b) {
  return a.snapshot == b.snapshot && a.routing && b.routing && a.routing->layer == b.routing->layer && a.lens.reading == b.lens.reading && a.lens.source == b.lens.source;
}

std::shared_ptr<const ConcentrationCurve> curveOf(const Scene& scene) {
  if (!scene.snapshot || !scene.routing) return nullptr;
  const LayerSnapshot& layer = scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)];
  for (std::vector<double> grid = curveGrid(); !grid.empty(); grid.pop_back()) {
    try {
      return std::make_shared<const ConcentrationCurve>(concentrationCurve(layer, scene.lens.reading, grid, scene.lens.source));
    } catch (const std::exception&) {
      continue;  // without the upper end, where the normalisers are beyond computing
    }
  }
  return nullptr;
}

bool isCut(const ConcentrationCurve& curve) { return curve.concentration.size() < curveGrid().size(); }

}  // namespace moescope
