#pragma once
// The logarithmic concentration slider: 0, then 1/16 to 16.

#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QWidget>

#include "app/window/number_box.h"

namespace moescope {

struct Scene;

class ConcentrationSlider : public QWidget {
  Q_OBJECT
 public:
  explicit ConcentrationSlider(QWidget* parent = nullptr);
  double value() const { return value_; }
  void setValue(double concentration);
  /// Under the groove words for 0, 1 and 16 in place of numbers, where they have room.
  void sayEndsInWords();
  /// The words for 0 are those of a rule that chooses experts, or of one that gives every token to all.
  void sayChosen(bool chosen);
  /// Words in place of the scale where no concentration can be set, and why; empty: it can.
  void forbid(const QString& why);
  /// Its name is only its letter, and there is no button for 1.
  void setBrief(bool brief);

 Q_SIGNALS:
  void valueChanged(double concentration);
  /// A drag has ended, or a value was set at once.
  void finished();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void show(double concentration);
  void fitText();

  QLabel* title_;
  QSlider* slider_;
  NumberBox* number_;
  QPushButton* reset_;
  QWidget* scale_;
  QLabel* why_;  ///< in place of the scale
  double value_ = 1.0;
  bool brief_ = false;
};

/// Whether what is shown chooses some of a token's experts, or gives each token to all.
bool choosesExperts(const Scene& scene);

/// Position 0 is concentration 0; positions 1 to kSliderTop run from 1/16 to 16, equal steps in the logarithm.
inline constexpr int kSliderTop = 801;
double concentrationAt(int position);
int positionOf(double concentration);

}  // namespace moescope
