#include "app/layer_table.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <limits>

#include "app/report_json.h"
#include "app/table_text.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

struct LayerColumn {
  const char* name;
  double (*value)(const LayerRouting&);
  bool whole = false;  ///< a count
};

nlohmann::json columnJson(const LayerColumn& column, const LayerRouting& layer) {
  const double value = column.value(layer);
  return column.whole && std::isfinite(value) ? nlohmann::json(std::llround(value)) : number(value);
}

double traced(const LayerRouting& layer, double value) {
  return layer.tokens > 0 ? value : std::numeric_limits<double>::quiet_NaN();
}

constexpr LayerColumn kColumns[] = {
    {"mean_entropy_nats", [](const LayerRouting& layer) { return traced(layer, layer.probabilities.meanEntropy); }},
    {"effective_experts", [](const LayerRouting& layer) { return traced(layer, layer.probabilities.effectiveExperts); }},
    {"load_cv_of_assignments", [](const LayerRouting& layer) { return traced(layer, layer.loadVariation); }},
    {"dead_experts",
     [](const LayerRouting& layer) { return traced(layer, layer.load.allFinite() ? deadExperts(layer.load) : std::nan("")); },
     true},
    {"mean_absolute_router_cosine", [](const LayerRouting& layer) { return layer.routerSimilarity.value; }},
    {"choice_margin", [](const LayerRouting& layer) { return traced(layer, layer.margin); }},
    {"layer_shared_over_routed",
     [](const LayerRouting& layer) { return layer.shared ? layer.shared->ratio.mean() : std::nan(""); }},
    {"choices_shared_without_bias", [](const LayerRouting& layer) { return traced(layer, layer.sameWithoutBias); }},
};

double at(const Eigen::VectorXd& values, int expert) {
  return expert < values.size() ? values[expert] : std::numeric_limits<double>::quiet_NaN();
}

/// A domain's name as it can be part of a column's.
std::string columnName(const std::string& domain) {
  std::string name;
  for (const char c : domain) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

}  // namespace

std::string layerTableCsv(const std::vector<LayerRouting>& layers, const LiftTable& lifts) {
  std::vector<std::pair<std::size_t, int>> rows;
  for (std::size_t l = 0; l < layers.size(); ++l)
    for (int e = 0; e < layers[l].experts; ++e) rows.emplace_back(l, e);
  const auto layer = [&](std::size_t row) -> const LayerRouting& { return layers[rows[row].first]; };
  std::vector<NumberColumn> columns = {{"layer", [&](std::size_t row) { return static_cast<double>(layer(row).layer); }},
                                       {"expert", [&](std::size_t row) { return static_cast<double>(rows[row].second); }},
                                       {"experts", [&](std::size_t row) { return static_cast<double>(layer(row).experts); }},
                                       {"tokens", [&](std::size_t row) { return static_cast<double>(layer(row).tokens); }}};
  const auto ofExpert = [&](const char* name, Eigen::VectorXd LayerRouting::*values) {
    columns.push_back({name, [&, values](std::size_t row) { return at(layer(row).*values, rows[row].second); }});
  };
  ofExpert("load", &LayerRouting::load);
  ofExpert("tokens_entropy_nats", &LayerRouting::entropy);
  ofExpert("tokens_effective_experts", &LayerRouting::effective);
  ofExpert("nearest_router_cosine", &LayerRouting::nearest);
  ofExpert("told_of_next_layer_bits", &LayerRouting::onwards);
  ofExpert("told_by_chance_bits", &LayerRouting::onwardsByChance);
  columns.push_back({"shared_over_routed", [&](std::size_t row) {
                       return layer(row).shared ? at(layer(row).shared->ofExpert, rows[row].second) : std::nan("");
                     }});
  for (const LayerColumn& column : kColumns)
    columns.push_back({column.name, [&](std::size_t row) { return column.value(layer(row)); }});
  for (Eigen::Index d = 0; d < static_cast<Eigen::Index>(lifts.domains.size()); ++d) {
    const auto ofDomain = [&, d](const char* what, Eigen::MatrixXd DomainLift::*values) {
      columns.push_back({what + columnName(lifts.domains[static_cast<std::size_t>(d)]), [&, d, values](std::size_t row) {
                           return layer(row).tokens > 0 ? (lifts.lifts.layers[rows[row].first].*values)(d, rows[row].second)
                                                        : std::nan("");
                         }});
    };
    ofDomain("lift_log2_", &DomainLift::lift);
    ofDomain("lift_p_", &DomainLift::p);
  }
  return csvOf(columns, rows.size());
}

nlohmann::json layerTableJson(const std::vector<LayerRouting>& layers, const LiftTable& lifts) {
  nlohmann::json list = nlohmann::json::array();
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const LayerRouting& layer = layers[l];
    const auto traced = [&](const Eigen::VectorXd& values) {
      return layer.tokens > 0 ? listJson(values) : nlohmann::json(nullptr);
    };
    nlohmann::json row = {{"layer", layer.layer},
                          {"experts", layer.experts},
                          {"tokens", layer.tokens},
                          {"load", traced(layer.load)},
                          {"tokens_entropy_nats", traced(layer.entropy)},
                          {"tokens_effective_experts", traced(layer.effective)},
                          {"nearest_router_cosine", listJson(layer.nearest)}};
    for (const LayerColumn& column : kColumns) row[column.name] = columnJson(column, layer);
    if (layer.next)
      row["next_layer"] = {{"layer", layer.nextLayer},
                           {"told_bits", listJson(layer.onwards)},
                           {"told_by_chance_bits", listJson(layer.onwardsByChance)},
                           {"tokens_of_expert", listJson(layer.next->first)},
                           {"tokens_of_next", listJson(layer.next->second)},
                           {"tokens_of_both", matrixJson(layer.next->share)}};
    if (layer.shared)
      row["shared_over_routed"] = {{"of_expert", listJson(layer.shared->ofExpert)},
                                   {"mean", number(layer.shared->ratio.mean())},
                                   {"tokens", layer.shared->ratio.size()}};
    if (!lifts.domains.empty() && layer.tokens > 0) {
      const DomainLift& lift = lifts.lifts.layers[l];
      row["domain_lift"] = {{"log2", matrixJson(lift.lift)}, {"z", matrixJson(lift.z)}, {"p", matrixJson(lift.p)}};
    }
    list.push_back(std::move(row));
  }
  return list;
}

nlohmann::json liftJson(const LiftTable& lifts) {
  if (lifts.domains.empty()) return nullptr;
  return {{"domains", lifts.domains},
          {"permutations", lifts.lifts.permutations},
          {"units", lifts.lifts.units},
          {"unit_tokens", lifts.lifts.unitTokens},
          {"tests", lifts.lifts.tests},
          {"threshold_z", number(lifts.lifts.threshold)},
          {"correction", "greatest |z| of all tests (Westfall and Young)"}};
}

LiftTable liftsOf(const std::vector<LayerRouting>& layers, const RoutingTrace& trace, std::int64_t tokens) {
  LiftTable table;
  const std::vector<int> domain = trace.perToken("domains", tokens, 255);
  if (domain.empty()) return table;
  const int domains = *std::max_element(domain.begin(), domain.end()) + 1;
  if (domains < 2) return table;
  table.domains = trace.domainNames();
  for (int d = static_cast<int>(table.domains.size()); d < domains; ++d) table.domains.push_back("domain " + std::to_string(d));
  table.domains.resize(static_cast<std::size_t>(domains));
  std::vector<const RowMatrix*> gates;
  for (const LayerRouting& layer : layers) gates.push_back(&layer.weights);
  table.lifts = domainLifts(gates, domain, domains, runToPermute(domain, 0), kLiftPermutations, 1);
  return table;
}

void printLayerTable(const std::vector<LayerRouting>& layers) {
  std::vector<LayerColumn> told;  // by some layer
  std::copy_if(std::begin(kColumns), std::end(kColumns), std::back_inserter(told), [&](const LayerColumn& column) {
    return std::any_of(layers.begin(), layers.end(),
                       [&](const LayerRouting& layer) { return std::isfinite(column.value(layer)); });
  });
  std::printf("%6s %8s", "layer", "experts");
  for (const LayerColumn& column : told) std::printf("  %s", column.name);
  std::printf("\n");
  for (const LayerRouting& layer : layers) {
    std::printf("%6d %8d", layer.layer, layer.experts);
    for (const LayerColumn& column : told)
      std::printf("  %*s", static_cast<int>(std::string(column.name).size()),
                  numberText(column.whole ? "%.0f" : "%.4f", column.value(layer)).c_str());
    std::printf("\n");
  }
}

}  // namespace moescope
