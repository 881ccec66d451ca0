#include "app/window/lens_form.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <algorithm>

#include "app/window/choice_box.h"
#include "app/window/language.h"
#include "app/window/layer_box.h"
#include "app/window/number_box.h"

namespace moescope {

LensForm::LensForm(Controller& controller, const QString& prefix) : controller_(controller), form_(new QFormLayout(this)) {
  form_->setContentsMargins(0, 0, 0, 0);
  for (const LensSetting& setting : lensTable()) {
    if (setting.name == "concentration") continue;
    QWidget* editor = makeEditor(setting);
    editor->setObjectName(prefix + QString::fromStdString(setting.name));
    editor->setAccessibleName(localised(setting.label));
    editor->setToolTip(localised(setting.help));
    settings_.push_back(&setting);
    form_->addRow(localised(setting.label), editor);
  }
  connect(&controller_, &Controller::documentChanged, this, &LensForm::showLens);
  connect(&controller_, &Controller::sceneChanged, this, &LensForm::showLens);
  showLens();
}

bool LensForm::shows() const {
  for (int row = 0; row < form_->rowCount(); ++row)
    if (form_->isRowVisible(row)) return true;
  return false;
}

QWidget* LensForm::makeEditor(const LensSetting& setting) {
  if (!setting.get) return makeChoice(setting);
  if (setting.name != "layer") return makeNumber(setting);
  show_.push_back([](const Lens&) {});  // it follows the scene by itself
  return new LayerBox(controller_,
                      [](const Snapshot& snapshot, int layer) { return QString::number(layerNumber(snapshot, layer)); });
}

QWidget* LensForm::makeChoice(const LensSetting& setting) {
  QComboBox* box = makeChoiceBox(setting.choices, 10);
  connect(box, &QComboBox::activated, this, [this, box, &setting](int index) {
    controller_.perform(setWords(controller_.active(), setting.name, box->itemData(index).toString().toStdString()));
    showLens();  // also where it was refused
  });
  show_.push_back(
      [box, &setting](const Lens& lens) { box->setCurrentIndex(box->findData(QString::fromStdString(setting.text(lens)))); });
  return box;
}

QWidget* LensForm::makeNumber(const LensSetting& setting) {
  NumberBox* box = makeNumberBox(
      setting, [this, &setting](double value) { controller_.perform(setNumber(controller_.active(), setting.name, value)); });
  show_.push_back([this, box, &setting](const Lens& lens) {
    const double most = setting.integral ? std::min<double>(setting.maximum, controller_.experts()) : setting.maximum;
    const QSignalBlocker quiet(box);
    box->setMaximum(most);
    box->showValue(std::clamp(setting.get(lens), setting.minimum, most));
  });
  return box;
}

/// A gating policy's own number is shown with that policy only.
void LensForm::showLens() {
  const Lens& lens = controller_.lens();
  const std::set<std::string>& hidden = controller_.document().hiddenControls;
  const LensSetting* parameter = parameterOf(lens.gating.policy);
  const GatingPolicy policies[] = {GatingPolicy::TopK, GatingPolicy::TopP, GatingPolicy::Threshold};
  for (std::size_t i = 0; i < settings_.size(); ++i) {
    const bool ofPolicy = std::any_of(std::begin(policies), std::end(policies),
                                      [&](GatingPolicy policy) { return parameterOf(policy) == settings_[i]; });
    form_->setRowVisible(static_cast<int>(i), !hidden.contains(settings_[i]->name) && (!ofPolicy || settings_[i] == parameter));
    show_[i](lens);
  }
}

}  // namespace moescope
