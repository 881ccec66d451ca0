#pragma once
// The bar at the foot with a domain's text, and the choice of the domain.

#include <QComboBox>
#include <QToolBar>

#include "app/window/token_strip.h"

namespace moescope {

class TokenBar : public QToolBar {
  Q_OBJECT
 public:
  TokenBar(Controller& controller, QWidget* parent);
  TokenStrip& strip() { return *strip_; }

 private:
  void showDomains();
  void followSelection();

  Controller& controller_;
  TokenStrip* strip_;
  QComboBox* domains_;
  int selected_ = -1;  ///< the one selected domain as it was last seen; -1: none, or several
};

}  // namespace moescope
