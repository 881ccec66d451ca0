// moescope analyze: the geometry of a Hugging Face MoE checkpoint, with a routing trace if there is one.

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/capture_report.h"
#include "app/capture_table.h"
#include "app/commands.h"
#include "app/json_output.h"
#include "app/layer_report.h"
#include "app/layer_table.h"
#include "app/options.h"
#include "app/report_json.h"
#include "core/checkpoint/capture_measures.h"
#include "core/checkpoint/capture_reader.h"
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/layer_analysis.h"
#include "core/checkpoint/shared_norms.h"
#include "core/geometry/score_activation.h"
#include "core/geometry/stop_scope.h"
#include "core/metrics/load.h"
#include "core/words/words.h"

namespace moescope {
namespace {

using nlohmann::json;

struct AnalyzeOptions {
  std::string path, trace, output, layer = "all", table;
  CaptureReading reading;
  LayerAnalysisSettings settings;
  bool json = false, replace = false;
  bool shared = false;  ///< of the table: shared against routed experts too
};

std::vector<int> chosenLayers(const MoeCheckpoint& checkpoint, const std::string& wanted) {
  if (wanted == "all") return checkpoint.moeLayers();
  for (const int layer : checkpoint.moeLayers())
    if (std::to_string(layer) == wanted) return {layer};
  std::string known;
  for (const int layer : checkpoint.moeLayers()) known += (known.empty() ? "" : ", ") + std::to_string(layer);
  throw CLI::ValidationError("--layer", "'" + wanted + "' is no MoE layer of this checkpoint; expected all or one of " + known);
}

/// Adds notes that were not there yet, and says them unless the report is JSON.
void say(const ReadingNotes& notes, ReadingNotes& said, bool print) {
  const std::size_t before = said.all().size();
  said.add(notes);
  for (std::size_t i = before; print && i < said.all().size(); ++i)
    std::printf("%s: %s\n", nameOf(said.all()[i].kind).c_str(), oneLine(said.all()[i].text).c_str());
}

/// "8 experts", or "6 to 8 experts" where layers differ.
std::string expertsOf(const MoeCheckpoint& checkpoint) {
  int least = checkpoint.experts();
  for (const int layer : checkpoint.moeLayers()) least = std::min(least, checkpoint.experts(layer));
  return (least < checkpoint.experts() ? std::to_string(least) + " to " : "") + counted(checkpoint.experts(), "expert");
}

/// Of all layers that are read.
long expertsIn(const MoeCheckpoint& checkpoint, const std::vector<int>& layers) {
  long sum = 0;
  for (const int layer : layers) sum += checkpoint.experts(layer);
  return sum;
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
  if (!isCapture(options.path))
    throw std::runtime_error(options.path + ": a trace needs its checkpoint: moescope analyze CHECKPOINT --trace FILE");
  if (!options.trace.empty())
    throw CLI::ValidationError("--trace", "expected a checkpoint folder before it, found the file " + options.path);
  const RoutingCapture capture = readCapture(options.path, options.reading);
  const auto [experts, from] = expertsOf(capture, options.reading);
  json report = {{"capture", options.path}, {"format", capture.format},         {"experts", experts},
                 {"experts_from", from},    {"notes", noteList(capture.notes)}, {"layers", json::array()}};
  report.update(captureCounts(capture));
  if (!options.json) {
    std::printf("%s: %s, %s, %s a token, %s%s\n", options.path.c_str(), captureHeading(capture).c_str(),
                counted(capture.layers, "layer").c_str(), counted(capture.chosen, "expert").c_str(),
                counted(experts, "expert").c_str(),
                from == "largest id + 1" ? " (largest id + 1; --experts N if there are more)" : "");
    ReadingNotes said;
    say(capture.notes, said, true);
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
  if (report["layers"].empty())
    throw CLI::ValidationError("--layer", "'" + options.layer + "' is no layer of this capture; expected all or 0 to " +
                                              std::to_string(capture.layers - 1));
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
  const auto vector = [](const std::vector<double>& v) {
    return Eigen::Map<const Eigen::VectorXd>(v.data(), static_cast<Eigen::Index>(v.size()));
  };
  return spearmanCorrelation(vector(cosine), vector(lift));
}

/// Which of the chosen layers the trace lacks, and which of its layers have no router here.
ReadingNotes untracedLayers(const RoutingTrace& trace, const MoeCheckpoint& checkpoint, const std::vector<int>& layers) {
  ReadingNotes notes;
  std::string missing, foreign;
  for (const int layer : layers)
    if (!trace.has(layer)) missing += (missing.empty() ? "" : ", ") + std::to_string(layer);
  for (const int layer : trace.layers())
    if (std::find(checkpoint.moeLayers().begin(), checkpoint.moeLayers().end(), layer) == checkpoint.moeLayers().end())
      foreign += (foreign.empty() ? "" : ", ") + std::to_string(layer);
  if (!missing.empty())
    notes.add(ReadingNoteKind::Missing,
              trace.file() + ": hidden states of layer " + missing + ": only the weights of these are measured");
  if (!foreign.empty())
    notes.add(ReadingNoteKind::NotRead,
              trace.file() + ": hidden states of layer " + foreign + ", which has no router in the checkpoint");
  return notes;
}

/// Layers of pruned models have fewer experts than the capture may name elsewhere.
void requireExperts(const RoutingCapture& capture, int place, const LayerReport& layer) {
  for (std::int64_t token = 0; token < capture.tokens; ++token)
    for (int k = 0; k < capture.chosen; ++k)
      if (const std::int32_t id = capture.id(token, place, k); id >= layer.experts)
        throw std::runtime_error(capture.file + ": token " + std::to_string(token) + ": expert " + std::to_string(id) +
                                 ", but layer " + std::to_string(layer.layer) + " has " + std::to_string(layer.experts) +
                                 " experts");
}

json captureOfLayer(const RoutingCapture& capture, const MoeCheckpoint& checkpoint, const LayerReport& layer, bool print) {
  requireExperts(capture, captureLayer(capture, checkpoint, layer.layer), layer);
  const CaptureReport measures = measureParts(capture, captureLayer(capture, checkpoint, layer.layer), layer.experts);
  json result = captureJson(measures, capture);
  if (print) std::printf("  with the capture's %s:\n", captureHeading(capture).c_str());
  if (print) printCapture(measures, capture);
  if (!measures.all.routed || capture.chosen < 2) return result;
  const double spearman = togetherAgainstSimilarity(measures.all, layer.routerSimilarity);
  result["co_activation"]["spearman_with_router_similarity"] = number(spearman);
  if (print)
    std::printf("  %-52s %10s   Spearman over pairs of experts\n", "co-activation against cosine of router rows",
                numberText("%.4f", spearman).c_str());
  return result;
}

void analyzeCheckpoint(const AnalyzeOptions& options) {
  const MoeCheckpoint checkpoint(options.path);
  const std::vector<int> layers = chosenLayers(checkpoint, options.layer);
  requireGating(options.settings.gating, checkpoint.experts());
  std::unique_ptr<RoutingTrace> trace;
  std::optional<RoutingCapture> capture;
  if (isCapture(options.trace)) {
    capture = readCaptureOf(checkpoint, options.trace, options.reading);
    captureLayer(*capture, checkpoint, layers.front());
  } else if (!options.trace.empty()) {
    trace = std::make_unique<RoutingTrace>(options.trace);
  }
  interrupted();
  json report = {{"checkpoint", options.path},
                 {"family", checkpoint.family()},
                 {"experts", checkpoint.experts()},
                 {"width", checkpoint.width()},
                 {"layers", json::array()}};
  if (!options.json)
    std::printf("%s: family %s, %s, %s, width %d\n", options.path.c_str(), checkpoint.family().c_str(),
                counted(checkpoint.moeLayers().size(), "MoE layer").c_str(), expertsOf(checkpoint).c_str(), checkpoint.width());
  ReadingNotes notes;
  say(checkpoint.notes(), notes, !options.json);
  if (trace) {
    say(trace->notes(), notes, !options.json);
    say(trace->notesOfLimit(options.settings.tokens), notes, !options.json);
    say(untracedLayers(*trace, checkpoint, layers), notes, !options.json);
  }
  if (!options.json && options.trace.empty())
    std::printf("without a routing trace (--trace FILE, see docs/trace.md): no entropy, load, Jacobians or concentration\n");
  if (!options.json && capture)
    std::printf("a capture holds no hidden states: no entropy of tokens, Jacobians or concentration\n");
  if (capture) say(capture->notes, notes, !options.json);
  std::uint64_t read = 0;
  std::uint64_t bound = 0;
  const double before = peakMegabytes();
  const auto start = std::chrono::steady_clock::now();
  Progress progress("expert", expertsIn(checkpoint, layers));
  long expertsBefore = 0;
  for (const int number : layers) {
    const LayerReport layer = analyseLayer(checkpoint, number, trace.get(), options.settings, [&](int done) {
      progress.at(expertsBefore + done);
      stopIfInterrupted();
      return true;
    });
    expertsBefore += layer.experts;
    read += layer.expertBytes * static_cast<std::uint64_t>(layer.experts);
    bound = std::max(bound, layer.memoryBound);
    report["layers"].push_back(layerJson(layer));
    if (!options.json) printLayer(layer);
    say(layer.notes, notes, !options.json);
    if (capture) report["layers"].back()["capture"] = captureOfLayer(*capture, checkpoint, layer, !options.json);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report["notes"] = noteList(notes);
  report["seconds"] = seconds;
  report["expert_megabytes_as_float"] = static_cast<double>(read) / 1e6;
  report["peak_memory_megabytes"] = peakMegabytes();
  report["memory_before_megabytes"] = before;
  report["memory_bound_megabytes"] = static_cast<double>(bound) / 1e6;
  deliver(report, options);
  if (!options.json)
    std::printf(
        "\n%.1f MB of expert weights (as float) in %.2f s; peak memory %.0f MB, %.0f MB before; experts and Jacobians take %.0f MB at most: %s\n",
        static_cast<double>(read) / 1e6, seconds, peakMegabytes(), before, static_cast<double>(bound) / 1e6,
        trace ? "two experts, the tensor being read and scratch for each thread, and the products kept"
              : "one expert, the tensor being read and scratch for each thread");
}

/// Empty for a number of random directions.
std::string whyNoProbes(const std::string& text) {
  int probes = -1;
  const bool whole = CLI::detail::lexical_cast(text, probes);
  return whole && (probes == 0 || (probes >= 32 && probes <= 4096)) ? "" : "'" + text + "': expected 0, or 32 to 4096";
}

bool isCaptureAlone(const AnalyzeOptions& options) {
  return std::filesystem::is_regular_file(options.path) && !isGguf(options.path);
}

void deliverTable(const json& report, const std::vector<LayerRouting>& table, const LiftTable& lifts,
                  const AnalyzeOptions& options) {
  writeFileAtomically(options.table, options.table.ends_with(".json") ? jsonText(report) + "\n" : layerTableCsv(table, lifts));
  if (options.json) return printReport(report);
  printLayerTable(table);
  if (!lifts.domains.empty())
    std::printf("lift of experts over %zu domains: %s; |z| above %s is beyond chance (p < 0.05)\n", lifts.domains.size(),
                describe(lifts.lifts).c_str(), numberText("%.2f", lifts.lifts.threshold).c_str());
}

/// The routing of the chosen layers as a table; experts are read for --shared-norms only.
void tabulateLayers(const AnalyzeOptions& options) {
  if (isCapture(options.trace))
    throw CLI::ValidationError("--layers",
                               "expected a trace of hidden states (.safetensors), found the capture " + options.trace);
  const MoeCheckpoint checkpoint(options.path);
  const std::unique_ptr<RoutingTrace> trace = options.trace.empty() ? nullptr : std::make_unique<RoutingTrace>(options.trace);
  const std::vector<int> layers = chosenLayers(checkpoint, options.layer);
  ReadingNotes notes;
  say(checkpoint.notes(), notes, !options.json);
  if (trace) {
    say(trace->notes(), notes, !options.json);
    say(trace->notesOfLimit(options.settings.tokens), notes, !options.json);
    say(untracedLayers(*trace, checkpoint, layers), notes, !options.json);
  } else if (!options.json) {
    std::printf("without a routing trace (--trace FILE, see docs/trace.md): no load and no entropy\n");
  }
  const StopScope scope([] { return interrupted(); });
  std::vector<LayerRouting> table;
  Progress progress("expert", expertsIn(checkpoint, layers));
  long expertsBefore = 0;
  bool anyShared = false;
  for (const int layer : layers) {
    stopIfInterrupted();
    table.push_back(routingOfLayer(checkpoint, layer, trace.get(), options.settings.tokens));
    say(table.back().notes, notes, !options.json);
    if (options.shared && trace && trace->has(layer)) {
      table.back().shared = sharedNorms(checkpoint, layer, *trace, options.settings.tokens, [&](int done) {
        progress.at(expertsBefore + done);
        stopIfInterrupted();
        return true;
      });
      anyShared = anyShared || table.back().shared;
    }
    expertsBefore += checkpoint.experts(layer);
  }
  if (options.shared && !anyShared)
    throw std::runtime_error(options.path + (trace ? ": none of these layers has shared experts"
                                                   : ": --shared-norms takes a trace's tokens; expected --trace"));
  tellNext(table);
  const LiftTable lifts = trace ? liftsOf(table, *trace, options.settings.tokens) : LiftTable{};
  deliverTable({{"checkpoint", options.path},
                {"family", checkpoint.family()},
                {"notes", noteList(notes)},
                {"domain_lift", liftJson(lifts)},
                {"layers", layerTableJson(table, lifts)}},
               table, lifts, options);
}

/// Loads and dead experts of a capture's layers, with and without identical rows: it tells no more of one layer alone.
void tabulateCapture(const AnalyzeOptions& options) {
  const RoutingCapture capture = readCapture(options.path, options.reading);
  const auto [experts, from] = expertsOf(capture, options.reading);
  ReadingNotes notes;
  say(capture.notes, notes, !options.json);
  const CaptureTable table = tableOf(capture, experts);
  json report = {{"capture", options.path}, {"format", capture.format}, {"experts", experts},
                 {"experts_from", from},    {"notes", noteList(notes)}, {"layers", captureTableJson(table)}};
  report.update(captureCounts(capture));
  writeFileAtomically(options.table,
                      options.table.ends_with(".json") ? jsonText(report) + "\n" : captureTableCsv(table, capture));
  if (options.json) return printReport(report);
  printCaptureTable(table);
}

void analyze(const AnalyzeOptions& options) {
  if (!options.output.empty()) requireNewFile(options.output, options.replace);
  if (!options.table.empty()) {
    requireNewFile(options.table, options.replace);
    if (!options.output.empty()) throw CLI::ValidationError("--layers", "expected either it or --output");
    return isCaptureAlone(options) ? tabulateCapture(options) : tabulateLayers(options);
  }
  if (!isCaptureAlone(options) && options.trace.empty() && !(options.reading == CaptureReading{}))
    throw CLI::ValidationError("--capture-shape, --experts, --capture-dtype, --capture-without-identical",
                               "expected a capture, found the checkpoint " + options.path);
  if (isCaptureAlone(options)) analyzeCapture(options);
  else analyzeCheckpoint(options);
}

}  // namespace

void addAnalyzeCommand(CLI::App& program) {
  CLI::App* command = program.add_subcommand(
      "analyze",
      "The expert geometry of a Hugging Face MoE checkpoint, with a routing trace if there is one; or the balance of a capture");
  auto options = std::make_shared<AnalyzeOptions>();
  options->settings.concentrations = {0.0, 0.5, 1.0, 2.0, 4.0};
  command
      ->add_option(
          "path", options->path,
          "Checkpoint folder (config.json beside safetensors) or GGUF file, or a capture of expert ids (.npy, .npz, JSON, CSV)")
      ->required();
  command->add_option(
      "--trace", options->trace,
      "Routing trace (docs/trace.md): hidden states, logits, expert ids as safetensors; or a capture of expert ids");
  addCaptureOptions(command, options->reading, "--experts,--capture-experts");
  command->add_option("--layer", options->layer, "One MoE layer as the checkpoint counts, or all [all]");
  command
      ->add_option(
          "--layers", options->table,
          "Write the routing of all layers, a row for each layer and expert (load, entropy, dead experts, similarity of routers, margin, what follows in the next layer, lift over the trace's domains), to this .csv or .json; reads no experts")
      ->check([](const std::string& file) {
        return file.ends_with(".csv") || file.ends_with(".json") ? std::string()
                                                                 : "'" + file + "' ends in neither .csv nor .json";
      });
  command
      ->add_flag(
          "--shared-norms", options->shared,
          "With --layers and a trace: the length of shared experts' outputs over that of the routed sum too, which reads the experts")
      ->needs("--layers");
  command->add_option("--rank", options->settings.expert.rank, "Rank of the subspaces of routed tokens [4]")
      ->check(wholeFrom(1, 4096));
  command->add_option("--weight-rank", options->settings.weightRank, "Rank of the subspaces of expert weights [16]")
      ->check(wholeFrom(1, 4096));
  command->add_option("--tokens", options->settings.tokens, "Tokens of the trace, at most [2048]")->check(wholeFrom(2, 1 << 20));
  command->add_option("--jacobian-tokens", options->settings.expert.jacobianTokens, "Tokens on which Jacobians are taken [64]")
      ->check(wholeFrom(1, 4096));
  command
      ->add_option("--jacobian-probes", options->settings.expert.jacobianProbes,
                   "0: exact Jacobians; else that many random directions, 32 or more [0]")
      ->check(CLI::Validator(whyNoProbes, "0, or 32 to 4096"));
  command
      ->add_option(
          "--spectra", options->settings.spectraTokens,
          "Tokens of the trace at which the singular values of every expert's Jacobian are taken; slow for wide layers [0: none]")
      ->check(wholeFrom(0, 4096));
  command
      ->add_option_function<int>(
          "--jacobian-memory",
          [options](const int& mebibytes) { options->settings.jacobianBytes = static_cast<std::uint64_t>(mebibytes) << 20; },
          "MiB that products with Jacobians may take; where exact ones do not fit, 32 random directions are used [4096]")
      ->check(wholeFrom(0, 1 << 20));
  command
      ->add_option("--concentration", options->settings.concentrations, "Concentrations at which routing is read [0,0.5,1,2,4]")
      ->delimiter(',')
      ->check(rangeFrom(0.0, 1e6));
  const LensSetting& gating = lensSetting("gating");
  std::vector<std::string> policies;
  for (const Choice& choice : gating.choices) policies.push_back(choice.name);
  const auto setPolicy = [options, &gating](const std::string& name) {
    Lens lens;
    gating.setText(lens, name);
    options->settings.gating.policy = lens.gating.policy;
  };
  command->add_option_function<std::string>("--gating", setPolicy, gating.help + " [" + policies.front() + "]")
      ->check(CLI::IsMember(policies));
  command->add_option("--gating-k", options->settings.gating.k, "Experts kept by top-k [2]")->check(wholeFrom(1, 4096));
  command->add_option("--gating-mass", options->settings.gating.mass, "Mass kept by top-p [0.9]")->check(rangeFrom(1e-6, 1.0));
  command->add_option("--gating-threshold", options->settings.gating.threshold, "Least gate kept by threshold [0.05]")
      ->check(rangeFrom(0.0, 1.0));
  command->add_option("--threads", options->settings.threads, "Threads, each with one expert's weights [one for each core]")
      ->check(wholeFrom(0, 1024));
  command->add_option("-o,--output", options->output, "Write the report as JSON to this file");
  addForceOption(command, options->replace);
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { analyze(*options); });
}

}  // namespace moescope
