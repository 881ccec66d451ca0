// moescope render: pictures of the views, or of the concentration gliding, without a window.

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "app/commands.h"
#include "app/display.h"
#include "app/options.h"
#include "app/window_options.h"
#include "core/engine/analyst.h"
#include "core/engine/routing.h"
#include "core/engine/trainer.h"
#include "views/offscreen.h"

namespace moescope {
namespace {

constexpr int kTrailSnapshots = 30;

struct RenderOptions {
  std::string output, view = "all", theme = "dark", size = "1200x900";
  long steps = 200;
  double scale = 1.0;
  std::string checkpoint, trace;
  bool lensGiven = false, gatingGiven = false;
  int frames = 0, width = 0, height = 0;
};

void parseSize(RenderOptions& options) {
  if (std::sscanf(options.size.c_str(), "%dx%d", &options.width, &options.height) == 2 && options.width >= 64 && options.height >= 64 &&
      options.width <= 8192 && options.height <= 8192)
    return;
  throw CLI::ValidationError("--size", "'" + options.size + "' is not a size; expected WIDTHxHEIGHT from 64x64 to 8192x8192");
}

std::vector<const ViewDeclaration*> chosenViews(const std::string& name) {
  std::vector<const ViewDeclaration*> chosen;
  std::string known = "all, window";
  for (const ViewDeclaration& view : viewRegistry()) {
    if (name == "all" || name == view.name) chosen.push_back(&view);
    known += ", " + view.name;
  }
  if (chosen.empty()) throw CLI::ValidationError("--view", "'" + name + "' is no view; expected " + known);
  return chosen;
}

/// What training left behind for the views: snapshots for trails, history for curves.
struct Recording {
  std::vector<SnapshotPointer> snapshots;
  std::vector<std::vector<AnalysisPointer>> analyses;  ///< by layer, oldest first
  std::shared_ptr<std::vector<StepMetrics>> history = std::make_shared<std::vector<StepMetrics>>();
};

void measureExperts(Trainer& trainer, Recording& recording) {
  recording.analyses.resize(static_cast<std::size_t>(trainer.knobs().layers));
  for (int layer = 0; layer < trainer.knobs().layers; ++layer)
    recording.analyses[static_cast<std::size_t>(layer)].push_back(std::make_shared<const ExpertAnalysis>(analyse(trainer.analysisInput(layer), {})));
}

Recording record(const Knobs& knobs, long steps) {
  Trainer trainer(knobs);
  printNotes(trainer.notes());
  Recording recording;
  const long every = std::max(1L, steps / kTrailSnapshots);
  Progress progress("step", steps);
  for (long i = 1; i <= steps && !interrupted(); ++i) {
    recording.history->push_back(trainer.step());
    if (i % (2 * every) == 0) recording.history->back().heldOutLoss = trainer.heldOutLoss();
    if (i % every == 0 && i < steps) recording.snapshots.push_back(trainer.snapshot());
    if (i % (5 * every) == 0 && i < steps) measureExperts(trainer, recording);
    progress.at(i);
  }
  recording.snapshots.push_back(trainer.snapshot());
  measureExperts(trainer, recording);
  return recording;
}

Scene sceneAt(const Recording& recording, const SnapshotPointer& snapshot, const Lens& lens, bool withCurve) {
  Scene scene;
  scene.snapshot = snapshot;
  scene.lens = lens;
  scene.routing = std::make_shared<const Routing>(evaluate(*snapshot, lens));
  scene.history = recording.history;
  const std::vector<AnalysisPointer>& analyses = recording.analyses[static_cast<std::size_t>(scene.routing->layer)];
  scene.analysis = analyses.back();
  scene.analysisHistory = std::make_shared<const std::vector<AnalysisPointer>>(analyses);
  if (withCurve) {
    std::vector<double> grid;
    for (int i = -20; i <= 20; ++i) grid.push_back(std::exp2(i / 4.0));
    scene.curve = std::make_shared<const ConcentrationCurve>(
        concentrationCurve(snapshot->layers[static_cast<std::size_t>(scene.routing->layer)], lens.reading, grid, lens.source));
  }
  return scene;
}

/// A checkpoint's layer in place of training; `lens` gets the family's own gating unless one was given.
Recording recordCheckpoint(const RenderOptions& options, Lens& lens) {
  const CheckpointPlace place = placeOf(options.checkpoint, options.trace);
  const CheckpointReader reader(place.folder, place.trace, 1);
  const int layer = std::min(lens.layer, reader.layers() - 1);
  requireSelection(lens, reader.experts(layer));
  Recording recording;
  recording.snapshots.push_back(reader.snapshot(layer));
  if (!options.gatingGiven) {
    lens.gating.policy = GatingPolicy::TopK;
    lens.gating.k = recording.snapshots.back()->checkpoint->chosen;
  }
  Progress progress("expert", reader.experts(layer));
  recording.analyses.resize(static_cast<std::size_t>(reader.layers()));
  recording.analyses[static_cast<std::size_t>(layer)].push_back(reader.analysis(layer, {}, [&](int done) {
    progress.at(done);
    return !interrupted();
  }));
  for (const auto* notes : {&recording.snapshots.back()->checkpoint->notes, &recording.analyses[static_cast<std::size_t>(layer)].back()->notes})
    for (const std::string& note : *notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  return recording;
}

/// The whole window instead of single views.
void renderWindow(const Knobs& knobs, const Lens& lens, const RenderOptions& options) {
  WindowOptions window;
  window.theme = options.theme;
  window.size = options.size;
  window.textScale = options.scale;
  window.afterSteps = options.steps;
  window.fresh = true;
  window.checkpoint = options.checkpoint;
  window.trace = options.trace;
  window.lensGiven = options.lensGiven;
  window.gatingGiven = options.gatingGiven;
  if (options.frames > 0) {
    window.sweepFolder = options.output;
    window.sweepFrames = options.frames;
  } else {
    window.screenshot = options.output.ends_with(".png") ? options.output : options.output + "/window.png";
    if (window.screenshot != options.output) std::filesystem::create_directories(options.output);
  }
  openWindow(knobs, lens, window);
  std::cout << (options.frames > 0 ? options.output + "/frame-00000.png and on" : window.screenshot) << '\n';
}

void render(const Knobs& knobs, Lens lens, RenderOptions options) {
  parseSize(options);
  if (options.view == "window") return renderWindow(knobs, lens, options);
  const std::vector<const ViewDeclaration*> views = chosenViews(options.view);
  requireDisplay();
  const bool single = views.size() == 1 && options.frames == 0 && options.output.ends_with(".png");
  if (!single) std::filesystem::create_directories(options.output);
  const Recording recording = options.checkpoint.empty() ? record(knobs, options.steps) : recordCheckpoint(options, lens);
  Theme theme;
  theme.dark = options.theme == "dark";
  theme.textScale = options.scale;
  Offscreen offscreen;
  for (const ViewDeclaration* declaration : views) {
    const std::unique_ptr<View> view = declaration->make();
    for (const SnapshotPointer& snapshot : recording.snapshots)  // views that draw trails remember
      view->update(sceneAt(recording, snapshot, lens, false), theme);
    for (int frame = 0; frame < std::max(1, options.frames); ++frame) {
      Lens at = lens;
      if (options.frames > 1) at.concentration = static_cast<float>(std::exp2(-4.0 + 8.0 * frame / (options.frames - 1)));
      const Image image = offscreen.render(*view, sceneAt(recording, recording.snapshots.back(), at, true), theme, options.width, options.height);
      char number[16] = "";
      if (options.frames > 0) std::snprintf(number, sizeof number, "-%05d", frame);
      const std::string path = single ? options.output : options.output + "/" + declaration->name + number + ".png";
      writePng(image, path);
      if (options.frames == 0) std::cout << path << '\n';
    }
    if (options.frames > 0) std::cout << options.output << '/' << declaration->name << "-00000.png to " << options.frames - 1 << '\n';
  }
}

}  // namespace

void addRenderCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("render", "Train, or read a checkpoint, then draw views to PNG without a window");
  auto knobs = std::make_shared<Knobs>();
  auto lens = std::make_shared<Lens>();
  auto options = std::make_shared<RenderOptions>();
  command->add_option("-o,--output", options->output, "A .png for one view, else a folder")->required();
  command->add_option("--view", options->view, "Name of a view, all, or window for the whole window [all]");
  command->add_option("--size", options->size, "Pixels, WIDTHxHEIGHT [1200x900]");
  command->add_option("--theme", options->theme, "dark or light [dark]")->check(CLI::IsMember({"dark", "light"}));
  command->add_option("--text-scale", options->scale, "Size of the text [1]")->check(CLI::Range(0.5, 4.0));
  command->add_option("--steps", options->steps, "Optimiser steps before the picture [200]")->check(CLI::Range(0L, 10000000L));
  command->add_option("--frames", options->frames, "Pictures of each view while the concentration glides from 1/16 to 16")->check(CLI::Range(0, 100000));
  addCheckpointOptions(command, options->checkpoint, options->trace);
  addKnobOptions(command, knobs);
  addLensOptions(command, lens);
  addSelectOption(command, lens);
  command->callback([knobs, lens, options, command] {
    std::tie(options->lensGiven, options->gatingGiven) = lensOptionsGiven(command);
    if (options->checkpoint.empty()) requireLayer(*lens, *knobs), requireSelection(*lens, knobs->experts);
    render(*knobs, *lens, *options);
  });
}

}  // namespace moescope
