// The same distances between experts drawn by three methods side by side: what they agree on is in the data, the rest in the
// method.

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "views/flat_view.h"
#include "core/words/words.h"
#include "views/registry.h"

namespace moescope {
namespace {

/// One method's points and what is said of them.
struct Picture {
  std::string name, brief, note;
  const PlaneEmbedding& plane;
};

/// The principal subspaces of routed tokens once they are measured; before, the router's frames or directions. Null: neither is
/// there.
const ComparedEmbeddings* foundOf(const Scene& scene) {
  return scene.compared ? scene.compared.get() : trackOf(scene).compared.get();
}

const ComparedEmbeddings& comparedOf(const Scene& scene) {
  if (const ComparedEmbeddings* found = foundOf(scene)) return *found;
  throw std::runtime_error(translated("the router's embeddings of this step were not computed, since an analysis had been made"));
}

constexpr const char* kNeeds = translatable("needs three experts or more");

class EmbeddingsCompared : public FlatView {
 protected:
  std::string title() const override { return translated("Embeddings compared"); }

  void draw(const Scene& scene) override {
    const ComparedEmbeddings& now = comparedOf(scene);
    if (now.experts.size() < 3) return say(caption(scene, ""), translated(kNeeds));
    if (!now.failure.empty()) throw std::runtime_error(now.failure);
    const Eigen::VectorXd& eigenvalues = now.diffusion.eigenvalues;
    const std::array<Picture, 3> pictures = {
        {{translated("Classical MDS"), translated("MDS"), "", now.classical},
         {translated("SMACOF"), translated("SMACOF"), "", now.smacof},
         {translated("Diffusion map"), translated("diffusion"),
          formatted("axes: eigenvalues %.3f", eigenvalues[1]) + formatted(", %.3f", eigenvalues[2]), now.diffusion.plane}}};
    // One scale for all methods, so that sizes can be compared.
    double reach = 1e-3;
    for (const Scene* each : sharingScale(scene))
      if (const ComparedEmbeddings* its = foundOf(*each); its && its->failure.empty() && its->experts.size() >= 3)
        for (const PlaneEmbedding* plane : {&its->classical, &its->smacof, &its->diffusion.plane})
          reach = std::max(reach, plane->points.cwiseAbs().maxCoeff());
    const Rect area = caption(scene, {translated("distances between experts drawn three ways; stress 0: every distance is right"),
                              translated("stress 0: all is right")});
    const bool beside = area.width > 0.9 * area.height;
    for (int i = 0; i < 3; ++i) {
      const Rect panel = beside ? Rect{area.x + area.width * i / 3, area.y, area.width / 3, area.height}
                                : Rect{area.x, area.y + area.height * (2 - i) / 3, area.width, area.height / 3};
      picture(panel, scene, now, pictures[static_cast<std::size_t>(i)], reach);
      if (i == 0) continue;
      if (beside)
        canvas().line({panel.x, panel.y}, {panel.x, panel.y + panel.height}, gridColor(theme()), 1.0);
      else
        canvas().line({panel.x, panel.y + panel.height}, {panel.x + panel.width, panel.y + panel.height}, gridColor(theme()),
                      1.0);
    }
  }

 private:
  void picture(const Rect& panel, const Scene& scene, const ComparedEmbeddings& now, const Picture& drawn, double reach) {
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
      canvas().text({middle, panel.y + 1.4 * em}, drawn.note,
                    {mutedColor(theme()), noteSize(drawn.note, panel.width), Align::Centre, VerticalAlign::Bottom});
    const Rect inner{panel.x + 1.1 * em, panel.y + 3.2 * em, panel.width - 2.2 * em, std::max(8.0, panel.height - 5.6 * em)};
    const double scale = std::max(1.0, std::min(inner.width, inner.height) / (2 * reach));
    const Point centre{inner.x + inner.width / 2, inner.y + inner.height / 2};
    points(scene, now, drawn, [&](std::size_t i) -> Point {
      const auto row = static_cast<Eigen::Index>(i);
      return {centre.x + scale * drawn.plane.points(row, 0), centre.y + scale * drawn.plane.points(row, 1)};
    });
  }

  template <typename Place>
  void points(const Scene& scene, const ComparedEmbeddings& now, const Picture& drawn, const Place& place) {
    const int experts = static_cast<int>(scene.routing->gates.cols());
    const double radius = (experts > 24 ? 0.2 : 0.32) * canvas().em();
    const auto find = [&](int expert) {
      return static_cast<std::size_t>(std::find(now.experts.begin(), now.experts.end(), expert) - now.experts.begin());
    };
    if (const std::size_t a = find(scene.selection.expert()), b = find(scene.selection.other());
        std::max(a, b) < now.experts.size())
      join(place(a), place(b));
    for (std::size_t i = 0; i < now.experts.size(); ++i) {
      const int e = now.experts[i];
      const Point at = place(i);
      canvas().mark(at, radius, expertMark(e), expertColor(e, theme()), scene.selection.leavesOutExpert(e) ? 0.35 : 0.95);
      if (scene.selection.hasExpert(e)) canvas().ring(at, radius + 3, accentColor(theme()), 2.5);
      keepClear(at, radius);
      hit(at, radius + 2,
          {e, -1, -1, translated("%1 by %2", expertLabel(e), drawn.name) + formatted(", stress %.3f", drawn.plane.stress)});
    }
    names(scene, now, radius, place);
  }

  /// Of a few experts all where there is room; of many the selected, then every eighth, then others up to a dozen.
  template <typename Place>
  void names(const Scene& scene, const ComparedEmbeddings& now, double radius, const Place& place) {
    int room = scene.routing->gates.cols() <= 16 ? 16 : 12;
    const auto turnOf = [&](int e) { return scene.selection.hasExpert(e) ? 0 : e % 8 == 0 ? 1 : 2; };
    for (const int turn : {0, 1, 2})
      for (std::size_t i = 0; i < now.experts.size() && room > 0; ++i)
        if (const int e = now.experts[i]; turnOf(e) == turn)
          room -= labelAt(place(i), radius + (turn == 0 ? 4 : 0), expertLabel(e), 0.75, turn == 0, turn == 0) ? 1 : 0;
  }

  double noteSize(const std::string& words, double room) {
    return std::min(0.75, 0.75 * room / std::max(1.0, canvas().textWidth(words, 0.78)));
  }
};

std::string stressInNumbers(const Scene& scene) {
  const ComparedEmbeddings& now = comparedOf(scene);
  if (!now.failure.empty() || now.experts.size() < 3) return translated("needs three experts or more");
  return translated(
             "stress = sqrt(sum of (drawn - true distance)\xc2\xb2 / sum of true distance\xc2\xb2), of chordal distances between ") +
         now.what + formatted("\nclassical MDS %.3f", now.classical.stress) + formatted(", SMACOF %.3f", now.smacof.stress) +
         formatted(", diffusion map %.3f", now.diffusion.plane.stress) +
         translated(
             "\nDiffusion kernel exp(-(D / median D)\xc2\xb2), rows normalised; its picture is scaled to the least stress");
}

DataTable numbersOf(const Scene& scene) {
  const ComparedEmbeddings& now = comparedOf(scene);
  if (now.experts.size() < 3) throw std::runtime_error(translated(kNeeds));
  if (!now.failure.empty()) throw std::runtime_error(now.failure);
  DataTable table{{{"method", ""}, {"expert", ""}, {"x", "chordal distance"}, {"y", "chordal distance"}, {"stress", ""}}, {}};
  for (const auto& [name, plane] :
       {std::pair{"classical MDS", &now.classical}, {"SMACOF", &now.smacof}, {"diffusion map", &now.diffusion.plane}})
    for (std::size_t i = 0; i < now.experts.size(); ++i)
      table.add({name, now.experts[i], plane->points(static_cast<Eigen::Index>(i), 0),
                 plane->points(static_cast<Eigen::Index>(i), 1), plane->stress});
  table.about = {{"distances_between", now.what},
                 {"diffusion_eigenvalue_2", now.diffusion.eigenvalues[1]},
                 {"diffusion_eigenvalue_3", now.diffusion.eigenvalues[2]}};
  return table;
}

}  // namespace

ViewDeclaration declareEmbeddingsCompared() {
  return {
      "embeddings_compared",
      "Embeddings compared",
      "The chordal distances between experts' subspaces by classical MDS, SMACOF and a diffusion map "
      "(kernel exp(-(D/median D)\xc2\xb2), rows normalised; its picture is scaled to the least stress), with the stress of each",
      [] { return std::make_unique<EmbeddingsCompared>(); },
      numbersOf,
      "Experts",
      {},
      {},
      {"The chordal distances between the experts' subspaces laid in a plane by classical MDS, SMACOF and a diffusion map side by side.",
       stressInNumbers, "What all three show is in the data; what only one shows is in the method."}};
}

}  // namespace moescope
