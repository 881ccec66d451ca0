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
#include "core/geometry/coupling.h"
#include "core/geometry/decompositions.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr Eigen::Index kExactSide = 256;
constexpr std::size_t kTokensAtOnce = 256;
constexpr int kOversampling = 8, kIterations = 6;

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

double agreementOf(const TraceLayer& trace, const GateMatrix& weights) {
  if (trace.experts.size() == 0) return kNone;
  int same = 0;
  for (Eigen::Index t = 0; t < trace.experts.rows(); ++t)
    for (Eigen::Index i = 0; i < trace.experts.cols(); ++i) same += weights(t, trace.experts(t, i)) != 0.0f ? 1 : 0;
  return static_cast<double>(same) / static_cast<double>(trace.experts.size());
}

/// What a trace says of the layer's routing, and what the experts are to be asked.
struct Traced {
  TraceLayer trace;
  RoutedTokens routed;
  GateMatrix gates;                              ///< T x N: weights, rows scaled to sum 1
  std::vector<std::vector<Eigen::Index>> tokens; ///< N: rows routed to each expert
  std::optional<ExpertJacobians> jacobians;
  std::vector<ScoreActivation> scores;           ///< N
};

/// `count` of the rows, evenly spaced.
GateMatrix evenly(const GateMatrix& tokens, const std::vector<Eigen::Index>& rows, int count) {
  const std::size_t taken = std::min(rows.size(), static_cast<std::size_t>(std::max(1, count)));
  GateMatrix chosen(static_cast<Eigen::Index>(taken), tokens.cols());
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
  return traced;
}

void measureRoutingOf(const Traced& traced, const RouterWeights& router, const LayerAnalysisSettings& settings, LayerReport& report) {
  report.tokens = traced.trace.hidden.rows();
  report.agreement = agreementOf(traced.trace, routeTokens(router, traced.trace.hidden).weights);
  report.weights = measureRouting(traced.gates);
  report.load = assignedLoad(traced.routed.weights);
  Snapshot snapshot;
  snapshot.layers.resize(1);
  snapshot.layers[0].scores = displayLogits(router, traced.routed.logits);
  snapshot.layers[0].logPrior = Eigen::VectorXd::Zero(report.experts);
  snapshot.layers[0].hidden = traced.trace.hidden;
  for (const double concentration : settings.concentrations) {
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
  const GateMatrix shared = evenly(traced.trace.hidden, all, settings.expert.jacobianTokens);
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

/// The analysis of the routed tokens, with what the experts were asked one by one.
ExpertAnalysis analysisOf(Traced& traced, const RouterWeights& router, const AnalysisSettings& settings, LayerReport& report, const std::function<void()>& pulse) {
  AnalysisInput input;
  input.layer = report.layer;
  input.tokens = traced.trace.hidden;
  input.scores = traced.routed.logits;
  input.gates = traced.gates;
  input.routerRows = router.weight;
  ExpertAnalysis analysis = analyse(input, settings, pulse);
  analysis.coupling.weights = report.coupling;
  analysis.scoreActivation = std::move(traced.scores);
  if (!traced.jacobians) return analysis;
  analysis.settings.jacobianProbes = report.jacobians.probes;
  const JacobianAlignment all = traced.jacobians->alignment();
  const Eigen::Index n = report.experts;
  analysis.shared = {all.mean.topLeftCorner(n, n), all.ofAverages.topLeftCorner(n, n), all.nullDeviation};
  analysis.routedAlignment = traced.jacobians->ofOwnTokens().topLeftCorner(n, n);
  if (report.shared) report.shared->alignment = all.mean.col(n).head(n);
  return analysis;
}

void measureWeights(const ExpertWeights& expert, int e, const RouterWeights& router, int rank, LayerReport& report) {
  if (e == 0) {
    report.units = static_cast<int>(expert.gate.rows());
    report.expertBytes = static_cast<std::uint64_t>(expert.gate.size() + expert.up.size() + expert.down.size()) * sizeof(float);
  }
  report.coupling.col(e) = meanAbsoluteCosinesTo(router.weight, expert.gate);
  std::tie(report.weightSubspaces[static_cast<std::size_t>(e)], report.explained[e]) = topRightSubspace(expert.gate, rank, static_cast<unsigned>(e) + 1);
}

SharedReport sharedReport(const SharedExpert& shared, const RouterWeights& router) {
  SharedReport report;
  report.units = static_cast<int>(shared.weights.gate.rows());
  report.gated = shared.gate.size() > 0;
  report.coupling = meanAbsoluteCosinesTo(router.weight, shared.weights.gate);
  return report;
}

void measureWeightSubspaces(int threads, LayerReport& report) {
  report.weightRank = static_cast<int>(report.weightSubspaces.front().cols());
  report.weightAngles = principalAnglesOfAllPairs(report.weightSubspaces, threads);
  report.weightOverlap = Eigen::MatrixXd::Identity(report.experts, report.experts);
  for (int a = 0; a < report.experts; ++a)
    for (int b = a + 1; b < report.experts; ++b)
      report.weightOverlap(a, b) = report.weightOverlap(b, a) = report.weightAngles.of(a, b).array().cos().square().mean();
  const double d = report.width, r = report.weightRank;
  report.nullOverlap = r / d;
  report.nullOverlapDeviation = std::sqrt(2.0) * (d - r) / (d * std::sqrt((d - 1.0) * (d + 2.0)));
}

/// Mean cos^2 of the principal angles: |A^T B|^2 / r, with r the smaller rank.
Eigen::VectorXd overlapWith(const Eigen::MatrixXd& basis, const std::vector<Eigen::MatrixXd>& bases) {
  Eigen::VectorXd overlap(static_cast<Eigen::Index>(bases.size()));
  for (std::size_t e = 0; e < bases.size(); ++e)
    overlap[static_cast<Eigen::Index>(e)] = (basis.transpose() * bases[e]).squaredNorm() / static_cast<double>(std::min(basis.cols(), bases[e].cols()));
  return overlap;
}

/// What reading and measuring one expert's weights takes beside them: the mapped file of one tensor, at most as large as floats,
/// blocks of directions and their images, and products with the router.
std::uint64_t scratchBytes(std::uint64_t units, std::uint64_t width, std::uint64_t experts, std::uint64_t rank) {
  const std::uint64_t columns = kIterations * (rank + kOversampling);
  return (units * (width + experts) + 4 * (units + width) * columns) * sizeof(float);
}

}  // namespace

std::pair<Eigen::MatrixXd, double> topRightSubspace(const GateMatrix& matrix, int rank, unsigned seed) {
  const Eigen::Index side = std::min(matrix.rows(), matrix.cols()), r = std::clamp<Eigen::Index>(rank, 1, side);
  const double total = matrix.cast<double>().squaredNorm();
  Eigen::MatrixXd basis;
  if (side <= kExactSide) {
    const bool wide = matrix.rows() <= matrix.cols();
    const Eigen::MatrixXd m = matrix.cast<double>();
    const Eigen::MatrixXd gram = wide ? Eigen::MatrixXd(m * m.transpose()) : Eigen::MatrixXd(m.transpose() * m);
    const Eigen::MatrixXd top = symmetricEigen(gram).vectors.rightCols(r).rowwise().reverse();
    basis = wide ? Eigen::MatrixXd(m.transpose() * top) : top;
  } else {
    std::mt19937 dice(seed);
    std::normal_distribution<float> normal;
    const Eigen::Index columns = std::min<Eigen::Index>(side / kIterations, r + kOversampling);
    Eigen::MatrixXf block = Eigen::MatrixXf::NullaryExpr(matrix.cols(), columns, [&] { return normal(dice); }), krylov(matrix.cols(), columns * kIterations);
    for (int i = 0; i < kIterations; ++i) {
      block = orthonormalColumns(Eigen::MatrixXf(matrix.transpose() * orthonormalColumns(Eigen::MatrixXf(matrix * block))));
      krylov.middleCols(i * columns, columns) = block;
    }
    krylov = orthonormalColumns(krylov);
    const Eigen::MatrixXf image = matrix * krylov;
    basis = (krylov * symmetricEigen(Eigen::MatrixXf(image.transpose() * image)).vectors.rightCols(r).rowwise().reverse()).cast<double>();
  }
  basis = orthonormalColumns(basis);
  const double inside = (matrix * basis.cast<float>()).cast<double>().squaredNorm();
  return {basis, total > 0.0 ? std::min(1.0, inside / total) : 0.0};
}

LayerReport analyseLayer(const MoeCheckpoint& checkpoint, int layer, const RoutingTrace* trace, const LayerAnalysisSettings& settings,
                         const std::function<bool(int)>& progress) {
  LayerReport report;
  report.layer = layer;
  report.experts = checkpoint.experts();
  report.width = checkpoint.width();
  report.nullCosine = meanAbsoluteCosineOfRandom(report.width);
  const RouterWeights router = checkpoint.router(layer);
  const Eigen::MatrixXd rows = router.weight.cast<double>().rowwise().normalized();
  report.routerSimilarity = rows * rows.transpose();
  std::optional<SharedExpert> shared = checkpoint.sharedExpert(layer);
  Eigen::MatrixXd sharedBasis;
  if (shared) {
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
  report.coupling.resize(report.experts, report.experts);
  report.explained.resize(report.experts);
  report.weightSubspaces.resize(static_cast<std::size_t>(report.experts));
  const int passes = traced && traced->jacobians ? report.jacobians.passes : 1;
  for (int pass = 0; pass < passes; ++pass) {
    const auto share = [&](int done) { return progress((pass * report.experts + done) / passes); };
    if (traced && traced->jacobians) traced->jacobians->beginPass(pass);
    if (traced && traced->jacobians && shared) traced->jacobians->take(report.experts, shared->weights, {});
    if (pass + 1 == passes) shared.reset();
    forEachExpert(report.experts, settings.threads, share, [&](int e, ExpertWeights& expert) {
      checkpoint.readExpertInto(layer, e, expert);
      if (pass == 0) measureWeights(expert, e, router, settings.weightRank, report);
      if (!traced) return;
      if (pass == 0) traced->scores[static_cast<std::size_t>(e)] = scoreActivation(*traced, e, expert);
      if (traced->jacobians)
        traced->jacobians->take(e, expert, evenly(traced->trace.hidden, traced->tokens[static_cast<std::size_t>(e)], std::max(1, settings.expert.jacobianTokens / 4)));
    });
    if (traced && traced->jacobians) traced->jacobians->endPass();
  }
  const std::uint64_t ofThread = report.expertBytes * (traced ? 2 : 1) + scratchBytes(report.units, report.width, report.experts, settings.weightRank);
  report.memoryBound += ofThread * static_cast<std::uint64_t>(threadsFor(settings.threads, report.experts));
  measureWeightSubspaces(settings.threads, report);
  if (report.shared) report.shared->overlap = overlapWith(sharedBasis, report.weightSubspaces);
  if (traced) {
    report.analysis = analysisOf(*traced, router, settings.expert, report, [&] {
      if (!progress(report.experts)) throw std::runtime_error("stopped");
    });
  }
  return report;
}

}  // namespace moescope
