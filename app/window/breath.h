#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace moescope {

class Controller;

/// Moves the concentration once from where it stands to 0, on to 16 and back to 1, so that a hall sees what the slider does. A
/// hand on the concentration stops it, where the hand leaves it; one step of undo.
class Breath : public QObject {
  Q_OBJECT
 public:
  explicit Breath(Controller& controller, QObject* parent);

  /// From the beginning; stops one under way.
  void start();
  bool runs() const { return timer_.isActive(); }
  /// Where it stands, or (`goesBack`) where it began, which leaves no step of undo.
  void stop(bool goesBack = false);

 private:
  void move();

  Controller& controller_;
  QTimer timer_;
  QElapsedTimer passed_;
  double from_ = 1.0, last_ = 1.0;  ///< concentrations: at the start, and set last
  double share_ = 0.0;              ///< of the way, at which last_ stands
};

/// Concentration at a share of the way, from 0 to 1, that began at `from`. Steps of the slider are even.
double breathAt(double share, double from);

/// Where the way goes on from the share that was shown last when `passed` of its time is over: no slow drawing leaves out 0, 16
/// or the end.
double nextShare(double shown, double passed);

}  // namespace moescope
