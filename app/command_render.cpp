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
#include <optional>

#include <QGuiApplication>

#include "app/commands.h"
#include "app/display.h"
#include "app/document/presets.h"
#include "app/document/scene_assembly.h"
#include "app/options.h"
#include "app/suggestion.h"
#include "app/window/view_picture.h"
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
  Document document;                ///< what is drawn: a preset's, with what the command line says
  std::map<std::string, std::map<std::string, std::string>> viewOptions;  ///< of the command line
  std::vector<std::string> preset;  ///< the views that show the preset
  bool lensGiven = false, gatingGiven = false;
  int frames = 0, width = 0, height = 0;
  bool noTitleLine = false, json = false, transparent = false;
  std::string format = "png";  ///< of the pictures of a folder
  bool single() const { return !pictureEnding(output).empty(); }  ///< one picture, else a folder of them
  std::string ending() const { return single() ? pictureEnding(output) : format; }
  bool vector() const { return ending() != "png"; }
};

const Preset& presetNamed(const std::string& name) {
  try {
    return requirePreset(name);
  } catch (const std::invalid_argument& error) {
    std::vector<std::string> names;
    for (const Preset& preset : presets()) names.push_back(preset.name);
    throw CLI::ValidationError("preset", error.what() + didYouMean(name, names));
  }
}

void parseSize(RenderOptions& options) {
  int end = 0;
  const bool parsed = std::sscanf(options.size.c_str(), "%dx%d%n", &options.width, &options.height, &end) == 2 && options.size.size() == static_cast<std::size_t>(end);
  if (parsed && options.width >= 64 && options.height >= 64 && options.width <= 8192 && options.height <= 8192) return;
  throw CLI::ValidationError("--size", "'" + options.size + "' is not a size; expected WIDTHxHEIGHT from 64x64 to 8192x8192");
}

/// A preset's own views stand for all, and the first of them for one picture.
std::vector<const ViewDeclaration*> chosenViews(const RenderOptions& options) {
  const std::string& name = options.view;
  std::vector<const ViewDeclaration*> chosen;
  std::string known = "all, window";
  for (const ViewDeclaration& view : viewRegistry()) {
    const auto own = std::find(options.preset.begin(), options.preset.end(), view.name);
    const bool whole = name == "all" && (options.preset.empty() || own == options.preset.begin() || (own != options.preset.end() && !options.single()));
    if (whole || name == view.name) chosen.push_back(&view);
    known += ", " + view.name;
  }
  if (chosen.empty()) throw CLI::ValidationError("--view", "'" + name + "' is no view; expected " + known);
  return chosen;
}

/// A folder's name may have a dot in it, but what looks like the ending of another kind of file is a slip.
bool hasForeignEnding(const std::string& output) {
  const std::string ending = std::filesystem::path(output).extension().string();
  return ending.size() >= 3 && ending.size() <= 5 && std::isalpha(static_cast<unsigned char>(ending[1])) && pictureEnding(output).empty();
}

/// What can be known about the output before the training that it would cost: throws when nothing could be written there.
void requireOutput(const RenderOptions& options, std::size_t views) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path output = options.output;
  const bool folder = fs::is_directory(output, error);
  if (options.single() && folder) throw std::runtime_error(options.output + ": a folder; expected the name of a picture, or a folder whose name does not end in " + fs::path(options.output).extension().string());
  if (options.single() && (views != 1 || options.frames > 0))
    throw CLI::ValidationError("-o", "'" + options.output + "' is one picture; expected a folder for " + (options.frames > 0 ? "frames" : "several views, or one view with --view"));
  if (!options.single() && !folder && hasForeignEnding(options.output))
    throw CLI::ValidationError("-o", "'" + options.output + "' ends in " + output.extension().string() + "; expected a .png, .svg or .pdf for one view, or a folder" +
                                         (options.frames > 0 ? " for frames (resources/make_film.sh makes a film of them)" : ""));
  const fs::path target = options.single() ? (output.has_parent_path() ? output.parent_path() : fs::path(".")) : output;
  fs::create_directories(target, error);
  if (error) throw std::runtime_error(target.string() + ": this folder cannot be made: " + error.message());
  if (access(target.c_str(), W_OK) != 0) throw std::runtime_error(target.string() + ": this folder cannot be written to: " + std::strerror(errno));
}

/// What the views draw, and how far it goes.
struct Recording {
  std::shared_ptr<Timeline> timeline = std::make_shared<Timeline>();
  std::uint64_t generation = 1;
  SnapshotPointer last() const { return timeline->latest().snapshot; }
};

void noteSnapshot(Trainer& trainer, Recording& recording) {
  auto snapshot = std::make_shared<Snapshot>(*trainer.snapshot());
  snapshot->generation = recording.generation;
  recording.timeline->append(SnapshotPointer(std::move(snapshot)));
}

void measureExperts(Trainer& trainer, Recording& recording) {
  for (int layer = 0; layer < trainer.knobs().layers; ++layer) {
    AnalysisInput input = trainer.analysisInput(layer);
    input.generation = recording.generation;
    recording.timeline->append(std::make_shared<const ExpertAnalysis>(analyse(input, {})));
  }
}

Recording record(const Knobs& knobs, long steps) {
  Trainer trainer(knobs);
  printNotes(trainer.notes());
  Recording recording;
  const long every = std::max(1L, steps / kTrailSnapshots);
  Progress progress("step", steps);
  for (long i = 1; i <= steps && !interrupted(); ++i) {
    StepMetrics step = trainer.step();
    if (i % (2 * every) == 0) step.heldOutLoss = trainer.heldOutLoss();
    recording.timeline->append(recording.generation, step);
    if (i % every == 0 && i < steps) noteSnapshot(trainer, recording);
    if (i % (5 * every) == 0 && i < steps) measureExperts(trainer, recording);
    progress.at(i);
  }
  if (interrupted()) throw std::runtime_error("stopped; nothing was drawn");
  noteSnapshot(trainer, recording);
  measureExperts(trainer, recording);
  return recording;
}

/// The end of the recording as the document says. What cannot be read so is no picture.
Scene sceneOf(const Recording& recording, const Document& document) {
  Scene scene = assembleScene(*recording.timeline, document, 0);
  if (!scene.readingNote.empty()) evaluate(*scene.snapshot, scene.wantedLens);  // throws with the reason
  scene.curve = curveOf(scene);
  return scene;
}

/// A checkpoint's layer in place of training; the lens gets the family's own gating unless one was given.
Recording recordCheckpoint(RenderOptions& options) {
  Lens& lens = options.document.sides[0].lens;
  const CheckpointPlace place = placeOf(options.checkpoint, options.trace);
  Recording recording;
  const CheckpointReader reader(place.folder, place.trace, recording.generation);
  if (lens.layer >= reader.layers())
    throw CLI::ValidationError("--layer", std::to_string(lens.layer + 1) + " is no MoE layer of this checkpoint; expected 1 to " + std::to_string(reader.layers()));
  const int layer = lens.layer;
  requireSelection(options.document.sides[0].selection, reader.experts(layer));
  const SnapshotPointer snapshot = reader.snapshot(layer);
  recording.timeline->append(snapshot);
  if (!options.gatingGiven) {
    lens.gating = {};
    lens.gating.k = snapshot->checkpoint->chosen;
  }
  Progress progress("expert", reader.experts(layer));
  const AnalysisPointer analysis = reader.analysis(layer, {}, [&](int done) {
    progress.at(done);
    return !interrupted();
  });
  recording.timeline->append(analysis);
  for (const auto* notes : {&snapshot->checkpoint->notes, &analysis->notes})
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
void renderWindow(const RenderOptions& options) {
  if (options.vector() || options.transparent)
    throw CLI::ValidationError("--view", "the whole window is drawn as PNG on its own background; expected the name of a view for " +
                                             (options.transparent ? std::string("--transparent") : options.ending()));
  WindowOptions window;
  window.size = options.size;
  window.afterSteps = options.steps;
  window.fresh = true;
  window.checkpoint = options.checkpoint;
  window.trace = options.trace;
  window.lensGiven = options.lensGiven;
  window.gatingGiven = options.gatingGiven;
  std::vector<std::string> files;
  if (options.frames > 0) {
    window.sweepFolder = options.output;
    window.sweepFrames = options.frames;
    for (int frame = 0; frame < options.frames; ++frame) files.push_back(options.output + "/frame" + numbered(frame) + ".png");
  } else {
    window.screenshot = options.single() ? options.output : options.output + "/window.png";
    files.push_back(window.screenshot);
  }
  openWindow(options.document, window);
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

/// What Qt needs to know fonts, without a display: of vector pictures.
class FontApplication {
 public:
  explicit FontApplication(bool needed) {
    if (!needed) return;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    application_.emplace(count_, arguments_);
  }

 private:
  int count_ = 1;
  char name_[9] = "moescope";
  char* arguments_[2] = {name_, nullptr};
  std::optional<QGuiApplication> application_;
};

/// Makes the surface that pixels are drawn on when the first picture needs it.
using Surface = std::function<Offscreen&()>;

/// One view's picture, or its frames; the files that were written.
std::vector<std::string> drawView(const ViewDeclaration& declaration, const Surface& surface, const Recording& recording,
                                  const RenderOptions& options) {
  Theme theme;
  theme.dark = options.document.dark;
  theme.textScale = options.scale;
  theme.transparent = options.transparent;
  theme.pixelRatio = pictureRatio(options.width, options.height);
  const std::unique_ptr<View> view = declaration.make();
  Document document = options.document;
  Side& side = document.sides[0];
  if (const auto camera = side.cameras.find(declaration.name); camera != side.cameras.end() && view->hasCamera()) view->setCamera(camera->second);
  std::vector<std::string> files;
  const SnapshotPointer last = recording.last();
  for (int frame = 0; frame < std::max(1, options.frames); ++frame) {
    if (interrupted()) throw std::runtime_error("stopped; " + std::to_string(frame) + " of " + std::to_string(std::max(1, options.frames)) + " pictures of " + declaration.name + " are written");
    if (options.frames > 1) side.lens.concentration = static_cast<float>(std::exp2(-4.0 + 8.0 * frame / (options.frames - 1)));
    files.push_back(options.single() ? options.output : options.output + "/" + declaration.name + (options.frames > 0 ? numbered(frame) : "") + "." + options.ending());
    const Scene scene = sceneOf(recording, document);
    writeViewPicture(*view, {scene, theme, options.width, options.height, options.vector() ? declaration.title : titleLine(options, side.knobs, *last, side.lens)},
                     surface, files.back());
  }
  return files;
}

void render(RenderOptions options) {
  parseSize(options);
  if (options.view == "window") {
    requireOutput(options, 1);
    return renderWindow(options);
  }
  const std::vector<const ViewDeclaration*> views = chosenViews(options);
  requireOutput(options, views.size());
  if (options.vector() && options.frames > 0) throw CLI::ValidationError("--frames", "frames are PNG pictures; expected no " + options.ending());
  const bool pixels = !options.vector() || std::any_of(views.begin(), views.end(), [](const ViewDeclaration* view) { return view->make()->hasCamera(); });
  if (pixels) requireDisplay();  // before the training that it would cost
  const Recording recording = options.checkpoint.empty() ? record(options.document.sides[0].knobs, options.steps) : recordCheckpoint(options);
  const FontApplication fonts(options.vector());
  std::optional<Offscreen> drawnOn;
  const Surface surface = [&drawnOn]() -> Offscreen& { return drawnOn ? *drawnOn : drawnOn.emplace(); };
  std::vector<std::string> files;
  for (const ViewDeclaration* declaration : views) {
    const std::vector<std::string> drawn = drawView(*declaration, surface, recording, options);
    if (!options.json) printFiles(drawn);
    files.insert(files.end(), drawn.begin(), drawn.end());
  }
  if (options.json) printJson(options, files);
}

}  // namespace

void addRenderCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("render", "Train, or read a checkpoint, then draw views to PNG, SVG or PDF without a window");
  auto knobs = std::make_shared<Knobs>();
  auto lens = std::make_shared<Lens>();
  auto selection = std::make_shared<Selection>();
  auto options = std::make_shared<RenderOptions>();
  command
      ->add_option_function<std::string>(
          "preset",
          [=](const std::string& name) {
            const Preset& preset = presetNamed(name);
            options->document = preset.document;
            options->preset = preset.views;
            options->steps = preset.steps;
            options->theme = preset.document.dark ? "dark" : "light";
            *knobs = preset.document.sides[0].knobs;
            *lens = preset.document.sides[0].lens;
            *selection = preset.document.sides[0].selection;
          },
          "Name of a preset (moescope presets): its model, lens and views; other options win over it")
      ->trigger_on_parse();
  command->add_option("-o,--output", options->output, "A .png, .svg or .pdf for one view, else a folder")->required();
  command->add_option("--view", options->view, "Name of a view, all, or window for the whole window [all]");
  command->add_option("--size", options->size, "Pixels, WIDTHxHEIGHT [1200x900]");
  command->add_option("--format", options->format, "Pictures of a folder: png, svg or pdf [png]")->check(CLI::IsMember(pictureEndings()));
  command->add_flag("--transparent", options->transparent, "Nothing behind what is drawn; of the themes take the one that is nearer to what will lie behind");
  command->add_option("--theme", options->theme, "dark or light [dark]")->check(CLI::IsMember({"dark", "light"}));
  command->add_option("--text-scale", options->scale, "Size of the text [1]")->check(CLI::Range(0.5, 4.0));
  command->add_option("--steps", options->steps, "Optimiser steps before the picture [200]")->check(CLI::Range(0L, 10000000L));
  command->add_option("--frames", options->frames, "Pictures of each view while the concentration glides from 1/16 to 16")->check(CLI::Range(0, 100000));
  command
      ->add_option_function<std::vector<std::string>>(
          "--option",
          [options](const std::vector<std::string>& settings) {
            for (const std::string& setting : settings) {
              const std::size_t slash = setting.find('/'), equals = setting.find('=');
              if (slash == std::string::npos || equals == std::string::npos || equals < slash)
                throw CLI::ValidationError("--option", "'" + setting + "' is no option; expected VIEW/OPTION=VALUE such as score_polygon/colour=expert");
              options->viewOptions[setting.substr(0, slash)][setting.substr(slash + 1, equals - slash - 1)] = setting.substr(equals + 1);
            }
          },
          "How a view draws, VIEW/OPTION=VALUE; may be given several times")
      ->type_size(1)
      ->expected(1, 100);
  command->add_flag("--no-title-line", options->noTitleLine, "Leave out the line above each frame that names router, seed, step, layer and concentration");
  command->add_flag("--json", options->json, "Print the files that were written as JSON");
  addCheckpointOptions(command, options->checkpoint, options->trace);
  addKnobOptions(command, knobs);
  addLensOptions(command, lens);
  addSelectOption(command, selection);
  command->callback([knobs, lens, selection, options, command] {
    Side& side = options->document.sides[0];
    side.knobs = *knobs;
    side.lens = *lens;
    side.selection = *selection;
    options->document.dark = options->theme == "dark";
    options->document.textScale = std::clamp(options->scale, kLeastTextScale, kGreatestTextScale);
    std::tie(options->lensGiven, options->gatingGiven) = lensOptionsGiven(command);
    if (options->checkpoint.empty()) requireLayer(*lens, *knobs), requireSelection(*selection, knobs->experts);
    for (const auto& [view, chosen] : options->viewOptions)
      for (const auto& [option, value] : chosen) options->document.viewOptions[view][option] = value;
    requireValid(options->document);
    render(*options);
  });
}

}  // namespace moescope
