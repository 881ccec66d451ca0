#include "app/window/status_line.h"

#include <utility>

#include "app/window/language.h"

namespace moescope {
namespace {

QString stateText(const EngineStatus& status) {
  switch (status.state) {
    case EngineState::Starting: return tr("starting");
    case EngineState::Paused: return tr("paused");
    case EngineState::Playing: return tr("training");
    case EngineState::Failed: return tr("stopped");
  }
  return {};
}

/// `drawn`: tokensDrawn().
QString checkpointText(const CheckpointOrigin& origin, bool capture, const std::string& drawn) {
  const auto layers = origin.layerNumbers.size();
  const QString notes = origin.notes.empty()
                            ? QString()
                            : "  ·  " + (origin.notes.size() == 1 ? tr("1 note") : tr("%1 notes").arg(origin.notes.size()));
  if (capture)
    return QString::fromStdString(origin.name) + "  ·  " + tr("capture") + "  ·  " +
           (layers == 1 ? tr("1 layer, %1 of %2 experts a token")
                        : tr("%3 layers, %1 of %2 experts a token").replace("%3", QString::number(layers)))
               .arg(origin.chosen)
               .arg(origin.experts) +
           "  ·  " + QString::fromStdString(origin.tokens) + notes;
  return QString::fromStdString(origin.name + "  ·  " + origin.family + "  ·  ") +
         (layers == 1 ? tr("1 MoE layer, %1 experts, width %2")
                      : tr("%3 MoE layers, %1 experts, width %2").replace("%3", QString::number(layers)))
             .arg(origin.experts)
             .arg(origin.width) +
         "  ·  " + QString::fromStdString(origin.tokens + (drawn.empty() ? "" : "; " + drawn)) + notes;
}

/// The rule, and the notes that the status line counts.
QString checkpointToolTip(const CheckpointOrigin& origin) {
  QString text =
      (origin.family == "capture" ? tr("Routing: ") : tr("The model's own rule: ")) + QString::fromStdString(origin.rule);
  for (const std::string& note : origin.notes) text += "\n" + QString::fromStdString(note);
  return text;
}

}  // namespace

StatusLine::StatusLine(QStatusBar* bar, Controller& controller, CheckpointOpener& opener, std::function<QString()> mark,
                       std::function<QString()> more)
    : QObject(bar),
      controller_(controller),
      opener_(opener),
      mark_(std::move(mark)),
      more_(std::move(more)),
      state_(new ElidedLabel),
      message_(new ElidedLabel) {
  state_->setObjectName("statusState");
  message_->setObjectName("statusMessage");
  message_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);  // a long line does not widen the window
  const int letter = state_->fontMetrics().averageCharWidth();
  state_->setContentsMargins(letter, 0, 0, 0);
  message_->setContentsMargins(2 * letter, 0, 0, 0);  // else "step 5" and what is said after it read as one
  bar->addWidget(state_);
  bar->addWidget(message_, 1);
  const auto button = [this, bar](const QString& text, const char* name, const QString& help, auto action) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setToolTip(help);
    made->hide();
    connect(made, &QPushButton::clicked, this, action);
    bar->addPermanentWidget(made);
    return made;
  };
  cancel_ = button(tr("Cancel"), "cancelOpening", tr("Gives up what is being opened; what is shown stays"),
                   [this] { opener_.cancel(); });
  repair_ = button(tr("Reset"), "statusReset", tr("A new model from the same knobs and seed"), [this] { controller_.reset(); });
  back_ = button(tr("Back to training"), "backToTraining", tr("The model in training, as it was left"),
                 [this] { controller_.backToTraining(); });
  connect(&controller_, &Controller::statusChanged, this, &StatusLine::show);
  connect(&controller_, &Controller::sceneChanged, this, &StatusLine::show);
  connect(&controller_, &Controller::noticed, this, &StatusLine::say);
}

void StatusLine::say(const QString& notice) {
  notice_ = notice;
  show();
}

bool StatusLine::clear() {
  const bool there = !notice_.isEmpty();
  if (there) say("");
  return there;
}

QString StatusLine::shownText() const {
  const EngineStatus status = controller_.status();
  const SnapshotPointer snapshot = controller_.scene().snapshot;
  if (const SessionSource* session = controller_.session(); session && snapshot)
    return tr("session %1  ·  step %2")
        .arg(QString::fromStdString(session->reader()->path().stem().string()))
        .arg(snapshot->step);
  if (!controller_.trains() && snapshot && snapshot->checkpoint)
    return checkpointText(*snapshot->checkpoint, snapshot->capture != nullptr, tokensDrawn(controller_.scene()));
  QString text = stateText(status);
  if (!status.device.empty()) text += tr(" on ") + QString::fromStdString(status.device);
  if (snapshot && controller_.scene().past)
    text += tr("  ·  trained %1 steps  ·  step %2 is shown").arg(status.trainedSteps).arg(snapshot->step);
  else if (snapshot)
    text += tr("  ·  step %1").arg(snapshot->step) + (mark_().isEmpty() ? "" : ", " + mark_());
  if (snapshot && snapshot->probe->synthetic) text += "  ·  " + localised(snapshot->probe->syntheticMark);
  return text;
}

void StatusLine::show() {
  const EngineStatus status = controller_.status();
  const SnapshotPointer snapshot = controller_.scene().snapshot;
  const QString text = shownText();
  state_->setText(text);
  state_->setToolTip(snapshot && snapshot->checkpoint
                         ? text + '\n' + checkpointToolTip(*snapshot->checkpoint)
                         : QStringList{text, controller_.memoryText(), more_()}.join('\n').trimmed());
  const bool failed = controller_.trains() && status.state == EngineState::Failed;
  QStringList lines;
  if (!notice_.isEmpty()) lines.append(notice_ + (opener_.opening() ? tr("  (Escape cancels)") : ""));
  if (failed || notice_.isEmpty()) lines.append(QString::fromStdString(status.message));
  const QString line = lines.join("  ·  ");
  message_->setText(line);
  message_->setToolTip(line);  // all of it, where the bar is too short
  cancel_->setVisible(opener_.opening());
  repair_->setVisible(failed);
  back_->setVisible(!controller_.trains());
  Q_EMIT shown(failed || !notice_.isEmpty());
}

}  // namespace moescope
