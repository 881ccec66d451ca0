#include "app/window/control_panel.h"

#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollBar>
#include <QSignalBlocker>
#include <algorithm>
#include <cmath>

#include "app/window/wheel_guard.h"

namespace moescope {
namespace {

QString number(double value, int digits = 3) { return std::isfinite(value) ? QString::number(value, 'f', digits) : QString("–"); }

/// The policy's own parameter as it is in force: k, mass or threshold. Of k no more than there are experts.
double parameterOf(const GatingRule& rule, int experts) {
  return rule.policy == GatingPolicy::TopK   ? std::clamp(rule.k, 1, experts)
         : rule.policy == GatingPolicy::TopP ? rule.mass
                                             : rule.threshold;
}

void showParameter(QDoubleSpinBox* box, const GatingRule& rule, int experts) {
  const QSignalBlocker quiet(box);
  const bool without = rule.policy == GatingPolicy::Soft || rule.policy == GatingPolicy::AsTrained;
  box->setEnabled(!without);
  box->setSpecialValueText(rule.policy == GatingPolicy::Soft ? "all experts" : without ? "router's rule" : "");
  switch (rule.policy) {
    case GatingPolicy::TopK:
      box->setDecimals(0);
      box->setRange(1, experts);
      box->setSingleStep(1);
      box->setPrefix("k = ");
      box->setValue(parameterOf(rule, experts));
      break;
    case GatingPolicy::TopP:
      box->setDecimals(2);
      box->setRange(0.01, 1.0);
      box->setSingleStep(0.05);
      box->setPrefix("mass ");
      box->setValue(parameterOf(rule, experts));
      break;
    case GatingPolicy::Threshold:
      box->setDecimals(3);
      box->setRange(0.0, 1.0);
      box->setSingleStep(0.01);
      box->setPrefix("gate ≥ ");
      box->setValue(parameterOf(rule, experts));
      break;
    case GatingPolicy::AsTrained:
    case GatingPolicy::Soft:
      box->setPrefix({});
      box->setRange(0, 0);
      break;
  }
}

}  // namespace

ControlPanel::ControlPanel(Controller& controller) : controller_(controller) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  auto* content = new QWidget;
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(10, 8, 10, 8);
  layout->setSpacing(10);
  layout->addWidget(makeTransport());
  layout->addWidget(makeLens());
  layout->addWidget(makeNumbers());
  layout->addWidget(makeMeasures());
  layout->addWidget(makeAnalysis());
  knobs_ = new KnobForm(controller_);
  layout->addWidget(knobs_);
  layout->addStretch();
  setWidget(content);
  new WheelGuard(content);
  fitText();
  connect(&controller_, &Controller::sceneChanged, this, &ControlPanel::showScene);
  connect(&controller_, &Controller::statusChanged, this, &ControlPanel::showStatus);
  showStatus();
}

int ControlPanel::leastWidth() const {
  return widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width() + 2 * frameWidth();
}

int ControlPanel::wantedWidth() const {
  const QMargins margins = widget()->layout()->contentsMargins();
  const int around = margins.left() + margins.right() + verticalScrollBar()->sizeHint().width() + 2 * frameWidth();
  return std::max(leastWidth(), tableWidth_ + around);
}

void ControlPanel::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  placeNumbers(viewport()->width() < 16 * fontMetrics().height() ? 1 : 2);
}

QWidget* ControlPanel::makeTransport() {
  auto* row = new QWidget;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  play_ = new QPushButton("Play");
  play_->setObjectName("play");
  play_->setToolTip("Train or pause (Space)");
  step_ = new QPushButton("Step");
  step_->setObjectName("step");
  step_->setToolTip("One training step while paused (S)");
  reset_ = new QPushButton("Reset");
  reset_->setObjectName("reset");
  reset_->setToolTip("A new model from the same knobs and seed (R)");
  for (QPushButton* button : {play_, step_, reset_}) {
    layout->addWidget(button);
    ofTraining_.push_back({button, button->toolTip()});
  }
  connect(play_, &QPushButton::clicked, this, [this] {
    controller_.engine().status().state == EngineState::Playing ? controller_.engine().pause() : controller_.engine().play();
  });
  connect(step_, &QPushButton::clicked, this, [this] { controller_.engine().stepOnce(); });
  connect(reset_, &QPushButton::clicked, this, [this] { controller_.reset(); });
  return row;
}

QWidget* ControlPanel::makeLens() {
  auto* box = new QGroupBox("Routing");
  auto* layout = new QVBoxLayout(box);
  slider_ = new ConcentrationSlider;
  layout->addWidget(slider_);
  connect(slider_, &ConcentrationSlider::valueChanged, this,
          [this](double value) { changeLens([value](Lens& lens) { lens.concentration = static_cast<float>(value); }); });
  reading_ = new QComboBox;
  reading_->setObjectName("reading");
  reading_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  reading_->setMinimumContentsLength(12);
  reading_->addItems({"tempered: softmax(α·logit)", "Bingham: α scales the spectra"});
  reading_->setToolTip("Tempered: entropy never rises with α, for every token.\nBingham: α enters the normaliser too; single tokens may become less sure "
                       "when spectra differ between experts. The same for routers without spectra.");
  connect(reading_, &QComboBox::currentIndexChanged, this, [this](int index) {
    changeLens([index](Lens& lens) { lens.reading = index == 0 ? ConcentrationReading::Tempered : ConcentrationReading::Bingham; });
  });
  source_ = new QComboBox;
  source_->setObjectName("gateSource");
  source_->addItems({"posterior q, as trained", "prior p"});
  source_->setToolTip("GrMoE with the posterior knob: training applies the amortised posterior q; the prior p is the Bingham mixture alone");
  connect(source_, &QComboBox::currentIndexChanged, this, [this](int index) {
    changeLens([index](Lens& lens) { lens.source = index == 0 ? GateSource::Trained : GateSource::Prior; });
  });
  policy_ = new QComboBox;
  policy_->setObjectName("policy");
  for (const GatingDeclaration& gating : gatingTable()) policy_->addItem(gating.label);
  policy_->setToolTip("As trained: the router's own rule gives the gates. Else which experts keep their gate after the softmax; the kept ones are "
                      "renormalised");
  policy_->setAccessibleName("Gating");
  parameter_ = new NumberBox;
  parameter_->setObjectName("policyParameter");
  parameter_->setAccessibleName("Gating, its parameter");
  showParameter(parameter_, controller_.lens().gating, controller_.experts());
  connect(policy_, &QComboBox::currentIndexChanged, this, [this](int index) {
    changeLens([index](Lens& lens) { lens.gating.policy = static_cast<GatingPolicy>(index); });
    showParameter(parameter_, controller_.lens().gating, controller_.experts());
  });
  connect(parameter_, &QDoubleSpinBox::valueChanged, this, [this](double value) {
    changeLens([value](Lens& lens) {
      if (lens.gating.policy == GatingPolicy::TopK) lens.gating.k = static_cast<int>(value);
      if (lens.gating.policy == GatingPolicy::TopP) lens.gating.mass = static_cast<float>(value);
      if (lens.gating.policy == GatingPolicy::Threshold) lens.gating.threshold = static_cast<float>(value);
    });
  });
  layer_ = new QComboBox;
  layer_->setObjectName("layer");
  connect(layer_, &QComboBox::currentIndexChanged, this, [this](int index) {
    if (index >= 0) changeLens([index](Lens& lens) { lens.layer = index; });
  });
  auto* form = new QFormLayout;
  auto* policyRow = new QHBoxLayout;
  policyRow->addWidget(policy_);
  policyRow->addWidget(parameter_);
  reading_->setAccessibleName("Reading of the concentration");
  source_->setAccessibleName("Gates of");
  layer_->setAccessibleName("Layer");
  form->addRow("Gating", policyRow);
  form->addRow("Reading", reading_);
  form->addRow("Gates of", source_);
  form->addRow("Layer", layer_);
  layout->addLayout(form);
  return box;
}

QWidget* ControlPanel::makeAnalysis() {
  auto* box = new QGroupBox("Analysis of experts");
  auto* form = new QFormLayout(box);
  const AnalysisRequest now = controller_.analysisRequest();
  auto* every = new NumberBox;
  every->setObjectName("analysisEvery");
  every->setRange(0.0, 600.0);
  every->setDecimals(1);
  every->setSuffix(" s");
  every->setSpecialValueText("off");
  every->setValue(now.everySeconds);
  every->setToolTip("Seconds between two measurements of Jacobians, subspaces and coupling of the shown layer; 0: off");
  auto* rank = new WholeNumberBox;
  rank->setObjectName("analysisRank");
  rank->setRange(1, 32);
  rank->setValue(now.settings.rank);
  rank->setToolTip("Dimension r of each expert's principal subspace of routed tokens");
  auto* share = new NumberBox;
  share->setObjectName("analysisShare");
  share->setRange(0.0, 100.0);
  share->setDecimals(0);
  share->setSuffix(" %");
  share->setSpecialValueText("by rank");
  share->setToolTip("Instead of a fixed rank: as many directions as explain this share of the variance");
  auto* tokens = new WholeNumberBox;
  tokens->setObjectName("analysisTokens");
  tokens->setRange(8, 512);
  tokens->setValue(now.settings.jacobianTokens);
  tokens->setToolTip("Tokens on which exact Jacobians are taken");
  const auto apply = [this, every, rank, share, tokens] {
    AnalysisRequest request = controller_.analysisRequest();
    request.enabled = every->value() > 0.0;
    request.everySeconds = every->value();
    request.settings.rank = rank->value();
    request.settings.explainedVariance = share->value() / 100.0;
    request.settings.jacobianTokens = tokens->value();
    controller_.setAnalysis(request);
    rank->setEnabled(share->value() == 0.0);
  };
  for (NumberBox* spin : {every, share}) connect(spin, &QDoubleSpinBox::valueChanged, this, apply);
  for (WholeNumberBox* spin : {rank, tokens}) connect(spin, &QSpinBox::valueChanged, this, apply);
  form->addRow("Every", every);
  form->addRow("Rank", rank);
  form->addRow("Variance", share);
  form->addRow("Jacobian tokens", tokens);
  return box;
}

QWidget* ControlPanel::makeNumbers() {
  auto* box = new QWidget;
  numberGrid_ = new QGridLayout(box);
  numberGrid_->setContentsMargins(0, 0, 0, 0);
  numberGrid_->setVerticalSpacing(6);
  numberGrid_->setHorizontalSpacing(12);
  const auto add = [&](const char* name, const char* label, const char* help, std::function<QString(const Scene&)> read) {
    auto* value = new QLabel("–");
    value->setObjectName(name);
    value->setProperty("headline", true);
    auto* caption = new QLabel(label);
    caption->setProperty("caption", true);
    caption->setWordWrap(true);
    auto* cell = new QVBoxLayout;
    cell->setSpacing(0);
    cell->addWidget(value);
    cell->addWidget(caption);
    cell->addStretch();
    for (QWidget* widget : {static_cast<QWidget*>(value), static_cast<QWidget*>(caption)}) widget->setToolTip(help);
    value->setAccessibleDescription(QString(label) + ". " + help);
    numbers_.push_back({value, cell, std::move(read)});
  };
  add("entropy", "entropy, nats (probabilities)", "H = −Σ p log p of each token's routing probabilities, mean over the probe.\nIn brackets: share of log N.",
      [](const Scene& s) {
        const double most = std::log(static_cast<double>(s.routing->probabilities.cols()));
        return number(s.routing->probability.meanEntropy) + (most > 0 ? QString(" (%1 %)").arg(100 * s.routing->probability.meanEntropy / most, 0, 'f', 0) : "");
      });
  add("effective", "effective experts (probabilities)", "exp H of each token's routing probabilities, mean over the probe; 1 to N.",
      [](const Scene& s) { return number(s.routing->probability.effectiveExperts, 2); });
  add("loadVariation", "load CV (applied gates)", "Standard deviation of the experts' loads over their mean; 0 = balanced. Load: mean applied gate on the probe.",
      [](const Scene& s) { return number(s.routing->applied.loadVariation); });
  add("maxViolation", "MaxVio (applied gates)", "Largest load over mean load, minus 1; 0 = balanced.",
      [](const Scene& s) { return number(s.routing->applied.maxViolation); });
  add("specialisation", "I(token; expert), nats (applied)", "Specialisation: entropy of the load minus mean token entropy of the applied gates.",
      [](const Scene& s) { return number(s.routing->applied.specialisation); });
  add("lensLoss", "held-out loss at this α",
      "Mean cross-entropy of the next byte on the probe, nats per byte, every layer routed as the lens says; "
      "follows a moment after the slider.",
      [this](const Scene&) {
        const LensLoss loss = controller_.shownLoss();
        return loss.step >= 0 ? number(loss.loss) : QString(controller_.trains() ? "…" : "–");
      });
  add("trainingLoss", "training loss, nats per byte", "Mean cross-entropy of the next byte in the last training batch.",
      [](const Scene& s) { return number(s.snapshot->trainingLoss); });
  add("speed", "steps/s · tokens/s", "Training speed over the last second, snapshots and losses included.", [](const Scene& s) {
    if (s.snapshot->checkpoint || !(s.snapshot->stepsPerSecond > 0.0)) return QString("–");  // nothing trains
    return QString("%1 · %2k").arg(s.snapshot->stepsPerSecond, 0, 'f', 0).arg(s.snapshot->tokensPerSecond / 1000.0, 0, 'f', 1);
  });
  placeNumbers(2);
  return box;
}

void ControlPanel::placeNumbers(int columns) {
  if (columns == numberColumns_) return;
  numberColumns_ = columns;
  for (const Number& number : numbers_) numberGrid_->removeItem(number.cell);
  for (int i = 0; i < static_cast<int>(numbers_.size()); ++i)
    numberGrid_->addLayout(numbers_[static_cast<std::size_t>(i)].cell, i / columns, i % columns);
}

/// Every measure of the shown layer, from the table that declares them.
QWidget* ControlPanel::makeMeasures() {
  const std::vector<Metric>& table = metricTable();
  measures_ = new QTableWidget(static_cast<int>(table.size()), 3);
  measures_->setObjectName("measures");
  measures_->setHorizontalHeaderLabels({"measure of this layer", "value", "range"});
  measures_->verticalHeader()->hide();
  measures_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  measures_->setSelectionMode(QAbstractItemView::NoSelection);
  measures_->setFocusPolicy(Qt::NoFocus);
  measures_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  measures_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  for (int row = 0; row < measures_->rowCount(); ++row) {
    const Metric& metric = table[static_cast<std::size_t>(row)];
    const QString unit = metric.unit.empty() ? "" : QString::fromStdString(", " + metric.unit);
    const QString help = QString::fromStdString(metric.label + ": " + metric.formula + "\nMeasured on: " + channelName(metric.channel));
    const QStringList words = {QString::fromStdString(metric.label) + unit, "–", QString::fromStdString(metric.ideal)};
    for (int column = 0; column < 3; ++column) {
      auto* item = new QTableWidgetItem(words[column]);
      item->setToolTip(help);
      if (column == 1) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
      measures_->setItem(row, column, item);
    }
  }
  measures_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  measures_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  measures_->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  measures_->horizontalHeader()->setSectionResizeMode(2, QHeaderView::Stretch);
  measures_->setAccessibleName("Measures of the shown layer");
  return measures_;
}

/// The table is as high as all its rows and at least wide enough for names and values.
void ControlPanel::fitText() {
  measures_->resizeRowsToContents();
  measures_->setFixedHeight(measures_->verticalHeader()->length() + measures_->horizontalHeader()->sizeHint().height() + 4);
  const auto* table = static_cast<const QAbstractItemView*>(measures_);
  const int namesAndValues = table->sizeHintForColumn(0) + std::max(4 * fontMetrics().height(), table->sizeHintForColumn(1)) +
                             2 * measures_->frameWidth();
  measures_->setMinimumWidth(namesAndValues);
  tableWidth_ = namesAndValues + table->sizeHintForColumn(2);  // the ranges are the first that a narrow panel cuts
}

void ControlPanel::changeLens(const std::function<void(Lens&)>& change) {
  Lens lens = controller_.lens();
  change(lens);
  controller_.setLens(lens);
}

void ControlPanel::showScene() {
  const Scene& scene = controller_.scene();
  showLens(scene.lens);
  if (!scene.routing) return;
  for (const Number& number : numbers_) number.value->setText(number.read(scene));
  const std::vector<Metric>& table = metricTable();
  const MetricInput input{*scene.snapshot, *scene.routing, controller_.earlier(), &scene.lens};
  for (int row = 0; measures_->isVisible() && row < measures_->rowCount(); ++row) {
    const double value = table[static_cast<std::size_t>(row)].value(input);
    measures_->item(row, 1)->setText(std::isnan(value) ? QString("–") : number(value, table[static_cast<std::size_t>(row)].channel == Channel::Assignment ? 0 : 3));
  }
  showLayers(*scene.snapshot, scene.lens.layer);
}

/// The lens may have come from elsewhere: a state, a checkpoint's own gating.
void ControlPanel::showLens(const Lens& lens) {
  const QSignalBlocker quietSlider(slider_), quietReading(reading_), quietPolicy(policy_), quietSource(source_);
  if (std::abs(slider_->value() - lens.concentration) > 1e-6) slider_->setValue(lens.concentration);
  reading_->setCurrentIndex(lens.reading == ConcentrationReading::Bingham ? 1 : 0);
  source_->setCurrentIndex(lens.source == GateSource::Prior ? 1 : 0);
  const int experts = controller_.experts();
  const bool changed =
      policy_->currentIndex() != static_cast<int>(lens.gating.policy) ||
      (lens.gating.policy > GatingPolicy::Soft && std::abs(parameterOf(lens.gating, experts) - parameter_->value()) > 1e-3) ||
      (lens.gating.policy == GatingPolicy::TopK && parameter_->maximum() != experts);
  policy_->setCurrentIndex(static_cast<int>(lens.gating.policy));
  if (changed) showParameter(parameter_, lens.gating, experts);  // else what is being typed stays
}

/// Counted from 1 in training; a checkpoint's layers have its own numbers.
void ControlPanel::showLayers(const Snapshot& snapshot, int shown) {
  QStringList names;
  const int layers = static_cast<int>(snapshot.layers.size());
  for (int l = 0; l < layers; ++l)
    names.append(snapshot.checkpoint ? QString::number(layerNumber(snapshot, l)) : QString("%1 of %2").arg(l + 1).arg(layers));
  const QSignalBlocker quiet(layer_);
  if (names != layers_) {
    layer_->clear();
    layer_->addItems(names);
    layers_ = names;
  }
  layer_->setCurrentIndex(std::clamp(shown, 0, layers - 1));
  layer_->setToolTip(snapshot.checkpoint ? "MoE layers, numbered as in the checkpoint" : "MoE layer");
  source_->setEnabled(snapshot.layers[static_cast<std::size_t>(std::clamp(shown, 0, layers - 1))].posteriorScores.size() > 0);
}

void ControlPanel::showStatus() {
  const bool trains = controller_.trains();
  const QString instead =
      "A checkpoint is shown, which does not train here. Back to training: Training menu, or the button at the lower right.";
  for (const auto& [widget, help] : ofTraining_) {
    widget->setEnabled(trains);
    widget->setToolTip(trains ? help : instead);
  }
  knobs_->setUsable(trains, instead);
  knobs_->showKnobs();
  const EngineState state = controller_.engine().status().state;
  play_->setText(state == EngineState::Playing ? "Pause" : "Play");
  if (trains) step_->setEnabled(state == EngineState::Paused);
}

}  // namespace moescope
