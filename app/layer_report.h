#pragma once
// What `moescope analyze` says of one MoE layer, as JSON and as text. What is not a number is null, or said in these words.

#include <nlohmann/json.hpp>

#include "core/checkpoint/layer_analysis.h"

namespace moescope {

nlohmann::json layerJson(const LayerReport& report);
void printLayer(const LayerReport& report);

}  // namespace moescope
