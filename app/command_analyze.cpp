// moescope analyze: the geometry of a Hugging Face MoE checkpoint, with a routing trace if there is one.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/capture_report.h"
#include "app/commands.h"
#include "app/json_output.h"
#include "app/options.h"
#include "app/report_json.h"
#include "core/checkpoint/layer_analysis.h"
#include "core/geometry/coupling.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

using nlohmann::json;

struct AnalyzeOptions {
  std::string path, trace, output, layer = "all", shape;
  int experts = 0;
  LayerAnalysisSettings settings;
  bool json = false;
};

json traceJson(const LayerReport& report) {
  const ExpertAnalysis& analysis = *report.analysis;
  json result = {{"tokens", report.tokens},
                 {"agreement_with_traced_ids", number(report.agreement)},
                 {"load", listJson(report.load)},
                 {"load_cv_of_weights", report.weights.loadVariation},
                 {"max_vio_of_weights", report.weights.maxViolation},
                 {"entropy_of_weights_nats", report.weights.meanEntropy},
                 {"dead_experts", deadExperts(report.load)},
                 {"routed_subspaces", {{"rank", analysis.settings.rank}, {"overlap", matrixJson(analysis.overlap)}, {"mean_overlap", number(meanOffDiagonal(analysis.overlap))},
                                       {"random_overlap", analysis.nullOverlap}, {"random_deviation", analysis.nullOverlapDeviation},
                                       {"effective_rank", listJson(analysis.effectiveRank)}}}};
  if (report.withoutJacobians.empty()) {
    result["jacobians"] = {{"alignment", matrixJson(analysis.shared.mean)}, {"mean_absolute", number(meanOffDiagonal(analysis.shared.mean))},
                           {"mean_absolute_z", number(meanOffDiagonal(analysis.shared.zScore()))}, {"null_deviation", analysis.shared.nullDeviation},
                           {"tokens", report.jacobians.tokens}, {"method", report.jacobians.probes ? "hutchinson" : "exact"}, {"probes", report.jacobians.probes},
                           {"passes", report.jacobians.passes}};
    for (const ScoreActivation& each : analysis.scoreActivation)
      result["score_activation"].push_back({{"tokens", each.tokens.size()}, {"pearson", number(each.pearson)}, {"spearman", number(each.spearman)}});
  } else {
    result["without_jacobians"] = report.withoutJacobians;
  }
  for (const RoutingAt& at : report.routing)
    result["routing"].push_back({{"concentration", at.concentration}, {"entropy_of_probabilities_nats", at.routing.probability.meanEntropy},
                                 {"entropy_lower_bound_nats", at.routing.entropyLower}, {"entropy_upper_bound_nats", at.routing.entropyUpper},
                                 {"effective_experts", at.routing.probability.effectiveExperts}, {"load_cv_applied", at.routing.applied.loadVariation},
                                 {"max_vio_applied", at.routing.applied.maxViolation}});
  return result;
}

json sharedJson(const LayerReport& report) {
  const SharedReport& shared = *report.shared;
  json result = {{"units", shared.units}, {"gated", shared.gated}, {"router_coupling", listJson(shared.coupling)}, {"weight_overlap", listJson(shared.overlap)}};
  if (shared.alignment.size() > 0) result["jacobian_alignment"] = listJson(shared.alignment);
  if (shared.gated && report.tokens > 0) result["mean_gate"] = shared.meanGate;
  return result;
}

json layerJson(const LayerReport& report) {
  json result = {{"layer", report.layer}, {"experts", report.experts}, {"width", report.width}, {"units", report.units},
                 {"router_similarity", {{"cosines", matrixJson(report.routerSimilarity)}, {"mean_absolute", number(meanOffDiagonal(report.routerSimilarity))}, {"random", report.nullCosine}}},
                 {"coupling", {{"mean_absolute_cosines", matrixJson(report.coupling)}, {"matched_minus_rest", number(Coupling::contrast(report.coupling))}, {"random", report.nullCosine}}},
                 {"weight_subspaces", {{"rank", report.weightRank}, {"overlap", matrixJson(report.weightOverlap)}, {"mean_overlap", number(meanOffDiagonal(report.weightOverlap))},
                                       {"random_overlap", report.nullOverlap}, {"random_deviation", report.nullOverlapDeviation}, {"explained", listJson(report.explained)}}}};
  if (report.shared) result["shared_expert"] = sharedJson(report);
  result["memory_bound_megabytes"] = static_cast<double>(report.memoryBound) / 1e6;
  if (report.tokens > 0) result["trace"] = traceJson(report);
  return result;
}

void printLayer(const LayerReport& report) {
  std::printf("\nlayer %d: %d experts of %d units, width %d\n", report.layer, report.experts, report.units, report.width);
  const auto row = [](const char* what, double value, const std::string& beside) { std::printf("  %-52s %10.4f   %s\n", what, value, beside.c_str()); };
  const auto text = [](const char* format, double value) {
    char buffer[96];
    std::snprintf(buffer, sizeof buffer, format, value);
    return std::string(buffer);
  };
  row("router rows, mean |cos| of different ones", meanOffDiagonal(report.routerSimilarity), text("random directions %.4f", report.nullCosine));
  row("router and W_gate rows, mean |cos|, matched pairs", report.coupling.diagonal().mean(),
      text("matched less rest %+.4f, ", Coupling::contrast(report.coupling)) + text("random %.4f", report.nullCosine));
  row(("subspaces of W_gate, rank " + std::to_string(report.weightRank) + ", mean overlap").c_str(), meanOffDiagonal(report.weightOverlap),
      text("random r/d %.4f", report.nullOverlap) + text(" +- %.4f", report.nullOverlapDeviation));
  row("share of |W_gate|^2 in that subspace, mean", report.explained.mean(), text("least %.4f", report.explained.minCoeff()));
  if (report.shared) {
    const SharedReport& shared = *report.shared;
    row("shared expert: overlap of W_gate with routed ones", shared.overlap.mean(),
        std::to_string(shared.units) + (shared.gated ? " units, sigmoid-gated, " : " units, not gated, ") + text("random %.4f; not part of load or balance", report.nullOverlap));
    if (shared.alignment.size() > 0) row("shared expert: Jacobian alignment, mean |cos|", shared.alignment.cwiseAbs().mean(), text("%.2f deviations of independent ones", shared.alignment.cwiseAbs().mean() / report.analysis->shared.nullDeviation));
    if (shared.gated && report.tokens > 0) row("shared expert: mean of its gate", shared.meanGate, "");
  }
  if (report.tokens == 0) return;
  const ExpertAnalysis& analysis = *report.analysis;
  std::printf("  with the trace's %lld tokens:\n", static_cast<long long>(report.tokens));
  if (!std::isnan(report.agreement)) row("traced choices that our router makes too", report.agreement, "1 = all");
  row("load CV of assignments' weights", report.weights.loadVariation, text("MaxVio %.4f, ", report.weights.maxViolation) +
      std::to_string(deadExperts(report.load)) + " of " + std::to_string(report.experts) + " experts below a tenth of the mean load");
  row(("subspaces of routed tokens, rank " + std::to_string(analysis.settings.rank) + ", mean overlap").c_str(), meanOffDiagonal(analysis.overlap),
      text("random r/d %.4f", analysis.nullOverlap) + text(" +- %.4f", analysis.nullOverlapDeviation));
  if (report.withoutJacobians.empty()) {
    const JacobianPlan& plan = report.jacobians;
    std::printf("  Jacobians %s on %d shared tokens, every expert read %s\n", plan.probes ? ("by " + std::to_string(plan.probes) + " random directions").c_str() : "exact", plan.tokens,
                plan.passes == 1 ? "once" : (std::to_string(plan.passes) + " times").c_str());
    row("Jacobian alignment, mean |cos|", meanOffDiagonal(analysis.shared.mean), 
        text("%.2f deviations of independent ones", meanOffDiagonal(analysis.shared.zScore())) + text(" (%.4f at one token", analysis.shared.nullDeviation) +
            (plan.probes > 0 ? ", noise of the random directions included)" : ", less over many)"));
    const MeanCorrelation spearman = meanSpearman(analysis.scoreActivation);
    row("score against activation, mean Spearman", spearman.value, "of " + std::to_string(spearman.experts) + " experts with three tokens or more");
  } else {
    std::printf("  no Jacobians: %s\n", report.withoutJacobians.c_str());
  }
  std::printf("  %13s %28s %12s %12s %12s %12s\n", "concentration", "entropy, nats (bounds)", "eff. experts", "load CV", "MaxVio", "applied H");
  for (const RoutingAt& at : report.routing)
    std::printf("  %13.4g %10.4f (%.4f, %.4f) %12.3f %12.4f %12.4f %12.4f\n", at.concentration, at.routing.probability.meanEntropy, at.routing.entropyLower,
                at.routing.entropyUpper, at.routing.probability.effectiveExperts, at.routing.applied.loadVariation, at.routing.applied.maxViolation,
                at.routing.applied.meanEntropy);
}

std::vector<int> chosenLayers(const MoeCheckpoint& checkpoint, const std::string& wanted) {
  if (wanted == "all") return checkpoint.moeLayers();
  for (const int layer : checkpoint.moeLayers())
    if (std::to_string(layer) == wanted) return {layer};
  std::string known;
  for (const int layer : checkpoint.moeLayers()) known += (known.empty() ? "" : ", ") + std::to_string(layer);
  throw CLI::ValidationError("--layer", "'" + wanted + "' is no MoE layer of this checkpoint; expected all or one of " + known);
}

double peakMegabytes() {
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

/// A file beside a checkpoint is a trace of hidden states when it is safetensors, else a capture of expert ids.
bool isCapture(const std::string& file) { return !file.empty() && !file.ends_with(".safetensors"); }

void deliver(const json& report, const AnalyzeOptions& options) {
  if (!options.output.empty()) writeFileAtomically(options.output, jsonText(report) + "\n");
  if (options.json) printReport(report);
}

void stopIfInterrupted() {
  if (interrupted()) throw std::runtime_error("stopped; nothing was written");
}

void analyzeCapture(const AnalyzeOptions& options) {
  if (!isCapture(options.path)) throw std::runtime_error(options.path + ": a trace needs its checkpoint: moescope analyze CHECKPOINT --trace FILE");
  if (!options.trace.empty()) throw CLI::ValidationError("--trace", "expected a checkpoint folder before it, found the file " + options.path);
  interrupted();
  const RoutingCapture capture = readCapture(options.path, options.shape.empty() ? std::vector<CaptureShape>{} : std::vector{captureShape(options.shape)}, options.experts);
  const int experts = std::max(capture.experts, options.experts);
  json report = {{"capture", options.path}, {"experts", experts}, {"experts_from", options.experts > 0 ? "option" : "largest id"}, {"notes", noteList(capture.notes)}, {"layers", json::array()}};
  report.update(captureCounts(capture));
  if (!options.json) {
    std::printf("%s: %s, %d layers, %d experts a token, %d experts%s\n", options.path.c_str(), captureHeading(capture).c_str(), capture.layers, capture.chosen, experts,
                options.experts > 0 ? "" : " (largest id + 1; --experts N if there are more)");
    printNotes(capture.notes);
  }
  Progress progress("layer", capture.layers);
  for (int layer = 0; layer < capture.layers; ++layer) {
    if (options.layer != "all" && options.layer != std::to_string(layer)) continue;
    stopIfInterrupted();
    const CaptureReport measures = measureParts(capture, layer, experts);
    json row = captureJson(measures, capture);
    row["layer"] = layer;
    report["layers"].push_back(std::move(row));
    if (!options.json) {
      std::printf("\nlayer %d\n", layer);
      printCapture(measures, capture);
    }
    progress.at(layer + 1);
  }
  if (report["layers"].empty()) throw CLI::ValidationError("--layer", "'" + options.layer + "' is no layer of this capture; expected all or 0 to " + std::to_string(capture.layers - 1));
  deliver(report, options);
}

/// Do experts whose router rows point the same way fire for the same tokens? Over pairs of experts that were chosen.
double togetherAgainstSimilarity(const CaptureMeasures& measures, const Eigen::MatrixXd& similarity) {
  std::vector<double> lift, cosine;
  for (int a = 0; a < measures.experts; ++a)
    for (int b = a + 1; b < measures.experts; ++b)
      if (const double alone = measures.together(a, a) * measures.together(b, b); alone > 0.0) {
        lift.push_back(measures.together(a, b) / alone);
        cosine.push_back(similarity(a, b));
      }
  const auto vector = [](const std::vector<double>& v) { return Eigen::Map<const Eigen::VectorXd>(v.data(), static_cast<Eigen::Index>(v.size())); };
  return spearmanCorrelation(vector(cosine), vector(lift));
}

json captureOfLayer(const RoutingCapture& capture, const MoeCheckpoint& checkpoint, const LayerReport& layer, bool print) {
  const CaptureReport measures = measureParts(capture, captureLayer(capture, checkpoint, layer.layer), layer.experts);
  json result = captureJson(measures, capture);
  if (print) std::printf("  with the capture's %s:\n", captureHeading(capture).c_str());
  if (print) printCapture(measures, capture);
  if (!measures.all.routed || capture.chosen < 2) return result;
  const double spearman = togetherAgainstSimilarity(measures.all, layer.routerSimilarity);
  result["co_activation"]["spearman_with_router_similarity"] = number(spearman);
  if (print) std::printf("  %-52s %10.4f   Spearman over pairs of experts\n", "co-activation against cosine of router rows", spearman);
  return result;
}

void analyzeCheckpoint(const AnalyzeOptions& options) {
  const MoeCheckpoint checkpoint(options.path);
  const std::vector<int> layers = chosenLayers(checkpoint, options.layer);
  std::unique_ptr<RoutingTrace> trace;
  std::optional<RoutingCapture> capture;
  if (isCapture(options.trace)) {
    capture = readCapture(options.trace, options.shape.empty() ? captureShapes(checkpoint) : std::vector{captureShape(options.shape)}, checkpoint.experts());
    captureLayer(*capture, checkpoint, layers.front());
  } else if (!options.trace.empty()) {
    trace = std::make_unique<RoutingTrace>(options.trace);
  }
  interrupted();
  json report = {{"checkpoint", options.path}, {"family", checkpoint.family()}, {"experts", checkpoint.experts()}, {"width", checkpoint.width()}, {"layers", json::array()}};
  if (!options.json) std::printf("%s: family %s, %zu MoE layers, %d experts, width %d\n", options.path.c_str(), checkpoint.family().c_str(), checkpoint.moeLayers().size(),
                                 checkpoint.experts(), checkpoint.width());
  if (!options.json && options.trace.empty()) std::printf("without a routing trace (--trace FILE, see docs/trace.md): no entropy, load, Jacobians or concentration\n");
  if (!options.json && capture) std::printf("a capture holds no hidden states: no entropy of tokens, Jacobians or concentration\n");
  if (!options.json && capture) printNotes(capture->notes);
  std::uint64_t read = 0;
  std::uint64_t bound = 0;
  const double before = peakMegabytes();
  const auto start = std::chrono::steady_clock::now();
  Progress progress("expert", static_cast<long>(layers.size()) * checkpoint.experts());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerReport layer = analyseLayer(checkpoint, layers[i], trace.get(), options.settings, [&](int done) {
      progress.at(static_cast<long>(i) * checkpoint.experts() + done);
      stopIfInterrupted();
      return true;
    });
    read += layer.expertBytes * static_cast<std::uint64_t>(layer.experts);
    bound = std::max(bound, layer.memoryBound);
    report["layers"].push_back(layerJson(layer));
    if (!options.json) printLayer(layer);
    if (capture) report["layers"].back()["capture"] = captureOfLayer(*capture, checkpoint, layer, !options.json);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report["seconds"] = seconds;
  report["expert_megabytes_as_float"] = static_cast<double>(read) / 1e6;
  report["peak_memory_megabytes"] = peakMegabytes();
  report["memory_before_megabytes"] = before;
  report["memory_bound_megabytes"] = static_cast<double>(bound) / 1e6;
  for (const json& note : capture ? noteList(capture->notes) : json::array()) report["notes"].push_back(note);
  deliver(report, options);
  if (!options.json)
    std::printf("\n%.1f MB of expert weights (as float) in %.2f s; peak memory %.0f MB, %.0f MB before; experts and Jacobians take %.0f MB at most: %s\n",
                static_cast<double>(read) / 1e6, seconds, peakMegabytes(), before, static_cast<double>(bound) / 1e6,
                trace ? "two experts, the tensor being read and scratch for each thread, and the products kept" : "one expert, the tensor being read and scratch for each thread");
}

void analyze(const AnalyzeOptions& options) {
  if (!options.output.empty()) requireWritable(options.output);
  if (std::filesystem::is_regular_file(options.path)) analyzeCapture(options);
  else analyzeCheckpoint(options);
}

}  // namespace

void addAnalyzeCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand("analyze", "The expert geometry of a Hugging Face MoE checkpoint, with a routing trace if there is one; or the balance of a capture");
  auto options = std::make_shared<AnalyzeOptions>();
  options->settings.concentrations = {0.0, 0.5, 1.0, 2.0, 4.0};
  command->add_option("path", options->path, "Checkpoint folder (config.json beside safetensors), or a capture of expert ids (.npy, .npz, JSON)")->required();
  command->add_option("--trace", options->trace, "Routing trace (docs/trace.md): hidden states, logits, expert ids as safetensors; or a capture of expert ids");
  command->add_option("--capture-shape", options->shape, "LAYERS,K or TOKENS,LAYERS,K of a capture whose file does not tell");
  command->add_option("--experts", options->experts, "Experts of a capture without checkpoint [largest id + 1]")->check(CLI::Range(1, kMostCapturedExperts));
  command->add_option("--layer", options->layer, "One MoE layer as the checkpoint counts, or all [all]");
  command->add_option("--rank", options->settings.expert.rank, "Rank of the subspaces of routed tokens [4]")->check(CLI::Range(1, 4096));
  command->add_option("--weight-rank", options->settings.weightRank, "Rank of the subspaces of expert weights [16]")->check(CLI::Range(1, 4096));
  command->add_option("--tokens", options->settings.tokens, "Tokens of the trace, at most [2048]")->check(CLI::Range(2, 1 << 20));
  command->add_option("--jacobian-tokens", options->settings.expert.jacobianTokens, "Tokens on which Jacobians are taken [64]")->check(CLI::Range(1, 4096));
  command->add_option("--jacobian-probes", options->settings.expert.jacobianProbes, "0: exact Jacobians; else random directions, 32 or more [0]")->check(CLI::Range(0, 4096));
  command->add_option_function<int>("--jacobian-memory", [options](const int& mebibytes) { options->settings.jacobianBytes = static_cast<std::uint64_t>(mebibytes) << 20; },
                                    "MiB that products with Jacobians may take; where exact ones do not fit, 32 random directions are used [4096]")->check(CLI::Range(0, 1 << 20));
  command->add_option("--concentration", options->settings.concentrations, "Concentrations at which routing is read [0,0.5,1,2,4]")->delimiter(',')->check(CLI::Range(0.0, 1e6));
  const std::map<std::string, GatingPolicy> policies = {{"soft", GatingPolicy::Soft}, {"top-k", GatingPolicy::TopK}, {"top-p", GatingPolicy::TopP}, {"threshold", GatingPolicy::Threshold}};
  command->add_option("--gating", options->settings.gating.policy, "soft, top-k, top-p or threshold [soft]")->transform(CLI::CheckedTransformer(policies));
  command->add_option("--gating-k", options->settings.gating.k, "Experts kept by top-k [2]")->check(CLI::Range(1, 4096));
  command->add_option("--gating-mass", options->settings.gating.mass, "Mass kept by top-p [0.9]")->check(CLI::Range(1e-6, 1.0));
  command->add_option("--gating-threshold", options->settings.gating.threshold, "Least gate kept by threshold [0.05]")->check(CLI::Range(0.0, 1.0));
  command->add_option("--threads", options->settings.threads, "Threads, each with one expert's weights [one for each core]")->check(CLI::Range(0, 1024));
  command->add_option("-o,--output", options->output, "Write the report as JSON to this file");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { analyze(*options); });
}

}  // namespace moescope
