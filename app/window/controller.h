#pragma once
// What the window's widgets share: where snapshots come from, the lens, and the scene that follows from both.

#include <QObject>
#include <QTimer>
#include <atomic>
#include <memory>

#include "core/checkpoint/checkpoint_session.h"
#include "core/engine/engine.h"
#include "core/engine/metric_table.h"
#include "core/engine/routing.h"
#include "views/view.h"

namespace moescope {

class Controller : public QObject {
  Q_OBJECT
 public:
  explicit Controller(const Knobs& knobs);
  ~Controller() override;

  Engine& engine() { return *engine_; }
  const Engine& engine() const { return *engine_; }
  /// The checkpoint that is shown instead of the model in training; null: none is.
  const CheckpointSession* checkpoint() const { return checkpoint_.get(); }
  bool trains() const { return !checkpoint_; }
  const Scene& scene() const { return scene_; }
  const Lens& lens() const { return scene_.lens; }
  /// The lens on the model in training, also while a checkpoint is shown.
  const Lens& trainingLens() const { return checkpoint_ ? trainingLens_ : scene_.lens; }
  EngineStatus status() const { return source().status(); }
  LensLoss lensLoss() const { return source().lensLoss(); }

  /// Shows a checkpoint whose first layer is read; training pauses. The lens starts as the family's own gating at concentration
  /// 1; it stays where the same folder was shown before, without or with another trace.
  void showCheckpoint(std::unique_ptr<CheckpointSession> session);
  /// Back to the model in training, paused as it was left, with its own lens.
  void backToTraining();
  /// Stops a checkpoint's analysis under way. False: none is.
  bool stopAnalysis() { return checkpoint_ && checkpoint_->stopAnalysis(); }

  /// Routing is evaluated at once; the picture follows within a frame.
  void setLens(const Lens& lens);
  /// What the analysis thread measures, and how often; its layer follows the lens.
  void setAnalysis(const AnalysisRequest& request);
  const AnalysisRequest& analysisRequest() const { return analysis_; }
  /// Routing of the snapshot before the shown one, through the lens of that moment's layer; null: none that compares.
  const Routing* earlier() const { return earlier_.get(); }
  /// Keeps the analysis that is shown, to compare later ones with: another router, another run. False: there is none yet.
  bool pinReference();
  void unpinReference();
  /// Expert or pair, token and domain of a pick become the selection; an empty pick clears it.
  void select(const Pick& pick);
  /// The expert of a pick joins the selected one as a pair, or leaves it; a pick of none changes nothing.
  void extendSelection(const Pick& pick);

 Q_SIGNALS:
  void sceneChanged();
  void statusChanged();

 private:
  SnapshotSource& source() { return checkpoint_ ? static_cast<SnapshotSource&>(*checkpoint_) : *engine_; }
  const SnapshotSource& source() const { return const_cast<Controller&>(*this).source(); }
  void listenTo(SnapshotSource& source);
  void takeNews();
  void takeSnapshot(const SnapshotPointer& latest);
  void takeAnalysis();
  void evaluateNow();
  void clampSelection();
  void computeCurve();

  std::unique_ptr<Engine> engine_;
  std::unique_ptr<CheckpointSession> checkpoint_;
  Scene scene_;
  Lens trainingLens_;
  AnalysisRequest analysis_;
  std::shared_ptr<const Routing> earlier_;
  std::shared_ptr<std::vector<StepMetrics>> history_ = std::make_shared<std::vector<StepMetrics>>();
  QTimer frame_;  // news and lens changes are gathered into one redraw
  std::shared_ptr<std::atomic<bool>> newsPosted_ = std::make_shared<std::atomic<bool>>(false);
  bool curveRunning_ = false, curveStale_ = false;
};

/// Ends a session without waiting for what it has in hand; the global thread pool waits for it when the program ends.
void retire(std::unique_ptr<CheckpointSession> session);

}  // namespace moescope
