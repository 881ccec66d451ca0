#include "app/layer_table.h"

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
    {"choices_shared_without_bias", [](const LayerRouting& layer) { return traced(layer, layer.sameWithoutBias); }},
};

std::string cell(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return std::isnan(value) ? "nan" : text;
}

double loadOf(const LayerRouting& layer, int expert) { return layer.tokens > 0 ? layer.load[expert] : std::numeric_limits<double>::quiet_NaN(); }

}  // namespace

std::string layerTableCsv(const std::vector<LayerRouting>& layers) {
  std::string text = "layer,expert,experts,tokens,load,nearest_router_cosine";
  for (const LayerColumn& column : kColumns) text += std::string(",") + column.name;
  text += "\n";
  for (const LayerRouting& layer : layers)
    for (int e = 0; e < layer.experts; ++e) {
      text += std::to_string(layer.layer) + "," + std::to_string(e) + "," + std::to_string(layer.experts) + "," + std::to_string(layer.tokens) + "," + cell(loadOf(layer, e)) + "," + cell(layer.nearest[e]);
      for (const LayerColumn& column : kColumns) text += "," + cell(column.value(layer));
      text += "\n";
    }
  return text;
}

nlohmann::json layerTableJson(const std::vector<LayerRouting>& layers) {
  nlohmann::json list = nlohmann::json::array();
  for (const LayerRouting& layer : layers) {
    nlohmann::json row = {{"layer", layer.layer}, {"experts", layer.experts}, {"tokens", layer.tokens}, {"load", layer.tokens > 0 ? listJson(layer.load) : nlohmann::json(nullptr)},
                          {"nearest_router_cosine", listJson(layer.nearest)}};
    for (const LayerColumn& column : kColumns) row[column.name] = number(column.value(layer));
    list.push_back(std::move(row));
  }
  return list;
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
