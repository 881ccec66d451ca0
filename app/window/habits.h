#pragma once
// What people expect of any program: a palette of commands, keys of their own, settings, a page to start from, a wheel that only
// scrolls.

#include <QMainWindow>
#include <QMenu>
#include <memory>

#include "app/window/command_palette.h"
#include "app/window/session_menu.h"
#include "app/window/settings_dialog.h"
#include "app/window/shortcut_sheet.h"
#include "app/window/shortcuts.h"
#include "app/window/start_sheet.h"

namespace moescope {

class Habits : public QObject {
  Q_OBJECT
 public:
  /// Adds its entries to two menus of the window's bar, all of whose other entries are there already.
  Habits(QMainWindow* window, QMenu* edit, QMenu* help, Controller& controller, SessionMenu& sessionMenu, SessionOpener& sessions,
         std::shared_ptr<Autosaves> autosaves);
  /// Takes what the settings keep, and keeps what is changed. Off by default: tests leave no trace.
  void rememberChanges();

 Q_SIGNALS:
  void languageWanted(const QString& code);

 private:
  void openSheet();
  void addLanguages(QMenu* edit);

  Controller& controller_;
  Shortcuts* shortcuts_ = nullptr;
  ShortcutSheet* sheet_ = nullptr;
  SettingsDialog* settings_ = nullptr;
};

}  // namespace moescope
