#include "app/document/action.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <utility>

#include "core/reading/lens_table.h"
#include "core/words/words.h"
#include "views/registry.h"

namespace moescope {
namespace {

std::string gestureOf(int side, const std::string& what) { return what + (side == 0 ? "-a" : "-b"); }

/// A link: its flag, and what of a side it moves.
struct LinkRow {
  const char* name;
  bool Links::*flag;
  bool (*alike)(const Side&, const Side&);
  void (*copy)(const Side& from, Side& to);
};

template <auto Part>
constexpr LinkRow linkOf(const char* name, bool Links::*flag) {
  return {name, flag, [](const Side& a, const Side& b) { return a.*Part == b.*Part; },
          [](const Side& from, Side& to) { to.*Part = from.*Part; }};
}

constexpr LinkRow kLinks[] = {
    {"concentration", &Links::concentration,
     [](const Side& a, const Side& b) { return a.lens.concentration == b.lens.concentration; },
     [](const Side& from, Side& to) { to.lens.concentration = from.lens.concentration; }},
    {"layer", &Links::layer, [](const Side& a, const Side& b) { return a.lens.layer == b.lens.layer; },
     [](const Side& from, Side& to) { to.lens.layer = from.lens.layer; }},
    linkOf<&Side::selection>("selection", &Links::selection),
    linkOf<&Side::cameras>("cameras", &Links::cameras),
    linkOf<&Side::cursor>("time", &Links::time),
};

/// What moved on one side moves on the other one, unless it moved on both.
void followLinks(const Document& before, Document& after) {
  if (!after.compares) return;
  for (const LinkRow& link : kLinks) {
    if (!(after.links.*link.flag)) continue;
    const bool first = !link.alike(before.sides[0], after.sides[0]), second = !link.alike(before.sides[1], after.sides[1]);
    if (first != second) link.copy(after.sides[first ? 0 : 1], after.sides[first ? 1 : 0]);
  }
}

/// A model is one sequence of steps: what needs another one, and a switch of router, is another model.
void numberModels(const Document& before, Document& after) {
  for (std::size_t i = 0; i < after.sides.size(); ++i) {
    const Side& was = before.sides[i];
    Side& is = after.sides[i];
    if (is.model == was.model && (needsNewModel(was.knobs, is.knobs) || was.knobs.router != is.knobs.router))
      is.model = freshModel();
    if (is.model != was.model && is.cursor == was.cursor) is.cursor = {};
  }
}

template <typename Rows>
const typename Rows::value_type* rowNamed(const Rows& rows, const std::string& name) {
  for (const auto& row : rows)
    if (row.name == name) return &row;
  return nullptr;
}

Side& sideOf(Document& document, int side) { return document.sides.at(static_cast<std::size_t>(side)); }

/// "view/option"
Action setViewOption(const std::string& setting, const std::string& words) {
  const std::size_t slash = setting.find('/');
  const std::string view = setting.substr(0, slash), option = setting.substr(slash + 1);
  std::string label = option;
  for (const ViewDeclaration& declaration : viewRegistry())
    for (const ViewOption& each : declaration.options)
      if (declaration.name == view && each.name == option) label = translated(declaration.title) + ": " + translated(each.label);
  return {label, "", [view, option, words](Document& document) { document.viewOptions[view][option] = words; }};
}

}  // namespace

std::uint64_t freshModel() {
  static std::atomic<std::uint64_t> last = 1;  // a document begins with 1
  return ++last;
}

Document apply(const Document& before, const Action& action) {
  Document after = before;
  action.change(after);
  followLinks(before, after);
  requireValid(after);
  numberModels(before, after);
  return after;
}

Action setNumber(int side, const std::string& setting, double value) {
  if (const KnobDeclaration* knob = rowNamed(knobSettings(), setting); knob && knob->get)
    return {translated(knob->label), gestureOf(side, setting), [side, knob, value](Document& document) {
              knob->check(value);
              knob->set(sideOf(document, side).knobs, value);
            }};
  if (const LensSetting* row = rowNamed(lensTable(), setting); row && row->get)
    return {translated(row->label), gestureOf(side, setting), [side, row, value](Document& document) {
              row->check(value);
              row->set(sideOf(document, side).lens, value);
            }};
  throw std::invalid_argument(translated("there is no number called '%1'", setting));
}

Action setWords(int side, const std::string& setting, const std::string& words) {
  if (const KnobDeclaration* knob = rowNamed(knobSettings(), setting); knob && knob->text)
    return {translated(knob->label), "", [side, knob, words](Document& document) {
              knob->check(words);
              knob->setText(sideOf(document, side).knobs, words);
            }};
  if (const LensSetting* row = rowNamed(lensTable(), setting); row && row->text)
    return {translated(row->label), "", [side, row, words](Document& document) {
              row->check(words);
              row->setText(sideOf(document, side).lens, words);
            }};
  if (setting.find('/') != std::string::npos) return setViewOption(setting, words);
  throw std::invalid_argument(translated("there is no choice called '%1'", setting));
}

Action changeLens(int side, std::string name, std::function<void(Lens&)> change) {
  return {name, gestureOf(side, name),
          [side, change = std::move(change)](Document& document) { change(sideOf(document, side).lens); }};
}

Action changeKnobs(int side, std::string name, std::function<void(Knobs&)> change) {
  return {name, gestureOf(side, name),
          [side, change = std::move(change)](Document& document) { change(sideOf(document, side).knobs); }};
}

Action select(int side, const Selection& selection) {
  return {selection.empty() ? translated("Clear selection") : translated("Selection"), "",
          [side, selection](Document& document) { sideOf(document, side).selection = selection; }};
}

Action reset(int side) {
  return {translated("Reset"), "", [side](Document& document) { sideOf(document, side).model = freshModel(); }};
}

Action continueFrom(int side, std::int64_t step, std::uint64_t model, const Knobs& knobs) {
  return {translated("Continue from step ") + std::to_string(step), "", [side, model, knobs](Document& document) {
            Side& goesOn = sideOf(document, side);
            goesOn.model = model;
            goesOn.knobs = knobs;
            goesOn.cursor = {};
            if (goesOn.source.kind == SideSource::Kind::Session) goesOn.source = {};  // its model trains from here on
          }};
}

Action changeAnalysis(int side, const AnalysisChoice& analysis) {
  return {translated("Analysis of the experts"), gestureOf(side, "analysis"),
          [side, analysis](Document& document) { sideOf(document, side).analysis = analysis; }};
}

Action moveCamera(int side, const std::string& view, const Camera& camera) {
  return {translated("Camera"), gestureOf(side, "camera-" + view),
          [side, view, camera](Document& document) { sideOf(document, side).cameras[view] = camera; }};
}

Action showCheckpoint(int side, const SideSource& source, const Lens& lens) {
  return {translated("Open checkpoint"), "", [side, source, lens](Document& document) {
            Side& shown = sideOf(document, side);
            if (shown.source.kind == SideSource::Kind::Training) shown.trainingLens = shown.lens;
            shown.source = source;
            shown.lens = lens;
            shown.cursor = {};
          }};
}

Action showCapture(int side, const SideSource& source, const Lens& lens) {
  Action action = showCheckpoint(side, source, lens);
  action.name = translated("Open capture");
  action.change = [open = action.change](Document& document) {
    open(document);
    document.layout.group = kLayersGroup;
    document.layout.filling.clear();
    document.layout.alone.clear();
  };
  return action;
}

Action leaveOutIdentical(int side, bool leaveOut) {
  return {leaveOut ? translated("Leave out identical rows") : translated("Count identical rows"), "",
          [side, leaveOut](Document& document) {
            SideSource& source = sideOf(document, side).source;
            if (source.kind == SideSource::Kind::Checkpoint) source.reading.withoutIdentical = leaveOut;
          }};
}

Action backToTraining(int side) {
  return {translated("Back to training"), "", [side](Document& document) {
            Side& shown = sideOf(document, side);
            if (shown.source.kind == SideSource::Kind::Training) return;
            shown.source = {};
            shown.lens = shown.trainingLens;
            shown.cursor = {};
          }};
}

Action moveCursor(int side, const Cursor& cursor) {
  return {translated("Moment"), gestureOf(side, "cursor"),
          [side, cursor](Document& document) { sideOf(document, side).cursor = cursor; }};
}

Action addBookmark(const Bookmark& bookmark) {
  return {translated("Add bookmark"), "", [bookmark](Document& document) {
            const auto taken = [&](const std::string& name) {
              return std::any_of(document.bookmarks.begin(), document.bookmarks.end(),
                                 [&](const Bookmark& each) { return each.name == name; });
            };
            Bookmark added = bookmark;
            for (int number = 2; taken(added.name); ++number) added.name = bookmark.name + " (" + std::to_string(number) + ")";
            document.bookmarks.push_back(added);
          }};
}

Action renameBookmark(const std::string& from, const std::string& to) {
  return {translated("Rename bookmark"), "", [from, to](Document& document) {
            for (Bookmark& each : document.bookmarks)
              if (each.name == from) return void(each.name = to);
          }};
}

Action removeBookmark(const std::string& name) {
  return {translated("Delete bookmark"), "", [name](Document& document) {
            std::erase_if(document.bookmarks, [&](const Bookmark& each) { return each.name == name; });
          }};
}

Action keepSet(const std::string& name, const Selection& members) {
  return {translated("Keep set"), "", [name, members](Document& document) {
            for (NamedSet& each : document.sets)
              if (each.name == name) return void(each.members = members);
            document.sets.push_back({name, members});
          }};
}

Action renameSet(const std::string& from, const std::string& to) {
  return {translated("Rename set"), "", [from, to](Document& document) {
            for (NamedSet& each : document.sets)
              if (each.name == from) return void(each.name = to);
          }};
}

Action removeSet(const std::string& name) {
  return {translated("Delete set"), "",
          [name](Document& document) { std::erase_if(document.sets, [&](const NamedSet& each) { return each.name == name; }); }};
}

Action setPlayback(const Playback& playback) {
  return {translated("Speed of playing"), "", [playback](Document& document) { document.playback = playback; }};
}

Action setTheme(bool dark, double textScale) {
  return {translated("Theme and size of text"), "theme", [dark, textScale](Document& document) {
            document.dark = dark;
            document.textScale = textScale;
          }};
}

Action compare(bool both) {
  return {both ? "A|B" : translated("One side"), "", [both](Document& document) {
            document.compares = both;
            if (!both) return;
            Side &first = document.sides[0], &second = document.sides[1];
            if (second == Side{}) {
              second = first;
              second.model = freshModel();
            }
            for (const LinkRow& link : kLinks)
              if (document.links.*link.flag) link.copy(first, second);
          }};
}

Action setLink(const std::string& link, bool linked) {
  for (const LinkRow& row : kLinks)
    if (row.name == link)
      return {translated(linked ? "Link %1" : "Unlink %1", translated(link)), "", [row, linked](Document& document) {
                document.links.*row.flag = linked;
                const auto active = static_cast<std::size_t>(document.active);
                if (linked) row.copy(document.sides[active], document.sides[1 - active]);
              }};
  throw std::invalid_argument(translated("there is no link called '%1'", link));
}

Action showDifference(bool shown) {
  return {translated(shown ? "Show B \u2212 A" : "Hide B \u2212 A"), "",
          [shown](Document& document) { document.differs = shown; }};
}

}  // namespace moescope
