#pragma once
// Every measure of one layer's routing, declared once: panel, tooltips and reports come from this table. Never pooled over
// layers. Definitions: the project's math specification, sections 4, 6 and 8.

#include <functional>
#include <string>
#include <vector>

#include "core/reading/routing.h"
#include "core/reading/snapshot.h"

namespace moescope {

/// What a measure is taken of.
enum class Channel {
  Probability,  ///< softmax over all experts, before the policy
  AppliedGate,  ///< after the policy
  Assignment,   ///< chosen or not
  Training,     ///< assignments of the last training steps: intended by the router, or what its experts' capacity left
  Router,       ///< the router's own directions
};

struct MetricInput {
  const Snapshot& snapshot;
  const Routing& routing;
  const Routing* earlier = nullptr;  ///< the same layer and lens at an earlier snapshot; null: none
  const Lens* lens = nullptr;        ///< that `routing` was read through; null: the default lens
};

struct Metric {
  std::string name;     ///< stable id: "load_gini"
  std::string label;    ///< for a person
  std::string unit;     ///< may be empty
  Channel channel;
  std::string ideal;    ///< balance, or the range that it can have; short
  std::string formula;
  std::function<double(const MetricInput&)> value;  ///< NaN where it has none
};

const std::vector<Metric>& metricTable();
std::string channelName(Channel channel);

/// Gini coefficient of loads (N, at least 0, sum above 0): 0 equal, 1 - 1/N when one expert has all.
double giniCoefficient(const Eigen::VectorXd& load);

/// I(domain; expert) = sum p(d, e) log p(d, e) / (p(d) p(e)) in nats, the joint from gates (rows sum to 1) and the tokens'
/// domains.
double domainInformation(const RowMatrix& gates, const std::vector<int>& domain, int domains);

/// Share of tokens whose leading expert differs. NaN when the shapes do.
double leadingExpertChurn(const RowMatrix& before, const RowMatrix& after);

}  // namespace moescope
