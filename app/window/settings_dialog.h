#pragma once
// What a person sets once: how the window looks, what runs keep on the disk, what they run on, keys. Each says when it takes
// effect.

#include <QDialog>
#include <QFormLayout>
#include <functional>
#include <memory>
#include <vector>

#include "app/window/autosaves.h"
#include "app/window/controller.h"
#include "app/window/shortcuts.h"

namespace moescope {

class SettingsDialog : public QDialog {
  Q_OBJECT
 public:
  struct Parts {
    Controller& controller;
    Shortcuts& shortcuts;
    std::shared_ptr<Autosaves> autosaves;               ///< null: the window keeps no sessions
    std::function<void(std::uint64_t bytes)> setBudget;
    std::function<void()> openShortcuts;
  };
  SettingsDialog(Parts parts, QWidget* parent);
  /// Keeps threads and folder in the settings. Off by default: tests leave no trace.
  void rememberChanges() {
    remember_ = true;
    showAll();
  }
  /// Its code; empty: the system's.
  void chooseLanguage(const QString& code);

 Q_SIGNALS:
  void languageChosen(const QString& code);

 private:
  void addLooks(QFormLayout* form);
  void addLanguages(QFormLayout* form);
  void addSessions(QFormLayout* form);
  void addComputing(QFormLayout* form);
  void addRow(QFormLayout* form, const QString& label, QWidget* editor, const char* name, const QString& help,
              const QString& when);
  void chooseFolder();
  void showAll();
  void resetAll();
  void store(const char* key, const QVariant& value) const;

  Parts parts_;
  std::vector<std::function<void()>> show_;   ///< what is in force, in each editor
  std::vector<std::function<void()>> reset_;  ///< each as on the first day
  QString folder_;                            ///< of sessions, from the next start on
  bool remember_ = false;
};

/// Threads of training that the settings name; 0: all cores but one.
int threadsOfTheUser();

}  // namespace moescope
