#pragma once
// One side of the window: its engine, its checkpoint where one is shown, and the scene that follows from them and the Document.

#include <QObject>
#include <QString>
#include <QTimer>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <vector>

#include "app/document/document.h"
#include "app/document/run_overview.h"
#include "app/document/scene_assembly.h"
#include "app/window/session_recorder.h"
#include "core/checkpoint/checkpoint_source.h"
#include "core/reading/layer_meter.h"
#include "core/reading/routing.h"
#include "core/session/session_source.h"
#include "core/training/engine.h"
#include "core/training/model_memory.h"

namespace moescope {

class SideController : public QObject {
  Q_OBJECT
 public:
  /// A correction of what the Document says of this side, which is no step of its own; the corrected Document comes through
  /// follow().
  using Amend = std::function<void(const std::function<void(Side&)>& change)>;

  /// `index`: of the Document's sides. `keptBytes`: of memory for models to go back to. `threads`: of the engine, as it takes
  /// them. `recorder`: keeps what is trained; null: nobody does.
  SideController(int index, const DocumentPointer& document, std::uint64_t keptBytes, int threads,
                 std::shared_ptr<SessionRecorder> recorder, Amend amend, const std::optional<ModelToContinue>& first = {});
  ~SideController() override;

  int index() const { return index_; }
  const Side& side() const { return document_->sides[static_cast<std::size_t>(index_)]; }
  Engine& engine() { return *engine_; }
  const Engine& engine() const { return *engine_; }
  /// The checkpoint that is shown instead of the model in training; null: none is.
  const CheckpointSource* checkpoint() const { return checkpoint_.get(); }
  /// The recorded session that is shown instead; null: none is.
  const SessionSource* session() const { return session_.get(); }
  const std::shared_ptr<SessionSource>& sharedSession() const { return session_; }
  const std::shared_ptr<SessionRecorder>& recorder() const { return recorder_; }
  bool trains() const { return !checkpoint_ && !session_; }
  EngineStatus status() const { return source().status(); }
  std::shared_ptr<const Timeline> timeline() const { return source().timeline(); }
  const Scene& scene() const { return scene_; }
  /// Routing of the snapshot before the shown one, through the lens of that moment's layer; null: none that compares.
  /// In the past that snapshot is the one before that is held still.
  const Routing* earlier() const { return earlier_.get(); }
  std::int64_t earlierStep() const { return earlierStep_; }
  /// Models of the time line that training can go on from.
  std::vector<ModelMoment> models() const;
  std::uint64_t modelBytes() const { return models_->bytes(); }  ///< of memory that models along the run take, to branch from
  /// The state of one of them that the window itself keeps; none: it is kept no longer, or lies in a session.
  std::optional<ModelToContinue> stored(const ModelMoment& model) const { return models_->find(model.generation, model.step); }
  /// The next document with a model of this number goes on from there. Its knobs; none: it is kept no longer.
  std::optional<Knobs> prepare(const ModelMoment& model, std::uint64_t number);
  /// A document's model of this number begins at step 0, also where no more than its router is another one than now.
  void beginAnew(std::uint64_t number) { anew_ = number; }
  /// Number of the model that the engine trains, as the Document counts them.
  std::uint64_t model() const { return model_; }
  /// What is shown; the Document may want another one, which is being opened.
  SideSource shownSource() const;

  /// Brings the document into force: model, knobs, source, scene. Whoever calls tells that the scene has changed.
  void follow(const DocumentPointer& document);
  /// Takes a document without bringing it into force: a correction, or while this side is not shown.
  void note(const DocumentPointer& document) { document_ = document; }
  /// The newest step that may be shown while the cursor is live. Whoever sets it calls refresh().
  void showUpTo(std::int64_t step) { upTo_ = step; }
  /// As Controller does.
  void showRepeatably();
  /// The scene anew, without a signal.
  void refresh() { assemble(); }
  /// The scene of the other side; null: none is shown.
  void putBeside(std::shared_ptr<const Scene> other) { scene_.beside = std::move(other); }
  /// The shown snapshot through this lens; null: there is none yet. Throws std::runtime_error with one line where it cannot be
  /// read so.
  std::shared_ptr<const Routing> evaluated(const Lens& lens) const;

  /// Shows a checkpoint whose first layer is read; training pauses. The document is the caller's to change, then
  /// settleCheckpoint().
  void adopt(std::unique_ptr<CheckpointSource> opened);
  /// The same for a session.
  void adopt(std::shared_ptr<SessionSource> opened);
  void settleCheckpoint();
  /// Stops a checkpoint's analysis under way. False: none is.
  bool stopAnalysis() { return checkpoint_ && checkpoint_->stopAnalysis(); }

  QString memoryText() const;
  bool settled() const;
  /// In the past that of the shown step or none: training measures the model as trained now and then, another lens only of the
  /// newest model.
  LensLoss shownLoss() const;
  bool pinReference();
  void unpinReference();

 Q_SIGNALS:
  void checkpointWanted(const QString& folder, const QString& trace, const CaptureReading& reading);
  void sessionWanted(const QString& file);
  void sceneChanged();
  void statusChanged();
  void noticed(const QString& line);

 private:
  SnapshotSource& source();
  const SnapshotSource& source() const { return const_cast<SideController&>(*this).source(); }
  void listenTo(SnapshotSource& source);
  void followModel();
  void followSource(const SideSource& wanted);
  void assemble();
  void leaveMissingMoment();
  std::optional<Knobs> prepareRecorded(const ModelMoment& model, std::uint64_t number);
  void findEarlier(const Scene& before);
  void takeNews();
  void takeLoss();
  using GlideExtent = std::tuple<std::uint64_t, std::int64_t, int>;  ///< generation, its last step, layer
  GlideExtent glideExtent() const;
  bool glideDue() const;
  void computeGlide();
  void takeGlide(const std::shared_ptr<const ExpertGlide>& glide, const std::shared_ptr<const Timeline>& of);
  AnalysisRequest analysisRequest() const;
  PromptRequest promptRequest() const;
  void showPrompt(Scene& next, const Scene& before) const;
  void measureAllTokens();
  void takeMeasures(const std::shared_ptr<const Routing>& of, const std::shared_ptr<LayerMeter>& meter,
                    const std::optional<LayerMeasures>& measures);
  void computeCurve();
  void takeCurve(const std::shared_ptr<const ConcentrationCurve>& curve, const Scene& of, qint64 milliseconds);
  void noteCurve(const std::shared_ptr<const ConcentrationCurve>& curve);

  const int index_;
  DocumentPointer document_;
  const std::uint64_t keptBytes_;
  const Amend amend_;
  const std::shared_ptr<SessionRecorder> recorder_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<CheckpointSource> checkpoint_;
  std::shared_ptr<SessionSource> session_;
  Scene scene_;
  std::uint64_t model_ = 1;
  std::int64_t upTo_ = Timeline::kEnd;
  std::shared_ptr<ModelMemory> models_;
  std::optional<std::pair<std::uint64_t, ModelToContinue>> prepared_;  ///< by its number
  std::uint64_t anew_ = 0;  ///< number of the model that is to begin at step 0; 0: of none
  std::shared_ptr<const Routing> earlier_;
  std::int64_t earlierStep_ = -1;
  QString unread_;  ///< why the wanted moment could not be read, as it was said
  QTimer frame_;  // news and lens changes are gathered into one redraw
  std::shared_ptr<std::atomic<bool>> newsPosted_ = std::make_shared<std::atomic<bool>>(false);
  bool curveRunning_ = false, curveStale_ = false, curveCut_ = false;
  qint64 curveMilliseconds_ = 1000;  ///< that the last one took on a worker
  bool glideRunning_ = false;
  std::weak_ptr<const Timeline> glideRun_;  ///< whose the scene's glide is
  GlideExtent glided_{0, -1, -1};  ///< of the last one that was computed
  bool repeatably_ = false;
  bool measuring_ = false;
  std::shared_ptr<std::atomic<bool>> stopMeasuring_ = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<LayerMeter> meter_;               ///< of the layer that was measured last
  std::shared_ptr<const Routing> unmeasured_;       ///< whose other tokens could not be measured
  QString meterTrouble_;                            ///< as it was said
  LensLoss loss_;        ///< the last one that was taken
  QString lossFailure_;  ///< the last one that was said
};

/// Whether both read the same gates from every layer: the shown layer aside.
bool readAlike(Lens a, const Lens& b);

/// Ends a session without waiting for what it has in hand; the global thread pool waits for it when the program ends.
void retire(std::unique_ptr<CheckpointSource> session);

}  // namespace moescope
