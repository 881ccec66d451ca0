// Routing tokens in the space of their three leading principal components, each expert's subspace as an ellipsoid.

#include <vtkCamera.h>
#include <vtkProperty.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "core/geometry/decompositions.h"
#include "core/words/words.h"
#include "views/flat_view.h"
#include "views/mesh.h"
#include "views/registry.h"
#include "views/scene_labels.h"
#include "views/token_cloud.h"
#include "views/token_colours.h"

namespace moescope {
namespace {

constexpr double kFrom[] = {2.1, -2.6, 1.6};  // where the camera begins; it looks at the origin
constexpr double kMeanDistance = 0.62;  // of the tokens from their mean, in world units
constexpr double kInSight = 0.85, kFaint = 0.12;  // opacity of a token
constexpr int kMostEllipsoids = 16;  // drawn of many experts: the selected one and the most loaded

const LayerSnapshot& layerOf(const Scene& scene) {
  return scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)];
}

/// Of both sides of A|B.
struct DrawnScale {
  double unit = 0.0;  ///< in routing space: the tokens' mean distance from their mean, over kMeanDistance; of two sides the mean
  double longest = 0.0;  ///< square root of the greatest eigenvalue; 0: no spectra
};

DrawnScale scaleOf(const Scene& scene) {
  DrawnScale scale;
  int sides = 0;
  for (const Scene* each : sharingScale(scene)) {
    if (!each->tracks || !trackOf(*each).tokens.failure.empty()) continue;
    scale.unit += trackOf(*each).tokens.coordinates.cast<double>().rowwise().norm().mean() / kMeanDistance;
    ++sides;
    if (layerOf(*each).spectra.size() > 0)
      scale.longest = std::max(scale.longest, static_cast<double>(std::sqrt(layerOf(*each).spectra.maxCoeff())));
  }
  scale.unit = std::max(1e-6, scale.unit / std::max(1, sides));
  return scale;
}

/// Tokens where they are drawn, T x 3: around the origin, at a mean distance that goes well with the ellipsoids. Throws
/// std::runtime_error where there are no axes.
Eigen::MatrixX3d placesOf(const TokenAxes& tokens, const DrawnScale& scale) {
  if (!tokens.failure.empty()) throw std::runtime_error(tokens.failure);
  return tokens.coordinates.cast<double>() / scale.unit;
}

/// An expert that leads tokens, in the same unit.
struct PlacedExpert {
  int expert = 0, tokens = 0;
  Eigen::Vector3d centre, arrow;
  Eigen::MatrixXd axes;  ///< 3 x r: the ellipsoid is the image of the unit ball; empty: none
};

/// The selected and the most loaded, kMostEllipsoids at most.
std::vector<PlacedExpert> placedExperts(const Scene& scene, const DrawnScale& scale, const Eigen::MatrixX3d& cloud) {
  const LayerSnapshot& layer = layerOf(scene);
  const Eigen::MatrixXd& leading = trackOf(scene).tokens.axes;
  const RowMatrix& gates = scene.routing->gates;
  const int experts = static_cast<int>(gates.cols());
  std::vector<int> order(static_cast<std::size_t>(experts));
  std::iota(order.begin(), order.end(), 0);
  const auto rank = [&](int e) { return scene.selection.hasExpert(e) ? 1e9 : scene.routing->applied.load[e]; };
  std::sort(order.begin(), order.end(), [&](int a, int b) { return rank(a) > rank(b); });
  order.resize(static_cast<std::size_t>(std::min(experts, kMostEllipsoids)));
  std::vector<std::pair<Eigen::Vector3d, int>> led(static_cast<std::size_t>(experts), {Eigen::Vector3d::Zero(), 0});
  for (Eigen::Index t = 0; t < gates.rows(); ++t) {
    Eigen::Index leader = 0;
    if (!(gates.row(t).maxCoeff(&leader) > 0.0f)) continue;  // capacity, or no expert's choice, left it without any
    led[static_cast<std::size_t>(leader)].first += cloud.row(t).transpose();
    ++led[static_cast<std::size_t>(leader)].second;
  }
  std::vector<PlacedExpert> placed;
  for (const int e : order) {
    const auto& [sum, tokens] = led[static_cast<std::size_t>(e)];
    if (tokens == 0) continue;
    placed.push_back({e, tokens, sum / tokens, Eigen::Vector3d::Zero(), {}});
    if (layer.routerDirections.rows() > e)
      placed.back().arrow = 0.42 * leading.transpose() * layer.routerDirections.row(e).transpose().cast<double>();
    if (!layer.frames.empty())
      placed.back().axes = 0.30 / std::max(1e-9, scale.longest) * leading.transpose() *
                           layer.frames[static_cast<std::size_t>(e)].cast<double>() *
                           layer.spectra.row(e).cwiseSqrt().asDiagonal();
  }
  return placed;
}

constexpr double kNameHeight = 0.13;  // above an expert's centre

/// What the camera turns around and has room for.
struct FramedBall {
  Eigen::Vector3d centre = Eigen::Vector3d::Zero();
  double radius = 0.0;
};

/// Around all tokens of both sides, which are seen from as near: the few that lie far off lie on one side of their mean. In
/// steps, so that the picture does not breathe; of tokens alone, so that it stands still while the hand is on the slider: an
/// expert stands at a mean of some of them.
FramedBall ballAround(const Scene& scene, const DrawnScale& scale) {
  constexpr double kCentreStep = 0.25, kRadiusStep = 0.125;
  std::vector<Eigen::MatrixX3d> clouds;
  Eigen::RowVector3d least = Eigen::RowVector3d::Constant(INFINITY), most = -least;
  for (const Scene* each : sharingScale(scene)) {
    if (!each->tracks || !trackOf(*each).tokens.failure.empty()) continue;
    clouds.push_back(placesOf(trackOf(*each).tokens, scale));
    least = least.cwiseMin(clouds.back().colwise().minCoeff());
    most = most.cwiseMax(clouds.back().colwise().maxCoeff());
  }
  FramedBall ball;
  ball.centre = (kCentreStep * ((least + most) / (2.0 * kCentreStep)).array().round()).matrix().transpose();
  for (const Eigen::MatrixX3d& cloud : clouds)
    ball.radius = std::max(ball.radius, (cloud.rowwise() - ball.centre.transpose()).rowwise().norm().maxCoeff());
  ball.radius = kRadiusStep * std::ceil(ball.radius / kRadiusStep);
  return ball;
}

class ExpertSubspaces : public FlatView {
 public:
  ExpertSubspaces() : tokens_(true), ellipsoids_(false), arrows_(false) {
    tokens_.actor->GetProperty()->SetLighting(false);
    tokens_.actor->GetProperty()->SetRenderPointsAsSpheres(true);
    ellipsoids_.actor->GetProperty()->SetAmbient(0.35);
    ellipsoids_.actor->ForceTranslucentOn();
    arrows_.actor->GetProperty()->SetLighting(false);
    renderer()->AddViewProp(drawnCloud_);
    for (Mesh* mesh : {&tokens_, &ellipsoids_, &arrows_}) renderer()->AddActor(mesh->actor);
    vtkCamera* camera = renderer()->GetActiveCamera();
    camera->SetPosition(kFrom[0], kFrom[1], kFrom[2]);
    camera->SetFocalPoint(0, 0, 0);
    camera->SetViewUp(0, 0, 1);
  }

  bool hasCamera() const override { return true; }

  std::vector<DrawnText> texts() const override {
    std::vector<DrawnText> all = FlatView::texts();
    for (DrawnText& label : labels_.texts()) all.push_back(std::move(label));
    return all;
  }

 protected:
  Pick pickAt(Point pointer) override {
    if (!scene_.routing) return FlatView::pickAt(pointer);
    Pick best = FlatView::pickAt(pointer);
    double nearest = 9.0;
    const auto onScreen = canvas().projection();
    const auto consider = [&](const Eigen::Vector3d& at, double bonus, Pick candidate) {
      const Point seen = onScreen(at);
      const double distance = std::hypot(seen.x - pointer.x, seen.y - pointer.y) - bonus;
      if (distance < nearest) {
        nearest = distance;
        best = std::move(candidate);
      }
    };
    for (Eigen::Index t = 0; t < cloud_.rows(); ++t) consider(cloud_.row(t).transpose(), 0.0, {-1, static_cast<int>(t), -1, {}});
    for (const auto& [expert, at] : centres_)
      consider(at, 10.0,
               {expert, -1, -1,
                expertLabel(expert) + formatted(": load %.1f %% of applied gates", 100 * scene_.routing->applied.load[expert])});
    if (best.token >= 0) best.text = describeToken(scene_, best.token);
    return best;
  }

  std::vector<Standing> standing() const override {
    std::vector<Standing> all = FlatView::standing();
    const auto onScreen = canvas().projection();
    for (Eigen::Index t = 0; t < cloud_.rows(); ++t)
      all.push_back({onScreen(cloud_.row(t).transpose()), -1, static_cast<int>(t), -1});
    for (const auto& [expert, at] : centres_) all.push_back({onScreen(at), expert, -1, -1});
    return all;
  }

  std::string title() const override { return translated("Expert subspaces"); }

  void clearScene() override {
    for (Mesh* mesh : {&tokens_, &ellipsoids_, &arrows_}) {
      mesh->clear();
      mesh->done();
    }
    drawnCloud_->clear();
    labels_.begin();
    labels_.end();
    centres_.clear();
    scene_ = {};
  }

  void draw(const Scene& scene) override {
    scene_ = scene;
    const TokenAxes& tokens = trackOf(scene).tokens;
    const DrawnScale scale = scaleOf(scene);
    const FramedBall ball = ballAround(scene, scale);
    cloud_ = placesOf(tokens, scale);
    std::vector<PlacedExpert> placed = placedExperts(scene, scale, cloud_);
    cloud_.rowwise() -= ball.centre.transpose();  // the camera looks at the origin
    for (PlacedExpert& each : placed) each.centre -= ball.centre;
    const int experts = static_cast<int>(scene.routing->gates.cols());
    const std::string which =
        experts > kMostEllipsoids ? translated("; the ") + std::to_string(kMostEllipsoids) + translated(" most loaded") : "";
    const Rect area = caption(
        scene,
        {formatted("tokens and experts on 3 principal components (%.0f %% of the variance)", 100 * tokens.explained) + which,
         formatted("3 components, %.0f %%", 100 * tokens.explained) + which});
    drawTokens(scene);
    drawExperts(scene, placed);
    frame(area, ball.radius);
    renderer()->ResetCameraClippingRange();
    labels_.end();  // names find their places as the camera stands now
  }

 private:
  /// Room for a ball of this radius around the origin as it is seen from where the camera begins: turning cuts no token off, and
  /// coming nearer is the user's.
  void frame(const Rect& area, double reach) {
    centreScene(area);
    const double distance = std::hypot(kFrom[0], kFrom[1], kFrom[2]),
                 radius = std::min(0.9 * distance, reach);
    const double seen = distance * radius / std::sqrt(distance * distance - radius * radius);  // in the plane through the origin
    const double em = canvas().em(),
                 room = std::max(20.0, std::min(area.width - 2.0 * em, area.height - 2.0 * em));  // names stand out
    renderer()->GetActiveCamera()->SetViewAngle(
        std::min(120.0, 360.0 / std::numbers::pi * std::atan(seen / distance * canvas().height() / room)));
  }

  double pointSize() const { return canvas().ratio() * std::clamp(canvas().em() * 0.33, 3.0, 7.0); }

  void drawTokens(const Scene& scene) {
    if (theme().plainClouds || drawnCloud_->drawsNoneIn(renderer()->GetRenderWindow()))
      plainTokens();
    else
      drawnCloud_->show(cloudOf(scene), [this] { plainTokens(); }, tokens_.actor);
  }

  /// Of one selected token, which stands out alone: others are faint.
  bool standsAlone(const Scene& scene) const { return scene.selection.tokens.size() == 1; }
  bool isFaintBeside(const Scene& scene, Eigen::Index token) const {
    return standsAlone(scene) && scene.selection.token() != token && scene.selection.expert() < 0;
  }

  void plainTokens() {
    const TokenColours colours(scene_, "expert_subspaces", theme());
    const std::vector<bool> inSight = tokensInSight(scene_);
    tokens_.clear();
    for (Eigen::Index t = 0; t < cloud_.rows(); ++t) {
      const bool shown = inSight[static_cast<std::size_t>(t)] && !isFaintBeside(scene_, t);
      const Color color = standsAlone(scene_) && t == scene_.selection.token() ? accentColor(theme()) : colours.of(t);
      tokens_.cells->InsertNextCell({tokens_.add(cloud_.row(t).transpose(), color, shown ? kInSight : kFaint)});
    }
    tokens_.actor->GetProperty()->SetPointSize(static_cast<float>(pointSize()));
    tokens_.done();
  }

  CloudPicture cloudOf(const Scene& scene) const {
    const TokenColours colours(scene, "expert_subspaces", theme());
    CloudPicture picture = cloudPictureOf(scene, colours);
    for (std::size_t t = 0; t < picture.tokens.size(); ++t) {
      CloudToken& token = picture.tokens[t];
      const auto row = static_cast<Eigen::Index>(t);
      token.x = static_cast<float>(cloud_(row, 0));
      token.y = static_cast<float>(cloud_(row, 1));
      token.z = static_cast<float>(cloud_(row, 2));
      if (isFaintBeside(scene, row) && token.mark < 8.0f) token.mark += 8.0f;
      if (standsAlone(scene) && row == scene.selection.token()) token.colour = packed(accentColor(theme()));
    }
    picture.spatial = true;
    picture.size = pointSize() / 2;
    picture.opacity = {kInSight, kFaint};
    return picture;
  }

  void drawExperts(const Scene& scene, const std::vector<PlacedExpert>& placed) {
    const bool plain = TokenColours(scene, "expert_subspaces", theme()).byDomain();  // colours are the domains'
    ellipsoids_.clear();
    arrows_.clear();
    centres_.clear();
    labels_.begin();
    for (const PlacedExpert& each : placed) {
      const Eigen::Vector3d above(0, 0, kNameHeight);
      const bool faint = scene.selection.leavesOutExpert(each.expert), selected = scene.selection.hasExpert(each.expert);
      const Color color = plain ? mutedColor(theme()) : expertColor(each.expert, theme());
      if (each.axes.size() > 0) ellipsoid(each.centre, each.axes, color, faint ? 0.08 : 0.42);
      if (!each.arrow.isZero()) addArrow(arrows_, each.centre, each.arrow, 0.007, color, faint ? 0.3 : 1.0);
      centres_.emplace_back(each.expert, each.centre);
      labels_.add(each.centre + above, expertLabel(each.expert), selected ? accentColor(theme()) : textColor(theme()),
                  canvas().em() * (selected ? 1.2 : 1.0));
    }
    ellipsoids_.done();
    arrows_.done();
  }

  /// The image of the unit ball under `axes` (3 x r).
  void ellipsoid(const Eigen::Vector3d& centre, const Eigen::MatrixXd& axes, const Color& color, double opacity) {
    constexpr int rings = 10, sides = 20;
    const SingularValues svd = singularValueDecomposition(axes);
    const Eigen::Index used = std::min<Eigen::Index>(3, svd.values.size());
    Eigen::Matrix3d map = Eigen::Matrix3d::Zero();
    map.leftCols(used) = svd.left.leftCols(used) * svd.values.head(used).asDiagonal();
    const vtkIdType first = ellipsoids_.points->GetNumberOfPoints();
    for (int i = 0; i <= rings; ++i)
      for (int j = 0; j < sides; ++j) {
        const double a = std::numbers::pi * i / rings, b = 2 * std::numbers::pi * j / sides;
        ellipsoids_.add(centre + map * Eigen::Vector3d(std::sin(a) * std::cos(b), std::sin(a) * std::sin(b), std::cos(a)), color,
                        opacity);
      }
    for (int i = 0; i < rings; ++i)
      for (int j = 0; j < sides; ++j) {
        const vtkIdType p = first + i * sides + j, q = first + i * sides + (j + 1) % sides;
        ellipsoids_.cells->InsertNextCell({p, q, q + sides, p + sides});
      }
  }

  Mesh tokens_, ellipsoids_, arrows_;
  SceneLabels labels_{renderer(), canvas()};
  Scene scene_;
  Eigen::MatrixX3d cloud_;  // what the pointer finds
  vtkNew<TokenCloud> drawnCloud_;
  std::vector<std::pair<int, Eigen::Vector3d>> centres_;
};

std::string shapesInWords(const Scene& scene) {
  const TokenAxes& tokens = trackOf(scene).tokens;
  const LayerSnapshot& layer = layerOf(scene);
  return formatted("Three leading principal components of the routing tokens: %.1f %% of their variance\n",
                   100 * tokens.explained) +
         (layer.frames.empty() && layer.routerDirections.size() == 0
              ? translated("The router has no directions: an expert's name stands at the mean of the tokens that it leads")
          : layer.frames.empty()
              ? translated("Arrow: router direction, at the mean of the tokens that the expert leads")
              : translated(
                    "Ellipsoid: U(e) sqrt(\xce\xbb(e)), the expert's subspace scaled by its spectrum, at the mean of the tokens that it leads; arrow: leading axis"));
}

/// Tokens, then the experts that are drawn.
DataTable numbersOf(const Scene& scene) {
  const TokenAxes& tokens = trackOf(scene).tokens;
  const Probe& probe = *scene.snapshot->probe;
  const DrawnScale scale = scaleOf(scene);
  const Eigen::MatrixX3d cloud = placesOf(tokens, scale);
  const std::string unit = "drawn units";
  DataTable table{{{"what", ""},
                   {"number", ""},
                   {"domain", ""},
                   {"x", unit},
                   {"y", unit},
                   {"z", unit},
                   {"arrow_x", unit},
                   {"arrow_y", unit},
                   {"arrow_z", unit},
                   {"semi_axis_1", unit},
                   {"semi_axis_2", unit},
                   {"semi_axis_3", unit},
                   {"tokens_led", ""},
                   {"load", "%"}},
                  {}};
  for (Eigen::Index t = 0; t < cloud.rows(); ++t) {
    std::vector<Cell> row = {
        "token",     static_cast<int>(t), probe.domainNames[static_cast<std::size_t>(probe.domain[static_cast<std::size_t>(t)])],
        cloud(t, 0), cloud(t, 1),         cloud(t, 2)};
    row.resize(table.columns.size());
    table.add(std::move(row));
  }
  for (const PlacedExpert& each : placedExperts(scene, scale, cloud)) {
    std::vector<Cell> row = {"expert", each.expert, Cell(), each.centre.x(), each.centre.y(), each.centre.z()};
    for (Eigen::Index i = 0; i < 3; ++i) row.push_back(layerOf(scene).routerDirections.size() > 0 ? Cell(each.arrow[i]) : Cell());
    const Eigen::VectorXd lengths = each.axes.size() > 0 ? singularValueDecomposition(each.axes).values : Eigen::VectorXd();
    for (Eigen::Index i = 0; i < 3; ++i) row.push_back(i < lengths.size() ? Cell(lengths[i]) : Cell());
    row.push_back(each.tokens);
    row.push_back(100.0 * scene.routing->applied.load[each.expert]);
    table.add(std::move(row));
  }
  table.about = {{"variance_explained", tokens.explained}, {"one_drawn_unit_in_routing_space", scale.unit}};
  return table;
}

}  // namespace

ViewDeclaration declareExpertSubspaces() {
  return {
      "expert_subspaces",
      "Expert subspaces",
      "The layer's routing tokens and the experts' subspaces in the tokens' three leading principal components; "
      "drag to turn",
      [] { return std::make_unique<ExpertSubspaces>(); },
      numbersOf,
      "Routing",
      {tokenColourOption()},
      {},
      {"The vectors that the router reads, one point a token, in the plane and depth of their three leading principal components, and the experts among them. Drag to turn.",
       shapesInWords,
       "Experts that lie in clouds of their own have specialised; ellipsoids in each other take the same tokens."}};
}

}  // namespace moescope
