#include "app/capture_report.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "app/report_json.h"

namespace moescope {

CaptureShape captureShape(const std::string& text) {
  std::vector<std::int64_t> sides;
  std::size_t at = 0;
  while (at <= text.size() && sides.size() < 4) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::string side = text.substr(at, comma - at);
    const bool whole = !side.empty() && side.size() < 10 && std::all_of(side.begin(), side.end(), [](unsigned char c) { return std::isdigit(c); });
    if (!whole || std::stoll(side) == 0) throw CLI::ValidationError("--capture-shape", "expected LAYERS,K or TOKENS,LAYERS,K, found '" + text + "'");
    sides.push_back(std::stoll(side));
    at = comma + 1;
  }
  if (sides.size() == 2) return {0, sides[0], sides[1]};
  if (sides.size() == 3) return {sides[0], sides[1], sides[2]};
  throw CLI::ValidationError("--capture-shape", "expected LAYERS,K or TOKENS,LAYERS,K, found '" + text + "'");
}

std::vector<CaptureShape> captureShapes(const MoeCheckpoint& checkpoint) {
  const CaptureShape all{0, checkpoint.modelLayers(), checkpoint.chosen()}, routed{0, static_cast<std::int64_t>(checkpoint.moeLayers().size()), checkpoint.chosen()};
  return all == routed ? std::vector{all} : std::vector{all, routed};
}

int captureLayer(const RoutingCapture& capture, const MoeCheckpoint& checkpoint, int layer) {
  const std::vector<int>& routed = checkpoint.moeLayers();
  if (capture.layers == checkpoint.modelLayers()) return layer;
  if (capture.layers == static_cast<int>(routed.size())) return static_cast<int>(std::find(routed.begin(), routed.end(), layer) - routed.begin());
  throw std::runtime_error(capture.file + ": expected " + std::to_string(checkpoint.modelLayers()) + " layers as in the model or " + std::to_string(routed.size()) +
                           " with a router, found " + std::to_string(capture.layers));
}

nlohmann::json captureJson(const CaptureMeasures& m, const RoutingCapture& capture) {
  if (!m.routed) return {{"routed", false}};
  nlohmann::json result = {{"routed", true},
                           {"tokens", capture.tokens},
                           {"padding_tokens", capture.padding},
                           {"sequences", capture.starts.size()},
                           {"chosen", capture.chosen},
                           {"experts", m.experts},
                           {"load", listJson(m.load)},
                           {"load_cv", m.loadVariation},
                           {"max_vio", m.maxViolation},
                           {"gini", m.gini},
                           {"load_entropy_nats", m.loadEntropy},
                           {"load_entropy_of_log_n", m.experts > 1 ? m.loadEntropy / std::log(m.experts) : 1.0},
                           {"never_chosen_experts", m.neverChosen},
                           {"dead_experts", m.dead},
                           {"churn", {{"mean", number(m.churn)}, {"independent_tokens", m.independentChurn}, {"neighbours", m.neighbours}}}};
  result["co_activation"] = {{"share_of_tokens", matrixJson(m.together)}, {"mean_lift", number(m.meanLift)}};
  if (m.firstOfPair >= 0) result["co_activation"]["most_frequent_pair"] = {m.firstOfPair, m.secondOfPair};
  return result;
}

void printCapture(const CaptureMeasures& m, const RoutingCapture& capture) {
  if (!m.routed) {
    std::printf("  not routed: every token carries the same id %d times\n", capture.chosen);
    return;
  }
  const auto row = [](const char* what, double value, const char* format, auto... beside) {
    char text[160];
    std::snprintf(text, sizeof text, format, beside...);
    std::printf("  %-52s %10.4f   %s\n", what, value, text);
  };
  row("load CV of assignments", m.loadVariation, "MaxVio %.4f, Gini %.4f", m.maxViolation, m.gini);
  row("entropy of the load, nats", m.loadEntropy, "%.1f %% of log %d; %.1f effective experts", m.experts > 1 ? 100.0 * m.loadEntropy / std::log(m.experts) : 100.0, m.experts,
      std::exp(m.loadEntropy));
  std::printf("  %-52s %10d   of %d; %d never chosen\n", "experts below a tenth of the mean load", m.dead, m.experts, m.neverChosen);
  if (m.firstOfPair >= 0) {
    const double both = m.together(m.firstOfPair, m.secondOfPair), lift = both / (m.together(m.firstOfPair, m.firstOfPair) * m.together(m.secondOfPair, m.secondOfPair));
    row("tokens of the most frequent pair of experts, share", both, "experts %d and %d, %.2f times as often as if independent", m.firstOfPair, m.secondOfPair, lift);
  }
  if (!std::isnan(m.churn)) row("experts that the next token does not share", m.churn, "independent tokens of the same load %.4f", m.independentChurn);
}

}  // namespace moescope
