#include "app/window/number_box.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <QToolTip>
#include <algorithm>
#include <utility>

#include "app/window/language.h"

namespace moescope {

bool leavesUndo(QEvent* event, QLineEdit* entry) {
  if (event->type() != QEvent::ShortcutOverride || entry->isModified()) return false;
  const auto* key = static_cast<const QKeyEvent*>(event);
  if (!key->matches(QKeySequence::Undo) && !key->matches(QKeySequence::Redo)) return false;
  event->ignore();
  return true;
}

NumberBox::NumberBox(QWidget* parent) : QDoubleSpinBox(parent) {
  setLocale(numberLocale());
  setKeyboardTracking(false);  // a value that is half typed trains no model
  connect(lineEdit(), &QLineEdit::textEdited, this, [this](const QString& text) { typed_ = text; });
  connect(this, &QAbstractSpinBox::editingFinished, this, &NumberBox::sayWhatIsTaken);
}

void NumberBox::showDigits() {
  digits_ = true;
  setDecimals(9);
  setSingleStep(kFirstStep);
  setStepType(AdaptiveDecimalStepType);
}

void NumberBox::showValue(double value) {
  const QSignalBlocker quiet(this);
  setValue(value);
}

NumberBox* makeNumberBox(bool integral, double minimum, double maximum, const std::function<void(double)>& changed) {
  auto* box = new NumberBox;
  box->setDecimals(0);
  if (!integral) box->showDigits();
  box->setRange(minimum, maximum);
  QObject::connect(box, &QDoubleSpinBox::valueChanged, box, changed);
  return box;
}

QString NumberBox::textFromValue(double value) const {
  if (!digits_) return QDoubleSpinBox::textFromValue(value);
  QString text = locale().toString(value, 'f', decimals());
  while (text.endsWith('0')) text.chop(1);
  return text.endsWith('.') ? text.chopped(1) : text;
}

/// From 0 a step is no billionth.
void NumberBox::stepBy(int steps) { digits_ && value() == 0.0 ? setValue(steps * kFirstStep) : QDoubleSpinBox::stepBy(steps); }

/// Without prefix and suffix; none: it is no number, or not yet.
std::optional<double> NumberBox::numberIn(const QString& text) const {
  QString number = text;
  if (number.startsWith(prefix())) number.remove(0, prefix().size());
  if (number.endsWith(suffix())) number.chop(suffix().size());
  bool good = false;
  const double value = numberLocale().toDouble(number.trimmed(), &good);
  return good ? std::optional(value) : std::nullopt;
}

/// Qt's own takes no exponent, and swallows digits that are too many: these are taken, and what becomes of them is said.
QValidator::State NumberBox::validate(QString& text, int& position) const {
  static const QRegularExpression exponent(R"(\d\.?[eE][-+]?\d*)");
  text.replace(',', '.');
  const bool has = exponent.match(text).hasMatch();
  if (!has)
    if (const QValidator::State state = QDoubleSpinBox::validate(text, position); state != QValidator::Invalid) return state;
  const std::optional<double> value = numberIn(text);
  if (!value && !has) return QValidator::Invalid;
  return value && *value >= minimum() && *value <= maximum() ? QValidator::Acceptable : QValidator::Intermediate;
}

double NumberBox::valueFromText(const QString& text) const {
  const std::optional<double> value = numberIn(text);
  return value ? numberLocale().toDouble(numberLocale().toString(*value, 'f', decimals())) : QDoubleSpinBox::valueFromText(text);
}

bool NumberBox::event(QEvent* event) { return leavesUndo(event, lineEdit()) || QDoubleSpinBox::event(event); }
bool WholeNumberBox::event(QEvent* event) { return leavesUndo(event, lineEdit()) || QSpinBox::event(event); }

WholeNumberBox::WholeNumberBox(QWidget* parent) : QSpinBox(parent) {
  setLocale(numberLocale());
  setKeyboardTracking(false);
  connect(this, &QAbstractSpinBox::editingFinished, this, [this] { lineEdit()->setModified(false); });
}

void NumberBox::sayWhatIsTaken() {
  lineEdit()->setModified(false);
  const QString typed = std::exchange(typed_, {});
  const std::optional<double> number = numberIn(typed);
  if (typed.isEmpty() || (number == value() && !typed.contains('e', Qt::CaseInsensitive))) return;
  QString words = tr("Taken: %1").arg(text());
  if (number != value())
    words += tr(" (of %1 to %2%3)")
                 .arg(textFromValue(minimum()), textFromValue(maximum()),
                      decimals() > 0 ? tr(", %1 decimals").arg(decimals()) : tr(", whole numbers"));
  QToolTip::showText(mapToGlobal(QPoint(0, height())), words, this);
}

}  // namespace moescope
