#include "core/checkpoint/checkpoint_reader.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

#include "core/checkpoint/capture_reader.h"
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/layer_analysis.h"
#include "core/checkpoint/layer_routing.h"
#include "core/checkpoint/shared_norms.h"
#include "core/checkpoint/token_names.h"
#include "core/checkpoint/traced_routing.h"
#include "core/metrics/load.h"
#include "core/data/files.h"
#include "core/words/words.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

constexpr int kSyntheticTokens = 1024;
constexpr int kLargestDomain = 255;
constexpr int kLargestToken = (1 << 24) - 1;    // whole numbers that a float holds
constexpr double kJacobianOperations = 6e10;    // that one analysis may spend: some ten seconds of one core
constexpr double kJacobianBytes = 1024.0 * 1024.0 * 1024.0;  // of all experts' Jacobians at one token

bool holdsTrace(const fs::path& file) {
  const std::vector<std::string> names = Safetensors(file).names();
  return std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.starts_with("hidden."); });
}

std::string nameOf(const fs::path& folder) {
  const fs::path whole = fs::absolute(folder).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

/// How the family chooses, and what the shown probabilities are.
std::string ruleOf(const RouterWeights& router) {
  const RoutingScheme& scheme = router.scheme;
  std::string rule = translated("top %1 of %2 experts", std::to_string(scheme.chosen), std::to_string(router.weight.rows()));
  if (scheme.groups > 1)
    rule += translated(", from the best %1 of %2 groups", std::to_string(scheme.keptGroups), std::to_string(scheme.groups));
  if (!router.tensors.bias.empty()) rule += translated(", with a bias of the logits (%1)", router.tensors.bias);
  if (!router.tensors.correctionBias.empty())
    rule += translated(", with a bias that counts for the choice only (%1)", router.tensors.correctionBias);
  if (scheme.rule == RouterRule::InputSigmoid) rule += translated(", weights on the experts' inputs");
  return rule + (scheme.softmaxScores() ? translated(". Probabilities: softmax over all experts.")
                 : scheme.rule == RouterRule::SqrtSoftplus
                     ? translated(". Probabilities: square roots of softplus, scaled to sum 1.")
                     : translated(". Probabilities: sigmoid scores, scaled to sum 1."));
}

void requireOverlap(const RoutingTrace& trace, const MoeCheckpoint& checkpoint) {
  std::string known;
  for (const int layer : checkpoint.moeLayers()) {
    if (trace.has(layer)) return;
    known += (known.empty() ? "" : ", ") + std::to_string(layer);
  }
  throw std::runtime_error(
      translated("%1: expected hidden.L of an MoE layer of the checkpoint; these are %2", trace.file(), known));
}

ExpertAnalysis ofWeights(const LayerReport& report) {
  ExpertAnalysis analysis;
  analysis.experts = report.experts;
  analysis.width = report.width;
  analysis.weightSubspaces = true;
  analysis.routed = Eigen::VectorXi::Zero(report.experts);
  analysis.subspaces = report.weightSubspaces;
  analysis.explained.resize(static_cast<std::size_t>(report.experts));
  analysis.effectiveRank = Eigen::VectorXd::Zero(report.experts);
  analysis.angles = report.weightAngles;
  analysis.withSubspace = report.withWeightSubspace;
  analysis.leftOut = report.weightsLeftOut;
  analysis.settings.rank = report.weightRank;
  analysis.overlap = report.weightOverlap;
  analysis.nullOverlap = report.nullOverlap;
  analysis.nullOverlapDeviation = report.nullOverlapDeviation;
  analysis.missing = translatable("needs a routing trace of this layer (File, Open trace)");
  return analysis;
}

/// By the checkpoint; one that is not of it by itself.
std::unique_ptr<const LayerReader> openCaptureOf(const MoeCheckpoint& checkpoint, const fs::path& path, const fs::path& capture,
                                                 std::uint64_t generation, const CaptureReading& reading) {
  try {
    return std::make_unique<const CaptureReader>(capture, generation, &checkpoint, reading);
  } catch (const CaptureUntold&) {
    throw;
  } catch (const std::runtime_error& error) {
    std::unique_ptr<CaptureReader> alone;
    try {
      alone = std::make_unique<CaptureReader>(capture, generation, nullptr, reading);
    } catch (const std::runtime_error&) {
      throw error;
    }
    alone->note(ReadingNoteKind::Assumed,
                translated("not of %1, which is open: shown by itself (%2)", nameOf(path), error.what()));
    return alone;
  }
}

}  // namespace

CheckpointPlace locateCheckpoint(const fs::path& path) {
  if (!fs::exists(path)) throw std::runtime_error(translated("%1: no such file or folder", path.string()));
  if (fs::is_directory(path)) return {path, {}};
  requireRegularFile(path);  // a named pipe would be waited for
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const std::string name = path.filename().string();
  if (isGguf(path) || looksLikeCapture(path)) return {path, {}};
  if (name == "config.json" || name.ends_with(".safetensors.index.json")) return {folder, {}};
  if (!name.ends_with(".safetensors"))
    throw std::runtime_error(translated(
        "%1: expected a checkpoint folder, its config.json, a .safetensors or .gguf file, or a capture (.npy, .npz, .json, .jsonl, .csv)",
        path.string()));
  const fs::path beside = fs::exists(folder / "config.json") ? folder : fs::path();
  if (holdsTrace(path)) return {beside, path};
  if (beside.empty())
    throw std::runtime_error(translated("%1: expected a config.json beside it, or a routing trace", path.string()));
  return {beside, {}};
}

std::unique_ptr<const LayerReader> openLayers(const fs::path& path, const fs::path& trace, std::uint64_t generation,
                                              const CaptureReading& reading) {
  if (looksLikeCapture(path)) {
    if (!trace.empty())
      throw std::runtime_error(
          translated("%1: a trace needs its checkpoint, and %2 is a capture", trace.string(), path.string()));
    return std::make_unique<const CaptureReader>(path, generation, nullptr, reading);
  }
  if (trace.empty() || !looksLikeCapture(trace)) {
    if (!(reading == CaptureReading{}))
      throw std::runtime_error(
          translated("%1: a checkpoint; shape, experts and rows to leave out are told of captures only", path.string()));
    return std::make_unique<const CheckpointReader>(path, trace, generation);
  }
  return openCaptureOf(MoeCheckpoint(path), path, trace, generation, reading);
}

CheckpointReader::CheckpointReader(const fs::path& folder, const fs::path& trace, std::uint64_t generation)
    : checkpoint_(folder), generation_(generation), notes_(checkpoint_.notes()) {
  const fs::path beside = folder / "trace.safetensors";
  if (const fs::path file = trace.empty() && fs::exists(beside) ? beside : trace; !file.empty()) {
    trace_ = std::make_unique<const RoutingTrace>(file);
    requireOverlap(*trace_, checkpoint_);
    notes_.add(trace_->notes());
    notes_.add(trace_->notesOfLimit(kMeasuredTokens));
    tracedProbe_ = tracedProbe(folder);
    const std::vector<int>& moe = checkpoint_.moeLayers();
    sharesExperts_ =
        std::any_of(moe.begin(), moe.end(), [&](int layer) { return checkpoint_.sharesExperts(layer) && trace_->has(layer); });
  }
  syntheticProbe_ = syntheticProbe();
  origin_.name = nameOf(folder);
  origin_.family = checkpoint_.family();
  origin_.format = checkpoint_.format();
  origin_.layerNumbers = checkpoint_.moeLayers();
  origin_.width = checkpoint_.width();
  origin_.chosen = checkpoint_.chosen();
  origin_.notes = notes_.lines();
}

std::shared_ptr<const Probe> CheckpointReader::tracedProbe(const fs::path& folder) {
  auto probe = std::make_shared<Probe>();
  const std::vector<std::int64_t> rows = trace_->chosenTokens(kShownTokens);
  const std::vector<int> ids = trace_->perToken("tokens", kShownTokens, kLargestToken);
  probe->domain = trace_->perToken("domains", kShownTokens, kLargestDomain);
  if (ids.empty())
    for (const std::int64_t row : rows) probe->labels.push_back(std::to_string(row));
  else
    probe->labels = tokenNames(folder, ids, notes_);
  if (probe->domain.empty()) {
    probe->domain.assign(rows.size(), 0);
    probe->domainNames = {fs::path(trace_->file()).stem().string()};
  } else {
    probe->domainNames = trace_->domainNames();
    const int last = *std::max_element(probe->domain.begin(), probe->domain.end());
    for (int d = static_cast<int>(probe->domainNames.size()); d <= last; ++d)
      probe->domainNames.push_back("domain " + std::to_string(d));
  }
  probe->context = static_cast<int>(rows.size());
  probe->synthetic = trace_->isSynthetic();
  return probe;
}

std::shared_ptr<const Probe> CheckpointReader::syntheticProbe() const {
  auto probe = std::make_shared<Probe>();
  probe->synthetic = true;
  probe->syntheticMark = translatable("SYNTHETIC TOKENS");
  probe->domain.assign(kSyntheticTokens, 0);
  probe->domainNames = {"Gaussian"};
  probe->context = kSyntheticTokens;
  for (int t = 0; t < kSyntheticTokens; ++t) probe->labels.push_back(std::to_string(t));
  return probe;
}

TraceLayer CheckpointReader::syntheticTokens(int layer) const {
  std::mt19937 dice(static_cast<unsigned>(number(layer)) + 1);
  std::normal_distribution<float> normal;
  TraceLayer tokens;
  tokens.hidden = RowMatrix::NullaryExpr(kSyntheticTokens, checkpoint_.width(), [&] { return normal(dice); });
  tokens.hidden = tokens.hidden.rowwise().normalized() * std::sqrt(static_cast<float>(checkpoint_.width()));
  return tokens;
}

SnapshotPointer CheckpointReader::snapshot(int layer) const {
  const RouterWeights router = checkpoint_.router(number(layer));
  const TraceLayer tokens =
      traced(layer) ? trace_->layer(number(layer), experts(layer), checkpoint_.width(), kShownTokens) : syntheticTokens(layer);
  const RoutedTokens routed = routeAsTraced(router, tokens);
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->generation = generation_;
  snapshot->router = checkpoint_.family();
  snapshot->trainingLoss = snapshot->heldOutLoss = std::nan("");
  snapshot->probe = traced(layer) ? tracedProbe_ : syntheticProbe_;
  auto origin = std::make_shared<CheckpointOrigin>(origin_);
  const std::string shown = std::to_string(tokens.hidden.rows());
  origin->tokens = !traced(layer)
                       ? trace_ ? translated("SYNTHETIC TOKENS (not in the trace)") : translated("SYNTHETIC TOKENS (no trace)")
                   : tokens.hidden.rows() < trace_->tokens()
                       ? translated("recorded trace, %1 of %2 tokens", shown, std::to_string(trace_->tokens()))
                       : translated("recorded trace, %1 tokens", shown);
  origin->experts = experts(layer);
  origin->rule = ruleOf(router);
  for (const ReadingNotes& notes : {tokens.notes, notesOf(compareLogits(router, tokens), number(layer), tokens)})
    for (const std::string& line : notes.lines()) origin->notes.push_back(line);
  snapshot->checkpoint = std::move(origin);
  snapshot->layers.resize(static_cast<std::size_t>(layers()));
  LayerSnapshot& filled = snapshot->layers[static_cast<std::size_t>(layer)];
  filled.hidden = tokens.hidden.rowwise().normalized();
  filled.scores = displayLogits(router, routed.logits);
  if (!filled.scores.allFinite() || !routed.weights.allFinite())
    throw std::runtime_error(
        translated("%1: layer %2 cannot be shown: %3", origin_.name, std::to_string(number(layer)), whyNotFinite(layer, router)));
  filled.logPrior = Eigen::VectorXd::Zero(experts(layer));
  filled.routerDirections = router.weight.rowwise().normalized();
  filled.trainedGates = routed.weights;
  filled.rule = trainedRule(router);
  filled.concentrationNote = concentrationNote(router, tokens);
  filled.trainingLoad = assignedLoad(routed.weights);
  return snapshot;
}

/// As many as memory allows.
std::int64_t CheckpointReader::measuredTokens(int layer) const {
  const std::int64_t each = 2 * experts(layer) * static_cast<std::int64_t>(sizeof(float));
  return std::min({trace_->tokens(), kMeasuredTokens, kMeasuredBytes / each});
}

SnapshotPointer CheckpointReader::withAllTokens(const SnapshotPointer& shown, int layer,
                                                const std::function<bool(std::int64_t, std::int64_t)>& progress) const {
  constexpr std::int64_t atOnce = 4096;
  if (!traced(layer) || measuredTokens(layer) <= kShownTokens) return shown;
  const RouterWeights router = checkpoint_.router(number(layer));
  const std::vector<std::int64_t> chosen = trace_->chosenTokens(measuredTokens(layer));
  const auto all = static_cast<std::int64_t>(chosen.size());
  auto snapshot = std::make_shared<Snapshot>(*shown);
  LayerSnapshot& sample = snapshot->layers[static_cast<std::size_t>(layer)];
  auto whole = std::make_shared<LayerSnapshot>();
  whole->scores.resize(all, experts(layer));
  whole->trainedGates.resize(all, experts(layer));
  whole->logPrior = sample.logPrior;
  whole->rule = sample.rule;
  for (std::int64_t first = 0; first < all; first += atOnce) {
    if (!progress(first, all)) throw std::runtime_error("stopped");
    const std::int64_t count = std::min(atOnce, all - first);
    const RoutedTokens routed = routeAsTraced(router, trace_->layer(number(layer), experts(layer), checkpoint_.width(),
                                                                    {chosen.begin() + first, chosen.begin() + first + count}));
    whole->scores.middleRows(first, count) = displayLogits(router, routed.logits);
    whole->trainedGates.middleRows(first, count) = routed.weights;
    if (!whole->scores.middleRows(first, count).allFinite() || !routed.weights.allFinite())
      throw std::runtime_error(translated("%1: layer %2: numbers are of the shown tokens alone: %3", origin_.name,
                                          std::to_string(number(layer)), whyNotFinite(layer, router)));
  }
  sample.whole = std::move(whole);
  auto origin = std::make_shared<CheckpointOrigin>(*snapshot->checkpoint);
  // Which are drawn and which the means are of, the routing tells.
  origin->tokens = translated("recorded trace, %1 tokens", std::to_string(trace_->tokens()));
  snapshot->checkpoint = std::move(origin);
  return snapshot;
}

LayerOfExperts CheckpointReader::summary(int layer) const {
  LayerRouting routing = routingOfLayer(checkpoint_, number(layer), traced(layer) ? trace_.get() : nullptr, kShownTokens);
  LayerOfExperts result;
  result.number = number(layer);
  result.experts = routing.experts;
  result.load = std::move(routing.load);
  result.entropy = std::move(routing.entropy);
  result.effective = std::move(routing.effective);
  result.nearest = std::move(routing.nearest);
  if (routing.tokens > 0) result.choices = std::make_shared<const ChosenExperts>(chosenExperts(routing.weights));
  const bool known = routing.tokens > 0;
  result.meanEntropy = known ? routing.probabilities.meanEntropy : std::nan("");
  result.effectiveExperts = known ? routing.probabilities.effectiveExperts : std::nan("");
  result.routerSimilarity = routing.routerSimilarity.value;
  return result;
}

void CheckpointReader::compareShared(int layer, LayerOfExperts& into, const std::function<bool(int)>& progress) const {
  if (!traced(layer)) return;
  const std::optional<SharedNorms> norms = sharedNorms(checkpoint_, number(layer), *trace_, kShownTokens, progress);
  if (!norms) return;
  into.sharedNorm = norms->ofExpert;
  into.sharedOverRouted = norms->ratio.mean();
  into.sharedTokens = norms->ratio.size();
}

std::shared_ptr<const DomainLifts> CheckpointReader::lifts(const std::vector<LayerOfExperts>& layers,
                                                           const std::function<bool(int)>& progress) const {
  if (!tracedProbe_ || tracedProbe_->domainNames.size() < 2) return nullptr;
  static const ChosenExperts none;
  std::vector<const ChosenExperts*> choices;
  for (const LayerOfExperts& layer : layers) choices.push_back(layer.choices ? layer.choices.get() : &none);
  return std::make_shared<const DomainLifts>(
      domainLiftsOf(choices, tracedProbe_->domain, static_cast<int>(tracedProbe_->domainNames.size()),
                    runToPermute(tracedProbe_->domain, 0), kLiftPermutations, 1, progress));
}

/// Why scores or weights are not finite: the tensor, or else the tokens.
std::string CheckpointReader::whyNotFinite(int layer, const RouterWeights& router) const {
  ReadingNotes notes;
  checkpoint_.noteNotFinite(number(layer), router, notes);
  return notes.empty() ? "the router's logits of its tokens are not finite" : notes.lines().front();
}

/// Operations of exact Jacobians: 2 d^2 I for each token and expert, on the shared tokens and a quarter as many of each expert's
/// own; with probes (m directions) 6 d I m on the shared ones. At each shared token the inner products of all pairs come to it.
AnalysisSettings CheckpointReader::affordable(int layer, AnalysisSettings settings) const {
  const double n = experts(layer), d = checkpoint_.width(), units = checkpoint_.units();
  if (settings.jacobianProbes == 0 && 8.0 * n * d * d > kJacobianBytes / 4) settings.jacobianProbes = 64;
  const auto operations = [&](int tokens) {
    const double exact = 2.0 * d * d * units,
                 shared = settings.jacobianProbes > 0 ? 6.0 * d * units * settings.jacobianProbes : exact;
    const double pairs = 2.0 * n * n * d * (settings.jacobianProbes > 0 ? settings.jacobianProbes : d);
    return n * (tokens * shared + std::max(1, tokens / 4) * exact) + tokens * pairs;
  };
  while (settings.jacobianTokens > 1 && operations(settings.jacobianTokens) > kJacobianOperations) settings.jacobianTokens /= 2;
  if (operations(settings.jacobianTokens) > 5 * kJacobianOperations || 4.0 * n * d * d > kJacobianBytes)
    settings.jacobianTokens = 0;
  return settings;
}

AnalysisPointer CheckpointReader::analysis(int layer, const AnalysisSettings& settings,
                                           const std::function<bool(int)>& progress) const {
  LayerAnalysisSettings wanted;
  wanted.expert = affordable(layer, settings);
  wanted.weightRank = settings.rank;
  wanted.tokens = kShownTokens;
  wanted.spectraTokens.reset();  // as many as are not too dear
  const bool tooDear = wanted.expert.jacobianTokens == 0;
  if (tooDear) wanted.jacobianBytes = 0;
  const LayerReport report = analyseLayer(checkpoint_, number(layer), traced(layer) ? trace_.get() : nullptr, wanted, progress);
  auto result = std::make_shared<ExpertAnalysis>(report.analysis ? *report.analysis : ofWeights(report));
  result->layer = layer;
  result->generation = generation_;
  result->routerSimilarity = report.routerSimilarity;
  result->routersWithoutDirection = report.routersWithoutDirection;
  result->coupling = report.coupling;
  result->notes = report.notes.lines();
  if (!report.withoutJacobians.empty())
    result->missing = translated(
        "left out: %1", tooDear ? translated("Jacobians of experts this large take too long or too much memory")
                                : report.withoutJacobians);
  return result;
}

}  // namespace moescope
