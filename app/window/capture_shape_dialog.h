#pragma once
// Asks for the shape of a capture whose file does not tell it.

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <algorithm>
#include <optional>
#include <vector>

#include "app/window/number_box.h"
#include "core/checkpoint/capture.h"

namespace moescope {

class CaptureShapeDialog : public QDialog {
  Q_OBJECT
 public:
  /// Begins with what was said `before`, else with the proposal of the ids, and with the likeliest type of numbers where that is
  /// untold.
  CaptureShapeDialog(const CaptureUntold& untold, const CaptureReading& before, QWidget* parent);
  /// What was said before, with the shape, the experts and the type that stand here.
  CaptureReading reading() const;

 private:
  const CaptureOffer& offer() const { return offers_[static_cast<std::size_t>(std::max(0, type_->currentIndex()))]; }
  void showOffer();
  void showWhetherItFits();

  std::vector<CaptureOffer> offers_;
  CaptureReading before_;
  QComboBox* type_;
  WholeNumberBox *layers_, *chosen_, *experts_;
  QLabel *proposed_, *fits_;
  QPushButton* open_ = nullptr;
};

/// No value: nobody said.
std::optional<CaptureReading> askForShape(const CaptureUntold& untold, const CaptureReading& before, QWidget* parent);

}  // namespace moescope
