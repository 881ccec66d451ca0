#include "app/window/training_actions.h"

#include "app/window/action_help.h"
#include "app/window/language.h"

namespace moescope {
namespace {

QAction* made(QObject* owner, const char* name, const QString& text, const QKeySequence& keys, const QString& help) {
  auto* action = new QAction(text, owner);
  action->setObjectName(name);
  action->setShortcut(keys);
  action->setData(help);
  explain(action, help);
  return action;
}

}  // namespace

TrainingActions::TrainingActions(Controller& controller, QObject* parent)
    : QObject(parent),
      controller_(controller),
      play_(made(this, "actionPlay", tr("&Play"), Qt::Key_Space, tr("Train or pause"))),
      step_(made(this, "actionStep", tr("One &step"), Qt::Key_S, tr("One training step while paused"))),
      reset_(made(this, "actionReset", tr("&Reset"), Qt::Key_R, tr("A new model from the same knobs and seed"))),
      back_(made(this, "actionBackToTraining", tr("&Back to training"), {},
                 tr("The model in training instead of the checkpoint or session"))) {
  connect(play_, &QAction::triggered, this, [this] { controller_.playing() ? controller_.pause() : controller_.play(); });
  connect(step_, &QAction::triggered, this, [this] { controller_.stepOnce(); });
  connect(reset_, &QAction::triggered, this, [this] { controller_.reset(); });
  connect(back_, &QAction::triggered, this, [this] { controller_.backToTraining(); });
  connect(&controller_, &Controller::statusChanged, this, &TrainingActions::showStatus);
  connect(&controller_, &Controller::documentChanged, this, &TrainingActions::showStatus);
  showStatus();
}

void TrainingActions::showStatus() {
  const bool trains = controller_.trains();
  const bool playing = controller_.playing();
  play_->setText(playing ? tr("&Pause") : tr("&Play"));
  step_->setEnabled(trains && !playing && controller_.engine().status().state == EngineState::Paused);
  play_->setEnabled(trains);
  reset_->setEnabled(trains);
  back_->setEnabled(!trains);
  for (QAction* action : {play_, step_, reset_})
    explain(action, trains ? action->data().toString() : controller_.whyNotTraining());
}

}  // namespace moescope
