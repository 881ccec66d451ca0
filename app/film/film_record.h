#pragma once
// What lies beside a film and is enough to make any of its frames again: FILM.json.

#include <string>
#include <vector>

#include "app/film/film_format.h"
#include "app/film/film_script.h"
#include "app/film/recording.h"

namespace moescope {

struct FilmRecord {
  std::string film;                  ///< name of the file or folder beside this one
  std::string program, device;       ///< version of Moescope; the OpenGL that drew
  std::string encoder;               ///< by libavcodec's name; empty: pictures
  FilmShape shape;
  int threads = 0;                   ///< that training ran with
  std::vector<std::string> corpora;  ///< content hash of the text of each side that was trained; empty: a checkpoint
  std::string session;               ///< the recorded run that side A shows, an absolute path; empty: none
  std::string lesson;  ///< that was filmed, by the word that names it, a file by its absolute path; empty: the script was
  bool dark = true;                  ///< the lesson's theme
  std::vector<std::int64_t> pages;   ///< frames of each of the lesson's pages, as far as the film goes
  FilmScript script;                 ///< of a lesson: empty
  std::string language = "en";       ///< code of what its words are in
  std::vector<std::string> hashes;   ///< FilmReport's, of each frame that is in the film
};

std::string toJson(const FilmRecord& record);
/// Throws std::runtime_error that begins with the path.
FilmRecord readFilmRecord(const std::string& path);
/// Whether a file is one rather than a script. False where it cannot be read.
bool isFilmRecord(const std::string& path);

/// Time of a frame: n / rate.
inline double timeOf(std::int64_t frame, const FilmShape& shape) { return static_cast<double>(frame) / shape.rate; }
/// How many frames a script has: at least one.
std::int64_t framesOf(const FilmScript& script, const FilmShape& shape);

/// What must be recorded of each side's training, so that no moment of the film is missing: where time moves, as many snapshots
/// as a time line keeps, evenly spread.
RecordingPlan planOf(const FilmScript& script, int threads);
/// Content hash of the text that each trained side is trained on.
std::vector<std::string> corporaOf(const FilmScript& script);

}  // namespace moescope
