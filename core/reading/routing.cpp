#include "core/reading/routing.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "core/geometry/bingham.h"
#include "core/metrics/load.h"
#include "core/metrics/row_kernels.h"
#include "core/reading/choosing.h"
#include "core/reading/gating_row.h"
#include "core/reading/gpu_scores.h"
#include "core/reading/measure_sum.h"

namespace moescope {
namespace {

/// psi_e(alpha) = log 1F1(1/2; d/2; alpha Lambda_e), or zeros where the router has no spectra.
Eigen::VectorXd normalisers(const LayerSnapshot& layer, double alpha) {
  Eigen::VectorXd psi = Eigen::VectorXd::Zero(layer.scores.cols());
  const int dimension = static_cast<int>(layer.hidden.cols());
  for (Eigen::Index e = 0; e < layer.spectra.rows(); ++e)
    psi[e] = binghamNormaliser(alpha * layer.spectra.row(e).transpose(), dimension).logValue;
  return psi;
}

/// What is added to concentration * scores: prior and normaliser. Tempered multiplies the whole logit, these included.
Eigen::RowVectorXf offsets(const Eigen::VectorXd& psi, const LayerSnapshot& layer, float concentration,
                           ConcentrationReading reading) {
  const double factor = reading == ConcentrationReading::Tempered ? concentration : 1.0;
  return ((layer.logPrior - psi) * factor).cast<float>().transpose();
}

Eigen::VectorXd normalisersFor(const LayerSnapshot& layer, float concentration, ConcentrationReading reading) {
  return normalisers(layer, reading == ConcentrationReading::Tempered ? 1.0 : concentration);
}

const RowMatrix& scoresOf(const LayerSnapshot& layer, GateSource source) {
  return source == GateSource::Trained && layer.posteriorScores.size() > 0 ? layer.posteriorScores : layer.scores;
}

void requireConcentration(float concentration) {
  if (!std::isfinite(concentration) || concentration < 0.0f)
    throw std::invalid_argument("the concentration must be a finite number of at least 0");
}

/// One layer through a lens, and how its gates come about.
struct LayerReading {
  enum Kind {
    Soft,     ///< the gates are the probabilities
    Chosen,   ///< by the lens's own policy, token by token
    Apart,    ///< by the router's own rule, which looks at one token
    Jointly,  ///< by that rule, which looks at all tokens
  };

  LayerReading(const LayerSnapshot& read, const Lens& through)
      : layer(read), lens(through), scores(scoresOf(read, through.source)), experts(static_cast<int>(scores.cols())) {
    requireConcentration(lens.concentration);
    if (scores.size() == 0) throw std::invalid_argument("the snapshot has no tokens or no experts");
    const Eigen::VectorXd psi = normalisersFor(layer, lens.concentration, lens.reading);
    base = layer.logPrior - psi;
    offset = offsets(psi, layer, lens.concentration, lens.reading);
    const bool asTrained = lens.gating.policy == GatingPolicy::AsTrained && layer.rule.choice != TrainedRule::Choice::All;
    if (lens.gating.policy == GatingPolicy::Soft || (lens.gating.policy == GatingPolicy::AsTrained && !asTrained))
      kind = Soft;
    else if (!asTrained)
      kind = Chosen;
    else
      kind = readsTokensApart() ? Apart : Jointly;
  }

  /// The layer's rule and what it needs of tokens in a row.
  LayerSnapshot part(Eigen::Index first, Eigen::Index count) const {
    LayerSnapshot few;
    few.rule = layer.rule;
    if (layer.trainedGates.size() > 0) few.trainedGates = layer.trainedGates.middleRows(first, count);
    if (layer.posteriorScores.size() > 0) few.posteriorScores.resize(1, 1);  // there is one: all that keepsTrainedGates() asks
    return few;
  }

  const LayerSnapshot& layer;
  const Lens& lens;
  const RowMatrix& scores;
  const int experts;
  Eigen::VectorXd base;
  Eigen::RowVectorXf offset;
  Kind kind = Soft;

 private:
  bool readsTokensApart() const {
    if (layer.trainedGates.size() > 0 &&
        (layer.trainedGates.rows() != scores.rows() || layer.trainedGates.cols() != scores.cols()))
      return false;
    if (keepsTrainedGates(layer, lens)) return true;
    switch (layer.rule.choice) {
      case TrainedRule::Choice::PerToken: return layer.rule.capacityFactor <= 0.0;
      case TrainedRule::Choice::Active:
      case TrainedRule::Choice::Fixed: return layer.trainedGates.size() > 0;
      default: return false;
    }
  }
};

/// Tokens that one thread reads at a time, a multiple of what a MeasureSum adds as floats: starting a thread is little beside
/// them.
Eigen::Index blockOf(int experts) { return std::max<Eigen::Index>(256, (Eigen::Index{1} << 17) / experts / 64 * 64); }

/// Reads `count` tokens from `first` on. Rows of `logits`, `probabilities` and, where the lens chooses, `gates` are `stride`
/// apart.
void readBlock(const LayerReading& reading, Eigen::Index first, Eigen::Index count, int stride, float* logits,
               float* probabilities, float* gates, BlockSums& sums) {
  for (Eigen::Index t = 0; t < count; ++t) {  // one pass: a row stays in the nearest cache until it is done
    const RowReading row = readRow(reading.scores.row(first + t).data(), reading.offset.data(), reading.lens.concentration,
                                   reading.experts, logits, probabilities);
    addInto(probabilities, reading.experts, sums.probability.load());
    sums.probability.add(t, entropyOf(row.total, row.spread));
    sums.bounds.add(row, reading.experts);
    if (gates) {
      const double entropy =
          applyRule(reading.lens.gating, row, logits, probabilities, reading.experts, gates, sums.applied.load());
      sums.applied.add(t, entropy);
      gates += stride;
    }
    logits += stride;
    probabilities += stride;
  }
}

/// Gates by the router's own rule, of tokens that are read apart.
RowMatrix trainedBlock(const LayerReading& reading, Eigen::Index first, const RowMatrix& logits, const RowMatrix& probabilities,
                       BlockSums& sums) {
  RowMatrix gates = gatesAsTrained(reading.part(first, logits.rows()), reading.lens, logits, probabilities);
  const auto unserved = static_cast<Eigen::Index>((gates.array() == 0.0f).rowwise().all().count());
  const auto counted = static_cast<Eigen::Index>((gates.rowwise().sum().array() != 0.0f).count());
  sums.applied.add(0, measureGates(gates), counted);
  sums.unserved += unserved;
  return gates;
}

/// Reads all tokens by blocks, on all cores where there are several. What comes out does not depend on how many there are.
/// A `stop` that becomes true makes it throw std::runtime_error("stopped").
LayerMeasures inBlocks(const LayerReading& reading, const std::atomic<bool>* stop,
                       const std::function<void(Eigen::Index first, Eigen::Index count, BlockSums& sums)>& read) {
  const Eigen::Index tokens = reading.scores.rows(), each = blockOf(reading.experts), blocks = (tokens + each - 1) / each;
  std::vector<std::unique_ptr<BlockSums>> parts(static_cast<std::size_t>(blocks));
  std::atomic<Eigen::Index> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (Eigen::Index b = next++; b < blocks; b = next++) {
        if (stop && *stop) throw std::runtime_error("stopped");
        const Eigen::Index first = b * each, count = std::min(each, tokens - first);
        auto sums = std::make_unique<BlockSums>(count, reading.experts);
        read(first, count, *sums);
        parts[static_cast<std::size_t>(b)] = std::move(sums);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      next = blocks;
    }
  };
  {
    std::vector<std::jthread> helpers;
    const auto cores = static_cast<Eigen::Index>(std::max(1u, std::thread::hardware_concurrency()));
    for (Eigen::Index t = 1; t < std::min(cores, blocks); ++t) helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  BlockSums all(tokens, reading.experts);
  for (Eigen::Index b = 0; b < blocks; ++b) {
    BlockSums& part = *parts[static_cast<std::size_t>(b)];
    all.probability.add(b * each, part.probability);
    if (reading.kind == LayerReading::Chosen || reading.kind == LayerReading::Apart) all.applied.add(b * each, part.applied);
    all.bounds.lower += part.bounds.lower;
    all.bounds.upper += part.bounds.upper;
    all.unserved += part.unserved;
  }
  LayerMeasures measures;
  measures.probability = all.probability.finish();
  measures.applied = reading.kind == LayerReading::Soft ? measures.probability : all.applied.finish();
  measures.unserved = all.unserved;
  measures.entropyLower = all.bounds.lower / static_cast<double>(tokens);
  measures.entropyUpper = all.bounds.upper / static_cast<double>(tokens);
  return measures;
}

/// Loads are all that a capture tells; what takes scores or gates is NaN.
Routing routingOfCapture(const CapturedRouting& capture) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  Routing routing;
  routing.layer = capture.layer;
  for (RowMatrix* rows : {&routing.logits, &routing.probabilities, &routing.gates}) rows->resize(0, capture.experts);
  routing.probability.load = Eigen::VectorXd::Constant(capture.experts, none);
  routing.applied.load = capture.routed() ? capture.loads[static_cast<std::size_t>(capture.layer)] : routing.probability.load;
  for (RoutingMeasures* measures : {&routing.probability, &routing.applied}) {
    const LoadBalance balance = balanceOf(measures->load);
    measures->meanEntropy = measures->effectiveExperts = measures->specialisation = none;
    measures->loadVariation = balance.variation;
    measures->maxViolation = balance.maxViolation;
    measures->loadEntropy = balance.entropy;
  }
  routing.entropyLower = routing.entropyUpper = none;
  return routing;
}

/// Two readings of one lens where experts are chosen at another concentration than they are weighed at.
struct ApartReadings {
  Lens chosen, weighed;
};

std::optional<ApartReadings> readingsApart(const LayerSnapshot& layer, const Lens& lens) {
  const float choosing = choiceConcentration(lens, layer.rule);
  if (choosing == lens.concentration) return {};
  ApartReadings both{lens, lens};
  both.chosen.concentration = choosing;
  both.weighed.gating.policy = GatingPolicy::Soft;
  return both;
}

}  // namespace

RowMatrix logitsAt(const LayerSnapshot& layer, float concentration, ConcentrationReading reading, GateSource source) {
  requireConcentration(concentration);
  const Eigen::RowVectorXf offset = offsets(normalisersFor(layer, concentration, reading), layer, concentration, reading);
  return (concentration * scoresOf(layer, source)).rowwise() + offset;
}

Eigen::RowVectorXf logitOffset(const LayerSnapshot& layer, const Lens& lens) {
  requireConcentration(lens.concentration);
  return offsets(normalisersFor(layer, lens.concentration, lens.reading), layer, lens.concentration, lens.reading);
}

bool keepsTrainedGates(const LayerSnapshot& layer, const Lens& lens) {
  return layer.trainedGates.size() > 0 && lens.concentration == 1.0f &&
         (lens.source == GateSource::Trained || layer.posteriorScores.size() == 0);
}

RowMatrix gatesAsTrained(const LayerSnapshot& layer, const Lens& lens, const RowMatrix& logits, const RowMatrix& probabilities) {
  return keepsTrainedGates(layer, lens) ? layer.trainedGates : gatesByRule(layer, logits, probabilities);
}

int heldLayer(const Snapshot& snapshot, int wanted) {
  const int clamped = std::clamp(wanted, 0, static_cast<int>(snapshot.layers.size()) - 1);
  if (snapshot.layers[static_cast<std::size_t>(clamped)].scores.size() > 0) return clamped;
  const auto held = std::find_if(snapshot.layers.begin(), snapshot.layers.end(),
                                 [](const LayerSnapshot& layer) { return layer.scores.size() > 0; });
  return held == snapshot.layers.end() ? clamped : static_cast<int>(held - snapshot.layers.begin());
}

void applyTrainedRule(const LayerSnapshot& layer, const Lens& lens, Routing& routing) {
  routing.gates = gatesAsTrained(layer, lens, routing.logits, routing.probabilities);
  routing.applied = measureGates(routing.gates);
  routing.unserved = static_cast<int>((routing.gates.array() == 0.0f).rowwise().all().count());
}

Routing evaluate(const Snapshot& snapshot, const Lens& lens) {
  if (snapshot.layers.empty()) throw std::invalid_argument("the snapshot has no MoE layer");
  if (snapshot.capture) return routingOfCapture(*snapshot.capture);
  Routing routing;
  routing.layer = heldLayer(snapshot, lens.layer);
  if (const auto apart = readingsApart(snapshot.layers[static_cast<std::size_t>(routing.layer)], lens)) {
    Routing chosen = evaluate(snapshot, apart->chosen), weighed = evaluate(snapshot, apart->weighed);
    weighed.gates = std::move(chosen.gates);
    weighed.applied = std::move(chosen.applied);
    weighed.unserved = chosen.unserved;
    return weighed;
  }
  const LayerReading reading(snapshot.layers[static_cast<std::size_t>(routing.layer)], lens);
  const Eigen::Index tokens = reading.scores.rows();
  routing.base = reading.base;
  routing.logits.resize(tokens, reading.experts);
  routing.probabilities.resize(tokens, reading.experts);
  if (reading.kind != LayerReading::Soft && reading.kind != LayerReading::Jointly) routing.gates.resize(tokens, reading.experts);
  LayerMeasures measures = inBlocks(reading, nullptr, [&](Eigen::Index first, Eigen::Index count, BlockSums& sums) {
    readBlock(reading, first, count, reading.experts, routing.logits.row(first).data(), routing.probabilities.row(first).data(),
              reading.kind == LayerReading::Chosen ? routing.gates.row(first).data() : nullptr, sums);
    if (reading.kind == LayerReading::Apart)
      routing.gates.middleRows(first, count) = trainedBlock(reading, first, routing.logits.middleRows(first, count),
                                                            routing.probabilities.middleRows(first, count), sums);
  });
  if (reading.kind == LayerReading::Jointly) {
    applyTrainedRule(reading.layer, lens, routing);
  } else {
    routing.applied = std::move(measures.applied);
    routing.unserved = static_cast<int>(measures.unserved);
  }
  if (reading.kind == LayerReading::Soft) routing.gates = routing.probabilities;
  routing.probability = std::move(measures.probability);
  routing.entropyLower = measures.entropyLower;
  routing.entropyUpper = measures.entropyUpper;
  routing.tokens = reading.layer.whole ? reading.layer.whole->scores.rows() : tokens;
  routing.measured = tokens;
  return routing;
}

Routing withMeasures(Routing sample, const LayerMeasures& measures) {
  for (const auto& [to, from] :
       {std::pair{&sample.probability, &measures.probability}, std::pair{&sample.applied, &measures.applied}}) {
    const Eigen::VectorXf each = std::move(to->tokenEntropy);
    *to = *from;
    to->tokenEntropy = each;
  }
  sample.unserved = static_cast<int>(measures.unserved);
  sample.entropyLower = measures.entropyLower;
  sample.entropyUpper = measures.entropyUpper;
  sample.measured = sample.tokens;
  return sample;
}

LayerMeasures measureLayer(const LayerSnapshot& layer, const Lens& lens, const std::atomic<bool>* stop) {
  if (const auto apart = readingsApart(layer, lens)) {
    LayerMeasures chosen = measureLayer(layer, apart->chosen, stop), weighed = measureLayer(layer, apart->weighed, stop);
    weighed.applied = std::move(chosen.applied);
    weighed.unserved = chosen.unserved;
    return weighed;
  }
  const LayerReading reading(layer, lens);
  if (reading.kind == LayerReading::Jointly) {
    Snapshot alone;
    alone.layers.push_back(layer);
    Lens first = lens;
    first.layer = 0;
    Routing routing = evaluate(alone, first);
    return {std::move(routing.probability), std::move(routing.applied), routing.unserved, routing.entropyLower,
            routing.entropyUpper};
  }
  return inBlocks(reading, stop, [&](Eigen::Index first, Eigen::Index count, BlockSums& sums) {
    if (reading.kind == LayerReading::Apart) {
      RowMatrix logits(count, reading.experts), probabilities(count, reading.experts);
      readBlock(reading, first, count, reading.experts, logits.data(), probabilities.data(), nullptr, sums);
      trainedBlock(reading, first, logits, probabilities, sums);
    } else {  // each row over the one before
      Eigen::VectorXf row(3 * reading.experts);
      readBlock(reading, first, count, 0, row.data(), row.data() + reading.experts,
                reading.kind == LayerReading::Chosen ? row.data() + 2 * reading.experts : nullptr, sums);
    }
  });
}

ConcentrationCurve concentrationCurve(const LayerSnapshot& layer, ConcentrationReading reading, const std::vector<double>& grid,
                                      GateSource source) {
  const RowMatrix& scores = scoresOf(layer, source);
  const Eigen::Index tokens = scores.rows();
  const int experts = static_cast<int>(scores.cols());
  if (scores.size() == 0) throw std::invalid_argument("the layer has no tokens or no experts");
  std::vector<float> logits(static_cast<std::size_t>(experts)), probabilities(logits.size());
  Eigen::VectorXd psi = normalisers(layer, 1.0);
  const std::unique_ptr<GpuScores> onGpu = scoresOnGpu(scores);
  ConcentrationCurve curve;
  for (const double alpha : grid) {
    const float concentration = static_cast<float>(alpha);
    requireConcentration(concentration);
    if (reading == ConcentrationReading::Bingham) psi = normalisers(layer, concentration);
    const Eigen::RowVectorXf offset = offsets(psi, layer, concentration, reading);
    double entropy = 0.0;
    BoundSum bounds;
    if (onGpu) {
      const std::vector<double> sums = onGpu->sums(offset, concentration, {});
      entropy = sums[kSumEntropy];
      bounds = {sums[kSumLower], sums[kSumUpper]};
    }
    for (Eigen::Index t = 0; t < (onGpu ? 0 : tokens); ++t) {
      const RowReading row =
          readRow(scores.row(t).data(), offset.data(), concentration, experts, logits.data(), probabilities.data());
      entropy += entropyOf(row.total, row.spread);
      bounds.add(row, experts);
    }
    curve.concentration.push_back(alpha);
    curve.entropy.push_back(entropy / static_cast<double>(tokens));
    curve.lower.push_back(bounds.lower / static_cast<double>(tokens));
    curve.upper.push_back(bounds.upper / static_cast<double>(tokens));
  }
  return curve;
}

}  // namespace moescope
