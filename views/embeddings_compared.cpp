// The same distances between experts drawn by three methods side by side: what they agree on is in the data, the rest in the
// method.

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "core/geometry/embedding.h"
#include "views/flat_view.h"
#include "views/registry.h"

namespace moescope {
namespace {

/// Subspaces to compare, of these experts, and what they are.
struct Subspaces {
  std::string what;
  std::vector<int> experts;
  Eigen::MatrixXd distances;
};

Subspaces routedSubspaces(const ExpertAnalysis& analysis) {
  Subspaces result{"subspaces of routed tokens, step " + std::to_string(analysis.step), analysis.withSubspace, {}};
  const auto n = static_cast<Eigen::Index>(result.experts.size());
  result.distances = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index a = 0; a < n; ++a)
    for (Eigen::Index b = 0; b < a; ++b)
      result.distances(a, b) = result.distances(b, a) = analysis.angles.of(static_cast<int>(a), static_cast<int>(b)).array().sin().matrix().norm();
  return result;
}

/// The principal subspaces of routed tokens once they are measured; before, the router's frames or directions.
Subspaces subspacesOf(const Scene& scene, const LayerSnapshot& layer) {
  if (scene.analysis && scene.analysis->withSubspace.size() >= 3) return routedSubspaces(*scene.analysis);
  std::vector<Eigen::MatrixXf> frames = layer.frames;
  if (frames.empty())
    for (Eigen::Index e = 0; e < layer.routerDirections.rows(); ++e) frames.emplace_back(layer.routerDirections.row(e).transpose());
  Subspaces result{layer.frames.empty() ? "router directions" : "router frames", std::vector<int>(frames.size()), chordalDistances(frames)};
  std::iota(result.experts.begin(), result.experts.end(), 0);
  return result;
}

struct Picture {
  std::string name, brief, note;
  PlaneEmbedding plane;
};

class EmbeddingsCompared : public FlatView {
 protected:
  std::string title() const override { return "Embeddings compared"; }

  void draw(const Scene& scene) override {
    const LayerSnapshot& layer = scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)];
    const Subspaces now = subspacesOf(scene, layer);
    if (now.experts.size() < 3) return say(caption(scene, ""), "needs three experts or more");
    if (!now.distances.allFinite())
      throw std::runtime_error("distances between experts are not numbers: a subspace holds such values");
    follow(scene, now);
    const Rect area = caption(scene, "chordal distances between " + now.what + ", drawn three ways; stress 0: every distance is right");
    const bool beside = area.width > 0.9 * area.height;
    for (int i = 0; i < 3; ++i) {
      const Rect panel = beside ? Rect{area.x + area.width * i / 3, area.y, area.width / 3, area.height}
                                : Rect{area.x, area.y + area.height * (2 - i) / 3, area.width, area.height / 3};
      picture(panel, scene, now, pictures_[static_cast<std::size_t>(i)]);
      if (i == 0) continue;
      if (beside)
        canvas().line({panel.x, panel.y}, {panel.x, panel.y + panel.height}, gridColor(theme()), 1.0);
      else
        canvas().line({panel.x, panel.y + panel.height}, {panel.x + panel.width, panel.y + panel.height}, gridColor(theme()), 1.0);
    }
  }

 private:
  /// New distances are drawn anew and turned onto the last picture, so that points glide.
  void follow(const Scene& scene, const Subspaces& now) {
    if (now.distances.rows() == distances_.rows() && now.distances == distances_) return;
    const bool fresh = experts_ != now.experts || generation_ != scene.snapshot->generation || layer_ != scene.routing->layer;
    const DiffusionMap diffusion = diffusionMap(now.distances, 2);
    std::array<Picture, 3> next;
    next[0] = {"Classical MDS", "MDS", "", classicalEmbedding(now.distances, 2)};
    next[1] = {"SMACOF", "SMACOF", "",
               fresh ? embedDistances(now.distances, 2) : refineEmbedding(now.distances, pictures_[1].plane.points)};
    next[2] = {"Diffusion map", "diffusion",
               formatted("axes: eigenvalues %.3f", diffusion.eigenvalues[1]) + formatted(", %.3f", diffusion.eigenvalues[2]),
               diffusion.plane};
    for (std::size_t i = 0; i < 3; ++i) {
      const Eigen::MatrixXd& target = fresh ? next[0].plane.points : pictures_[i].plane.points;
      next[i].plane.points = alignTo(next[i].plane.points, target);
    }
    pictures_ = next;
    distances_ = now.distances;
    experts_ = now.experts;
    generation_ = scene.snapshot->generation;
    layer_ = scene.routing->layer;
  }

  void picture(const Rect& panel, const Scene& scene, const Subspaces& now, const Picture& drawn) {
    const double em = canvas().em(), middle = panel.x + panel.width / 2;
    const double nameSize = std::clamp(0.9 * 0.85 * panel.width / canvas().textWidth(drawn.name, 0.9, true), 0.7, 0.9);
    const std::string& name = canvas().textWidth(drawn.name, nameSize, true) < 0.96 * panel.width ? drawn.name : drawn.brief;
    canvas().text({middle, panel.y + panel.height}, name,
                  {textColor(theme()), nameSize, Align::Centre, VerticalAlign::Top, true, false, 0.96 * panel.width});
    const bool note = !drawn.note.empty() && noteSize(drawn.note, panel.width) > 0.62;
    canvas().text({middle, panel.y + 0.2 * em},
                  {formatted("stress %.3f", drawn.plane.stress), formatted("%.3f", drawn.plane.stress)},
                  {textColor(theme()), 0.85, Align::Centre, VerticalAlign::Bottom});
    if (note)
      canvas().text({middle, panel.y + 1.4 * em}, drawn.note, {mutedColor(theme()), noteSize(drawn.note, panel.width), Align::Centre, VerticalAlign::Bottom});
    const Rect inner{panel.x + 1.1 * em, panel.y + 3.2 * em, panel.width - 2.2 * em, std::max(8.0, panel.height - 5.6 * em)};
    // One scale for all methods, so that sizes can be compared.
    double reach = 1e-3;
    for (const Picture& each : pictures_) reach = std::max(reach, each.plane.points.cwiseAbs().maxCoeff());
    const double scale = std::max(1.0, std::min(inner.width, inner.height) / (2 * reach));
    const Point centre{inner.x + inner.width / 2, inner.y + inner.height / 2};
    points(scene, now, drawn, [&](std::size_t i) -> Point {
      const auto row = static_cast<Eigen::Index>(i);
      return {centre.x + scale * drawn.plane.points(row, 0), centre.y + scale * drawn.plane.points(row, 1)};
    });
  }

  template <typename Place>
  void points(const Scene& scene, const Subspaces& now, const Picture& drawn, const Place& place) {
    const int experts = static_cast<int>(scene.routing->gates.cols());
    const double radius = (experts > 24 ? 0.2 : 0.32) * canvas().em();
    const auto find = [&](int expert) { return static_cast<std::size_t>(std::find(now.experts.begin(), now.experts.end(), expert) - now.experts.begin()); };
    if (const std::size_t a = find(scene.selection.expert()), b = find(scene.selection.other()); std::max(a, b) < now.experts.size())
      join(place(a), place(b));
    for (std::size_t i = 0; i < now.experts.size(); ++i) {
      const int e = now.experts[i];
      const Point at = place(i);
      canvas().disc(at, radius, expertColor(e, experts, theme()), scene.selection.leavesOutExpert(e) ? 0.35 : 0.95);
      if (scene.selection.hasExpert(e)) canvas().ring(at, radius + 3, accentColor(theme()), 2.5);
      keepClear(at, radius);
      hit(at, radius + 2, {e, -1, -1, expertLabel(e) + " by " + drawn.name + formatted(", stress %.3f", drawn.plane.stress)});
    }
    names(scene, now, radius, place);
  }

  /// Of a few experts all where there is room; of many the selected, then every eighth, then others up to a dozen.
  template <typename Place>
  void names(const Scene& scene, const Subspaces& now, double radius, const Place& place) {
    int room = scene.routing->gates.cols() <= 16 ? 16 : 12;
    const auto turnOf = [&](int e) { return scene.selection.hasExpert(e) ? 0 : e % 8 == 0 ? 1 : 2; };
    for (const int turn : {0, 1, 2})
      for (std::size_t i = 0; i < now.experts.size() && room > 0; ++i)
        if (const int e = now.experts[i]; turnOf(e) == turn) room -= labelAt(place(i), radius + (turn == 0 ? 4 : 0), expertLabel(e), 0.75, turn == 0) ? 1 : 0;
  }

  double noteSize(const std::string& words, double room) { return std::min(0.75, 0.75 * room / std::max(1.0, canvas().textWidth(words, 0.78))); }

  std::array<Picture, 3> pictures_;
  Eigen::MatrixXd distances_;
  std::vector<int> experts_;
  std::uint64_t generation_ = 0;
  int layer_ = -1;
};

}  // namespace

ViewDeclaration declareEmbeddingsCompared() {
  return {"embeddings_compared", "Embeddings compared", "The chordal distances between experts' subspaces by classical MDS, SMACOF and a diffusion map "
          "(kernel exp(-(D/median D)\xc2\xb2), rows normalised; its picture is scaled to the least stress), with the stress of each",
          [] { return std::make_unique<EmbeddingsCompared>(); }, "Experts"};
}

}  // namespace moescope
