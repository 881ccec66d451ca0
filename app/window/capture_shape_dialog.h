#pragma once
// Asks for the shape of a capture whose file does not tell it.

#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <optional>

#include "app/window/number_box.h"
#include "core/checkpoint/capture.h"

namespace moescope {

class CaptureShapeDialog : public QDialog {
  Q_OBJECT
 public:
  /// Begins with what was said `before`, else with the proposal of the ids.
  CaptureShapeDialog(const CaptureShapeUntold& untold, const CaptureReading& before, QWidget* parent);
  /// What was said before, with the shape and the experts that stand here.
  CaptureReading reading() const;

 private:
  void showWhetherItFits();

  std::int64_t ids_;
  CaptureReading before_;
  WholeNumberBox *layers_, *chosen_, *experts_;
  QLabel* fits_;
  QPushButton* open_ = nullptr;
};

/// No value: nobody said.
std::optional<CaptureReading> askForShape(const CaptureShapeUntold& untold, const CaptureReading& before, QWidget* parent);

}  // namespace moescope
