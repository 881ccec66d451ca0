#include "views/scene.h"

#include "core/words/words.h"

namespace moescope {

std::string optionOf(const Scene& scene, const std::string& view, const std::string& option, const std::string& initial) {
  const auto own = scene.viewOptions.find(view);
  if (own == scene.viewOptions.end()) return initial;
  const auto chosen = own->second.find(option);
  return chosen == own->second.end() ? initial : chosen->second;
}

Provenance provenanceOf(const Scene& scene) {
  if (scene.snapshot->capture)
    return {Provenance::Kind::Capture, translated("capture"),
            translated("which experts an engine gave its tokens, from a file; no weights, scores or gates")};
  if (scene.snapshot->checkpoint)
    return {Provenance::Kind::Checkpoint, translated("checkpoint"),
            translated("weights from a file, as they were trained elsewhere")};
  const std::string step = std::to_string(scene.snapshot->step);
  if (scene.recorded)
    return {Provenance::Kind::Recorded, translated("recorded"),
            translated("step ") + step + translated(" of a recorded session; nothing trains")};
  if (scene.past)
    return {Provenance::Kind::Recorded, translated("recorded"),
            translated("step ") + step + translated(", an earlier moment of this run")};
  return {Provenance::Kind::Live, translated("live"),
          translated("step ") + step + translated(", the newest of the model that trains here")};
}

std::string tokensDrawn(const Scene& scene) {
  if (!scene.routing || scene.routing->tokens <= scene.routing->gates.rows()) return {};
  const std::string all = std::to_string(scene.routing->tokens), few = std::to_string(scene.routing->gates.rows());
  return scene.routing->measured < scene.routing->tokens ? translated("of %1 of %2 tokens, evenly spaced", few, all)
                                                         : translated("%1 tokens drawn, means and loads of %2", few, all);
}

std::string leftAside(const Scene& scene) {
  const CapturedRouting* capture = scene.snapshot ? scene.snapshot->capture.get() : nullptr;
  if (!capture) return {};
  std::string all;
  const auto tell = [&](std::int64_t tokens, const char* words) {
    if (tokens > 0) all += (all.empty() ? "" : ", ") + translated(words, std::to_string(tokens));
  };
  tell(capture->leftOut, translatable("without %1 tokens of identical rows"));
  tell(capture->padding, translatable("without %1 of padding"));
  tell(capture->repeated, translatable("%1 repeated tokens counted once"));
  return all;
}

std::string identicalCounted(const Scene& scene) {
  const CapturedRouting* capture = scene.snapshot ? scene.snapshot->capture.get() : nullptr;
  return capture && capture->identical > 0 ? translated("%1 IDENTICAL ROWS", std::to_string(capture->identical)) : "";
}

std::vector<const Scene*> sharingScale(const Scene& scene) {
  std::vector<const Scene*> all = {&scene};
  if (scene.beside && scene.beside->snapshot && scene.beside->routing &&
      !scene.beside->snapshot->capture == !scene.snapshot->capture)
    all.push_back(scene.beside.get());
  return all;
}

bool looksAlike(const Scene& a, const Scene& b) {
  const bool besideAlike = a.beside == b.beside || (a.beside && b.beside && looksAlike(*a.beside, *b.beside));
  return besideAlike && a.snapshot == b.snapshot && a.tracks == b.tracks && a.generation == b.generation && a.past == b.past &&
         a.recorded == b.recorded && a.lens == b.lens && a.wantedLens == b.wantedLens && a.selection == b.selection &&
         a.routing == b.routing && a.curve == b.curve && a.glide == b.glide && a.place == b.place && a.steps == b.steps &&
         a.analysis == b.analysis && a.compared == b.compared && a.analysisHistory == b.analysisHistory &&
         a.analysisFailure == b.analysisFailure && a.reference == b.reference && a.readingNote == b.readingNote &&
         a.viewOptions == b.viewOptions && a.underWay == b.underWay && a.prompt == b.prompt &&
         a.promptRouting == b.promptRouting && a.promptPlace == b.promptPlace;
}

void show(Scene& scene, const TimelineMoment& moment) {
  scene.snapshot = moment.snapshot;
  scene.tracks = moment.tracks;
}

void show(Scene& scene, const LayerAnalyses& analyses) {
  scene.analysis = analyses.latest;
  scene.compared = analyses.compared;
  scene.analysisHistory = analyses.history;
  scene.analysisFailure = analyses.failure ? translated("the analysis of step ") + std::to_string(analyses.failure->step) +
                                                 translated(" failed: ") + analyses.failure->what
                                           : "";
}

Scene sceneAt(const Timeline& timeline, std::uint64_t generation, std::int64_t step, const Lens& lens) {
  Scene scene;
  scene.lens = lens;
  scene.generation = generation;
  scene.steps = timeline.steps(generation);
  show(scene, timeline.at(generation, step));
  if (!scene.snapshot) return scene;
  scene.routing = std::make_shared<const Routing>(evaluate(*scene.snapshot, lens));
  show(scene, timeline.analyses(generation, scene.routing->layer, step));
  return scene;
}

}  // namespace moescope
