#include "app/render_film.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/display.h"
#include "app/document/document_json.h"
#include "app/film/film_painter.h"
#include "app/film/film_writer.h"
#include "app/options.h"
#include "app/window/language.h"
#include "app/window/version.h"
#include "core/data/content_hash.h"
#include "core/session/session_source.h"

namespace moescope {
namespace {

constexpr double kSessionSeconds = 12.0;

std::string secondsText(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g s", seconds);
  return text;
}

void sayFilm(const FilmReport& report, const FilmRequest& request, const std::string& record) {
  const double seconds = static_cast<double>(report.frames) / request.shape.rate;
  if (!report.note.empty()) std::fprintf(stderr, "note: %s\n", report.note.c_str());
  if (request.json) {
    std::cout << nlohmann::json{{"film", report.path},
                                {"record", record.empty() ? nlohmann::json() : nlohmann::json(record)},
                                {"frames", report.frames},
                                {"seconds", seconds},
                                {"frames_per_second", request.shape.rate},
                                {"width", request.shape.width},
                                {"height", request.shape.height},
                                {"bytes", report.bytes}}
                     .dump(2)
              << std::endl;
    return;
  }
  std::printf("%s: %lld frames, %s, %dx%d at %d frames a second, %.1f MB%s\n", report.path.c_str(),
              static_cast<long long>(report.frames), secondsText(seconds).c_str(), request.shape.width, request.shape.height,
              request.shape.rate, static_cast<double>(report.bytes) / 1e6,
              record.empty() ? "" : ("; " + record + " makes any of them again").c_str());
  std::fflush(stdout);
}

/// Draws frame after frame until all are there or a person stops it.
void drawFrames(FilmPainter& painter, FilmWriter& writer, const FilmShape& shape, std::int64_t frames) {
  Progress progress("frame", frames);
  for (std::int64_t done = 0; done < frames && !interrupted(); ++done) {
    writer.add(std::make_shared<const Image>(painter.draw(timeOf(done, shape))));
    progress.at(done + 1);
  }
}

/// `failure`: why no more frames came; it is what is told where there is no film for it.
FilmReport finished(FilmWriter& writer, const std::string& failure) try {
  return writer.finish();
} catch (const std::exception& error) {
  throw std::runtime_error(std::string(error.what()).starts_with(failure) ? error.what() : failure);
}

}  // namespace

int machineThreads() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

bool readFilmSize(const std::string& words, int& width, int& height) {
  for (const auto& [name, lines] : {std::pair{"720p", 720}, {"1080p", 1080}, {"1440p", 1440}, {"4k", 2160}, {"4K", 2160}})
    if (words == name) {
      height = lines;
      width = lines * 16 / 9;
      return true;
    }
  int end = 0;
  return std::sscanf(words.c_str(), "%dx%d%n", &width, &height, &end) == 2 && words.size() == static_cast<std::size_t>(end);
}

namespace {

/// The run's newest generation that can be shown.
std::uint64_t generationOf(const SessionReader& session, std::int64_t run) {
  std::uint64_t newest = 0;
  for (const RecordedGeneration& each : session.recorded())
    if (each.run == run && !session.snapshotSteps(each.number).empty()) newest = std::max(newest, each.number);
  if (newest > 0) return newest;
  std::string known;
  for (const RecordedRun& each : session.runs()) known += (known.empty() ? "" : ", ") + std::to_string(each.number);
  throw std::invalid_argument("no snapshot of a run " + std::to_string(run) + " in this session; its runs are " + known);
}

}  // namespace

SessionFilm filmOfSession(const std::string& path, std::int64_t run) {
  const auto session = std::make_shared<SessionReader>(path);
  const std::shared_ptr<const Timeline> timeline = timelineOf(session);
  const std::uint64_t generation = run > 0 ? generationOf(*session, run) : timeline->current();
  const std::vector<std::int64_t> steps = timeline->snapshotSteps(generation);
  FilmKey first{0.0, session->document().empty() ? Document{} : documentFromJson(session->document()),
                std::filesystem::path(path).stem().string(), "", Ease::Linear};
  first.document.compares = false;
  if (const auto changes = timeline->knobChanges(generation); !changes.empty())
    first.document.sides[0].knobs = changes.back().knobs;
  first.document.sides[0].source = {};
  first.document.sides[0].cursor = {false, generation, steps.front()};
  FilmKey last = first;
  last.time = kSessionSeconds;
  last.document.sides[0].cursor.step = steps.back();
  std::vector<std::string> notes = session->notes();
  const std::vector<RecordedGeneration> all = session->recorded();
  const auto filmed =
      std::find_if(all.begin(), all.end(), [&](const RecordedGeneration& each) { return each.number == generation; });
  if (const std::size_t runs = session->runs().size(); runs > 1 && filmed != all.end())
    notes.push_back("films run " + std::to_string(filmed->run) + " of " + std::to_string(runs));
  return {{static_cast<long>(steps.back()), {"score_polygon", "load_bars", "training_metrics"}, {first, last}}, timeline, notes};
}

void cutToSteps(SessionFilm& film, std::int64_t from, std::int64_t to) {
  Cursor &first = film.script.keys.front().document.sides[0].cursor, &last = film.script.keys.back().document.sides[0].cursor;
  const std::vector<std::int64_t> held = film.timeline->snapshotSteps(first.generation);
  const Cursor begin{false, first.generation, from < 0 ? held.front() : from},
      end{false, first.generation, to < 0 ? held.back() : to};
  if (begin.step < held.front() || end.step > held.back() || begin.step > end.step)
    throw std::invalid_argument("no steps " + std::to_string(begin.step) + " to " + std::to_string(end.step) +
                                " in this session; expected some of " + std::to_string(held.front()) + " to " +
                                std::to_string(held.back()));
  first = begin;
  last = end;
}

namespace {

/// A side that is a recorded session, for every key frame.
std::shared_ptr<const Timeline> openRecorded(FilmScript& script, std::size_t side) {
  const auto session = std::make_shared<SessionReader>(script.keys.front().document.sides[side].source.file);
  const std::shared_ptr<const Timeline> timeline = timelineOf(session);
  printNotes(session->notes());
  const std::vector<KnobChange> knobs = timeline->knobChanges(timeline->current());
  for (FilmKey& key : script.keys) {
    Side& shown = key.document.sides[side];
    if (!shown.cursor.live) shown.cursor.generation = timeline->current();
    if (!knobs.empty()) shown.knobs = knobs.back().knobs;
  }
  return timeline;
}

}  // namespace

FilmTimelines recordFilm(FilmScript& script, int threads, std::shared_ptr<const Timeline> given) {
  FilmTimelines timelines;
  const Document& document = script.keys.front().document;
  for (std::size_t side = 0; side < (document.compares ? 2u : 1u); ++side) {
    if (side == 0 && given) {
      timelines[side] = given;
      continue;
    }
    if (document.sides[side].source.kind == SideSource::Kind::Session) {
      timelines[side] = openRecorded(script, side);
      continue;
    }
    if (document.sides[side].source.kind != SideSource::Kind::Training)
      throw std::runtime_error("a film shows a checkpoint on side A only");
    Progress progress(document.compares ? (side == 0 ? "side A, step" : "side B, step") : "step", script.steps);
    RecordingPlan plan = planOf(script, threads);
    plan.analysis = document.sides[side].analysis.settings;
    const Recording recording = record(document.sides[side].knobs, plan, [&](long done) {
      progress.at(done);
      return !interrupted();
    });
    printNotes(recording.notes);
    if (recording.timeline->dropped() > 0)
      std::fprintf(
          stderr, "note: %zu snapshots or analyses did not fit into memory; the film shows the ones before them in their place\n",
          recording.timeline->dropped());
    timelines[side] = recording.timeline;
  }
  return timelines;
}

void requireFilmOutput(const FilmRequest& request) {
  requireFilm(request.output, request.shape, request.replace);
  const std::string record = sidecarOf(request.output);
  if (std::filesystem::exists(record) && !isFilmRecord(record))
    throw std::runtime_error(record + " is there and is no record of a film; expected another name for the film");
  if (!request.replace && std::filesystem::exists(record))
    throw std::runtime_error(record + " is there already; expected another name for the film, or --force");
  requireWritable(record);
}

void renderFilm(const FilmRequest& request, std::shared_ptr<const Timeline> given) {
  const std::int64_t frames = request.frames > 0 ? request.frames : framesOf(request.script, request.shape);
  FilmRecord record{std::filesystem::path(request.output).filename().string(),
                    "Moescope " + programVersion(),
                    "",
                    encoderOf(filmKindOf(request.output), request.shape.codec),
                    request.shape,
                    machineThreads(),
                    request.session.empty() ? corporaOf(request.script) : std::vector<std::string>{},
                    request.session,
                    "",
                    true,
                    {},
                    request.script,
                    spokenLanguage(),
                    {}};
  FilmScript script = request.script;
  FilmTimelines timelines = recordFilm(script, record.threads, std::move(given));
  FilmPainter painter(script, std::move(timelines), request.shape);
  record.device = painter.device();
  FilmWriter writer(request.output, request.shape, request.replace);
  std::string failure;
  try {
    drawFrames(painter, writer, request.shape, frames);
  } catch (const std::exception& error) {
    failure = error.what();  // what was drawn before is a film
  }
  const FilmReport report = finished(writer, failure);
  record.hashes = report.hashes;
  const std::string beside = sidecarOf(request.output);
  writeFileAtomically(beside, toJson(record) + "\n");
  sayFilm(report, request, beside);
  if (!failure.empty())
    throw std::runtime_error(failure + "; " + report.path + " plays the " + std::to_string(report.frames) + " frames before");
  if (report.frames < frames)
    throw Stopped("stopped after " + std::to_string(report.frames) + " of " + std::to_string(frames) + " frames; " + report.path +
                  " plays them");
}

void renderParts(const FilmRequest& request, FilmRecord record, std::size_t count,
                 const std::function<FilmPart(std::size_t)>& part) {
  FilmWriter writer(request.output, request.shape, request.replace);
  record.film = std::filesystem::path(request.output).filename().string();
  record.program = "Moescope " + programVersion();
  record.encoder = encoderOf(filmKindOf(request.output), request.shape.codec);
  record.shape = request.shape;
  Offscreen held;  // an X server whose last picture goes with its painter may reset, and refuse the next one's meanwhile
  record.device = held.device();
  std::string failure;
  try {
    for (std::size_t done = 0; done < count && !interrupted(); ++done) {
      const FilmPart next = part(done);
      FilmPainter painter(next.script, next.timelines, request.shape);
      record.pages.push_back(framesOf(next.script, request.shape));
      drawFrames(painter, writer, request.shape, record.pages.back());
    }
  } catch (const std::exception& error) {
    failure = error.what();  // what was drawn before is a film
  }
  const FilmReport report = finished(writer, failure);
  record.hashes = report.hashes;
  auto left = static_cast<std::int64_t>(record.hashes.size());
  for (std::int64_t& frames : record.pages) left -= frames = std::min(frames, left);
  const std::string beside = sidecarOf(request.output);
  writeFileAtomically(beside, toJson(record) + "\n");
  sayFilm(report, request, beside);
  if (!failure.empty())
    throw std::runtime_error(failure + "; " + report.path + " plays the " + std::to_string(report.frames) + " frames before");
  if (interrupted()) throw Stopped("stopped after " + std::to_string(report.frames) + " frames; " + report.path + " plays them");
}

void requireFrame(const FilmRecord& record, std::int64_t frame) {
  if (frame < 0 || frame >= static_cast<std::int64_t>(record.hashes.size()))
    throw CLI::ValidationError("--frame", std::to_string(frame) + " is no frame of this film; expected 0 to " +
                                              std::to_string(record.hashes.size() - 1));
}

void renderFrameAgain(const FilmRecord& record, std::int64_t frame, const std::string& output,
                      std::shared_ptr<const Timeline> given) {
  requireFrame(record, frame);
  if (record.session.empty() && corporaOf(record.script) != record.corpora)
    throw std::runtime_error("the text to train on is not the one that the film was made with; its frames cannot be made again");
  FilmPart part{record.script, {}};
  part.timelines = recordFilm(part.script, record.threads, std::move(given));
  renderFrameAgain(record, frame, output, part, timeOf(frame, record.shape));
}

void renderFrameAgain(const FilmRecord& record, std::int64_t frame, const std::string& output, const FilmPart& part,
                      double seconds) {
  FilmPainter painter(part.script, part.timelines, record.shape);
  const Image picture = painter.draw(seconds);
  writePng(picture, output);
  ContentHash hash;
  hash.add({reinterpret_cast<const char*>(picture.pixels.data()), picture.pixels.size()});
  if (hash.text() != record.hashes[static_cast<std::size_t>(frame)])
    throw std::runtime_error(output + ": is not to the pixel what went into the film, which was drawn by " + record.program +
                             " on " + record.device + "; here it is Moescope " + programVersion() + " on " + painter.device());
  std::cout << output << ": frame " << frame << " of " << record.film << ", the same pixels\n";
}

}  // namespace moescope
