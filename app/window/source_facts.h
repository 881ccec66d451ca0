#pragma once
// What the checkpoint or capture is that stands in place of the model in training, where else the panel has its knobs.

#include <QCheckBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QLabel>
#include <vector>

#include "app/window/controller.h"

namespace moescope {

class SourceFacts : public QGroupBox {
  Q_OBJECT
 public:
  explicit SourceFacts(Controller& controller);
  /// Of the active side's scene; hidden where that shows neither.
  void showFacts();

 private:
  QLabel* addFact(const char* name, const QString& label, const QString& help);

  Controller& controller_;
  QFormLayout* form_;
  QLabel *file_, *family_, *format_, *layers_, *experts_, *rule_, *tokens_, *notes_;
  QCheckBox* without_;
};

}  // namespace moescope
