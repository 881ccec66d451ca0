#include "app/film/film_script.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

namespace moescope {
namespace {

constexpr float kLeastGliding = 1.0f / 32;  // of concentrations: 0 has no logarithm

double eased(Ease ease, double share) {
  switch (ease) {
    case Ease::Smooth: return share * share * (3.0 - 2.0 * share);
    case Ease::Linear: return share;
    case Ease::Hold: return 0.0;
  }
  return share;
}

float glide(float from, float to, double share) {
  if (from == to) return from;
  const double a = std::log(std::max(from, kLeastGliding)), b = std::log(std::max(to, kLeastGliding));
  return static_cast<float>(std::exp(a + share * (b - a)));
}

Eigen::Vector3d vectorOf(const std::array<double, 3>& v) { return {v[0], v[1], v[2]}; }
std::array<double, 3> arrayOf(const Eigen::Vector3d& v) { return {v.x(), v.y(), v.z()}; }

/// The frame of a camera: from where it looks, and what is up.
Eigen::Quaterniond turnOf(const Camera& camera) {
  const Eigen::Vector3d back = (vectorOf(camera.position) - vectorOf(camera.focalPoint)).normalized();
  const Eigen::Vector3d right = vectorOf(camera.up).cross(back).normalized();
  Eigen::Matrix3d frame;
  frame << right, back.cross(right), back;
  return Eigen::Quaterniond(frame);
}

Camera between(const Camera& from, const Camera& to, double share) {
  if (from == to) return from;
  const Eigen::Quaterniond turn = turnOf(from).slerp(share, turnOf(to));
  const double near = (vectorOf(from.position) - vectorOf(from.focalPoint)).norm(),
               far = (vectorOf(to.position) - vectorOf(to.focalPoint)).norm();
  const double distance = std::exp((1.0 - share) * std::log(near) + share * std::log(far));
  const Eigen::Vector3d focal = (1.0 - share) * vectorOf(from.focalPoint) + share * vectorOf(to.focalPoint);
  const Eigen::Matrix3d frame = turn.toRotationMatrix();
  return {arrayOf(focal + distance * frame.col(2)), arrayOf(focal), arrayOf(frame.col(1))};
}

Document between(const Document& from, const Document& to, double share) {
  Document at = from;
  for (std::size_t i = 0; i < at.sides.size(); ++i) {
    Side& side = at.sides[i];
    const Side &a = from.sides[i], &b = to.sides[i];
    side.lens.concentration = glide(a.lens.concentration, b.lens.concentration, share);
    if (!a.cursor.live && !b.cursor.live && a.cursor.generation == b.cursor.generation)
      side.cursor.step = a.cursor.step + std::llround(share * static_cast<double>(b.cursor.step - a.cursor.step));
    for (auto& [view, camera] : side.cameras)
      if (const auto other = b.cameras.find(view); other != b.cameras.end()) camera = between(camera, other->second, share);
  }
  at.textScale = from.textScale + share * (to.textScale - from.textScale);
  return at;
}

}  // namespace

FilmMoment momentAt(const FilmScript& script, double seconds) {
  std::size_t next = 0;
  while (next < script.keys.size() && script.keys[next].time <= seconds) ++next;
  const FilmKey& key = script.keys[next == 0 ? 0 : next - 1];
  FilmMoment moment{key.document, key.title, key.caption};
  if (next == 0 || next == script.keys.size()) return moment;
  const FilmKey& after = script.keys[next];
  const double share = eased(key.ease, (seconds - key.time) / (after.time - key.time));
  if (share > 0.0) moment.document = between(key.document, after.document, share);
  return moment;
}

FilmScript concentrationFilm(const Document& document, const std::vector<std::string>& views, long steps,
                             const std::string& title) {
  FilmScript script{steps, views, {}};
  for (const auto& [time, concentration] : {std::pair{0.0, 1.0f / 16}, {6.0, 16.0f}}) {
    FilmKey key{time, document, title, "", Ease::Linear};
    for (Side& side : key.document.sides) side.lens.concentration = concentration;
    script.keys.push_back(std::move(key));
  }
  return script;
}

FilmScript lasting(FilmScript script, double seconds) {
  const double was = script.seconds();
  if (was > 0.0)
    for (FilmKey& key : script.keys) key.time *= seconds / was;
  else
    script.keys.push_back(script.keys.back()), script.keys.back().time = seconds;
  return script;
}

}  // namespace moescope
