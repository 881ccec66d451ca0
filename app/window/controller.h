#pragma once
// What the window's widgets share: the Document, where snapshots come from, and the scene that follows from both. Widgets show the
// Document and perform Actions; this carries what changed to engine and checkpoint.

#include <QObject>
#include <QString>
#include <QTimer>
#include <atomic>
#include <functional>
#include <memory>

#include "app/document/action.h"
#include "app/document/document.h"
#include "app/document/scene_assembly.h"
#include "app/window/document_history.h"
#include "core/checkpoint/checkpoint_source.h"
#include "core/training/engine.h"
#include "core/reading/metric_table.h"
#include "core/reading/routing.h"
#include "views/view.h"

namespace moescope {

class Controller : public QObject {
  Q_OBJECT
 public:
  /// `keptBytes`: of memory for models to go back to.
  explicit Controller(const Document& document, std::uint64_t keptBytes = kKeptModelBytes);
  ~Controller() override;

  const Document& document() const { return *document_; }
  /// The side that the window's panel and views speak of.
  const Side& side() const { return document_->sides[0]; }
  /// Takes a step that can be undone. What it would make is checked first: false, and a notice, where it is refused; nothing
  /// changed then.
  bool perform(const Action& action);
  /// A whole other document, as a step that can be undone; false: refused, as above. Its models are new ones only where the knobs
  /// ask for that.
  bool showDocument(const Document& document, const std::string& name);
  DocumentHistory& history() { return history_; }

  Engine& engine() { return *engine_; }
  const Engine& engine() const { return *engine_; }
  /// The checkpoint that is shown instead of the model in training; null: none is.
  const CheckpointSource* checkpoint() const { return checkpoint_.get(); }
  bool trains() const { return !checkpoint_; }
  std::shared_ptr<const Timeline> timeline() const { return source().timeline(); }
  /// Goes to the moment that a playing recording shows next, which is no step to be undone.
  void showMoment(const Cursor& cursor);
  const Scene& scene() const { return scene_; }
  const Lens& lens() const { return scene_.lens; }
  const Selection& selection() const { return scene_.selection; }
  void setSelection(const Selection& selection) { perform(moescope::select(0, selection)); }
  /// Of the shown layer; of the knobs before there is one.
  int experts() const { return scene_.routing ? static_cast<int>(scene_.routing->gates.cols()) : engine_->knobs().experts; }
  EngineStatus status() const { return source().status(); }

  /// Shows a checkpoint whose first layer is read; training pauses. The lens starts as the family's own gating at concentration
  /// 1; it stays where the same folder was shown before, without or with another trace.
  void showCheckpoint(std::unique_ptr<CheckpointSource> opened);
  /// The checkpoint that the document wants cannot be opened: what is shown stays, and the document says so.
  void giveUpCheckpoint();
  /// Back to the model in training, paused as it was left, with its own lens.
  void backToTraining() { perform(moescope::backToTraining(0)); }
  /// Stops a checkpoint's analysis under way. False: none is.
  bool stopAnalysis() { return checkpoint_ && checkpoint_->stopAnalysis(); }

  /// A lens that the shown snapshot cannot be read through is refused with a notice: false, and the lens in force stays.
  bool setLens(const Lens& lens);
  /// The shown snapshot through this lens; null: there is none yet. Throws std::runtime_error with one line where it cannot be
  /// read so.
  std::shared_ptr<const Routing> evaluated(const Lens& lens) const;

  /// Knobs of the model in training. Where they need a new model and the old one cannot be kept for undo, a question comes first.
  /// False: refused, nothing changed.
  bool setKnobs(const Knobs& knobs);
  /// A new model from the current knobs, after the same question. False: the old model stays.
  bool reset() { return perform(moescope::reset(0)); }
  /// Answers whether training may be given up; takes what would be lost in words: "1555 steps, 6 minutes of training". Without
  /// one, nobody is asked.
  void setQuestion(std::function<bool(const QString& loss)> question) { question_ = std::move(question); }
  /// Seconds of training that are lost without a question.
  void askFrom(double seconds) { askSeconds_ = seconds; }

  /// What the time line and the models to go back to take of memory, of how much they may.
  QString memoryText() const;
  /// One line for a person, which noticed() carries to the status line.
  void notice(const QString& line) { Q_EMIT noticed(line); }
  /// Whether all that is on show is of the shown step and lens: the loss, the curve and the analysis too, and nothing is under
  /// way.
  bool settled() const;
  /// The held-out loss that was measured through the shown lens, of the last step at which it was; step -1: not yet. In the past it is
  /// that of the shown step or none: training measures the model as trained now and then, another lens only of the newest model.
  LensLoss shownLoss() const;
  /// Routing of the snapshot before the shown one, through the lens of that moment's layer; null: none that compares. In the past that
  /// snapshot is the one before that is held still.
  const Routing* earlier() const { return earlier_.get(); }
  std::int64_t earlierStep() const { return earlierStep_; }
  /// Keeps the analysis that is shown, to compare later ones with: another router, another run. False: there is none yet.
  bool pinReference();
  void unpinReference();
  /// Expert or pair, token and domain of a pick become the selection; an empty pick clears it.
  void select(const Pick& pick);
  /// The expert of a pick joins the selected one as a pair, or leaves it; a pick of none changes nothing.
  void extendSelection(const Pick& pick);

 Q_SIGNALS:
  void documentChanged();
  /// The document says that this checkpoint is shown, and it is not open: whoever opens it calls showCheckpoint().
  void checkpointWanted(const QString& folder, const QString& trace);
  void sceneChanged();
  void statusChanged();
  void noticed(const QString& line);

 private:
  SnapshotSource& source() { return checkpoint_ ? static_cast<SnapshotSource&>(*checkpoint_) : *engine_; }
  const SnapshotSource& source() const { return const_cast<Controller&>(*this).source(); }
  void listenTo(SnapshotSource& source);
  bool accepts(const Document& after);
  bool take(const Document& after, const std::string& name, const std::string& gesture);
  void show(const DocumentPointer& document, bool movesTime);
  void leaveMissingMoment();
  void findEarlier(const Scene& before);
  void followModel(const Side& before, const Side& after);
  void followSource(const SideSource& wanted);
  SideSource shownSource() const;
  void assemble();
  void amend(const std::function<void(Side&)>& change);
  void takeNews();
  void takeLoss();
  bool mayGiveUpTraining();
  AnalysisRequest analysisRequest() const;
  void computeCurve();
  void takeCurve(const std::shared_ptr<const ConcentrationCurve>& curve, const Scene& of, qint64 milliseconds);
  void noteCurve(const std::shared_ptr<const ConcentrationCurve>& curve);

  std::unique_ptr<Engine> engine_;
  std::unique_ptr<CheckpointSource> checkpoint_;
  Scene scene_;
  DocumentPointer document_;
  DocumentHistory history_;
  std::uint64_t model_ = 1;  ///< of the document's, that the engine trains
  const std::uint64_t keptBytes_;
  std::shared_ptr<const Routing> earlier_;
  std::int64_t earlierStep_ = -1;
  QTimer frame_;  // news and lens changes are gathered into one redraw
  std::shared_ptr<std::atomic<bool>> newsPosted_ = std::make_shared<std::atomic<bool>>(false);
  bool curveRunning_ = false, curveStale_ = false, curveCut_ = false;
  qint64 curveMilliseconds_ = 1000;  ///< that the last one took on a worker
  std::function<bool(const QString& loss)> question_;
  double askSeconds_ = 60.0;
  bool asking_ = false;
  LensLoss loss_;        ///< the last one that was taken
  QString lossFailure_;  ///< the last one that was said
};

/// Whether both read the same gates from every layer: the shown layer aside.
bool readAlike(Lens a, const Lens& b);

/// Ends a session without waiting for what it has in hand; the global thread pool waits for it when the program ends.
void retire(std::unique_ptr<CheckpointSource> session);

}  // namespace moescope
