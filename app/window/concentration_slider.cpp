#include "app/window/concentration_slider.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QSignalBlocker>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "app/window/language.h"
#include "core/reading/choosing.h"
#include "views/scene.h"

namespace moescope {
namespace {

constexpr double kLeast = 1.0 / 16, kMost = 16.0;

/// Labels under the slider's groove.
class Scale : public QWidget {
 public:
  explicit Scale(QSlider* slider) : slider_(slider) { setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); }
  void sayWords() { words_ = true; }
  void sayChosen(bool chosen) {
    if (std::exchange(chosen_, chosen) != chosen) update();
  }
  QSize sizeHint() const override { return {12 * fontMetrics().height(), fontMetrics().height() + 6}; }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    const int handle = slider_->style()->pixelMetric(QStyle::PM_SliderLength, nullptr, slider_);
    if (words_ && paintWords(painter, handle)) return;
    const std::pair<double, const char*> ticks[] = {{0.0, "0"}, {1.0 / 16, "1/16"}, {0.25, "1/4"},
                                                    {1.0, "1"}, {4.0, "4"},         {16.0, "16"}};
    int taken = -1;  // up to which place there is a label already
    for (const auto& [value, text] : ticks) {
      const int x = handle / 2 +
                    QStyle::sliderPositionFromValue(slider_->minimum(), slider_->maximum(), positionOf(value), width() - handle);
      painter.drawLine(x, 0, x, 4);
      const int textWidth = fontMetrics().horizontalAdvance(text);
      int left = std::clamp(x - textWidth / 2, 0, width() - textWidth);
      if (value > 0.0 && value < 0.1) left = std::max(left, fontMetrics().horizontalAdvance("0") + 8);
      if (left <= taken) continue;  // its tick stays
      painter.drawText(left, height() - fontMetrics().descent() - 1, text);
      taken = left + textWidth + 4;
    }
  }

 private:
  using Words = std::array<const char*, 3>;
  static constexpr std::size_t kLengths = 3;
  static constexpr std::array<double, 3> kMarked = {0.0, 1.0, 16.0};
  static constexpr std::array<Words, kLengths> kWords = {
      Words{translatable("0: every expert equally"), translatable("1: as trained"), translatable("16: nearly one expert")},
      Words{translatable("0: all equally"), translatable("1: as trained"), translatable("16: nearly one")},
      Words{translatable("all equally"), translatable("trained"), translatable("nearly one")}};
  static constexpr std::array<const char*, kLengths> kChosen = {translatable("0: chosen experts equally"),
                                                                translatable("0: chosen equally"), translatable("chosen equally")};

  /// The longest words that have room beside each other. False: none have.
  bool paintWords(QPainter& painter, int handle) {
    for (std::size_t length = 0; length < kLengths; ++length) {
      Words words = kWords[length];
      if (chosen_) words[0] = kChosen[length];
      std::array<QString, 3> texts;
      std::array<int, 3> marks{}, lefts{};
      bool fits = true;
      for (std::size_t i = 0; i < words.size(); ++i) {
        texts[i] = tr(words[i]);
        const int wide = fontMetrics().horizontalAdvance(texts[i]);
        marks[i] = handle / 2 + QStyle::sliderPositionFromValue(slider_->minimum(), slider_->maximum(), positionOf(kMarked[i]),
                                                                width() - handle);
        lefts[i] = std::clamp(marks[i] - wide / 2, 0, std::max(0, width() - wide));
        const int before = i == 0 ? 0 : lefts[i - 1] + fontMetrics().horizontalAdvance(texts[i - 1]) + fontMetrics().height() / 2;
        fits = fits && lefts[i] >= before && wide <= width();
      }
      if (!fits) continue;
      for (std::size_t i = 0; i < words.size(); ++i) {
        painter.drawLine(marks[i], 0, marks[i], 4);
        painter.drawText(lefts[i], height() - fontMetrics().descent() - 1, texts[i]);
      }
      return true;
    }
    return false;
  }

  QSlider* slider_;
  bool words_ = false, chosen_ = false;
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

bool choosesExperts(const Scene& scene) {
  if (!scene.snapshot || !scene.routing || scene.snapshot->layers.empty()) return false;
  return choosesExperts(scene.lens, scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)].rule);
}

ConcentrationSlider::ConcentrationSlider(QWidget* parent) : QWidget(parent) {
  title_ = new QLabel;
  title_->setObjectName("concentrationTitle");
  QFont bold = title_->font();
  bold.setBold(true);
  title_->setFont(bold);
  slider_ = new QSlider(Qt::Horizontal);
  slider_->setObjectName("concentration");
  slider_->setRange(0, kSliderTop);
  slider_->setSingleStep(20);  // a fifth of an octave
  slider_->setPageStep(100);   // one octave
  number_ = new NumberBox;
  number_->setObjectName("concentrationNumber");
  number_->setRange(0.0, kGreatestConcentration);
  number_->setDecimals(4);
  reset_ = new QPushButton("1");
  reset_->setObjectName("concentrationReset");
  reset_->setToolTip(tr("Back to 1, the concentration of training"));
  reset_->setAccessibleName(tr("Concentration back to 1"));
  const QString help = tr(
      "The slider multiplies every logit before the softmax.\n0: every expert equally probable (a choice of k takes those that lead just above 0); 1: as trained; towards 16: one expert for each token.");
  slider_->setToolTip(help);
  number_->setToolTip(help);
  slider_->setAccessibleName(tr("Concentration alpha, slider"));
  number_->setAccessibleName(tr("Concentration alpha, number"));
  for (QWidget* widget : {static_cast<QWidget*>(slider_), static_cast<QWidget*>(number_)}) widget->setAccessibleDescription(help);

  auto* top = new QHBoxLayout;
  top->addWidget(title_);
  top->addStretch();
  top->addWidget(number_);
  top->addWidget(reset_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  layout->addLayout(top);
  layout->addWidget(slider_);
  scale_ = new Scale(slider_);
  layout->addWidget(scale_);
  why_ = new QLabel;
  why_->setObjectName("noConcentration");
  why_->setWordWrap(true);
  why_->hide();
  layout->addWidget(why_);

  const auto setAtOnce = [this](double value) {
    setValue(value);
    if (!slider_->isSliderDown()) Q_EMIT finished();
  };
  connect(slider_, &QSlider::valueChanged, this, [setAtOnce](int position) { setAtOnce(concentrationAt(position)); });
  connect(slider_, &QSlider::sliderReleased, this, &ConcentrationSlider::finished);
  connect(number_, &QDoubleSpinBox::valueChanged, this, setAtOnce);
  connect(reset_, &QPushButton::clicked, this, [setAtOnce] { setAtOnce(1.0); });
  fitText();
  show(1.0);
}

void ConcentrationSlider::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::FontChange) fitText();
}

void ConcentrationSlider::fitText() {
  const int line = fontMetrics().height();
  title_->setText(brief_ ? QStringLiteral("α") : tr("Concentration α"));
  number_->setFixedWidth((brief_ ? 5 : 7) * line);  // not as wide as the greatest number it takes
  reset_->setFixedWidth(2 * line);
  slider_->setMinimumHeight(7 * line / 4);
  scale_->updateGeometry();
}

void ConcentrationSlider::setBrief(bool brief) {
  if (std::exchange(brief_, brief) == brief) return;
  reset_->setVisible(!brief);
  fitText();
}

void ConcentrationSlider::forbid(const QString& why) {
  const QString words = localised(why.toStdString());
  if (words == why_->text()) return;
  for (QWidget* part : {static_cast<QWidget*>(slider_), static_cast<QWidget*>(number_), static_cast<QWidget*>(reset_)})
    part->setEnabled(why.isEmpty());
  why_->setText(words);
  why_->setVisible(!why.isEmpty());
  scale_->setVisible(why.isEmpty());
}

void ConcentrationSlider::sayEndsInWords() {
  static_cast<Scale*>(scale_)->sayWords();
  scale_->update();
}

void ConcentrationSlider::sayChosen(bool chosen) { static_cast<Scale*>(scale_)->sayChosen(chosen); }

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
