#pragma once
// Play, step and reset, for menu and panel alike.

#include <QAction>
#include <QObject>

#include "app/window/controller.h"

namespace moescope {

class TrainingActions : public QObject {
  Q_OBJECT
 public:
  TrainingActions(Controller& controller, QObject* parent);

  QAction* play() { return play_; }
  QAction* step() { return step_; }
  QAction* reset() { return reset_; }
  QAction* backToTraining() { return back_; }

 private:
  void showStatus();

  Controller& controller_;
  QAction *play_, *step_, *reset_, *back_;
};

}  // namespace moescope
