#pragma once
// The entries of the File menu that keep and open sessions, and the care for those that the window keeps by itself.

#include <QMenu>
#include <QObject>
#include <QTimer>
#include <array>
#include <memory>

#include "app/window/autosaves.h"
#include "app/window/session_opener.h"

namespace moescope {

class SessionMenu : public QObject {
  Q_OBJECT
 public:
  /// Adds its entries to `file`; `window` is the parent of dialogs. `autosaves` null: the window keeps nothing by itself.
  SessionMenu(QMenu* file, SessionOpener& opener, Controller& controller, std::shared_ptr<Autosaves> autosaves, QWidget* window);
  /// Keeps what is opened in the settings. Off by default: tests leave no trace.
  void rememberOpened() { remember_ = true; }
  /// Copies the session of the run, or the one that is shown, off the UI thread; failed() or notice() says how it went.
  void saveAs(const QString& file);
  /// At most so many bytes on the disk from now on, also for the runs in training.
  void setBudget(std::uint64_t bytes);
  /// Where this run is kept, and what all of them take; empty: nowhere.
  QString text() const;

 private:
  void chooseSession();
  void chooseFile();
  void chooseBudget();
  void listRecent();
  /// What was kept, and said, of a side's run last.
  struct Kept {
    std::string document;
    QString fault;
    std::int64_t lost = 0;  ///< entries
  };

  void lookAfter();
  void lookAfterRun(int side, Kept& kept);
  std::string documentOfSide(int side) const;
  std::filesystem::path shown() const;
  void offerCrashed();

  SessionOpener& opener_;
  Controller& controller_;
  const std::shared_ptr<Autosaves> autosaves_;
  QWidget* window_;
  QAction *budget_ = nullptr, *crashed_ = nullptr;
  QMenu* recent_;
  QTimer look_;
  std::array<Kept, 2> kept_;
  std::uint64_t bytes_ = 0;  ///< of all autosaves
  bool remember_ = false;
};

}  // namespace moescope
