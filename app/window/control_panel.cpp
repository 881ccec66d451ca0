#include "app/window/control_panel.h"

#include <QFormLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollBar>
#include <QSignalBlocker>
#include <algorithm>
#include <cmath>

#include "app/window/analysis_form.h"
#include "app/window/choice_box.h"
#include "app/window/language.h"
#include "app/window/layer_box.h"
#include "core/reading/lens_table.h"
#include "core/reading/metric_sample.h"

namespace moescope {
namespace {

QString number(double value, int digits = 3) { return std::isfinite(value) ? QString::number(value, 'f', digits) : QString("–"); }

/// The policy's own parameter as it is in force; of k no more than there are experts.
double valueOf(const LensSetting& parameter, const Lens& lens, int experts) {
  return parameter.integral ? std::clamp(parameter.get(lens), 1.0, static_cast<double>(experts)) : parameter.get(lens);
}

void showParameter(QDoubleSpinBox* box, const Lens& lens, int experts) {
  const QSignalBlocker quiet(box);
  const LensSetting* parameter = parameterOf(lens.gating.policy);
  box->setEnabled(parameter != nullptr);
  box->setSpecialValueText(parameter ? "" : tr("nothing to set"));
  if (!parameter) {
    box->setPrefix({});
    return box->setRange(0, 0);
  }
  box->setDecimals(parameter->integral ? 0 : 3);
  box->setRange(parameter->minimum, parameter->integral ? experts : parameter->maximum);
  box->setSingleStep(parameter->integral ? 1 : 0.01);
  box->setPrefix(QString::fromStdString(parameter->label) + (parameter->integral ? " = " : " "));
  box->setValue(valueOf(*parameter, lens, experts));
}

}  // namespace

ControlPanel::ControlPanel(Controller& controller, TrainingActions& training) : controller_(controller), training_(training) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  auto* content = new QWidget;
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(10, 8, 10, 8);
  layout->setSpacing(10);
  layout->addWidget(makeTransport());
  layout->addWidget(makeLens());
  knobs_ = new KnobForm(controller_);
  layout->addWidget(knobs_);
  facts_ = new SourceFacts(controller_);
  layout->addWidget(facts_);
  layout->addWidget(makeNumbers());
  pairNumbers_ = new PairNumbers(controller_);
  layout->addWidget(pairNumbers_);
  auto* measures = new Fold("measures", tr("Measures of this layer"), makeMeasures(), controller_);
  connect(measures, &Fold::opened, this, [this] {
    fitText();
    showScene();
  });
  layout->addWidget(measures);
  analysis_ = new Fold("analysis", tr("Analysis of experts"), new AnalysisForm(controller_), controller_);
  layout->addWidget(analysis_);
  measures->setVisible(!controller_.compares());
  layout->addStretch();
  setWidget(content);
  fitText();
  connect(&controller_, &Controller::sceneChanged, this, &ControlPanel::showScene);
  connect(&controller_, &Controller::documentChanged, this, [this, measures] {
    showLens(controller_.lens());
    showHidden_();
    measures->setVisible(!controller_.compares());
  });
  connect(&controller_, &Controller::statusChanged, this, &ControlPanel::showStatus);
  showHidden_();
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
  const auto button = [layout](QAction* action, const char* name, const QString& text) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    layout->addWidget(made);
    const auto follow = [made, action] {
      made->setEnabled(action->isEnabled());
      made->setToolTip(action->toolTip());
      if (made->objectName() == "play") made->setText(action->text().remove('&'));
    };
    connect(action, &QAction::changed, made, follow);
    connect(made, &QPushButton::clicked, action, &QAction::trigger);
    follow();
  };
  button(training_.play(), "play", tr("Play"));
  button(training_.step(), "step", tr("Step"));
  button(training_.reset(), "reset", tr("Reset"));
  return row;
}

QWidget* ControlPanel::makeLens() {
  auto* box = new QGroupBox(tr("Routing"));
  auto* layout = new QVBoxLayout(box);
  slider_ = new ConcentrationSlider;
  layout->addWidget(slider_);
  connect(slider_, &ConcentrationSlider::valueChanged, this,
          [this](double value) { controller_.perform(setNumber(controller_.active(), "concentration", value)); });
  connect(slider_, &ConcentrationSlider::finished, this, [this] { controller_.history().endGesture(); });
  concentrationNote_ = new QLabel;
  concentrationNote_->setObjectName("concentrationNote");
  concentrationNote_->setWordWrap(true);
  concentrationNote_->hide();
  layout->addWidget(concentrationNote_);
  reading_ = makeChoice("reading", "reading");
  source_ = makeChoice("gateSource", "gates-of");
  policy_ = makeChoice("policy", "gating");
  parameter_ = new NumberBox;
  parameter_->setObjectName("policyParameter");
  parameter_->setAccessibleName(tr("Gating, its parameter"));
  parameter_->setToolTip(tr("The gating's own number: how many experts, how much mass, or from which probability on"));
  showParameter(parameter_, controller_.lens(), controller_.experts());
  connect(parameter_, &QDoubleSpinBox::valueChanged, this, [this](double value) {
    if (const LensSetting* parameter = parameterOf(controller_.lens().gating.policy))
      controller_.perform(setNumber(controller_.active(), parameter->name, value));
  });
  layer_ = new LayerBox(
      controller_, [](const Snapshot& snapshot, int layer) {  // counted from 1 in training; a checkpoint's have its own numbers
        return snapshot.checkpoint ? QString::number(layerNumber(snapshot, layer))
                                   : tr("%1 of %2").arg(layer + 1).arg(snapshot.layers.size());
      });
  layer_->setObjectName("layer");
  auto* form = new QFormLayout;
  auto* policyRow = new QHBoxLayout;
  policyRow->addWidget(policy_);
  policyRow->addWidget(parameter_);
  layer_->setToolTip(tr("MoE layer"));
  form->addRow(tr("Gating"), policyRow);
  form->addRow(tr("Layer"), layer_);
  layout->addLayout(form);
  auto* rest = new QWidget;
  auto* more = new QFormLayout(rest);
  more->setContentsMargins(0, 0, 0, 0);
  more->addRow(tr("Reading"), reading_);
  more->addRow(tr("Gates of"), source_);
  auto* fold = new Fold("reading", tr("How gates are read"), rest, controller_);
  layout->addWidget(fold);
  showHidden_ = [this, form, more, fold] {
    const std::set<std::string>& hidden = controller_.document().hiddenControls;
    slider_->setVisible(!hidden.contains("concentration"));
    form->setRowVisible(0, !hidden.contains("gating"));  // k, mass and threshold stand beside it
    form->setRowVisible(1, !hidden.contains("layer"));
    more->setRowVisible(0, !hidden.contains("reading"));
    more->setRowVisible(1, !hidden.contains("gates-of"));
    fold->setVisible(!hidden.contains("reading") || !hidden.contains("gates-of"));
    fold->insist(!hidden.empty());
    const LensSetting* parameter = parameterOf(controller_.lens().gating.policy);
    parameter_->setVisible(!parameter || !hidden.contains(parameter->name));
  };
  return box;
}

/// A combo box over the choices of a row of lensTable().
QComboBox* ControlPanel::makeChoice(const char* name, const char* setting) {
  const LensSetting& row = lensSetting(setting);
  QComboBox* box = makeChoiceBox(row.choices, row.choices.size() > 2 ? 8 : 12);
  box->setObjectName(name);
  QString help = localised(row.help);
  for (const Choice& choice : row.choices) help += "\n" + localised(choice.words()) + ": " + localised(choice.help);
  box->setToolTip(help);
  box->setAccessibleName(localised(row.label));
  connect(box, &QComboBox::currentIndexChanged, this, [this, box, &row](int index) {
    controller_.perform(setWords(controller_.active(), row.name, box->itemData(index).toString().toStdString()));
  });
  return box;
}

QWidget* ControlPanel::makeNumbers() {
  auto* box = new QWidget;
  numberGrid_ = new QGridLayout(box);
  numberGrid_->setContentsMargins(0, 0, 0, 0);
  numberGrid_->setVerticalSpacing(6);
  numberGrid_->setHorizontalSpacing(12);
  const auto add = [&](const char* name, const QString& label, const QString& help, std::function<QString(const Scene&)> read) {
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
    numbers_.push_back({value, cell, std::move(read), caption});
  };
  add("entropy", tr("entropy, nats (probabilities)"),
      tr("H = −Σ p log p of each token's routing probabilities, mean over the probe.\nIn brackets: share of log N."),
      [](const Scene& s) {
        const double most = std::log(static_cast<double>(s.routing->probabilities.cols()));
        return number(s.routing->probability.meanEntropy) +
               (most > 0 && std::isfinite(s.routing->probability.meanEntropy)
                    ? QString(" (%1 %)").arg(100 * s.routing->probability.meanEntropy / most, 0, 'f', 0)
                    : "");
      });
  add("effective", tr("effective experts (probabilities)"),
      tr("exp H of each token's routing probabilities, mean over the probe; 1 to N."),
      [](const Scene& s) { return number(s.routing->probability.effectiveExperts, 2); });
  add("loadVariation", tr("load CV (applied gates)"),
      tr("Standard deviation of the experts' loads over their mean; 0 = balanced. Load: mean applied gate on the probe."),
      [](const Scene& s) { return number(s.routing->applied.loadVariation); });
  add("maxViolation", tr("MaxVio (applied gates)"), tr("Largest load over mean load, minus 1; 0 = balanced."),
      [](const Scene& s) { return number(s.routing->applied.maxViolation); });
  add("specialisation", tr("I(token; expert), nats (applied)"),
      tr("Specialisation: entropy of the load minus mean token entropy of the applied gates."),
      [](const Scene& s) { return number(s.routing->applied.specialisation); });
  add("lensLoss", tr("held-out loss at this α"),
      tr("Mean cross-entropy of the next byte on the probe, nats per byte, every layer routed as the lens says; "
      "follows a moment after the slider."),
      [this](const Scene&) {
        const LensLoss loss = controller_.shownLoss();
        return loss.step >= 0 ? number(loss.loss) : QString(controller_.trains() && !controller_.scene().past ? "…" : "–");
      });
  add("trainingLoss", tr("training loss, nats per byte"), tr("Mean cross-entropy of the next byte in the last training batch."),
      [](const Scene& s) { return number(s.snapshot->trainingLoss); });
  add("speed", tr("steps/s · tokens/s"), tr("Training speed over the last second, snapshots and losses included."),
      [](const Scene& s) {
        if (s.snapshot->checkpoint || !(s.snapshot->stepsPerSecond > 0.0)) return QString("–");  // nothing trains
        return QString("%1 · %2k")
            .arg(s.snapshot->stepsPerSecond, 0, 'f', 0)
            .arg(s.snapshot->tokensPerSecond / 1000.0, 0, 'f', 1);
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
  measures_->setHorizontalHeaderLabels({tr("measure of this layer"), tr("value"), tr("range")});
  measures_->verticalHeader()->hide();
  measures_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  measures_->setSelectionMode(QAbstractItemView::NoSelection);
  measures_->setFocusPolicy(Qt::NoFocus);
  measures_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  measures_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  for (int row = 0; row < measures_->rowCount(); ++row) {
    const Metric& metric = table[static_cast<std::size_t>(row)];
    const QString unit = metric.unit.empty() ? "" : ", " + localised(metric.unit);
    const QString help = localised(metric.label) + ": " + localised(metric.formula) + tr("\nMeasured on: ") +
                         localised(channelName(metric.channel));
    const QStringList words = {localised(metric.label) + unit, "–", localised(metric.ideal)};
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
  measures_->setAccessibleName(tr("Measures of the shown layer"));
  return measures_;
}

/// The table is as high as all its rows and at least wide enough for names and values.
void ControlPanel::fitText() {
  pairNumbers_->fitText();
  measures_->resizeRowsToContents();
  measures_->setFixedHeight(measures_->verticalHeader()->length() + measures_->horizontalHeader()->sizeHint().height() + 4);
  const auto* table = static_cast<const QAbstractItemView*>(measures_);
  const int namesAndValues = table->sizeHintForColumn(0) + std::max(4 * fontMetrics().height(), table->sizeHintForColumn(1)) +
                             2 * measures_->frameWidth();
  measures_->setMinimumWidth(namesAndValues);
  tableWidth_ = namesAndValues + table->sizeHintForColumn(2);  // the ranges are the first that a narrow panel cuts
}

/// A row that is not of all tokens says so below its name.
void ControlPanel::showSample(int row, std::int64_t tokens) {
  QTableWidgetItem* name = measures_->item(row, 0);
  if (name->data(Qt::UserRole).toLongLong() == tokens) return;
  name->setData(Qt::UserRole, qlonglong{tokens});
  name->setText(name->text().section('\n', 0, 0) + (tokens > 0 ? "\n" + tr("of a sample of %1").arg(tokens) : QString()));
  fitText();
}

/// What was not measured at the shown moment is not told by what is measured now.
void ControlPanel::showCaptions(const Scene& scene) {
  for (const Number& number : numbers_) {
    if (number.value->objectName() != "lensLoss") continue;
    const bool missing = scene.past && controller_.shownLoss().step < 0;
    number.caption->setText(missing ? tr("held-out loss at this α: not measured at step %1").arg(scene.snapshot->step)
                                    : tr("held-out loss at this α"));
  }
}

void ControlPanel::showScene() {
  const Scene& scene = controller_.scene();
  facts_->showFacts();
  knobs_->setVisible(facts_->isHidden());
  analysis_->setVisible(!scene.snapshot || !scene.snapshot->capture);
  slider_->forbid(controller_.whyNoConcentration());
  for (QWidget* part : {static_cast<QWidget*>(reading_), static_cast<QWidget*>(policy_)})
    part->setEnabled(controller_.whyNoConcentration().isEmpty());
  showLens(scene.lens);
  if (!scene.routing) return;
  showCaptions(scene);
  for (const Number& number : numbers_) number.value->setText(number.read(scene));
  const std::vector<Metric>& table = metricTable();
  const MetricInput input{*scene.snapshot, *scene.routing, controller_.earlier(), &scene.lens};
  for (int row = 0; measures_->isVisible() && row < measures_->rowCount(); ++row) {
    const double value = table[static_cast<std::size_t>(row)].value(input);
    if (table[static_cast<std::size_t>(row)].name == "churn")
      measures_->item(row, 1)->setToolTip(input.earlier ? tr("since step %1").arg(controller_.earlierStep())
                                                        : tr("no picture before this one is held"));
    showSample(row, sampleOf(table[static_cast<std::size_t>(row)], *scene.routing));
    measures_->item(row, 1)->setText(
        std::isnan(value) ? QString("–")
                          : number(value, table[static_cast<std::size_t>(row)].channel == Channel::Assignment ? 0 : 3));
  }
  showLayer(*scene.snapshot, scene.routing->layer);
  const std::string& note = scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)].concentrationNote;
  QStringList notes;
  if (const std::string drawn = tokensDrawn(scene); !drawn.empty())
    notes.append(tr("Numbers: %1.").arg(QString::fromStdString(drawn)));
  if (scene.lens.gating.policy == GatingPolicy::AsTrained && !note.empty()) notes.append(localised(note));
  concentrationNote_->setText(notes.join("\n"));
  concentrationNote_->setVisible(!notes.isEmpty());
}

/// The lens may have come from elsewhere: a state, a checkpoint's own gating, undo.
void ControlPanel::showLens(const Lens& lens) {
  const QSignalBlocker quietSlider(slider_);
  if (std::abs(slider_->value() - lens.concentration) > 1e-6) slider_->setValue(lens.concentration);
  const int experts = controller_.experts();
  const LensSetting* parameter = parameterOf(lens.gating.policy);
  const bool changed = policy_->currentData().toString().toStdString() != lensSetting("gating").text(lens) ||
                       (parameter && (std::abs(valueOf(*parameter, lens, experts) - parameter_->value()) > 1e-3 ||
                                      (parameter->integral && parameter_->maximum() != experts)));
  for (const auto& [box, setting] : {std::pair{reading_, "reading"}, {source_, "gates-of"}, {policy_, "gating"}}) {
    const QSignalBlocker quiet(box);
    box->setCurrentIndex(box->findData(QString::fromStdString(lensSetting(setting).text(lens))));
  }
  if (changed) showParameter(parameter_, lens, experts);  // else what is being typed stays
}

void ControlPanel::showLayer(const Snapshot& snapshot, int shown) {
  layer_->setToolTip(snapshot.checkpoint ? tr("MoE layers, numbered as in the checkpoint") : tr("MoE layer"));
  source_->setEnabled(snapshot.layers[static_cast<std::size_t>(shown)].posteriorScores.size() > 0);
}

void ControlPanel::showStatus() { knobs_->showKnobs(); }

}  // namespace moescope
