// moescope render: pictures of the views, or of the concentration gliding, without a window.

#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/display.h"
#include "app/options.h"
#include "app/window_options.h"
#include "core/geometry/expert_analysis.h"
#include "core/reading/routing.h"
#include "core/training/trainer.h"
#include "views/offscreen.h"

namespace moescope {
namespace {

constexpr int kTrailSnapshots = 30;

struct RenderOptions {
  std::string output, view = "all", theme = "dark", size = "1200x900";
  long steps = 200;
  double scale = 1.0;
  std::string checkpoint, trace;
  Selection selection;
  bool lensGiven = false, gatingGiven = false;
  int frames = 0, width = 0, height = 0;
  bool noTitleLine = false, json = false;
  bool single() const { return output.ends_with(".png"); }  ///< one picture, else a folder of them
};

void parseSize(RenderOptions& options) {
  int end = 0;
  const bool parsed = std::sscanf(options.size.c_str(), "%dx%d%n", &options.width, &options.height, &end) == 2 && options.size.size() == static_cast<std::size_t>(end);
  if (parsed && options.width >= 64 && options.height >= 64 && options.width <= 8192 && options.height <= 8192) return;
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

/// A folder's name may have a dot in it, but what looks like the ending of another kind of file is a slip.
bool hasForeignEnding(const std::string& output) {
  const std::string ending = std::filesystem::path(output).extension().string();
  return ending.size() >= 3 && ending.size() <= 5 && std::isalpha(static_cast<unsigned char>(ending[1])) && ending != ".png";
}

/// What can be known about the output before the training that it would cost: throws when nothing could be written there.
void requireOutput(const RenderOptions& options, std::size_t views) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path output = options.output;
  const bool folder = fs::is_directory(output, error);
  if (options.single() && folder) throw std::runtime_error(options.output + ": a folder; expected the name of a picture, or a folder whose name does not end in .png");
  if (options.single() && (views != 1 || options.frames > 0))
    throw CLI::ValidationError("-o", "'" + options.output + "' is one picture; expected a folder for " + (options.frames > 0 ? "frames" : "several views, or one view with --view"));
  if (!options.single() && !folder && hasForeignEnding(options.output))
    throw CLI::ValidationError("-o", "'" + options.output + "' ends in " + output.extension().string() + "; expected a .png for one view, or a folder" +
                                         (options.frames > 0 ? " for frames (resources/make_film.sh makes a film of them)" : ""));
  const fs::path target = options.single() ? (output.has_parent_path() ? output.parent_path() : fs::path(".")) : output;
  fs::create_directories(target, error);
  if (error) throw std::runtime_error(target.string() + ": this folder cannot be made: " + error.message());
  if (access(target.c_str(), W_OK) != 0) throw std::runtime_error(target.string() + ": this folder cannot be written to: " + std::strerror(errno));
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
  if (interrupted()) throw std::runtime_error("stopped; nothing was drawn");
  recording.snapshots.push_back(trainer.snapshot());
  measureExperts(trainer, recording);
  return recording;
}

Scene sceneAt(const Recording& recording, const SnapshotPointer& snapshot, const Lens& lens, const Selection& selection, bool withCurve) {
  Scene scene;
  scene.snapshot = snapshot;
  scene.lens = lens;
  scene.selection = selection;
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
  if (lens.layer >= reader.layers())
    throw CLI::ValidationError("--layer", std::to_string(lens.layer + 1) + " is no MoE layer of this checkpoint; expected 1 to " + std::to_string(reader.layers()));
  const int layer = lens.layer;
  requireSelection(options.selection, reader.experts(layer));
  Recording recording;
  recording.snapshots.push_back(reader.snapshot(layer));
  if (!options.gatingGiven) {
    lens.gating = {};
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

void printJson(const RenderOptions& options, const std::vector<std::string>& files) {
  std::cout << nlohmann::json{{"files", files}, {"width", options.width}, {"height", options.height}}.dump(2) << '\n';
}

/// A view's picture, or the first and last of its frames.
void printFiles(const std::vector<std::string>& files) {
  std::cout << files.front() << (files.size() > 1 ? " to " + files.back() : "") << std::endl;
}

std::string numbered(int frame) {
  char number[16];
  std::snprintf(number, sizeof number, "-%05d", frame);
  return number;
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
  window.selection = options.selection;
  std::vector<std::string> files;
  if (options.frames > 0) {
    window.sweepFolder = options.output;
    window.sweepFrames = options.frames;
    for (int frame = 0; frame < options.frames; ++frame) files.push_back(options.output + "/frame" + numbered(frame) + ".png");
  } else {
    window.screenshot = options.single() ? options.output : options.output + "/window.png";
    files.push_back(window.screenshot);
  }
  openWindow(knobs, lens, window);
  if (options.json)
    printJson(options, files);
  else
    printFiles(files);
}

/// What tells two films apart, what changes last: from frame to frame the words before it stand still.
std::string titleLine(const RenderOptions& options, const Knobs& knobs, const Snapshot& snapshot, const Lens& lens) {
  if (options.frames == 0 || options.noTitleLine) return {};
  char concentration[32];
  std::snprintf(concentration, sizeof concentration, "%.4g", static_cast<double>(lens.concentration));
  const std::string model = snapshot.checkpoint ? snapshot.checkpoint->name + " (" + snapshot.checkpoint->family + ")"
                                                : "router " + snapshot.router + ", seed " + std::to_string(knobs.seed) + ", step " + std::to_string(snapshot.step);
  return model + ", layer " + std::to_string(layerNumber(snapshot, lens.layer)) + ", concentration " + concentration +
         (lens.reading == ConcentrationReading::Bingham ? " (Bingham)" : "");
}

/// One view's picture, or its frames; the files that were written.
std::vector<std::string> drawView(const ViewDeclaration& declaration, Offscreen& offscreen, const Recording& recording, const Knobs& knobs, const Lens& lens,
                                  const RenderOptions& options) {
  Theme theme;
  theme.dark = options.theme == "dark";
  theme.textScale = options.scale;
  theme.pixelRatio = pictureRatio(options.width, options.height);
  const std::unique_ptr<View> view = declaration.make();
  for (const SnapshotPointer& snapshot : recording.snapshots)  // views that draw trails remember
    view->update(sceneAt(recording, snapshot, lens, options.selection, false), theme);
  std::vector<std::string> files;
  const Snapshot& last = *recording.snapshots.back();
  for (int frame = 0; frame < std::max(1, options.frames); ++frame) {
    if (interrupted()) throw std::runtime_error("stopped; " + std::to_string(frame) + " of " + std::to_string(std::max(1, options.frames)) + " pictures of " + declaration.name + " are written");
    Lens at = lens;
    if (options.frames > 1) at.concentration = static_cast<float>(std::exp2(-4.0 + 8.0 * frame / (options.frames - 1)));
    const Image image = offscreen.render(*view, sceneAt(recording, recording.snapshots.back(), at, options.selection, true), theme, options.width, options.height,
                                         titleLine(options, knobs, last, at));
    files.push_back(options.single() ? options.output : options.output + "/" + declaration.name + (options.frames > 0 ? numbered(frame) : "") + ".png");
    writePng(image, files.back());
  }
  return files;
}

void render(const Knobs& knobs, Lens lens, RenderOptions options) {
  parseSize(options);
  if (options.view == "window") {
    requireOutput(options, 1);
    return renderWindow(knobs, lens, options);
  }
  const std::vector<const ViewDeclaration*> views = chosenViews(options.view);
  requireOutput(options, views.size());
  requireDisplay();
  const Recording recording = options.checkpoint.empty() ? record(knobs, options.steps) : recordCheckpoint(options, lens);
  Offscreen offscreen;
  std::vector<std::string> files;
  for (const ViewDeclaration* declaration : views) {
    const std::vector<std::string> drawn = drawView(*declaration, offscreen, recording, knobs, lens, options);
    if (!options.json) printFiles(drawn);
    files.insert(files.end(), drawn.begin(), drawn.end());
  }
  if (options.json) printJson(options, files);
}

}  // namespace

void addRenderCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("render", "Train, or read a checkpoint, then draw views to PNG without a window");
  auto knobs = std::make_shared<Knobs>();
  auto lens = std::make_shared<Lens>();
  auto selection = std::make_shared<Selection>();
  auto options = std::make_shared<RenderOptions>();
  command->add_option("-o,--output", options->output, "A .png for one view, else a folder")->required();
  command->add_option("--view", options->view, "Name of a view, all, or window for the whole window [all]");
  command->add_option("--size", options->size, "Pixels, WIDTHxHEIGHT [1200x900]");
  command->add_option("--theme", options->theme, "dark or light [dark]")->check(CLI::IsMember({"dark", "light"}));
  command->add_option("--text-scale", options->scale, "Size of the text [1]")->check(CLI::Range(0.5, 4.0));
  command->add_option("--steps", options->steps, "Optimiser steps before the picture [200]")->check(CLI::Range(0L, 10000000L));
  command->add_option("--frames", options->frames, "Pictures of each view while the concentration glides from 1/16 to 16")->check(CLI::Range(0, 100000));
  command->add_flag("--no-title-line", options->noTitleLine, "Leave out the line above each frame that names router, seed, step, layer and concentration");
  command->add_flag("--json", options->json, "Print the files that were written as JSON");
  addCheckpointOptions(command, options->checkpoint, options->trace);
  addKnobOptions(command, knobs);
  addLensOptions(command, lens);
  addSelectOption(command, selection);
  command->callback([knobs, lens, selection, options, command] {
    options->selection = *selection;
    std::tie(options->lensGiven, options->gatingGiven) = lensOptionsGiven(command);
    if (options->checkpoint.empty()) requireLayer(*lens, *knobs), requireSelection(*selection, knobs->experts);
    render(*knobs, *lens, *options);
  });
}

}  // namespace moescope
