#include "core/checkpoint/layer_analysis.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "core/checkpoint/routed_outputs.h"
#include "core/checkpoint/traced_routing.h"
#include "core/geometry/finite_values.h"
#include "core/geometry/stop_scope.h"
#include "core/geometry/subspace_overlap.h"
#include "core/metrics/load.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// The routed experts of one layer.
class LayerExperts : public ExpertSource {
 public:
  LayerExperts(const MoeCheckpoint& checkpoint, int layer) : checkpoint_(checkpoint), layer_(layer) {}
  int count() const override { return checkpoint_.experts(layer_); }
  int width() const override { return checkpoint_.width(); }
  const ExpertWeights& read(int number, ExpertWeights& scratch) const override {
    checkpoint_.readExpertInto(layer_, number, scratch);
    return scratch;
  }

 private:
  const MoeCheckpoint& checkpoint_;
  int layer_;
};

double sameChoicesOf(const TraceLayer& trace, const RowMatrix& weights) {
  if (trace.experts.size() == 0 || !weights.allFinite()) return kNone;
  int same = 0;
  for (Eigen::Index t = 0; t < trace.experts.rows(); ++t)
    for (Eigen::Index i = 0; i < trace.experts.cols(); ++i) same += weights(t, trace.experts(t, i)) != 0.0f ? 1 : 0;
  return static_cast<double>(same) / static_cast<double>(trace.experts.size());
}

/// What a trace says of the layer's routing.
struct Traced {
  TraceLayer trace;
  RoutedTokens routed;
  RowMatrix gates;  ///< T x N: weights, rows scaled to sum 1; all NaN where what the experts were given is not known
  long others = 0;  ///< traced choices without gates that routeByRule() does not make
};

Traced traceOf(const RouterWeights& router, TraceLayer layer) {
  Traced traced{std::move(layer), {}, {}};
  traced.routed = routeAsTraced(router, traced.trace);
  if (traced.trace.experts.size() > 0 && traced.trace.gates.size() == 0) {  // with gates nothing is assumed
    const double same = sameChoicesOf(traced.trace, routeByRule(router, traced.trace).weights);
    if (!std::isnan(same)) traced.others = std::lround((1.0 - same) * static_cast<double>(traced.trace.experts.size()));
  }
  traced.gates = traced.routed.weights;
  for (Eigen::Index t = 0; t < traced.gates.rows(); ++t)
    if (const float sum = traced.gates.row(t).sum(); sum > 0.0f) traced.gates.row(t) /= sum;
  if (!traced.gates.allFinite()) traced.gates.setConstant(std::numeric_limits<float>::quiet_NaN());
  return traced;
}

/// What evaluate() would give of scores that are not finite.
Routing unknownRouting() {
  Routing routing;
  for (RoutingMeasures* measures : {&routing.probability, &routing.applied})
    measures->meanEntropy = measures->effectiveExperts = measures->loadVariation = measures->maxViolation =
        measures->loadEntropy = measures->specialisation = kNone;
  routing.entropyLower = routing.entropyUpper = kNone;
  return routing;
}

/// How the traced routing came about where the trace leaves it open.
void noteRouting(const Traced& traced, LayerReport& report) {
  const std::string layer = std::to_string(report.layer);
  report.notes.add(traced.trace.notes);
  const Eigen::Index unknown = traced.routed.weights.rowwise().sum().array().isNaN().count();
  report.routingKnown = unknown == 0;
  if (unknown > 0)
    report.notes.add(
        ReadingNoteKind::NotFinite,
        translated("layer %1: router logits of %2 of %3 tokens; their routing is not known, and no measure of it is a "
                   "number",
                   layer, std::to_string(unknown), std::to_string(report.tokens)));
  if (traced.trace.experts.size() == 0 || traced.trace.gates.size() > 0 || unknown > 0) return;
  const std::string by = traced.trace.logits.size() > 0 ? translated("what the family's rule gives of router_logits")
                                                        : translated("what our router gives");
  report.notes.add(
      ReadingNoteKind::Assumed,
      traced.others > 0
          ? translated("layer %1: the trace has expert_ids without gates: weights are %2, and of %3 choices that it does not "
                       "make, the score",
                       layer, by, std::to_string(traced.others))
          : translated("layer %1: the trace has expert_ids without gates: weights are %2", layer, by));
}

void measureRoutingOf(const Traced& traced, const RouterWeights& router, const LayerAnalysisSettings& settings,
                      LayerReport& report) {
  report.tokens = traced.trace.hidden.rows();
  report.logits = compareLogits(router, traced.trace);
  report.notes.add(notesOf(report.logits, report.layer, traced.trace));
  report.sameChoices = sameChoicesOf(traced.trace, routeTokens(router, traced.trace.hidden).weights);
  report.weights = measureRouting(traced.gates);
  report.load = assignedLoad(traced.routed.weights);
  Snapshot snapshot;
  snapshot.layers.resize(1);
  snapshot.layers[0].scores = displayLogits(router, traced.routed.logits);
  snapshot.layers[0].logPrior = Eigen::VectorXd::Zero(report.experts);
  snapshot.layers[0].hidden = traced.trace.hidden;
  snapshot.layers[0].trainedGates = traced.routed.weights;
  snapshot.layers[0].rule = trainedRule(router);
  noteRouting(traced, report);
  const bool finite = snapshot.layers[0].scores.allFinite();
  for (const double concentration : settings.concentrations) {
    if (!finite) {
      report.routing.push_back({concentration, unknownRouting()});
      continue;
    }
    Lens lens;
    lens.concentration = static_cast<float>(concentration);
    lens.gating = settings.gating;
    report.routing.push_back({concentration, evaluate(snapshot, lens)});
  }
}

JacobianPlan planJacobiansOf(const Traced& traced, const LayerAnalysisSettings& settings, LayerReport& report) {
  const int experts = report.experts + (report.shared ? 1 : 0),
            tokens = sharedTokensOf(settings.expert, traced.trace.hidden.rows());
  report.jacobians = planJacobians(experts, report.width, tokens, settings.expert.jacobianProbes, settings.jacobianBytes);
  if (report.jacobians.tokensAtOnce > 0) report.memoryBound += report.jacobians.bytes();
  else
    report.withoutJacobians =
        translated("products of %1 directions at one token need more than %2 MiB of memory",
                   std::to_string(report.jacobians.columns()), std::to_string(settings.jacobianBytes >> 20));
  return report.jacobians;
}

/// A Jacobian that is 0 points nowhere: it has no cosine with another.
void noteZeroJacobians(const ExpertAnalysis& analysis, LayerReport& report) {
  std::string never, sometimes;
  const auto note = [&](const std::string& name, int zeroAt) {
    if (zeroAt == 0) return;
    if (zeroAt == analysis.shared.tokens) never += (never.empty() ? "" : ", ") + name;
    else sometimes += (sometimes.empty() ? "" : ", ") + name + " (" + std::to_string(zeroAt) + ")";
  };
  for (Eigen::Index e = 0; e < analysis.shared.zeroAt.size(); ++e)
    note(translated("expert %1", std::to_string(e)), analysis.shared.zeroAt[e]);
  note(translated("the shared expert"), analysis.sharedExpertZeroAt);
  const std::string layer = std::to_string(report.layer), tokens = std::to_string(analysis.shared.tokens);
  if (!never.empty())
    report.notes.add(
        ReadingNoteKind::Missing,
        translated("layer %1: no direction: the Jacobian is 0 at all %2 shared tokens for %3; alignment with it is not "
                   "a number",
                   layer, tokens, never));
  if (!sometimes.empty())
    report.notes.add(ReadingNoteKind::Missing,
                     translated("layer %1: no direction at some of the %2 shared tokens, where the Jacobian is 0: %3; these are "
                                "left out of the mean",
                                layer, tokens, sometimes));
}

std::uint64_t bytesOf(const ExpertWeights& expert) {
  return static_cast<std::uint64_t>(expert.gate.size() + expert.up.size() + expert.down.size()) * sizeof(float);
}

void measureWeights(const ExpertWeights& expert, int e, int rank, LayerReport& report) {
  if (e == 0) {
    report.units = static_cast<int>(expert.gate.rows());
    report.expertBytes = bytesOf(expert);
  }
  std::tie(report.weightSubspaces[static_cast<std::size_t>(e)], report.explained[e]) =
      topRightSubspace(expert.gate, rank, static_cast<unsigned>(e) + 1);
}

/// "2, 6"
std::string expertsListed(const std::vector<int>& experts) {
  std::string text;
  for (const int expert : experts) text += (text.empty() ? "" : ", ") + std::to_string(expert);
  return text;
}

/// What W_gate of an expert is.
enum class GateWeights : char { Finite, NotFinite, None };

/// Compares those of the full rank; experts whose W_gate spans less are left out, noted unless they have none, as identities,
/// which the checkpoint names itself; they keep no subspace. `gates`: N.
void compareWeightSubspaces(int rank, int threads, const std::vector<GateWeights>& gates, LayerReport& report) {
  report.weightRank = std::clamp(rank, 1, std::min(report.units, report.width));
  std::vector<int> narrow;
  for (int e = 0; e < report.experts; ++e) {
    Eigen::MatrixXd& basis = report.weightSubspaces[static_cast<std::size_t>(e)];
    if (basis.cols() == report.weightRank) continue;
    const GateWeights gate = gates[static_cast<std::size_t>(e)];
    if (gate != GateWeights::NotFinite) report.weightsLeftOut.push_back(e);
    if (gate == GateWeights::Finite) narrow.push_back(e);
    basis.resize(report.width, 0);
  }
  if (!narrow.empty())
    report.notes.add(
        ReadingNoteKind::Missing,
        translated("layer %1: W_gate spans fewer than %2 directions: expert %3; left out of the overlap of weight subspaces",
                   std::to_string(report.layer), std::to_string(report.weightRank), expertsListed(narrow)));
  const SubspaceOverlap compared = compareSubspaces(report.weightSubspaces, report.weightRank, threads);
  report.withWeightSubspace = compared.compared;
  report.weightAngles = compared.angles;
  report.weightOverlap = compared.overlap;
  report.nullOverlap = compared.nullOverlap;
  report.nullOverlapDeviation = compared.nullDeviation;
}

/// What reading and measuring one expert's weights takes beside them, in bytes: the mapped file of one tensor, at most as large
/// as floats, blocks of directions and their images, and products with the router.
std::uint64_t scratchBytes(const LayerReport& report, int rank) {
  const auto units = static_cast<std::uint64_t>(report.units), width = static_cast<std::uint64_t>(report.width);
  return (units * (width + static_cast<std::uint64_t>(report.experts)) +
          4 * (units + width) * topRightColumns(static_cast<std::uint64_t>(rank))) *
         sizeof(float);
}

/// Of the layer's Jacobians, and what decomposing one takes.
std::uint64_t spectraBytes(const LayerSpectra& spectra, const LayerReport& report) {
  return sizeof(double) * static_cast<std::uint64_t>(spectra.tokens + 3) * static_cast<std::uint64_t>(report.width) *
         static_cast<std::uint64_t>(report.width);
}

void keepRouterRows(const ExpertAnalysis& analysis, LayerReport& report) {
  report.routerSimilarity = analysis.routerSimilarity;
  report.routersWithoutDirection = analysis.routersWithoutDirection;
  if (!report.routersWithoutDirection.empty())
    report.notes.add(
        ReadingNoteKind::Missing,
        translated("layer %1: no direction: the router row has length 0 for expert %2; cosines with it are not numbers",
                   std::to_string(report.layer), expertsListed(report.routersWithoutDirection)));
}

/// With a trace, what the experts do on its tokens.
void keepAnalysis(ExpertAnalysis analysis, LayerReport& report) {
  if (!report.routingKnown) analysis.leftOut.clear();  // not for want of tokens: the mean is to be no number
  if (report.withoutJacobians.empty()) noteZeroJacobians(analysis, report);
  if (report.shared) report.shared->alignment = analysis.sharedExpertAlignment;
  report.analysis = std::move(analysis);
}

SharedReport sharedReport(const SharedExpert& shared, const RouterWeights& router) {
  SharedReport report;
  report.units = static_cast<int>(shared.weights.gate.rows());
  report.gated = shared.gate.size() > 0;
  report.coupling = meanAbsoluteCosines(router.weight, shared.weights.gate);
  return report;
}

}  // namespace

double meanOverExperts(const Eigen::VectorXd& values, const std::vector<int>& without) {
  double sum = 0.0;
  int count = 0;
  for (Eigen::Index e = 0; e < values.size(); ++e) {
    if (std::find(without.begin(), without.end(), static_cast<int>(e)) != without.end()) continue;
    sum += values[e];
    ++count;
  }
  return count > 0 ? sum / count : kNone;
}

LayerReport analyseLayer(const MoeCheckpoint& checkpoint, int layer, const RoutingTrace* trace,
                         const LayerAnalysisSettings& settings, const std::function<bool(int)>& progress) {
  int done = 0;  // experts, as they were told last; written by one thread at a time
  const auto tell = [&](int experts) { return progress(done = experts); };
  const StopScope scope([&] { return !progress(done); });  // for what this thread does beside the experts
  LayerReport report;
  report.layer = layer;
  report.experts = checkpoint.experts(layer);
  report.width = checkpoint.width();
  report.nullCosine = meanAbsoluteCosineOfRandom(report.width);
  const RouterWeights router = checkpoint.router(layer);
  report.router = router.tensors;
  checkpoint.noteNotFinite(layer, router, report.notes);
  AnalysisInput input;
  input.layer = layer;
  input.experts = std::make_shared<const LayerExperts>(checkpoint, layer);
  input.routerRows = router.weight;
  AnalysisMeans means;
  means.threads = settings.threads;
  means.progress = tell;
  means.spectrumTokens = settings.spectraTokens;
  std::optional<SharedExpert> shared = checkpoint.sharedExpert(layer);
  Eigen::MatrixXd sharedBasis;
  if (shared) {
    checkpoint.noteNotFinite(layer, *shared, report.notes);
    report.shared = sharedReport(*shared, router);
    sharedBasis = topRightSubspace(shared->weights.gate, settings.weightRank, 0).first;
  }
  const bool traced = trace && trace->has(layer);
  std::unique_ptr<RoutedOutputs> outputs;
  Eigen::VectorXf sharedNorms;
  if (traced) {
    Traced known = traceOf(router, trace->layer(layer, report.experts, report.width, settings.tokens));
    measureRoutingOf(known, router, settings, report);
    means.jacobians = planJacobiansOf(known, settings, report);
    if (shared) {
      report.shared->meanGate = shared->gates(known.trace.hidden).mean();
      outputs = sampledOutputs(known.trace.hidden, known.routed.weights, router.scheme.rule == RouterRule::InputSigmoid);
      sharedNorms = (*shared)(outputs->tokens()).rowwise().norm();
      report.memoryBound += bytesOf(shared->weights);
      input.sharedExpert = std::make_shared<const ExpertWeights>(std::move(shared->weights));
    }
    input.tokens = std::move(known.trace.hidden);
    input.scores = std::move(known.routed.logits);
    input.gates = std::move(known.gates);
  }
  shared.reset();
  report.explained.resize(report.experts);
  report.weightSubspaces.resize(static_cast<std::size_t>(report.experts));
  std::vector<GateWeights> gates(static_cast<std::size_t>(report.experts), GateWeights::Finite);
  std::vector<ReadingNotes> notes(static_cast<std::size_t>(report.experts));  // each written by one thread
  means.visit = [&](int e, const ExpertWeights& expert) {
    if (outputs) outputs->add(e, expert);
    measureWeights(expert, e, settings.weightRank, report);
    gates[static_cast<std::size_t>(e)] = expert.identity                    ? GateWeights::None
                                         : countNotFinite(expert.gate) == 0 ? GateWeights::Finite
                                                                            : GateWeights::NotFinite;
    checkpoint.noteNotFinite(layer, e, expert, notes[static_cast<std::size_t>(e)]);
  };
  ExpertAnalysis analysis = analyse(input, settings.expert, means);
  const std::uint64_t ofThread = report.expertBytes * (traced ? 2 : 1) + scratchBytes(report, settings.weightRank);
  report.memoryBound += ofThread * static_cast<std::uint64_t>(threadsFor(settings.threads, report.experts));
  keepRouterRows(analysis, report);
  report.coupling = analysis.coupling;
  for (const ReadingNotes& own : notes) report.notes.add(own);
  compareWeightSubspaces(settings.weightRank, settings.threads, gates, report);
  if (outputs) report.shared->normRatio = sharedNorms.cast<double>().cwiseQuotient(outputs->norms().cast<double>());
  if (report.shared) {
    report.shared->overlap = overlapWith(sharedBasis, report.weightSubspaces);
    report.shared->nullOverlap =
        static_cast<double>(std::max<Eigen::Index>(sharedBasis.cols(), report.weightRank)) / report.width;
  }
  if (analysis.spectra) report.memoryBound += spectraBytes(*analysis.spectra, report);
  if (traced) keepAnalysis(std::move(analysis), report);
  return report;
}

}  // namespace moescope
