#include "app/window/timeline_bar.h"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QSignalBlocker>
#include <algorithm>

#include "app/window/language.h"
#include "app/window/time_icon.h"
#include "app/window/timeline_badge.h"

namespace moescope {
namespace {

const char *const kToNewest = translatable("&Live: the newest step"), *const kToNewestHelp =
                                                                          translatable("Back to the newest step, and stay there");

/// A name in a menu, where & marks a key.
QString inMenu(const std::string& name) { return QString::fromStdString(name).replace('&', "&&"); }

QString rateInWords(double rate) { return rate == 0.25 ? "¼" : rate == 0.5 ? "½" : QString::number(rate); }

}  // namespace

TimelineBar::TimelineBar(Controller& controller) : controller_(controller), player_(controller) {
  setObjectName("timeBar");
  setAccessibleName(tr("Time line"));
  makeActions();
  makeMenu();
  makeRow();
  connect(&controller_, &Controller::sceneChanged, this, &TimelineBar::follow);
  connect(&player_, &Player::changed, this, &TimelineBar::follow);
  follow();
}

QAction* TimelineBar::makeAction(const char* name, const QString& text, const QString& help) {
  auto* action = new QAction(text, this);
  action->setObjectName(name);
  action->setToolTip(help);
  return action;
}

void TimelineBar::makeActions() {
  start_ = makeAction("timeToStart", tr("To the &start"), tr("To the start of the run: the first picture that is held"));
  back_ = makeAction("timeBack", tr("Step &back"), tr("One held picture back"));
  play_ = makeAction("timePlay", tr("&Play recording"), tr("Play what was recorded; training has its own button"));
  forward_ = makeAction("timeForward", tr("Step &forward"), tr("One held picture on"));
  newest_ = makeAction("timeLive", tr(kToNewest), tr(kToNewestHelp));
  mark_ = makeAction("timeBookmark", tr("Book&mark this moment"), tr("A name for the shown moment, to come back to"));
  mark_->setShortcut(Qt::Key_B);
  continue_ = makeAction("timeContinue", tr("&Continue training from here"), "");
  connect(continue_, &QAction::triggered, this, &TimelineBar::continueTraining);
  connect(start_, &QAction::triggered, this, &TimelineBar::goToStart);
  connect(back_, &QAction::triggered, this, [this] { goOn(-1); });
  connect(play_, &QAction::triggered, this, &TimelineBar::toggle);
  connect(forward_, &QAction::triggered, this, [this] { goOn(1); });
  connect(newest_, &QAction::triggered, this, &TimelineBar::goToNewest);
  connect(mark_, &QAction::triggered, this, &TimelineBar::addMark);
}

void TimelineBar::makeMenu() {
  menu_ = new QMenu(tr("T&ime"), this);
  menu_->addActions({start_, back_, play_, forward_, newest_});
  menu_->addSeparator();
  runsMenu_ = menu_->addMenu(tr("&Run"));
  runsMenu_->setProperty("listedAnew", true);  // whenever it opens
  connect(runsMenu_, &QMenu::aboutToShow, this, [this] { showRunsIn(runsMenu_); });
  menu_->addSeparator();
  menu_->addAction(continue_);
  menu_->setToolTipsVisible(true);
  menu_->addSeparator();
  menu_->addAction(mark_);
  bookmarks_ = menu_->addMenu(tr("B&ookmarks"));
  bookmarks_->setObjectName("bookmarksMenu");
  bookmarks_->setProperty("listedAnew", true);  // whenever it opens
  connect(bookmarks_, &QMenu::aboutToShow, this, [this] { showBookmarks(bookmarks_); });
}

QToolButton* TimelineBar::makeButton(QAction* action, const char* name) {
  auto* button = new QToolButton;
  button->setDefaultAction(action);
  button->setObjectName(name);
  button->setAutoRaise(true);
  button->setFocusPolicy(Qt::TabFocus);
  layout()->addWidget(button);
  return button;
}

void TimelineBar::makeRow() {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(4, 0, 4, 0);
  row->setSpacing(2);
  makeButton(start_, "timeStartButton");
  makeButton(back_, "timeBackButton");
  makeButton(play_, "timePlayButton");
  makeButton(forward_, "timeForwardButton");
  makeSpeeds();
  line_ = new TimelineLine;
  row->addWidget(line_, 1);
  badge_ = new ElidedLabel;
  badge_->setObjectName("timeBadge");
  row->addWidget(badge_);
  live_ = makeButton(newest_, "timeLiveButton");
  live_->setText(tr("Live"));
  live_->setToolButtonStyle(Qt::ToolButtonTextOnly);
  connect(newest_, &QAction::changed, live_, [this] { live_->setText(controller_.session() ? tr("End") : tr("Live")); });
  runs_ = new QToolButton;
  runs_->setObjectName("timeRuns");
  runs_->setAutoRaise(true);
  runs_->setPopupMode(QToolButton::InstantPopup);
  runs_->setToolTip(tr("Which run or branch is shown"));
  runs_->setMenu(runsMenu_);
  row->addWidget(runs_);
  more_ = new QToolButton;
  more_->setObjectName("timeMore");
  more_->setText("…");
  more_->setAccessibleName(tr("More of the time line"));
  more_->setToolTip(tr("Bookmarks and what else can be done with the time line"));
  more_->setAutoRaise(true);
  more_->setPopupMode(QToolButton::InstantPopup);
  more_->setMenu(menu_);
  row->addWidget(more_);
  connect(line_, &TimelineLine::moved, this, &TimelineBar::goTo);
  connect(line_, &TimelineLine::sliderPressed, this, [this] { player_.hold(true); });
  connect(line_, &TimelineLine::released, this, [this] {
    player_.hold(false);
    controller_.history().endGesture();
  });
  connect(line_, &TimelineLine::stepped, this, &TimelineBar::goOn);
  connect(line_, &TimelineLine::startWanted, this, &TimelineBar::goToStart);
  connect(line_, &TimelineLine::newestWanted, this, &TimelineBar::goToNewest);
  connect(line_, &TimelineLine::playWanted, this, &TimelineBar::toggle);
  connect(line_, &TimelineLine::bookmarkWanted, this, [this](const QString& name) { goToMark(name.toStdString()); });
  connect(line_, &TimelineLine::menuWanted, this, &TimelineBar::openMenu);
}

void TimelineBar::makeSpeeds() {
  speed_ = new QComboBox;
  speed_->setObjectName("timeSpeed");
  speed_->setAccessibleName(tr("Speed of playing the recording"));
  speed_->setToolTip(tr("How fast the recording is played: held pictures a second, or steps of training a second"));
  speed_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  for (const Playback::Unit unit : {Playback::Unit::Snapshots, Playback::Unit::Steps}) {
    if (unit == Playback::Unit::Steps) speed_->insertSeparator(speed_->count());
    const double first = unit == Playback::Unit::Steps ? 100.0 : 1.0;
    for (double rate = 0.25; rate <= 64.0; rate *= 2)
      speed_->addItem(rateInWords(first * rate) + (unit == Playback::Unit::Steps ? tr(" steps/s") : tr(" snapshots/s")),
                      QPointF(first * rate, static_cast<double>(unit)));
  }
  layout()->addWidget(speed_);
  connect(speed_, &QComboBox::activated, this, [this](int index) {
    const QPointF chosen = speed_->itemData(index).toPointF();
    controller_.perform(setPlayback({chosen.x(), static_cast<Playback::Unit>(static_cast<int>(chosen.y()))}));
  });
}

/// One that is not offered stands in the document all the same: it gets an entry of its own.
void TimelineBar::showSpeed() {
  const Playback& speed = controller_.document().playback;
  const QPointF wanted(speed.rate, static_cast<double>(speed.unit));
  int index = -1;
  for (int i = 0; i < speed_->count() && index < 0; ++i)
    if (speed_->itemData(i).isValid() && speed_->itemData(i).toPointF() == wanted) index = i;
  const QSignalBlocker quiet(speed_);
  if (index < 0) {
    index = speed_->count();
    speed_->addItem(QString::number(speed.rate) + (speed.unit == Playback::Unit::Steps ? tr(" steps/s") : tr(" snapshots/s")),
                    wanted);
  }
  speed_->setCurrentIndex(index);
}

// ---------------------------------------------------------------- what is shown

void TimelineBar::setTheme(const Theme& theme) {
  theme_ = theme;
  line_->setTheme(theme);
  showIcons();
}

void TimelineBar::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (line_ && (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)) showIcons();
}

void TimelineBar::showIcons() {
  start_->setIcon(timeIcon(TimeSign::Start, *this));
  back_->setIcon(timeIcon(TimeSign::Back, *this));
  play_->setIcon(timeIcon(player_.playing() ? TimeSign::Pause : TimeSign::Play, *this));
  forward_->setIcon(timeIcon(TimeSign::Forward, *this));
  const int size = fontMetrics().height();
  for (QToolButton* button : findChildren<QToolButton*>()) button->setIconSize({size, size});
}

void TimelineBar::follow() {
  const Scene& scene = controller_.scene();
  const bool trains = controller_.hasRun(), some = trains && scene.snapshot;
  if (player_.playing() && !trains) player_.pause();
  TimelinePicture picture;
  if (some) {
    picture.run = overviewOf(*controller_.timeline(), scene.generation, controller_.models());
    picture.bookmarks = controller_.document().bookmarks;
    picture.step = scene.snapshot->step;
    picture.live = !scene.past;
  }
  line_->setEnabled(trains);
  const std::vector<std::int64_t> held =
      picture.run.lines.empty() ? std::vector<std::int64_t>{} : picture.run.lines[picture.run.shown].snapshots;
  start_->setEnabled(some && !held.empty() && picture.step > held.front());
  back_->setEnabled(start_->isEnabled());
  forward_->setEnabled(some && scene.past);
  newest_->setEnabled(some && scene.past);
  newest_->setText(controller_.session() ? tr("To the &end of the recording") : tr(kToNewest));
  newest_->setToolTip(controller_.session() ? tr("To the last step that was recorded") : tr(kToNewestHelp));
  play_->setEnabled(some && (held.size() > 1 || player_.playing()));
  mark_->setEnabled(some);
  const QString playWords = player_.playing() ? tr("&Pause recording") : tr("&Play recording");
  if (play_->text() != playWords) {
    play_->setText(playWords);
    showIcons();
  }
  line_->show(std::move(picture));
  showBadge();
  showRuns();
  showSpeed();
  showContinuing();
}

/// From which step, which may be an earlier one than is shown.
void TimelineBar::showContinuing() {
  const Scene& scene = controller_.scene();
  const bool past = controller_.hasRun() && scene.snapshot && (scene.past || controller_.session());
  const auto model =
      past ? modelBefore(*controller_.timeline(), controller_.models(), scene.generation, scene.snapshot->step) : std::nullopt;
  continue_->setEnabled(model.has_value());
  continue_->setText(model ? tr("&Continue training from step %1").arg(model->step) : tr("&Continue training from here"));
  continue_->setToolTip(
      model
          ? tr("Training goes on from the last model that is kept at or before the shown step, as a branch where its run has later steps")
      : past ? tr("No model is kept at or before the shown step")
             : tr("The newest step is shown: training goes on from it anyway"));
}

void TimelineBar::showBadge() {
  const TimelineBadge badge = badgeOf(controller_);
  badge_->setText(badge.text);
  badge_->setToolTip(badge.help);
  const bool past = controller_.scene().past;
  QFont font = badge_->font();
  if (font.bold() == past) font.setBold(!past), badge_->setFont(font);
}

void TimelineBar::showRuns() {
  const std::vector<std::uint64_t> runs =
      controller_.hasRun() ? controller_.timeline()->generations() : std::vector<std::uint64_t>{};
  runs_->setVisible(runs.size() > 1);
  runsMenu_->menuAction()->setEnabled(runs.size() > 1);
  runs_->setText(tr("run %1").arg(controller_.scene().generation));
}

void TimelineBar::showRunsIn(QMenu* menu) {
  menu->clear();
  const std::shared_ptr<const Timeline> timeline = controller_.timeline();
  for (const std::uint64_t run : timeline->generations()) {
    const std::int64_t last = timeline->lastStep(run);
    const std::vector<KnobChange> knobs = timeline->knobChanges(run);
    QString words = tr("run %1").arg(run);
    if (!knobs.empty()) words += ": " + inMenu(routerInWords(knobs.back().knobs.router));
    words += tr(", %1 steps").arg(last);
    if (const auto from = timeline->branchPoint(run))
      words += tr(", a branch of run %1 from step %2").arg(from->generation).arg(from->step);
    if (run == timeline->current()) words += controller_.session() ? tr(", recorded last") : tr(", in training");
    QAction* action = menu->addAction(words, this, [this, run, last] { goTo(run, last); });
    action->setCheckable(true);
    action->setChecked(run == controller_.scene().generation);
  }
}

void TimelineBar::showBookmarks(QMenu* menu) {
  menu->clear();
  const std::vector<Bookmark>& bookmarks = controller_.document().bookmarks;
  if (bookmarks.empty()) return menu->addAction(tr("None yet: B makes one of the shown moment"))->setEnabled(false);
  for (const Bookmark& each : bookmarks)
    menu->addAction(inMenu(each.name) + tr("\trun %1, step %2").arg(each.generation).arg(each.step), this,
                    [this, name = each.name] { goToMark(name); });
  menu->addSeparator();
  QMenu *renaming = menu->addMenu(tr("&Rename")), *deleting = menu->addMenu(tr("&Delete"));
  for (const Bookmark& each : bookmarks) {
    renaming->addAction(inMenu(each.name) + "…", this, [this, name = each.name] { rename(QString::fromStdString(name)); });
    deleting->addAction(inMenu(each.name), this, [this, name = each.name] { controller_.perform(removeBookmark(name)); });
  }
}

void TimelineBar::openMenu(const QPoint& place, const QString& bookmark) {
  if (!line_->isEnabled()) return;
  if (bookmark.isEmpty()) return void(menu_->exec(place));
  QMenu menu;
  menu.addAction(tr("&Go to"), this, [&] { goToMark(bookmark.toStdString()); });
  menu.addAction(tr("&Rename…"), this, [&] { rename(bookmark); });
  menu.addAction(tr("&Delete"), this, [&] { controller_.perform(removeBookmark(bookmark.toStdString())); });
  menu.exec(place);
}

// ---------------------------------------------------------------- what is done

/// The newest step of the run in training is the one that goes on.
void TimelineBar::goTo(std::uint64_t generation, std::int64_t step) {
  const std::shared_ptr<const Timeline> timeline = controller_.timeline();
  const std::vector<std::int64_t> held = timeline->snapshotSteps(generation);
  const bool newest = generation == timeline->current() && (held.empty() || step >= held.back());
  controller_.perform(moveCursor(controller_.active(), newest ? Cursor{} : Cursor{false, generation, step}));
}

void TimelineBar::goOn(int pictures) {
  const Scene& scene = controller_.scene();
  if (!line_->isEnabled() || !scene.snapshot || (pictures > 0 && !scene.past)) return;
  player_.pause();
  const std::int64_t to = heldStep(controller_.timeline()->snapshotSteps(scene.generation), scene.snapshot->step, pictures);
  if (to >= 0) goTo(scene.generation, to);
}

void TimelineBar::goToStart() {
  const std::uint64_t generation = controller_.scene().generation;
  const std::vector<std::int64_t> held =
      line_->isEnabled() ? controller_.timeline()->snapshotSteps(generation) : std::vector<std::int64_t>{};
  controller_.history().endGesture();
  if (!held.empty()) goTo(generation, held.front());
  controller_.history().endGesture();
}

void TimelineBar::goToNewest() {
  player_.pause();
  controller_.history().endGesture();
  controller_.perform(moveCursor(controller_.active(), {}));
  controller_.history().endGesture();
}

void TimelineBar::toggle() {
  if (player_.playing()) return player_.pause();
  if (line_->isEnabled()) player_.play();
}

void TimelineBar::addMark() {
  const Scene& scene = controller_.scene();
  if (!scene.snapshot) return;
  std::string name = translated("step ") + std::to_string(scene.snapshot->step);
  if (controller_.timeline()->generations().size() > 1)
    name = translated("run ") + std::to_string(scene.generation) + ", " + name;
  controller_.perform(addBookmark({name, scene.generation, scene.snapshot->step}));
}

void TimelineBar::rename(const QString& bookmark) {
  bool agreed = false;
  const QString name =
      QInputDialog::getText(this, tr("Rename bookmark"), tr("Name:"), QLineEdit::Normal, bookmark, &agreed).trimmed();
  if (agreed && name != bookmark) controller_.perform(renameBookmark(bookmark.toStdString(), name.toStdString()));
}

void TimelineBar::continueTraining() {
  const Scene& scene = controller_.scene();
  const std::int64_t shown = scene.snapshot->step;
  const auto model = modelBefore(*controller_.timeline(), controller_.models(), scene.generation, shown);
  if (!model) return;
  player_.pause();
  if (!controller_.continueFrom(*model)) return;
  controller_.notice(tr("Training is paused at step %1%2: change what is to be different, then play")
                         .arg(model->step)
                         .arg(model->step == shown ? QString() : tr(", the last model that is kept before step %1").arg(shown)));
}

void TimelineBar::goToMark(const std::string& name) {
  for (const Bookmark& each : controller_.document().bookmarks) {
    if (each.name != name) continue;
    if (!controller_.timeline()->at(each.generation, each.step).snapshot)
      return controller_.notice(
          tr("'%1' is a moment of run %2, which is not on the time line").arg(QString::fromStdString(name)).arg(each.generation));
    controller_.history().endGesture();
    controller_.perform(moveCursor(controller_.active(), {false, each.generation, each.step}));
    controller_.history().endGesture();
    return;
  }
}

}  // namespace moescope
