#include "core/timeline/memory.h"

namespace moescope {
namespace {

template <typename Array>
std::size_t arrayBytes(const Array& array) {
  return static_cast<std::size_t>(array.size()) * sizeof(typename Array::Scalar);
}

template <typename Array>
std::size_t arrayBytes(const std::vector<Array>& arrays) {
  std::size_t sum = arrays.size() * sizeof(Array);
  for (const Array& array : arrays) sum += arrayBytes(array);
  return sum;
}

template <typename... Arrays>
std::size_t sumOf(const Arrays&... arrays) {
  return (arrayBytes(arrays) + ...);
}

}  // namespace

std::size_t bytesOf(const Snapshot& snapshot) {
  std::size_t sum = sizeof snapshot + arrayBytes(snapshot.tokenLoss) + snapshot.layers.size() * sizeof(LayerSnapshot);
  for (const LayerSnapshot& layer : snapshot.layers)
    sum += sumOf(layer.hidden, layer.scores, layer.posteriorScores, layer.logPrior, layer.spectra, layer.frames,
                 layer.routerDirections, layer.trainingLoad, layer.trainingDropped, layer.trainedGates, layer.rule.choiceBias);
  for (const LayerSnapshot& layer : snapshot.layers)
    if (layer.whole)
      sum += sizeof(LayerSnapshot) +
             sumOf(layer.whole->scores, layer.whole->trainedGates, layer.whole->logPrior, layer.whole->rule.choiceBias);
  return sum;
}

std::size_t bytesOf(const SnapshotTracks& tracks) {
  std::size_t sum = sizeof tracks + tracks.layers.size() * sizeof(LayerTracks);
  for (const LayerTracks& layer : tracks.layers) {
    const ExpertPlane& experts = layer.experts;
    sum += experts.trail.size() * sizeof(experts.trail[0]) + (experts.trail.empty() ? 0 : arrayBytes(*experts.trail.back()));
    sum += sumOf(layer.tokens.axes, layer.tokens.mean, layer.tokens.coordinates);
    if (layer.compared) sum += bytesOf(*layer.compared);
  }
  return sum;
}

std::size_t bytesOf(const ExpertAnalysis& analysis) {
  std::size_t sum = sizeof analysis;
  sum +=
      sumOf(analysis.shared.mean, analysis.shared.ofAverages, analysis.shared.zeroAt, analysis.routedAlignment, analysis.routed,
            analysis.subspaces, analysis.explained, analysis.effectiveRank, analysis.angles.angles, analysis.overlap,
            analysis.routerSimilarity, analysis.coupling.weights, analysis.coupling.gradients, analysis.coupling.movements);
  sum += analysis.misrouting.size() * sizeof(Misrouting);
  for (const ScoreActivation& expert : analysis.scoreActivation)
    sum += sizeof expert + expert.tokens.size() * sizeof(int) + (expert.score.size() + expert.activation.size()) * sizeof(double);
  if (analysis.spectra)
    sum += sizeof(LayerSpectra) +
           analysis.spectra->experts.size() *
               (sizeof(JacobianSpectrum) + static_cast<std::size_t>(analysis.width) * sizeof(double)) +
           sumOf(analysis.spectra->all.decay, analysis.spectra->layer.decay);
  for (const std::string& note : analysis.notes) sum += sizeof note + note.size();
  return sum;
}

std::size_t bytesOf(const ComparedEmbeddings& compared) {
  return sizeof compared + compared.experts.size() * sizeof(int) +
         sumOf(compared.classical.points, compared.smacof.points, compared.diffusion.plane.points,
               compared.diffusion.eigenvalues);
}

}  // namespace moescope
