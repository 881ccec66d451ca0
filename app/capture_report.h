#pragma once
// What moescope analyze says of a capture of routing, layer by layer.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/checkpoint/capture_measures.h"

namespace moescope {

/// "LAYERS,K" or "TOKENS,LAYERS,K". Throws CLI::ValidationError.
CaptureShape captureShape(const std::string& text);

/// One layer, and apart what the capture lets apart: without identical rows, prompts, answers.
struct CaptureReport {
  CaptureMeasures all;
  std::optional<CaptureMeasures> withoutIdentical, prompt, answer;
};

/// `layer`: place in the capture. Throws as measureCapture.
CaptureReport measureParts(const RoutingCapture& capture, int layer, int experts);

nlohmann::json captureJson(const CaptureReport& report, const RoutingCapture& capture);
/// The rows of one layer, indented under its heading.
void printCapture(const CaptureReport& report, const RoutingCapture& capture);

/// "100 tokens (40 of prompts, 60 of answers) in 1 sequence": what was read, and what was left out.
std::string captureHeading(const RoutingCapture& capture);
/// The same for machines, to be taken into a report: tokens, prompt_tokens, answer_tokens, sequences, padding_tokens, repeated_tokens.
nlohmann::json captureCounts(const RoutingCapture& capture);

}  // namespace moescope
