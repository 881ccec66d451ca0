#pragma once
// From layer to expert to token to number: what the selection leads down to, with the formulas' values filled in, to be copied.

#include <QDockWidget>
#include <QPlainTextEdit>

#include "app/window/controller.h"

namespace moescope {

/// Layer, expert and token of the scene's selection, the gate between them, and the clicked byte of a text of one's own. An
/// expert that nobody selected is the token's leading one. Empty without a routing.
QString numberText(const Scene& scene);

class NumberPage : public QDockWidget {
  Q_OBJECT
 public:
  NumberPage(Controller& controller, QWidget* parent);

 private:
  void showScene();

  Controller& controller_;
  QPlainTextEdit* text_;
};

}  // namespace moescope
