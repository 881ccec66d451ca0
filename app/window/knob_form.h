#pragma once
// The knobs of the model in training, as editors that show what is in force (of a recorded run what was): those that people
// change most, and under a line that unfolds them the others that the chosen router uses.

#include <QComboBox>
#include <QFormLayout>
#include <QGroupBox>
#include <functional>
#include <vector>

#include "app/window/controller.h"
#include "app/window/fold.h"

namespace moescope {

class KnobForm : public QGroupBox {
  Q_OBJECT
 public:
  explicit KnobForm(Controller& controller);
  /// Shows the knobs where they, or what is shown, changed since they were last shown, so that what is being typed stays.
  /// They are of no use while a checkpoint or a recorded run is shown: their tooltips say why.
  void showKnobs();

 private:
  QWidget* makeEditor(const KnobDeclaration& knob);
  QWidget* makeChoice(const KnobDeclaration& knob);
  QWidget* makeSwitch(const KnobDeclaration& knob);
  void change(const std::function<void(Knobs&)>& change);
  void showAgain();

  QFormLayout *often_, *more_;  ///< what people change most, and what is folded away until it is asked for
  Fold* fold_;
  Controller& controller_;
  Knobs shown_;
  QString whyNot_;  ///< why they were of no use when they were last shown; empty: they were of use
  struct Editor {
    QWidget* widget;
    QFormLayout* form;
    QString help;
  };
  std::vector<Editor> editors_;  ///< of each row of knobSettings()
  std::vector<std::function<void(const Knobs&)>> show_;
};

}  // namespace moescope
