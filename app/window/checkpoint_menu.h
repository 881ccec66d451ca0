#pragma once
// The entries of the File menu that open checkpoints, captures and traces.

#include <QMenu>
#include <QObject>

#include "app/window/checkpoint_opener.h"

namespace moescope {

class CheckpointMenu : public QObject {
  Q_OBJECT
 public:
  /// Adds its entries to `file`; `window` is the parent of dialogs.
  CheckpointMenu(QMenu* file, CheckpointOpener& opener, Controller& controller, QWidget* window);
  /// Keeps what is opened in the settings. Off by default: tests leave no trace.
  void rememberOpened() { remember_ = true; }

 private:
  void chooseCheckpoint();
  void chooseFile();
  void chooseTrace();
  void listRecent();

  CheckpointOpener& opener_;
  Controller& controller_;
  QWidget* window_;
  QMenu* recent_;
  bool remember_ = false;
};

}  // namespace moescope
