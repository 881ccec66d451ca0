#include "core/checkpoint/layer_analysis.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <random>
#include <stdexcept>
#include <thread>

#include "core/checkpoint/traced_routing.h"
#include "core/checkpoint/weight_subspaces.h"
#include "core/geometry/coupling.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kTokensAtOnce = 256;

int threadsFor(int wanted, int experts) {
  return std::min(experts, wanted > 0 ? wanted : static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
}

/// Experts shared out to threads; the first exception comes out.
void forEachExpert(int experts, int threads, const std::function<bool(int)>& progress, const std::function<void(int, ExpertWeights&)>& work) {
  std::atomic<int> next = 0, done = 0;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&] {
    ExpertWeights own;  // of this thread, used again
    for (int e = next++; e < experts && !stop; e = next++) {
      try {
        work(e, own);
        const std::lock_guard lock(mutex);
        if (!progress(++done)) throw std::runtime_error("stopped");
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        stop = true;
      }
    }
  };
  std::vector<std::thread> pool;
  for (int i = 1; i < threadsFor(threads, experts); ++i) pool.emplace_back(run);
  run();
  for (std::thread& thread : pool) thread.join();
  if (failure) std::rethrow_exception(failure);
}

double sameChoicesOf(const TraceLayer& trace, const RowMatrix& weights) {
  if (trace.experts.size() == 0 || !weights.allFinite()) return kNone;
  int same = 0;
  for (Eigen::Index t = 0; t < trace.experts.rows(); ++t)
    for (Eigen::Index i = 0; i < trace.experts.cols(); ++i) same += weights(t, trace.experts(t, i)) != 0.0f ? 1 : 0;
  return static_cast<double>(same) / static_cast<double>(trace.experts.size());
}

/// What a trace says of the layer's routing, and what the experts are to be asked.
struct Traced {
  TraceLayer trace;
  RoutedTokens routed;
  RowMatrix gates;                              ///< T x N: weights, rows scaled to sum 1
  std::vector<std::vector<Eigen::Index>> tokens; ///< N: rows routed to each expert
  std::optional<ExpertJacobians> jacobians;
  std::vector<ScoreActivation> scores;           ///< N
};

/// `count` of the rows, evenly spaced.
RowMatrix evenly(const RowMatrix& tokens, const std::vector<Eigen::Index>& rows, int count) {
  const std::size_t taken = std::min(rows.size(), static_cast<std::size_t>(std::max(1, count)));
  RowMatrix chosen(static_cast<Eigen::Index>(taken), tokens.cols());
  for (std::size_t i = 0; i < taken; ++i) chosen.row(static_cast<Eigen::Index>(i)) = tokens.row(rows[i * rows.size() / taken]);
  return chosen;
}

Traced traceOf(const RouterWeights& router, TraceLayer layer) {
  Traced traced{std::move(layer), {}, {}, {}, {}, {}};
  traced.routed = routeAsTraced(router, traced.trace);
  traced.gates = traced.routed.weights;
  traced.tokens.resize(static_cast<std::size_t>(traced.gates.cols()));
  traced.scores.resize(traced.tokens.size());
  for (Eigen::Index t = 0; t < traced.gates.rows(); ++t) {
    if (const float sum = traced.gates.row(t).sum(); sum > 0.0f) traced.gates.row(t) /= sum;
    for (Eigen::Index e = 0; e < traced.gates.cols(); ++e)
      if (traced.gates(t, e) > 0.0f) traced.tokens[static_cast<std::size_t>(e)].push_back(t);
  }
  if (!traced.gates.allFinite()) {  // what the experts were given is not known
    traced.gates.setConstant(std::numeric_limits<float>::quiet_NaN());
    traced.tokens.assign(traced.tokens.size(), {});
  }
  return traced;
}

/// What evaluate() would give of scores that are not finite.
Routing unknownRouting() {
  Routing routing;
  for (RoutingMeasures* measures : {&routing.probability, &routing.applied})
    measures->meanEntropy = measures->effectiveExperts = measures->loadVariation = measures->maxViolation = measures->loadEntropy = measures->specialisation = kNone;
  routing.entropyLower = routing.entropyUpper = kNone;
  return routing;
}

/// How the traced routing came about where the trace leaves it open.
void noteRouting(const Traced& traced, LayerReport& report) {
  const std::string layer = "layer " + std::to_string(report.layer) + ": ";
  report.notes.add(traced.trace.notes);
  const Eigen::Index unknown = traced.routed.weights.rowwise().sum().array().isNaN().count();
  report.routingKnown = unknown == 0;
  if (unknown > 0)
    report.notes.add(ReadingNoteKind::NotFinite, layer + "router logits of " + std::to_string(unknown) + " of " + std::to_string(report.tokens) + " tokens; their routing is not known, and no measure of it is a number");
  if (traced.trace.experts.size() == 0 || traced.trace.gates.size() > 0 || unknown > 0) return;
  const auto others = static_cast<long>(std::lround((1.0 - report.sameChoices) * static_cast<double>(traced.trace.experts.size())));
  report.notes.add(ReadingNoteKind::Assumed, layer + "the trace has expert_ids without gates: weights are what our router gives" +
                                                 (others > 0 ? ", and of " + std::to_string(others) + " choices that it does not make, the score" : ""));
}

void measureRoutingOf(const Traced& traced, const RouterWeights& router, const LayerAnalysisSettings& settings, LayerReport& report) {
  report.tokens = traced.trace.hidden.rows();
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

/// Score against activation of the tokens routed to expert e, some tokens at a time.
ScoreActivation scoreActivation(const Traced& traced, int e, const ExpertWeights& expert) {
  ScoreActivation result;
  const std::vector<Eigen::Index>& rows = traced.tokens[static_cast<std::size_t>(e)];
  for (std::size_t at = 0; at < rows.size(); at += kTokensAtOnce) {
    const std::vector<Eigen::Index> part(rows.begin() + static_cast<long>(at), rows.begin() + static_cast<long>(std::min(rows.size(), at + kTokensAtOnce)));
    const Eigen::VectorXf norms = expert.hiddenUnits(traced.trace.hidden(part, Eigen::all)).rowwise().norm();
    for (std::size_t i = 0; i < part.size(); ++i) {
      result.tokens.push_back(static_cast<int>(part[i]));
      result.score.push_back(traced.routed.logits(part[i], e));
      result.activation.push_back(norms[static_cast<Eigen::Index>(i)]);
    }
  }
  const auto vector = [](const std::vector<double>& v) { return Eigen::Map<const Eigen::VectorXd>(v.data(), static_cast<Eigen::Index>(v.size())); };
  result.pearson = pearsonCorrelation(vector(result.score), vector(result.activation));
  result.spearman = spearmanCorrelation(vector(result.score), vector(result.activation));
  return result;
}

void planJacobiansOf(Traced& traced, const LayerAnalysisSettings& settings, LayerReport& report) {
  std::vector<Eigen::Index> all(static_cast<std::size_t>(traced.trace.hidden.rows()));
  std::iota(all.begin(), all.end(), 0);
  const RowMatrix shared = evenly(traced.trace.hidden, all, settings.expert.jacobianTokens);
  const int experts = report.experts + (report.shared ? 1 : 0);
  report.jacobians = planJacobians(experts, report.width, static_cast<int>(shared.rows()), settings.expert.jacobianProbes, settings.jacobianBytes);
  if (report.jacobians.tokensAtOnce > 0) {
    traced.jacobians.emplace(report.jacobians, shared);
    report.memoryBound += report.jacobians.bytes();
  } else {
    report.withoutJacobians = "products of " + std::to_string(report.jacobians.columns()) + " directions at one token need more than " +
                              std::to_string(settings.jacobianBytes >> 20) + " MiB of memory";
  }
}

/// A Jacobian that is 0 points nowhere: it has no cosine with another.
void noteZeroJacobians(const JacobianAlignment& all, LayerReport& report) {
  std::string never, sometimes;
  for (Eigen::Index e = 0; e < all.zeroAt.size(); ++e) {
    const std::string name = e == report.experts ? "the shared expert" : "expert " + std::to_string(e);
    if (all.zeroAt[e] == 0) continue;
    if (all.zeroAt[e] == all.tokens) never += (never.empty() ? "" : ", ") + name;
    else sometimes += (sometimes.empty() ? "" : ", ") + name + " (" + std::to_string(all.zeroAt[e]) + ")";
  }
  const std::string layer = "layer " + std::to_string(report.layer) + ": ", tokens = std::to_string(all.tokens) + " shared tokens";
  if (!never.empty()) report.notes.add(ReadingNoteKind::Missing, layer + "no direction: the Jacobian is 0 at all " + tokens + " for " + never + "; alignment with it is not a number");
  if (!sometimes.empty()) report.notes.add(ReadingNoteKind::Missing, layer + "no direction at some of the " + tokens + ", where the Jacobian is 0: " + sometimes + "; these are left out of the mean");
}

/// The analysis of the routed tokens, with what the experts were asked one by one.
ExpertAnalysis analysisOf(Traced& traced, const RouterWeights& router, const AnalysisSettings& settings, LayerReport& report, const std::function<void()>& pulse) {
  AnalysisInput input;
  input.layer = report.layer;
  input.tokens = traced.trace.hidden;
  input.scores = traced.routed.logits;
  input.gates = traced.gates;
  input.routerRows = router.weight;
  ExpertAnalysis analysis = analyse(input, settings, pulse);
  if (!report.routingKnown) analysis.leftOut.clear();  // not for want of tokens: the mean is to be no number
  analysis.coupling = report.coupling;
  analysis.scoreActivation = std::move(traced.scores);
  if (!traced.jacobians) return analysis;
  analysis.settings.jacobianProbes = report.jacobians.probes;
  const JacobianAlignment all = traced.jacobians->alignment();
  const Eigen::Index n = report.experts;
  analysis.shared = {all.mean.topLeftCorner(n, n), all.ofAverages.topLeftCorner(n, n), all.nullDeviation, all.zeroAt.head(n), all.tokens};
  noteZeroJacobians(all, report);
  analysis.routedAlignment = traced.jacobians->ofOwnTokens().topLeftCorner(n, n);
  if (report.shared) report.shared->alignment = all.mean.col(n).head(n);
  return analysis;
}

void measureWeights(const ExpertWeights& expert, int e, const RouterWeights& router, int rank, LayerReport& report) {
  if (e == 0) {
    report.units = static_cast<int>(expert.gate.rows());
    report.expertBytes = static_cast<std::uint64_t>(expert.gate.size() + expert.up.size() + expert.down.size()) * sizeof(float);
  }
  report.coupling.weights.col(e) = meanAbsoluteCosinesTo(router.weight, expert.gate);
  std::tie(report.weightSubspaces[static_cast<std::size_t>(e)], report.explained[e]) = topRightSubspace(expert.gate, rank, static_cast<unsigned>(e) + 1);
}

void measureRouterRows(const MoeCheckpoint& checkpoint, const RouterWeights& router, LayerReport& report) {
  checkpoint.noteNotFinite(report.layer, router, report.notes);
  report.coupling.nullMean = report.nullCosine;
  report.routerSimilarity = cosinesOfRows(router.weight);
  report.routersWithoutDirection = rowsWithoutDirection(router.weight);
  if (!report.routersWithoutDirection.empty())
    report.notes.add(ReadingNoteKind::Missing, "layer " + std::to_string(report.layer) + ": no direction: the router row has length 0 for expert " + expertsListed(report.routersWithoutDirection) +
                                                   "; cosines with it are not numbers");
}

SharedReport sharedReport(const SharedExpert& shared, const RouterWeights& router) {
  SharedReport report;
  report.units = static_cast<int>(shared.weights.gate.rows());
  report.gated = shared.gate.size() > 0;
  report.coupling = meanAbsoluteCosinesTo(router.weight, shared.weights.gate);
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

LayerReport analyseLayer(const MoeCheckpoint& checkpoint, int layer, const RoutingTrace* trace, const LayerAnalysisSettings& settings,
                         const std::function<bool(int)>& progress) {
  LayerReport report;
  report.layer = layer;
  report.experts = checkpoint.experts(layer);
  report.width = checkpoint.width();
  report.nullCosine = meanAbsoluteCosineOfRandom(report.width);
  const RouterWeights router = checkpoint.router(layer);
  measureRouterRows(checkpoint, router, report);
  std::optional<SharedExpert> shared = checkpoint.sharedExpert(layer);
  Eigen::MatrixXd sharedBasis;
  if (shared) {
    checkpoint.noteNotFinite(layer, *shared, report.notes);
    report.shared = sharedReport(*shared, router);
    sharedBasis = topRightSubspace(shared->weights.gate, settings.weightRank, 0).first;
  }
  std::optional<Traced> traced;
  if (trace && trace->has(layer)) {
    traced = traceOf(router, trace->layer(layer, report.experts, report.width, settings.tokens));
    measureRoutingOf(*traced, router, settings, report);
    planJacobiansOf(*traced, settings, report);
    if (shared) report.shared->meanGate = shared->gates(traced->trace.hidden).mean();
  }
  report.coupling.weights.resize(report.experts, report.experts);
  report.explained.resize(report.experts);
  report.weightSubspaces.resize(static_cast<std::size_t>(report.experts));
  std::vector<char> finite(static_cast<std::size_t>(report.experts), 1);       // W_gate of each expert
  std::vector<ReadingNotes> notes(static_cast<std::size_t>(report.experts));  // each written by one thread
  const int passes = traced && traced->jacobians ? report.jacobians.passes : 1;
  for (int pass = 0; pass < passes; ++pass) {
    const auto share = [&](int done) { return progress((pass * report.experts + done) / passes); };
    if (traced && traced->jacobians) traced->jacobians->beginPass(pass);
    if (traced && traced->jacobians && shared) traced->jacobians->take(report.experts, shared->weights, {});
    if (pass + 1 == passes) shared.reset();
    forEachExpert(report.experts, settings.threads, share, [&](int e, ExpertWeights& expert) {
      checkpoint.readExpertInto(layer, e, expert);
      if (pass == 0) {
        measureWeights(expert, e, router, settings.weightRank, report);
        finite[static_cast<std::size_t>(e)] = expert.gate.allFinite();
        checkpoint.noteNotFinite(layer, e, expert, notes[static_cast<std::size_t>(e)]);
      }
      if (!traced) return;
      if (pass == 0) traced->scores[static_cast<std::size_t>(e)] = scoreActivation(*traced, e, expert);
      if (traced->jacobians)
        traced->jacobians->take(e, expert, evenly(traced->trace.hidden, traced->tokens[static_cast<std::size_t>(e)], std::max(1, settings.expert.jacobianTokens / 4)));
    });
    if (traced && traced->jacobians) traced->jacobians->endPass();
  }
  const std::uint64_t ofThread = report.expertBytes * (traced ? 2 : 1) + scratchBytes(report.units, report.width, report.experts, settings.weightRank);
  report.memoryBound += ofThread * static_cast<std::uint64_t>(threadsFor(settings.threads, report.experts));
  for (const ReadingNotes& own : notes) report.notes.add(own);
  report.coupling.finite = router.weight.allFinite() && std::all_of(finite.begin(), finite.end(), [](char each) { return each != 0; });
  measureWeightSubspaces(settings.weightRank, settings.threads, finite, report);
  if (report.shared) {
    report.shared->overlap = overlapWith(sharedBasis, report.weightSubspaces);
    report.shared->nullOverlap = static_cast<double>(std::max<Eigen::Index>(sharedBasis.cols(), report.weightRank)) / report.width;
  }
  if (traced) {
    report.analysis = analysisOf(*traced, router, settings.expert, report, [&] {
      if (!progress(report.experts)) throw std::runtime_error("stopped");
    });
  }
  return report;
}

}  // namespace moescope
