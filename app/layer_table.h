#pragma once
// `moescope analyze --layers`: the routing of all layers, a row for each layer and expert, for heat maps.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/checkpoint/layer_routing.h"

namespace moescope {

/// One row for each expert of each layer; what holds for a layer stands in each of its rows. What is not a number, or needs a trace, is nan.
std::string layerTableCsv(const std::vector<LayerRouting>& layers);
nlohmann::json layerTableJson(const std::vector<LayerRouting>& layers);
void printLayerTable(const std::vector<LayerRouting>& layers);

}  // namespace moescope
