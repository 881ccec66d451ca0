#include "core/experiments/finding.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace moescope {
namespace {

Finding ofInterval(double bound, const std::string& what, const std::vector<double>& values, const char* side) {
  Finding finding;
  finding.values = values;
  finding.interval = interval95(values);
  finding.bound = bound;
  finding.measured = text(finding.interval);
  char number[32];
  std::snprintf(number, sizeof number, "%g", bound);
  finding.rule = what + ": interval " + side + " " + number;
  return finding;
}

double sum(const std::vector<double>& values) {
  double total = 0.0;
  for (const double value : values) total += std::isfinite(value) ? value : 0.0;
  return total;
}

long known(const std::vector<double>& values) {
  return std::count_if(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

Finding ofCollapses(const std::vector<double>& hard, const std::vector<double>& soft) {
  Finding finding;
  finding.counts = true;
  finding.values = hard;
  char measured[96];
  std::snprintf(measured, sizeof measured, "%.0f of %ld seeds (hard load), %.0f (soft load)", sum(hard), known(hard), sum(soft));
  finding.measured = measured;
  return finding;
}

std::string csvField(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace

std::string verdictOf(bool holds, bool refuted) { return holds ? "reproduced" : refuted ? "not reproduced" : "undecided"; }

Finding intervalAbove(double bound, const std::string& what, const std::vector<double>& values) {
  Finding finding = ofInterval(bound, what, values, "above");
  finding.verdict = verdictOf(finding.interval.low() > bound, finding.interval.high() < bound);
  return finding;
}

Finding intervalBelow(double bound, const std::string& what, const std::vector<double>& values) {
  Finding finding = ofInterval(bound, what, values, "below");
  finding.verdict = verdictOf(finding.interval.high() < bound, finding.interval.low() > bound);
  return finding;
}

Finding noSeedCollapses(const std::vector<double>& hard, const std::vector<double>& soft) {
  Finding finding = ofCollapses(hard, soft);
  finding.rule = "no seed collapses";
  finding.verdict = known(hard) == 0 ? "undecided" : verdictOf(sum(hard) == 0.0, sum(hard) > 0.0);
  return finding;
}

Finding mostSeedsCollapse(const std::vector<double>& hard, const std::vector<double>& soft) {
  Finding finding = ofCollapses(hard, soft);
  finding.rule = "more than half of the seeds collapse";
  finding.bound = static_cast<double>(known(hard) / 2);
  finding.verdict = known(hard) == 0 ? "undecided" : verdictOf(sum(hard) > finding.bound, sum(hard) == 0.0);
  return finding;
}

Finding neverViolated(const std::string& what, const std::string& rule, const std::vector<double>& violations,
                      const std::vector<double>& tests) {
  Finding finding;
  finding.counts = true;
  finding.values = violations;
  char measured[96];
  std::snprintf(measured, sizeof measured, "%.0f %s in %.0f tests of a token", sum(violations), what.c_str(), sum(tests));
  finding.measured = measured;
  finding.rule = rule;
  finding.verdict = sum(tests) == 0.0 ? "undecided" : verdictOf(sum(violations) == 0.0, sum(violations) > 0.0);
  return finding;
}

Finding asOwnQuestion(Finding finding) {
  if (finding.verdict == "reproduced") finding.verdict = "holds";
  if (finding.verdict == "not reproduced") finding.verdict = "does not hold";
  return finding;
}

std::string findingsCsv(const std::string& task, const std::vector<Finding>& findings) {
  std::string csv = "task,claim,paper,measured,verdict,rule,mean,half_interval,seeds\n";
  for (const Finding& f : findings) {
    char numbers[80] = ",";
    if (!f.counts) std::snprintf(numbers, sizeof numbers, "%.9g,%.9g", f.interval.mean, f.interval.half);
    std::string seeds;
    for (const double value : f.values) {
      char number[32];
      std::snprintf(number, sizeof number, "%.9g", value);
      seeds += (seeds.empty() ? "" : " ") + std::string(number);
    }
    csv += csvField(task) + ',' + csvField(f.claim) + ',' + csvField(f.paper) + ',' + csvField(f.measured) + ',' +
           csvField(f.verdict) + ',' + csvField(f.rule) + ',' + numbers + ',' + csvField(seeds) + '\n';
  }
  return csv;
}

}  // namespace moescope
