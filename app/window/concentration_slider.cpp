#include "app/window/concentration_slider.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace moescope {
namespace {

constexpr double kLeast = 1.0 / 16, kMost = 16.0;

/// Labels under the slider's groove.
class Scale : public QWidget {
 public:
  explicit Scale(QSlider* slider) : slider_(slider) { setFixedHeight(fontMetrics().height() + 6); }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    const int handle = slider_->style()->pixelMetric(QStyle::PM_SliderLength, nullptr, slider_);
    const std::pair<double, const char*> ticks[] = {{0.0, "0"}, {1.0 / 16, "1/16"}, {0.25, "1/4"}, {1.0, "1"}, {4.0, "4"}, {16.0, "16"}};
    for (const auto& [value, text] : ticks) {
      const int x = handle / 2 + QStyle::sliderPositionFromValue(slider_->minimum(), slider_->maximum(), positionOf(value), width() - handle);
      painter.drawLine(x, 0, x, 4);
      const int textWidth = fontMetrics().horizontalAdvance(text);
      int left = std::clamp(x - textWidth / 2, 0, width() - textWidth);
      if (value > 0.0 && value < 0.1) left = std::max(left, fontMetrics().horizontalAdvance("0") + 8);
      painter.drawText(left, height() - 3, text);
    }
  }

 private:
  QSlider* slider_;
};

}  // namespace

double concentrationAt(int position) {
  if (position <= 0) return 0.0;
  return kLeast * std::pow(kMost / kLeast, (position - 1) / static_cast<double>(kSliderTop - 1));
}

int positionOf(double concentration) {
  if (concentration < kLeast / 2) return 0;
  const double share = std::log(std::clamp(concentration, kLeast, kMost) / kLeast) / std::log(kMost / kLeast);
  return 1 + static_cast<int>(std::lround(share * (kSliderTop - 1)));
}

ConcentrationSlider::ConcentrationSlider(QWidget* parent) : QWidget(parent) {
  auto* title = new QLabel("Concentration α");
  QFont bold = title->font();
  bold.setBold(true);
  title->setFont(bold);
  slider_ = new QSlider(Qt::Horizontal);
  slider_->setObjectName("concentration");
  slider_->setRange(0, kSliderTop);
  slider_->setSingleStep(20);  // a fifth of an octave
  slider_->setPageStep(100);   // one octave
  slider_->setMinimumHeight(28);
  number_ = new QDoubleSpinBox;
  number_->setObjectName("concentrationNumber");
  number_->setRange(0.0, 1000.0);
  number_->setDecimals(4);
  number_->setKeyboardTracking(false);
  auto* reset = new QPushButton("1");
  reset->setObjectName("concentrationReset");
  reset->setToolTip("Back to 1, the concentration of training");
  reset->setFixedWidth(34);
  const QString help = "The slider multiplies every logit before the softmax.\n0: every expert equally; 1: as trained; towards 16: one expert for each token.";
  slider_->setToolTip(help);
  number_->setToolTip(help);

  auto* top = new QHBoxLayout;
  top->addWidget(title);
  top->addStretch();
  top->addWidget(number_);
  top->addWidget(reset);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  layout->addLayout(top);
  layout->addWidget(slider_);
  layout->addWidget(new Scale(slider_));

  connect(slider_, &QSlider::valueChanged, this, [this](int position) { setValue(concentrationAt(position)); });
  connect(number_, &QDoubleSpinBox::valueChanged, this, [this](double value) { setValue(value); });
  connect(reset, &QPushButton::clicked, this, [this] { setValue(1.0); });
  show(1.0);
}

void ConcentrationSlider::setValue(double concentration) {
  show(concentration);
  if (concentration == value_) return;
  value_ = concentration;
  Q_EMIT valueChanged(concentration);
}

void ConcentrationSlider::show(double concentration) {
  const QSignalBlocker quietSlider(slider_), quietNumber(number_);
  slider_->setValue(positionOf(concentration));
  number_->setValue(concentration);
}

}  // namespace moescope
