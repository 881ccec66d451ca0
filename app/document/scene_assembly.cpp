#include "app/document/scene_assembly.h"

#include <cmath>

#include "core/timeline/glide.h"
#include "core/words/words.h"

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
    scene.readingNote =
        translated("at concentration %1 step %2 cannot be read (%3)", number, std::to_string(scene.snapshot->step), error.what());
    try {
      scene.lens.reading = ConcentrationReading::Tempered;
      scene.routing = evaluated(scene.lens);
      scene.readingNote += translated(": the tempered reading is shown");
    } catch (const std::exception&) {
      scene.lens = scene.wantedLens;
    }
  }
}

/// Of two pictures of one generation the one nearer to the cursor from before.
bool stays(const Scene* before, const Cursor& cursor, const TimelineMoment& found) {
  return before && before->snapshot && found.snapshot && before->generation == cursor.generation &&
         before->snapshot->step <= cursor.step && before->snapshot->step > found.snapshot->step;
}

TimelineMoment momentOf(const Timeline& timeline, const Cursor& cursor, const Scene* before, std::int64_t upToStep) {
  if (cursor.live) return upToStep == Timeline::kEnd ? timeline.latest() : timeline.at(timeline.current(), upToStep);
  const TimelineMoment found = timeline.at(cursor.generation, cursor.step);
  return stays(before, cursor, found) ? TimelineMoment{before->snapshot, before->tracks} : found;
}

/// The analyses up to the moment; in the past they stay as its snapshot does.
void showAnalyses(Scene& scene, const Timeline& timeline, const Scene* before, bool limited) {
  show(scene,
       timeline.analyses(scene.generation, scene.routing->layer, scene.past || limited ? scene.snapshot->step : Timeline::kEnd));
  if (!scene.past || !before || before->generation != scene.generation || !before->routing ||
      before->routing->layer != scene.routing->layer || !before->analysis || before->analysis->step > scene.snapshot->step)
    return;
  if (scene.analysis && before->analysis->step < scene.analysis->step) return;
  if (scene.analysis && before->analysis == scene.analysis && *before->analysisHistory != *scene.analysisHistory) return;
  scene.analysis = before->analysis;
  scene.compared = before->compared;
  scene.analysisHistory = before->analysisHistory;
}

}  // namespace

Cursor cursorOf(const Timeline& timeline, const Document& document, int side) {
  Cursor cursor = document.sides.at(static_cast<std::size_t>(side)).cursor;
  if (!cursor.live && document.compares && document.links.time && side != document.active) cursor.generation = timeline.current();
  return cursor;
}

Scene assembleScene(const Timeline& timeline, const Document& document, int side, const Scene* before, std::int64_t upToStep) {
  const Side& shown = document.sides.at(static_cast<std::size_t>(side));
  const Cursor cursor = cursorOf(timeline, document, side);
  Scene scene;
  scene.lens = scene.wantedLens = shown.lens;
  scene.viewOptions = document.viewOptions;
  show(scene, momentOf(timeline, cursor, before, upToStep));
  if (!scene.snapshot) return scene;
  scene.past = !cursor.live;
  scene.recorded = shown.source.kind == SideSource::Kind::Session;
  scene.generation = cursor.live ? scene.snapshot->generation : cursor.generation;
  scene.steps = timeline.steps(scene.generation);
  read(scene, before);
  if (!scene.routing) return scene;
  const int tokens = static_cast<int>(scene.routing->gates.rows()), experts = static_cast<int>(scene.routing->gates.cols());
  scene.selection = withinShape(shown.selection, experts, tokens, static_cast<int>(scene.snapshot->probe->domainNames.size()));
  showAnalyses(scene, timeline, before, upToStep != Timeline::kEnd);
  if (before && sameCurve(*before, scene)) scene.curve = before->curve;
  if (before) putGlide(scene, before->glide, before);
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

bool wantsGlide(const Timeline& timeline, const Scene& scene) {
  if (!scene.snapshot || !scene.routing || scene.snapshot->capture) return false;
  const std::vector<std::int64_t> steps = timeline.snapshotSteps(scene.generation);
  return steps.size() > 1 && (!scene.glide || isBehind(*scene.glide, steps.back()));
}

std::shared_ptr<const ExpertGlide> glideOf(const Timeline& timeline, const Scene& scene) {
  const auto layer = static_cast<std::size_t>(scene.routing->layer);
  Eigen::MatrixXd start;
  if (scene.tracks && layer < scene.tracks->layers.size() && !scene.tracks->layers[layer].experts.trail.empty())
    start = *scene.tracks->layers[layer].experts.trail.back();
  return expertGlide(timeline, scene.generation, *scene.snapshot, scene.routing->layer, scene.glide.get(), start);
}

void putGlide(Scene& scene, const std::shared_ptr<const ExpertGlide>& glide, const Scene* before) {
  scene.glide = nullptr;
  scene.place = nullptr;
  if (!glide || !scene.snapshot || !scene.routing || glide->generation != scene.generation ||
      !standsIn(*glide, *scene.snapshot, scene.routing->layer))
    return;
  const bool same = before && before->snapshot == scene.snapshot && before->glide == glide && before->place;
  const auto place = same ? before->place : std::make_shared<const GlidePlace>(placeIn(*glide, *scene.snapshot));
  scene.glide = glide;
  scene.place = place;
}

bool sameCurve(const Scene& a, const Scene& b) {
  return a.snapshot == b.snapshot && a.routing && b.routing && a.routing->layer == b.routing->layer &&
         a.lens.reading == b.lens.reading && a.lens.source == b.lens.source;
}

std::shared_ptr<const ConcentrationCurve> curveOf(const Scene& scene) {
  if (!scene.snapshot || !scene.routing || scene.snapshot->capture) return nullptr;
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
