#include "core/timeline/glide.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/geometry/decompositions.h"
#include "core/geometry/embedding.h"

namespace moescope {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Moments = std::vector<ExpertGlide::Moment>;

constexpr double kOwnShare = 16.0;  ///< weight of an expert's pairs with itself, beside that of its pairs with others as one
constexpr int kSweeps = 3000, kPlacingSweeps = 60;  // so many that another embedding, begun at this one, does not go on turning
constexpr double kLeastGain = 1e-10;   ///< of the weighted squared error, as a share of it
constexpr double kSamePlace = 1e-12;  ///< two points nearer than this have no direction from one to the other

/// ||A - B B'A||: exact also for spans that nearly agree, where r - ||A'B||^2 is rounding.
double chordalDistance(const Eigen::MatrixXf& a, const Eigen::MatrixXf& b) {
  const MatrixXd first = a.cast<double>(), second = b.cast<double>();
  return (first - second * (second.transpose() * first)).norm();
}

/// Squared error and squared size of the distances of one kind of pairs.
struct Misfit {
  double error = 0.0, size = 0.0;
  void add(double wanted, double drawn) { error += (wanted - drawn) * (wanted - drawn), size += wanted * wanted; }
  double stress() const { return size > 0.0 ? std::sqrt(error / size) : 0.0; }
};

/// Wanted distances: own[e] is M x M, between[m] is N x N.
struct Wanted {
  std::vector<MatrixXd> own, between;
};

Wanted distancesOf(const Moments& moments) {
  Wanted wanted;
  const auto count = static_cast<Index>(moments.size());
  for (const ExpertGlide::Moment& moment : moments) wanted.between.push_back(chordalDistances(moment.subspaces));
  for (std::size_t e = 0; e < moments[0].subspaces.size(); ++e) {
    MatrixXd& own = wanted.own.emplace_back(MatrixXd::Zero(count, count));
    for (Index m = 0; m < count; ++m)
      for (Index k = 0; k < m; ++k)
        own(m, k) = own(k, m) =
            chordalDistance(moments[static_cast<std::size_t>(m)].subspaces[e], moments[static_cast<std::size_t>(k)].subspaces[e]);
  }
  return wanted;
}

/// Adds to `pull` what a pair asks of the first of its points, and to the misfit how far it is off.
void pull(Eigen::RowVector2d& pull, Misfit& misfit, const Eigen::RowVector2d& of, const Eigen::RowVector2d& from, double wanted,
          double weight) {
  const Eigen::RowVector2d way = of - from;
  const double drawn = way.norm();
  misfit.add(wanted, drawn);
  if (drawn > kSamePlace) pull += weight * (wanted / drawn) * way;
}

/// One Guttman transform of all points. The graph of the pairs is a product of two complete ones, so that its Laplacian V has the
/// eigenvalues N on the experts' means, wM on the moments' means and N + wM on the rest.
std::vector<MatrixXd> guttman(const Wanted& wanted, const std::vector<MatrixXd>& points, double weight, Misfit& own,
                              Misfit& between) {
  const std::size_t moments = points.size();
  const Index experts = points[0].rows();
  std::vector<MatrixXd> next(moments, MatrixXd::Zero(experts, 2));
  for (std::size_t m = 0; m < moments; ++m)
    for (Index e = 0; e < experts; ++e) {
      Eigen::RowVector2d asked = Eigen::RowVector2d::Zero();
      const Eigen::RowVector2d at = points[m].row(e);
      for (Index f = 0; f < experts; ++f)
        if (f != e) pull(asked, between, at, points[m].row(f), wanted.between[m](e, f), 1.0);
      const MatrixXd& ofExpert = wanted.own[static_cast<std::size_t>(e)];
      for (std::size_t k = 0; k < moments; ++k)
        if (k != m) pull(asked, own, at, points[k].row(e), ofExpert(static_cast<Index>(m), static_cast<Index>(k)), weight);
      next[m].row(e) = asked;
    }
  MatrixXd expertMean = MatrixXd::Zero(experts, 2);
  for (const MatrixXd& each : next) expertMean += each / static_cast<double>(moments);
  const Eigen::RowVector2d mean = expertMean.colwise().mean();
  const double n = static_cast<double>(experts), wm = weight * static_cast<double>(moments);
  for (MatrixXd& each : next) {
    const Eigen::RowVector2d momentMean = each.colwise().mean();
    const MatrixXd rest = ((each - expertMean).rowwise() - momentMean).rowwise() + mean;
    each = rest / (n + wm);
    each += (expertMean.rowwise() - mean) / n;
    each.rowwise() += (momentMean - mean) / wm;
  }
  return next;
}

double weightFor(std::size_t experts, std::size_t others) {
  return kOwnShare * std::max<double>(1.0, static_cast<double>(experts) - 1.0) / static_cast<double>(others);
}

/// One moment's points against those of other moments, which stay: each point to where all its pairs together ask it to be.
GlideStress settle(MatrixXd& points, const MatrixXd& between, const MatrixXd& own, const Moments& fixed, std::size_t count) {
  const Index experts = points.rows();
  const double weight = weightFor(static_cast<std::size_t>(experts), count);
  const double total = weight * static_cast<double>(count) + static_cast<double>(experts - 1);
  Misfit ownMisfit, betweenMisfit;
  for (int sweep = 0; sweep <= kPlacingSweeps; ++sweep) {  // the last one only measures
    ownMisfit = betweenMisfit = {};
    for (Index e = 0; e < experts; ++e) {
      Eigen::RowVector2d asked = Eigen::RowVector2d::Zero();
      const Eigen::RowVector2d at = points.row(e);
      for (Index f = 0; f < experts; ++f)
        if (f != e) {
          asked += points.row(f);
          pull(asked, betweenMisfit, at, points.row(f), between(e, f), 1.0);
        }
      for (std::size_t k = 0; k < count; ++k) {
        asked += weight * fixed[k].points.row(e);
        pull(asked, ownMisfit, at, fixed[k].points.row(e), own(static_cast<Index>(k), e), weight);
      }
      if (sweep < kPlacingSweeps) points.row(e) = asked / total;
    }
  }
  return {ownMisfit.stress(), betweenMisfit.stress()};
}

/// Where the search begins: each moment from `first` on placed against those before it, the very first one alone.
void placeOneAfterTheOther(Moments& moments, const Wanted& wanted, std::size_t first) {
  if (first == 0) moments[0].points = embedDistances(wanted.between[0], 2).points;
  const Index experts = moments[0].points.rows();
  for (std::size_t m = std::max<std::size_t>(first, 1); m < moments.size(); ++m) {
    MatrixXd own(static_cast<Index>(m), experts);
    for (Index e = 0; e < experts; ++e)
      own.col(e) = wanted.own[static_cast<std::size_t>(e)].row(static_cast<Index>(m)).head(static_cast<Index>(m));
    MatrixXd& points = moments[m].points = moments[m - 1].points;
    for (Index e = 0; e < experts; ++e) {  // on a little: from the very place of the moment before there is no direction to go
      const Eigen::RowVector2d way =
          m > 1 ? Eigen::RowVector2d(points.row(e) - moments[m - 2].points.row(e)) : Eigen::RowVector2d(points.row(e));
      points.row(e) += 0.5 * own(static_cast<Index>(m) - 1, e) *
                       (way.norm() > kSamePlace ? Eigen::RowVector2d(way.normalized()) : Eigen::RowVector2d(1.0, 0.0));
    }
    settle(points, wanted.between[m], own, moments, m);
  }
}

GlideStress embed(Moments& moments, const Wanted& wanted) {
  const double weight = weightFor(moments[0].subspaces.size(), moments.size() - 1);
  std::vector<MatrixXd> points;
  for (const ExpertGlide::Moment& moment : moments) points.push_back(moment.points);
  double before = 0.0;
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    Misfit own, between;
    std::vector<MatrixXd> next = guttman(wanted, points, weight, own, between);
    const double error = weight * own.error + between.error;
    if (sweep > 0 && before - error <= kLeastGain * before) break;
    before = error;
    points = std::move(next);
  }
  Misfit own, between;
  guttman(wanted, points, weight, own, between);
  for (std::size_t m = 0; m < moments.size(); ++m) moments[m].points = points[m];
  return {own.stress(), between.stress()};
}

/// Between the moments around a step, by the step; beyond the ends those.
MatrixXd pointsAt(const Moments& moments, std::int64_t step) {
  const auto after =
      std::find_if(moments.begin(), moments.end(), [&](const ExpertGlide::Moment& each) { return each.step >= step; });
  if (after == moments.end()) return moments.back().points;
  if (after == moments.begin() || after->step == step) return after->points;
  const ExpertGlide::Moment &first = *(after - 1), &second = *after;
  const double share = static_cast<double>(step - first.step) / static_cast<double>(second.step - first.step);
  return (1.0 - share) * first.points + share * second.points;
}

/// Turned, reflected and shifted so that the rows of `points` come nearest to those of `reference`.
void bring(Moments& moments, const MatrixXd& points, const MatrixXd& reference) {
  const Eigen::RowVector2d from = points.colwise().mean(), to = reference.colwise().mean();
  const SingularValues svd =
      singularValueDecomposition(MatrixXd((points.rowwise() - from).transpose() * (reference.rowwise() - to)));
  const MatrixXd turn = svd.left * svd.right.transpose();
  for (ExpertGlide::Moment& moment : moments) moment.points = ((moment.points.rowwise() - from) * turn).rowwise() + to;
}

void bringOnto(Moments& moments, const ExpertGlide& before) {
  const Index experts = moments[0].points.rows();
  const auto within = [&](const ExpertGlide::Moment& each) {
    return each.step >= before.moments.front().step && each.step <= before.moments.back().step;
  };
  const auto count = static_cast<Index>(std::count_if(moments.begin(), moments.end(), within));
  if (count == 0) return;
  MatrixXd points(count * experts, 2), reference(count * experts, 2);
  Index row = 0;
  for (const ExpertGlide::Moment& each : moments)
    if (within(each)) {
      points.middleRows(row, experts) = each.points;
      reference.middleRows(row, experts) = pointsAt(before.moments, each.step);
      row += experts;
    }
  bring(moments, points, reference);
}

bool allNumbers(const std::vector<Eigen::MatrixXf>& subspaces) {
  return std::all_of(subspaces.begin(), subspaces.end(), [](const Eigen::MatrixXf& each) { return each.allFinite(); });
}

bool alike(const std::vector<Eigen::MatrixXf>& a, const std::vector<Eigen::MatrixXf>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](const auto& x, const auto& y) {
           return x.rows() == y.rows() && x.cols() == y.cols();
         });
}

std::vector<Eigen::MatrixXf> subspacesAt(const Snapshot& snapshot, int layer) {
  const auto index = static_cast<std::size_t>(layer);
  return index < snapshot.layers.size() ? subspacesOf(snapshot.layers[index]) : std::vector<Eigen::MatrixXf>{};
}

/// At most kMost of them, the first and the last among them.
std::vector<std::int64_t> spread(const std::vector<std::int64_t>& steps) {
  if (steps.size() <= ExpertGlide::kMost) return steps;
  std::vector<std::int64_t> chosen;
  for (std::size_t i = 0; i < ExpertGlide::kMost; ++i) chosen.push_back(steps[i * (steps.size() - 1) / (ExpertGlide::kMost - 1)]);
  return chosen;
}

}  // namespace

double ExpertGlide::reach() const {
  double most = 0.0;
  for (const Moment& moment : moments) most = std::max(most, moment.points.cwiseAbs().maxCoeff());
  return most;
}

std::vector<Eigen::MatrixXf> subspacesOf(const LayerSnapshot& layer) {
  if (!layer.frames.empty()) return layer.frames;
  std::vector<Eigen::MatrixXf> lines;
  for (Index e = 0; e < layer.routerDirections.rows(); ++e) lines.emplace_back(layer.routerDirections.row(e).transpose());
  return lines;
}

bool standsIn(const ExpertGlide& glide, const Snapshot& snapshot, int layer) {
  if (glide.layer != layer || glide.router != snapshot.router) return false;
  const std::vector<Eigen::MatrixXf> subspaces = subspacesAt(snapshot, layer);
  return alike(subspaces, glide.moments[0].subspaces) && allNumbers(subspaces);
}

std::shared_ptr<const ExpertGlide> expertGlide(const Timeline& timeline, std::uint64_t generation, const Snapshot& shown,
                                               int layer, const ExpertGlide* before, const MatrixXd& start) {
  const std::vector<Eigen::MatrixXf> own = subspacesAt(shown, layer);
  auto glide = std::make_shared<ExpertGlide>();
  glide->generation = generation;
  glide->layer = layer;
  glide->router = shown.router;
  for (const std::int64_t step : spread(timeline.snapshotSteps(generation))) {
    const SnapshotPointer snapshot = timeline.at(generation, step).snapshot;
    if (!snapshot || snapshot->router != shown.router ||
        (!glide->moments.empty() && snapshot->step <= glide->moments.back().step))
      continue;
    std::vector<Eigen::MatrixXf> subspaces = subspacesAt(*snapshot, layer);
    if (alike(subspaces, own) && allNumbers(subspaces)) glide->moments.push_back({snapshot->step, std::move(subspaces), {}});
  }
  if (own.empty() || glide->moments.size() < 2) return nullptr;
  const Wanted wanted = distancesOf(glide->moments);
  const bool follows = before && before->generation == generation && standsIn(*before, shown, layer);
  std::size_t known = 0;
  for (; follows && known < glide->moments.size() && glide->moments[known].step <= before->moments.back().step; ++known)
    glide->moments[known].points = pointsAt(before->moments, glide->moments[known].step);
  placeOneAfterTheOther(glide->moments, wanted, known);
  glide->stress = embed(glide->moments, wanted);
  if (follows)
    bringOnto(glide->moments, *before);
  else if (start.rows() == glide->moments[0].points.rows())
    bring(glide->moments, pointsAt(glide->moments, shown.step), start);
  return glide;
}

GlidePlace placeIn(const ExpertGlide& glide, const Snapshot& snapshot) {
  const std::vector<Eigen::MatrixXf> subspaces = subspacesAt(snapshot, glide.layer);
  const MatrixXd between = chordalDistances(subspaces);
  const auto count = static_cast<Index>(glide.moments.size()), experts = static_cast<Index>(subspaces.size());
  MatrixXd own(count, experts);
  for (Index k = 0; k < count; ++k)
    for (Index e = 0; e < experts; ++e)
      own(k, e) = chordalDistance(glide.moments[static_cast<std::size_t>(k)].subspaces[static_cast<std::size_t>(e)],
                                  subspaces[static_cast<std::size_t>(e)]);
  GlidePlace place{snapshot.step, pointsAt(glide.moments, snapshot.step), {}};
  const auto same = std::find_if(glide.moments.begin(), glide.moments.end(),
                                 [&](const ExpertGlide::Moment& each) { return each.step == snapshot.step; });
  if (same == glide.moments.end()) {
    place.stress = settle(place.points, between, own, glide.moments, glide.moments.size());
    return place;
  }
  Misfit ownMisfit, betweenMisfit;
  for (Index e = 0; e < experts; ++e) {
    for (Index f = 0; f < e; ++f) betweenMisfit.add(between(e, f), (place.points.row(e) - place.points.row(f)).norm());
    for (Index k = 0; k < count; ++k)
      ownMisfit.add(own(k, e), (place.points.row(e) - glide.moments[static_cast<std::size_t>(k)].points.row(e)).norm());
  }
  place.stress = {ownMisfit.stress(), betweenMisfit.stress()};
  return place;
}

bool isBehind(const ExpertGlide& glide, std::int64_t lastStep) {
  const std::int64_t first = glide.moments.front().step, last = glide.moments.back().step;
  return lastStep > last && 8 * (lastStep - last) >= last - first;
}

}  // namespace moescope
