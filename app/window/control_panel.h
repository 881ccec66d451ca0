#pragma once
// Slider, numbers and knobs beside the views.

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QTableWidget>
#include <functional>
#include <utility>
#include <vector>

#include "app/window/concentration_slider.h"
#include "app/window/controller.h"

namespace moescope {

class ControlPanel : public QScrollArea {
  Q_OBJECT
 public:
  explicit ControlPanel(Controller& controller);

 private:
  struct Number {
    QLabel* value;
    std::function<QString(const Scene&)> read;
  };
  QWidget* makeTransport();
  QWidget* makeLens();
  QWidget* makeNumbers();
  QWidget* makeMeasures();
  QWidget* makeAnalysis();
  QWidget* makeKnobs();
  QWidget* makeKnob(const KnobDeclaration& knob);
  void changeLens(const std::function<void(Lens&)>& change);
  void changeKnobs(const std::function<void(Knobs&)>& change);
  void showScene();
  void showLens(const Lens& lens);
  void showLayers(const Snapshot& snapshot, int shown);
  void showStatus();

  Controller& controller_;
  ConcentrationSlider* slider_ = nullptr;
  QComboBox *reading_ = nullptr, *source_ = nullptr, *policy_ = nullptr, *layer_ = nullptr;
  QDoubleSpinBox* parameter_ = nullptr;
  QPushButton *play_ = nullptr, *step_ = nullptr, *reset_ = nullptr;
  QLabel* knobMessage_ = nullptr;
  std::vector<Number> numbers_;
  QTableWidget* measures_ = nullptr;
  QStringList layers_;
  std::vector<std::pair<QWidget*, QString>> ofTraining_;  ///< with their tooltips; of no use while a checkpoint is shown
};

}  // namespace moescope
