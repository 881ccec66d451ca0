#pragma once
// What moescope analyze says of a capture of routing, layer by layer.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/checkpoint/capture_measures.h"

namespace moescope {

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
/// The same for machines, to be taken into a report: tokens, prompt_tokens, answer_tokens, sequences, padding_tokens,
/// repeated_tokens, identical_tokens (that count), identical_tokens_left_out.
nlohmann::json captureCounts(const RoutingCapture& capture);

}  // namespace moescope
