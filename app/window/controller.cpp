#include "app/window/controller.h"

#include <QMetaObject>
#include <QThreadPool>
#include <algorithm>
#include <cmath>
#include <utility>

namespace moescope {
namespace {

constexpr int kFrameMilliseconds = 33;

std::vector<double> curveGrid() {
  std::vector<double> grid;
  for (int i = -20; i <= 20; ++i) grid.push_back(std::exp2(i / 4.0));
  return grid;
}

}  // namespace

Controller::Controller(const Knobs& knobs) : engine_(std::make_unique<Engine>(knobs)) {
  AnalysisRequest request;
  request.enabled = true;
  setAnalysis(request);
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

void Controller::setLens(const Lens& lens) {
  if (lens.layer != scene_.lens.layer) earlier_ = nullptr;
  const bool curve = lens.layer != scene_.lens.layer || lens.reading != scene_.lens.reading || lens.source != scene_.lens.source;
  scene_.lens = lens;
  evaluateNow();
  if (curve) computeCurve();
  source().requestLoss(lens);
  if (analysis_.layer != lens.layer) setAnalysis(analysis_);
  takeAnalysis();
  Q_EMIT sceneChanged();
}

void Controller::setAnalysis(const AnalysisRequest& request) {
  analysis_ = request;
  analysis_.layer = scene_.lens.layer;
  source().setAnalysis(analysis_);
}

void Controller::takeAnalysis() {
  const AnalysisPointer latest = source().analysis(scene_.lens.layer);
  if (latest == scene_.analysis) return;
  scene_.analysis = latest && scene_.snapshot && latest->generation == scene_.snapshot->generation ? latest : nullptr;
  scene_.analysisHistory = std::make_shared<const std::vector<AnalysisPointer>>(source().analysisHistory(scene_.lens.layer));
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
  Lens lens = scene_.lens;
  lens.selectedExpert = pick.expert;
  lens.selectedOther = pick.other;
  lens.selectedToken = pick.token;
  lens.selectedDomain = pick.expert >= 0 ? -1 : pick.domain;
  scene_.lens = lens;
  clampSelection();
  Q_EMIT sceneChanged();
}

void Controller::extendSelection(const Pick& pick) {
  const Lens& lens = scene_.lens;
  if (pick.expert < 0) return;
  if (pick.other >= 0 || lens.selectedExpert < 0) return select(pick);
  if (!selects(lens, pick.expert)) return select({lens.selectedExpert, -1, -1, {}, pick.expert});
  select({pick.expert == lens.selectedExpert ? lens.selectedOther : lens.selectedExpert, -1, -1, {}});
}

/// A selection of what this layer has not is dropped.
void Controller::clampSelection() {
  if (scene_.routing) scene_.lens = withinShape(scene_.lens, static_cast<int>(scene_.routing->gates.cols()), static_cast<int>(scene_.routing->gates.rows()));
}

void Controller::takeNews() {
  newsPosted_->store(false);
  const EngineStatus now = source().status();
  scene_.underWay = trains() ? "" : now.message;
  if (const SnapshotPointer latest = source().latest(); latest && latest != scene_.snapshot) takeSnapshot(latest);
  if (!trains() && now.state != EngineState::Starting && scene_.routing && scene_.routing->layer != scene_.lens.layer) {
    scene_.lens.layer = scene_.routing->layer;  // the wanted layer cannot be read
    setAnalysis(analysis_);
  }
  takeAnalysis();
  Q_EMIT statusChanged();
  Q_EMIT sceneChanged();
}

void Controller::takeSnapshot(const SnapshotPointer& latest) {
  const bool fresh = !scene_.snapshot || scene_.snapshot->generation != latest->generation;
  auto history = std::make_shared<std::vector<StepMetrics>>();
  if (!fresh) *history = *history_;
  const std::vector<StepMetrics> more = source().metricsSince(history->empty() ? 0 : history->back().step);
  history->insert(history->end(), more.begin(), more.end());
  history_ = history;
  scene_.history = history_;
  scene_.snapshot = latest;
  if (fresh) {
    scene_.lens.selectedToken = scene_.lens.selectedDomain = -1;  // experts stay by number: a pair is followed over a reset
    scene_.lens.layer = std::min(scene_.lens.layer, static_cast<int>(latest->layers.size()) - 1);
  }
  earlier_ = fresh ? nullptr : scene_.routing;
  evaluateNow();
  if (fresh) clampSelection();  // not before: a pasted state's experts may be those of the model to come
  if (earlier_ && earlier_->layer != scene_.routing->layer) earlier_ = nullptr;
  computeCurve();
  const LensLoss loss = source().lensLoss();
  if (loss.step < 0 || latest->step - loss.step >= 20) source().requestLoss(scene_.lens);
}

void Controller::showCheckpoint(std::unique_ptr<CheckpointSession> session) {
  Lens lens = scene_.lens;
  if (trains()) trainingLens_ = scene_.lens;
  if (trains() || checkpoint_->folder() != session->folder()) {
    const SnapshotPointer first = session->latest();
    lens = Lens{};
    lens.gating.policy = GatingPolicy::TopK;
    lens.gating.k = first && first->checkpoint ? first->checkpoint->chosen : lens.gating.k;
  }
  engine_->pause();
  retire(std::exchange(checkpoint_, std::move(session)));
  scene_.lens = lens;
  listenTo(*checkpoint_);
  setAnalysis(analysis_);
  takeNews();
}

void Controller::backToTraining() {
  if (trains()) return;
  retire(std::exchange(checkpoint_, nullptr));
  scene_.lens = trainingLens_;
  setAnalysis(analysis_);
  takeNews();
}

void Controller::evaluateNow() {
  if (scene_.snapshot) scene_.routing = std::make_shared<const Routing>(evaluate(*scene_.snapshot, scene_.lens));
}

/// On a worker, one at a time; what changed meanwhile is computed next.
void Controller::computeCurve() {
  if (!scene_.snapshot) return;
  if (curveRunning_) {
    curveStale_ = true;
    return;
  }
  curveRunning_ = true;
  curveStale_ = false;
  const SnapshotPointer snapshot = scene_.snapshot;
  const Lens lens = scene_.lens;
  const int layer = scene_.routing->layer;
  QThreadPool::globalInstance()->start([this, snapshot, lens, layer] {
    auto curve = std::make_shared<const ConcentrationCurve>(
        concentrationCurve(snapshot->layers[static_cast<std::size_t>(layer)], lens.reading, curveGrid(), lens.source));
    QMetaObject::invokeMethod(this, [this, curve] {
      scene_.curve = curve;
      curveRunning_ = false;
      if (curveStale_) computeCurve();
      Q_EMIT sceneChanged();
    }, Qt::QueuedConnection);
  });
}

void retire(std::unique_ptr<CheckpointSession> session) {
  if (!session) return;
  session->setListener(nullptr);
  QThreadPool::globalInstance()->start([ended = std::shared_ptr<CheckpointSession>(std::move(session))]() mutable { ended.reset(); });
}

}  // namespace moescope
