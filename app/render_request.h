#pragma once
// What `moescope render` is asked for, and the parts that do it. All throw std::runtime_error with one line, and
// CLI::ValidationError for what does not fit together.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/document/lesson.h"
#include "app/document/presets.h"
#include "app/film/film_record.h"
#include "app/window/view_picture.h"

namespace moescope {

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
  std::int64_t run = 0;             ///< of the session's; 0: the newest
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
  std::string word;                 ///< the first one, that says what is drawn; empty: none
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

/// What is drawn, by the first word: a preset, a lesson, a film script, the record of a film or a session, of which the run that
/// the options say.
void beginRendering(RenderOptions& options, const std::string& word);
/// A film speaks the language of its lesson, a frame that is made again that of its film, where none was given.
void chooseRenderLanguage(RenderOptions& options);

/// A preset's own views stand for all, and the first of them for one picture.
std::vector<const ViewDeclaration*> chosenViews(const RenderOptions& options);
std::vector<std::string> namesOf(const std::vector<const ViewDeclaration*>& views);

/// What pictures are drawn of: the end of a training, with what came before for trails and curves.
Recording recordTraining(const Knobs& knobs, long steps);
/// A checkpoint's layer in place of training; the lens gets the family's own gating unless one was given.
Recording recordCheckpoint(RenderOptions& options);

/// Views, or the whole window, as pictures.
void renderPictures(RenderOptions& options);
/// Of a session's film only the steps that the options say.
void chooseSteps(RenderOptions& options);
/// `was`: the first side before the command line's own options.
void renderFilmOf(RenderOptions& options, const Side& was);
void renderLessonOf(const RenderOptions& options);
/// One frame of a film once more.
void renderFrame(RenderOptions& options);

}  // namespace moescope
