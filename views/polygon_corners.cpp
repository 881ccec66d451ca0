#include "views/polygon_corners.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/timeline/glide.h"
#include "core/words/words.h"

namespace moescope {
namespace {

/// N x 2, as the view of the experts on the Grassmannian has them; empty: there are none, or some are no numbers.
Eigen::MatrixXd planeOf(const Scene& scene) {
  const auto layer = static_cast<std::size_t>(scene.routing->layer);
  Eigen::MatrixXd points;
  if (scene.place)
    points = scene.place->points;
  else if (scene.tracks && layer < scene.tracks->layers.size() && !scene.tracks->layers[layer].experts.trail.empty())
    points = *scene.tracks->layers[layer].experts.trail.back();
  return points.rows() == scene.routing->gates.cols() && points.allFinite() ? points : Eigen::MatrixXd();
}

PolygonCorners around(std::vector<int> order) {
  PolygonCorners corners;
  corners.places.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double angle = std::numbers::pi / 2 - 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(order.size());
    corners.places[static_cast<std::size_t>(order[i])] = {std::cos(angle), std::sin(angle)};
  }
  corners.order = std::move(order);
  return corners;
}

/// Clockwise, expert 0 first.
std::vector<int> byDirection(const Eigen::MatrixXd& plane) {
  const Eigen::RowVector2d middle = plane.colwise().mean();
  std::vector<int> order(static_cast<std::size_t>(plane.rows()));
  std::iota(order.begin(), order.end(), 0);
  const auto angle = [&](int e) { return std::atan2(plane(e, 1) - middle[1], plane(e, 0) - middle[0]); };
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return angle(a) > angle(b); });
  std::rotate(order.begin(), std::find(order.begin(), order.end(), 0), order.end());
  return order;
}

PolygonCorners onPlane(const Eigen::MatrixXd& plane) {
  PolygonCorners corners;
  corners.round = false;
  const Eigen::RowVector2d middle = 0.5 * (plane.colwise().maxCoeff() + plane.colwise().minCoeff());
  const double reach = std::max(1e-12, (plane.rowwise() - middle).rowwise().norm().maxCoeff());
  for (Eigen::Index e = 0; e < plane.rows(); ++e)
    corners.places.push_back({(plane(e, 0) - middle[0]) / reach, (plane(e, 1) - middle[1]) / reach});
  return corners;
}

}  // namespace

ViewOption polygonCornersOption() {
  return {"corners",
          "Corners",
          "Where the experts' corners stand",
          {{"number", "by number"},
           {"similar", "similar experts side by side", "Round, in the order of their directions on the Grassmannian"},
           {"plane", "at their places on the Grassmannian", "As the view of the experts on the Grassmannian has them"}}};
}

PolygonCorners polygonCorners(const Scene& scene) {
  const std::string choice = optionOf(scene, "score_polygon", "corners", "number");
  const Eigen::MatrixXd plane = choice == "number" ? Eigen::MatrixXd() : planeOf(scene);
  if (plane.rows() == 0) {
    std::vector<int> order(static_cast<std::size_t>(scene.routing->gates.cols()));
    std::iota(order.begin(), order.end(), 0);
    PolygonCorners corners = around(std::move(order));
    if (choice != "number") corners.words = translated("corners by number: these experts have no places on the Grassmannian");
    return corners;
  }
  PolygonCorners corners = choice == "plane" ? onPlane(plane) : around(byDirection(plane));
  corners.words = choice == "plane" ? translated("corners: experts' places on the Grassmannian")
                                    : translated("similar experts side by side");
  return corners;
}

}  // namespace moescope
