#include "app/window/capture_shape_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <algorithm>

#include "app/window/language.h"

namespace moescope {
namespace {

constexpr int kMostLayers = 100'000;

WholeNumberBox* box(const char* name, const QString& what, int least, int most, std::int64_t value) {
  auto* made = new WholeNumberBox;
  made->setObjectName(name);
  made->setAccessibleName(what);
  made->setRange(least, most);
  made->setValue(static_cast<int>(std::clamp<std::int64_t>(value, least, most)));
  return made;
}

QLabel* wrapped(const QString& text) {
  auto* label = new QLabel(text);
  label->setWordWrap(true);
  return label;
}

}  // namespace

CaptureShapeDialog::CaptureShapeDialog(const CaptureShapeUntold& untold, const CaptureReading& before, QWidget* parent)
    : QDialog(parent), ids_(untold.ids), before_(before), fits_(wrapped({})) {
  setObjectName("captureShape");
  setWindowTitle(tr("Shape of the capture"));
  const CaptureShape& proposed = untold.proposal;
  layers_ = box("captureLayers", tr("Layers"), 1, kMostLayers, before.shape.layers > 0 ? before.shape.layers : proposed.layers);
  chosen_ = box("captureChosen", tr("Experts a token (k)"), 1, kMostCapturedExperts,
                before.shape.chosen > 0 ? before.shape.chosen : proposed.chosen);
  experts_ = box("captureExperts", tr("Experts of a layer (N)"), 0, kMostCapturedExperts, before.experts);
  experts_->setSpecialValueText(tr("largest id + 1"));
  layers_->setToolTip(tr("num_hidden_layers in the model's config.json; some engines leave out the layers without a router"));
  chosen_->setToolTip(tr("num_experts_per_tok in the model's config.json"));
  auto* form = new QFormLayout;
  form->addRow(tr("Layers"), layers_);
  form->addRow(tr("Experts a token (k)"), chosen_);
  form->addRow(tr("Experts of a layer (N)"), experts_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  open_ = buttons->addButton(tr("&Open"), QDialogButtonBox::AcceptRole);
  buttons->button(QDialogButtonBox::Cancel)->setText(tr("Cancel"));
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  for (WholeNumberBox* each : {layers_, chosen_})
    connect(each, &QSpinBox::valueChanged, this, &CaptureShapeDialog::showWhetherItFits);
  const QString told = tr(
      "This capture holds expert ids in a row, ordered by token, layer and rank. Its file does not tell how many layers and experts a token there are.");
  const QString from =
      proposed.layers > 0
          ? tr("Proposed: the k for which no token has one expert twice, and the layers whose loads differ most.")
          : tr("Proposed: the k for which no token has one expert twice. The ids do not tell the layers: the model's config.json does.");
  auto* column = new QVBoxLayout(this);
  column->addWidget(wrapped(QString::fromStdString(untold.what())));
  column->addWidget(wrapped(told));
  column->addLayout(form);
  column->addWidget(wrapped(from));
  column->addWidget(fits_);
  column->addWidget(buttons);
  setMinimumWidth(32 * fontMetrics().height());
  showWhetherItFits();
}

CaptureReading CaptureShapeDialog::reading() const {
  CaptureReading told = before_;
  told.shape = {0, layers_->value(), chosen_->value()};
  told.experts = experts_->value();
  return told;
}

void CaptureShapeDialog::showWhetherItFits() {
  const std::int64_t ofToken = std::int64_t{layers_->value()} * chosen_->value();
  const bool fits = ids_ % ofToken == 0;
  fits_->setText(fits ? tr("%1 ids: %2 tokens").arg(ids_).arg(ids_ / ofToken)
                      : tr("%1 ids are no whole number of tokens of %2 ids each").arg(ids_).arg(ofToken));
  open_->setEnabled(fits);
}

std::optional<CaptureReading> askForShape(const CaptureShapeUntold& untold, const CaptureReading& before, QWidget* parent) {
  CaptureShapeDialog dialog(untold, before, parent);
  return dialog.exec() == QDialog::Accepted ? std::optional(dialog.reading()) : std::nullopt;
}

}  // namespace moescope
