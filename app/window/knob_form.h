#pragma once
// The knobs of the model in training, as editors that show what is in force; of a recorded run what was.

#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <functional>
#include <utility>
#include <vector>

#include "app/window/controller.h"

namespace moescope {

class KnobForm : public QGroupBox {
  Q_OBJECT
 public:
  explicit KnobForm(Controller& controller);
  /// Of no use while a checkpoint or a recorded run is shown; `instead`: what the tooltips say then.
  void setUsable(bool usable, const QString& instead);
  /// Shows the engine's knobs where they changed since they were last shown, so that what is being typed stays.
  void showKnobs();

 private:
  QWidget* makeEditor(const KnobDeclaration& knob);
  QWidget* makeChoice(const KnobDeclaration& knob);
  void change(const std::function<void(Knobs&)>& change);
  void showAgain();

  QFormLayout* form_;
  Controller& controller_;
  Knobs shown_;
  std::vector<std::pair<QWidget*, QString>> editors_;  ///< with their tooltips
  std::vector<std::function<void(const Knobs&)>> show_;
};

}  // namespace moescope
