#include "app/bench_row.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "app/bench_timing.h"

namespace moescope {

Timing summary(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) { return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))]; };
  return {at(0.5), at(0.25), at(0.75)};
}

BenchRow compare(std::string what, std::string baseline, int rounds, const std::function<void()>& ours,
                 const std::function<void()>& theirs) {
  std::vector<double> a, b;
  for (int i = -3; i < rounds; ++i) {  // the first three warm up
    const double mine = milliseconds(ours), other = milliseconds(theirs);
    if (i < 0) continue;
    a.push_back(mine);
    b.push_back(other);
  }
  return {std::move(what), std::move(baseline), summary(a), summary(b)};
}

std::shared_ptr<Snapshot> randomSnapshot(int tokens, int experts, int dimension) {
  std::mt19937 dice(1);
  std::normal_distribution<float> normal;
  auto snapshot = std::make_shared<Snapshot>();
  LayerSnapshot layer;
  layer.hidden = RowMatrix::NullaryExpr(tokens, dimension, [&] { return normal(dice); });
  layer.scores = RowMatrix::NullaryExpr(tokens, experts, [&] { return normal(dice); });
  layer.logPrior = Eigen::VectorXd::Constant(experts, -std::log(experts));
  layer.spectra = Eigen::MatrixXd::Constant(experts, 4, 10.0);
  snapshot->layers.push_back(std::move(layer));
  return snapshot;
}

std::string tokensOf(const Snapshot& snapshot) { return std::to_string(snapshot.layers[0].scores.rows()) + " tokens"; }

}  // namespace moescope
