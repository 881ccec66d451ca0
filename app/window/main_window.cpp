#include "app/window/main_window.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPainter>
#include <QSignalBlocker>
#include <QStatusBar>
#include <QStyle>
#include <QToolButton>
#include <QTimer>
#include <QVBoxLayout>
#include <utility>

#include "app/window/version.h"
#include "views/palette.h"

namespace moescope {
namespace {

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

}  // namespace

MainWindow::MainWindow(const Knobs& knobs, bool dark, double textScale) : controller_(knobs) {
  setWindowTitle("Moescope");
  setDockNestingEnabled(true);
  setAnimated(false);
  auto* centre = new QWidget;  // docks only
  centre->setMaximumSize(0, 0);
  setCentralWidget(centre);
  makeDocks();
  makeMenus();
  makeStatusBar();
  setAcceptDrops(true);
  connect(&controller_, &Controller::statusChanged, this, &MainWindow::showStatus);
  connect(&controller_, &Controller::sceneChanged, this, &MainWindow::showStatus);
  setTheme(dark, textScale);
  resize(1440, 900);
  arrange();
  showStatus();
}

void MainWindow::makeStatusBar() {
  state_ = new QLabel;
  state_->setObjectName("statusState");
  message_ = new QLabel;
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
  repair_ = button("Reset", "statusReset", [this] { controller_.engine().reset(); });
  back_ = button("Back to training", "backToTraining", [this] { controller_.backToTraining(); });
  connect(&opener_, &CheckpointOpener::progressed, this, [this](const QString& line) {
    if (line.isEmpty()) awaited_.reset();  // cancelled
    say(line);
  });
  connect(&opener_, &CheckpointOpener::failed, this, [this](const QString& line) {
    awaited_.reset();
    say(line);
  });
  connect(&opener_, &CheckpointOpener::opened, this, [this] {
    say("");
    takeAwaited();
    for (QDockWidget* dock : docks_)  // rather than the view of training, whatever shares its place
      if (auto* training = findChild<QDockWidget*>("dock-training_metrics"); training && training->isVisible() && tabifiedDockWidgets(training).contains(dock)) dock->raise();
  });
}

void MainWindow::say(const QString& notice) {
  notice_ = notice;
  showStatus();
}

/// One thing at a time: what is being opened, an analysis under way, a notice, a view that fills the window, the selection.
void MainWindow::escape() {
  if (opener_.cancel() || controller_.stopAnalysis()) return;
  if (!notice_.isEmpty()) say("");
  if (maximised_) toggleMaximised(maximised_);
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
  opener_.openPath(urls.first().toLocalFile());
}

/// Docks take the sizes they are given only once the window has its own.
void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  if (std::exchange(arranged_, true)) return;
  QTimer::singleShot(0, this, [this] {
    if (restoredLayout_.isEmpty() || !restoreState(restoredLayout_)) return arrange();
    for (int tab = 0; tab < groups_->count(); ++tab) equalised_.insert(groups_->tabText(tab));  // the user's own sizes
  });
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (remember_) preferences().store();
  QMainWindow::closeEvent(event);
}

Preferences MainWindow::preferences() const {
  Preferences kept;
  kept.dark = theme_.dark;
  kept.textScale = theme_.textScale;
  kept.geometry = saveGeometry();
  kept.layout = maximised_ ? beforeMaximising_ : saveState();
  Lens lens = controller_.trainingLens();
  lens.selectedExpert = lens.selectedOther = -1;  // the next start highlights nothing
  kept.state = stateToJson({lens, controller_.engine().knobs()});
  return kept;
}

void MainWindow::restoreLayout(const Preferences& preferences) {
  restoreGeometry(preferences.geometry);
  restoredLayout_ = preferences.layout;
}

void MainWindow::makeDocks() {
  for (const ViewDeclaration& declaration : viewRegistry()) {
    auto* dock = new QDockWidget(QString::fromStdString(declaration.title), this);
    dock->setObjectName("dock-" + QString::fromStdString(declaration.name));
    dock->setToolTip(QString::fromStdString(declaration.help));
    dock->setProperty("group", QString::fromStdString(declaration.group));
    auto* tile = new ViewTile(declaration, controller_);
    dock->setWidget(tile);
    connect(tile, &ViewTile::maximiseRequested, this, [this, dock] { toggleMaximised(dock); });
    docks_.push_back(dock);
    tiles_.push_back(tile);
  }
  panelDock_ = new QDockWidget("Controls", this);
  panelDock_->setObjectName("dock-panel");
  panelDock_->setWidget(new ControlPanel(controller_));
  groupBar_ = new QToolBar("Groups of views", this);
  groupBar_->setObjectName("bar-groups");
  groupBar_->setMovable(false);
  groups_ = new QTabBar;
  groups_->setObjectName("groups");
  groups_->setExpanding(false);
  groups_->setDrawBase(false);
  QStringList names;
  for (QDockWidget* dock : docks_)
    if (const QString name = dock->property("group").toString(); !names.contains(name)) names.append(name);
  for (const QString& name : names) groups_->addTab(name);
  groupBar_->addWidget(groups_);
  addToolBar(Qt::TopToolBarArea, groupBar_);
  connect(groups_, &QTabBar::currentChanged, this, [this](int tab) { showGroup(groups_->tabText(tab)); });
  stripBar_ = new QToolBar("Tokens by leading expert", this);
  stripBar_->setObjectName("bar-tokens");
  stripBar_->setMovable(false);
  auto* holder = new QWidget;
  auto* layout = new QHBoxLayout(holder);
  layout->setContentsMargins(4, 2, 4, 4);
  domains_ = new QComboBox;
  domains_->setObjectName("stripDomain");
  domains_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  domains_->setToolTip("Which domain's text to show");
  strip_ = new TokenStrip(controller_);
  layout->addWidget(domains_, 0, Qt::AlignTop);
  layout->addWidget(strip_, 1);
  holder->setFixedHeight(3 * fontMetrics().height() + 30);
  stripBar_->addWidget(holder);
  addToolBar(Qt::BottomToolBarArea, stripBar_);
  connect(domains_, &QComboBox::currentIndexChanged, strip_, &TokenStrip::setDomain);
}

/// Panel at the left; polygon and heat map above, subspaces and embedding beside them, charts below, tokens at the foot.
void MainWindow::arrange() {
  for (QDockWidget* dock : docks_) {
    dock->setFloating(false);
    dock->show();
  }
  addDockWidget(Qt::LeftDockWidgetArea, panelDock_);
  panelDock_->show();
  stripBar_->show();
  for (int tab = 0; tab < groups_->count(); ++tab) {
    std::vector<QDockWidget*> own;
    for (QDockWidget* dock : docks_)
      if (dock->property("group").toString() == groups_->tabText(tab)) own.push_back(dock);
    for (QDockWidget* dock : docks_) dock->setVisible(dock->property("group").toString() == groups_->tabText(tab));
    arrangeGroup(own);
  }
  equalised_.clear();
  showGroup(groups_->tabText(groups_->currentIndex()));
}

/// Three columns of two; what is left over lies in tabs in the lower row, so that no place holds more than one too many. The
/// group's last view is in front of its place, else the first.
void MainWindow::arrangeGroup(const std::vector<QDockWidget*>& docks) {
  for (QDockWidget* dock : docks) addDockWidget(Qt::RightDockWidgetArea, dock);
  const auto count = docks.size();
  const std::size_t columns = std::min<std::size_t>(3, count);
  for (std::size_t column = 1; column < columns; ++column) splitDockWidget(docks[column - 1], docks[column], Qt::Horizontal);
  for (std::size_t i = columns; i < count; ++i) {
    if (i < 2 * columns)
      splitDockWidget(docks[i - columns], docks[i], Qt::Vertical);
    else
      tabifyDockWidget(docks[columns + i % columns], docks[i]);
  }
  for (std::size_t place = columns; place < std::min(count, 2 * columns); ++place) {
    const bool holdsLast = columns + (count - 1) % columns == place;
    (holdsLast ? docks.back() : docks[place])->setProperty("front", true);
  }
}

/// Columns of equal width and the views that are to be in front; once for each group, so that the user's own order stays.
void MainWindow::equalise(const QString& group) {
  QList<QDockWidget*> row = {panelDock_};
  QList<int> sizes = {345};
  for (QDockWidget* dock : docks_) {
    if (row.size() == 4 || dock->property("group").toString() != group) continue;
    row.append(dock);
    sizes.append(std::max(300, width() - 350) / 3);
  }
  resizeDocks(row, sizes, Qt::Horizontal);
  for (QDockWidget* dock : docks_)
    if (dock->property("group").toString() == group && dock->property("front").toBool()) dock->raise();
  equalised_.insert(group);
}

void MainWindow::showGroup(const QString& name) {
  if (maximised_) toggleMaximised(maximised_);
  for (QDockWidget* dock : docks_) dock->setVisible(dock->property("group").toString() == name);
  if (!equalised_.contains(name)) QTimer::singleShot(0, this, [this, name] { equalise(name); });
}

void MainWindow::makeMenus() {
  const auto add = [this](QMenu* menu, const QString& text, const QKeySequence& keys, auto action) {
    QAction* entry = menu->addAction(text);
    entry->setShortcut(keys);
    connect(entry, &QAction::triggered, this, action);
  };
  QMenu* file = menuBar()->addMenu("&File");
  checkpoints_ = new CheckpointMenu(file, opener_, controller_, this);
  add(file, "Save &picture…", QKeySequence::Save, [this] {
    const QString path = QFileDialog::getSaveFileName(this, "Save picture", "moescope.png", "PNG (*.png)");
    if (!path.isEmpty() && !picture().save(path, "PNG")) say(path + ": cannot be written");
  });
  add(file, "&Copy state", QKeySequence("Ctrl+Shift+C"), [this] { QApplication::clipboard()->setText(state()); });
  add(file, "&Paste state", QKeySequence("Ctrl+Shift+V"), [this] {
    try {
      restoreStateText(QApplication::clipboard()->text());
    } catch (const std::exception& error) {
      say(QString::fromStdString(error.what()));
    }
  });
  add(file, "&Quit", QKeySequence::Quit, [this] { close(); });
  QMenu* training = menuBar()->addMenu("&Training");
  const auto press = [this](const char* name) { findChild<QPushButton*>(name)->click(); };
  add(training, "&Play or pause", QKeySequence(Qt::Key_Space), [press] { press("play"); });
  add(training, "One &step", QKeySequence(Qt::Key_S), [press] { press("step"); });
  add(training, "&Reset", QKeySequence(Qt::Key_R), [press] { press("reset"); });
  trainingActions_ = training->actions();
  training->addSeparator();
  add(training, "Pin analysis as re&ference", QKeySequence("Ctrl+P"), [this] {
    say(controller_.pinReference() ? "Pinned: the asymmetry and coupling views compare later analyses with it" : "There is no analysis to pin yet: it comes a few seconds after the start");
  });
  add(training, "&Unpin reference", {}, [this] { controller_.unpinReference(); });
  training->addSeparator();
  add(training, "&Back to training", {}, [this] { controller_.backToTraining(); });
  backAction_ = training->actions().last();
  QMenu* view = menuBar()->addMenu("&View");
  for (QDockWidget* dock : docks_) view->addAction(dock->toggleViewAction());
  view->addAction(panelDock_->toggleViewAction());
  view->addAction(stripBar_->toggleViewAction());
  view->addSeparator();
  for (int tab = 0; tab < groups_->count(); ++tab)
    add(view, "Show " + groups_->tabText(tab), QKeySequence("Ctrl+" + QString::number(tab + 1)), [this, tab] {
      if (groups_->currentIndex() == tab) return showGroup(groups_->tabText(tab));
      groups_->setCurrentIndex(tab);
    });
  view->addSeparator();
  add(view, "Reset &layout", {}, [this] { arrange(); });
  add(view, "&Forget remembered settings", {}, [this] {
    Preferences::forget();
    remember_ = false;
    say("Settings are forgotten: the next start is as on the first day");
  });
  add(view, "&Dark or light", QKeySequence("Ctrl+T"), [this] { setTheme(!theme_.dark, theme_.textScale); });
  add(view, "&Larger text", QKeySequence::ZoomIn, [this] { setTheme(theme_.dark, std::min(2.5, theme_.textScale * 1.15)); });
  add(view, "S&maller text", QKeySequence::ZoomOut, [this] { setTheme(theme_.dark, std::max(0.7, theme_.textScale / 1.15)); });
  add(view, "&Clear selection", QKeySequence(Qt::Key_Escape), [this] { escape(); });
  QMenu* help = menuBar()->addMenu("&Help");
  add(help, "&About", {}, [this] {
    QMessageBox::about(this, "Moescope", "Moescope shows the geometry of Mixture-of-Experts routing while a small model trains.\n\n"
                       "Double-click a view to fill the window with it; click experts, pairs of experts or tokens to follow them; "
                       "Shift-click a second expert for a pair; hover for numbers.\n\n" + QString::fromStdString(versionText()));
  });
}

void MainWindow::openGroup(const std::string& name) {
  std::string known;
  for (int tab = 0; tab < groups_->count(); ++tab) {
    if (groups_->tabText(tab).toStdString() == name) return groups_->setCurrentIndex(tab);
    known += (known.empty() ? "" : ", ") + groups_->tabText(tab).toStdString();
  }
  throw std::invalid_argument("group of views '" + name + "' is not known; expected one of " + known);
}

void MainWindow::setTheme(bool dark, double textScale) {
  theme_.dark = dark;
  theme_.textScale = textScale;
  theme_.titles = false;  // the docks show them
  applyPalette(theme_);
  for (ViewTile* tile : tiles_) tile->setTheme(theme_);
  strip_->setTheme(theme_);
}

void MainWindow::toggleMaximised(QDockWidget* dock) {
  if (maximised_) {
    restoreState(beforeMaximising_);
    maximised_ = nullptr;
    return;
  }
  beforeMaximising_ = saveState();
  maximised_ = dock;
  for (QDockWidget* other : docks_)
    if (other != dock) other->hide();
  stripBar_->hide();
  dock->show();
}

void MainWindow::showStatus() {
  const EngineStatus status = controller_.status();
  const SnapshotPointer snapshot = controller_.scene().snapshot;
  QString text = stateText(status);
  if (!status.device.empty()) text += " on " + QString::fromStdString(status.device);
  if (snapshot) text += QString("  ·  step %1").arg(snapshot->step);
  if (snapshot && snapshot->probe->synthetic) text += "  ·  " + QString::fromStdString(snapshot->probe->syntheticMark);
  if (!controller_.trains() && snapshot && snapshot->checkpoint) text = checkpointText(*snapshot->checkpoint);
  state_->setText(text);
  state_->setToolTip(snapshot && snapshot->checkpoint ? checkpointToolTip(*snapshot->checkpoint) : QString());
  const bool failed = controller_.trains() && status.state == EngineState::Failed;
  const QString line = failed || notice_.isEmpty() ? QString::fromStdString(status.message) : notice_ + (opener_.opening() ? "  (Escape cancels)" : "");
  message_->setText(line);
  message_->setToolTip(line);  // all of it, where the bar is too short
  cancel_->setVisible(opener_.opening());
  repair_->setVisible(failed);
  back_->setVisible(!controller_.trains());
  backAction_->setEnabled(!controller_.trains());
  for (QAction* action : trainingActions_) action->setEnabled(controller_.trains());
  if (!snapshot) return;
  const auto& names = snapshot->probe->domainNames;
  bool same = domains_->count() == static_cast<int>(names.size());
  for (int d = 0; same && d < domains_->count(); ++d) same = domains_->itemText(d).toStdString() == names[static_cast<std::size_t>(d)];
  if (same) return;
  domains_->clear();
  for (const std::string& name : names) domains_->addItem(QString::fromStdString(name));
}

ViewTile* MainWindow::tile(const std::string& name) const {
  for (ViewTile* tile : tiles_)
    if (tile->objectName().toStdString() == name) return tile;
  return nullptr;
}

QImage MainWindow::picture() {
  QImage image = grab().toImage().convertToFormat(QImage::Format_RGB32);
  QPainter painter(&image);
  for (ViewTile* tile : tiles_) {
    if (!tile->isVisible() || tile->visibleRegion().isEmpty()) continue;
    tile->drawNow();
    painter.drawImage(QRect(tile->mapTo(this, QPoint(0, 0)), tile->size()), tile->grabFramebuffer());
  }
  return image;
}

}  // namespace moescope
