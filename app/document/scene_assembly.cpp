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

Scene assembleScene(const Timeline& timeline, const Document& document, int side, const Scene* before, std::int64_t upToStep) {
  const Side& shown = document.sides.at(static_cast<std::size_t>(side));
  const Cursor& cursor = shown.cursor;
  Scene scene;
  scene.lens = scene.wantedLens = shown.lens;
  scene.viewOptions = document.viewOptions;
  const bool follows = document.compares && document.links.time && side != document.active;  // a linked cursor is of the active side's run
  const std::uint64_t run = cursor.live || follows ? timeline.current() : cursor.generation;
  const std::int64_t upTo = cursor.live ? upToStep : cursor.step;
  show(scene, upTo == Timeline::kEnd ? timeline.latest() : timeline.at(run, upTo));
  if (!scene.snapshot) return scene;
  const std::uint64_t generation = scene.snapshot->generation;
  scene.steps = timeline.steps(generation);
  read(scene, before);
  if (!scene.routing) return scene;
  const int tokens = static_cast<int>(scene.routing->gates.rows()), experts = static_cast<int>(scene.routing->gates.cols());
  scene.selection = withinShape(shown.selection, experts, tokens, static_cast<int>(scene.snapshot->probe->domainNames.size()));
  show(scene, timeline.analyses(generation, scene.routing->layer, upTo == Timeline::kEnd ? upTo : scene.snapshot->step));
  if (before && sameCurve(*before, scene)) scene.curve = before->curve;
  return scene;
}

std::int64_t commonStep(const Timeline& a, const Timeline& b) {
  const SnapshotPointer first = a.latest().snapshot, second = b.latest().snapshot;
  return first && second ? std::min(first->step, second->step) : Timeline::kEnd;
}

void putBeside(Scene& a, Scene& b) {
  a.beside = b.beside = nullptr;
  const auto first = std::make_shared<const Scene>(a), second = std::make_shared<const Scene>(b);
  a.beside = second;
  b.beside = first;
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
