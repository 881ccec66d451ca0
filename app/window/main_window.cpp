#include "app/window/main_window.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QMimeData>
#include <QPainter>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStatusBar>
#include <QToolButton>
#include <QTimer>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <utility>

#include "app/document/document_json.h"
#include "app/document/lesson_file.h"
#include "app/window/application.h"

namespace moescope {
namespace {

constexpr int kPromptLines = 40;  // the same for a text of one's own
constexpr int kLeastLines = 20;  // of text that the window is high, for the tokens to be shown

constexpr int kLayoutVersion = 4;  // of panel and bars; each group of views has its own
const std::string kStage = "Stage";

/// What a group of views is called for a person.
std::string titleOf(const std::string& group) { return group == "Routing" ? "Explore" : group; }

QString stateText(const EngineStatus& status) {
  switch (status.state) {
    case EngineState::Starting: return "starting";
    case EngineState::Paused: return "paused";
    case EngineState::Playing: return "training";
    case EngineState::Failed: return "stopped";
  }
  return {};
}

QString checkpointText(const CheckpointOrigin& origin) {
  const auto layers = origin.layerNumbers.size();
  return QString::fromStdString(origin.name + "  ·  " + origin.family + "  ·  " + std::to_string(layers) + (layers == 1 ? " MoE layer, " : " MoE layers, ") +
                                std::to_string(origin.experts) + " experts, width " + std::to_string(origin.width) + "  ·  " + origin.tokens +
                                (origin.notes.empty() ? "" : "  ·  " + std::to_string(origin.notes.size()) + (origin.notes.size() == 1 ? " note" : " notes")));
}

/// The rule, and the notes that the status line counts.
QString checkpointToolTip(const CheckpointOrigin& origin) {
  QString text = "The model's own rule: " + QString::fromStdString(origin.rule);
  for (const std::string& note : origin.notes) text += "\n" + QString::fromStdString(note);
  return text;
}

/// What stands in the place of the views until the window itself is on the screen: making their OpenGL contexts takes seconds.
class Cover : public QLabel {
 public:
  explicit Cover(std::function<void()> painted) : QLabel("Making the views ready…"), painted_(std::move(painted)) {
    setObjectName("cover");
    setAlignment(Qt::AlignCenter);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
  }

 protected:
  void paintEvent(QPaintEvent* event) override {
    QLabel::paintEvent(event);
    if (auto call = std::exchange(painted_, nullptr)) QTimer::singleShot(kUntilOnScreen, this, call);
  }

 private:
  static constexpr int kUntilOnScreen =
      30;  // milliseconds: what was painted is sent to the screen when the event loop next waits
  std::function<void()> painted_;
};

}  // namespace

MainWindow::MainWindow(const Document& document, std::uint64_t keptBytes, std::shared_ptr<Autosaves> autosaves, std::shared_ptr<FirstModel> first)
    : controller_(document, keptBytes, autosaves, first ? first->toContinue() : std::nullopt), autosaves_(std::move(autosaves)), first_(std::move(first)) {
  setWindowTitle("Moescope");
  setAnimated(false);
  training_ = new TrainingActions(controller_, this);
  makeStage();
  makePanel();
  makeStrip();
  makeTimeBar();
  makePrompt();
  heedLessons();
  numbers_ = new NumberPage(controller_, this);
  addDockWidget(Qt::RightDockWidgetArea, numbers_);
  makeMenus();
  makeStatusBar();
  heedSessions();
  if (first_) first_->follow(controller_);
  setAcceptDrops(true);
  controller_.setQuestion([this](const QString& loss) { return mayGiveUp(loss); });
  connect(&controller_, &Controller::statusChanged, this, &MainWindow::showStatus);
  connect(&controller_, &Controller::sceneChanged, this, &MainWindow::showStatus);
  connect(&controller_, &Controller::documentChanged, this, &MainWindow::showDocument);
  connect(&controller_, &Controller::noticed, this, &MainWindow::say);
  connect(&controller_, &Controller::checkpointWanted, &opener_, &CheckpointOpener::openFor);
  connect(qApp, &QGuiApplication::commitDataRequest, this, &MainWindow::keepPreferences, Qt::DirectConnection);  // log-out
  if (auto* application = qobject_cast<Application*>(qApp)) {
    connect(application, &Application::failed, this,
            [this](const QString& line) { say("Something failed, the window goes on: " + line); });
    connect(application, &Application::ending, this, &MainWindow::keepPreferences);
  }
  theme_.titles = false;  // the docks show them
  applyTheme();
  resize(1440, 900);
  showDocument();
  showStatus();
}

/// A tab for each group of views, and the place where the groups take turns.
void MainWindow::makeStage() {
  stage_ = new QStackedWidget;
  stage_->addWidget(new Cover([this] { reveal(); }));
  setCentralWidget(stage_);
  auto* bar = new QToolBar("Groups of views", this);
  bar->setObjectName("bar-groups");
  bar->setMovable(false);
  tabs_ = new QTabBar;
  tabs_->setObjectName("groups");
  tabs_->setAccessibleName("Groups of views");
  tabs_->setExpanding(false);
  tabs_->setDrawBase(false);
  page_ = new StagePage(controller_, *training_);
  auto* scrolled = new QScrollArea;  // what is too much for the least window scrolls, and asks no more of the others
  scrolled->setFrameShape(QFrame::NoFrame);
  scrolled->setWidgetResizable(true);
  scrolled->setWidget(page_);
  stage_->addWidget(scrolled);
  tabs_->setTabData(tabs_->addTab(QString::fromStdString(kStage)), QString::fromStdString(kStage));
  QStringList names;
  for (const ViewDeclaration& declaration : viewRegistry())
    if (const QString name = QString::fromStdString(declaration.group); !names.contains(name)) names.append(name);
  for (const QString& name : names) {
    auto* group = new ViewGroup(name, controller_);
    connect(group, &ViewGroup::filled, this, [this](bool byOneView) {
      chrome_.setVisible(stripBar_, !byOneView && stripFits_);
      chrome_.setVisible(promptBar_, !byOneView && promptFits_);
    });
    groups_.push_back(group);
    stage_->addWidget(group);
    tabs_->setTabData(tabs_->addTab(QString::fromStdString(titleOf(name.toStdString()))), name);
  }
  bar->addWidget(tabs_);
  addToolBar(Qt::TopToolBarArea, bar);
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
  connect(tabs_, &QTabBar::currentChanged, this, [this](int tab) { openGroup(tabs_->tabData(tab).toString().toStdString()); });
}

void MainWindow::makePanel() {
  panel_ = new ControlPanel(controller_, *training_);
  panelDock_ = new QDockWidget("Controls", this);
  panelDock_->setObjectName("dock-panel");
  panelDock_->setWidget(panel_);
  addDockWidget(Qt::LeftDockWidgetArea, panelDock_);
}

void MainWindow::makeTimeBar() {
  timeBar_ = new QToolBar("Time line", this);
  timeBar_->setObjectName("bar-time");
  timeBar_->setMovable(false);
  time_ = new TimelineBar(controller_);
  timeBar_->addWidget(time_);
  addToolBarBreak(Qt::BottomToolBarArea);
  addToolBar(Qt::BottomToolBarArea, timeBar_);  // above the tokens, next to the views
}

void MainWindow::makeStrip() {
  stripBar_ = new QToolBar("Tokens by leading expert", this);
  stripBar_->setObjectName("bar-tokens");
  stripBar_->setMovable(false);
  auto* holder = new QWidget;
  auto* layout = new QHBoxLayout(holder);
  layout->setContentsMargins(4, 2, 4, 4);
  domains_ = new QComboBox;
  domains_->setObjectName("stripDomain");
  domains_->setAccessibleName("Domain of the shown tokens");
  domains_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  strip_ = new TokenStrip(controller_);
  layout->addWidget(domains_, 0, Qt::AlignTop);
  layout->addWidget(strip_, 1);
  stripBar_->addWidget(holder);
  stripBar_->hide();  // until the window is known to have room
  addToolBar(Qt::BottomToolBarArea, stripBar_);
  connect(domains_, &QComboBox::currentIndexChanged, strip_, &TokenStrip::setDomain);
}

void MainWindow::makePrompt() {
  promptBar_ = new QToolBar("Own text", this);
  promptBar_->setObjectName("bar-prompt");
  promptBar_->setMovable(false);
  prompt_ = new PromptBar(controller_);
  promptBar_->addWidget(prompt_);
  promptBar_->hide();  // as the tokens
  addToolBarBreak(Qt::BottomToolBarArea);
  addToolBar(Qt::BottomToolBarArea, promptBar_);
}

void MainWindow::makeStatusBar() {
  state_ = new ElidedLabel;
  state_->setObjectName("statusState");
  message_ = new ElidedLabel;
  message_->setObjectName("statusMessage");
  message_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // a long line does not widen the window
  statusBar()->addWidget(state_);
  statusBar()->addWidget(message_, 1);
  const auto button = [this](const char* text, const char* name, auto action) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->hide();
    connect(made, &QPushButton::clicked, this, action);
    statusBar()->addPermanentWidget(made);
    return made;
  };
  cancel_ = button("Cancel", "cancelOpening", [this] { opener_.cancel(); });
  repair_ = button("Reset", "statusReset", [this] { controller_.reset(); });
  back_ = button("Back to training", "backToTraining", [this] { controller_.backToTraining(); });
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
    for (ViewGroup* group : groups_)  // rather than the view of training, whatever shares its place
      for (QDockWidget* dock : group->docks())
        if (auto* training = findChild<QDockWidget*>("dock-training_metrics");
            training->isVisible() && group->tabifiedDockWidgets(training).contains(dock))
          dock->raise();
  });
}

void MainWindow::heedSessions() {
  connect(&controller_, &Controller::sessionWanted, &sessions_, &SessionOpener::reopen);
  connect(&sessions_, &SessionOpener::progressed, this, &MainWindow::say);
  connect(&sessions_, &SessionOpener::opened, this, [this](const QString&, const QString& note) { say(note); });
  connect(&sessions_, &SessionOpener::failed, this, [this](int side, const QString& line) {
    controller_.giveUpCheckpoint(side);
    say(line);
  });
}

void MainWindow::say(const QString& notice) {
  notice_ = notice;
  showStatus();
}

bool MainWindow::mayGiveUp(const QString& loss) {
  QMessageBox box(QMessageBox::Question, "Start a new model?",
                  "A new model takes the place of the one in training. " + loss + " would be lost.", QMessageBox::NoButton, this);
  box.setObjectName("askBeforeLoss");
  QPushButton* keep = box.addButton("&Keep training", QMessageBox::RejectRole);
  const QPushButton* fresh = box.addButton("Start a &new model", QMessageBox::DestructiveRole);
  box.setDefaultButton(keep);
  box.setEscapeButton(keep);
  box.exec();
  return box.clickedButton() == fresh;
}

/// One thing at a time: what is being opened, an analysis under way, a notice, a view that fills the window, the selection.
void MainWindow::escape() {
  if (presenter_->escape()) return;
  if (opener_.cancel() || controller_.stopAnalysis()) return;
  if (!notice_.isEmpty()) say("");
  if (!controller_.document().layout.filling.empty()) controller_.perform({"All views", "", [](Document& document) { document.layout.filling.clear(); }});
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
  if (std::exchange(revealed_, true)) return;
  fitText();  // once more: sizes of what Qt had not polished at the first paint
  showGroup();
}

/// Gives the views of a group their places, in the room that there is when it is first shown. False: they have them.
bool MainWindow::place(ViewGroup* group) {
  if (!placed_.insert(group).second) return false;
  layout()->activate();  // a panel that has just come takes its room first
  group->restoreLayout(restored_.groups.value(group->name()), stage_->size());
  group->showDocument(controller_.document(), stage_->size());
  return true;
}

/// As the user left it, shown or not.
QByteArray MainWindow::layoutOf(ViewGroup* group) const { return placed_.contains(group) ? group->savedLayout() : restored_.groups.value(group->name()); }

void MainWindow::resizeEvent(QResizeEvent* event) {
  QMainWindow::resizeEvent(event);
  fitStrip();
}

void MainWindow::fitText() {
  panel_->fitText();
  if (!ownWidth_) fitPanel();
  fitStrip();
}

/// The panel is as wide as it needs to be, where that leaves the views two fifths of the window, or at least a third.
void MainWindow::fitPanel() {
  const int wanted = std::max(std::min(panel_->wantedWidth(), width() * 3 / 5), std::min(panel_->leastWidth(), width() * 2 / 3));
  resizeDocks({panelDock_}, {wanted}, Qt::Horizontal);
}

/// Fewer lines of tokens in a window that has room for few, and none where the views would go short.
void MainWindow::fitStrip() {
  const int lines = height() / QFontMetrics(QApplication::font()).height();
  strip_->setLines(lines >= 44 ? 3 : lines >= 34 ? 2 : 1);
  if (const bool fits = lines >= kLeastLines; std::exchange(stripFits_, fits) != fits) chrome_.setVisible(stripBar_, fits && panelShown_);
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
  if (remember_ && !preferences().store())
    std::fputs("moescope: the settings could not be kept: their file cannot be written\n", stderr);
}

Preferences MainWindow::preferences() const {
  Preferences kept;
  kept.known = true;
  kept.textScale = controller_.document().textScale;
  kept.geometry = saveGeometry();
  kept.layout = shown_ ? saveState(kLayoutVersion) : restored_.layout;
  for (ViewGroup* group : groups_) kept.groups[group->name()] = layoutOf(group);
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
  restoreGeometry(preferences.geometry);
}

/// As on the first day: panel at the left, the views of each group in their order, tokens at the foot.
void MainWindow::arrange() {
  addDockWidget(Qt::LeftDockWidgetArea, panelDock_);
  panelDock_->setFloating(false);
  panelDock_->setVisible(panelShown_);
  chrome_.setVisible(stripBar_, panelShown_ && stripFits_);
  chrome_.setVisible(timeBar_, timeShown_);
  fitPanel();
  controller_.perform({"Reset layout", "", [](Document& document) { document.layout.filling.clear(); }});
  restored_.groups.clear();
  for (ViewGroup* group : placed_) group->arrange(stage_->size());
}

/// The group that the document names, and the view that fills it.
void MainWindow::showGroup() {
  const int tab = tabOf(controller_.document().layout.group);
  const QSignalBlocker quiet(tabs_);
  tabs_->setCurrentIndex(tab);
  const bool alone = !controller_.document().layout.alone.empty();
  showPanel(tab == 0 || alone);
  if (!revealed_) return;
  if (alone) return stage_->setCurrentWidget(lessons_->views());
  const bool first = tab > 0 && place(groups_[static_cast<std::size_t>(tab) - 1]);
  stage_->setCurrentIndex(tab + 1);  // after the cover
  for (ViewGroup* group : placed_) group->fill(controller_.document().layout.filling);
  const std::vector<std::string>& front = controller_.document().layout.front;
  if (std::exchange(front_, front) == front && !first) return;
  for (const ViewGroup* group : placed_)
    for (auto view = front.rbegin(); view != front.rend(); ++view)  // the first lies on top where two share a place
      if (auto* dock = group->findChild<QDockWidget*>("dock-" + QString::fromStdString(*view))) {
        dock->show();
        dock->raise();
      }
}

/// The panel is a drawer of the stage, with the tokens and the time line, and stands beside the other groups. What was recorded or is gone
/// back to is nothing without its time line.
void MainWindow::showPanel(bool onStage) {
  const bool shown = !onStage || controller_.document().layout.drawer, time = shown || controller_.session() || !controller_.side().cursor.live;
  if (std::exchange(timeShown_, time) != time) chrome_.setVisible(timeBar_, time);
  if (std::exchange(panelShown_, shown) == shown) return;
  panelDock_->setVisible(shown);
  chrome_.setVisible(stripBar_, shown && stripFits_);
  if (shown && shown_ && !ownWidth_) fitPanel();
}

/// The first one for a name that is not known.
int MainWindow::tabOf(const std::string& name) const {
  for (int tab = 0; tab < tabs_->count(); ++tab)
    if (const std::string group = tabs_->tabData(tab).toString().toStdString(); group == name || titleOf(group) == name) return tab;
  return 0;
}

void MainWindow::openGroup(const std::string& name) {
  const std::string group = tabs_->tabData(tabOf(name)).toString().toStdString();
  if (group == name || titleOf(group) == name) {
    controller_.perform({"Show " + titleOf(group), "group", [group](Document& document) {
                           document.layout.group = group;
                           document.layout.filling.clear();
                           document.layout.alone.clear();
                         }});
    return;
  }
  std::string known;
  for (int tab = 0; tab < tabs_->count(); ++tab) known += (known.empty() ? "" : ", ") + tabs_->tabText(tab).toStdString();
  throw std::invalid_argument("group of views '" + name + "' is not known; expected one of " + known);
}

/// What of the window the document decides, where it changed.
void MainWindow::showDocument() {
  const Document& document = controller_.document();
  if (document.dark != theme_.dark || textScale() != theme_.textScale) applyTheme();
  for (ViewGroup* group : placed_) group->showDocument(document, stage_->size());
  showGroup();
}

void MainWindow::applyTheme() {
  const Document& document = controller_.document();
  const bool resized = textScale() != theme_.textScale;
  theme_.dark = document.dark;
  theme_.textScale = textScale();
  applyPalette(theme_);
  for (ViewGroup* group : groups_) group->setTheme(theme_);
  page_->setTheme(theme_);
  lessons_->views()->setTheme(theme_);
  strip_->setTheme(theme_);
  prompt_->setTheme(theme_);
  time_->setTheme(theme_);
  if (!resized || !shown_) return;
  ownWidth_ = false;
  fitText();
}

void MainWindow::showStatus() {
  const EngineStatus status = controller_.status();
  const SnapshotPointer snapshot = controller_.scene().snapshot;
  QString text = stateText(status);
  if (!status.device.empty()) text += " on " + QString::fromStdString(status.device);
  if (snapshot && controller_.scene().past)
    text += QString("  ·  trained %1 steps  ·  step %2 is shown").arg(status.trainedSteps).arg(snapshot->step);
  else if (snapshot)
    text += QString("  ·  step %1").arg(snapshot->step) + (first_ && !first_->mark(controller_).isEmpty() ? ", " + first_->mark(controller_) : "");
  if (snapshot && snapshot->probe->synthetic) text += "  ·  " + QString::fromStdString(snapshot->probe->syntheticMark);
  if (!controller_.trains() && snapshot && snapshot->checkpoint) text = checkpointText(*snapshot->checkpoint);
  if (const SessionSource* session = controller_.session(); session && snapshot)
    text = QString("session %1  ·  step %2").arg(QString::fromStdString(session->reader()->path().stem().string())).arg(snapshot->step);
  state_->setText(text);
  state_->setToolTip(snapshot && snapshot->checkpoint ? text + '\n' + checkpointToolTip(*snapshot->checkpoint) : QStringList{text, controller_.memoryText(), sessionMenu_->text()}.join('\n').trimmed());
  const bool failed = controller_.trains() && status.state == EngineState::Failed;
  QStringList lines;
  if (!notice_.isEmpty()) lines.append(notice_ + (opener_.opening() ? "  (Escape cancels)" : ""));
  if (failed || notice_.isEmpty()) lines.append(QString::fromStdString(status.message));
  const QString line = lines.join("  ·  ");
  message_->setText(line);
  message_->setToolTip(line);  // all of it, where the bar is too short
  cancel_->setVisible(opener_.opening());
  repair_->setVisible(failed);
  if (presenter_->presents()) statusBar()->setVisible(failed || !notice_.isEmpty());
  back_->setVisible(!controller_.trains());
  if (snapshot) showDomains(*snapshot->probe);
}

void MainWindow::showDomains(const Probe& probe) {
  QStringList names;
  for (const std::string& name : probe.domainNames) names.append(QString::fromStdString(name));
  QStringList before;
  for (int d = 0; d < domains_->count(); ++d) before.append(domains_->itemData(d).toString());
  if (names == before) return;
  domains_->clear();
  for (const QString& name : names) {
    domains_->addItem(shortened(name), name);
    domains_->setItemData(domains_->count() - 1, name, Qt::ToolTipRole);
  }
  domains_->setToolTip("Which domain's text to show:\n" + names.join('\n'));
}

std::vector<ViewTile*> MainWindow::tiles() const {
  std::vector<ViewTile*> all;
  for (const ViewGroup* group : groups_)
    for (ViewTile* tile : group->tiles()) all.push_back(tile);
  for (ViewTile* tile : page_->tiles()) all.push_back(tile);
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
