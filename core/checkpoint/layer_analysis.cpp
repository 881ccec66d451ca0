#include "core/checkpoint/layer_analysis.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>
#include <random>
#include <stdexcept>
#include <thread>

#include "core/checkpoint/traced_routing.h"
#include "core/geometry/coupling.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr Eigen::Index kExactSide = 256;
constexpr int kOversampling = 8, kIterations = 6;

Eigen::MatrixXf orthonormal(const Eigen::MatrixXf& columns) {
  return Eigen::HouseholderQR<Eigen::MatrixXf>(columns).householderQ() * Eigen::MatrixXf::Identity(columns.rows(), columns.cols());
}

/// Experts shared out to threads; the first exception comes out.
void forEachExpert(int experts, int threads, const std::function<bool(int)>& progress, const std::function<void(int)>& work) {
  std::atomic<int> next = 0, done = 0;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&] {
    for (int e = next++; e < experts && !stop; e = next++) {
      try {
        work(e);
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
  const int wanted = threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  for (int i = 1; i < std::min(wanted, experts); ++i) pool.emplace_back(run);
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

void measureTrace(const MoeCheckpoint& checkpoint, const RouterWeights& router, const TraceLayer& trace, const LayerAnalysisSettings& settings, LayerReport& report,
                  const std::function<void()>& pulse) {
  report.tokens = trace.hidden.rows();
  report.agreement = agreementOf(trace, routeTokens(router, trace.hidden).weights);
  const RoutedTokens routed = routeAsTraced(router, trace);
  GateMatrix scaled = routed.weights;
  for (Eigen::Index t = 0; t < scaled.rows(); ++t)
    if (const float sum = scaled.row(t).sum(); sum > 0.0f) scaled.row(t) /= sum;
  report.weights = measureRouting(scaled);
  report.load = assignedLoad(routed.weights);

  Snapshot snapshot;
  snapshot.layers.resize(1);
  snapshot.layers[0].scores = displayLogits(router, routed.logits);
  snapshot.layers[0].logPrior = Eigen::VectorXd::Zero(report.experts);
  snapshot.layers[0].hidden = trace.hidden;
  for (const double concentration : settings.concentrations) {
    Lens lens;
    lens.concentration = static_cast<float>(concentration);
    lens.gating = settings.gating;
    report.routing.push_back({concentration, evaluate(snapshot, lens)});
  }

  AnalysisInput input;
  input.layer = report.layer;
  input.tokens = trace.hidden;
  input.scores = routed.logits;
  input.gates = scaled;
  input.routerRows = router.weight;
  const std::uint64_t all = report.expertBytes * static_cast<std::uint64_t>(report.experts);
  if (all > settings.jacobianBytes)
    report.withoutJacobians = "the layer's experts need " + std::to_string(all >> 20) + " MiB of memory at once";
  for (int e = 0; report.withoutJacobians.empty() && e < report.experts; ++e) {
    const ExpertWeights expert = checkpoint.expert(report.layer, e);
    if (expert.activation != Activation::Silu || expert.gateBias.size() > 0) {
      report.withoutJacobians = "the closed form is for SwiGLU experts without bias";
      input.experts.clear();
      break;
    }
    input.experts.push_back({expert.gate, expert.up, expert.down});
  }
  report.analysis = analyse(input, settings.expert, pulse);
}

}  // namespace

std::pair<Eigen::MatrixXd, double> topRightSubspace(const GateMatrix& matrix, int rank) {
  const Eigen::Index side = std::min(matrix.rows(), matrix.cols()), r = std::clamp<Eigen::Index>(rank, 1, side);
  const double total = matrix.cast<double>().squaredNorm();
  Eigen::MatrixXd basis;
  if (side <= kExactSide) {
    const bool wide = matrix.rows() <= matrix.cols();
    const Eigen::MatrixXd m = matrix.cast<double>();
    const Eigen::MatrixXd gram = wide ? Eigen::MatrixXd(m * m.transpose()) : Eigen::MatrixXd(m.transpose() * m);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram);
    const Eigen::MatrixXd top = solver.eigenvectors().rightCols(r).rowwise().reverse();
    basis = wide ? Eigen::MatrixXd(m.transpose() * top) : top;
  } else {
    std::mt19937 dice(1);
    std::normal_distribution<float> normal;
    Eigen::MatrixXf block = Eigen::MatrixXf::NullaryExpr(matrix.cols(), std::min<Eigen::Index>(side, r + kOversampling), [&] { return normal(dice); });
    for (int i = 0; i < kIterations; ++i) block = orthonormal(matrix.transpose() * orthonormal(matrix * block));
    const Eigen::MatrixXf image = matrix * block;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXf> solver(image.transpose() * image);
    basis = (block * solver.eigenvectors().rightCols(r).rowwise().reverse()).cast<double>();
  }
  basis = Eigen::HouseholderQR<Eigen::MatrixXd>(basis).householderQ() * Eigen::MatrixXd::Identity(basis.rows(), basis.cols());
  const double inside = (matrix * basis.cast<float>()).cast<double>().squaredNorm();
  return {basis, total > 0.0 ? std::min(1.0, inside / total) : 0.0};
}

LayerReport analyseLayer(const MoeCheckpoint& checkpoint, int layer, const RoutingTrace* trace, const LayerAnalysisSettings& settings,
                         const std::function<bool(int)>& progress) {
  LayerReport report;
  report.layer = layer;
  report.experts = checkpoint.experts();
  report.width = checkpoint.width();
  const RouterWeights router = checkpoint.router(layer);
  const Eigen::MatrixXd rows = router.weight.cast<double>().rowwise().normalized();
  report.routerSimilarity = rows * rows.transpose();
  report.nullCosine = meanAbsoluteCosineOfRandom(report.width);
  report.coupling.resize(report.experts, report.experts);
  report.explained.resize(report.experts);
  std::vector<Eigen::MatrixXd> bases(static_cast<std::size_t>(report.experts));
  forEachExpert(report.experts, settings.threads, progress, [&](int e) {
    const ExpertWeights expert = checkpoint.expert(layer, e);
    if (e == 0) {
      report.units = static_cast<int>(expert.gate.rows());
      report.expertBytes = static_cast<std::uint64_t>(expert.gate.size() + expert.up.size() + expert.down.size()) * sizeof(float);
    }
    report.coupling.col(e) = meanAbsoluteCosines(router.weight, {Eigen::MatrixXf(expert.gate)}).col(0);
    std::tie(bases[static_cast<std::size_t>(e)], report.explained[e]) = topRightSubspace(expert.gate, settings.weightRank);
  });
  report.weightRank = static_cast<int>(bases.front().cols());
  report.weightSubspaces = bases;
  report.weightAngles = principalAnglesOfAllPairs(bases, settings.threads);
  report.weightOverlap = Eigen::MatrixXd::Identity(report.experts, report.experts);
  for (int a = 0; a < report.experts; ++a)
    for (int b = a + 1; b < report.experts; ++b)
      report.weightOverlap(a, b) = report.weightOverlap(b, a) = report.weightAngles.of(a, b).array().cos().square().mean();
  const double d = report.width, r = report.weightRank;
  report.nullOverlap = r / d;
  report.nullOverlapDeviation = std::sqrt(2.0) * (d - r) / (d * std::sqrt((d - 1.0) * (d + 2.0)));
  if (trace && trace->has(layer)) measureTrace(checkpoint, router, trace->layer(layer, report.experts, report.width, settings.tokens), settings, report,
                                               [&] { if (!progress(report.experts)) throw std::runtime_error("stopped"); });
  return report;
}

}  // namespace moescope
