#pragma once
// Short runs of a small model, and what differs between two of them.

#include <QString>
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/timeline/step_quantities.h"
#include "core/timeline/step_series.h"
#include "core/training/trainer.h"

namespace moescope::testing {

inline Knobs smallKnobs(const std::string& router) {
  Knobs knobs;
  knobs.router = router;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  knobs.width = 32;
  knobs.heads = 2;
  knobs.experts = 4;
  knobs.expertWidth = 16;
  knobs.layers = 2;
  knobs.context = 16;
  knobs.batch = 2;
  knobs.probeTokens = 256;
  return knobs;
}

/// Bit by bit; what is not a number equals what is not one.
inline bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

/// What of the two differs, bit by bit; empty: nothing.
inline QString difference(const StepMetrics& a, const StepMetrics& b) {
  const QString at = " at step " + QString::number(a.step);
  if (a.step != b.step || a.router != b.router) return "step or router" + at;
  if (a.loss != b.loss) return "loss" + at + ": " + QString::number(a.loss, 'g', 17) + " and " + QString::number(b.loss, 'g', 17);
  if (!same(a.auxiliaryLoss, b.auxiliaryLoss)) return "auxiliary loss" + at;
  if (!same(a.entropy, b.entropy) || !same(a.effectiveExperts, b.effectiveExperts)) return "entropy" + at;
  if (!same(a.loadVariation, b.loadVariation) || !same(a.maxViolation, b.maxViolation)) return "load" + at;
  return same(a.dropped, b.dropped) ? "" : "dropped" + at;
}

/// The same of a step on the time line.
inline QString difference(const StepSeries& series, std::size_t index, const StepMetrics& expected) {
  if (series.bucket(index).first != expected.step) return "step " + QString::number(series.bucket(index).first);
  for (std::size_t q = 0; q < stepQuantities().size(); ++q)
    for (std::size_t layer = 0; layer < 2; ++layer) {
      const StepQuantity& quantity = stepQuantities()[q];
      const double value = quantity.read(expected, layer), found = series.cell(index, q, layer).last;
      if (!isNone(quantity, value) && !quantity.onlySometimes && found != value)
        return QString::fromStdString(quantity.name) + " at step " + QString::number(expected.step) + ": " +
               QString::number(found, 'g', 17);
    }
  return "";
}

inline std::vector<StepMetrics> stepsOf(Trainer& trainer, int count) {
  std::vector<StepMetrics> all;
  for (int i = 0; i < count; ++i) all.push_back(trainer.step());
  return all;
}

}  // namespace moescope::testing
