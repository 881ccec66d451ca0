#include "core/reading/metric_sample.h"

namespace moescope {
namespace {

/// What looks at the routing's rows one by one; all others of the table read means and loads, which withMeasures() replaces.
bool readsRows(const std::string& name) {
  for (const char* each : {"top2_", "idle_", "posterior_", "choice", "dead_", "gates_below_", "domain_", "churn"})
    if (name.starts_with(each)) return true;
  return false;
}

}  // namespace

std::int64_t sampleOf(const Metric& metric, const Routing& routing) {
  if (metric.channel == Channel::Training || metric.channel == Channel::Router) return 0;
  const std::int64_t read = readsRows(metric.name) ? routing.gates.rows() : routing.measured;
  return read < routing.tokens ? read : 0;
}

}  // namespace moescope
