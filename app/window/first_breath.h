#pragma once

#include <QObject>
#include <QTimer>
#include <QWidget>

#include "app/window/breath.h"

namespace moescope {

/// At the very first start the concentration breathes once by itself, so that one sees what there is to draw: when the window has
/// its picture, and only where nobody has touched anything. A hand, a key or any action ends it, and the concentration is as it
/// was before; where the hand took hold of the concentration it is the hand's.
class FirstBreath : public QObject {
  Q_OBJECT
 public:
  /// Deletes itself at its end, which comes before it began where the document has no motion.
  FirstBreath(Controller& controller, Breath& breath, QWidget* window);

  /// Whether it has not been on this user's screen yet; from here on it has.
  static bool takeDue();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void look();
  void end(bool goesBack);

  Controller& controller_;
  Breath& breath_;
  QTimer timer_;
  int steps_;          ///< of undo, before it began
  int seen_ = 0;       ///< milliseconds that the picture has been there
  bool begun_ = false;
};

}  // namespace moescope
