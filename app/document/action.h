#pragma once
// One thing that a person does to the Document.

#include <functional>
#include <string>

#include "app/document/document.h"

namespace moescope {

struct Action {
  std::string name;     ///< for the Edit menu: "Concentration"
  std::string gesture;  ///< actions in a row of one gesture are one step of undo; empty: a step of its own
  std::function<void(Document&)> change;
};

/// The document after the action; what is linked has moved on both sides, and a side that got another model shows its newest
/// moment. Throws std::runtime_error with one line where the result would not be valid; `before` is what it was.
Document apply(const Document& before, const Action& action);

/// A number that no model of this process had.
std::uint64_t freshModel();

// What panel, menus, command line and tests do. `side`: 0 or 1.

/// By the name of a row of knobSettings(), lensTable() or a view's options ("view/option").
Action setNumber(int side, const std::string& setting, double value);
Action setWords(int side, const std::string& setting, const std::string& words);
Action changeLens(int side, std::string name, std::function<void(Lens&)> change);
Action changeKnobs(int side, std::string name, std::function<void(Knobs&)> change);
Action select(int side, const Selection& selection);
/// A new model from the same knobs.
Action reset(int side);
/// Training goes on from a stored model, of this step and these knobs; `model`: its number from now on.
Action continueFrom(int side, std::int64_t step, std::uint64_t model, const Knobs& knobs);
Action changeAnalysis(int side, const AnalysisChoice& analysis);
Action moveCamera(int side, const std::string& view, const Camera& camera);
/// A capture, with the views that can draw one.
Action showCapture(int side, const SideSource& source, const Lens& lens);
Action showCheckpoint(int side, const SideSource& source, const Lens& lens);
/// What of the shown capture counts; of another source nothing.
Action leaveOutIdentical(int side, bool leaveOut);
Action backToTraining(int side);
/// Goes to a moment; while a hand draws it along the time line all that is one gesture.
Action moveCursor(int side, const Cursor& cursor);
/// A name that is taken gets a number: "start", "start (2)".
Action addBookmark(const Bookmark& bookmark);
/// They do nothing where there is none of that name.
Action renameBookmark(const std::string& from, const std::string& to);
Action removeBookmark(const std::string& name);
/// Keeps a set; one of that name takes its place.
Action keepSet(const std::string& name, const Selection& members);
/// They do nothing where there is none of that name.
Action renameSet(const std::string& from, const std::string& to);
Action removeSet(const std::string& name);
Action setPlayback(const Playback& playback);
Action setTheme(bool dark, double textScale);
/// Shows both sides, or the first alone. B begins as a copy of A with a model of its own; where it was compared with before it is
/// as it was left, and what is linked is A's.
Action compare(bool both);
/// `link`: "concentration", "layer", "selection", "cameras" or "time". What is linked anew moves to where the active side has it.
Action setLink(const std::string& link, bool linked);
Action showDifference(bool shown);

}  // namespace moescope
