#include "app/window/controller.h"

#include <QMetaObject>
#include <QThreadPool>
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace moescope {
namespace {

constexpr int kFrameMilliseconds = 33;

std::vector<double> curveGrid() {
  std::vector<double> grid;
  for (int i = -20; i <= 20; ++i) grid.push_back(std::exp2(i / 4.0));
  return grid;
}

/// Without the upper end of the grid, where the normalisers of the Bingham reading are beyond computing; null: all of it is.
std::shared_ptr<const ConcentrationCurve> curveWherePossible(const LayerSnapshot& layer, const Lens& lens) {
  for (std::vector<double> grid = curveGrid(); !grid.empty(); grid.pop_back()) {
    try {
      return std::make_shared<const ConcentrationCurve>(concentrationCurve(layer, lens.reading, grid, lens.source));
    } catch (const std::exception&) {
      continue;  // takeCurve() says where the curve ends
    }
  }
  return nullptr;
}

QString inWords(std::int64_t steps, double seconds) {
  const QString time =
      seconds < 120.0 ? QString("%1 seconds").arg(seconds, 0, 'f', 0) : QString("%1 minutes").arg(seconds / 60.0, 0, 'f', 0);
  return QString("%1 steps, %2 of training").arg(steps).arg(time);
}

}  // namespace

bool readAlike(const Lens& a, const Lens& b) {
  return a.concentration == b.concentration && a.reading == b.reading && a.source == b.source &&
         a.gating.policy == b.gating.policy && a.gating.k == b.gating.k && a.gating.mass == b.gating.mass &&
         a.gating.threshold == b.gating.threshold;
}

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

bool Controller::setLens(const Lens& lens) {
  std::shared_ptr<const Routing> routing;
  try {
    routing = evaluated(lens);
  } catch (const std::exception& error) {
    Q_EMIT noticed(QString::fromStdString(error.what()));
    Q_EMIT sceneChanged();  // editors go back to what is in force
    return false;
  }
  if (lens.layer != scene_.lens.layer) earlier_ = nullptr;
  const bool curve = lens.layer != scene_.lens.layer || lens.reading != scene_.lens.reading || lens.source != scene_.lens.source;
  scene_.lens = lens;
  scene_.routing = routing;
  if (curve) computeCurve();
  source().requestLoss(lens);
  if (analysis_.layer != lens.layer) setAnalysis(analysis_);
  takeAnalysis();
  Q_EMIT sceneChanged();
  return true;
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
  requireValid(knobs);
  const bool kept = needsNewModel(engine_->knobs(), knobs) && !mayGiveUpTraining();
  if (!kept) engine_->setKnobs(knobs);
  Q_EMIT knobsChanged();  // editors show what is in force, whatever was answered
  return !kept;
}

bool Controller::reset() {
  if (!mayGiveUpTraining()) return false;
  engine_->reset();
  return true;
}

bool Controller::mayGiveUpTraining() {
  const EngineStatus now = engine_->status();
  if (asking_) return false;
  if (!question_ || now.trainedSteps == 0 || now.trainedSeconds < askSeconds_) return true;
  asking_ = true;
  const bool agreed = question_(inWords(now.trainedSteps, now.trainedSeconds));
  asking_ = false;
  return agreed;
}

LensLoss Controller::shownLoss() const { return readAlike(loss_.lens, scene_.lens) ? loss_ : LensLoss{}; }

bool Controller::settled() const {
  const SnapshotPointer& shown = scene_.snapshot;
  if (!shown || !scene_.routing || source().latest() != shown || curveRunning_ || frame_.isActive()) return false;
  const EngineStatus now = status();
  if (!trains())
    return now.state != EngineState::Starting && (scene_.analysis || !scene_.underWay.empty()) &&
           scene_.underWay.find("Escape") == std::string::npos;
  if (now.state != EngineState::Paused || shownLoss().step != shown->step) return false;
  return !analysis_.enabled || !now.analysisFailure.empty() || (scene_.analysis && scene_.analysis->step == shown->step);
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

void Controller::setSelection(const Selection& selection) {
  scene_.selection = selection;
  clampSelection();
  Q_EMIT sceneChanged();
}

void Controller::restoreSelection(const Selection& selection) {
  scene_.selection = selection;
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

/// A selection of what this layer has not is dropped.
void Controller::clampSelection() {
  if (scene_.routing)
    scene_.selection = withinShape(scene_.selection, static_cast<int>(scene_.routing->gates.cols()), static_cast<int>(scene_.routing->gates.rows()),
                                   static_cast<int>(scene_.snapshot->probe->domainNames.size()));
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
  takeLoss();
  Q_EMIT statusChanged();
  Q_EMIT sceneChanged();
}

void Controller::takeSnapshot(const SnapshotPointer& latest) {
  const bool fresh = !scene_.snapshot || scene_.snapshot->generation != latest->generation;
  Lens lens = scene_.lens;
  if (fresh) {
    scene_.selection.tokens.clear();  // experts stay by number: a pair is followed over a reset
    scene_.selection.domains.clear();
    lens.layer = std::min(lens.layer, static_cast<int>(latest->layers.size()) - 1);
  }
  const std::shared_ptr<const Routing> routing = readThrough(latest, lens);
  if (!routing) return;
  extendHistory(fresh);
  earlier_ = fresh || !scene_.routing || scene_.routing->layer != routing->layer ? nullptr : scene_.routing;
  scene_.snapshot = latest;
  scene_.lens = lens;
  scene_.routing = routing;
  if (fresh) clampSelection();  // not before: a pasted state's experts may be those of the model to come
  computeCurve();
}

/// What an earlier snapshot could be read through may be beyond this one's spectra: then the tempered reading, which needs no
/// normaliser at other concentrations, takes the lens's place. Null: this snapshot cannot be read at all, what is shown stays.
std::shared_ptr<const Routing> Controller::readThrough(const SnapshotPointer& snapshot, Lens& lens) {
  try {
    return std::make_shared<const Routing>(evaluate(*snapshot, lens));
  } catch (const std::exception& error) {
    const QString why = QString("step %1 cannot be read at concentration %2 (%3)")
                            .arg(snapshot->step)
                            .arg(lens.concentration)
                            .arg(QString::fromUtf8(error.what()));
    try {
      Lens tempered = lens;
      tempered.reading = ConcentrationReading::Tempered;
      auto routing = std::make_shared<const Routing>(evaluate(*snapshot, tempered));
      lens = tempered;
      Q_EMIT noticed(why + ": the tempered reading is shown");
      return routing;
    } catch (const std::exception&) {
      Q_EMIT noticed(why + (scene_.snapshot ? QString(": step %1 stays").arg(scene_.snapshot->step) : QString()));
      return nullptr;
    }
  }
}

/// In place, since all that reads the scene's history is on this thread: a copy for each snapshot would grow with the run.
void Controller::extendHistory(bool fresh) {
  const std::vector<StepMetrics> more = source().metricsSince(fresh || history_->empty() ? 0 : history_->back().step);
  if (fresh) history_ = std::make_shared<std::vector<StepMetrics>>();
  history_->insert(history_->end(), more.begin(), more.end());
  scene_.history = history_;
}

/// While training now and then, and of a paused model once more, so that the loss is that of the shown step.
void Controller::takeLoss() {
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

void Controller::showCheckpoint(std::unique_ptr<CheckpointSource> session) {
  Lens lens = scene_.lens;
  if (trains()) trainingLens_ = scene_.lens;
  if (trains() || checkpoint_->folder() != session->folder()) {
    const SnapshotPointer first = session->latest();
    lens = Lens{};
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
    const auto curve = curveWherePossible(snapshot->layers[static_cast<std::size_t>(layer)], lens);
    QMetaObject::invokeMethod(
        this, [this, curve] { takeCurve(curve); }, Qt::QueuedConnection);
  });
}

void Controller::takeCurve(const std::shared_ptr<const ConcentrationCurve>& curve) {
  scene_.curve = curve;
  curveRunning_ = false;
  if (curveStale_) computeCurve();
  const bool cut = !curve || curve->concentration.size() < curveGrid().size();
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
