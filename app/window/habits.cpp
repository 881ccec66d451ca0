#include "app/window/habits.h"

#include <QActionGroup>
#include <QMenuBar>
#include <utility>

#include "app/window/action_help.h"
#include "app/window/language.h"
#include "app/window/wheel_guard.h"

namespace moescope {

Habits::Habits(QMainWindow* window, QMenu* edit, QMenu* help, Controller& controller, SessionMenu& sessionMenu,
               SessionOpener& sessions, std::shared_ptr<Autosaves> autosaves)
    : QObject(window), controller_(controller) {
  new WheelGuard(window);
  auto* palette = new CommandPalette(*window->menuBar(), controller, window);
  auto* start = new StartSheet(*window->menuBar(), sessions, autosaves, window);
  window->addDockWidget(Qt::RightDockWidgetArea, start);
  start->hide();
  const auto add = [this](QMenu* menu, const QString& text, const char* name, const QKeySequence& keys, const QString& words,
                          auto open) {
    QAction* action = menu->addAction(text);
    action->setObjectName(name);
    action->setShortcut(keys);
    explain(action, words);
    connect(action, &QAction::triggered, this, open);
  };
  edit->addSeparator();
  add(edit, tr("&Commands…"), "actionCommands", QKeySequence("Ctrl+Shift+P"), tr("Find and do anything by its words"),
      [palette] { palette->open(); });
  add(edit, tr("&Find domain…"), "actionFindDomain", QKeySequence("Ctrl+F"),
      tr("Any domain of the text by its name: it is selected, and followed through all views"),
      [palette] { palette->seek(tr("Select domain ")); });
  add(edit, tr("&Keys…"), "actionKeys", {}, tr("All keys, to search and to change"), [this] { openSheet(); });
  add(edit, tr("&Settings…"), "actionSettings", QKeySequence("Ctrl+,"), tr("Looks, sessions, device and threads, keys"),
      [this] { settings_->open(); });
  addLanguages(edit);
  add(help, tr("&Start: presets, lessons, recent files"), "actionStart", Qt::Key_F1,
      tr("Everything to begin with, on a sheet beside the views"), [start] { start->setVisible(!start->isVisible()); });
  shortcuts_ = new Shortcuts(*window->menuBar(), this);
  sheet_ = new ShortcutSheet(*shortcuts_, window);
  settings_ = new SettingsDialog({controller, *shortcuts_, std::move(autosaves),
                                  [&sessionMenu](std::uint64_t bytes) { sessionMenu.setBudget(bytes); }, [this] { openSheet(); }},
                                 window);
  connect(settings_, &SettingsDialog::languageChosen, this, &Habits::languageWanted);
}

/// Each by the name that its speakers give it: whoever cannot read the window finds their own.
void Habits::addLanguages(QMenu* edit) {
  QMenu* menu = edit->addMenu(tr("&Language"));
  menu->setObjectName("languages");
  auto* one = new QActionGroup(menu);
  for (const Language& each : languages()) {
    QAction* action = one->addAction(menu->addAction(each.name));
    action->setObjectName("language-" + QString::fromStdString(each.code));
    action->setCheckable(true);
    action->setChecked(each.code == spokenLanguage());
    connect(action, &QAction::triggered, this,
            [this, code = QString::fromStdString(each.code)] { settings_->chooseLanguage(code); });
  }
}

void Habits::openSheet() {
  sheet_->show();
  sheet_->raise();
}

void Habits::rememberChanges() {
  settings_->rememberChanges();
  controller_.useThreads(threadsOfTheUser());
  if (const QString line = shortcuts_->remember(); !line.isEmpty()) controller_.notice(line);
}

}  // namespace moescope
