#include "app/window/controller.h"

#include <QElapsedTimer>
#include <QMetaObject>
#include <QThreadPool>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace moescope {
namespace {

constexpr int kFrameMilliseconds = 33, kCurveInFrame = 8;

QString inWords(std::int64_t steps, double seconds) {
  const QString time =
      seconds < 120.0 ? QString("%1 seconds").arg(seconds, 0, 'f', 0) : QString("%1 minutes").arg(seconds / 60.0, 0, 'f', 0);
  return QString("%1 steps, %2 of training").arg(steps).arg(time);
}

}  // namespace

bool readAlike(Lens a, const Lens& b) {
  a.layer = b.layer;
  return a == b;
}

Controller::Controller(const Document& document, std::uint64_t keptBytes)
    : engine_(std::make_unique<Engine>(document.sides[0].knobs, 0, keptBytes)),
      document_(std::make_shared<const Document>(document)),
      history_([this](const DocumentPointer& shown, bool movesTime) { show(shown, movesTime); }),
      model_(document.sides[0].model),
      keptBytes_(keptBytes) {
  engine_->setKnobs(side().knobs, model_);
  scene_.lens = side().lens;
  source().setAnalysis(analysisRequest());
  source().requestLoss(side().lens);
  frame_.setSingleShot(true);
  frame_.setInterval(kFrameMilliseconds);
  connect(&frame_, &QTimer::timeout, this, &Controller::takeNews);
  listenTo(*engine_);
}

/// On the source's thread: post one notice, however many are pending.
void Controller::listenTo(SnapshotSource& source) {
  source.setListener([this, posted = newsPosted_] {
    if (!posted->exchange(true))
      QMetaObject::invokeMethod(this, [this] { if (!frame_.isActive()) frame_.start(); }, Qt::QueuedConnection);
  });
}

Controller::~Controller() {
  engine_->setListener(nullptr);
  engine_.reset();
  checkpoint_.reset();
  QThreadPool::globalInstance()->waitForDone();
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
                    after = document;
                    for (std::size_t i = 0; i < before.size(); ++i) after.sides[i].model = before[i].model;
                    if (after.bookmarks.empty()) after.bookmarks = bookmarks;  // a preset has none, and takes none away
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

/// Throws where the shown snapshot cannot be read through the new lens.
bool Controller::accepts(const Document& after) {
  const Side& side = after.sides[0];
  if (side.source == shownSource() && !(side.lens == this->side().lens) && side.model == model_) evaluated(side.lens);
  return side.model == model_ || mayGiveUpTraining();
}

/// Also where it comes from undo or redo.
void Controller::show(const DocumentPointer& document, bool movesTime) {
  const DocumentPointer before = std::exchange(document_, document);
  if (!movesTime) {
    Document kept = *document;
    for (std::size_t i = 0; i < kept.sides.size(); ++i) kept.sides[i].cursor = before->sides[i].cursor;
    document_ = std::make_shared<const Document>(std::move(kept));
  }
  followModel(before->sides[0], side());
  followSource(side().source);
  assemble();
  source().requestLoss(side().lens);
  source().setAnalysis(analysisRequest());
  Q_EMIT documentChanged();
  Q_EMIT sceneChanged();
}

/// The scene that follows from time line and document. A moment that cannot be read leaves the one before on show.
void Controller::assemble() {
  leaveMissingMoment();
  const Scene before = std::move(scene_);
  Scene next = assembleScene(*source().timeline(), *document_, 0, &before);
  if (!next.readingNote.empty() && next.readingNote != before.readingNote)
    Q_EMIT noticed(QString::fromStdString(next.readingNote + (next.routing || !before.snapshot ? "" : ": step " + std::to_string(before.snapshot->step) + " stays")));
  if (!next.routing && before.routing) {
    const std::string note = next.readingNote;
    next = before;
    next.readingNote = note;
  }
  next.reference = before.reference;
  next.underWay = trains() ? "" : source().status().message;
  const bool curve = next.routing && !sameCurve(before, next);
  if (curve && !next.past) next.curve = before.curve;  // until the new one is there; of the past one moment shows nothing of another
  scene_ = std::move(next);
  findEarlier(before);
  if (curve) computeCurve();
}

/// A run that the time line does not hold, or no more, cannot be shown.
void Controller::leaveMissingMoment() {
  const Cursor wanted = side().cursor;
  const std::shared_ptr<const Timeline> held = source().timeline();
  if (wanted.live || !held->latest().snapshot || held->at(wanted.generation, wanted.step).snapshot) return;
  amend([](Side& side) { side.cursor = {}; });
  Q_EMIT noticed(QString("run %1 is not on the time line: the newest step is shown").arg(wanted.generation));
}

void Controller::showMoment(const Cursor& cursor) {
  document_ = std::make_shared<const Document>(apply(*document_, moveCursor(0, cursor)));
  assemble();
  Q_EMIT documentChanged();
  Q_EMIT sceneChanged();
}

void Controller::findEarlier(const Scene& before) {
  const Scene& now = scene_;
  const bool same = now.snapshot == before.snapshot && before.routing && now.routing && now.routing->layer == before.routing->layer;
  if (same && (!now.past || (before.past && now.routing == before.routing))) return;
  earlier_ = nullptr;
  earlierStep_ = -1;
  if (!now.routing) return;
  if (!now.past) {
    const bool follows = before.routing && !before.past && before.generation == now.generation && now.routing->layer == before.routing->layer;
    if (!follows) return;
    earlier_ = before.routing;
    earlierStep_ = before.snapshot->step;
    return;
  }
  const SnapshotPointer held = source().timeline()->at(now.generation, now.snapshot->step - 1).snapshot;
  if (!held || held->step >= now.snapshot->step) return;
  try {
    earlier_ = std::make_shared<const Routing>(evaluate(*held, now.lens));
    earlierStep_ = held->step;
  } catch (const std::exception&) {
    return;  // nothing to compare with: that one cannot be read through this lens
  }
}

void Controller::followModel(const Side& before, const Side& after) {
  if (after.model == model_) {
    if (!(after.knobs == engine_->knobs())) engine_->setKnobs(after.knobs);
    return;
  }
  model_ = after.model;
  if (engine_->canGoTo(after.model)) {
    engine_->goTo(after.model);
    if (!(after.knobs == engine_->knobs())) engine_->setKnobs(after.knobs);
    return;
  }
  const bool other = needsNewModel(before.knobs, after.knobs) || before.knobs.router != after.knobs.router;
  if (!(after.knobs == engine_->knobs())) engine_->setKnobs(after.knobs, after.model);
  if (!other) engine_->reset(after.model);
}

SideSource Controller::shownSource() const {
  if (!checkpoint_) return {};
  const auto absolute = [](const std::filesystem::path& path) {
    return path.empty() ? std::string() : std::filesystem::absolute(path).lexically_normal().string();
  };
  return {SideSource::Kind::Checkpoint, absolute(checkpoint_->folder()), absolute(checkpoint_->trace())};
}

void Controller::followSource(const SideSource& wanted) {
  if (wanted == shownSource()) return;
  if (wanted.kind == SideSource::Kind::Checkpoint)
    return Q_EMIT checkpointWanted(QString::fromStdString(wanted.folder), QString::fromStdString(wanted.trace));
  retire(std::exchange(checkpoint_, nullptr));
  takeNews();
}

/// A correction of what the document says, which is no step of its own.
void Controller::amend(const std::function<void(Side&)>& change) {
  Document amended = *document_;
  change(amended.sides[0]);
  document_ = std::make_shared<const Document>(std::move(amended));
  Q_EMIT documentChanged();
}

bool Controller::setLens(const Lens& lens) {
  return perform(changeLens(0, "Lens", [lens](Lens& changed) { changed = lens; }));
}

std::shared_ptr<const Routing> Controller::evaluated(const Lens& lens) const {
  if (!scene_.snapshot) return nullptr;  // the first one decides
  try {
    return std::make_shared<const Routing>(evaluate(*scene_.snapshot, lens));
  } catch (const std::exception& error) {
    throw std::runtime_error("concentration " + QString::number(lens.concentration).toStdString() +
                             " is not shown: this model cannot be read so (" + error.what() + ")");
  }
}

bool Controller::setKnobs(const Knobs& knobs) {
  std::string name = "Knobs";
  for (const KnobDeclaration& knob : knobSettings())
    if (knob.get ? knob.get(knobs) != knob.get(side().knobs) : knob.text(knobs) != knob.text(side().knobs)) name = knob.label;
  return perform(changeKnobs(0, name, [knobs](Knobs& changed) { changed = knobs; }));
}

bool Controller::mayGiveUpTraining() {
  const EngineStatus now = engine_->status();
  if (asking_) return false;
  if (!question_ || now.keepable || now.trainedSteps == 0 || now.trainedSeconds < askSeconds_) return true;
  asking_ = true;
  const bool agreed = question_(inWords(now.trainedSteps, now.trainedSeconds));
  asking_ = false;
  return agreed;
}

QString Controller::memoryText() const {
  const auto megabytes = [](double bytes) { return QString::number(bytes / (1 << 20), 'f', 1); };
  const std::shared_ptr<const Timeline> timeline = source().timeline();
  const EngineStatus now = engine_->status();
  double kept = 0.0;
  for (const KeptModel& model : now.kept) kept += static_cast<double>(model.bytes);
  QString text = QString("Time line: %1 of %2 MB").arg(megabytes(static_cast<double>(timeline->bytes())), megabytes(static_cast<double>(timeline->budget())));
  if (timeline->dropped() > 0) text += QString(", %1 older snapshots and analyses thinned out").arg(timeline->dropped());
  text += QString("\nModels to go back to: %1, %2 of %3 MB").arg(now.kept.size()).arg(megabytes(kept), megabytes(static_cast<double>(keptBytes_)));
  if (now.forgotten > 0) text += QString(", %1 forgotten for want of room").arg(now.forgotten);
  return text;
}

LensLoss Controller::shownLoss() const {
  if (!scene_.past) return readAlike(loss_.lens, scene_.lens) ? loss_ : LensLoss{};
  if (!scene_.snapshot || !readAlike(Lens{}, scene_.lens)) return {};
  const std::optional<double> measured = scene_.steps->measuredAt(stepQuantity("held_out_loss_nats_per_byte"), 0, scene_.snapshot->step);
  return measured ? LensLoss{scene_.lens, scene_.snapshot->step, *measured} : LensLoss{};
}

bool Controller::settled() const {
  const SnapshotPointer& shown = scene_.snapshot;
  if (!shown || !scene_.routing || curveRunning_ || frame_.isActive()) return false;
  if (scene_.past) return true;  // nothing more is measured of it
  if (source().latest() != shown) return false;
  const EngineStatus now = status();
  if (!trains())
    return now.state != EngineState::Starting && (scene_.analysis || !scene_.underWay.empty()) &&
           now.work == SourceWork::None;
  if (now.state != EngineState::Paused || shownLoss().step != shown->step) return false;
  return !analysisRequest().enabled || !now.analysisFailure.empty() || (scene_.analysis && scene_.analysis->step == shown->step);
}

AnalysisRequest Controller::analysisRequest() const {
  const AnalysisChoice& choice = side().analysis;
  return {choice.settings, side().lens.layer, choice.everySeconds, choice.everySeconds > 0.0};
}

bool Controller::pinReference() {
  if (!scene_.analysis || !scene_.snapshot) return false;
  const ExpertAnalysis& shown = *scene_.analysis;
  const std::string name = scene_.snapshot->router + ", layer " + std::to_string(shown.layer + 1) + (trains() ? ", step " + std::to_string(shown.step) : "");
  scene_.reference = std::make_shared<const Reference>(Reference{scene_.analysis, name});
  Q_EMIT sceneChanged();
  return true;
}

void Controller::unpinReference() {
  scene_.reference = nullptr;
  Q_EMIT sceneChanged();
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
  const Selection& selection = scene_.selection;
  if (pick.expert < 0) return;
  if (pick.other >= 0 || selection.experts.empty()) return select(pick);
  if (!selection.hasExpert(pick.expert)) return select({selection.expert(), -1, -1, {}, pick.expert});
  select({pick.expert == selection.expert() ? selection.other() : selection.expert(), -1, -1, {}});
}

void Controller::takeNews() {
  newsPosted_->store(false);
  assemble();
  const EngineStatus now = source().status();
  if (!trains() && now.state != EngineState::Starting && scene_.routing && side().source == shownSource() && scene_.routing->layer != side().lens.layer) {
    amend([this](Side& side) { side.lens.layer = scene_.routing->layer; });  // the wanted layer cannot be read
    source().setAnalysis(analysisRequest());
    assemble();
  }
  takeLoss();
  Q_EMIT statusChanged();
  Q_EMIT sceneChanged();
}

/// While training now and then, and of a paused model once more, so that the loss is that of the shown step.
void Controller::takeLoss() {
  loss_ = source().lensLoss();
  if (!trains() || !scene_.snapshot || scene_.past || source().latest() != scene_.snapshot) return;
  const QString failure = QString::fromStdString(readAlike(loss_.lens, scene_.lens) ? loss_.failure : "");
  if (failure != lossFailure_ && !failure.isEmpty())
    Q_EMIT noticed("the held-out loss through this lens cannot be computed: " + failure);
  lossFailure_ = failure;
  const bool paused = source().status().state == EngineState::Paused;
  const std::int64_t behind = loss_.step < 0 ? 20 : scene_.snapshot->step - loss_.step;
  if (behind >= 20 || (paused && (behind != 0 || !readAlike(loss_.lens, scene_.lens)))) source().requestLoss(scene_.lens);
}

void Controller::showCheckpoint(std::unique_ptr<CheckpointSource> opened) {
  const std::string before = shownSource().folder;
  engine_->pause();
  retire(std::exchange(checkpoint_, std::move(opened)));
  listenTo(*checkpoint_);
  const SideSource shown = shownSource();
  if (!(shown == side().source)) {  // opened by hand: the document follows
    Lens lens = side().lens;
    if (shown.folder != before) {
      const SnapshotPointer first = checkpoint_->latest();
      lens = Lens{};
      lens.gating.k = first && first->checkpoint ? first->checkpoint->chosen : lens.gating.k;
    }
    perform(moescope::showCheckpoint(0, shown.folder, shown.trace, lens));
  }
  source().setAnalysis(analysisRequest());
  takeNews();
}

void Controller::giveUpCheckpoint() {
  if (side().source == shownSource()) return;
  amend([this](Side& side) {
    side.source = shownSource();
    if (trains()) side.lens = side.trainingLens;
  });
}

/// On a worker, one at a time; what changed meanwhile is computed next.
void Controller::computeCurve() {
  if (scene_.past && curveMilliseconds_ < kCurveInFrame) {
    curveStale_ = false;
    return noteCurve(scene_.curve = curveOf(scene_));
  }
  if (curveRunning_) {
    curveStale_ = true;
    return;
  }
  curveRunning_ = true;
  curveStale_ = false;
  QThreadPool::globalInstance()->start([this, scene = scene_] {
    QElapsedTimer timer;
    timer.start();
    const auto curve = curveOf(scene);
    QMetaObject::invokeMethod(
        this, [this, curve, scene, milliseconds = timer.elapsed()] { takeCurve(curve, scene, milliseconds); }, Qt::QueuedConnection);
  });
}

void Controller::takeCurve(const std::shared_ptr<const ConcentrationCurve>& curve, const Scene& of, qint64 milliseconds) {
  curveMilliseconds_ = milliseconds;
  curveRunning_ = false;
  const bool ofThis = sameCurve(of, scene_);
  if (ofThis || !scene_.past) scene_.curve = curve;
  if (curveStale_ || !(ofThis || scene_.curve)) computeCurve();
  if (ofThis || !scene_.past) noteCurve(curve);
  Q_EMIT sceneChanged();
}

/// Says where it ends early.
void Controller::noteCurve(const std::shared_ptr<const ConcentrationCurve>& curve) {
  const bool cut = !curve || isCut(*curve);
  if (cut && !curveCut_)
    Q_EMIT noticed(
        curve
            ? QString("the curve over concentration ends at %1: beyond, the Bingham normaliser of this model cannot be computed")
                  .arg(curve->concentration.back())
            : QString("there is no curve over concentration: this model cannot be read"));
  curveCut_ = cut;
}

void retire(std::unique_ptr<CheckpointSource> session) {
  if (!session) return;
  session->setListener(nullptr);
  QThreadPool::globalInstance()->start([ended = std::shared_ptr<CheckpointSource>(std::move(session))]() mutable { ended.reset(); });
}

}  // namespace moescope
