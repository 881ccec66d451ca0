#include "app/reproduce_output.h"

#include <cmath>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/options.h"
#include "app/reproduce_chart.h"

namespace moescope {
namespace {

using nlohmann::json;

json number(double value) { return std::isfinite(value) ? json(value) : json(nullptr); }

json toJson(const Finding& f) {
  json entry = {{"claim", f.claim}, {"paper", f.paper}, {"measured", f.measured}, {"verdict", f.verdict}, {"rule", f.rule}, {"seeds", json::array()}};
  for (const double value : f.values) entry["seeds"].push_back(number(value));
  if (!f.counts) {
    entry["mean"] = number(f.interval.mean);
    entry["half_interval"] = number(f.interval.half);
    entry["bound"] = number(f.bound);
  }
  return entry;
}

void print(const std::string& table, const std::vector<Finding>& findings, const LabOptions& options) {
  std::printf("%s: corpus %s, %d seeds, %ld steps, 8 experts, 2 layers, width 64; mean with 95 %% interval over seeds, layers averaged\n", table.c_str(),
              options.corpus.c_str(), options.seeds, options.steps);
  std::printf("learning rate of each router: the best of 0.001, 0.003, 0.01 on a seed that is not reported. Collapsed: an expert below a tenth of the mean "
              "load in each of the last three evaluations\n\n");
  for (const Finding& f : findings)
    std::printf("%-14s %s\n               paper: %s; measured: %s\n               rule: %s\n", f.verdict.c_str(), f.claim.c_str(), f.paper.c_str(), f.measured.c_str(),
                f.rule.c_str());
}

}  // namespace

void publish(const std::string& table, const std::vector<Finding>& findings, const Lab& lab, bool printJson) {
  const LabOptions& options = lab.options();
  json list = json::array();
  for (const Finding& finding : findings) list.push_back(toJson(finding));
  const json report = {{"table", table}, {"seeds", options.seeds}, {"steps", options.steps}, {"corpus", options.corpus}, {"claims", list}};
  writeFileAtomically(options.output + "/" + table + ".json", report.dump(2) + "\n");
  writeFileAtomically(options.output + "/" + table + ".csv", findingsCsv(findings));
  writeClaimsChart("reproduce " + table + ": " + std::to_string(options.seeds) + " seeds, " + std::to_string(options.steps) + " steps, corpus " + options.corpus, findings,
                   options.output + "/" + table + ".png");
  if (printJson)
    std::cout << report.dump(2) << '\n';
  else
    print(table, findings, options);
}

}  // namespace moescope
