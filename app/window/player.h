#pragma once
// Plays what a run has left on the time line: moves the moment that is shown, and touches no training.

#include <QObject>
#include <QTimer>
#include <functional>

#include "app/window/controller.h"

namespace moescope {

class Player : public QObject {
  Q_OBJECT
 public:
  explicit Player(Controller& controller);

  bool playing() const { return timer_.isActive(); }
  /// From the shown moment on; where that is the newest one, from the beginning of its run.
  void play();
  void pause();
  /// While a hand moves the moment the recording waits.
  void hold(bool held) { held_ = held; }
  /// Shows what is due now; the timer calls it for every frame.
  void tick();
  /// Seconds since a fixed moment, to play by; the steady clock where none is given.
  void setClock(std::function<double()> seconds) { seconds_ = std::move(seconds); }

 Q_SIGNALS:
  void changed();  ///< plays, or no more

 private:
  void showStep(std::uint64_t generation, std::int64_t step);

  Controller& controller_;
  QTimer timer_;
  std::function<double()> seconds_;
  double before_ = 0.0;  ///< when the last frame was
  double due_ = 0.0;     ///< snapshots or steps that are still to come from `from_` on
  Cursor from_;          ///< the moment that was shown by the last frame
  bool held_ = false;
};

}  // namespace moescope
