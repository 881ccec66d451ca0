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
  /// Room for eight digits, whatever the range: the panel need not be as wide as the greatest number.
  QSize minimumSizeHint() const override { return {7 * fontMetrics().height(), QDoubleSpinBox::minimumSizeHint().height()}; }

 protected:
  QValidator::State validate(QString& text, int& position) const override {
    text.replace(',', '.');
    return QDoubleSpinBox::validate(text, position);
  }
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
