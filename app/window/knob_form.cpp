#include "app/window/knob_form.h"

#include <QFormLayout>
#include <QLineEdit>
#include <QSignalBlocker>

#include "app/window/number_box.h"

namespace moescope {

KnobForm::KnobForm(Controller& controller) : QGroupBox("Model and training"), controller_(controller) {
  form_ = new QFormLayout(this);
  form_->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
  for (const KnobDeclaration& knob : knobSettings()) {
    const QString label = QString::fromStdString(knob.label + (knob.unit.empty() ? "" : ", " + knob.unit));
    QWidget* editor = makeEditor(knob);
    editor->setObjectName("knob-" + QString::fromStdString(knob.name));
    editor->setAccessibleName(label);
    editors_.push_back({editor, QString::fromStdString(knob.help) + (knob.rebuilds ? "\nA change starts a new model." : "")});
    form_->addRow(label, editor);
  }
  showAgain();
  connect(&controller_, &Controller::documentChanged, this, &KnobForm::showAgain);
}

QWidget* KnobForm::makeEditor(const KnobDeclaration& knob) {
  if (!knob.get) return makeChoice(knob);
  auto* box = new NumberBox;
  box->setDecimals(knob.integral ? 0 : knob.logarithmic ? 6 : 3);
  box->setRange(knob.minimum, knob.maximum);
  if (knob.logarithmic) box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
  connect(box, &QDoubleSpinBox::valueChanged, this,
          [this, set = knob.set](double value) { change([&](Knobs& knobs) { set(knobs, value); }); });
  show_.push_back([box, get = knob.get](const Knobs& knobs) {
    const QSignalBlocker quiet(box);
    box->setValue(get(knobs));
  });
  return box;
}

QWidget* KnobForm::makeChoice(const KnobDeclaration& knob) {
  auto* box = new QComboBox;
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(12);
  for (const Choice& choice : knob.choices) {
    box->addItem(QString::fromStdString(choice.words()), QString::fromStdString(choice.name));
    box->setItemData(box->count() - 1, QString::fromStdString(choice.help), Qt::ToolTipRole);
  }
  box->setEditable(knob.free);
  const auto apply = [this, box, set = knob.setText] {
    const int known = box->findText(box->currentText());
    const QString text = known >= 0 ? box->itemData(known).toString() : box->currentText();
    change([&](Knobs& knobs) { set(knobs, text.toStdString()); });
  };
  connect(box, &QComboBox::activated, this, apply);
  if (box->isEditable()) connect(box->lineEdit(), &QLineEdit::editingFinished, this, apply);
  show_.push_back([box, text = knob.text](const Knobs& knobs) {
    const QSignalBlocker quiet(box);
    const QString name = QString::fromStdString(text(knobs));
    const int index = box->findData(name);
    box->setCurrentIndex(index);
    if (index < 0 && box->isEditable()) box->setEditText(name);
    if (box->isEditable()) box->lineEdit()->setToolTip(name);  // all of a long path
  });
  return box;
}

void KnobForm::setUsable(bool usable, const QString& instead) {
  for (const auto& [editor, help] : editors_) {
    editor->setEnabled(usable);
    editor->setToolTip(usable ? help : instead);
  }
}

void KnobForm::change(const std::function<void(Knobs&)>& change) {
  Knobs knobs = controller_.side().knobs;
  const Knobs before = knobs;
  change(knobs);
  if (!(knobs == before) && controller_.setKnobs(knobs)) controller_.notice("");
}

void KnobForm::showKnobs() {
  if (!(controller_.shownKnobs() == shown_)) showAgain();
}

void KnobForm::showAgain() {
  shown_ = controller_.shownKnobs();
  for (const auto& show : show_) show(shown_);
  const std::set<std::string>& hidden = controller_.document().hiddenControls;
  for (std::size_t i = 0; i < editors_.size(); ++i) form_->setRowVisible(editors_[i].first, !hidden.contains(knobSettings()[i].name));
}

}  // namespace moescope
