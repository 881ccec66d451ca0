#pragma once
// A short planted run on a time line, with all that a session keeps, and whether two moments are the same to the last bit.

#include <QTest>
#include <cmath>
#include <filesystem>
#include <string>

#include "core/session/session_writer.h"
#include "tests/support/planted_analysis.h"
#include "tests/support/planted_snapshot.h"

namespace moescope::testing {

inline std::shared_ptr<Snapshot> recordedSnapshot(std::int64_t step, std::uint64_t generation,
                                                  const std::shared_ptr<const Probe>& probe = {}) {
  PlantedShape shape;
  shape.tokens = 64;
  shape.context = 16;
  shape.dimension = 12;
  shape.experts = 4;
  shape.rank = 2;
  shape.seed = static_cast<unsigned>(step * 7 + static_cast<std::int64_t>(generation));
  auto snapshot = plantedSnapshot(shape);
  if (probe) snapshot->probe = probe;
  snapshot->step = step;
  snapshot->generation = generation;
  snapshot->heldOutLoss = step % 10 ? NAN : 2.0 + 0.001 * static_cast<double>(step);
  for (LayerSnapshot& layer : snapshot->layers) {
    layer.rule.choice = TrainedRule::Choice::PerToken;
    layer.rule.chosen = 2;
    layer.rule.renormalised = true;
    layer.rule.choiceBias = Eigen::VectorXf::LinSpaced(4, -0.1f, 0.1f);
    layer.concentrationNote = "a note";
    layer.posteriorScores = layer.scores * 1.25f;
    layer.trainedGates = RowMatrix::Constant(layer.scores.rows(), layer.scores.cols(), 0.25f);
    layer.trainingDropped = Eigen::VectorXd::LinSpaced(4, 0.0, 0.1);
  }
  return snapshot;
}

inline StepMetrics recordedStep(std::int64_t step) {
  const double wave = std::sin(0.1 * static_cast<double>(step));
  return {
      step,        2.0 + wave / 3.0, step % 10 ? NAN : 2.1 - wave, {1.0 + wave, 0.5}, {2.0, 3.0 + wave}, {0.1, 0.2}, {0.3, wave},
      {0.0, 0.01}, {0.0, 0.0},       step < 25 ? "topk" : "grmoe"};
}

inline AnalysisPointer recordedAnalysis(const Snapshot& snapshot, int layer) {
  auto analysis = std::make_shared<ExpertAnalysis>(
      *analysisOf(snapshot.layers[static_cast<std::size_t>(layer)], static_cast<int>(snapshot.step), snapshot.generation));
  analysis->layer = layer;
  analysis->notes = {"first", "second"};
  return analysis;
}

/// Steps (from, to] of a generation: a snapshot every 5, analyses of both layers every 10, a change of knobs at 20, a failed
/// analysis at 35.
inline void record(Timeline& timeline, std::uint64_t generation, std::int64_t from, std::int64_t to) {
  static const std::shared_ptr<const Probe> probe = recordedSnapshot(0, 1)->probe;
  Knobs knobs;
  if (from == 0) {
    timeline.append(generation, KnobChange{0, knobs});
    timeline.append(SnapshotPointer(recordedSnapshot(0, generation, probe)));
  }
  for (std::int64_t step = from + 1; step <= to; ++step) {
    timeline.append(generation, recordedStep(step));
    if (step == 20) {
      knobs.learningRate *= 2.0;
      timeline.append(generation, KnobChange{20, knobs});
    }
    if (step % 5) continue;
    const SnapshotPointer snapshot = recordedSnapshot(step, generation, probe);
    timeline.append(snapshot);
    if (step % 10 == 0)
      for (const int layer : {0, 1}) timeline.append(recordedAnalysis(*snapshot, layer));
    if (step == 35) timeline.append(AnalysisFailure{1, 35, generation, "out of memory"});
  }
}

inline SessionRun recordedRun() { return {"0.1.0", "cpu", 1, Knobs{}, "procedural", "0123456789abcdef"}; }

// ---------------------------------------------------------------- equal to the last bit

// Declared first: the templates call each other and these.
inline bool same(const Probe& a, const Probe& b);
inline bool same(const LayerSnapshot& a, const LayerSnapshot& b);
inline bool same(const CheckpointOrigin& a, const CheckpointOrigin& b);
inline bool same(const LayerTracks& a, const LayerTracks& b);
inline bool same(const ComparedEmbeddings& a, const ComparedEmbeddings& b);
inline bool same(const Misrouting& a, const Misrouting& b);
inline bool same(const ScoreActivation& a, const ScoreActivation& b);
inline bool same(const Snapshot& a, const Snapshot& b);
inline bool same(const SnapshotTracks& a, const SnapshotTracks& b);
inline bool same(const ExpertAnalysis& a, const ExpertAnalysis& b);
inline bool same(const JacobianSpectrum& a, const JacobianSpectrum& b);
inline bool same(const LayerSpectra& a, const LayerSpectra& b);
template <typename Derived>
bool same(const Eigen::PlainObjectBase<Derived>& a, const Eigen::PlainObjectBase<Derived>& b);
template <typename Value>
bool same(const std::vector<Value>& a, const std::vector<Value>& b);
template <typename Value>
bool same(const std::shared_ptr<const Value>& a, const std::shared_ptr<const Value>& b);

template <typename Number>
  requires std::is_arithmetic_v<Number>
bool same(const Number& a, const Number& b) {
  if constexpr (std::is_floating_point_v<Number>)
    return a == b || (std::isnan(a) && std::isnan(b));
  else
    return a == b;
}
template <typename Derived>
bool same(const Eigen::PlainObjectBase<Derived>& a, const Eigen::PlainObjectBase<Derived>& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
  for (Eigen::Index i = 0; i < a.size(); ++i)
    if (!same(a.data()[i], b.data()[i])) return false;
  return true;
}
template <typename Value>
bool same(const std::vector<Value>& a, const std::vector<Value>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!same(a[i], b[i])) return false;
  return true;
}
template <typename Value>
bool same(const std::shared_ptr<const Value>& a, const std::shared_ptr<const Value>& b) {
  return (!a && !b) || (a && b && same(*a, *b));
}
inline bool same(const PlaneEmbedding& a, const PlaneEmbedding& b) {
  return same(a.points, b.points) && same(a.stress, b.stress);
}
inline bool same(const ComparedEmbeddings& a, const ComparedEmbeddings& b) {
  return a.what == b.what && a.experts == b.experts && same(a.classical, b.classical) && same(a.smacof, b.smacof) &&
         same(a.diffusion.plane, b.diffusion.plane) && same(a.diffusion.eigenvalues, b.diffusion.eigenvalues) &&
         same(a.diffusion.bandwidth, b.diffusion.bandwidth) && a.failure == b.failure;
}
inline bool same(const Probe& a, const Probe& b) {
  return a.bytes == b.bytes && a.labels == b.labels && a.domain == b.domain && a.domainNames == b.domainNames &&
         a.context == b.context && a.synthetic == b.synthetic && a.syntheticMark == b.syntheticMark;
}
inline bool same(const TrainedRule& a, const TrainedRule& b) {
  return a.choice == b.choice && a.chosen == b.chosen && a.rankedByAffinity == b.rankedByAffinity &&
         a.rankedByLogit == b.rankedByLogit && a.affinityGates == b.affinityGates && a.renormalised == b.renormalised &&
         same(a.choiceBias, b.choiceBias) && a.groups == b.groups && a.keptGroups == b.keptGroups &&
         a.groupByTopTwo == b.groupByTopTwo && a.scaling == b.scaling && a.capacityFactor == b.capacityFactor;
}
inline bool same(const LayerSnapshot& a, const LayerSnapshot& b) {
  return same(a.hidden, b.hidden) && same(a.scores, b.scores) && same(a.trainedGates, b.trainedGates) && same(a.rule, b.rule) &&
         a.concentrationNote == b.concentrationNote && same(a.posteriorScores, b.posteriorScores) &&
         same(a.logPrior, b.logPrior) && same(a.spectra, b.spectra) && same(a.frames, b.frames) &&
         same(a.routerDirections, b.routerDirections) && same(a.trainingLoad, b.trainingLoad) &&
         same(a.trainingDropped, b.trainingDropped);
}
inline bool same(const CheckpointOrigin& a, const CheckpointOrigin& b) {
  return a.name == b.name && a.family == b.family && a.layerNumbers == b.layerNumbers && a.experts == b.experts &&
         a.width == b.width && a.chosen == b.chosen && a.rule == b.rule && a.tokens == b.tokens && a.notes == b.notes;
}
inline bool same(const Snapshot& a, const Snapshot& b) {
  return a.step == b.step && a.generation == b.generation && a.router == b.router && same(a.probe, b.probe) &&
         same(a.layers, b.layers) && same(a.checkpoint, b.checkpoint) && same(a.trainingLoss, b.trainingLoss) &&
         same(a.heldOutLoss, b.heldOutLoss) && same(a.stepsPerSecond, b.stepsPerSecond) &&
         same(a.tokensPerSecond, b.tokensPerSecond);
}
inline bool same(const LayerTracks& a, const LayerTracks& b) {
  return same(a.experts.trail, b.experts.trail) && same(a.experts.stress, b.experts.stress) &&
         a.experts.failure == b.experts.failure && same(a.tokens.axes, b.tokens.axes) && same(a.tokens.mean, b.tokens.mean) &&
         same(a.tokens.coordinates, b.tokens.coordinates) && same(a.tokens.explained, b.tokens.explained) &&
         a.tokens.failure == b.tokens.failure && same(a.compared, b.compared);
}
inline bool same(const SnapshotTracks& a, const SnapshotTracks& b) { return same(a.layers, b.layers); }
inline bool same(const Misrouting& a, const Misrouting& b) {
  return same(a.alpha, b.alpha) && same(a.bound, b.bound) && same(a.mass, b.mass) && same(a.massDeviation, b.massDeviation) &&
         same(a.wrong, b.wrong) && a.draws == b.draws;
}
inline bool same(const ScoreActivation& a, const ScoreActivation& b) {
  return a.tokens == b.tokens && same(a.score, b.score) && same(a.activation, b.activation) && same(a.pearson, b.pearson) &&
         same(a.spearman, b.spearman);
}
inline bool same(const JacobianSpectrum& a, const JacobianSpectrum& b) {
  return same(a.decay, b.decay) && same(a.leading, b.leading) && same(a.effectiveRank, b.effectiveRank) &&
         same(a.leadingShare, b.leadingShare) && a.jacobians == b.jacobians;
}
inline bool same(const LayerSpectra& a, const LayerSpectra& b) {
  return a.tokens == b.tokens && same(a.experts, b.experts) && same(a.all, b.all) && same(a.layer, b.layer);
}
inline bool same(const ExpertAnalysis& a, const ExpertAnalysis& b) {
  return a.layer == b.layer && a.step == b.step && a.generation == b.generation && a.settings == b.settings &&
         a.experts == b.experts && a.width == b.width && a.tokens == b.tokens && a.weightSubspaces == b.weightSubspaces &&
         a.missing == b.missing && same(a.shared.mean, b.shared.mean) && same(a.shared.ofAverages, b.shared.ofAverages) &&
         same(a.shared.nullDeviation, b.shared.nullDeviation) && same(a.shared.zeroAt, b.shared.zeroAt) &&
         a.shared.tokens == b.shared.tokens && same(a.routedAlignment, b.routedAlignment) &&
         same(a.sharedExpertAlignment, b.sharedExpertAlignment) && a.sharedExpertZeroAt == b.sharedExpertZeroAt &&
         same(a.spectra, b.spectra) && a.withoutSpectra == b.withoutSpectra && same(a.routed, b.routed) &&
         same(a.subspaces, b.subspaces) && same(a.explained, b.explained) && same(a.effectiveRank, b.effectiveRank) &&
         a.angles.subspaces == b.angles.subspaces && same(a.angles.angles, b.angles.angles) && a.withSubspace == b.withSubspace &&
         a.leftOut == b.leftOut && same(a.overlap, b.overlap) && same(a.nullOverlap, b.nullOverlap) &&
         same(a.nullOverlapDeviation, b.nullOverlapDeviation) && same(a.misrouting, b.misrouting) &&
         same(a.routerSimilarity, b.routerSimilarity) && a.routersWithoutDirection == b.routersWithoutDirection &&
         same(a.coupling.weights, b.coupling.weights) && same(a.coupling.gradients, b.coupling.gradients) &&
         same(a.coupling.movements, b.coupling.movements) && same(a.coupling.nullMean, b.coupling.nullMean) &&
         a.coupling.finite == b.coupling.finite && same(a.scoreActivation, b.scoreActivation) && a.notes == b.notes;
}
inline bool same(const StepCell& a, const StepCell& b) {
  return same(a.minimum, b.minimum) && same(a.maximum, b.maximum) && same(a.sum, b.sum) && same(a.last, b.last) &&
         same(a.trend, b.trend) && a.lastStep == b.lastStep && a.finite == b.finite && a.notFinite == b.notFinite;
}
inline bool same(const StepSeries& a, const StepSeries& b) {
  if (a.steps() != b.steps() || a.layers() != b.layers() || a.buckets() != b.buckets()) return false;
  for (std::size_t bucket = 0; bucket < a.buckets(); ++bucket) {
    if (a.bucket(bucket).first != b.bucket(bucket).first || a.bucket(bucket).last != b.bucket(bucket).last) return false;
    for (std::size_t quantity = 0; quantity < stepQuantities().size(); ++quantity)
      for (int layer = 0; layer < a.layers(); ++layer)
        if (!same(a.cell(bucket, quantity, static_cast<std::size_t>(layer)),
                  b.cell(bucket, quantity, static_cast<std::size_t>(layer))))
          return false;
  }
  return a.switches().size() == b.switches().size();
}

/// What a scene is made of at a moment: what differs, by name; empty: nothing does.
inline std::string difference(const Timeline& a, const Timeline& b, std::uint64_t generation, std::int64_t step, int layer) {
  const TimelineMoment here = a.at(generation, step), there = b.at(generation, step);
  if (!here.snapshot || !there.snapshot || !same(*here.snapshot, *there.snapshot)) return "snapshot";
  if (!here.tracks || !there.tracks || !same(*here.tracks, *there.tracks)) return "tracks";
  if (!same(*a.steps(generation), *b.steps(generation))) return "steps";
  const LayerAnalyses one = a.analyses(generation, layer, here.snapshot->step),
                      other = b.analyses(generation, layer, here.snapshot->step);
  if (!same(one.latest, other.latest)) return "analysis";
  if (!same(one.compared, other.compared)) return "compared embeddings";
  if (!same(*one.history, *other.history)) return "history of the analyses";
  return (one.failure ? one.failure->what : "") == (other.failure ? other.failure->what : "") ? "" : "failure of the analysis";
}

}  // namespace moescope::testing
