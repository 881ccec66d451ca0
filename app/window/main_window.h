#pragma once
// The window: views in docks, the panel, the token strip, the status line.

#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QMainWindow>
#include <QPushButton>
#include <QSet>
#include <QTabBar>
#include <QToolBar>
#include <map>
#include <optional>
#include <vector>

#include "app/window/checkpoint_menu.h"
#include "app/window/checkpoint_opener.h"
#include "app/window/control_panel.h"
#include "app/window/controller.h"
#include "app/window/preferences.h"
#include "app/window/token_strip.h"
#include "app/window/view_tile.h"
#include "app/window/window_state.h"

namespace moescope {

class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  explicit MainWindow(const Knobs& knobs, bool dark = true, double textScale = 1.0);

  Controller& controller() { return controller_; }
  CheckpointOpener& opener() { return opener_; }
  ViewTile* tile(const std::string& name) const;
  /// Shows the views of this group; throws std::invalid_argument naming the groups.
  void openGroup(const std::string& name);
  void setTheme(bool dark, double textScale);
  /// The whole window with its OpenGL contents, all drawn at this moment.
  QImage picture();
  /// Lens, knobs and the shown checkpoint as JSON; restoreStateText() refuses what it does not understand and then changes nothing.
  /// A checkpoint in it is opened, and the lens follows when it is there.
  QString state() const;
  void restoreStateText(const QString& json);
  /// What to remember, and its return. Lens and knobs are the caller's to restore: they may come from the command line.
  Preferences preferences() const;
  void restoreLayout(const Preferences& preferences);
  /// Keeps the preferences when the window closes, until the user asks to forget them. Off by default: tests leave no trace.
  void rememberOnClose() {
    remember_ = true;
    checkpoints_->rememberOpened();
  }

 protected:
  void showEvent(QShowEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeDocks();
  void arrange();
  void arrangeGroup(const std::vector<QDockWidget*>& docks);
  void showGroup(const QString& name);
  void equalise(const QString& group);
  void makeMenus();
  void makeStatusBar();
  void say(const QString& notice);
  void escape();
  void toggleMaximised(QDockWidget* dock);
  void showStatus();
  bool shows(const WindowState& state) const;
  void takeAwaited();

  Controller controller_;
  CheckpointOpener opener_{controller_};
  CheckpointMenu* checkpoints_ = nullptr;
  Theme theme_;
  std::vector<QDockWidget*> docks_;
  std::vector<ViewTile*> tiles_;
  QDockWidget* panelDock_ = nullptr;
  QToolBar *stripBar_ = nullptr, *groupBar_ = nullptr;
  QTabBar* groups_ = nullptr;
  TokenStrip* strip_ = nullptr;
  QComboBox* domains_ = nullptr;
  QLabel *state_ = nullptr, *message_ = nullptr;
  QPushButton *repair_ = nullptr, *cancel_ = nullptr, *back_ = nullptr;
  QList<QAction*> trainingActions_;
  QAction* backAction_ = nullptr;
  QString notice_;  ///< a line for the user that stays until the next one or Escape
  bool arranged_ = false, remember_ = false;
  QByteArray restoredLayout_;
  QSet<QString> equalised_;
  QDockWidget* maximised_ = nullptr;
  QByteArray beforeMaximising_;
  std::optional<WindowState> awaited_;  ///< pasted, its checkpoint being opened
};

/// Window, button and text colours for the whole application.
void applyPalette(const Theme& theme);

}  // namespace moescope
