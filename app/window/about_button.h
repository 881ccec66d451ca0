#pragma once
// "What is this?" in the corner of a view: definition, formula with the values filled in, what to look for.

#include <QToolButton>

#include "app/window/controller.h"
#include "views/view.h"

namespace moescope {

class AboutButton : public QToolButton {
  Q_OBJECT
 public:
  /// Stands in the upper right corner of `tile`, which owns it; tells of the scene of `side`.
  AboutButton(const ViewDeclaration& view, Controller& controller, int side, QWidget* tile);

  /// Side of the square that it takes, device-independent pixels.
  int side() const;
  /// What it tells of the scene as it is.
  QString text() const;

 protected:
  bool eventFilter(QObject* tile, QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void place();
  void tell();

  const ViewDeclaration view_;
  Controller& controller_;
  const int side_;
};

}  // namespace moescope
