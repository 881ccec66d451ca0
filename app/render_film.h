#pragma once
// Films from the command line: recording what they show, drawing and encoding them, and their frames made again.

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "app/film/film_record.h"

namespace moescope {

using FilmTimelines = std::array<std::shared_ptr<const Timeline>, 2>;

/// That training for films runs with here.
int machineThreads();

struct FilmRequest {
  FilmScript script;
  FilmShape shape;
  std::string output;
  std::string session;      ///< that the film is of: an absolute path; empty: none
  std::int64_t frames = 0;  ///< 0: as many as the script lasts
  bool replace = false, json = false;
};

/// "1280x720", "720p", "1080p", "1440p" or "4k" into width and height. False for anything else; sizes are not checked.
bool readFilmSize(const std::string& words, int& width, int& height);

/// A recorded run from its first snapshot to its last, as it was shown when it was recorded.
struct SessionFilm {
  FilmScript script;
  std::shared_ptr<const Timeline> timeline;
  std::vector<std::string> notes;  ///< what of it cannot be read, one line each
};
/// `run`: of several; 0: the newest. Throws std::runtime_error with one line for what is no session, std::invalid_argument for a
/// run that it has not, or has no snapshot of.
SessionFilm filmOfSession(const std::string& path, std::int64_t run = 0);

/// Of a session's film only these steps; -1: from the first, to the last that it has. Throws std::invalid_argument for what it
/// has not.
void cutToSteps(SessionFilm& film, std::int64_t from, std::int64_t to);

/// Trains each side that is to be trained, and opens those that are recorded sessions, whose newest run the script's steps are
/// then of. `given`: of the first side, where it is a checkpoint or a session that is open already. Throws Stopped where a person
/// stopped it.
FilmTimelines recordFilm(FilmScript& script, int threads, std::shared_ptr<const Timeline> given);

/// Draws and writes the film with its record beside it, and says so. What was begun and then stopped is a shorter film, and
/// throws Stopped.
void renderFilm(const FilmRequest& request, std::shared_ptr<const Timeline> given);

/// A script with what it shows.
struct FilmPart {
  FilmScript script;
  FilmTimelines timelines;
};
/// Several scripts one after another as one film, each asked for when its turn comes, with its record beside it; the request's
/// own script is not read. `record`: what made them, its pages and all that drawing tells filled in here. Throws as renderFilm().
void renderParts(const FilmRequest& request, FilmRecord record, std::size_t count,
                 const std::function<FilmPart(std::size_t)>& part);

/// Throws before long work where renderFilm() could not write.
void requireFilmOutput(const FilmRequest& request);

/// Throws CLI::ValidationError where the film has no such frame.
void requireFrame(const FilmRecord& record, std::int64_t frame);
/// One frame of a film once more, as PNG. Throws std::runtime_error, once it is written, where its pixels are not those that went
/// into the film.
void renderFrameAgain(const FilmRecord& record, std::int64_t frame, const std::string& output,
                      std::shared_ptr<const Timeline> given);
/// The same of one of several scripts, at a time of its own.
void renderFrameAgain(const FilmRecord& record, std::int64_t frame, const std::string& output, const FilmPart& part,
                      double seconds);

}  // namespace moescope
