#include "core/timeline/tracks.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "core/geometry/decompositions.h"
#include "core/geometry/top_right_subspace.h"
#include "core/timeline/glide.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr Eigen::Index kExactWidth = 256;

/// What cannot be computed is said in the track; the others go on.
template <typename Track, typename Compute>
Track orFailure(const Compute& compute) {
  try {
    return compute();
  } catch (const std::exception& error) {
    Track track;
    track.failure = error.what();
    return track;
  }
}

/// Throws std::runtime_error that tells what holds such values.
void requireNumbers(const Eigen::MatrixXd& distances, const std::string& holder) {
  if (!distances.allFinite())
    throw std::runtime_error("distances between experts are not numbers: " + holder + " holds such values");
}

ExpertPlane expertPlane(const Eigen::MatrixXd& distances, const ExpertPlane* before, bool replaces) {
  ExpertPlane plane;
  requireNumbers(distances, "a direction or frame");
  if (before && (before->trail.empty() || before->trail.back()->rows() != distances.rows())) before = nullptr;
  PlaneEmbedding embedding = before ? refineEmbedding(distances, *before->trail.back()) : embedDistances(distances, 2);
  if (before) {
    plane.trail = before->trail;
    embedding.points = alignTo(embedding.points, *plane.trail.back());
    if (replaces) plane.trail.pop_back();
    if (plane.trail.size() == ExpertPlane::kTrail) plane.trail.erase(plane.trail.begin());
  }
  plane.trail.push_back(std::make_shared<const Eigen::MatrixXd>(std::move(embedding.points)));
  plane.stress = embedding.stress;
  return plane;
}

/// Three leading principal axes of rows that are centred, and their share of the variance.
std::pair<Eigen::MatrixXd, double> principalAxes(const Eigen::MatrixXd& centred) {
  const Eigen::Index d = centred.cols();
  Eigen::MatrixXd axes = Eigen::MatrixXd::Zero(d, 3);
  if (d > kExactWidth) {  // of a large checkpoint: the whole decomposition would take minutes
    const auto [basis, share] = topRightSubspace(centred.cast<float>(), 3, 1);
    axes.leftCols(basis.cols()) = basis;
    return {axes, share};
  }
  const SymmetricEigen<Eigen::MatrixXd> principal = symmetricEigen(Eigen::MatrixXd(centred.transpose() * centred));
  for (Eigen::Index i = 0; i < std::min<Eigen::Index>(3, d); ++i) axes.col(i) = principal.vectors.col(d - 1 - i);
  return {axes, principal.values.tail(std::min<Eigen::Index>(3, d)).sum() / std::max(1e-30, principal.values.sum())};
}

TokenAxes tokenAxes(const RowMatrix& tokens, const TokenAxes* before) {
  TokenAxes track;
  if (!tokens.allFinite()) throw std::runtime_error("the routing tokens hold values that are not numbers");
  const Eigen::MatrixXd wide = tokens.cast<double>();
  track.mean = wide.colwise().mean();
  const Eigen::MatrixXd centred = wide.rowwise() - track.mean;
  std::tie(track.axes, track.explained) = principalAxes(centred);
  if (before && before->axes.rows() == tokens.cols()) {  // orthogonal Procrustes inside the three-dimensional picture
    const SingularValues svd = singularValueDecomposition(track.axes.transpose() * before->axes);
    track.axes = track.axes * svd.left * svd.right.transpose();
  }
  track.coordinates = (centred * track.axes).cast<float>();
  return track;
}

/// `now` says what the distances are of and gets the three pictures.
ComparedEmbeddings drawnThreeWays(ComparedEmbeddings now, const Eigen::MatrixXd& distances, const ComparedEmbeddings* before) {
  if (now.experts.size() < 3) return now;
  requireNumbers(distances, "a subspace");
  if (before && (before->experts != now.experts || !before->failure.empty())) before = nullptr;
  now.classical = classicalEmbedding(distances, 2);
  now.smacof = before ? refineEmbedding(distances, before->smacof.points) : embedDistances(distances, 2);
  now.diffusion = diffusionMap(distances, 2);
  if (before) now.classical.points = alignTo(now.classical.points, before->classical.points);
  now.smacof.points = alignTo(now.smacof.points, before ? before->smacof.points : now.classical.points);
  now.diffusion.plane.points =
      alignTo(now.diffusion.plane.points, before ? before->diffusion.plane.points : now.classical.points);
  return now;
}

ComparedEmbeddings comparedRouters(const LayerSnapshot& layer, const Eigen::MatrixXd& distances,
                                   const ComparedEmbeddings* before) {
  ComparedEmbeddings now;
  now.what = translated(layer.frames.empty() ? "router directions" : "router frames");
  now.experts.resize(static_cast<std::size_t>(distances.rows()));
  std::iota(now.experts.begin(), now.experts.end(), 0);
  return drawnThreeWays(std::move(now), distances, before);
}

LayerTracks layerTracks(const LayerSnapshot& layer, const LayerTracks* last, bool sameRouter, bool replaces, bool wantsCompared) {
  const LayerTracks* alike = sameRouter ? last : nullptr;
  LayerTracks tracks;
  Eigen::MatrixXd distances;
  tracks.experts = orFailure<ExpertPlane>([&] {
    const std::vector<Eigen::MatrixXf> subspaces = subspacesOf(layer);
    if (subspaces.empty())
      throw std::runtime_error(translated("this router has neither directions nor frames that could be compared"));
    distances = chordalDistances(subspaces);
    return expertPlane(distances, alike ? &alike->experts : nullptr, replaces);
  });
  tracks.tokens = orFailure<TokenAxes>([&] { return tokenAxes(layer.hidden, last ? &last->tokens : nullptr); });
  if (wantsCompared)
    tracks.compared = std::make_shared<const ComparedEmbeddings>(orFailure<ComparedEmbeddings>(
        [&] { return comparedRouters(layer, distances, alike ? alike->compared.get() : nullptr); }));
  return tracks;
}

/// Whether two layers give the same tracks: republished with other notes or a loss, and of many tokens too dear to compute again.
bool sameArrays(const LayerSnapshot& a, const LayerSnapshot& b) {
  const auto same = [](const auto& x, const auto& y) { return x.rows() == y.rows() && x.cols() == y.cols() && x == y; };
  return same(a.hidden, b.hidden) && same(a.routerDirections, b.routerDirections) && a.frames.size() == b.frames.size() &&
         std::equal(a.frames.begin(), a.frames.end(), b.frames.begin(), same);
}

}  // namespace

SnapshotTracks tracksOf(const Snapshot& snapshot, const Snapshot* before, const SnapshotTracks* tracksBefore, bool replaces,
                        const std::vector<bool>& wantsCompared) {
  if (before && before->generation != snapshot.generation) before = nullptr;
  SnapshotTracks tracks;
  tracks.layers.resize(snapshot.layers.size());
  for (std::size_t l = 0; l < snapshot.layers.size(); ++l) {
    const LayerSnapshot& layer = snapshot.layers[l];
    if (layer.hidden.rows() == 0) continue;
    const bool follows = before && l < tracksBefore->layers.size() && before->layers[l].hidden.rows() > 0;
    const LayerTracks* last = follows ? &tracksBefore->layers[l] : nullptr;
    const bool wanted = l < wantsCompared.size() && wantsCompared[l];
    if (replaces && follows && before->router == snapshot.router && (!wanted || last->compared) &&
        sameArrays(layer, before->layers[l])) {
      tracks.layers[l] = *last;
      continue;
    }
    tracks.layers[l] = layerTracks(layer, last, last && before->router == snapshot.router, replaces, wanted);
  }
  return tracks;
}

std::shared_ptr<const ComparedEmbeddings> comparedEmbeddings(const ExpertAnalysis& analysis, const ComparedEmbeddings* before) {
  if (analysis.withSubspace.size() < 3) return nullptr;
  return std::make_shared<const ComparedEmbeddings>(orFailure<ComparedEmbeddings>([&] {
    ComparedEmbeddings now;
    now.what = translated("subspaces of routed tokens, step ") + std::to_string(analysis.step);
    now.experts = analysis.withSubspace;
    const auto n = static_cast<Eigen::Index>(now.experts.size());
    Eigen::MatrixXd distances = Eigen::MatrixXd::Zero(n, n);
    for (Eigen::Index a = 0; a < n; ++a)
      for (Eigen::Index b = 0; b < a; ++b)
        distances(a, b) = distances(b, a) =
            analysis.angles.of(static_cast<int>(a), static_cast<int>(b)).array().sin().matrix().norm();
    return drawnThreeWays(std::move(now), distances, before);
  }));
}

}  // namespace moescope
