#include "app/window/pair_numbers.h"

#include <QHeaderView>
#include <algorithm>
#include <cmath>

#include "app/window/language.h"
#include "core/reading/metric_sample.h"

namespace moescope {
namespace {

QString numberText(double value, int digits) { return std::isfinite(value) ? QString::number(value, 'f', digits) : QString("–"); }

/// With its sign, so that it is read as a difference.
QString differenceText(double value, int digits) {
  if (!std::isfinite(value)) return "–";
  const QString text = QString::number(std::abs(value), 'f', digits);
  return (value < 0.0 ? "−" : value > 0.0 ? "+" : "") + text;
}

}  // namespace

PairNumbers::PairNumbers(Controller& controller) : controller_(controller) {
  rows_.push_back(
      {tr("Training loss, nats per byte"), tr("Mean cross-entropy of the next byte in the last training batch"), 3,
       [](const SideController& side) { return side.scene().snapshot->checkpoint ? NAN : side.scene().snapshot->trainingLoss; }});
  rows_.push_back({tr("Held-out loss at α, nats per byte"),
                   tr("Mean cross-entropy of the next byte on the probe, every layer routed as the lens says"), 3,
                   [](const SideController& side) {
                     const LensLoss loss = side.shownLoss();
                     return loss.step >= 0 ? loss.loss : NAN;
                   }});
  for (const Metric& metric : metricTable())
    rows_.push_back({localised(metric.label) + (metric.unit.empty() ? QString() : ", " + localised(metric.unit)),
                     localised(metric.formula) + tr("\nMeasured on: ") + localised(channelName(metric.channel)),
                     metric.channel == Channel::Assignment ? 0 : 3, [&metric](const SideController& side) {
                       const Scene& scene = side.scene();
                       return metric.value({*scene.snapshot, *scene.routing, side.earlier(), &scene.lens});
                     }, &metric});
  setObjectName("pairNumbers");
  setAccessibleName(tr("Measures of both sides, and B minus A"));
  setRowCount(static_cast<int>(rows_.size()));
  setColumnCount(4);
  setHorizontalHeaderLabels({tr("measure of this layer"), "A", "B", "B − A"});
  verticalHeader()->hide();
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setSelectionMode(QAbstractItemView::NoSelection);
  setFocusPolicy(Qt::NoFocus);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  for (int row = 0; row < rowCount(); ++row)
    for (int column = 0; column < columnCount(); ++column) {
      const Row& own = rows_[static_cast<std::size_t>(row)];
      auto* item = new QTableWidgetItem(column == 0 ? own.label : "–");
      item->setToolTip(own.label + ": " + own.help);
      if (column > 0) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
      setItem(row, column, item);
    }
  for (int column = 0; column < columnCount(); ++column)
    horizontalHeader()->setSectionResizeMode(column, column == 0 ? QHeaderView::Stretch : QHeaderView::ResizeToContents);
  horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  setVisible(controller_.compares());
  connect(&controller_, &Controller::sceneChanged, this, &PairNumbers::showScenes);
  connect(&controller_, &Controller::documentChanged, this, [this] { setVisible(controller_.compares()); });
}

void PairNumbers::fitText() {
  resizeRowsToContents();
  setFixedHeight(verticalHeader()->length() + horizontalHeader()->sizeHint().height() + 4);
}

/// A row that is not of all tokens of both sides says so below its name.
void PairNumbers::showSample(int row, const Row& own) {
  std::int64_t tokens = 0;
  for (const int side : {0, 1})
    if (const Scene& scene = controller_.on(side).scene(); own.metric && scene.routing)
      tokens = std::max(tokens, sampleOf(*own.metric, *scene.routing));
  const QString name = own.label + (tokens > 0 ? "\n" + tr("of a sample of %1").arg(tokens) : QString());
  if (item(row, 0)->text() == name) return;
  item(row, 0)->setText(name);
  fitText();
}

void PairNumbers::showScenes() {
  if (!controller_.compares() || !isVisible()) return;
  const SideController *sides[] = {&controller_.on(0), &controller_.on(1)};
  for (int row = 0; row < rowCount(); ++row) {
    const Row& own = rows_[static_cast<std::size_t>(row)];
    double values[2] = {NAN, NAN};
    for (const int side : {0, 1}) {
      if (sides[side]->scene().routing) values[side] = own.value(*sides[side]);
      item(row, 1 + side)->setText(numberText(values[side], own.digits));
    }
    showSample(row, own);
    item(row, 3)->setText(differenceText(values[1] - values[0], own.digits));
  }
}

}  // namespace moescope
