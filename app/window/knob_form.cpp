#include "app/window/knob_form.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "app/window/choice_box.h"
#include "app/window/language.h"
#include "app/window/number_box.h"

namespace moescope {

KnobForm::KnobForm(Controller& controller) : QGroupBox(tr("Model and training")), controller_(controller) {
  auto* column = new QVBoxLayout(this);
  often_ = new QFormLayout;
  column->addLayout(often_);
  auto* rest = new QWidget;
  more_ = new QFormLayout(rest);
  more_->setContentsMargins(0, 0, 0, 0);
  fold_ = new Fold("training", tr("More knobs"), rest, controller_);
  column->addWidget(fold_);
  for (QFormLayout* form : {often_, more_}) {
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);  // large text does not widen the panel
  }
  for (const KnobDeclaration& knob : knobSettings()) {
    const QString label = localised(knob.label) + (knob.unit.empty() ? QString() : ", " + localised(knob.unit));
    QWidget* editor = makeEditor(knob);
    editor->setObjectName("knob-" + QString::fromStdString(knob.name));
    editor->setAccessibleName(label);
    QFormLayout* form = knob.often ? often_ : more_;
    editors_.push_back({editor, form, localised(knob.help) + (knob.rebuilds ? tr("\nA change starts a new model.") : QString())});
    form->addRow(label, editor);
  }
  showAgain();
  connect(&controller_, &Controller::documentChanged, this, &KnobForm::showAgain);
}

QWidget* KnobForm::makeEditor(const KnobDeclaration& knob) {
  if (!knob.get) return makeChoice(knob);
  if (knob.flag) return makeSwitch(knob);
  NumberBox* box =
      makeNumberBox(knob, [this, set = knob.set](double value) { change([&](Knobs& knobs) { set(knobs, value); }); });
  show_.push_back([box, get = knob.get](const Knobs& knobs) { box->showValue(get(knobs)); });
  return box;
}

QWidget* KnobForm::makeSwitch(const KnobDeclaration& knob) {
  auto* box = new QCheckBox;
  connect(box, &QCheckBox::toggled, this,
          [this, set = knob.set](bool on) { change([&](Knobs& knobs) { set(knobs, on ? 1.0 : 0.0); }); });
  show_.push_back([box, get = knob.get](const Knobs& knobs) {
    const QSignalBlocker quiet(box);
    box->setChecked(get(knobs) != 0.0);
  });
  return box;
}

QWidget* KnobForm::makeChoice(const KnobDeclaration& knob) {
  QComboBox* box = makeChoiceBox(knob.choices, 12);
  box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);  // long names where there is room
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

void KnobForm::change(const std::function<void(Knobs&)>& change) {
  Knobs knobs = controller_.side().knobs;
  const Knobs before = knobs;
  change(knobs);
  if (!(knobs == before) && controller_.setKnobs(knobs)) controller_.notice("");
}

void KnobForm::showKnobs() {
  if (!(controller_.shownKnobs() == shown_) || controller_.whyNotTraining() != whyNot_) showAgain();
}

void KnobForm::showAgain() {
  shown_ = controller_.shownKnobs();
  whyNot_ = controller_.whyNotTraining();
  for (const Editor& editor : editors_) {
    editor.widget->setEnabled(whyNot_.isEmpty());
    editor.widget->setToolTip(whyNot_.isEmpty() ? editor.help : whyNot_);
  }
  for (const auto& show : show_) show(shown_);
  const std::set<std::string>& hidden = controller_.document().hiddenControls;
  bool more = false;
  for (std::size_t i = 0; i < editors_.size(); ++i) {
    const KnobDeclaration& knob = knobSettings()[i];
    const bool shown = !hidden.contains(knob.name) && knob.usedBy(shown_.router);
    editors_[i].form->setRowVisible(editors_[i].widget, shown);
    more = more || (shown && editors_[i].form == more_);
  }
  fold_->setVisible(more);
  fold_->insist(!hidden.empty());
}

}  // namespace moescope
