#include "app/window/analysis_form.h"

#include <QFormLayout>
#include <QSignalBlocker>

#include "app/window/language.h"

namespace moescope {

AnalysisForm::AnalysisForm(Controller& controller)
    : controller_(controller),
      every_(new NumberBox),
      share_(new NumberBox),
      rank_(new WholeNumberBox),
      tokens_(new WholeNumberBox) {
  every_->setObjectName("analysisEvery");
  every_->setRange(0.0, 600.0);
  every_->setDecimals(1);
  every_->setSuffix(" s");
  every_->setSpecialValueText(tr("off"));
  every_->setToolTip(tr("Seconds between two measurements of Jacobians, subspaces and coupling of the shown layer; 0: off"));
  rank_->setObjectName("analysisRank");
  rank_->setRange(1, 32);
  rank_->setToolTip(tr("Dimension r of each expert's principal subspace of routed tokens"));
  share_->setObjectName("analysisShare");
  share_->setRange(0.0, 100.0);
  share_->setDecimals(0);
  share_->setSuffix(" %");
  share_->setSpecialValueText(tr("by rank"));
  share_->setToolTip(tr("Instead of a fixed rank: as many directions as explain this share of the variance"));
  tokens_->setObjectName("analysisTokens");
  tokens_->setRange(8, 512);
  tokens_->setToolTip(tr("Tokens on which exact Jacobians are taken"));
  showDocument();
  for (NumberBox* box : {every_, share_}) connect(box, &QDoubleSpinBox::valueChanged, this, &AnalysisForm::apply);
  for (WholeNumberBox* box : {rank_, tokens_}) connect(box, &QSpinBox::valueChanged, this, &AnalysisForm::apply);
  connect(&controller_, &Controller::documentChanged, this, &AnalysisForm::showDocument);
  auto* form = new QFormLayout(this);
  form->addRow(tr("Every"), every_);
  form->addRow(tr("Rank"), rank_);
  form->addRow(tr("Variance"), share_);
  form->addRow(tr("Jacobian tokens"), tokens_);
}

void AnalysisForm::apply() {
  AnalysisChoice analysis = controller_.side().analysis;
  analysis.everySeconds = every_->value();
  analysis.settings.rank = rank_->value();
  analysis.settings.explainedVariance = share_->value() / 100.0;
  analysis.settings.jacobianTokens = tokens_->value();
  controller_.perform(changeAnalysis(controller_.active(), analysis));
}

void AnalysisForm::showDocument() {
  const AnalysisChoice& analysis = controller_.side().analysis;
  const QSignalBlocker quietEvery(every_), quietRank(rank_), quietShare(share_), quietTokens(tokens_);
  every_->setValue(analysis.everySeconds);
  rank_->setValue(analysis.settings.rank);
  share_->setValue(100.0 * analysis.settings.explainedVariance);
  tokens_->setValue(analysis.settings.jacobianTokens);
  rank_->setEnabled(analysis.settings.explainedVariance == 0.0);
}

}  // namespace moescope
