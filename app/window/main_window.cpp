#include "app/window/main_window.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFontMetrics>
#include <QMessageBox>
#include <QMimeData>
#include <QPainter>
#include <QStatusBar>
#include <QToolButton>
#include <cstdio>
#include <utility>

#include "app/document/document_json.h"
#include "app/document/lesson_file.h"
#include "app/window/application.h"
#include "app/window/breath.h"
#include "app/window/capture_shape_dialog.h"
#include "app/window/language.h"

namespace moescope {
namespace {

constexpr int kLeastLines = 20;  // of text that the window is high, for the tokens to be shown
constexpr int kPromptLines = 40;  // the same for a text of one's own
constexpr int kLayoutVersion = 4;  // of panel and bars; each group of views has its own

}  // namespace

MainWindow::MainWindow(std::shared_ptr<Workbench> bench)
    : bench_(std::move(bench)), controller_(bench_->controller), opener_(bench_->opener), sessions_(bench_->sessions) {
  setWindowTitle("Moescope");
  setAnimated(false);
  training_ = new TrainingActions(controller_, this);
  makeViews();
  makePanel();
  makeTokens();
  makeTimeBar();
  makePrompt();
  heedLessons();
  numbers_ = new NumberPage(controller_, this);
  addDockWidget(Qt::RightDockWidgetArea, numbers_);
  makeMenus();
  status_ = new StatusLine(
      statusBar(), controller_, opener_, [this] { return bench_->first ? bench_->first->mark(controller_) : QString(); },
      [this] { return sessionMenu_->text(); });
  connect(status_, &StatusLine::shown, this, [this](bool needed) {
    if (presenter_->presents()) statusBar()->setVisible(needed);
  });
  heedOpeners();
  setAcceptDrops(true);
  controller_.setQuestion([this](const QString& loss) { return mayGiveUp(loss); });
  opener_.setQuestion(
      [this](const CaptureUntold& untold, const CaptureReading& before) { return askForShape(untold, before, this); });
  connect(&controller_, &Controller::documentChanged, this, &MainWindow::showDocument);
  connect(&controller_, &Controller::checkpointWanted, this,
          [this](int side, const QString& folder, const QString& trace, const CaptureReading& reading) {
            opener_.openFor(side, folder, trace, reading);
          });
  connect(qApp, &QGuiApplication::commitDataRequest, this, &MainWindow::keepPreferences, Qt::DirectConnection);  // log-out
  if (auto* application = qobject_cast<Application*>(qApp)) {
    connect(application, &Application::failed, this,
            [this](const QString& line) { say(tr("Something failed, the window goes on: ") + line); });
    connect(application, &Application::ending, this, &MainWindow::keepPreferences);
  }
  theme_.titles = false;  // the docks show them
  applyTheme();
  resize(1440, 900);
  showDocument();
  status_->show();
}

/// The views, the tabs of their groups, and the bar of A|B.
void MainWindow::makeViews() {
  views_ = new ViewGroups(controller_, *training_);
  connect(views_, &ViewGroups::covered, this, &MainWindow::reveal);
  connect(views_, &ViewGroups::filled, this, [this](bool byOneView) {
    chrome_.setVisible(tokens_, !byOneView && panelShown_ && tokensFit_);
    chrome_.setVisible(promptBar_, !byOneView && promptFits_);
  });
  auto* bar = new QToolBar(tr("Groups of views"), this);
  bar->setObjectName("bar-groups");
  bar->setMovable(false);
  bar->addWidget(views_->tabs());
  addToolBar(Qt::TopToolBarArea, bar);
  setCentralWidget(views_);  // after the bar, as one reads: the focus goes in this order
  compare_ = new CompareBar(controller_, this);
  auto* both = new QToolButton;
  both->setDefaultAction(compare_->compare());
  both->setText("A|B");
  bar->addWidget(both);
  addToolBarBreak(Qt::TopToolBarArea);
  addToolBar(Qt::TopToolBarArea, compare_);
  set_ = new SetBar(controller_, this);
  addToolBarBreak(Qt::TopToolBarArea);
  addToolBar(Qt::TopToolBarArea, set_);
}

void MainWindow::makePanel() {
  panel_ = new ControlPanel(controller_, *training_);
  panelDock_ = new QDockWidget(tr("Controls"), this);
  panelDock_->setObjectName("dock-panel");
  panelDock_->setWidget(panel_);
  addDockWidget(Qt::LeftDockWidgetArea, panelDock_);
}

void MainWindow::makeTimeBar() {
  timeBar_ = new QToolBar(tr("Time line"), this);
  timeBar_->setObjectName("bar-time");
  timeBar_->setMovable(false);
  time_ = new TimelineBar(controller_);
  timeBar_->addWidget(time_);
  addToolBarBreak(Qt::BottomToolBarArea);
  addToolBar(Qt::BottomToolBarArea, timeBar_);  // above the tokens, next to the views
}

void MainWindow::makeTokens() {
  tokens_ = new TokenBar(controller_, this);
  tokens_->hide();  // until the window is known to have room
  addToolBar(Qt::BottomToolBarArea, tokens_);
}

void MainWindow::makePrompt() {
  promptBar_ = new QToolBar(tr("Own text"), this);
  promptBar_->setObjectName("bar-prompt");
  promptBar_->setMovable(false);
  prompt_ = new PromptBar(controller_);
  promptBar_->addWidget(prompt_);
  promptBar_->hide();  // as the tokens
  addToolBarBreak(Qt::BottomToolBarArea);
  addToolBar(Qt::BottomToolBarArea, promptBar_);
}

/// What the openers of checkpoints and sessions say.
void MainWindow::heedOpeners() {
  connect(&opener_, &CheckpointOpener::progressed, this, &MainWindow::say);
  connect(&opener_, &CheckpointOpener::cancelled, this, [this] {
    controller_.giveUpCheckpoint(opener_.side());
    say("");
  });
  connect(&opener_, &CheckpointOpener::failed, this, [this](const QString& line) {
    controller_.giveUpCheckpoint(opener_.side());
    say(line);
  });
  connect(&opener_, &CheckpointOpener::opened, this, [this] {
    say("");
    views_->raiseBesideTraining();
  });
  connect(&controller_, &Controller::sessionWanted, this,
          [this](int side, const QString& file) { sessions_.reopen(side, file); });
  connect(&sessions_, &SessionOpener::progressed, this, &MainWindow::say);
  connect(&sessions_, &SessionOpener::opened, this, [this](const QString&, const QString& note) { say(note); });
  connect(&sessions_, &SessionOpener::failed, this, [this](int side, const QString& line) {
    controller_.giveUpCheckpoint(side);
    say(line);
  });
}

void MainWindow::say(const QString& notice) { status_->say(notice); }

bool MainWindow::mayGiveUp(const QString& loss) {
  QMessageBox box(QMessageBox::Question, tr("Start a new model?"),
                  tr("A new model takes the place of the one in training. %1 would be lost.").arg(loss), QMessageBox::NoButton,
                  this);
  box.setObjectName("askBeforeLoss");
  QPushButton* keep = box.addButton(tr("&Keep training"), QMessageBox::RejectRole);
  const QPushButton* fresh = box.addButton(tr("Start a &new model"), QMessageBox::DestructiveRole);
  box.setDefaultButton(keep);
  box.setEscapeButton(keep);
  box.exec();
  return box.clickedButton() == fresh;
}

/// One thing at a time: what is being opened, an analysis under way, a notice, a view that fills the window, the selection.
void MainWindow::escape() {
  if (presenter_->escape()) return;
  if (opener_.cancel() || controller_.stopAnalysis()) return;
  status_->clear();
  if (!controller_.document().layout.filling.empty())
    controller_.perform({translated("All views"), "", [](Document& document) { document.layout.filling.clear(); }});
  controller_.select({});
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  const QList<QUrl> urls = event->mimeData()->urls();
  if (!urls.isEmpty() && urls.first().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  const QList<QUrl> urls = event->mimeData()->urls();
  if (urls.isEmpty() || !urls.first().isLocalFile()) return;
  event->acceptProposedAction();
  const QString path = urls.first().toLocalFile();
  if (isLessonFile(path.toStdString())) return openLesson(path);
  SessionOpener::isSession(path) ? sessions_.open(path) : opener_.openPath(path);
}

/// All has its place before the first paint.
void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  if (std::exchange(shown_, true)) return;
  ownWidth_ =
      !restored_.layout.isEmpty() && restoreState(restored_.layout, kLayoutVersion) && restored_.textScale == theme_.textScale;
  fitText();
}

/// The views, once the window itself is on the screen.
void MainWindow::reveal() {
  fitText();  // once more: sizes of what Qt had not polished at the first paint
  views_->reveal();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  fitBars();
}

void MainWindow::fitText() {
  panel_->fitText();
  if (!ownWidth_) fitPanel();
  fitBars();
}

/// The panel is as wide as it needs to be, where that leaves the views two fifths of the window, or at least a third.
void MainWindow::fitPanel() {
  const int wanted = std::max(std::min(panel_->wantedWidth(), width() * 3 / 5), std::min(panel_->leastWidth(), width() * 2 / 3));
  resizeDocks({panelDock_}, {wanted}, Qt::Horizontal);
}

/// Fewer lines of tokens in a window that has room for few, and none where the views would go short.
void MainWindow::fitBars() {
  const int lines = height() / QFontMetrics(QApplication::font()).height();
  tokens_->strip().setLines(lines >= 44 ? 3 : lines >= 34 ? 2 : 1);
  if (const bool fits = lines >= kLeastLines; std::exchange(tokensFit_, fits) != fits)
    chrome_.setVisible(tokens_, fits && panelShown_);
  if (const bool fits = lines >= kPromptLines; std::exchange(promptFits_, fits) != fits) chrome_.setVisible(promptBar_, fits);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  keepPreferences();
  QMainWindow::closeEvent(event);
}

/// What a lesson hides and shows is not the user's own.
void MainWindow::keepPreferences() {
  presenter_->end();
  lessons_->end();
  findChild<Breath*>()->stop(true);
  if (remember_ && !preferences().store())
    std::fputs("moescope: the settings could not be kept: their file cannot be written\n", stderr);
}

Preferences MainWindow::preferences() const {
  Preferences kept;
  kept.known = true;
  kept.textScale = controller_.document().textScale;
  kept.geometry = saveGeometry();
  kept.layout = shown_ ? saveState(kLayoutVersion) : restored_.layout;
  kept.groups = views_->layouts();
  Document document = controller_.document();
  for (Side& side : document.sides) {
    side.cursor = {};
    side.selection = {};  // the next start highlights nothing and begins with the model in training
    if (side.source.kind != SideSource::Kind::Training) side.lens = side.trainingLens;
    side.source = {};
  }
  document.bookmarks.clear();  // of a run that ends
  kept.state = QString::fromStdString(toJson(document));
  return kept;
}

void MainWindow::restoreLayout(const Preferences& preferences) {
  restored_ = preferences;
  for (auto group = preferences.groups.begin(); group != preferences.groups.end(); ++group)
    views_->restore(group.key(), group.value());
  restoreGeometry(preferences.geometry);
}

/// As on the first day: panel at the left, the views of each group in their order, tokens at the foot.
void MainWindow::arrange() {
  addDockWidget(Qt::LeftDockWidgetArea, panelDock_);
  panelDock_->setFloating(false);
  panelDock_->setVisible(panelShown_);
  chrome_.setVisible(tokens_, panelShown_ && tokensFit_);
  chrome_.setVisible(timeBar_, timeShown_);
  fitPanel();
  controller_.perform({translated("Reset layout"), "", [](Document& document) { document.layout.filling.clear(); }});
  views_->arrange();
}

/// The panel is a drawer of the stage, with the tokens and the time line, and stands beside the other groups. What was recorded
/// or is gone back to is nothing without its time line.
void MainWindow::showPanel(bool onStage) {
  const bool shown = !onStage || controller_.document().layout.drawer,
             time = shown || controller_.session() || !controller_.side().cursor.live;
  if (std::exchange(timeShown_, time) != time) chrome_.setVisible(timeBar_, time);
  if (std::exchange(panelShown_, shown) == shown) return;
  panelDock_->setVisible(shown);
  chrome_.setVisible(tokens_, shown && tokensFit_);
  if (shown && shown_ && !ownWidth_) fitPanel();
}

/// What of the window the document decides, where it changed.
void MainWindow::showDocument() {
  const Document& document = controller_.document();
  if (document.dark != theme_.dark || textScale() != theme_.textScale) applyTheme();
  showPanel(views_->onStage() || !document.layout.alone.empty());
  views_->showDocument();
}

void MainWindow::applyTheme() {
  const Document& document = controller_.document();
  const bool resized = textScale() != theme_.textScale;
  theme_.dark = document.dark;
  theme_.textScale = textScale();
  applyPalette(theme_);
  views_->setTheme(theme_);
  lessons_->views()->setTheme(theme_);
  tokens_->strip().setTheme(theme_);
  prompt_->setTheme(theme_);
  time_->setTheme(theme_);
  if (!resized || !shown_) return;
  ownWidth_ = false;
  fitText();
}

std::vector<ViewTile*> MainWindow::tiles() const {
  std::vector<ViewTile*> all = views_->tiles();
  for (ViewTile* tile : lessons_->views()->tiles()) all.push_back(tile);
  return all;
}

ViewTile* MainWindow::tile(const std::string& name) const {
  for (ViewTile* tile : tiles())
    if (tile->objectName().toStdString() == name) return tile;
  return nullptr;
}

QImage MainWindow::picture(QSize pixels) {
  const double ratio = devicePixelRatioF();
  QImage image(pixels.isEmpty() ? (QSizeF(size()) * ratio).toSize() : pixels, QImage::Format_RGB32);
  image.setDevicePixelRatio(ratio);
  image.fill(palette().color(QPalette::Window));
  std::vector<ViewTile*> drawn;
  for (ViewTile* tile : tiles())
    if (tile->isVisible() && tile->window() == this && !tile->visibleRegion().isEmpty()) drawn.push_back(tile);
  for (ViewTile* tile : drawn) tile->drawNow();
  render(&image);
  QPainter painter(&image);
  for (ViewTile* tile : drawn)
    if (!tile->saysWhyNot()) {
      painter.drawImage(QRect(tile->mapTo(this, QPoint(0, 0)), tile->size()), tile->picture());
      tile->button()->render(&painter, tile->button()->mapTo(this, QPoint(0, 0)), {}, QWidget::DrawChildren);
    }
  return image;
}

}  // namespace moescope
