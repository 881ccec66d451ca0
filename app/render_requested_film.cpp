#include "app/render_request.h"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/display.h"
#include "app/film/film_painter.h"
#include "app/film/film_writer.h"
#include "app/lesson_film.h"
#include "app/lesson_record.h"
#include "app/options.h"
#include "app/render_film.h"

namespace moescope {
namespace {

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

}  // namespace

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

}  // namespace moescope
