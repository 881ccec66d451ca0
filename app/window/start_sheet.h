#pragma once
// A sheet beside the views with everything to begin with: presets in pictures, lessons, what was open before and what did not
// come to its end. It comes when it is asked for, and goes when one begins anything.

#include <QDockWidget>
#include <QMenu>
#include <QMenuBar>
#include <QVBoxLayout>
#include <memory>

#include "app/window/autosaves.h"
#include "app/window/session_opener.h"

namespace moescope {

class StartSheet : public QDockWidget {
  Q_OBJECT
 public:
  /// Shows what the menus of `bar` list under these names: presets, lessons, recentSessions, recentCheckpoints. `autosaves` may
  /// be null.
  StartSheet(const QMenuBar& bar, SessionOpener& sessions, std::shared_ptr<Autosaves> autosaves, QMainWindow* window);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void fill();
  void addHeading(QVBoxLayout* column, const QString& words);
  void addPresets(QVBoxLayout* column, const QMenu& menu);
  void addList(QVBoxLayout* column, const QString& heading, const QList<QAction*>& actions);
  void addUnended(QVBoxLayout* column);

  const QMenuBar& bar_;
  SessionOpener& sessions_;
  const std::shared_ptr<Autosaves> autosaves_;
};

}  // namespace moescope
