#pragma once
// `moescope analyze --layers`: the routing of all layers, a row for each layer and expert, for heat maps.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/checkpoint/layer_routing.h"
#include "core/reading/domain_lift.h"

namespace moescope {

/// Lifts of the experts over domains, all layers tested together.
struct LiftTable {
  std::vector<std::string> domains;  ///< names; empty: the trace has fewer than two
  DomainLifts lifts;
};
/// `trace`, `tokens`: as routingOfLayer() had them.
LiftTable liftsOf(const std::vector<LayerRouting>& layers, const RoutingTrace& trace, std::int64_t tokens);

/// One row for each expert of each layer; what holds for a layer stands in each of its rows. What is not a number, or needs a
/// trace, is nan.
std::string layerTableCsv(const std::vector<LayerRouting>& layers, const LiftTable& lifts);
nlohmann::json layerTableJson(const std::vector<LayerRouting>& layers, const LiftTable& lifts);
/// Null without domains.
nlohmann::json liftJson(const LiftTable& lifts);
void printLayerTable(const std::vector<LayerRouting>& layers);

}  // namespace moescope
