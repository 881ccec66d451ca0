#pragma once
// What the window's widgets share: the engine, the lens, and the scene that follows from both.

#include <QObject>
#include <QTimer>
#include <atomic>
#include <memory>

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
  const Scene& scene() const { return scene_; }
  const Lens& lens() const { return scene_.lens; }
  EngineStatus status() const { return engine_->status(); }

  /// Routing is evaluated at once; the picture follows within a frame.
  void setLens(const Lens& lens);
  /// What the analysis thread measures, and how often; its layer follows the lens.
  void setAnalysis(const AnalysisRequest& request);
  const AnalysisRequest& analysisRequest() const { return analysis_; }
  /// Routing of the snapshot before the shown one, through the lens of that moment's layer; null: none that compares.
  const Routing* earlier() const { return earlier_.get(); }
  /// Expert, token and domain of a pick become the selection; an empty pick clears it.
  void select(const Pick& pick);

 Q_SIGNALS:
  void sceneChanged();
  void statusChanged();

 private:
  void takeNews();
  void takeAnalysis();
  void evaluateNow();
  void computeCurve();

  std::unique_ptr<Engine> engine_;
  Scene scene_;
  AnalysisRequest analysis_;
  std::shared_ptr<const Routing> earlier_;
  std::shared_ptr<std::vector<StepMetrics>> history_ = std::make_shared<std::vector<StepMetrics>>();
  QTimer frame_;  // news and lens changes are gathered into one redraw
  std::shared_ptr<std::atomic<bool>> newsPosted_ = std::make_shared<std::atomic<bool>>(false);
  bool curveRunning_ = false, curveStale_ = false;
};

}  // namespace moescope
