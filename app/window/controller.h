#pragma once
// What the window's widgets share: the Document, and the sides that show what it says. Widgets show the Document and perform
// Actions; this carries what changed to the sides. What speaks of no side means the active one: A, unless the Document compares.

#include <QObject>
#include <QString>
#include <array>
#include <functional>
#include <memory>

#include "app/document/action.h"
#include "app/document/document.h"
#include "app/window/autosaves.h"
#include "app/window/document_history.h"
#include "app/window/frame_queue.h"
#include "app/window/lockstep.h"
#include "app/window/side_controller.h"
#include "core/reading/metric_table.h"
#include "views/view.h"

namespace moescope {

class Controller : public QObject {
  Q_OBJECT
 public:
  /// `keptBytes`: of memory for models to go back to. `autosaves`: where each side's run is kept; null: nowhere.
  /// `first`: what side A's training begins with; none: a new model.
  explicit Controller(const Document& document, std::uint64_t keptBytes = kKeptModelBytes,
                      std::shared_ptr<Autosaves> autosaves = {}, const std::optional<ModelToContinue>& first = {});
  ~Controller() override;

  const Document& document() const { return *document_; }
  /// Whether both sides are shown.
  bool compares() const { return document_->compares; }
  /// The side that the panel speaks of: 0 or 1.
  int active() const { return compares() ? document_->active : 0; }
  const Side& side() const { return document_->sides[static_cast<std::size_t>(active())]; }
  /// A side: B only while it is compared with.
  SideController& on(int side) { return *sides_.at(static_cast<std::size_t>(side)); }
  const SideController& on(int side) const { return *sides_.at(static_cast<std::size_t>(side)); }
  /// Takes a step that can be undone. What it would make is checked first: false, and a notice, where it is refused; nothing
  /// changed then.
  bool perform(const Action& action);
  /// A whole other document, as a step that can be undone; false: refused, as above. Its models are new ones only where the knobs
  /// ask for that.
  bool showDocument(const Document& document, const std::string& name);
  DocumentHistory& history() { return history_; }
  /// Of all tiles that show its scenes.
  FrameQueue& frames() { return frames_; }

  /// The panel and keys speak of this side from now on: no step of undo. Nothing while one is shown.
  void activate(int side);

  // Training: of both sides where both train and their times are linked.
  void play() { playUntil(Timeline::kEnd); }
  void playUntil(std::int64_t step);  ///< as Engine does
  void pause();
  void stepOnce();
  bool playing() const;
  /// From now on what a pause shows is the same at every run, pixel for pixel: for pictures.
  void showRepeatably();
  /// Each side's share of the cores from its next step on; 0: all but one.
  void useThreads(int threads);
  int threads() const { return threads_; }
  /// "B trains to A's step: 120 of 300"; empty: both sides are at the same step, or need not be.
  QString pairText() const { return lockstep_.text(); }

  Engine& engine() { return on(active()).engine(); }
  const Engine& engine() const { return on(active()).engine(); }
  const CheckpointSource* checkpoint() const { return on(active()).checkpoint(); }
  /// The recorded session that is shown; null: none is.
  const SessionSource* session() const { return on(active()).session(); }
  /// What keeps this side's training; null: nothing.
  std::shared_ptr<SessionRecorder> recorder() const { return on(active()).recorder(); }
  /// The same of either side, also of one that is not shown.
  std::shared_ptr<SessionRecorder> recorderOf(int side) const {
    const auto& shows = sides_.at(static_cast<std::size_t>(side));
    return shows ? shows->recorder() : nullptr;
  }
  bool trains() const { return on(active()).trains(); }
  /// Those that the shown model was trained with up to its moment, of a recorded run; else those of the model in training.
  Knobs shownKnobs() const;
  /// In words for a person, and what to do; empty: it does.
  QString whyNotTraining() const;
  /// Why what is shown has no concentration to set; empty: it has.
  QString whyNoConcentration() const {
    return scene().snapshot && scene().snapshot->capture ? QString(kNoConcentrationInCaptures) : QString();
  }
  /// Whether what is shown has a time line of steps: training or a session.
  bool hasRun() const { return !checkpoint(); }
  std::shared_ptr<const Timeline> timeline() const { return on(active()).timeline(); }
  /// Goes to the moment that a playing recording shows next, which is no step to be undone.
  void showMoment(const Cursor& cursor);
  const Scene& scene() const { return on(active()).scene(); }
  const Lens& lens() const { return scene().lens; }
  const Selection& selection() const { return scene().selection; }
  void setSelection(const Selection& selection) { perform(moescope::select(active(), selection)); }
  /// Of the shown layer; of the knobs before there is one.
  int experts() const { return scene().routing ? static_cast<int>(scene().routing->gates.cols()) : engine().knobs().experts; }
  EngineStatus status() const { return on(active()).status(); }

  /// Shows a checkpoint whose first layer is read; training pauses. The lens starts as the family's own gating at concentration
  /// 1; it stays where the same folder was shown before, without or with another trace.
  void showCheckpoint(int side, std::unique_ptr<CheckpointSource> opened);
  /// The checkpoint or session that the document wants cannot be opened: what is shown stays, and the document says so.
  void giveUpCheckpoint(int side);
  /// Shows a session with this document, which is its own or the one in force; training pauses, and its knobs stay. Throws where
  /// it cannot be shown, and what was shown stays.
  void showSession(int side, std::shared_ptr<SessionSource> opened, Document document);
  /// Back to the model in training, paused as it was left, with its own lens.
  void backToTraining() { perform(moescope::backToTraining(active())); }
  /// Stops a checkpoint's analysis under way. False: none is.
  bool stopAnalysis() { return on(active()).stopAnalysis(); }

  /// A lens that the shown snapshot cannot be read through is refused with a notice: false, and the lens in force stays.
  bool setLens(const Lens& lens);
  /// The shown snapshot through this lens; null: there is none yet. Throws std::runtime_error with one line where it cannot be
  /// read so.
  std::shared_ptr<const Routing> evaluated(const Lens& lens) const { return on(active()).evaluated(lens); }

  /// Knobs of the model in training. Where they need a new model and the old one cannot be kept for undo, a question comes first.
  /// False: refused, nothing changed.
  bool setKnobs(const Knobs& knobs);
  /// A new model from the current knobs, after the same question. False: the old model stays.
  bool reset() { return perform(moescope::reset(active())); }
  /// Models of the time line that training can go on from.
  std::vector<ModelMoment> models() const { return on(active()).models(); }
  /// Goes on from one of them, paused: in its run, or where that has later steps in a branch of it. A step that can be undone.
  /// False: refused, or it is kept no longer, which is said.
  bool continueFrom(const ModelMoment& model);
  /// Answers whether training may be given up; takes what would be lost in words: "1555 steps, 6 minutes of training". Without
  /// one, nobody is asked.
  void setQuestion(std::function<bool(const QString& loss)> question) { question_ = std::move(question); }
  /// Seconds of training that are lost without a question.
  void askFrom(double seconds) { askSeconds_ = seconds; }

  /// What the time line and the models to go back to take of memory, of how much they may.
  QString memoryText() const { return on(active()).memoryText(); }
  /// One line for a person, which noticed() carries to the status line.
  void notice(const QString& line) { Q_EMIT noticed(line); }
  /// Whether all that is on show is of the shown step and lens: the loss, the curve and the analysis too, and nothing is under
  /// way.
  bool settled() const;
  /// The held-out loss that was measured through the shown lens, of the last step at which it was; step -1: not yet.
  LensLoss shownLoss() const { return on(active()).shownLoss(); }
  /// Routing of the snapshot before the shown one, through the lens of that moment's layer; null: none that compares.
  const Routing* earlier() const { return on(active()).earlier(); }
  std::int64_t earlierStep() const { return on(active()).earlierStep(); }
  /// Keeps the analysis that is shown, to compare later ones with: another router, another run. False: there is none yet.
  bool pinReference() { return on(active()).pinReference(); }
  void unpinReference() { on(active()).unpinReference(); }
  /// Expert or pair, token and domain of a pick become the selection; an empty pick clears it.
  void select(const Pick& pick);
  /// The expert of a pick joins the selected one as a pair, or leaves it; a pick of none changes nothing.
  void extendSelection(const Pick& pick);

 Q_SIGNALS:
  void documentChanged();
  /// The document says that this checkpoint is shown, and it is not open: whoever opens it calls showCheckpoint().
  void checkpointWanted(int side, const QString& folder, const QString& trace, const CaptureReading& reading);
  /// The same for a session, and showSession().
  void sessionWanted(int side, const QString& file);
  void sceneChanged();
  void statusChanged();
  void noticed(const QString& line);

 private:
  void makeSide(int side, const std::optional<ModelToContinue>& first = {});
  void followPair();
  std::int64_t lastShownOf(int side) const;
  void refreshPair();
  void takeNews(int side);
  bool accepts(const Document& after);
  bool take(const Document& after, const std::string& name, const std::string& gesture);
  void show(const DocumentPointer& document, bool movesTime);
  void takeDocument(const DocumentPointer& document);
  void amend(int side, const std::function<void(Side&)>& change);
  bool mayGiveUpTraining(const Engine& engine);

  DocumentPointer document_;
  DocumentHistory history_;
  FrameQueue frames_;
  const std::uint64_t keptBytes_;
  const std::shared_ptr<Autosaves> autosaves_;
  int threads_ = 0;  ///< of each side
  std::array<std::unique_ptr<SideController>, 2> sides_;  ///< B: null until it is compared with
  Lockstep lockstep_;
  std::function<bool(const QString& loss)> question_;
  double askSeconds_ = 60.0;
  bool asking_ = false;
};

}  // namespace moescope
