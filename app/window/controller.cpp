#include "app/window/controller.h"

#include <stdexcept>
#include <utility>

#include "app/document/run_overview.h"
#include "app/document/scene_assembly.h"
#include "app/window/language.h"

namespace moescope {
namespace {

const char* const kBack = translatable("Back to training: Training menu, or the button at the lower right.");

QString inWords(std::int64_t steps, double seconds) {
  const QString time =
      seconds < 120.0 ? tr("%1 seconds").arg(seconds, 0, 'f', 0) : tr("%1 minutes").arg(seconds / 60.0, 0, 'f', 0);
  return tr("%1 steps, %2 of training").arg(steps).arg(time);
}

}  // namespace

Controller::Controller(const Document& document, std::uint64_t keptBytes, std::shared_ptr<Autosaves> autosaves,
                       const std::optional<ModelToContinue>& first)
    : document_(std::make_shared<const Document>(document)),
      history_([this](const DocumentPointer& shown, bool movesTime) { show(shown, movesTime); }),
      keptBytes_(keptBytes),
      autosaves_(std::move(autosaves)) {
  makeSide(0, first);
  if (compares()) makeSide(1);
  followPair();
}

Controller::~Controller() { lockstep_.untie(); }

void Controller::makeSide(int index, const std::optional<ModelToContinue>& first) {
  auto& side = sides_[static_cast<std::size_t>(index)];
  side = std::make_unique<SideController>(
      index, document_, keptBytes_, threads_, autosaves_ ? autosaves_->begin(index) : nullptr,
      [this, index](const std::function<void(Side&)>& change) { amend(index, change); }, first);
  connect(side.get(), &SideController::checkpointWanted, this,
          [this, index](const QString& folder, const QString& trace, const CaptureReading& reading) {
            Q_EMIT checkpointWanted(index, folder, trace, reading);
          });
  connect(side.get(), &SideController::sceneChanged, this, [this, index] { takeNews(index); });
  connect(side.get(), &SideController::sessionWanted, this,
          [this, index](const QString& file) { Q_EMIT sessionWanted(index, file); });
  connect(side.get(), &SideController::statusChanged, this, &Controller::statusChanged);
  connect(side.get(), &SideController::noticed, this, &Controller::noticed);
}

void Controller::showRepeatably() {
  for (const auto& side : sides_)
    if (side) side->showRepeatably();
}

void Controller::useThreads(int threads) {
  threads_ = threads;
  for (const auto& side : sides_)
    if (side) side->engine().useThreads(threads);
}

bool Controller::perform(const Action& action) {
  try {
    return take(apply(*document_, action), action.name, action.gesture);
  } catch (const std::exception& error) {
    Q_EMIT noticed(QString::fromStdString(error.what()));
    Q_EMIT documentChanged();  // editors go back to what is in force
    return false;
  }
}

bool Controller::showDocument(const Document& document, const std::string& name) {
  return perform({name, "", [document](Document& after) {
                    const std::array<Side, 2> before = std::move(after.sides);
                    const std::vector<Bookmark> bookmarks = std::move(after.bookmarks);
                    const std::vector<NamedSet> sets = std::move(after.sets);
                    after = document;
                    for (std::size_t i = 0; i < before.size(); ++i) after.sides[i].model = before[i].model;
                    if (after.bookmarks.empty()) after.bookmarks = bookmarks;  // a preset has none, and takes none away
                    if (after.sets.empty()) after.sets = sets;
                  }});
}

bool Controller::take(const Document& after, const std::string& name, const std::string& gesture) {
  if (after == *document_) return true;
  if (!accepts(after)) {
    Q_EMIT documentChanged();
    return false;
  }
  history_.take(document_, std::make_shared<const Document>(after), name, gesture);
  return true;
}

/// Throws where a shown snapshot cannot be read through its new lens.
bool Controller::accepts(const Document& after) {
  for (const auto& shown : sides_) {
    if (!shown || (shown->index() == 1 && !after.compares)) continue;
    const Side& side = after.sides[static_cast<std::size_t>(shown->index())];
    if (side.source == shown->shownSource() && !(side.lens == shown->side().lens) && side.model == shown->model())
      shown->evaluated(side.lens);
    if (side.model != shown->model() && !mayGiveUpTraining(shown->engine())) return false;
  }
  return true;
}

/// Also where it comes from undo or redo.
void Controller::show(const DocumentPointer& document, bool movesTime) {
  if (movesTime) return takeDocument(document);
  Document kept = *document;
  for (std::size_t i = 0; i < kept.sides.size(); ++i) kept.sides[i].cursor = document_->sides[i].cursor;
  takeDocument(std::make_shared<const Document>(std::move(kept)));
}

void Controller::showMoment(const Cursor& cursor) {
  takeDocument(std::make_shared<const Document>(apply(*document_, moveCursor(active(), cursor))));
}

void Controller::takeDocument(const DocumentPointer& document) {
  document_ = document;
  if (compares() && !sides_[1]) makeSide(1);
  for (const auto& side : sides_) {
    if (!side) continue;
    const std::uint64_t before = side->model();
    side->index() == 0 || compares() ? side->follow(document_) : side->note(document_);
    if (side->model() != before) lockstep_.catchUp();
  }
  followPair();
  Q_EMIT documentChanged();
  Q_EMIT sceneChanged();
}

/// What both sides do together, as the document says.
void Controller::followPair() {
  const bool pair = compares() && document_->links.time && on(0).trains() && on(1).trains();
  pair ? lockstep_.tie(on(0), on(1)) : lockstep_.untie();
  if (!compares()) {
    if (sides_[1]) sides_[1]->engine().pause();
    if (!on(0).scene().beside) return;
    on(0).showUpTo(Timeline::kEnd);
    on(0).putBeside(nullptr);
    return on(0).refresh();
  }
  lockstep_.takeNews();
  refreshPair();
}

/// Up to which step a side is shown: both where they train together, and a recorded run as far as the run beside it is.
std::int64_t Controller::lastShownOf(int side) const {
  const SideController &shown = on(side), &other = on(1 - side);
  if (lockstep_.tied()) return commonStep(*shown.timeline(), *other.timeline());
  if (!document_->links.time || !shown.session() || other.checkpoint()) return Timeline::kEnd;
  const SnapshotPointer latest = other.timeline()->latest().snapshot;
  return latest ? latest->step : Timeline::kEnd;
}

/// Both scenes at the same step, where their times are linked, and each beside the other.
void Controller::refreshPair() {
  for (const int side : {0, 1}) {
    on(side).showUpTo(lastShownOf(side));
    on(side).refresh();
  }
  Scene first = on(0).scene(), second = on(1).scene();
  moescope::putBeside(first, second);
  on(0).putBeside(first.beside);
  on(1).putBeside(second.beside);
}

void Controller::takeNews(int side) {
  if (side == 1 && !compares()) return;
  if (compares() && sides_[1]) {
    const bool wasTied = lockstep_.tied();
    const bool ties = document_->links.time && on(0).trains() && on(1).trains();
    if (wasTied != ties)
      followPair();
    else
      lockstep_.takeNews(), refreshPair();
  }
  Q_EMIT sceneChanged();
}

void Controller::activate(int side) {
  if (!compares() || side == document_->active) return;
  Document amended = *document_;
  amended.sides[static_cast<std::size_t>(side)].cursor =
      cursorOf(*on(side).timeline(), amended, side);  // a moment of its own run, as it is shown
  amended.active = side;
  document_ = std::make_shared<const Document>(std::move(amended));
  for (const auto& each : sides_) each->note(document_);
  Q_EMIT documentChanged();
  Q_EMIT statusChanged();
  Q_EMIT sceneChanged();
}

void Controller::playUntil(std::int64_t step) { lockstep_.tied() ? lockstep_.playUntil(step) : engine().playUntil(step); }

void Controller::pause() { lockstep_.tied() ? lockstep_.pause() : engine().pause(); }

void Controller::stepOnce() { lockstep_.tied() ? lockstep_.stepOnce() : engine().stepOnce(); }

bool Controller::playing() const {
  return lockstep_.tied() ? lockstep_.playing() : engine().status().state == EngineState::Playing;
}

/// A correction of what the document says, which is no step of its own.
void Controller::amend(int side, const std::function<void(Side&)>& change) {
  Document amended = *document_;
  change(amended.sides[static_cast<std::size_t>(side)]);
  document_ = std::make_shared<const Document>(std::move(amended));
  for (const auto& each : sides_)
    if (each) each->note(document_);
  Q_EMIT documentChanged();
}

bool Controller::settled() const {
  for (const auto& side : sides_)
    if (side && (side->index() == 0 || compares()) && !side->settled()) return false;
  return !lockstep_.uneven();
}

bool Controller::setLens(const Lens& lens) {
  return perform(changeLens(active(), translated("Lens"), [lens](Lens& changed) { changed = lens; }));
}

bool Controller::setKnobs(const Knobs& knobs) {
  std::string name = translated("Knobs");
  for (const KnobDeclaration& knob : knobSettings())
    if (knob.get ? knob.get(knobs) != knob.get(side().knobs) : knob.text(knobs) != knob.text(side().knobs))
      name = translated(knob.label);
  return perform(changeKnobs(active(), name, [knobs](Knobs& changed) { changed = knobs; }));
}

bool Controller::continueFrom(const ModelMoment& model) {
  SideController& shows = on(active());
  const std::uint64_t number = freshModel();
  std::optional<Knobs> knobs;
  try {
    knobs = shows.prepare(model, number);
  } catch (const std::exception& error) {
    notice(QString::fromStdString(error.what()));
    return false;
  }
  if (!knobs) {
    notice(tr("the model of step %1 is kept no longer").arg(model.step));
    return false;
  }
  return perform(moescope::continueFrom(shows.index(), model.step, number, *knobs));
}

bool Controller::mayGiveUpTraining(const Engine& engine) {
  const EngineStatus now = engine.status();
  if (asking_) return false;
  if (!question_ || now.keepable || now.trainedSteps == 0 || now.trainedSeconds < askSeconds_) return true;
  asking_ = true;
  const bool agreed = question_(inWords(now.trainedSteps, now.trainedSeconds));
  asking_ = false;
  return agreed;
}

void Controller::select(const Pick& pick) {
  Selection selection;
  for (const int expert : {pick.expert, pick.other})
    if (expert >= 0) selection.experts.push_back(expert);
  if (pick.token >= 0) selection.tokens = {pick.token};
  if (pick.domain >= 0 && pick.expert < 0) selection.domains = {pick.domain};
  setSelection(selection);
}

void Controller::extendSelection(const Pick& pick) {
  const Selection& selection = scene().selection;
  if (pick.expert < 0) return;
  if (pick.other >= 0 || selection.experts.empty()) return select(pick);
  if (!selection.hasExpert(pick.expert)) return select({selection.expert(), -1, -1, {}, pick.expert});
  select({pick.expert == selection.expert() ? selection.other() : selection.expert(), -1, -1, {}});
}

void Controller::showCheckpoint(int side, std::unique_ptr<CheckpointSource> opened) {
  if (side == 1 && !compares()) return retire(std::move(opened));  // meanwhile one side is shown alone
  SideController& shows = on(side);
  const std::string before = shows.shownSource().folder;
  shows.adopt(std::move(opened));
  const SideSource shown = shows.shownSource();
  if (!(shown == shows.side().source)) {  // opened by hand: the document follows
    Lens lens = shows.side().lens;
    if (shown.folder != before) {
      const SnapshotPointer first = shows.checkpoint()->latest();
      lens = Lens{};
      lens.gating.k = first && first->checkpoint ? first->checkpoint->chosen : lens.gating.k;
    }
    const SnapshotPointer first = shows.checkpoint()->latest();
    perform(first && first->capture ? moescope::showCapture(shows.index(), shown, lens)
                                    : moescope::showCheckpoint(shows.index(), shown, lens));
  }
  shows.settleCheckpoint();
}

void Controller::showSession(int index, std::shared_ptr<SessionSource> opened, Document document) {
  if (index == 1 && !compares()) return;  // it is closed again
  SideController& shows = on(index);
  const Side before = shows.side();
  const std::shared_ptr<SessionSource> was = shows.sharedSession();
  shows.adopt(std::move(opened));
  Side& recorded = document.sides[static_cast<std::size_t>(shows.index())];
  recorded.source = shows.shownSource();
  recorded.knobs = before.knobs;  // of the model in training, which stays
  recorded.trainingLens = before.source.kind == SideSource::Kind::Training ? before.lens : before.trainingLens;
  document.compares = compares();
  document.active = document_->active;
  const std::size_t other = shows.index() == 0 ? 1 : 0;
  document.sides[other] = document_->sides[other];
  if (recorded == before && document == *document_) return takeDocument(document_);  // it was wanted already
  if (showDocument(document, translated("Open session"))) return;
  shows.adopt(was);
  throw std::runtime_error(translated("this session cannot be shown"));
}

Knobs Controller::shownKnobs() const {
  const bool recorded = session() && scene().snapshot;
  return (recorded ? knobsAt(*timeline(), scene().generation, scene().snapshot->step) : std::nullopt).value_or(side().knobs);
}

QString Controller::whyNotTraining() const {
  if (session())
    return tr("A recorded session is shown. Go on with one of its models: Time menu, or the time line. ") + tr(kBack);
  if (!checkpoint()) return {};
  return (scene().snapshot && scene().snapshot->capture ? tr("A capture is shown, which does not train. ")
                                                        : tr("A checkpoint is shown, which does not train here. ")) +
         tr(kBack);
}

void Controller::giveUpCheckpoint(int side) {
  if (side == 1 && !compares()) return;
  const SideController& shows = on(side);
  if (shows.side().source == shows.shownSource()) return;
  amend(shows.index(), [&shows](Side& side) {
    side.source = shows.shownSource();
    if (shows.trains()) side.lens = side.trainingLens;
  });
}

}  // namespace moescope
