// The menus of the window.

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QMenuBar>
#include <QMessageBox>
#include <algorithm>

#include "app/window/breath.h"
#include "app/window/export_menu.h"
#include "app/window/film_menu.h"
#include "app/window/language.h"
#include "app/window/lesson_menu.h"
#include "app/window/main_window.h"
#include "app/window/picture_file.h"
#include "app/window/preset_menu.h"
#include "app/window/tile_pictures.h"
#include "app/window/version.h"

namespace moescope {
namespace {

constexpr int kCompareKey = 4;  // Ctrl+4 was there before the fourth tab

/// An entry with a key that does `action` for the window. The settings know it by `name`, whatever the language.
template <typename Action>
QAction* addNamed(QMenu* menu, QObject* window, const QString& name, const QString& text, const QKeySequence& keys,
                  Action action) {
  QAction* entry = menu->addAction(text);
  entry->setObjectName("menu-" + name);
  entry->setShortcut(keys);
  QObject::connect(entry, &QAction::triggered, window, action);
  return entry;
}

/// The same, by its English words.
template <typename Action>
QAction* add(QMenu* menu, QObject* window, const char* source, const QKeySequence& keys, Action action) {
  return addNamed(menu, window, source, tr(source), keys, action);
}

}  // namespace

void MainWindow::makeMenus() {
  makeFileMenu();
  QMenu* edit = menuBar()->addMenu(tr("&Edit"));
  makeEditMenu(edit);
  makeTrainingMenu();
  menuBar()->addMenu(time_->menu());
  makeViewMenu();
  addLessonMenu(menuBar(), *lessons_, presenter_->actions(), controller_, this);
  QMenu* help = menuBar()->addMenu(tr("&Help"));
  makeHelpMenu(help);
  habits_ = new Habits(this, edit, help, controller_, *sessionMenu_, sessions_, bench_->autosaves);
  connect(habits_, &Habits::languageWanted, this, &MainWindow::languageWanted);
}

void MainWindow::makeHelpMenu(QMenu* help) {
  add(help, this, translatable("&About"), {}, [this] {
    QMessageBox::about(
        this, "Moescope",
        tr("Moescope shows the geometry of Mixture-of-Experts routing while a small model trains.\n\n"
        "Double-click a view to fill the window with it; click experts, pairs of experts or tokens to follow them; "
        "Shift-click a second expert for a pair; hover for numbers.\n\n") +
            QString::fromStdString(versionText()));
  });
}

void MainWindow::makeFileMenu() {
  QMenu* file = menuBar()->addMenu(tr("&File"));
  checkpoints_ = new CheckpointMenu(file, opener_, controller_, this);
  sessionMenu_ = new SessionMenu(file, sessions_, controller_, bench_->autosaves, this);
  addPresetMenu(file, controller_, this);
  file->addSeparator();
  add(file, this, translatable("Save &picture of the window…"), QKeySequence::Save, [this] {
    const QString path = QFileDialog::getSaveFileName(this, tr("Save picture"), "moescope.png", tr("PNG (*.png)"));
    if (path.isEmpty()) return;
    try {
      writePictureAtomically(picture(), path.toStdString());
    } catch (const std::exception& error) {
      say(QString::fromStdString(error.what()));
    }
  });
  addCopyPicture(file, this, controller_, [this] { return picture(); });
  addExportMenu(file, this, controller_);
  film_ = new FilmMenu(file, *this);
  connect(film_, &FilmMenu::noticed, this, &MainWindow::say);
  add(file, this, translatable("&Copy state"), QKeySequence("Ctrl+Shift+C"),
      [this] { QApplication::clipboard()->setText(state()); });
  add(file, this, translatable("&Paste state"), QKeySequence("Ctrl+Shift+V"), [this] {
    try {
      restoreStateText(QApplication::clipboard()->text());
    } catch (const std::exception& error) {
      say(QString::fromStdString(error.what()));
    }
  });
  add(file, this, translatable("&Quit"), QKeySequence::Quit, [this] { close(); });
}

void MainWindow::makeEditMenu(QMenu* edit) {
  QUndoStack& steps = controller_.history().stack();
  QAction* undo = steps.createUndoAction(this, tr("&Undo"));
  undo->setObjectName("actionUndo");
  undo->setShortcut(QKeySequence::Undo);
  QAction* redo = steps.createRedoAction(this, tr("&Redo"));
  redo->setObjectName("actionRedo");
  redo->setShortcuts({QKeySequence(QKeySequence::Redo), QKeySequence("Ctrl+Y")});
  edit->addActions({undo, redo});
  edit->addMenu(set_->menu());
}

void MainWindow::makeTrainingMenu() {
  QMenu* training = menuBar()->addMenu(tr("&Training"));
  training->addActions({training_->play(), training_->step(), training_->reset()});
  training->addSeparator();
  add(training, this, translatable("Pin analysis as re&ference"), QKeySequence("Ctrl+P"), [this] {
    say(controller_.pinReference() ? tr("Pinned: the asymmetry and coupling views compare later analyses with it")
                                   : tr("There is no analysis to pin yet: it comes a few seconds after the start"));
  });
  add(training, this, translatable("&Unpin reference"), {}, [this] { controller_.unpinReference(); });
  training->addSeparator();
  training->addAction(training_->backToTraining());
}

void MainWindow::makeViewMenu() {
  QMenu* view = menuBar()->addMenu(tr("&View"));
  for (const ViewGroup* group : views_->groups()) {
    view->addSection(localised(group->name().toStdString()));
    for (QDockWidget* dock : group->docks()) {
      view->addAction(dock->toggleViewAction());
      connect(dock->toggleViewAction(), &QAction::triggered, this, [this, group](bool shown) {
        if (shown) openGroup(group->name().toStdString());  // a view that was asked for is in sight
      });
    }
  }
  for (QDockWidget* dock : findChildren<QDockWidget*>()) dock->toggleViewAction()->setObjectName("toggle-" + dock->objectName());
  for (QToolBar* bar : findChildren<QToolBar*>()) bar->toggleViewAction()->setObjectName("toggle-" + bar->objectName());
  view->addSeparator();
  view->addActions(compare_->menuActions());
  view->addSeparator();
  view->addAction(panelDock_->toggleViewAction());
  view->addAction(timeBar_->toggleViewAction());
  view->addAction(tokens_->toggleViewAction());
  view->addAction(promptBar_->toggleViewAction());
  view->addSeparator();
  for (int tab = 0; tab < views_->tabs()->count(); ++tab)
    addNamed(view, this, "Show " + views_->tabs()->tabData(tab).toString(), tr("Show %1").arg(views_->tabs()->tabText(tab)),
             QKeySequence("Ctrl+" + QString::number(tab + 1 < kCompareKey ? tab + 1 : tab + 2)),
             [this, tab] { openGroup(views_->tabs()->tabData(tab).toString().toStdString()); });
  add(view, this, translatable("Show Compare"), QKeySequence("Ctrl+" + QString::number(kCompareKey)),
      [this] {
        KeptLayout compared{{}, true, controller_.document().differs};
        compared.layout.group = "Stage";
        controller_.perform(showLayout(translated("Compare"), compared));
      });
  view->addMenu(new LayoutMenu(
      controller_, LayoutMenu::ofTheUser(), [this] { return state(); }, [this](const Layout& layout) { placeViews(layout); },
      this));
  view->addAction(numbers_->toggleViewAction());
  add(view, this, translatable("Dra&wer of the stage"), QKeySequence("D"), [this] {
    controller_.perform({translated("Drawer"), "", [](Document& document) { document.layout.drawer = !document.layout.drawer; }});
  });
  auto* breath = new Breath(controller_, this);
  add(view, this, translatable("&Breathe: concentration to 0, to 16 and back to 1"), QKeySequence("Ctrl+Shift+B"),
      [breath] { breath->start(); });
  view->addSeparator();
  add(view, this, translatable("Reset &layout"), {}, [this] { arrange(); });
  add(view, this, translatable("&Forget remembered settings"), {}, [this] {
    Preferences::forget();
    remember_ = false;
    say(tr("Settings are forgotten: the next start is as on the first day"));
  });
  add(view, this, translatable("&Dark or light"), QKeySequence("Ctrl+T"),
      [this] { setTheme(!theme_.dark, controller_.document().textScale); });
  add(view, this, translatable("&Motion of tokens on or off"), {}, [this] {
    const bool moves = controller_.document().motion;
    controller_.perform(
        {moves ? translated("No motion") : translated("Motion"), "", [moves](Document& document) { document.motion = !moves; }});
  });
  add(view, this, translatable("&Larger text"), QKeySequence::ZoomIn,
      [this] { setTheme(theme_.dark, std::min(kGreatestTextScale, controller_.document().textScale * 1.15)); });
  add(view, this, translatable("S&maller text"), QKeySequence::ZoomOut,
      [this] { setTheme(theme_.dark, std::max(kLeastTextScale, controller_.document().textScale / 1.15)); });
  add(view, this, translatable("&Clear selection"), QKeySequence(Qt::Key_Escape), [this] {
    escape();
  })->setObjectName("actionEscape");
}

}  // namespace moescope
