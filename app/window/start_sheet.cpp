#include "app/window/start_sheet.h"

#include <QDateTime>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QMainWindow>
#include <QScrollArea>
#include <QToolButton>
#include <utility>

#include "app/window/language.h"

namespace moescope {
namespace {

constexpr int kColumns = 2, kPictureLines = 7;

QToolButton* buttonOf(QAction* action) {
  auto* button = new QToolButton;
  button->setDefaultAction(action);
  button->setObjectName("start-" + action->objectName());
  button->setToolTip(action->toolTip());
  button->setAutoRaise(true);
  button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  return button;
}

QMenu* menuOf(const QMenuBar& bar, const char* name) {
  QMenu* menu = bar.window()->findChild<QMenu*>(name);
  if (menu) Q_EMIT menu->aboutToShow();  // lists what there is now
  return menu;
}

/// Those that open something.
QList<QAction*> entriesOf(const QMenu* menu) {
  QList<QAction*> entries;
  for (QAction* action : menu ? menu->actions() : QList<QAction*>()) {
    if (action->isSeparator()) break;  // what follows does something with the list
    if (action->isEnabled()) entries.append(action);
  }
  return entries;
}

}  // namespace

StartSheet::StartSheet(const QMenuBar& bar, SessionOpener& sessions, std::shared_ptr<Autosaves> autosaves, QMainWindow* window)
    : QDockWidget(tr("Start"), window), bar_(bar), sessions_(sessions), autosaves_(std::move(autosaves)) {
  setObjectName("dock-start");
  setAccessibleName(tr("Start: presets, lessons, recent files"));
  for (const char* name : {"presets", "lessons", "recentSessions", "recentCheckpoints"})
    if (auto* menu = window->findChild<QMenu*>(name)) connect(menu, &QMenu::triggered, this, &QWidget::hide);
  hide();
}

void StartSheet::showEvent(QShowEvent* event) {
  fill();
  QDockWidget::showEvent(event);
}

void StartSheet::fill() {
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  addUnended(column);
  if (const QMenu* presets = menuOf(bar_, "presets")) addPresets(column, *presets);
  addList(column, tr("Lessons"), entriesOf(menuOf(bar_, "lessons")));
  addList(column, tr("Recent sessions"), entriesOf(menuOf(bar_, "recentSessions")));
  addList(column, tr("Recent checkpoints"), entriesOf(menuOf(bar_, "recentCheckpoints")));
  column->addStretch();
  auto* scrolled = new QScrollArea;
  scrolled->setFrameShape(QFrame::NoFrame);
  scrolled->setWidgetResizable(true);
  scrolled->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scrolled->setWidget(content);
  scrolled->setMinimumWidth(content->minimumSizeHint().width() + 2 * fontMetrics().height());
  if (QWidget* before = widget()) {
    before->hide();
    before->deleteLater();
  }
  setWidget(scrolled);
}

void StartSheet::addHeading(QVBoxLayout* column, const QString& words) {
  auto* heading = new QLabel(words);
  QFont bold = heading->font();
  bold.setBold(true);
  heading->setFont(bold);
  column->addWidget(heading);
}

void StartSheet::addPresets(QVBoxLayout* column, const QMenu& menu) {
  addHeading(column, tr("Presets: one idea each, ready made"));
  auto* grid = new QGridLayout;
  const int high = kPictureLines * fontMetrics().height();
  int place = 0;
  for (QAction* action : entriesOf(&menu)) {
    QToolButton* button = buttonOf(action);
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setIconSize({high * 4 / 3, high});
    grid->addWidget(button, place / kColumns, place % kColumns);
    ++place;
  }
  column->addLayout(grid);
}

void StartSheet::addList(QVBoxLayout* column, const QString& heading, const QList<QAction*>& actions) {
  if (actions.isEmpty()) return;
  addHeading(column, heading);
  for (QAction* action : actions) column->addWidget(buttonOf(action));
}

/// Sessions whose program did not come to its end: a crash, or a machine that went off.
void StartSheet::addUnended(QVBoxLayout* column) {
  QList<QAction*> unended;
  for (const Autosave& save : autosaves_ ? autosaves_->list() : std::vector<Autosave>())
    if (save.crashed) {
      const QFileInfo file(QString::fromStdString(save.file.string()));
      auto* action = new QAction(file.completeBaseName() + ", " + bytesInWords(save.bytes), column->parentWidget());
      action->setToolTip(file.absoluteFilePath() + tr("\nlast written ") + file.lastModified().toString("yyyy-MM-dd hh:mm"));
      connect(action, &QAction::triggered, this, [this, path = file.absoluteFilePath()] {
        hide();
        sessions_.open(path);
      });
      unended.prepend(action);  // the newest first
    }
  addList(column, tr("Runs that did not come to their end"), unended);
}

}  // namespace moescope
