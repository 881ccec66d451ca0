#include "app/render_request.h"

#include <CLI/CLI.hpp>
#include <unistd.h>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "app/display.h"
#include "app/document/scene_assembly.h"
#include "app/font_application.h"
#include "app/options.h"
#include "app/window_options.h"
#include "core/data/files.h"
#include "core/reading/routing.h"
#include "views/offscreen.h"

namespace moescope {
namespace {

std::string numbered(int frame) {
  char number[16];
  std::snprintf(number, sizeof number, "-%05d", frame);
  return number;
}

/// A folder's name may have a dot in it, but what looks like the ending of another kind of file is a slip.
bool hasForeignEnding(const std::string& output) {
  const std::string ending = std::filesystem::path(output).extension().string();
  return ending.size() >= 3 && ending.size() <= 5 && std::isalpha(static_cast<unsigned char>(ending[1])) &&
         pictureEnding(output).empty();
}

/// A picture of a view, or one of its frames.
std::string pictureOf(const RenderOptions& options, const std::string& view, int frame) {
  return options.single() ? options.output
                          : options.output + "/" + view + (options.frames > 0 ? numbered(frame) : "") + "." + options.ending();
}

void requireNewPictures(const RenderOptions& options, const std::vector<std::string>& views) {
  for (const std::string& view : views)
    for (int frame = 0; frame < std::max(1, options.frames); ++frame)
      if (const std::string picture = pictureOf(options, view, frame); !options.replace && std::filesystem::exists(picture))
        requireNewFile(picture, false);
}

/// What can be known about the output before the training that it would cost: throws when nothing could be written there.
void requireOutput(const RenderOptions& options, std::size_t views) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path output = options.output;
  const bool folder = fs::is_directory(output, error);
  if (options.single() && output.extension().empty())
    throw CLI::ValidationError("-o", "'" + options.output + "' is only an ending; expected a name before it, such as picture" +
                                         output.filename().string());
  if (options.single() && folder)
    throw std::runtime_error(options.output +
                             ": a folder; expected the name of a picture, or a folder whose name does not end in " +
                             fs::path(options.output).extension().string());
  if (options.single() && (views != 1 || options.frames > 0))
    throw CLI::ValidationError("-o", "'" + options.output + "' is one picture; expected a folder for " +
                                         (options.frames > 0 ? "frames" : "several views, or one view with --view"));
  if (!options.single() && !folder && hasForeignEnding(options.output))
    throw CLI::ValidationError("-o", "'" + options.output + "' ends in " + output.extension().string() +
                                         "; expected a .png, .svg or .pdf for one view, or a folder" +
                                         " for pictures, or .mp4, .webm or .gif for a film");
  const fs::path target = options.single() ? (output.has_parent_path() ? output.parent_path() : fs::path(".")) : output;
  makeFolder(target);
  if (access(target.c_str(), W_OK) != 0)
    throw std::runtime_error(target.string() + ": this folder cannot be written to: " + std::strerror(errno));
}

/// The end of the recording as the document says. What cannot be read so is no picture.
Scene sceneOf(const Recording& recording, const Document& document) {
  Scene scene = assembleScene(*recording.timeline, document, 0);
  if (!scene.readingNote.empty()) evaluate(*scene.snapshot, scene.wantedLens);  // throws with the reason
  scene.curve = curveOf(scene);
  if (wantsGlide(*recording.timeline, scene)) putGlide(scene, glideOf(*recording.timeline, scene));
  scene.recorded = true;  // nothing trains any more
  return scene;
}

void printJson(const RenderOptions& options, const std::vector<std::string>& files) {
  std::cout << nlohmann::json{{"files", files}, {"width", options.width}, {"height", options.height}}.dump(2) << '\n';
}

/// A view's picture, or the first and last of its frames.
void printFiles(const std::vector<std::string>& files) {
  std::cout << files.front() << (files.size() > 1 ? " to " + files.back() : "") << std::endl;
}

/// The whole window instead of single views.
void renderWindow(const RenderOptions& options) {
  if (options.vector() || options.transparent)
    throw CLI::ValidationError("--view",
                               "the whole window is drawn as PNG on its own background; expected the name of a view for " +
                                   (options.transparent ? std::string("--transparent") : options.ending()));
  WindowOptions window;
  window.size = std::to_string(options.width) + "x" + std::to_string(options.height);
  window.afterSteps = options.steps;
  window.fresh = true;
  window.language = options.language;
  window.checkpoint = options.checkpoint;
  window.trace = options.trace;
  window.reading = options.reading;
  window.lensGiven = options.lensGiven;
  window.gatingGiven = options.gatingGiven;
  std::vector<std::string> files;
  if (options.frames > 0) {
    window.sweepFolder = options.output;
    window.sweepFrames = options.frames;
    for (int frame = 0; frame < options.frames; ++frame) files.push_back(pictureOf(options, "frame", frame));
  } else {
    window.screenshot = pictureOf(options, "window", 0);
    files.push_back(window.screenshot);
  }
  openWindow(options.document, window);
  if (options.json)
    printJson(options, files);
  else
    printFiles(files);
}

/// What tells two series of frames apart, what changes last: from frame to frame the words before it stand still.
std::string titleOf(const RenderOptions& options, const Knobs& knobs, const Snapshot& snapshot, const Lens& lens) {
  return options.frames == 0 || options.noTitleLine ? std::string() : titleLine(knobs, snapshot, lens);
}

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
  if (const auto camera = side.cameras.find(declaration.name); camera != side.cameras.end() && view->hasCamera())
    view->setCamera(camera->second);
  std::vector<std::string> files;
  const SnapshotPointer last = recording.timeline->latest().snapshot;
  for (int frame = 0; frame < std::max(1, options.frames); ++frame) {
    if (interrupted())
      throw std::runtime_error("stopped; " + std::to_string(frame) + " of " + std::to_string(std::max(1, options.frames)) +
                               " pictures of " + declaration.name + " are written");
    if (options.frames > 1) side.lens.concentration = static_cast<float>(std::exp2(-4.0 + 8.0 * frame / (options.frames - 1)));
    files.push_back(pictureOf(options, declaration.name, frame));
    const Scene scene = sceneOf(recording, document);
    writeViewPicture(*view,
                     {scene, theme, options.width, options.height,
                      options.vector() ? declaration.title : titleOf(options, side.knobs, *last, side.lens)},
                     surface, files.back());
  }
  return files;
}

}  // namespace

std::vector<std::string> namesOf(const std::vector<const ViewDeclaration*>& views) {
  std::vector<std::string> names;
  for (const ViewDeclaration* view : views) names.push_back(view->name);
  return names;
}

std::vector<const ViewDeclaration*> chosenViews(const RenderOptions& options) {
  const std::string& name = options.view;
  std::vector<const ViewDeclaration*> chosen;
  std::string known = "all, window";
  for (const ViewDeclaration& view : viewRegistry()) {
    const auto own = std::find(options.preset.begin(), options.preset.end(), view.name);
    const bool whole = name == "all" && (options.preset.empty() || own == options.preset.begin() ||
                                         (own != options.preset.end() && !options.single()));
    if (whole || name == view.name) chosen.push_back(&view);
    known += ", " + view.name;
  }
  if (chosen.empty()) throw CLI::ValidationError("--view", "'" + name + "' is no view; expected " + known);
  return chosen;
}

void renderPictures(RenderOptions& options) {
  if (options.view == "window") {
    requireOutput(options, 1);
    requireNewPictures(options, {options.frames > 0 ? "frame" : "window"});
    return renderWindow(options);
  }
  const std::vector<const ViewDeclaration*> views = chosenViews(options);
  requireOutput(options, views.size());
  requireNewPictures(options, namesOf(views));
  if (options.single() && !options.viewGiven && options.preset.size() > 1)
    std::fprintf(
        stderr,
        "note: of the %zu views that show this, the picture is of %s; --view chooses another, and a folder gets them all\n",
        options.preset.size(), views.front()->name.c_str());
  if (options.vector() && options.frames > 0)
    throw CLI::ValidationError("--frames", "frames are PNG pictures; expected no " + options.ending());
  const bool pixels = !options.vector() || std::any_of(views.begin(), views.end(),
                                                       [](const ViewDeclaration* view) { return view->make()->hasCamera(); });
  if (pixels) requireDisplay();  // before the training that it would cost
  const Recording recording =
      options.checkpoint.empty() ? recordTraining(options.document.sides[0].knobs, options.steps) : recordCheckpoint(options);
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

}  // namespace moescope
