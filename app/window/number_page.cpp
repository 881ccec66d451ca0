#include "app/window/number_page.h"

#include <QApplication>
#include <QClipboard>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/window/language.h"
#include "core/reading/derivation.h"
#include "core/reading/set_numbers.h"
#include "views/flat_view.h"

namespace moescope {
namespace {

QString number(double value, int digits = 4) {
  return std::isfinite(value) ? QString::number(value, 'g', digits) : tr("not a number");
}

int leaderOf(const Routing& routing, int token) {
  Eigen::Index leader = 0;
  routing.gates.row(token).maxCoeff(&leader);
  return static_cast<int>(leader);
}

QString layerLines(const Scene& scene) {
  const Routing& routing = *scene.routing;
  return tr("Layer %1, router %2, step %3, concentration %4: %5 experts, %6 tokens\nmean entropy of the probabilities %7 nats of log N = %8, load CV %9\n")
      .arg(layerNumber(*scene.snapshot, routing.layer))
      .arg(QString::fromStdString(scene.snapshot->router))
      .arg(scene.snapshot->step)
      .arg(number(scene.lens.concentration))
      .arg(routing.gates.cols())
      .arg(routing.gates.rows())
      .arg(number(routing.probability.meanEntropy), number(std::log(static_cast<double>(routing.gates.cols()))),
           number(routing.applied.loadVariation));
}

QString captureLines(const Scene& scene) {
  const CapturedRouting& capture = *scene.snapshot->capture;
  const int expert = scene.selection.expert();
  QString text =
      tr("Layer %1 of a capture: %2 tokens in %3 sequences, %4 of %5 experts a token\nload CV %6; no scores and no gates\n")
          .arg(layerNumber(*scene.snapshot, capture.layer))
          .arg(capture.tokens)
          .arg(capture.sequences)
          .arg(capture.chosen)
          .arg(capture.experts)
          .arg(number(scene.routing->applied.loadVariation));
  if (expert >= 0)
    text += tr("\nExpert %1: load %2 % of the assignments (uniform %3 %)\n")
                .arg(QString::fromStdString(expertLabel(expert)), number(100.0 * scene.routing->applied.load[expert]),
                     number(100.0 / capture.experts));
  return text;
}

QString expertLines(const Scene& scene, int expert) {
  const GroupNumbers led = numbersOfSet(*scene.snapshot, *scene.routing, {{expert}, {}, {}}).set;
  const double load = scene.routing->applied.load[expert];
  return tr("\nExpert %1: load %2 % of the applied gates (uniform %3 %), it leads %4 tokens\n")
      .arg(QString::fromStdString(expertLabel(expert)), number(100.0 * load),
           number(100.0 / static_cast<double>(scene.routing->gates.cols())))
      .arg(led.tokens);
}

QString tokenLines(const Scene& scene, int token) {
  const Snapshot& snapshot = *scene.snapshot;
  QString lines = "\n" + QString::fromStdString(describeToken(scene, token)) + "\n";
  if (token < snapshot.tokenLoss.size())
    lines += std::isfinite(snapshot.tokenLoss[token])
                 ? tr("loss for the byte that follows, as trained: %1 nats\n").arg(number(snapshot.tokenLoss[token]))
                 : tr("its sequence ends here: nothing follows that could be lost\n");
  return lines;
}

QString joined(const std::vector<std::string>& lines) {
  QString all;
  for (const std::string& line : lines) all += QString::fromStdString(line) + "\n";
  return all;
}

/// The gate of one token, and its way through the layers.
QString gateLines(const Snapshot& snapshot, const Routing& routing, const Lens& lens, int token, int expert) {
  return tr("\nGate of %1:\n").arg(QString::fromStdString(expertLabel(expert))) +
         joined(derivationOf(snapshot, routing, lens, token, expert)) + tr("\nIts way:\n") + joined(wayOf(snapshot, lens, token));
}

QString ownTextLines(const Scene& scene, int expert) {
  if (!scene.prompt || !scene.prompt->snapshot || !scene.promptRouting || scene.promptPlace < 0) return {};
  const Snapshot& snapshot = *scene.prompt->snapshot;
  const std::uint8_t byte = snapshot.probe->bytes[static_cast<std::size_t>(scene.promptPlace)];
  const bool fits = expert >= 0 && expert < scene.promptRouting->gates.cols();
  return tr("\nYour own text, byte %1, %2, step %3\n")
             .arg(scene.prompt->first + scene.promptPlace + 1)
             .arg(QString::fromStdString(byteName(byte)))
             .arg(snapshot.step) +
         gateLines(snapshot, *scene.promptRouting, scene.lens, scene.promptPlace,
                   fits ? expert : leaderOf(*scene.promptRouting, scene.promptPlace));
}

}  // namespace

QString numberText(const Scene& scene) {
  if (!scene.snapshot || !scene.routing) return {};
  if (scene.snapshot->capture) return captureLines(scene);
  const int token = scene.selection.token(), expert = scene.selection.expert();
  QString text = layerLines(scene);
  const int shown = expert >= 0 ? expert : token >= 0 ? leaderOf(*scene.routing, token) : -1;
  if (shown >= 0) text += expertLines(scene, shown);
  if (token >= 0)
    text += tokenLines(scene, token) + gateLines(*scene.snapshot, *scene.routing, scene.lens, token, shown);
  else
    text += tr("\nClick a token in a view: its gate comes here, step by step. Click an expert first for that expert's gate.\n");
  return text + ownTextLines(scene, expert);
}

NumberPage::NumberPage(Controller& controller, QWidget* parent)
    : QDockWidget(tr("How a number comes about"), parent), controller_(controller), text_(new QPlainTextEdit) {
  setObjectName("dock-number");
  text_->setObjectName("numberText");
  text_->setAccessibleName(tr("Formulas of the selected token and expert, with their values"));
  text_->setToolTip(tr("How the layer's, expert's and token's numbers come about: look for which gate the token gets, and why"));
  text_->setReadOnly(true);
  auto* copy = new QPushButton(tr("&Copy"));
  copy->setObjectName("numberCopy");
  copy->setToolTip(tr("All of it to the clipboard, as text"));
  connect(copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(text_->toPlainText()); });
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(6, 6, 6, 6);
  column->addWidget(text_, 1);
  column->addWidget(copy);
  setWidget(content);
  toggleViewAction()->setShortcut(QKeySequence("N"));
  connect(&controller_, &Controller::sceneChanged, this, &NumberPage::showScene);
  connect(this, &QDockWidget::visibilityChanged, this, &NumberPage::showScene);
  hide();
}

/// The same place of the text stays in sight while its numbers change.
void NumberPage::showScene() {
  if (!isVisible()) return;
  const QString text = numberText(controller_.scene());
  if (text == text_->toPlainText()) return;
  const int place = text_->verticalScrollBar()->value();
  text_->setPlainText(text);
  text_->verticalScrollBar()->setValue(place);
}

}  // namespace moescope
