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

  Controller& controller_;
  TokenStrip* strip_;
  QComboBox* domains_;
};

}  // namespace moescope
