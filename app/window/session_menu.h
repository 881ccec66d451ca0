#pragma once
// The entries of the File menu that keep and open sessions, and the care for those that the window keeps by itself.

#include <QMenu>
#include <QObject>
#include <QTimer>
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
  /// At most so many bytes on the disk from now on.
  void setBudget(std::uint64_t bytes);
  /// Where this run is kept, and what all of them take; empty: nowhere.
  QString text() const;

 private:
  void chooseSession();
  void chooseFile();
  void chooseBudget();
  void listRecent();
  void lookAfter();
  std::filesystem::path shown() const;
  void offerCrashed();

  SessionOpener& opener_;
  Controller& controller_;
  const std::shared_ptr<Autosaves> autosaves_;
  QWidget* window_;
  QAction *budget_ = nullptr, *crashed_ = nullptr;
  QMenu* recent_;
  QTimer look_;
  std::string document_;  ///< as it was kept last
  QString fault_;         ///< as it was said last
  std::uint64_t bytes_ = 0;  ///< of all autosaves
  std::int64_t lost_ = 0;    ///< entries, as it was said last
  bool remember_ = false;
};

}  // namespace moescope
