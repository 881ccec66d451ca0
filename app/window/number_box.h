#pragma once
// Entries for numbers that look the same in every locale: a decimal point, and a typed decimal comma becomes one.

#include <QDoubleSpinBox>
#include <QLocale>
#include <QSpinBox>

namespace moescope {

/// The one form in which numbers are shown and typed.
inline QLocale numberLocale() {
  QLocale locale = QLocale::c();
  locale.setNumberOptions(QLocale::OmitGroupSeparator | QLocale::RejectGroupSeparator);
  return locale;
}

class NumberBox : public QDoubleSpinBox {
  Q_OBJECT
 public:
  explicit NumberBox(QWidget* parent = nullptr) : QDoubleSpinBox(parent) {
    setLocale(numberLocale());
    setKeyboardTracking(false);  // a value that is half typed trains no model
  }
  /// As many digits as the number has, however small it is, in place of a fixed count.
  void showDigits() {
    digits_ = true;
    setDecimals(9);
    setSingleStep(kFirstStep);
    setStepType(AdaptiveDecimalStepType);
  }
  QString textFromValue(double value) const override {
    if (!digits_) return QDoubleSpinBox::textFromValue(value);
    QString text = locale().toString(value, 'f', decimals());
    while (text.endsWith('0')) text.chop(1);
    return text.endsWith('.') ? text.chopped(1) : text;
  }
  /// From 0 a step is no billionth.
  void stepBy(int steps) override { digits_ && value() == 0.0 ? setValue(steps * kFirstStep) : QDoubleSpinBox::stepBy(steps); }
  /// Room for eight digits, whatever the range: the panel need not be as wide as the greatest number.
  QSize minimumSizeHint() const override { return {7 * fontMetrics().height(), QDoubleSpinBox::minimumSizeHint().height()}; }

 protected:
  QValidator::State validate(QString& text, int& position) const override {
    text.replace(',', '.');
    return QDoubleSpinBox::validate(text, position);
  }

 private:
  static constexpr double kFirstStep = 0.001;
  bool digits_ = false;
};

class WholeNumberBox : public QSpinBox {
  Q_OBJECT
 public:
  explicit WholeNumberBox(QWidget* parent = nullptr) : QSpinBox(parent) {
    setLocale(numberLocale());
    setKeyboardTracking(false);
  }
};

}  // namespace moescope
