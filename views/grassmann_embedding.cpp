// The experts as points, their distances those of their subspaces.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "views/flat_view.h"
#include "core/timeline/glide.h"
#include "core/words/words.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

std::string rounded(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

class GrassmannEmbedding : public FlatView {
 protected:
  std::string title() const override { return translated("Experts on the Grassmannian"); }

  void draw(const Scene& scene) override {
    const LayerSnapshot& layer = scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)];
    const ExpertPlane& plane = trackOf(scene).experts;
    if (!plane.failure.empty()) throw std::runtime_error(plane.failure);
    const std::string of = layer.frames.empty() ? translated("router directions") : translated("expert subspaces");
    const Rect area = caption(scene, captionsOf(scene, of));
    const double em = canvas().em();
    const Rect inner{area.x + 3 * em, area.y + 2.4 * em, area.width - 6 * em, area.height - 3.8 * em};
    double reach = 1e-3;
    for (const Scene* each : sharingScale(scene))
      if (each->glide || each->tracks)
        reach = std::max(reach, each->glide ? each->glide->reach() : extent(trackOf(*each).experts));
    const double scale = std::max(1.0, std::min(inner.width, inner.height) / (2 * reach));
    const Point middle{inner.x + inner.width / 2, inner.y + inner.height / 2};
    const auto place = [&](const Eigen::MatrixXd& points, Eigen::Index e) -> Point {
      return {middle.x + scale * points(e, 0), middle.y + scale * points(e, 1)};
    };
    scaleBar(area, scale);
    if (scene.glide)
      ways(scene, place);
    else
      trails(plane, place);
    experts(scene, scene.glide ? scene.place->points : *plane.trail.back(), place);
  }

 private:
  static std::vector<std::string> captionsOf(const Scene& scene, const std::string& of) {
    if (scene.glide) {
      const std::string between = rounded("%.2f", scene.glide->stress.between), own = rounded("%.2f", scene.glide->stress.own);
      return {translated("near: similar ") + of +
                  translated("; line: way over the run, faint: later; stress %1 between experts, %2 along the ways; size: load",
                             between, own),
              translated("line: way over the run; stress %1 between experts, %2 along the ways", between, own),
              translated("stress %1 between, %2 along the ways", between, own)};
    }
    const double stress = trackOf(scene).experts.stress;
    return {translated("near: similar ") + of + formatted("; stress %.2f, size: load", stress),
            formatted("near: similar; stress %.2f", stress)};
  }

  /// From moment to moment, through where the experts stand now.
  template <typename Place>
  void ways(const Scene& scene, const Place& place) {
    const GlidePlace& now = *scene.place;
    std::vector<std::pair<std::int64_t, const Eigen::MatrixXd*>> stations;
    for (const ExpertGlide::Moment& moment : scene.glide->moments)
      if (moment.step != now.step) stations.emplace_back(moment.step, &moment.points);
    const auto after = std::find_if(stations.begin(), stations.end(), [&](const auto& each) { return each.first > now.step; });
    stations.emplace(after, now.step, &now.points);
    for (std::size_t i = 1; i < stations.size(); ++i)
      for (Eigen::Index e = 0; e < now.points.rows(); ++e)
        canvas().line(place(*stations[i - 1].second, e), place(*stations[i].second, e), expertColor(static_cast<int>(e), theme()),
                      2.0, stations[i].first <= now.step ? 0.8 : 0.25);
  }

  static double extent(const ExpertPlane& plane) {
    double reach = 0.0;
    for (const auto& points : plane.trail) reach = std::max(reach, points->cwiseAbs().maxCoeff());
    return reach;
  }

  template <typename Place>
  void trails(const ExpertPlane& plane, const Place& place) {
    const auto& trail = plane.trail;
    const int experts = static_cast<int>(trail.back()->rows());
    for (std::size_t i = 1; i < trail.size(); ++i)
      for (int e = 0; e < experts; ++e)
        canvas().line(place(*trail[i - 1], e), place(*trail[i], e), expertColor(e, theme()), 2.0,
                      0.55 * static_cast<double>(i) / static_cast<double>(trail.size()));
  }

  template <typename Place>
  void experts(const Scene& scene, const Eigen::MatrixXd& points, const Place& place) {
    const Eigen::VectorXd& load = scene.routing->applied.load;
    const int experts = static_cast<int>(points.rows());
    const double em = canvas().em(), unit = 0.75 * em * (experts > 24 ? 0.7 : 1.0) * std::min(1.0, std::sqrt(64.0 / experts));
    const auto radiusOf = [&](int e) { return unit * std::clamp(std::sqrt(load[e] * experts), 0.35, 2.2); };
    if (scene.selection.isPair() && std::max(scene.selection.expert(), scene.selection.other()) < experts)
      join(place(points, scene.selection.expert()), place(points, scene.selection.other()));
    for (int e = 0; e < experts; ++e) {
      const Point at = place(points, e);
      const double radius = radiusOf(e);
      const bool selected = scene.selection.hasExpert(e), faint = scene.selection.leavesOutExpert(e);
      canvas().mark(at, radius, expertMark(e), expertColor(e, theme()), faint ? 0.35 : 0.92);
      if (selected) canvas().ring(at, radius + 3, accentColor(theme()), 2.5);
      keepClear(at, radius);
      hit(at, radius + 2, {e, -1, -1, expertLabel(e) + formatted(": load %.1f %% of applied gates", 100 * load[e])});
    }
    for (const bool selected : {true, false})
      for (int e = 0; e < experts; ++e)
        if (scene.selection.hasExpert(e) == selected && (experts <= 32 || selected || e % 4 == 0))
          labelAt(place(points, e), radiusOf(e) + (selected ? 4 : 0), expertLabel(e), 0.85, selected);
  }

  void scaleBar(const Rect& area, double scale) {
    const double em = canvas().em();
    const std::vector<double> ticks = niceTicks({0.0, 0.25 * area.width / scale, "", false}, 3);
    const double length = ticks.back() > 0.0 ? ticks.back() : 0.1;
    const Point from{area.x + 0.5 * em, area.y + 0.6 * em};
    canvas().line(from, {from.x + length * scale, from.y}, textColor(theme()), 2.0);
    canvas().text({from.x, from.y + 0.3 * em}, {translated("chordal distance ") + tickText(length), tickText(length)},
                  {mutedColor(theme()), 0.8, Align::Left, VerticalAlign::Bottom});
  }
};

std::string stressInNumbers(const Scene& scene) {
  if (!scene.glide)
    return formatted("\nstress %.3f: how far the plane's distances are from these; 0: all are right",
                     trackOf(scene).experts.stress);
  const ExpertGlide& glide = *scene.glide;
  return translated("\n%1 moments of steps %2 to %3 were laid together", std::to_string(glide.moments.size()),
                    std::to_string(glide.moments.front().step), std::to_string(glide.moments.back().step)) +
         translated("\nstress between two experts at one moment: %1 over the run, %2 now", rounded("%.3f", glide.stress.between),
                    rounded("%.3f", scene.place->stress.between)) +
         translated("\nstress between an expert and itself at another moment: %1 over the run, %2 now",
                    rounded("%.3f", glide.stress.own), rounded("%.3f", scene.place->stress.own)) +
         translated("\nstress: how far the plane's distances are from these; 0: all are right");
}

std::string distanceInNumbers(const Scene& scene) {
  const LayerSnapshot& layer = scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)];
  const int rank = layer.frames.empty() ? 1 : static_cast<int>(layer.frames[0].cols());
  return translated("d(a, b) = sqrt(sum over i of sin\xc2\xb2 \xce\xb8(i)), \xce\xb8(i) the principal angles\nrank ") +
         std::to_string(rank) + formatted(", so that the largest distance is %.2f", std::sqrt(static_cast<double>(rank))) +
         stressInNumbers(scene);
}

/// The moments of the glide and, where it is none of them, the shown one.
DataTable glideNumbers(const Scene& scene) {
  DataTable table{{{"step", ""}, {"expert", ""}, {"x", "chordal distance"}, {"y", "chordal distance"}, {"load", "%"}}, {}};
  const auto add = [&](std::int64_t step, const Eigen::MatrixXd& points) {
    for (Eigen::Index e = 0; e < points.rows(); ++e)
      table.add({step, static_cast<int>(e), points(e, 0), points(e, 1),
                 step == scene.place->step ? Cell(100.0 * scene.routing->applied.load[e]) : Cell()});
  };
  for (const ExpertGlide::Moment& moment : scene.glide->moments)
    if (moment.step != scene.place->step) add(moment.step, moment.points);
  add(scene.place->step, scene.place->points);
  table.about = {{"stress_between_experts", scene.glide->stress.between},
                 {"stress_along_ways", scene.glide->stress.own},
                 {"stress_between_experts_now", scene.place->stress.between},
                 {"stress_along_ways_now", scene.place->stress.own}};
  return table;
}

DataTable numbersOf(const Scene& scene) {
  if (scene.glide) return glideNumbers(scene);
  const ExpertPlane& plane = trackOf(scene).experts;
  if (!plane.failure.empty()) throw std::runtime_error(plane.failure);
  DataTable table{
      {{"pictures_before_this", ""}, {"expert", ""}, {"x", "chordal distance"}, {"y", "chordal distance"}, {"load", "%"}}, {}};
  for (std::size_t i = 0; i < plane.trail.size(); ++i) {
    const Eigen::MatrixXd& points = *plane.trail[i];
    const bool now = i + 1 == plane.trail.size();
    for (Eigen::Index e = 0; e < points.rows(); ++e)
      table.add({static_cast<int>(plane.trail.size() - 1 - i), static_cast<int>(e), points(e, 0), points(e, 1),
                 now ? Cell(100.0 * scene.routing->applied.load[e]) : Cell()});
  }
  table.about = {{"stress", plane.stress}};
  return table;
}

}  // namespace

ViewDeclaration declareGrassmannEmbedding() {
  return {
      "grassmann_embedding",
      "Experts on the Grassmannian",
      "Each expert's subspace as a point; distances in the plane come as near to the "
      "chordal distances as the stress says",
      [] { return std::make_unique<GrassmannEmbedding>(); },
      numbersOf,
      "Routing",
      {},
      {},
      {"Each expert's subspace is a point of the Grassmann manifold. The points are laid in a plane so that their distances come as near as can be to the chordal distances. Up to 32 moments of a run are laid together, others are placed against them. An expert's distances from itself at other moments count together 16 times as much as those from the others: its line is its way.",
       distanceInNumbers,
       "Experts that fall together compute scores from the same directions. Ways that get slower: the router settles. A shift or turn that all have in common changes no distance between them: what their ways share says nothing."}};
}

}  // namespace moescope
