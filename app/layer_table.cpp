#include "app/layer_table.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <limits>

#include "app/report_json.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

struct LayerColumn {
  const char* name;
  double (*value)(const LayerRouting&);
};

double traced(const LayerRouting& layer, double value) { return layer.tokens > 0 ? value : std::numeric_limits<double>::quiet_NaN(); }

constexpr LayerColumn kColumns[] = {
    {"mean_entropy_nats", [](const LayerRouting& layer) { return traced(layer, layer.probabilities.meanEntropy); }},
    {"effective_experts", [](const LayerRouting& layer) { return traced(layer, layer.probabilities.effectiveExperts); }},
    {"load_cv", [](const LayerRouting& layer) { return traced(layer, layer.loadVariation); }},
    {"dead_experts", [](const LayerRouting& layer) { return traced(layer, layer.load.allFinite() ? deadExperts(layer.load) : std::nan("")); }},
    {"mean_absolute_router_cosine", [](const LayerRouting& layer) { return layer.routerSimilarity.value; }},
    {"choice_margin", [](const LayerRouting& layer) { return traced(layer, layer.margin); }},
    {"choices_shared_without_bias", [](const LayerRouting& layer) { return traced(layer, layer.sameWithoutBias); }},
};

std::string cell(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return std::isnan(value) ? "nan" : text;
}

double at(const Eigen::VectorXd& values, int expert) { return expert < values.size() ? values[expert] : std::numeric_limits<double>::quiet_NaN(); }

/// A domain's name as it can be part of a column's.
std::string columnName(const std::string& domain) {
  std::string name;
  for (const char c : domain) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

}  // namespace

std::string layerTableCsv(const std::vector<LayerRouting>& layers, const LiftTable& lifts) {
  std::string text = "layer,expert,experts,tokens,load,tokens_entropy_nats,tokens_effective_experts,nearest_router_cosine";
  for (const LayerColumn& column : kColumns) text += std::string(",") + column.name;
  for (const std::string& domain : lifts.domains) text += ",lift_log2_" + columnName(domain) + ",lift_p_" + columnName(domain);
  text += "\n";
  for (std::size_t l = 0; l < layers.size(); ++l)
    for (int e = 0; e < layers[l].experts; ++e) {
      const LayerRouting& layer = layers[l];
      text += std::to_string(layer.layer) + "," + std::to_string(e) + "," + std::to_string(layer.experts) + "," + std::to_string(layer.tokens);
      for (const Eigen::VectorXd* values : {&layer.load, &layer.entropy, &layer.effective, &layer.nearest}) text += "," + cell(at(*values, e));
      for (const LayerColumn& column : kColumns) text += "," + cell(column.value(layer));
      for (Eigen::Index d = 0; d < static_cast<Eigen::Index>(lifts.domains.size()); ++d) {
        const bool there = layer.tokens > 0;
        text += "," + (there ? cell(lifts.lifts.layers[l].lift(d, e)) : "nan") + "," + (there ? cell(lifts.lifts.layers[l].p(d, e)) : "nan");
      }
      text += "\n";
    }
  return text;
}

nlohmann::json layerTableJson(const std::vector<LayerRouting>& layers, const LiftTable& lifts) {
  nlohmann::json list = nlohmann::json::array();
  for (std::size_t l = 0; l < layers.size(); ++l) {
    const LayerRouting& layer = layers[l];
    const auto traced = [&](const Eigen::VectorXd& values) { return layer.tokens > 0 ? listJson(values) : nlohmann::json(nullptr); };
    nlohmann::json row = {{"layer", layer.layer}, {"experts", layer.experts}, {"tokens", layer.tokens}, {"load", traced(layer.load)}, {"tokens_entropy_nats", traced(layer.entropy)},
                          {"tokens_effective_experts", traced(layer.effective)}, {"nearest_router_cosine", listJson(layer.nearest)}};
    for (const LayerColumn& column : kColumns) row[column.name] = number(column.value(layer));
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
  return {{"domains", lifts.domains}, {"permutations", lifts.lifts.permutations}, {"units", lifts.lifts.units}, {"unit_tokens", lifts.lifts.unitTokens}, {"tests", lifts.lifts.tests}, {"threshold_z", number(lifts.lifts.threshold)},
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
  std::printf("%6s %8s", "layer", "experts");
  for (const LayerColumn& column : kColumns) std::printf("  %s", column.name);
  std::printf("\n");
  for (const LayerRouting& layer : layers) {
    std::printf("%6d %8d", layer.layer, layer.experts);
    for (const LayerColumn& column : kColumns) std::printf("  %*s", static_cast<int>(std::string(column.name).size()), numberText("%.4f", column.value(layer)).c_str());
    std::printf("\n");
  }
}

}  // namespace moescope
