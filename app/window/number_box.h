#pragma once
// Entries for numbers that look the same in every locale: a decimal point, and a typed decimal comma becomes one. 1e-3 is taken
// too, and what is taken of a number that was typed otherwise than it is shown is said.

#include <QDoubleSpinBox>
#include <QLocale>
#include <QSpinBox>
#include <functional>
#include <optional>

#include "core/knobs/setting.h"

class QEvent;
class QLineEdit;

namespace moescope {

/// The one form in which numbers are shown and typed.
inline QLocale numberLocale() {
  QLocale locale = QLocale::c();
  locale.setNumberOptions(QLocale::OmitGroupSeparator | QLocale::RejectGroupSeparator);
  return locale;
}

/// Whether an entry that holds nothing half typed leaves the keys for undo and redo to the window, whose they are.
bool leavesUndo(QEvent* event, QLineEdit* entry);

class NumberBox : public QDoubleSpinBox {
  Q_OBJECT
 public:
  explicit NumberBox(QWidget* parent = nullptr);
  /// As many digits as the number has, however small it is, in place of a fixed count.
  void showDigits();
  /// Without telling that it changed.
  void showValue(double value);
  QString textFromValue(double value) const override;
  void stepBy(int steps) override;
  /// Room for eight digits, whatever the range: the panel need not be as wide as the greatest number.
  QSize minimumSizeHint() const override { return {7 * fontMetrics().height(), QDoubleSpinBox::minimumSizeHint().height()}; }

 protected:
  bool event(QEvent* event) override;
  QValidator::State validate(QString& text, int& position) const override;
  double valueFromText(const QString& text) const override;

 private:
  static constexpr double kFirstStep = 0.001;

  std::optional<double> numberIn(const QString& text) const;
  void sayWhatIsTaken();

  QString typed_;  ///< since the last number was taken; empty: nothing
  bool digits_ = false;
};

/// For a whole number, or for one with as many digits as it has. `changed` gets what a person sets.
NumberBox* makeNumberBox(bool integral, double minimum, double maximum, const std::function<void(double)>& changed);

/// For a row of a table of settings.
template <typename Owner>
NumberBox* makeNumberBox(const Setting<Owner>& setting, const std::function<void(double)>& changed) {
  return makeNumberBox(setting.integral, setting.minimum, setting.maximum, changed);
}

class WholeNumberBox : public QSpinBox {
  Q_OBJECT
 public:
  explicit WholeNumberBox(QWidget* parent = nullptr);

 protected:
  bool event(QEvent* event) override;
};

}  // namespace moescope
