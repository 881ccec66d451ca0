#include "app/window/source_facts.h"

#include <QSignalBlocker>

#include "app/window/language.h"

namespace moescope {
namespace {

/// "0 to 47, 46 of them"; "3".
QString layersText(const std::vector<int>& numbers) {
  if (numbers.size() == 1) return QString::number(numbers.front());
  return tr("%1, numbered %2 to %3").arg(numbers.size()).arg(numbers.front()).arg(numbers.back());
}

QString expertsText(const CheckpointOrigin& origin) {
  const QString text = tr("%1, of which a token has %2").arg(origin.experts).arg(origin.chosen);
  return origin.width > 0 ? text + tr("; width %1").arg(origin.width) : text;
}

QString tokensText(const Scene& scene) {
  QString text = QString::fromStdString(scene.snapshot->checkpoint->tokens);
  for (const std::string& more : {tokensDrawn(scene), leftAside(scene)})
    if (!more.empty()) text += "; " + QString::fromStdString(more);
  return text;
}

QString notesText(const std::vector<std::string>& notes) {
  QStringList lines;
  for (const std::string& note : notes) lines.append("• " + QString::fromStdString(note));
  return lines.join('\n');
}

}  // namespace

SourceFacts::SourceFacts(Controller& controller)
    : controller_(controller), form_(new QFormLayout(this)), without_(new QCheckBox(tr("Leave out identical rows"))) {
  setObjectName("sourceFacts");
  form_->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form_->setRowWrapPolicy(QFormLayout::WrapLongRows);
  file_ = addFact("factFile", tr("File"), tr("What was opened"));
  family_ = addFact("factFamily", tr("Family"), tr("The model's family, as its config.json calls it"));
  format_ = addFact("factFormat", tr("Format"), tr("Of the file, and of the numbers in it, those of most bytes first"));
  layers_ = addFact("factLayers", tr("Layers"), tr("Those that have a router, with the model's own numbers"));
  experts_ = addFact("factExperts", tr("Experts"), tr("Routed experts of the shown layer, and how many of them a token gets"));
  rule_ = addFact("factRule", tr("Router"), tr("How experts are chosen, and what the shown probabilities are"));
  tokens_ = addFact("factTokens", tr("Tokens"), tr("Which tokens the numbers are of"));
  without_->setObjectName("leaveOutIdentical");
  without_->setToolTip(tr("Padding, and rows that an engine repeats: left out of loads, co-activation, transitions and lift"));
  connect(without_, &QCheckBox::toggled, this,
          [this](bool on) { controller_.perform(leaveOutIdentical(controller_.active(), on)); });
  form_->addRow(without_);
  notes_ = addFact("factNotes", tr("Notes"),
                   tr("What was not read, is missing, repeated, padded, not finite, assumed or contradicting"));
  hide();
}

QLabel* SourceFacts::addFact(const char* name, const QString& label, const QString& help) {
  auto* value = new QLabel;
  value->setObjectName(name);
  value->setWordWrap(true);
  value->setTextInteractionFlags(Qt::TextSelectableByMouse);
  value->setToolTip(help);
  value->setAccessibleName(label);
  form_->addRow(label, value);
  return value;
}

void SourceFacts::showFacts() {
  const Scene& scene = controller_.scene();
  const CheckpointOrigin* origin = scene.snapshot && controller_.checkpoint() ? scene.snapshot->checkpoint.get() : nullptr;
  setVisible(origin != nullptr);
  if (!origin) return;
  const CapturedRouting* capture = scene.snapshot->capture.get();
  setTitle(capture ? tr("Capture") : tr("Checkpoint"));
  file_->setText(QString::fromStdString(origin->name));
  family_->setText(QString::fromStdString(origin->family));
  format_->setText(QString::fromStdString(origin->format));
  layers_->setText(layersText(origin->layerNumbers));
  experts_->setText(expertsText(*origin));
  rule_->setText(QString::fromStdString(origin->rule));
  tokens_->setText(tokensText(scene));
  notes_->setText(notesText(origin->notes));
  form_->setRowVisible(family_, capture == nullptr);
  form_->setRowVisible(notes_, !origin->notes.empty());
  const bool leavesOut = controller_.side().source.reading.withoutIdentical;
  form_->setRowVisible(without_, capture && (capture->identical > 0 || leavesOut));
  const QSignalBlocker quiet(without_);
  without_->setChecked(leavesOut);
  if (capture)
    without_->setToolTip(
        tr("Padding, and all but the first of other tokens in a row whose experts are the same in every layer: %1 tokens")
            .arg(leavesOut ? capture->leftOut : capture->identical));
}

}  // namespace moescope
