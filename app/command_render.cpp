// moescope render: pictures of the views and films, without a window.

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
#include <set>

#include "app/commands.h"
#include "app/display.h"
#include "app/document/presets.h"
#include "app/document/scene_assembly.h"
#include "app/film/film_painter.h"
#include "app/film/film_record.h"
#include "app/film/film_writer.h"
#include "app/font_application.h"
#include "app/document/lesson_file.h"
#include "app/lesson_film.h"
#include "app/lesson_record.h"
#include "app/options.h"
#include "app/render_film.h"
#include "app/suggestion.h"
#include "app/window/language.h"
#include "app/window/view_picture.h"
#include "app/window_options.h"
#include "core/geometry/expert_analysis.h"
#include "core/reading/routing.h"
#include "core/reading/routing_by_layer.h"
#include "views/offscreen.h"

namespace moescope {
namespace {

constexpr int kTrailSnapshots = 30;

struct RenderOptions {
  std::string output, view = "all", theme = "dark", size;
  long steps = 200;
  double scale = 1.0;
  std::string checkpoint, trace;
  CaptureReading reading;           ///< of a capture
  Document document;                ///< what is drawn: a preset's, with what the command line says
  std::map<std::string, std::map<std::string, std::string>> viewOptions;  ///< of the command line
  std::vector<std::string> preset;  ///< the views that show the preset
  std::optional<FilmScript> film;   ///< of the preset or of a script file
  std::optional<FilmRecord> record; ///< of a film that was made
  std::optional<Lesson> lesson;     ///< that is filmed
  std::string lessonWord;           ///< that names it wherever the program is started
  std::string language;             ///< code; empty: not given
  std::string session;              ///< recorded run that is filmed: an absolute path; empty: none
  std::shared_ptr<const Timeline> recorded;  ///< what it holds
  std::int64_t fromStep = -1, toStep = -1;   ///< of it, that are filmed; -1: the first, the last
  std::vector<std::string> notes;            ///< what of it cannot be read
  std::int64_t frame = -1;          ///< of it, to be made again; -1: none
  double seconds = 0.0;             ///< that a film lasts; 0: as long as its script
  int rate = 0;                     ///< frames per second; 0: not given
  std::string codec;                ///< of a film; empty: not given
  bool scriptGiven = false, viewGiven = false, stepsGiven = false, themeGiven = false, scaleGiven = false, replace = false;
  bool lensGiven = false, gatingGiven = false;
  int frames = 0, width = 0, height = 0;
  std::string foreign;              ///< an option that was given and that means nothing to a lesson; empty: none
  bool noTitleLine = false, json = false, transparent = false;
  std::string format = "png";  ///< of the pictures of a folder
  bool single() const { return !pictureEnding(output).empty(); }  ///< one picture, else a folder of them
  std::string ending() const { return single() ? pictureEnding(output) : format; }
  bool vector() const { return ending() != "png"; }
  bool isFilm() const {
    return frame < 0 && !single() && (scriptGiven || rate > 0 || seconds > 0.0 || !codec.empty() || hasFilmEnding(output));
  }
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
  if (options.size.empty()) options.size = options.isFilm() ? "1280x720" : "1200x900";
  if (readFilmSize(options.size, options.width, options.height) && options.width >= 64 && options.height >= 64 &&
      options.width <= 8192 && options.height <= 8192)
    return;
  throw CLI::ValidationError(
      "--size",
      "'" + options.size + "' is not a size; expected WIDTHxHEIGHT from 64x64 to 8192x8192, or 720p, 1080p, 1440p or 4k");
}

std::vector<std::string> namesOf(const std::vector<const ViewDeclaration*>& views) {
  std::vector<std::string> names;
  for (const ViewDeclaration* view : views) names.push_back(view->name);
  return names;
}

/// A preset's own views stand for all, and the first of them for one picture.
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
  fs::create_directories(target, error);
  if (error) throw std::runtime_error(target.string() + ": this folder cannot be made: " + error.message());
  if (access(target.c_str(), W_OK) != 0)
    throw std::runtime_error(target.string() + ": this folder cannot be written to: " + std::strerror(errno));
}

/// What pictures are drawn of: the end of a training, with what came before for trails and curves.
Recording recordTraining(const Knobs& knobs, long steps) {
  RecordingPlan plan;
  plan.steps = steps;
  plan.snapshots = std::max(1L, steps / kTrailSnapshots);
  plan.heldOut = 2 * plan.snapshots;
  plan.analyses = 5 * plan.snapshots;
  Progress progress("step", steps);
  Recording recording = record(knobs, plan, [&](long done) {
    progress.at(done);
    return !interrupted();
  });
  printNotes(recording.notes);
  return recording;
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

/// The snapshot with what the reader tells of all layers, as the window has it. `shared`: of their shared experts too, which
/// takes reading the others.
SnapshotPointer withOtherLayers(const LayerReader& reader, const SnapshotPointer& shown, bool shared) {
  if (!reader.summarises()) return shown;
  auto layers = std::make_shared<std::vector<LayerOfExperts>>();
  const auto goesOn = [](int) { return !interrupted(); };
  Progress progress("layer", reader.layers());
  for (int layer = 0; layer < reader.layers(); ++layer) {
    layers->push_back(reader.summary(layer));
    if (layer > 0) tellOnwards((*layers)[static_cast<std::size_t>(layer) - 1], layers->back());
    if (shared) reader.compareShared(layer, layers->back(), goesOn);
    progress.at(layer + 1);
  }
  auto told = std::make_shared<Snapshot>(*shown);
  told->liftByLayer = reader.lifts(*layers, goesOn);
  told->byLayer = std::move(layers);
  return told;
}

/// A checkpoint's layer in place of training; the lens gets the family's own gating unless one was given.
Recording recordCheckpoint(RenderOptions& options) {
  Lens& lens = options.document.sides[0].lens;
  const CheckpointPlace place = placeOf(options.checkpoint, options.trace);
  Recording recording;
  const std::unique_ptr<const LayerReader> opened = openLayers(place.folder, place.trace, kFilmGeneration, options.reading);
  const LayerReader& reader = *opened;
  if (lens.layer >= reader.layers())
    throw CLI::ValidationError("--layer", std::to_string(lens.layer + 1) + " is no MoE layer of this checkpoint; expected 1 to " +
                                              std::to_string(reader.layers()));
  const int layer = lens.layer;
  requireSelection(options.document.sides[0].selection, reader.experts(layer));
  const SnapshotPointer snapshot =
      withOtherLayers(reader, reader.snapshot(layer), wantsSharedNorms(options.document.viewOptions));
  recording.timeline->append(snapshot);
  if (!options.gatingGiven) {
    lens.gating = {};
    lens.gating.k = snapshot->checkpoint->chosen;
  }
  for (const std::string& note : snapshot->checkpoint->notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  if (!reader.analyses()) return recording;
  Progress progress("expert", reader.experts(layer));
  const AnalysisPointer analysis = reader.analysis(layer, {}, [&](int done) {
    progress.at(done);
    return !interrupted();
  });
  recording.timeline->append(analysis);
  for (const std::string& note : analysis->notes) std::fprintf(stderr, "note: %s\n", note.c_str());
  return recording;
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

// ---------------------------------------------------------------- films

/// What the command line says, in every key frame. The script moves concentration and time.
void overrideFilm(const RenderOptions& options, const Side& was, FilmScript& film) {
  const Side& side = options.document.sides[0];
  if (options.recorded && !(side.knobs == was.knobs))
    throw CLI::ValidationError("render", "a session was trained already; expected no knobs");
  if (film.compares() && !(side.knobs == was.knobs))
    throw CLI::ValidationError("render", "this film shows two models; expected their knobs in its script only");
  const long steps = options.stepsGiven ? options.steps : film.steps;
  for (FilmKey& key : film.keys) {
    Side& first = key.document.sides[0];
    if (!(side.knobs == was.knobs)) first.knobs = side.knobs;
    if (!(side.selection == was.selection)) first.selection = side.selection;
    if (!(side.lens == was.lens)) {
      const float concentration = first.lens.concentration;
      first.lens = side.lens;
      first.lens.concentration = concentration;
    }
    for (Side& each : key.document.sides)
      if (film.steps > 0 && !options.recorded) each.cursor.step = each.cursor.step * steps / film.steps;
    if (options.themeGiven) key.document.dark = options.document.dark;
    if (options.scaleGiven) key.document.textScale = options.document.textScale;
    for (const auto& [view, chosen] : options.viewOptions)
      for (const auto& [option, value] : chosen) key.document.viewOptions[view][option] = value;
    requireValid(key.document);
  }
  film.steps = steps;
}

/// The checkpoint or session that the film shows, if it shows one.
std::shared_ptr<const Timeline> givenOf(RenderOptions& options, const FilmScript& film) {
  printNotes(options.notes);
  if (options.recorded) return options.recorded;
  const Side& side = film.keys.front().document.sides[0];
  if (side.source.kind != SideSource::Kind::Checkpoint) return nullptr;
  options.checkpoint = side.source.folder;
  options.trace = side.source.trace;
  options.reading = side.source.reading;
  options.document.sides[0].lens.layer = side.lens.layer;
  return recordCheckpoint(options).timeline;
}

void chooseSteps(RenderOptions& options) {
  if (options.fromStep < 0 && options.toStep < 0) return;
  if (!options.recorded || options.record)
    throw CLI::ValidationError("--from-step", "expected a session, *.moescope, whose steps are to be filmed");
  SessionFilm film{*options.film, options.recorded, {}};
  try {
    cutToSteps(film, options.fromStep, options.toStep);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("--from-step, --to-step", error.what());
  }
  options.film = std::move(film.script);
}

void renderFilmOf(RenderOptions& options, const Side& was) {
  if (options.view == "window")
    throw CLI::ValidationError("--view", "a film of the window is recorded there (File, Record film); expected a view or all");
  if (options.record && options.frames == 0) options.frames = static_cast<int>(options.record->hashes.size());
  const bool own = options.film && options.checkpoint.empty();
  FilmRequest request{own ? *options.film : concentrationFilm(options.document, namesOf(chosenViews(options)), options.steps, ""),
                      {},
                      options.output,
                      options.session,
                      options.frames,
                      options.replace,
                      options.json};
  if (own) overrideFilm(options, was, request.script);
  if (own && options.viewGiven) request.script.views = namesOf(chosenViews(options));
  if (!options.checkpoint.empty()) {
    const CheckpointPlace place = placeOf(options.checkpoint, options.trace);
    for (FilmKey& key : request.script.keys)
      key.document.sides[0].source = {SideSource::Kind::Checkpoint, std::filesystem::absolute(place.folder).string(),
                                      place.trace.empty() ? "" : std::filesystem::absolute(place.trace).string(), "",
                                      options.reading};
  }
  if (options.seconds > 0.0) request.script = lasting(request.script, options.seconds);
  request.shape = {options.width, options.height, options.rate > 0 ? options.rate : 30, options.codec};
  try {
    requireFilmOutput(request);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("-o", error.what());
  }
  requireDisplay();
  std::shared_ptr<const Timeline> given = givenOf(options, request.script);
  if (given && !options.recorded && !options.gatingGiven)
    for (FilmKey& key : request.script.keys) key.document.sides[0].lens.gating = options.document.sides[0].lens.gating;
  renderFilm(request, std::move(given));
}

void renderLessonOf(const RenderOptions& options) {
  if (!options.isFilm())
    throw CLI::ValidationError(
        "-o", "'" + options.output +
                  "' is no film; a lesson is drawn as .mp4, .webm or .gif, and `moescope lessons --handout` makes its pictures");
  if (!options.foreign.empty())
    throw CLI::ValidationError(options.foreign,
                               "a lesson says itself what it shows; expected --size, --fps, --theme, --force or --json");
  FilmRequest request{
      {},          {options.width, options.height, options.rate > 0 ? options.rate : 30}, options.output, "", 0, options.replace,
      options.json};
  try {
    requireFilmOutput(request);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("-o", error.what());
  }
  requireDisplay();
  renderLesson(*options.lesson, options.lessonWord, options.theme == "dark", request);
}

void renderFrame(RenderOptions& options) {
  if (!options.record) throw CLI::ValidationError("--frame", "expected the record of a film that was made, FILM.json");
  if (!options.single())
    throw CLI::ValidationError("-o", "'" + options.output + "' does not end in .png; expected the name of a picture");
  requireNewFile(options.output, options.replace);
  requireDisplay();
  if (!options.record->lesson.empty()) return renderLessonFrame(*options.record, options.frame, options.output);
  renderFrameAgain(*options.record, options.frame, options.output, givenOf(options, options.record->script));
}

void beginLesson(RenderOptions& options, const std::string& word) {
  try {
    options.lesson = lessonNamed(word, spokenLanguage());
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError("preset", error.what());
  }
  options.lessonWord = isLessonFile(word) ? std::filesystem::absolute(word).string()
                                          : "lesson:" + options.lesson->name + "." + options.lesson->language;
}

/// A film speaks the language of its lesson, a frame that is made again that of its film, where none was given.
void chooseLanguage(RenderOptions& options) {
  if (options.record && options.language.empty()) options.language = options.record->language;
  speak(options.language);
  if (!options.lesson || options.record) return;
  if (!options.language.empty() && options.lessonWord.starts_with("lesson:"))
    return beginLesson(options, "lesson:" + options.lesson->name);
  const std::vector<Language> all = languages();
  if (options.language.empty() &&
      std::any_of(all.begin(), all.end(), [&](const Language& each) { return each.code == options.lesson->language; }))
    speak(options.lesson->language);
}

/// `was`: the first side before the command line's own options.
void render(RenderOptions options, const Side& was) {
  chooseLanguage(options);
  parseSize(options);
  if (options.frame >= 0) return renderFrame(options);
  if (options.lesson) return renderLessonOf(options);
  chooseSteps(options);
  if (options.isFilm()) return renderFilmOf(options, was);
  if (options.scriptGiven)
    throw CLI::ValidationError("-o",
                               "'" + options.output + "' is one picture; expected a film, or --frame with the record of one");
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

bool isScriptFile(const std::string& name) { return name.ends_with(".json") || name.ends_with(".md"); }

void beginSession(RenderOptions& options, const std::string& path) {
  options.session = std::filesystem::absolute(path).string();
  SessionFilm film = filmOfSession(options.session);
  options.recorded = std::move(film.timeline);
  options.notes = std::move(film.notes);
  if (!options.film) options.film = std::move(film.script);
}

void beginScript(RenderOptions& options, const std::string& path) {
  if (!isFilmRecord(path)) {
    options.film = readFilmScript(path);
    return;
  }
  options.record = readFilmRecord(path);
  options.size = std::to_string(options.record->shape.width) + "x" + std::to_string(options.record->shape.height);
  options.rate = options.record->shape.rate;
  if (!options.record->lesson.empty()) {
    beginLesson(options, options.record->lesson);
    options.document.dark = options.record->dark;
    return;
  }
  options.film = options.record->script;
  if (!options.record->session.empty()) beginSession(options, options.record->session);
}

/// The first word: a preset, a film script, the record of a film or a session.
void begin(RenderOptions& options, const std::string& word) {
  const bool preset = std::any_of(presets().begin(), presets().end(), [&](const Preset& each) { return each.name == word; });
  if (!preset && namesLesson(word)) return beginLesson(options, word);
  options.scriptGiven = word.ends_with(".moescope") || isScriptFile(word);
  if (!options.scriptGiven) {
    const Preset& preset = presetNamed(word);
    options.film = filmOf(preset);
    options.document = preset.document;
    options.preset = preset.views;
    options.steps = preset.steps;
  } else {
    word.ends_with(".moescope") ? beginSession(options, word) : beginScript(options, word);
  }
  if (options.scriptGiven && options.film) {
    options.document = options.film->keys.front().document;
    options.preset = options.film->views;
    options.steps = options.film->steps;
  }
  options.theme = options.document.dark ? "dark" : "light";
}

}  // namespace

void addRenderCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "render", "Train, or read a checkpoint, then draw pictures (PNG, SVG, PDF) or a film without a window");
  auto knobs = std::make_shared<Knobs>();
  auto lens = std::make_shared<Lens>();
  auto selection = std::make_shared<Selection>();
  auto options = std::make_shared<RenderOptions>();
  auto was = std::make_shared<Side>();
  command
      ->add_option_function<std::string>(
          "preset",
          [=](const std::string& name) {
            begin(*options, name);
            *was = options->document.sides[0];
            *knobs = was->knobs;
            *lens = was->lens;
            *selection = was->selection;
          },
          "A preset (moescope presets), a lesson (moescope lessons; lesson:NAME, NAME.LANGUAGE, a .moelesson), a film script (.json, .md: docs/film.md), the record of a film or a session (.moescope); other options win over it")
      ->trigger_on_parse();
  command
      ->add_option("-o,--output", options->output,
                   "A .png, .svg or .pdf for one view, .mp4, .webm or .gif for a film, else a folder")
      ->required();
  command->add_option("--view", options->view, "Name of a view, all, or window for the whole window [all; of a film its own]");
  command->add_option("--size", options->size, "Pixels: WIDTHxHEIGHT, 720p, 1080p, 1440p or 4k [1200x900, films 1280x720]");
  command->add_option("--format", options->format, "Pictures of a folder: png, svg or pdf [png]")
      ->check(CLI::IsMember(pictureEndings()));
  command->add_flag("--transparent", options->transparent,
                    "Nothing behind what is drawn; of the themes take the one that is nearer to what will lie behind");
  command->add_option("--theme", options->theme, "dark or light [dark]")->check(CLI::IsMember({"dark", "light"}));
  command->add_option("--text-scale", options->scale, "Size of the text [1]")->check(CLI::Range(0.5, 4.0));
  addLanguageOption(command, options->language);
  command->add_option("--steps", options->steps, "Optimiser steps before the picture [200]")->check(CLI::Range(0L, 10000000L));
  command
      ->add_option("--frames", options->frames,
                   "Pictures of each view while the concentration glides from 1/16 to 16; of a film how many it has")
      ->check(CLI::Range(0, 100000));
  command->add_option("--fps", options->rate, "A film's frames per second [30]; a folder then gets the film as pictures")
      ->check(CLI::Range(1, 120));
  command->add_option("--codec", options->codec, "Of a film: h264 in .mp4, vp9 or av1 in .webm [the first that is here]")
      ->check(CLI::IsMember({"h264", "vp9", "av1"}));
  command->add_option("--seconds", options->seconds, "How long a film lasts, faster or slower than its script [the script's]")
      ->check(CLI::Range(0.001, kLongestFilm));
  command->add_option("--frame", options->frame, "With the record of a film: this frame, from 0, once more as a .png")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1000000}));
  command->add_option("--from-step", options->fromStep, "Of a session: the film begins with this step [the first that is held]")
      ->check(countFrom(0));
  command->add_option("--to-step", options->toStep, "Of a session: the film ends with this step [the last]")->check(countFrom(0));
  addForceOption(command, options->replace);
  command
      ->add_option_function<std::vector<std::string>>(
          "--option",
          [options](const std::vector<std::string>& settings) {
            for (const std::string& setting : settings) {
              const std::size_t slash = setting.find('/'), equals = setting.find('=');
              if (slash == std::string::npos || equals == std::string::npos || equals < slash)
                throw CLI::ValidationError(
                    "--option", "'" + setting + "' is no option; expected VIEW/OPTION=VALUE such as score_polygon/colour=expert");
              options->viewOptions[setting.substr(0, slash)][setting.substr(slash + 1, equals - slash - 1)] =
                  setting.substr(equals + 1);
            }
          },
          "How a view draws, VIEW/OPTION=VALUE; may be given several times")
      ->type_size(1)
      ->expected(1, 100);
  command->add_flag("--no-title-line", options->noTitleLine,
                    "Leave out the line above each frame that names router, seed, step, layer and concentration");
  command->add_flag("--json", options->json, "Print the files that were written as JSON");
  addCheckpointOptions(command, options->checkpoint, options->trace, options->reading);
  addKnobOptions(command, knobs);
  addLensOptions(command, lens);
  addSelectOption(command, selection);
  command->callback([knobs, lens, selection, options, was, command] {
    Side& side = options->document.sides[0];
    side.knobs = *knobs;
    side.lens = *lens;
    side.selection = *selection;
    options->document.dark = options->theme == "dark";
    options->document.textScale = std::clamp(options->scale, kLeastTextScale, kGreatestTextScale);
    std::tie(options->lensGiven, options->gatingGiven) = lensOptionsGiven(command);
    if (options->checkpoint.empty())
      requireTogether(*knobs), requireLayer(*lens, *knobs), requireSelection(*selection, knobs->experts);
    for (const auto& [view, chosen] : options->viewOptions)
      for (const auto& [option, value] : chosen) options->document.viewOptions[view][option] = value;
    requireValid(options->document);
    options->viewGiven = command->count("--view") > 0;
    options->stepsGiven = command->count("--steps") > 0;
    options->themeGiven = command->count("--theme") > 0;
    options->scaleGiven = command->count("--text-scale") > 0;
    for (const CLI::Option* option : command->get_options())
      if (option->count() > 0 &&
          !std::set<std::string>{"preset", "--output", "--size", "--fps", "--theme", "--force", "--json", "--language"}.contains(
              option->get_name()))
        options->foreign = option->get_name();
    render(*options, *was);
  });
}

}  // namespace moescope
