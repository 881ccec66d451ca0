#pragma once
// The frames of a film: views of one or two sides, with a title line and a caption, as one picture. The same time gives the same
// pixels, whatever was drawn before.

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/film/film_format.h"
#include "app/film/film_script.h"
#include "core/timeline/timeline.h"
#include "views/offscreen.h"
#include "views/word_strip.h"

namespace moescope {

/// A part of a picture, pixels from its upper left corner.
struct Tile {
  int x = 0, y = 0, width = 0, height = 0;

  bool operator==(const Tile&) const = default;
};

/// Where `views` views of `sides` sides lie in an area, side by side and each side's views in their order: one fills it, of a few
/// the first is largest, more lie in a grid. Both sides have the same arrangement.
std::vector<std::vector<Tile>> tilesOf(const Tile& area, int sides, int views, int gap);

/// "Top-2 softmax" or "Mixtral (mixtral)": the model of a picture.
std::string modelName(const Knobs& knobs, const Snapshot& snapshot);
/// "step 120, layer 1, concentration 2": what a picture shows of it.
std::string momentLine(const Snapshot& snapshot, const Lens& lens);
/// Both in one line, with the seed: "Top-2 softmax, seed 1, step 120, layer 1, concentration 2".
std::string titleLine(const Knobs& knobs, const Snapshot& snapshot, const Lens& lens);

class FilmPainter {
 public:
  /// `sides`: what was recorded of each shown side; the second is not read where the script does not compare.
  FilmPainter(const FilmScript& script, std::array<std::shared_ptr<const Timeline>, 2> sides, const FilmShape& shape);

  /// Throws std::runtime_error with one line where the moment cannot be read as the script says.
  Image draw(double seconds);

  double sceneSeconds() const { return sceneSeconds_; }    ///< spent in assembling scenes, so far
  double drawSeconds() const { return drawSeconds_; }      ///< and in drawing them
  std::string device();                                    ///< what draws

 private:
  struct Shown {
    int side = 0;
    std::string view;
    Tile place;
    std::unique_ptr<View> drawing;
    Camera first;                ///< that the view begins with
    Offscreen* surface = nullptr;
    std::optional<Scene> scene;  ///< with `theme` and `camera`: of `picture`, which is not drawn again while they are the same
    Theme theme;
    Camera camera;
    Image picture;
  };
  struct Words {
    Tile place;
    std::vector<StripLine> lines;
    Theme theme;
    Image picture;
  };

  void layOut();
  bool assemble(int side, const Document& document, double seconds);
  void assembleAll(const Document& document, double seconds);
  void drawView(Shown& shown, const Document& document, const Theme& theme);
  void drawWords(Words& words, std::vector<StripLine> lines, const Theme& theme);
  void writeWords(const FilmMoment& moment, const Theme& theme);
  Offscreen& surfaceFor(const Tile& place);

  const FilmScript script_;
  const std::array<std::shared_ptr<const Timeline>, 2> timelines_;
  const FilmShape shape_;
  const double ratio_;  ///< device pixels per pixel of a film of 720 lines
  std::map<std::pair<int, int>, std::unique_ptr<Offscreen>> surfaces_;  ///< one for each size: changing a surface's is slow
  std::vector<Shown> shown_;
  Words title_, caption_;
  std::array<Words, 2> sideWords_;
  std::array<std::optional<Scene>, 2> scenes_;  ///< as each side is alone
  std::array<Scene, 2> drawn_;                  ///< the same with each beside the other
  double sceneSeconds_ = 0.0, drawSeconds_ = 0.0;
};

}  // namespace moescope
