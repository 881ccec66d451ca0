#include "app/capture_report.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "app/report_json.h"

namespace moescope {

namespace {

nlohmann::json measuresJson(const CaptureMeasures& m, int chosen, bool whole) {
  nlohmann::json result = {
      {"tokens", m.tokens},
      {"load", listJson(m.load)},
      {"load_cv_of_assignments", number(m.loadVariation)},
      {"max_vio", number(m.maxViolation)},
      {"gini", number(m.gini)},
      {"load_entropy_nats", number(m.loadEntropy)},
      {"load_entropy_of_log_n", number(m.loadEntropy / std::log(m.experts))},
      {"churn", {{"mean", number(m.churn)}, {"independent_tokens", number(m.independentChurn)}, {"neighbours", m.neighbours}}}};
  if (m.tokens == 0) return result;
  result["never_chosen_experts"] = m.neverChosen;
  result["dead_experts"] = m.dead;
  if (chosen < 2) return result;
  result["co_activation"] = {{"mean_lift", number(m.meanLift)}};
  if (whole) result["co_activation"]["share_of_tokens"] = matrixJson(m.together);
  if (m.firstOfPair >= 0) result["co_activation"]["most_frequent_pair"] = {m.firstOfPair, m.secondOfPair};
  return result;
}

void printRow(const char* what, double value, const std::string& beside) {
  char text[24] = "         -";
  if (std::isfinite(value)) std::snprintf(text, sizeof text, "%10.4f", value);
  std::printf("  %-52s %s   %s\n", what, text, beside.c_str());
}

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  char text[200];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

void printMeasures(const CaptureMeasures& m) {
  if (m.tokens == 0) {
    std::printf("  no tokens: nothing is measured\n");
    return;
  }
  printRow("load CV of assignments", m.loadVariation, formatted("MaxVio %.4f, Gini %.4f", m.maxViolation, m.gini));
  printRow(
      "entropy of the load, nats", m.loadEntropy,
      (m.experts > 1 ? formatted("%.1f %% of log %d; ", 100.0 * m.loadEntropy / std::log(m.experts), m.experts) : std::string()) +
          formatted("%.1f effective experts", std::exp(m.loadEntropy)));
  std::printf("  %-52s %10d   of %d; %d never chosen\n", "experts below a tenth of the mean load", m.dead, m.experts,
              m.neverChosen);
  if (m.firstOfPair >= 0) {
    const double both = m.together(m.firstOfPair, m.secondOfPair),
                 lift = both / (m.together(m.firstOfPair, m.firstOfPair) * m.together(m.secondOfPair, m.secondOfPair));
    printRow("tokens of the most frequent pair of experts, share", both,
             formatted("experts %d and %d, %.2f times as often as if independent", m.firstOfPair, m.secondOfPair, lift));
  }
  printRow("experts that the next token does not share", m.churn,
           m.neighbours > 0 ? formatted("independent tokens of the same load %.4f", m.independentChurn)
                            : std::string("no token has a neighbour"));
}

/// One line for prompts or answers.
void printPart(const char* what, const CaptureMeasures& m) {
  printRow((what + (", " + counted(m.tokens, "token")) + ": load CV of assignments").c_str(), m.loadVariation,
           m.tokens > 0 ? formatted("MaxVio %.4f, entropy of the load %.4f nats", m.maxViolation, m.loadEntropy) : std::string());
}

std::int64_t tokensOfPart(const RoutingCapture& capture, CapturedPart part) {
  return std::count(capture.parts.begin(), capture.parts.end(), part);
}

}  // namespace

CaptureReport measureParts(const RoutingCapture& capture, int layer, int experts) {
  CaptureReport report{measureCapture(capture, layer, experts), {}, {}, {}};
  if (!report.all.routed) return report;
  if (const CapturedTokens left = tokensWithoutIdentical(capture); !left.empty())
    report.withoutIdentical = measureCapture(capture, layer, experts, left);
  if (capture.parts.empty()) return report;
  report.prompt = measureCapture(capture, layer, experts, tokensOf(capture, CapturedPart::Prompt));
  report.answer = measureCapture(capture, layer, experts, tokensOf(capture, CapturedPart::Answer));
  return report;
}

nlohmann::json captureJson(const CaptureReport& report, const RoutingCapture& capture) {
  if (!report.all.routed) return {{"routed", false}};
  nlohmann::json result = measuresJson(report.all, capture.chosen, true);
  result.update(captureCounts(capture));
  result.update({{"routed", true}, {"chosen", capture.chosen}, {"experts", report.all.experts}});
  const auto part = [&](const char* name, const std::optional<CaptureMeasures>& measures) {
    if (measures) result[name] = measuresJson(*measures, capture.chosen, false);
  };
  part("without_identical_rows", report.withoutIdentical);
  part("prompt", report.prompt);
  part("answer", report.answer);
  return result;
}

void printCapture(const CaptureReport& report, const RoutingCapture& capture) {
  if (!report.all.routed) {
    std::printf("  not routed: every token carries the same id %d times\n", capture.chosen);
    return;
  }
  printMeasures(report.all);
  if (report.prompt) printPart("prompts", *report.prompt);
  if (report.answer) printPart("answers", *report.answer);
  if (!report.withoutIdentical) return;
  std::printf("  without the identical rows, %s:\n", counted(report.withoutIdentical->tokens, "token").c_str());
  printMeasures(*report.withoutIdentical);
}

std::string captureHeading(const RoutingCapture& capture) {
  std::string text = counted(capture.tokens, "token");
  if (!capture.parts.empty()) {
    text += " (" + std::to_string(tokensOfPart(capture, CapturedPart::Prompt)) + " of prompts, " +
            std::to_string(tokensOfPart(capture, CapturedPart::Answer)) + " of answers";
    if (const std::int64_t unsaid = tokensOfPart(capture, CapturedPart::Unsaid); unsaid > 0)
      text += ", " + std::to_string(unsaid) + " of either";
    text += ")";
  }
  return text + " in " + std::to_string(capture.starts.size()) + (capture.starts.size() == 1 ? " sequence" : " sequences");
}

nlohmann::json captureCounts(const RoutingCapture& capture) {
  nlohmann::json counts = {{"tokens", capture.tokens},
                           {"sequences", capture.starts.size()},
                           {"padding_tokens", capture.padding},
                           {"repeated_tokens", capture.repeated},
                           {"identical_tokens", identicalTokens(capture)},
                           {"identical_tokens_left_out", capture.leftOut}};
  if (!capture.parts.empty()) {
    counts["prompt_tokens"] = tokensOfPart(capture, CapturedPart::Prompt);
    counts["answer_tokens"] = tokensOfPart(capture, CapturedPart::Answer);
  }
  return counts;
}

}  // namespace moescope
