#include "app/window/controller.h"

#include <QMetaObject>
#include <QThreadPool>
#include <algorithm>
#include <cmath>

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
  // On the engine thread: post one notice, however many are pending.
  engine_->setListener([this, posted = newsPosted_] {
    if (!posted->exchange(true))
      QMetaObject::invokeMethod(this, [this] { if (!frame_.isActive()) frame_.start(); }, Qt::QueuedConnection);
  });
}

Controller::~Controller() {
  engine_->setListener(nullptr);
  engine_.reset();
  QThreadPool::globalInstance()->waitForDone();
}

void Controller::setLens(const Lens& lens) {
  if (lens.layer != scene_.lens.layer) earlier_ = nullptr;
  const bool curve = lens.layer != scene_.lens.layer || lens.reading != scene_.lens.reading || lens.source != scene_.lens.source;
  scene_.lens = lens;
  evaluateNow();
  if (curve) computeCurve();
  engine_->requestLoss(lens);
  if (analysis_.layer != lens.layer) {
    analysis_.layer = lens.layer;
    engine_->setAnalysis(analysis_);
  }
  takeAnalysis();
  Q_EMIT sceneChanged();
}

void Controller::setAnalysis(const AnalysisRequest& request) {
  analysis_ = request;
  analysis_.layer = scene_.lens.layer;
  engine_->setAnalysis(analysis_);
}

void Controller::takeAnalysis() {
  const AnalysisPointer latest = engine_->analysis(scene_.lens.layer);
  if (latest == scene_.analysis) return;
  scene_.analysis = latest && scene_.snapshot && latest->generation == scene_.snapshot->generation ? latest : nullptr;
  scene_.analysisHistory = std::make_shared<const std::vector<AnalysisPointer>>(engine_->analysisHistory(scene_.lens.layer));
}

void Controller::select(const Pick& pick) {
  Lens lens = scene_.lens;
  lens.selectedExpert = pick.expert;
  lens.selectedToken = pick.token;
  lens.selectedDomain = pick.expert >= 0 ? -1 : pick.domain;
  scene_.lens = lens;
  Q_EMIT sceneChanged();
}

void Controller::takeNews() {
  newsPosted_->store(false);
  const SnapshotPointer latest = engine_->latest();
  if (latest && latest != scene_.snapshot) {
    const bool fresh = !scene_.snapshot || scene_.snapshot->generation != latest->generation;
    auto history = std::make_shared<std::vector<StepMetrics>>();
    if (!fresh) *history = *history_;
    const std::vector<StepMetrics> more = engine_->metricsSince(history->empty() ? 0 : history->back().step);
    history->insert(history->end(), more.begin(), more.end());
    history_ = history;
    scene_.history = history_;
    scene_.snapshot = latest;
    if (fresh) {
      scene_.lens.selectedExpert = scene_.lens.selectedToken = scene_.lens.selectedDomain = -1;
      scene_.lens.layer = std::min(scene_.lens.layer, static_cast<int>(latest->layers.size()) - 1);
    }
    earlier_ = fresh ? nullptr : scene_.routing;
    if (earlier_ && earlier_->layer != std::clamp(scene_.lens.layer, 0, static_cast<int>(latest->layers.size()) - 1)) earlier_ = nullptr;
    evaluateNow();
    computeCurve();
    const LensLoss loss = engine_->lensLoss();
    if (loss.step < 0 || latest->step - loss.step >= 20) engine_->requestLoss(scene_.lens);
  }
  takeAnalysis();
  Q_EMIT statusChanged();
  Q_EMIT sceneChanged();
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
  QThreadPool::globalInstance()->start([this, snapshot, lens] {
    const int layer = std::clamp(lens.layer, 0, static_cast<int>(snapshot->layers.size()) - 1);
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

}  // namespace moescope
