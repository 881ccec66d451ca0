#include "app/window/number_box.h"

#include <QLineEdit>
#include <QRegularExpression>
#include <QToolTip>
#include <algorithm>
#include <utility>

namespace moescope {

NumberBox::NumberBox(QWidget* parent) : QDoubleSpinBox(parent) {
  setLocale(numberLocale());
  setKeyboardTracking(false);  // a value that is half typed trains no model
  connect(lineEdit(), &QLineEdit::textEdited, this, [this](const QString& text) { typed_ = text; });
  connect(this, &QAbstractSpinBox::editingFinished, this, &NumberBox::sayWhatIsTaken);
}

/// Without prefix and suffix; none: it is no number, or not yet.
std::optional<double> NumberBox::numberIn(const QString& text) const {
  QString number = text;
  if (number.startsWith(prefix())) number.remove(0, prefix().size());
  if (number.endsWith(suffix())) number.chop(suffix().size());
  bool good = false;
  const double value = numberLocale().toDouble(number.trimmed(), &good);
  return good ? std::optional(value) : std::nullopt;
}

/// Qt's own takes no exponent.
QValidator::State NumberBox::validate(QString& text, int& position) const {
  static const QRegularExpression exponent(R"(\d\.?[eE][-+]?\d*)");
  text.replace(',', '.');
  if (!exponent.match(text).hasMatch()) return QDoubleSpinBox::validate(text, position);
  const std::optional<double> value = numberIn(text);
  return value && *value >= minimum() && *value <= maximum() ? QValidator::Acceptable : QValidator::Intermediate;
}

double NumberBox::valueFromText(const QString& text) const {
  const std::optional<double> value = numberIn(text);
  return value && text.contains('e', Qt::CaseInsensitive) ? numberLocale().toDouble(numberLocale().toString(*value, 'f', decimals())) : QDoubleSpinBox::valueFromText(text);
}

void NumberBox::sayWhatIsTaken() {
  const QString typed = std::exchange(typed_, {});
  const std::optional<double> number = numberIn(typed);
  if (typed.isEmpty() || (number == value() && !typed.contains('e', Qt::CaseInsensitive))) return;
  QString words = QString("Taken: %1").arg(text());
  if (number != value()) words += QString(" (of %1 to %2%3)").arg(textFromValue(minimum()), textFromValue(maximum()), decimals() > 0 ? QString(", %1 decimals").arg(decimals()) : ", whole numbers");
  QToolTip::showText(mapToGlobal(QPoint(0, height())), words, this);
}

}  // namespace moescope
