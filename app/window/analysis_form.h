#pragma once
// What the analysis of the experts measures, and how often.

#include <QWidget>

#include "app/window/controller.h"
#include "app/window/number_box.h"

namespace moescope {

class AnalysisForm : public QWidget {
  Q_OBJECT
 public:
  explicit AnalysisForm(Controller& controller);

 private:
  void apply();
  void showDocument();

  Controller& controller_;
  NumberBox *every_, *share_;
  WholeNumberBox *rank_, *tokens_;
};

}  // namespace moescope
