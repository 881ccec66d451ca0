#pragma once
// Slider, numbers and knobs beside the views.

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTableWidget>
#include <QVBoxLayout>
#include <functional>
#include <utility>
#include <vector>

#include "app/window/concentration_slider.h"
#include "app/window/controller.h"
#include "app/window/fold.h"
#include "app/window/knob_form.h"
#include "app/window/number_box.h"
#include "app/window/pair_numbers.h"
#include "app/window/source_facts.h"
#include "app/window/training_actions.h"

namespace moescope {

class ControlPanel : public QScrollArea {
  Q_OBJECT
 public:
  ControlPanel(Controller& controller, TrainingActions& training);
  /// Pixels at which nothing in it is cut at the present size of text.
  int wantedWidth() const;
  /// The same without the ranges of the measures. Narrower, it scrolls sideways.
  int leastWidth() const;
  /// After a change of the size of text.
  void fitText();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Number {
    QLabel* value;
    QVBoxLayout* cell;
    std::function<QString(const Scene&)> read;
    QLabel* caption;
  };
  QWidget* makeTransport();
  QWidget* makeLens();
  QWidget* makeNumbers();
  QWidget* makeMeasures();
  QComboBox* makeChoice(const char* name, const char* setting);
  void placeNumbers(int columns);
  void showScene();
  void showSample(int row, std::int64_t tokens);
  void showCaptions(const Scene& scene);
  void showLens(const Lens& lens);
  void showLayer(const Snapshot& snapshot, int shown);
  void showStatus();

  Controller& controller_;
  TrainingActions& training_;
  ConcentrationSlider* slider_ = nullptr;
  QLabel* concentrationNote_ = nullptr;  ///< what the slider does where it cannot do what it does to top-k
  QComboBox *reading_ = nullptr, *source_ = nullptr, *policy_ = nullptr, *layer_ = nullptr;
  NumberBox* parameter_ = nullptr;
  std::function<void()> showHidden_;  ///< editors follow the document
  KnobForm* knobs_ = nullptr;
  SourceFacts* facts_ = nullptr;  ///< in place of the knobs
  Fold* analysis_ = nullptr;
  QGridLayout* numberGrid_ = nullptr;
  int numberColumns_ = 0, tableWidth_ = 0;
  std::vector<Number> numbers_;
  QTableWidget* measures_ = nullptr;
  PairNumbers* pairNumbers_ = nullptr;  ///< in its place while two sides are compared
};

}  // namespace moescope
