#include "app/window/side_controller.h"

#include <QMetaObject>
#include <QThreadPool>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace moescope {
namespace {

constexpr int kFrameMilliseconds = 33;

}  // namespace

bool readAlike(Lens a, const Lens& b) {
  a.layer = b.layer;
  return a == b;
}

SideController::SideController(int index, const DocumentPointer& document, std::uint64_t keptBytes, int threads, Amend amend)
    : index_(index),
      document_(document),
      keptBytes_(keptBytes),
      amend_(std::move(amend)),
      engine_(std::make_unique<Engine>(side().knobs, threads, keptBytes)),
      model_(side().model) {
  engine_->setKnobs(side().knobs, model_);
  scene_.lens = side().lens;
  source().setAnalysis(analysisRequest());
  source().requestLoss(side().lens);
  frame_.setSingleShot(true);
  frame_.setInterval(kFrameMilliseconds);
  connect(&frame_, &QTimer::timeout, this, &SideController::takeNews);
  listenTo(*engine_);
}

SideController::~SideController() {
  engine_->setListener(nullptr);
  engine_.reset();
  checkpoint_.reset();
  QThreadPool::globalInstance()->waitForDone();
}

/// On the source's thread: post one notice, however many are pending.
void SideController::listenTo(SnapshotSource& source) {
  source.setListener([this, posted = newsPosted_] {
    if (!posted->exchange(true))
      QMetaObject::invokeMethod(this, [this] { if (!frame_.isActive()) frame_.start(); }, Qt::QueuedConnection);
  });
}

void SideController::follow(const DocumentPointer& document) {
  document_ = document;
  followModel();
  followSource(side().source);
  assemble();
  source().requestLoss(side().lens);
  source().setAnalysis(analysisRequest());
}

/// The scene that follows from time line and document. A moment that cannot be read leaves the one before on show.
void SideController::assemble() {
  const Scene before = std::move(scene_);
  Scene next = assembleScene(*source().timeline(), *document_, index_, &before, upTo_);
  if (!next.readingNote.empty() && next.readingNote != before.readingNote)
    Q_EMIT noticed(QString::fromStdString(next.readingNote + (next.routing || !before.snapshot ? "" : ": step " + std::to_string(before.snapshot->step) + " stays")));
  if (!next.routing && before.routing) {
    const std::string note = next.readingNote;
    next = before;
    next.readingNote = note;
  }
  next.reference = before.reference;
  next.beside = before.beside;
  next.underWay = trains() ? "" : source().status().message;
  if (next.snapshot != before.snapshot || !before.routing || !next.routing || next.routing->layer != before.routing->layer) {
    const bool follows = before.routing && next.routing && before.snapshot->generation == next.snapshot->generation && before.routing->layer == next.routing->layer;
    earlier_ = follows ? before.routing : nullptr;
  }
  const bool curve = next.routing && !sameCurve(before, next);
  if (curve) next.curve = before.curve;  // until the new one is there
  scene_ = std::move(next);
  if (curve) computeCurve();
}

/// While two sides are compared at the same step another router begins at step 0: it would else go on with what the one before learned.
void SideController::followModel() {
  const Side& after = side();
  const Knobs before = engine_->knobs();
  if (after.model == model_) {
    if (!(after.knobs == before)) engine_->setKnobs(after.knobs);
    return;
  }
  model_ = after.model;
  if (engine_->canGoTo(after.model)) {
    engine_->goTo(after.model);
    if (!(after.knobs == engine_->knobs())) engine_->setKnobs(after.knobs);
    return;
  }
  const bool rebuilds = needsNewModel(before, after.knobs), goesOn = before.router != after.knobs.router && !(document_->compares && document_->links.time);
  if (!(after.knobs == before)) engine_->setKnobs(after.knobs, after.model);
  if (!rebuilds && !goesOn) engine_->reset(after.model);
}

SideSource SideController::shownSource() const {
  if (!checkpoint_) return {};
  const auto absolute = [](const std::filesystem::path& path) {
    return path.empty() ? std::string() : std::filesystem::absolute(path).lexically_normal().string();
  };
  return {SideSource::Kind::Checkpoint, absolute(checkpoint_->folder()), absolute(checkpoint_->trace())};
}

void SideController::followSource(const SideSource& wanted) {
  if (wanted == shownSource()) return;
  if (wanted.kind == SideSource::Kind::Checkpoint)
    return Q_EMIT checkpointWanted(QString::fromStdString(wanted.folder), QString::fromStdString(wanted.trace));
  retire(std::exchange(checkpoint_, nullptr));
  takeNews();
}

std::shared_ptr<const Routing> SideController::evaluated(const Lens& lens) const {
  if (!scene_.snapshot) return nullptr;  // the first one decides
  try {
    return std::make_shared<const Routing>(evaluate(*scene_.snapshot, lens));
  } catch (const std::exception& error) {
    throw std::runtime_error("concentration " + QString::number(lens.concentration).toStdString() +
                             " is not shown: this model cannot be read so (" + error.what() + ")");
  }
}

QString SideController::memoryText() const {
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

LensLoss SideController::shownLoss() const { return readAlike(loss_.lens, scene_.lens) ? loss_ : LensLoss{}; }

bool SideController::settled() const {
  const SnapshotPointer& shown = scene_.snapshot;
  if (!shown || !scene_.routing || source().latest() != shown || curveRunning_ || frame_.isActive()) return false;
  const EngineStatus now = status();
  if (!trains())
    return now.state != EngineState::Starting && (scene_.analysis || !scene_.underWay.empty()) &&
           now.work == SourceWork::None;
  if (now.state != EngineState::Paused || shownLoss().step != shown->step) return false;
  return !analysisRequest().enabled || !now.analysisFailure.empty() || (scene_.analysis && scene_.analysis->step == shown->step);
}

AnalysisRequest SideController::analysisRequest() const {
  const AnalysisChoice& choice = side().analysis;
  return {choice.settings, side().lens.layer, choice.everySeconds, choice.everySeconds > 0.0};
}

bool SideController::pinReference() {
  if (!scene_.analysis || !scene_.snapshot) return false;
  const ExpertAnalysis& shown = *scene_.analysis;
  const std::string name = scene_.snapshot->router + ", layer " + std::to_string(shown.layer + 1) + (trains() ? ", step " + std::to_string(shown.step) : "");
  scene_.reference = std::make_shared<const Reference>(Reference{scene_.analysis, name});
  Q_EMIT sceneChanged();
  return true;
}

void SideController::unpinReference() {
  scene_.reference = nullptr;
  Q_EMIT sceneChanged();
}

void SideController::takeNews() {
  newsPosted_->store(false);
  assemble();
  const EngineStatus now = source().status();
  if (!trains() && now.state != EngineState::Starting && scene_.routing && side().source == shownSource() && scene_.routing->layer != side().lens.layer) {
    amend_([this](Side& side) { side.lens.layer = scene_.routing->layer; });  // the wanted layer cannot be read
    source().setAnalysis(analysisRequest());
    assemble();
  }
  takeLoss();
  Q_EMIT statusChanged();
  Q_EMIT sceneChanged();
}

/// While training now and then, and of a paused model once more, so that the loss is that of the shown step.
void SideController::takeLoss() {
  loss_ = source().lensLoss();
  if (!trains() || !scene_.snapshot || source().latest() != scene_.snapshot) return;
  const QString failure = QString::fromStdString(readAlike(loss_.lens, scene_.lens) ? loss_.failure : "");
  if (failure != lossFailure_ && !failure.isEmpty())
    Q_EMIT noticed("the held-out loss through this lens cannot be computed: " + failure);
  lossFailure_ = failure;
  const bool paused = source().status().state == EngineState::Paused;
  const std::int64_t behind = loss_.step < 0 ? 20 : scene_.snapshot->step - loss_.step;
  if (behind >= 20 || (paused && (behind != 0 || !readAlike(loss_.lens, scene_.lens)))) source().requestLoss(scene_.lens);
}

void SideController::adopt(std::unique_ptr<CheckpointSource> opened) {
  engine_->pause();
  retire(std::exchange(checkpoint_, std::move(opened)));
  listenTo(*checkpoint_);
}

void SideController::settleCheckpoint() {
  source().setAnalysis(analysisRequest());
  takeNews();
}

/// On a worker, one at a time; what changed meanwhile is computed next.
void SideController::computeCurve() {
  if (curveRunning_) {
    curveStale_ = true;
    return;
  }
  curveRunning_ = true;
  curveStale_ = false;
  QThreadPool::globalInstance()->start([this, scene = scene_] {
    const auto curve = curveOf(scene);
    QMetaObject::invokeMethod(
        this, [this, curve] { takeCurve(curve); }, Qt::QueuedConnection);
  });
}

void SideController::takeCurve(const std::shared_ptr<const ConcentrationCurve>& curve) {
  scene_.curve = curve;
  curveRunning_ = false;
  if (curveStale_) computeCurve();
  const bool cut = !curve || isCut(*curve);
  if (cut && !curveCut_)
    Q_EMIT noticed(
        curve
            ? QString("the curve over concentration ends at %1: beyond, the Bingham normaliser of this model cannot be computed")
                  .arg(curve->concentration.back())
            : QString("there is no curve over concentration: this model cannot be read"));
  curveCut_ = cut;
  Q_EMIT sceneChanged();
}

void retire(std::unique_ptr<CheckpointSource> session) {
  if (!session) return;
  session->setListener(nullptr);
  QThreadPool::globalInstance()->start([ended = std::shared_ptr<CheckpointSource>(std::move(session))]() mutable { ended.reset(); });
}

}  // namespace moescope
