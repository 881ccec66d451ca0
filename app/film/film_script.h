#pragma once
// A film as words: key frames with what is shown at their times. docs/film.md describes the files.

#include <string>
#include <vector>

#include "app/document/document.h"
#include "app/document/presets.h"

namespace moescope {

/// How a film goes from a key frame to the next.
enum class Ease {
  Smooth,  ///< slowly at both ends: 3 u^2 - 2 u^3
  Linear,
  Hold     ///< stays, and jumps at the next one
};

struct FilmKey {
  double time = 0.0;  ///< seconds
  Document document;  ///< what is shown then
  std::string title, caption;
  Ease ease = Ease::Smooth;

  bool operator==(const FilmKey&) const = default;
};

struct FilmScript {
  long steps = 200;                ///< of training before the film is drawn, on each side
  std::vector<std::string> views;  ///< shown together, the first one largest
  std::vector<FilmKey> keys;       ///< at least one, the first at 0, times rising

  double seconds() const { return keys.back().time; }
  /// Whether both sides of the document are shown.
  bool compares() const { return keys.front().document.compares; }
  bool operator==(const FilmScript&) const = default;
};

/// Of the training that a film shows, in Cursor::generation.
inline constexpr std::uint64_t kFilmGeneration = 1;
inline constexpr double kLongestFilm = 3600.0;  ///< seconds

/// What a film shows at a time.
struct FilmMoment {
  Document document;
  std::string title, caption;
};

/// `seconds` before the first key frame or after the last one shows those. Between two, concentrations glide in their logarithm
/// (from 1/32 where one is 0), cameras turn about what they look at, cursors of one run and the size of text move linearly; all
/// else jumps at the later one.
FilmMoment momentAt(const FilmScript& script, double seconds);

/// Throws std::runtime_error with one line, the key and what was expected there.
FilmScript filmScriptFromJson(const std::string& text);
/// The same as Markdown: "# Title", a block of JSON, then for each key frame "## SECONDS" (or M:SS) with a caption and a block of
/// JSON.
FilmScript filmScriptFromMarkdown(const std::string& text);
/// A script file: Markdown where its name ends in .md, else JSON. Throws std::runtime_error that begins with the path.
FilmScript readFilmScript(const std::string& path);
/// What filmScriptFromJson() reads.
std::string toJson(const FilmScript& script);

/// The preset's own film.
FilmScript filmOf(const Preset& preset);
/// The concentration from 1/16 to 16.
FilmScript concentrationFilm(const Document& document, const std::vector<std::string>& views, long steps,
                             const std::string& title);
/// The same film in another time. `seconds` above 0; a film that lasts no time at all shows its one key frame so long.
FilmScript lasting(FilmScript script, double seconds);

}  // namespace moescope
