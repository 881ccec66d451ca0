// Every kernel on the GPU against its twin on the CPU, on fresh random numbers, and how long both take.

#include <Eigen/Core>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <thread>

#include "core/cuda/gpu_kernels.h"
#include "core/geometry/grassmann.h"
#include "core/geometry/grassmann_pairs.h"
#include "core/reading/gpu_scores.h"
#include "core/reading/layer_meter.h"
#include "core/reading/routing.h"
#include "tests/gpu/check.h"

namespace moescope {
namespace {

using Clock = std::chrono::steady_clock;

/// Numbers on both sides. What is on the GPU starts as NaN where the kernel is to write it.
template <typename Number>
struct Mirror {
  explicit Mirror(std::size_t count) : host(count, std::numeric_limits<Number>::quiet_NaN()), memory(count * sizeof(Number)) {
    send();
  }
  explicit Mirror(std::vector<Number> values) : host(std::move(values)), memory(host.size() * sizeof(Number)) { send(); }
  void send() { memory.upload(host.data(), host.size() * sizeof(Number)); }
  Number* gpu() { return static_cast<Number*>(memory.data()); }
  /// Largest difference from what the GPU has, over the largest value here; infinite where only one of both is a number.
  double apart() {
    std::vector<Number> there(host.size());
    memory.download(there.data(), there.size() * sizeof(Number));
    double difference = 0.0, size = 1e-30;
    for (std::size_t i = 0; i < host.size(); ++i) {
      if (std::isnan(host[i]) != std::isnan(there[i])) return INFINITY;
      if (std::isnan(host[i])) continue;
      difference = std::max(difference, std::abs(static_cast<double>(host[i]) - static_cast<double>(there[i])));
      size = std::max(size, std::abs(static_cast<double>(host[i])));
    }
    return difference / size;
  }
  std::vector<Number> host;
  GpuMemory memory;
};

std::vector<float> normals(std::size_t count, float scale) {
  static std::mt19937 random(17);
  std::normal_distribution<float> normal(0.0f, scale);
  std::vector<float> values(count);
  for (float& value : values) value = normal(random);
  return values;
}

std::vector<float> uniforms(std::size_t count, float most) {
  static std::mt19937 random(19);
  std::uniform_real_distribution<float> uniform(0.0f, most);
  std::vector<float> values(count);
  for (float& value : values) value = uniform(random);
  return values;
}

/// Median of `runs`, in milliseconds, the GPU's work included.
double millisecondsOf(int runs, const std::function<void()>& work) {
  std::vector<double> times;
  for (int i = 0; i <= runs; ++i) {  // the first one warms up
    waitForGpu();
    const Clock::time_point start = Clock::now();
    work();
    waitForGpu();
    if (i > 0) times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::nth_element(times.begin(), times.begin() + runs / 2, times.end());
  return times[static_cast<std::size_t>(runs / 2)];
}

std::string timesOf(double gpu, double cpu, const std::string& what) {
  char text[160];
  std::snprintf(text, sizeof text, "GPU %.3g ms, %s %.3g ms: %.1f times", gpu, what.c_str(), cpu, cpu / gpu);
  return text;
}

void checkEvaluate(const GpuKernels& kernels, Findings& findings) {
  for (const int experts : {8, 64, 384})
    for (const TokenRule::Policy policy : {TokenRule::Soft, TokenRule::TopK, TokenRule::TopP, TokenRule::Threshold}) {
      const std::size_t tokens = 4099, size = tokens * static_cast<std::size_t>(experts),
                        wide = static_cast<std::size_t>(experts);
      Mirror<float> scores(normals(size, 2.0f)), offset(normals(wide, 0.3f)), logits(size), probabilities(size), gates(size),
          entropy(tokens), applied(tokens);
      Mirror<double> load(wide), appliedLoad(wide), sums(kEvaluateSums);
      EvaluateTask task{scores.host.data(), offset.host.data(), static_cast<std::int64_t>(tokens), experts, 1.7f, {policy}};
      gpuKernelTwins().evaluate(task, {logits.host.data(), probabilities.host.data(), gates.host.data(), entropy.host.data(),
                                       applied.host.data(), load.host.data(), appliedLoad.host.data(), sums.host.data()});
      task.scores = scores.gpu();
      task.offset = offset.gpu();
      kernels.evaluate(task, {logits.gpu(), probabilities.gpu(), gates.gpu(), entropy.gpu(), applied.gpu(), load.gpu(),
                              appliedLoad.gpu(), sums.gpu()});
      const double apart = std::max({logits.apart(), probabilities.apart(), gates.apart(), entropy.apart(), applied.apart(),
                                     load.apart(), appliedLoad.apart(), sums.apart()});
      findings.add(
          {"evaluate: 4099 x " + std::to_string(experts) + ", policy " + std::to_string(policy), apart, 2e-5, "relative", ""});
    }
}

void timeEvaluate(const GpuKernels& kernels, Findings& findings) {
  const struct { Eigen::Index tokens, experts; } sizes[] = {{65536, 64}, {65536, 512}, {1048576, 64}};
  for (const auto& size : sizes) {
    Snapshot snapshot;
    snapshot.layers.emplace_back();
    LayerSnapshot& layer = snapshot.layers[0];
    layer.scores = Eigen::Map<const RowMatrix>(normals(static_cast<std::size_t>(size.tokens * size.experts), 2.0f).data(),
                                               size.tokens, size.experts);
    layer.hidden = RowMatrix::Ones(size.tokens, 4);
    layer.logPrior = Eigen::VectorXd::Zero(size.experts);
    Lens lens;
    lens.gating.policy = GatingPolicy::TopK;
    const double cpu = millisecondsOf(3, [&] { measureLayer(layer, lens); });
    const Eigen::RowVectorXf offset = Eigen::RowVectorXf::Zero(size.experts);
    const TokenRule topTwo{TokenRule::TopK};
    double sending = 0.0;
    std::unique_ptr<GpuScores> held;
    sending = millisecondsOf(1, [&] { held = std::make_unique<GpuScores>(kernels, layer.scores); });
    const double gpu = millisecondsOf(9, [&] { held->sums(offset, 1.0f, topTwo); });
    const Routing expected = evaluate(snapshot, lens);
    const double apart = std::abs(held->sums(offset, 1.0f, topTwo)[kSumAppliedEffective] / static_cast<double>(size.tokens) -
                                  expected.applied.effectiveExperts);
    char note[64];
    std::snprintf(note, sizeof note, ", sending once %.3g ms", sending);
    findings.add(
        {"evaluate: top-2 of " + std::to_string(size.tokens) + " x " + std::to_string(size.experts) + ", effective experts",
         apart, 1e-4, "experts", timesOf(gpu, cpu, "measureLayer() on all cores") + note});
  }
}

/// What the window's numbers of a long trace are measured by.
void checkLayerMeter(Findings& findings) {
  auto layer = std::make_shared<LayerSnapshot>();
  layer->scores = Eigen::Map<const RowMatrix>(normals(65536 * 64, 2.0f).data(), 65536, 64);
  layer->hidden = RowMatrix::Ones(65536, 4);
  layer->logPrior = Eigen::VectorXd::LinSpaced(64, -0.5, 0.5);
  layer->rule.choice = TrainedRule::Choice::PerToken;
  layer->rule.chosen = 3;
  LayerMeter meter(layer);
  Lens lens;
  lens.concentration = 1.7f;
  for (const GatingRule& rule : {GatingRule{}, GatingRule{GatingPolicy::Soft}, GatingRule{GatingPolicy::TopK, 2},
                                 GatingRule{GatingPolicy::Threshold, 2, 0.9f, 0.1f}}) {
    lens.gating = rule;
    const LayerMeasures there = meter.measure(lens), here = measureLayer(*layer, lens);
    const bool onGpu = there.probability.tokenEntropy.size() == 0;
    const double apart = std::max({(there.probability.load - here.probability.load).cwiseAbs().maxCoeff() * 64,
                                   (there.applied.load - here.applied.load).cwiseAbs().maxCoeff() * 64,
                                   std::abs(there.applied.effectiveExperts / here.applied.effectiveExperts - 1.0),
                                   std::abs(there.entropyLower / here.entropyLower - 1.0)});
    findings.add({"the window's numbers of 65536 x 64, policy " + std::to_string(static_cast<int>(rule.policy)),
                  onGpu ? apart : INFINITY, 1e-4, "relative", onGpu ? "" : "not measured on the GPU " + meter.trouble()});
  }
}

void checkPairAngles(const GpuKernels& kernels, Findings& findings) {
  const int threads = static_cast<int>(std::thread::hardware_concurrency());
  std::mt19937_64 random(23);
  std::normal_distribution<double> normal;
  for (const int rank : {1, 4, 16}) {
    const int count = rank == 4 ? 512 : 64, dimension = 256;
    std::vector<Eigen::MatrixXd> bases;
    std::vector<double> packed;
    for (int i = 0; i < count; ++i) {
      Eigen::MatrixXd columns = Eigen::MatrixXd::NullaryExpr(dimension, rank, [&] { return normal(random); });
      if (i % 7 == 6) columns = bases.back() + std::pow(10.0, -i % 12) * columns;  // close to the one before
      bases.push_back(orthonormalBasis(columns, 1e-14));
      packed.insert(packed.end(), bases.back().data(), bases.back().data() + bases.back().size());
    }
    Mirror<double> sent(packed), angles(static_cast<std::size_t>(count * (count - 1) / 2 * rank));
    PairAngles own;
    const double cpu = millisecondsOf(1, [&] { own = principalAnglesOfAllPairs(bases, threads); });
    const double gpu = millisecondsOf(5, [&] { kernels.pairAngles(sent.gpu(), count, dimension, rank, angles.gpu()); });
    for (std::size_t pair = 0; pair < own.angles.size(); ++pair)
      for (int i = 0; i < rank; ++i)
        angles.host[pair * static_cast<std::size_t>(rank) + static_cast<std::size_t>(i)] = own.angles[pair][i];
    findings.add({"principal angles: all pairs of " + std::to_string(count) + ", rank " + std::to_string(rank), angles.apart(),
                  1e-13, "relative", timesOf(gpu, cpu, "all cores")});
  }
}

void checkRouterMath(const GpuKernels& kernels, Findings& findings) {
  const std::int64_t tokens = 8192;
  const int experts = 16, rank = 4, dimension = 256;
  const std::size_t columns = experts * rank;
  Mirror<float> products(normals(tokens * columns, 0.3f)), weights(uniforms(columns, 40.0f)),
      upstream(normals(tokens * experts, 1e-4f));
  Mirror<float> out(tokens * experts), productGradient(tokens * columns), weightGradient(columns);
  const GpuKernels& twins = gpuKernelTwins();
  const double cpu = millisecondsOf(3, [&] {
    twins.weightedSquares(products.host.data(), weights.host.data(), tokens, experts, rank, out.host.data());
    twins.weightedSquaresGradient(products.host.data(), weights.host.data(), upstream.host.data(), tokens, experts, rank,
                                  productGradient.host.data(), weightGradient.host.data());
  });
  const double gpu = millisecondsOf(9, [&] {
    kernels.weightedSquares(products.gpu(), weights.gpu(), tokens, experts, rank, out.gpu());
    kernels.weightedSquaresGradient(products.gpu(), weights.gpu(), upstream.gpu(), tokens, experts, rank, productGradient.gpu(),
                                    weightGradient.gpu());
  });
  findings.add({"GrMoE's score and its gradient: 8192 x 16, rank 4",
                std::max({out.apart(), productGradient.apart(), weightGradient.apart()}), 1e-5, "relative",
                timesOf(gpu, cpu, "twin on one core")});
  Mirror<float> value(experts), gradient(columns), logs(experts), slopes(experts), kappa(uniforms(experts, 40.0f)),
      frames(normals(static_cast<std::size_t>(experts * dimension * rank), 1.0f));
  twins.binghamNormaliser(weights.host.data(), experts, rank, dimension, value.host.data(), gradient.host.data());
  kernels.binghamNormaliser(weights.gpu(), experts, rank, dimension, value.gpu(), gradient.gpu());
  findings.add({"Bingham normaliser and its gradient", std::max(value.apart(), gradient.apart()), 1e-6, "relative", ""});
  twins.vonMisesFisherNormaliser(kappa.host.data(), experts, dimension, logs.host.data(), slopes.host.data());
  kernels.vonMisesFisherNormaliser(kappa.gpu(), experts, dimension, logs.gpu(), slopes.gpu());
  findings.add({"von Mises-Fisher normaliser and its derivative", std::max(logs.apart(), slopes.apart()), 1e-6, "relative", ""});
  kernels.orthonormalise(frames.gpu(), experts, dimension, rank);
  twins.orthonormalise(frames.host.data(), experts, dimension, rank);
  findings.add({"orthonormal frames", frames.apart(), 1e-5, "relative", ""});
}

void checkGroupedProducts(const GpuKernels& kernels, Findings& findings) {
  const int experts = 16, inner = 100, columns = 200;
  std::vector<std::int64_t> counts = {0, 1, 63, 64, 65, 500, 0, 200, 300, 7, 128, 129, 90, 16, 333, 0}, starts = {0};
  for (const std::int64_t count : counts) starts.push_back(starts.back() + count);
  const std::int64_t rows = starts.back() + 40;
  Mirror<float> in(normals(static_cast<std::size_t>(rows * inner), 1.0f)),
      weights(normals(static_cast<std::size_t>(experts * inner * columns), 0.1f));
  Mirror<std::int64_t> places(starts);
  for (const bool transposed : {false, true}) {
    Mirror<float> out(static_cast<std::size_t>(rows * columns)), outer(static_cast<std::size_t>(experts * inner * columns));
    gpuKernelTwins().groupedProduct({places.host.data(), experts, rows}, in.host.data(), weights.host.data(), transposed, inner,
                                    columns, out.host.data());
    kernels.groupedProduct({places.gpu(), experts, rows}, in.gpu(), weights.gpu(), transposed, inner, columns, out.gpu());
    const double apart = out.apart();
    out.send();
    gpuKernelTwins().groupedOuter({places.host.data(), experts, rows}, in.host.data(), out.host.data(), inner, columns,
                                  outer.host.data());
    kernels.groupedOuter({places.gpu(), experts, rows}, in.gpu(), out.gpu(), inner, columns, outer.gpu());
    findings.add({std::string("products by expert, weights ") + (transposed ? "transposed" : "as they are"),
                  std::max(apart, outer.apart()), 1e-5, "relative", ""});
  }
}

void timeGroupedProducts(const GpuKernels& kernels, Findings& findings) {
  const int experts = 16, inner = 256, columns = 1024;
  const std::int64_t rows = 16384;
  std::vector<std::int64_t> starts;
  for (int e = 0; e <= experts; ++e) starts.push_back(rows * e / experts);
  Mirror<std::int64_t> places(starts);
  Mirror<float> in(normals(static_cast<std::size_t>(rows * inner), 1.0f)),
      weights(normals(static_cast<std::size_t>(experts * inner * columns), 0.1f)), out(static_cast<std::size_t>(rows * columns));
  const double work = 2.0 * static_cast<double>(rows) * inner * columns * 1e-9;
  const GroupedTask task{places.gpu(), experts, rows};
  const double product =
      millisecondsOf(9, [&] { kernels.groupedProduct(task, in.gpu(), weights.gpu(), false, inner, columns, out.gpu()); });
  const double turned =
      millisecondsOf(9, [&] { kernels.groupedProduct(task, in.gpu(), weights.gpu(), true, inner, columns, out.gpu()); });
  const double outer = millisecondsOf(9, [&] { kernels.groupedOuter(task, in.gpu(), out.gpu(), inner, columns, weights.gpu()); });
  findings.add({"products by expert: 16384 x 256 by 16 of 256 x 1024", work / product, 0.0, "TFLOP/s", ""});
  findings.add({"products by expert, weights transposed", work / turned, 0.0, "TFLOP/s", ""});
  findings.add({"outer products by expert", work / outer, 0.0, "TFLOP/s", ""});
}

}  // namespace

void checkKernels(Findings& findings) {
  const GpuKernels* kernels = gpuKernels();
  if (!kernels) {
    findings.add({"our kernels", NAN, 1.0, "", gpuKernelReport()});
    return;
  }
  for (const auto& part :
       {checkEvaluate, checkPairAngles, checkRouterMath, checkGroupedProducts, timeEvaluate, timeGroupedProducts})
    findings.part("kernels", [&](Findings& f) { part(*kernels, f); });
}

}  // namespace moescope
