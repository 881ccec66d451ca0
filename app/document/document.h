#pragma once
// Everything that a person decided, as one value: what is shown and how it is read, trained and laid out. It never changes in
// place; apply() makes the next one.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/checkpoint/capture.h"
#include "core/geometry/expert_analysis.h"
#include "core/knobs/knobs.h"
#include "core/reading/lens.h"
#include "core/reading/selection.h"
#include "core/timeline/timeline_entries.h"
#include "views/camera.h"

namespace moescope {

/// Where a side's snapshots come from.
struct SideSource {
  enum class Kind { Training, Checkpoint, Session };
  Kind kind = Kind::Training;
  std::string folder = {}, trace = {};  ///< of a checkpoint: absolute paths; a trace may be empty
  std::string file = {};                ///< of a session: an absolute path
  CaptureReading reading = {};          ///< of a capture: what its file does not tell, and what counts

  bool operator==(const SideSource&) const = default;
};

/// What the analysis of the experts measures, and how often.
struct AnalysisChoice {
  AnalysisSettings settings;
  double everySeconds = 2.0;  ///< at most so often while training; 0: never

  bool operator==(const AnalysisChoice&) const = default;
};

/// The moment that is shown.
struct Cursor {
  bool live = true;              ///< the newest one; what follows is then not read
  std::uint64_t generation = 0;  ///< of the run
  std::int64_t step = 0;

  bool operator==(const Cursor&) const = default;
};

struct Side {
  SideSource source;
  Knobs knobs;
  std::uint64_t model =
      1;  ///< which model trains: a reset, another router or shape makes a new number, and undo goes back to the old
  Lens lens;
  Lens trainingLens;        ///< of the model in training, while a checkpoint is shown
  Selection selection;
  AnalysisChoice analysis;
  Cursor cursor;
  std::map<std::string, Camera> cameras;  ///< by view; a view without one has its own

  bool operator==(const Side&) const = default;
};

/// What moves on both sides when it moves on one.
struct Links {
  bool concentration = true, layer = true, selection = true, cameras = true, time = true;

  bool operator==(const Links&) const = default;
};

/// Parts of the panel that are folded until they are asked for.
inline constexpr const char* kPanelParts[] = {"reading", "training", "measures", "analysis"};

struct Layout {
  std::string group = {};                        ///< of views, that is shown; empty: the first
  std::map<std::string, std::string> docks = {};  ///< by group: places and sizes, base64 of the window's own form
  std::vector<std::string> front =
      {};  ///< views that lie in front of their tabs, where they share a place; else as they were left
  std::string filling = {};                      ///< the view that fills its group; empty: none
  bool drawer = false;                           ///< the stage has its panel open
  std::vector<std::string> alone =
      {};  ///< views of any group that are shown in place of it, the first one largest; none: the group
  std::set<std::string> open = {};               ///< parts of the panel that are unfolded: names of kPanelParts

  bool operator==(const Layout&) const = default;
};

/// How fast a recording is played.
struct Playback {
  enum class Unit { Snapshots, Steps };
  double rate = 8.0;  ///< units in a second
  Unit unit = Unit::Snapshots;

  bool operator==(const Playback&) const = default;
};

/// A set of tokens, domains and experts that somebody kept.
struct NamedSet {
  std::string name;
  Selection members;

  bool operator==(const NamedSet&) const = default;
};

/// What the model writes after the prompt.
struct Continuation {
  int bytes = 0;             ///< 0: nothing
  double temperature = 1.0;  ///< 0: always the likeliest byte
  std::uint64_t seed = 1;

  bool operator==(const Continuation&) const = default;
};

inline constexpr double kGreatestTemperature = 10.0;
inline constexpr std::size_t kLargestPrompt = 65536;  ///< bytes
inline constexpr double kSlowestPlayback = 0.25, kFastestPlayback = 6400.0;
inline constexpr std::size_t kMostBookmarks = 500, kLongestBookmark = 200;  ///< bytes of a name
inline constexpr std::size_t kMostSets = 200;

inline constexpr double kLeastTextScale = 0.7, kGreatestTextScale = 2.5;

struct Document {
  std::array<Side, 2> sides;
  bool compares = false;  ///< both sides are shown; else the first
  int active = 0;         ///< the side that panel and keys speak of while both are shown: 0 or 1
  bool differs = false;   ///< beside both sides what B has more than A, in views where that means something
  Links links;
  Layout layout;
  std::map<std::string, std::map<std::string, std::string>>
      viewOptions;  ///< by view and option; what is not there is the default
  bool dark = true;
  double textScale = 1.0;
  bool motion = true;  ///< tokens glide to their new places
  std::set<std::string> hiddenControls;  ///< names of rows of knobSettings() and lensTable(): their editors are not shown
  std::vector<Bookmark> bookmarks;       ///< in the order in which they were made
  std::vector<NamedSet> sets;            ///< in the order in which they were kept
  Playback playback;
  std::string prompt;                    ///< text of one's own, UTF-8
  int promptPlace = -1;                  ///< a byte of it; -1: its last one
  Continuation continuation;
  std::map<std::string, std::string> unknown;  ///< keys of a file that this version does not know: JSON pointer and JSON text

  bool operator==(const Document&) const = default;
};

using DocumentPointer = std::shared_ptr<const Document>;

/// Throws std::runtime_error with one line: which value of which side, and what was expected of it. Experts and layers that the
/// shown model has not are no error: a scene shows what there is of them.
void requireValid(const Document& document);

/// knobTable() with the routers as choices, and who of them uses which knob.
const std::vector<KnobDeclaration>& knobSettings();

}  // namespace moescope
