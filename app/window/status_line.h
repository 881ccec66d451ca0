#pragma once
// The line at the window's foot: what is shown, a notice for the user, and the buttons that mend what went wrong.

#include <QPushButton>
#include <QStatusBar>
#include <functional>

#include "app/window/checkpoint_opener.h"
#include "app/window/controller.h"
#include "app/window/elided_label.h"

namespace moescope {

class StatusLine : public QObject {
  Q_OBJECT
 public:
  /// `mark`: what stands behind the step, may be empty. `more`: lines for the tooltip of what is shown.
  StatusLine(QStatusBar* bar, Controller& controller, CheckpointOpener& opener, std::function<QString()> mark,
             std::function<QString()> more);
  /// A line for the user that stays until the next one or Escape; empty: none.
  void say(const QString& notice);
  /// Whether there was a notice, which is gone now.
  bool clear();
  void show();

 Q_SIGNALS:
  /// `needed`: it has a notice or a failure, which must be seen.
  void shown(bool needed);

 private:
  QString shownText() const;

  Controller& controller_;
  CheckpointOpener& opener_;
  const std::function<QString()> mark_, more_;
  ElidedLabel *state_, *message_;
  QPushButton *repair_ = nullptr, *cancel_ = nullptr, *back_ = nullptr;
  QString notice_;
};

}  // namespace moescope
