#include "app/window/entropy_meter.h"

#include <cmath>

#include "app/window/language.h"

namespace moescope {
namespace {

constexpr double kBriefTimes = 2.0;

}  // namespace

EntropyMeter::EntropyMeter(Controller& controller) : LargeNumber(controller) {
  setObjectName("entropyMeter");
  setAccessibleName(tr("Mean entropy of the routing probabilities, nats"));
  setToolTip(tr(
      "H = −Σ p log p of each token's routing probabilities, mean over the probe.\nThe bar ends at log N: every expert equally."));
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void EntropyMeter::setBrief(bool brief) {
  brief_ = brief;
  setTimes(brief ? kBriefTimes : kTimes);
}

double EntropyMeter::most() const {
  const Scene& scene = controller_.scene();
  return scene.routing ? std::log(static_cast<double>(scene.routing->probabilities.cols())) : NAN;
}

double EntropyMeter::share() const {
  const Scene& scene = controller_.scene();
  return scene.routing ? scene.routing->probability.meanEntropy / most() : NAN;
}

QString EntropyMeter::number() const {
  const Scene& scene = controller_.scene();
  if (!scene.routing) return "–";
  const double entropy = scene.routing->probability.meanEntropy;
  if (scene.snapshot->capture) return "–";
  return std::isfinite(entropy) ? QString::number(entropy, 'f', 3) : tr("not a number");
}

QString EntropyMeter::caption() const {
  const SnapshotPointer& snapshot = controller_.scene().snapshot;
  if (snapshot && snapshot->capture) return tr("no entropy of a capture");
  return brief_ ? tr("nats") : std::isfinite(most()) ? tr("nats of %1, entropy").arg(most(), 0, 'f', 3) : tr("nats, entropy");
}

QString EntropyMeter::widestCaption() const { return brief_ ? tr("nats") : tr("nats of %1, entropy").arg("0.000"); }

}  // namespace moescope
