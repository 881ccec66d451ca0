#pragma once
// What moescope analyze says of a capture of routing, layer by layer.

#include <nlohmann/json.hpp>
#include <vector>

#include "core/checkpoint/capture_measures.h"
#include "core/checkpoint/families.h"

namespace moescope {

/// "LAYERS,K" or "TOKENS,LAYERS,K". Throws CLI::ValidationError.
CaptureShape captureShape(const std::string& text);

/// Shapes that a capture of this checkpoint can have: all the model's layers (SGLang, vLLM) or only those with a router.
std::vector<CaptureShape> captureShapes(const MoeCheckpoint& checkpoint);

/// Place in the capture of a layer as the checkpoint counts. Throws std::runtime_error where the capture has other layers.
int captureLayer(const RoutingCapture& capture, const MoeCheckpoint& checkpoint, int layer);

nlohmann::json captureJson(const CaptureMeasures& measures, const RoutingCapture& capture);
/// The rows of one layer, indented under its heading.
void printCapture(const CaptureMeasures& measures, const RoutingCapture& capture);

}  // namespace moescope
