#include "app/capture_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "app/report_json.h"
#include "app/table_text.h"
#include "core/checkpoint/capture_measures.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

double variation(const Eigen::VectorXd& load) { return load.size() > 0 ? variationOf(load) : std::nan(""); }
double dead(const Eigen::VectorXd& load) { return load.size() > 0 ? deadExperts(load) : std::nan(""); }

}  // namespace

CaptureTable tableOf(const RoutingCapture& capture, int experts) {
  const CapturedTokens left = tokensWithoutIdentical(capture);
  CaptureTable table{experts, capture.tokens, left.empty() ? capture.tokens : std::count(left.begin(), left.end(), true), {}};
  for (int layer = 0; layer < capture.layers; ++layer) {
    CaptureTableRow row;
    row.layer = capture.layerNumbers.empty() ? layer : capture.layerNumbers[static_cast<std::size_t>(layer)];
    row.load = loadsOf(capture, layer, experts);
    row.routed = row.load.size() > 0;
    if (row.routed && !left.empty()) row.withoutIdentical = loadsOf(capture, layer, experts, left);
    table.layers.push_back(std::move(row));
  }
  return table;
}

std::string captureTableCsv(const CaptureTable& table, const RoutingCapture& capture) {
  std::vector<std::array<int, 2>> rows;
  for (int l = 0; l < static_cast<int>(table.layers.size()); ++l)
    for (int e = 0; e < table.experts; ++e) rows.push_back({l, e});
  const auto layer = [&](std::size_t row) -> const CaptureTableRow& {
    return table.layers[static_cast<std::size_t>(rows[row][0])];
  };
  const auto entry = [&](const Eigen::VectorXd& of, std::size_t row) { return of.size() > 0 ? of[rows[row][1]] : std::nan(""); };
  const auto everywhere = [](std::int64_t count) { return [count](std::size_t) { return static_cast<double>(count); }; };
  return csvOf({{"layer", [&](std::size_t row) { return static_cast<double>(layer(row).layer); }},
                {"expert", [&](std::size_t row) { return static_cast<double>(rows[row][1]); }},
                {"experts", everywhere(table.experts)},
                {"tokens", everywhere(table.tokens)},
                {"load", [&](std::size_t row) { return entry(layer(row).load, row); }},
                {"load_cv_of_assignments", [&](std::size_t row) { return variation(layer(row).load); }},
                {"dead_experts", [&](std::size_t row) { return dead(layer(row).load); }},
                {"load_without_identical_rows", [&](std::size_t row) { return entry(layer(row).withoutIdentical, row); }},
                {"sequences", everywhere(static_cast<std::int64_t>(capture.starts.size()))},
                {"identical_tokens", everywhere(identicalTokens(capture))},
                {"identical_tokens_left_out", everywhere(capture.leftOut)},
                {"padding_tokens_left_out", everywhere(capture.padding)},
                {"repeated_tokens_counted_once", everywhere(capture.repeated)}},
               rows.size());
}

nlohmann::json captureTableJson(const CaptureTable& table) {
  nlohmann::json list = nlohmann::json::array();
  for (const CaptureTableRow& layer : table.layers) {
    nlohmann::json row = {{"layer", layer.layer}, {"experts", table.experts}, {"routed", layer.routed}};
    if (layer.routed)
      row.update({{"load", listJson(layer.load)},
                  {"load_cv_of_assignments", number(variation(layer.load))},
                  {"dead_experts", deadExperts(layer.load)}});
    if (layer.withoutIdentical.size() > 0)
      row["without_identical_rows"] = {{"tokens", table.tokensWithoutIdentical},
                                       {"load", listJson(layer.withoutIdentical)},
                                       {"load_cv_of_assignments", number(variation(layer.withoutIdentical))},
                                       {"dead_experts", deadExperts(layer.withoutIdentical)}};
    list.push_back(std::move(row));
  }
  return list;
}

void printCaptureTable(const CaptureTable& table) {
  const bool both = table.tokensWithoutIdentical < table.tokens;
  std::printf("%6s %8s %8s  %s  %s%s\n", "layer", "experts", "tokens", "load CV of assignments", "dead experts",
              both ? "  the CV without identical rows" : "");
  for (const CaptureTableRow& layer : table.layers) {
    std::printf("%6d %8d %8lld ", layer.layer, table.experts, static_cast<long long>(table.tokens));
    if (!layer.routed)
      std::printf("not routed\n");
    else
      std::printf(" %22.4f %13d%s\n", variation(layer.load), deadExperts(layer.load),
                  both ? numberText("   %.4f", variation(layer.withoutIdentical)).c_str() : "");
  }
}

}  // namespace moescope
