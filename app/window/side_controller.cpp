#include "app/window/side_controller.h"

#include <QMetaObject>
#include <QThreadPool>
#include <unistd.h>
#include <algorithm>
#include <exception>
#include <stdexcept>
#include <thread>
#include <utility>

#include "app/window/language.h"
#include "views/view.h"

namespace moescope {
namespace {

constexpr int kFrameMilliseconds = 33;

std::shared_ptr<Timeline> timelineKeptBy(const std::shared_ptr<SessionRecorder>& recorder) {
  auto timeline = std::make_shared<Timeline>();
  if (recorder) timeline->follow(recorder);
  return timeline;
}

/// Training takes of the cores what the window leaves, the hand on the slider and the pictures: a thread begins with the priority
/// of the one that starts it, and so do those that it starts, LibTorch's among them.
std::unique_ptr<Engine> engineBehindWindow(const Knobs& knobs, int threads, std::uint64_t keptBytes,
                                           const std::shared_ptr<Timeline>& timeline) {
  constexpr int steps = 5;  // of nice: beside a thread of the window a quarter of a core is left
  std::unique_ptr<Engine> engine;
  std::exception_ptr failure;
  std::thread([&] {
    if (nice(steps) == -1) {}  // the worse for the window, no more
    try {
      engine = std::make_unique<Engine>(knobs, threads, keptBytes, timeline);
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
  return engine;
}

}  // namespace

bool readAlike(Lens a, const Lens& b) {
  a.layer = b.layer;
  return a == b;
}

SideController::SideController(int index, const DocumentPointer& document, std::uint64_t keptBytes, int threads,
                               std::shared_ptr<SessionRecorder> recorder, Amend amend,
                               const std::optional<ModelToContinue>& first)
    : index_(index),
      document_(document),
      keptBytes_(keptBytes),
      amend_(std::move(amend)),
      recorder_(std::move(recorder)),
      engine_(engineBehindWindow(side().knobs, threads, keptBytes, timelineKeptBy(recorder_))),
      model_(side().model),
      models_(std::make_shared<ModelMemory>(engine_->timeline())) {
  if (recorder_) recorder_->passModelsTo(models_);
  engine_->setModelStore(recorder_ ? std::shared_ptr<ModelStore>(recorder_) : models_);
  engine_->setKnobs(side().knobs, model_);
  if (first) engine_->continueFrom(*first, model_);
  scene_.lens = side().lens;
  source().setAnalysis(analysisRequest());
  source().requestLoss(side().lens);
  frame_.setSingleShot(true);
  frame_.setInterval(kFrameMilliseconds);
  connect(&frame_, &QTimer::timeout, this, &SideController::takeNews);
  listenTo(*engine_);
}

SideController::~SideController() {
  *stopMeasuring_ = true;
  engine_->setListener(nullptr);
  engine_.reset();
  if (recorder_) recorder_->passModelsTo(nullptr);  // they hold the time line, which holds it
  checkpoint_.reset();
  QThreadPool::globalInstance()->waitForDone();
}

SnapshotSource& SideController::source() {
  if (checkpoint_) return *checkpoint_;
  if (session_) return *session_;
  return *engine_;
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
  if (!scene_.past) source().requestLoss(side().lens);  // of the past none is measured any more
  source().requestPrompt(promptRequest());
  source().setAnalysis(analysisRequest());
}

PromptRequest SideController::promptRequest() const {
  const Continuation& continuation = document_->continuation;
  return {document_->prompt, side().lens, continuation.bytes, continuation.temperature, continuation.seed};
}

/// The text as it was read last, through the scene's lens. Of the past there is none: only the newest model is there to read it.
void SideController::showPrompt(Scene& next, const Scene& before) const {
  if (next.past || !next.routing) return;
  next.prompt = source().promptReading();
  if (!next.prompt || next.prompt->request.text != document_->prompt) next.prompt = nullptr;
  if (!next.prompt || !next.prompt->snapshot) return;
  const int length = static_cast<int>(next.prompt->snapshot->probe->bytes.size()),
            last = static_cast<int>(document_->prompt.size()) - 1;
  next.promptPlace = std::clamp((document_->promptPlace < 0 ? last : std::min(last, document_->promptPlace)) - next.prompt->first,
                                -1, length - 1);
  if (next.prompt == before.prompt && next.lens == before.lens && before.promptRouting) {
    next.promptRouting = before.promptRouting;
    return;
  }
  try {
    next.promptRouting = std::make_shared<const Routing>(evaluate(*next.prompt->snapshot, next.lens));
  } catch (const std::exception&) {
    next.promptRouting = nullptr;  // the probe says why
  }
}

/// The scene that follows from time line and document. A moment that cannot be read leaves the one before on show.
void SideController::assemble() {
  leaveMissingMoment();
  Scene before = scene_;
  const std::shared_ptr<const Timeline> run = source().timeline();
  if (glideRun_.lock() != run) before.glide = nullptr;
  glideRun_ = run;
  Scene next;
  try {
    next = assembleScene(*source().timeline(), *document_, index_, &before, upTo_);
    unread_.clear();
  } catch (const std::exception& error) {  // an archive that cannot be read: what is shown stays
    const QString line = tr("the wanted moment cannot be read, and what was shown stays: ") + error.what();
    if (std::exchange(unread_, line) != line) Q_EMIT noticed(line);
    return;
  }
  if (!next.readingNote.empty() && next.readingNote != before.readingNote)
    Q_EMIT noticed(QString::fromStdString(
        next.readingNote +
        (next.routing || !before.snapshot ? "" : translated(": step %1 stays", std::to_string(before.snapshot->step)))));
  if (!next.routing && before.routing) {
    const std::string note = next.readingNote;
    next = before;
    next.readingNote = note;
  }
  next.recorded = session_ != nullptr;  // the document may want another source, which is being opened
  next.reference = before.reference;
  next.beside = before.beside;
  showPrompt(next, before);
  next.underWay = trains() ? "" : source().status().message;
  const bool curve = next.routing && !next.snapshot->capture && !sameCurve(before, next);
  if (curve && !next.past)
    next.curve = before.curve;  // until the new one is there; of the past one moment shows nothing of another
  scene_ = std::move(next);
  findEarlier(before);
  if (curve) computeCurve();
  if (!glideRunning_ && glideDue()) computeGlide();
  if (!measuring_ || scene_.routing != before.routing) measureAllTokens();  // news alone stop nothing
  takeLoss();
}

/// A run that the time line does not hold, or no more, cannot be shown.
void SideController::leaveMissingMoment() {
  const std::shared_ptr<const Timeline> held = source().timeline();
  const Cursor wanted = cursorOf(*held, *document_, index_);
  if (wanted.live || !held->latest().snapshot || held->lastStep(wanted.generation) >= 0) return;
  amend_([](Side& side) { side.cursor = {}; });
  Q_EMIT noticed(tr("run %1 is not on the time line: the newest step is shown").arg(wanted.generation));
}

void SideController::findEarlier(const Scene& before) {
  const Scene& now = scene_;
  const bool same =
      now.snapshot == before.snapshot && before.routing && now.routing && now.routing->layer == before.routing->layer;
  if (same && (!now.past || (before.past && now.routing == before.routing))) return;
  earlier_ = nullptr;
  earlierStep_ = -1;
  if (!now.routing) return;
  if (!now.past && !repeatably_) {
    const bool follows =
        before.routing && !before.past && before.generation == now.generation && before.routing->layer == now.routing->layer;
    if (!follows) return;
    earlier_ = before.routing;
    earlierStep_ = before.snapshot->step;
    return;
  }
  try {
    const SnapshotPointer held = source().timeline()->at(now.generation, now.snapshot->step - 1).snapshot;
    if (!held || held->step >= now.snapshot->step) return;
    earlier_ = std::make_shared<const Routing>(evaluate(*held, now.lens));
    earlierStep_ = held->step;
  } catch (const std::exception&) {
    return;  // nothing to compare with: that one cannot be read, or not through this lens
  }
}

std::shared_ptr<const Routing> SideController::evaluated(const Lens& lens) const {
  if (!scene_.snapshot) return nullptr;  // the first one decides
  try {
    return std::make_shared<const Routing>(evaluate(*scene_.snapshot, lens));
  } catch (const std::exception& error) {
    throw std::runtime_error(translated("concentration ") + QString::number(lens.concentration).toStdString() +
                             translated(" is not shown: this model cannot be read so (") + error.what() + ")");
  }
}

QString SideController::memoryText() const {
  const auto megabytes = [](double bytes) { return QString::number(bytes / (1 << 20), 'f', 1); };
  const std::shared_ptr<const Timeline> timeline = source().timeline();
  const EngineStatus now = engine_->status();
  double kept = 0.0;
  for (const KeptModel& model : now.kept) kept += static_cast<double>(model.bytes);
  QString text = tr("Time line: %1 of %2 MB")
                     .arg(megabytes(static_cast<double>(timeline->bytes())), megabytes(static_cast<double>(timeline->budget())));
  if (timeline->dropped() > 0) text += tr(", %1 older snapshots and analyses thinned out").arg(timeline->dropped());
  text += tr("\nModels to go back to: %1, %2 of %3 MB")
              .arg(now.kept.size())
              .arg(megabytes(kept), megabytes(static_cast<double>(keptBytes_)));
  if (now.forgotten > 0) text += tr(", %1 forgotten for want of room").arg(now.forgotten);
  text += tr("\nModels along the run: %1, %2 of %3 MB")
              .arg(models_->list().size())
              .arg(megabytes(static_cast<double>(models_->bytes())), megabytes(static_cast<double>(models_->budget())));
  if (models_->dropped() > 0) text += tr(", %1 thinned out").arg(models_->dropped());
  return text;
}

LensLoss SideController::shownLoss() const {
  if (!scene_.past && !session_) return readAlike(loss_.lens, scene_.lens) ? loss_ : LensLoss{};
  if (!scene_.snapshot || !readAlike(Lens{}, scene_.lens)) return {};
  const std::optional<double> measured =
      scene_.steps->measuredAt(stepQuantity("held_out_loss_nats_per_byte"), 0, scene_.snapshot->step);
  return measured ? LensLoss{scene_.lens, scene_.snapshot->step, *measured} : LensLoss{};
}

void SideController::showRepeatably() {
  repeatably_ = true;
  engine_->publishEvenly();
}

bool SideController::settled() const {
  const SnapshotPointer& shown = scene_.snapshot;
  if (!shown || !scene_.routing || curveRunning_ || glideRunning_ || measuring_ || frame_.isActive()) return false;
  if (scene_.past || session_) return true;  // nothing more is measured of it
  if (source().latest() != shown) return false;
  if (repeatably_ && glideDue()) return false;
  const EngineStatus now = status();
  if (!trains())
    return now.state != EngineState::Starting && (scene_.analysis || !scene_.underWay.empty() || shown->capture) &&
           now.work == SourceWork::None;
  if (now.state != EngineState::Paused || shownLoss().step != shown->step) return false;
  return !analysisRequest().enabled || !now.analysisFailure.empty() || (scene_.analysis && scene_.analysis->step == shown->step);
}

AnalysisRequest SideController::analysisRequest() const {
  const AnalysisChoice& choice = side().analysis;
  return {choice.settings, side().lens.layer, choice.everySeconds, choice.everySeconds > 0.0,
          !trains() && wantsSharedNorms(document_->viewOptions)};
}

bool SideController::pinReference() {
  if (!scene_.analysis || !scene_.snapshot) return false;
  const ExpertAnalysis& shown = *scene_.analysis;
  const std::string name = scene_.snapshot->router + translated(", layer ") + std::to_string(shown.layer + 1) +
                           (trains() ? translated(", step ") + std::to_string(shown.step) : "");
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
  if (!trains() && now.state != EngineState::Starting && scene_.routing && side().source == shownSource() &&
      scene_.routing->layer != side().lens.layer) {
    amend_([this](Side& side) { side.lens.layer = scene_.routing->layer; });  // the wanted layer cannot be read
    source().setAnalysis(analysisRequest());
    assemble();
  }
  Q_EMIT statusChanged();
  Q_EMIT sceneChanged();
}

/// While training now and then, and of a paused model once more, so that the loss is that of the shown step.
void SideController::takeLoss() {
  loss_ = source().lensLoss();
  if (!trains() || !scene_.snapshot || scene_.past || source().latest() != scene_.snapshot) return;
  const QString failure = QString::fromStdString(readAlike(loss_.lens, scene_.lens) ? loss_.failure : "");
  if (failure != lossFailure_ && !failure.isEmpty())
    Q_EMIT noticed(tr("the held-out loss through this lens cannot be computed: ") + failure);
  lossFailure_ = failure;
  const bool paused = source().status().state == EngineState::Paused;
  const std::int64_t behind = loss_.step < 0 ? 20 : scene_.snapshot->step - loss_.step;
  if (behind >= 20 || (paused && (behind != 0 || !readAlike(loss_.lens, scene_.lens)))) source().requestLoss(scene_.lens);
}

}  // namespace moescope
