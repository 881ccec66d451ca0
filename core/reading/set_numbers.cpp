#include "core/reading/set_numbers.h"

#include <cmath>
#include <limits>
#include <set>

namespace moescope {
namespace {

/// -1: no expert works on the token.
int leaderOf(const Routing& routing, Eigen::Index token) {
  Eigen::Index leader = 0;
  return routing.gates.row(token).maxCoeff(&leader) > 0.0f ? static_cast<int>(leader) : -1;
}

/// The mean of what is a number.
class Mean {
 public:
  void add(double value) {
    if (std::isfinite(value)) sum_ += value, ++count_;
  }
  double value() const { return count_ > 0 ? sum_ / count_ : std::numeric_limits<double>::quiet_NaN(); }

 private:
  double sum_ = 0.0;
  int count_ = 0;
};

GroupNumbers measured(const Snapshot& snapshot, const Routing& routing, const std::vector<bool>& in) {
  GroupNumbers group;
  group.load = Eigen::VectorXd::Zero(routing.gates.cols());
  group.led.assign(static_cast<std::size_t>(routing.gates.cols()), 0);
  Mean entropy, loss;
  for (Eigen::Index t = 0; t < routing.gates.rows(); ++t) {
    if (!in[static_cast<std::size_t>(t)]) continue;
    ++group.tokens;
    entropy.add(routing.probability.tokenEntropy[t]);
    if (t < snapshot.tokenLoss.size()) loss.add(snapshot.tokenLoss[t]);
    const int leader = leaderOf(routing, t);
    if (leader < 0) {
      ++group.unserved;
      continue;
    }
    ++group.led[static_cast<std::size_t>(leader)];
    group.load += (routing.gates.row(t).cast<double>() / routing.gates.row(t).cast<double>().sum()).transpose();
  }
  if (group.tokens > group.unserved) group.load /= group.tokens - group.unserved;
  group.entropy = entropy.value();
  group.loss = loss.value();
  return group;
}

}  // namespace

std::vector<bool> tokensOf(const Snapshot& snapshot, const Routing& routing, const Selection& selection) {
  const std::set<int> tokens(selection.tokens.begin(), selection.tokens.end()),
      domains(selection.domains.begin(), selection.domains.end()), experts(selection.experts.begin(), selection.experts.end());
  std::vector<bool> in(static_cast<std::size_t>(routing.gates.rows()));
  for (std::size_t t = 0; t < in.size(); ++t)
    in[t] = (tokens.empty() || tokens.contains(static_cast<int>(t))) &&
            (domains.empty() || domains.contains(snapshot.probe->domain[t])) &&
            (experts.empty() || experts.contains(leaderOf(routing, static_cast<Eigen::Index>(t))));
  return in;
}

SetNumbers numbersOfSet(const Snapshot& snapshot, const Routing& routing, const Selection& selection) {
  return {measured(snapshot, routing, tokensOf(snapshot, routing, selection)),
          measured(snapshot, routing, tokensOf(snapshot, routing, {}))};
}

}  // namespace moescope
