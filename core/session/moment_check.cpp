#include "core/session/moment_check.h"

#include <algorithm>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

using Index = Eigen::Index;

/// Says what does not belong together.
class Check {
 public:
  explicit Check(const std::string& place) : place_(place) {}

  void operator()(bool holds, const std::string& what, const std::string& expected) const {
    if (!holds) throw std::runtime_error(translated("%1: %2: expected %3", place_, what, expected));
  }
  template <typename Array>
  void shape(const Array& array, Index rows, Index columns, const std::string& what) const {
    (*this)(array.rows() == rows && array.cols() == columns, what,
            std::to_string(rows) + " x " + std::to_string(columns) + " numbers");
  }
  template <typename Array>
  void shapeOrNone(const Array& array, Index rows, Index columns, const std::string& what) const {
    if (array.size() > 0) shape(array, rows, columns, what);
  }
  template <typename List>
  void lengthOrNone(const List& list, Index length, const std::string& what) const {
    (*this)(list.size() == 0 || static_cast<Index>(list.size()) == length, what, std::to_string(length) + " entries");
  }
  /// Every number in [0, end).
  void below(const std::vector<int>& numbers, Index end, const std::string& what) const {
    (*this)(std::all_of(numbers.begin(), numbers.end(), [&](int each) { return each >= 0 && each < end; }), what,
            "whole numbers from 0, below " + std::to_string(end));
  }

 private:
  const std::string& place_;
};

std::string layerName(std::size_t layer) { return "layers." + std::to_string(layer); }

void checkRule(const Check& check, const LayerSnapshot& layer, Index experts, const std::string& name) {
  const TrainedRule& rule = layer.rule;
  check(rule.chosen >= 1 && rule.chosen <= experts, name + ".rule.chosen", "1 to " + std::to_string(experts));
  check(rule.groups >= 1 && rule.groups <= experts && experts % rule.groups == 0, name + ".rule.groups",
        "a divisor of the experts");
  check(rule.keptGroups >= 1 && rule.keptGroups <= rule.groups, name + ".rule.kept_groups", "1 to the number of groups");
  check.lengthOrNone(rule.choiceBias, experts, name + ".rule.choice_bias");
  if (rule.choice == TrainedRule::Choice::Active || rule.choice == TrainedRule::Choice::Fixed)
    check.shape(layer.trainedGates, layer.scores.rows(), experts, name + ".trained_gates");
}

void checkLayer(const Check& check, const LayerSnapshot& layer, Index tokens, const std::string& name) {
  if (layer.scores.rows() == 0 && layer.hidden.rows() == 0) return;  // of a checkpoint: not the layer that is shown
  const Index experts = layer.scores.cols(), width = layer.hidden.cols();
  check(experts >= 1, name + ".scores", "one expert at least");
  check.shape(layer.scores, tokens, experts, name + ".scores");
  check(width >= 1, name + ".hidden", "one direction at least");
  check.shape(layer.hidden, tokens, width, name + ".hidden");
  check.shapeOrNone(layer.trainedGates, tokens, experts, name + ".trained_gates");
  check.shapeOrNone(layer.posteriorScores, tokens, experts, name + ".posterior_scores");
  check(layer.logPrior.size() == experts, name + ".log_prior", std::to_string(experts) + " numbers");
  check.shapeOrNone(layer.spectra, experts, layer.spectra.cols(), name + ".spectra");
  check.lengthOrNone(layer.frames, experts, name + ".frames");
  for (const Eigen::MatrixXf& frame : layer.frames) check.shape(frame, width, layer.frames[0].cols(), name + ".frames");
  if (!layer.frames.empty() && layer.spectra.size() > 0)
    check(layer.spectra.cols() == layer.frames[0].cols(), name + ".spectra", "as many as a frame has columns");
  check.shapeOrNone(layer.routerDirections, experts, width, name + ".router_directions");
  check.lengthOrNone(layer.trainingLoad, experts, name + ".training_load");
  check.lengthOrNone(layer.trainingDropped, experts, name + ".training_dropped");
  checkRule(check, layer, experts, name);
}

void checkSpectra(const Check& check, const LayerSpectra& spectra, const ExpertAnalysis& analysis) {
  check(spectra.tokens >= 1, "spectra.tokens", "one at least");
  check(static_cast<int>(spectra.experts.size()) == analysis.experts, "spectra.experts", "one for each expert");
  const auto whole = [&](const JacobianSpectrum& spectrum) {
    check(spectrum.jacobians >= 0 && spectrum.decay.size() == analysis.width, "spectra",
          "a singular value for each direction of the width");
  };
  for (const JacobianSpectrum& expert : spectra.experts) whole(expert);
  whole(spectra.all);
  whole(spectra.layer);
}

void checkPlane(const Check& check, const PlaneEmbedding& plane, Index points, const std::string& name) {
  check.shape(plane.points, points, 2, name + ".points");
}

}  // namespace

void requireWhole(const Probe& probe, const std::string& place) {
  const Check check(place);
  const auto tokens = static_cast<Index>(probe.domain.size());
  check(tokens >= 1, "domain", "one token at least");
  check(!probe.domainNames.empty(), "domain_names", "one name at least");
  check.below(probe.domain, static_cast<Index>(probe.domainNames.size()), "domain");
  check.lengthOrNone(probe.bytes, tokens, "bytes");
  check.lengthOrNone(probe.labels, tokens, "labels");
  check(!probe.bytes.empty() || !probe.labels.empty(), "bytes", "one for each token, or labels");
  check(probe.context >= 1 && tokens % probe.context == 0, "context", "a divisor of the tokens");
}

void requireWhole(const Snapshot& snapshot, const std::string& place) {
  const Check check(place);
  check(!snapshot.layers.empty(), "layers", "one layer at least");
  if (snapshot.checkpoint)
    check(snapshot.checkpoint->layerNumbers.size() == snapshot.layers.size(), "checkpoint.layer_numbers", "one for each layer");
  bool held = false;
  for (std::size_t l = 0; l < snapshot.layers.size(); ++l) {
    checkLayer(check, snapshot.layers[l], static_cast<Index>(snapshot.probe->domain.size()), layerName(l));
    held = held || snapshot.layers[l].scores.rows() > 0;
  }
  check(held, "layers", "a layer with tokens");
}

void requireWhole(const SnapshotTracks& tracks, const Snapshot& snapshot, const std::string& place) {
  const Check check(place);
  check(tracks.layers.size() == snapshot.layers.size(), "tracks.layers", "one for each layer");
  for (std::size_t l = 0; l < tracks.layers.size(); ++l) {
    const LayerTracks& track = tracks.layers[l];
    const LayerSnapshot& layer = snapshot.layers[l];
    const std::string name = "tracks." + layerName(l);
    check(track.experts.trail.size() <= ExpertPlane::kTrail, name + ".experts.trail",
          "no more than " + std::to_string(ExpertPlane::kTrail) + " pictures");
    for (const auto& picture : track.experts.trail) check.shape(*picture, layer.scores.cols(), 2, name + ".experts.trail");
    check.shapeOrNone(track.tokens.axes, layer.hidden.cols(), 3, name + ".tokens.axes");
    check.lengthOrNone(track.tokens.mean, layer.hidden.cols(), name + ".tokens.mean");
    check.shapeOrNone(track.tokens.coordinates, layer.hidden.rows(), 3, name + ".tokens.coordinates");
    if (track.compared) requireWhole(*track.compared, static_cast<int>(layer.scores.cols()), place + ": " + name);
  }
}

void requireWhole(const ComparedEmbeddings& compared, int experts, const std::string& place) {
  const Check check(place);
  check.below(compared.experts, experts, "compared.experts");
  const auto points = static_cast<Index>(compared.experts.size());
  if (!compared.failure.empty() || points < 3) return;
  checkPlane(check, compared.classical, points, "compared.classical");
  checkPlane(check, compared.smacof, points, "compared.smacof");
  checkPlane(check, compared.diffusion.plane, points, "compared.diffusion");
}

void requireWhole(const ExpertAnalysis& analysis, const std::string& place) {
  const Check check(place);
  const Index n = analysis.experts;
  check(n >= 1 && analysis.width >= 0 && analysis.tokens >= 0 && analysis.layer >= 0, "experts", "one at least");
  const auto square = [&](const Eigen::MatrixXd& matrix, const char* name) { check.shapeOrNone(matrix, n, n, name); };
  square(analysis.shared.mean, "shared.mean");
  square(analysis.shared.ofAverages, "shared.of_averages");
  square(analysis.routedAlignment, "routed_alignment");
  square(analysis.overlap, "overlap");
  square(analysis.routerSimilarity, "router_similarity");
  square(analysis.coupling.weights, "coupling.weights");
  square(analysis.coupling.gradients, "coupling.gradients");
  square(analysis.coupling.movements, "coupling.movements");
  check.lengthOrNone(analysis.shared.zeroAt, n, "shared.zero_at");
  check.lengthOrNone(analysis.sharedExpertAlignment, n, "shared_expert_alignment");
  check.lengthOrNone(analysis.routed, n, "routed");
  check.lengthOrNone(analysis.subspaces, n, "subspaces");
  for (const Eigen::MatrixXd& subspace : analysis.subspaces)
    check(subspace.rows() == analysis.width, "subspaces", "as many rows as the width");
  check.lengthOrNone(analysis.explained, n, "explained");
  check.lengthOrNone(analysis.effectiveRank, n, "effective_rank");
  check.lengthOrNone(analysis.scoreActivation, n, "score_activation");
  for (const ScoreActivation& expert : analysis.scoreActivation)
    check(expert.score.size() == expert.tokens.size() && expert.activation.size() == expert.tokens.size(), "score_activation",
          "as many scores as tokens");
  if (analysis.spectra) checkSpectra(check, *analysis.spectra, analysis);
  check.below(analysis.withSubspace, n, "with_subspace");
  check.below(analysis.leftOut, n, "left_out");
  check.below(analysis.routersWithoutDirection, n, "routers_without_direction");
  const auto subspaces = static_cast<std::int64_t>(analysis.withSubspace.size());
  check(analysis.angles.subspaces == subspaces, "angles.subspaces", "as many as have a subspace");
  check(static_cast<std::int64_t>(analysis.angles.angles.size()) == subspaces * (subspaces - 1) / 2, "angles.angles",
        "one for each pair");
}

}  // namespace moescope
