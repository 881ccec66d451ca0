#include "views/flat_view.h"

#include <vtkCamera.h>
#include <vtkMatrix4x4.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <sstream>

namespace moescope {
namespace {

constexpr double kCaptionSize = 0.85;

}  // namespace

FlatView::FlatView() : canvas_(renderer_) {}

void FlatView::update(const Scene& scene, const Theme& theme) {
  const Color background = backgroundColor(theme);
  renderer_->SetBackground(background[0], background[1], background[2]);
  targets_.clear();
  taken_.clear();
  canvas_.begin(theme);
  if (scene.snapshot && scene.routing && scene.snapshot->probe) {
    draw(scene);
  } else {
    say(caption(scene, ""), "waiting for the first snapshot");
  }
  canvas_.end();
}

Pick FlatView::pick(int x, int y) {
  for (auto target = targets_.rbegin(); target != targets_.rend(); ++target)
    if (target->area.contains(x, y)) return target->pick;
  return {};
}

void FlatView::centreScene(const Rect& picture) {
  renderer_->GetActiveCamera()->SetWindowCenter(1.0 - 2.0 * (picture.x + picture.width / 2) / canvas_.width(), 1.0 - 2.0 * (picture.y + picture.height / 2) / canvas_.height());
}

std::function<Point(const Eigen::Vector3d&)> FlatView::projection() {
  const double width = canvas_.width(), height = canvas_.height();
  const Eigen::Map<const Eigen::Matrix<double, 4, 4, Eigen::RowMajor>> matrix(renderer_->GetActiveCamera()->GetCompositeProjectionTransformMatrix(width / height, -1.0, 1.0)->GetData());
  return [map = Eigen::Matrix4d(matrix), width, height](const Eigen::Vector3d& at) -> Point {
    const Eigen::Vector4d seen = map * at.homogeneous();
    return {0.5 * (1.0 + seen.x() / seen.w()) * width, 0.5 * (1.0 + seen.y() / seen.w()) * height};
  };
}

void FlatView::say(const Rect& area, const std::string& words) {
  const std::vector<std::string> lines = wrapped(words, area.width, 1.0);
  const double pitch = 1.3 * canvas_.em();
  double y = area.y + area.height / 2 + pitch * (static_cast<double>(lines.size()) - 1.0) / 2;
  for (const std::string& line : lines) {
    canvas_.text({area.x + area.width / 2, y}, line, {mutedColor(theme()), 1.0, Align::Centre});
    y -= pitch;
  }
}

std::vector<std::string> FlatView::wrapped(const std::string& words, double room, double size) const {
  std::vector<std::string> lines;
  std::istringstream stream(words);
  for (std::string word; stream >> word;) {
    if (!lines.empty() && canvas_.textWidth(lines.back() + " " + word, size) <= room)
      lines.back() += " " + word;
    else
      lines.push_back(word);
  }
  return lines;
}

Rect FlatView::caption(const Scene& scene, const std::string& what) {
  const double em = canvas_.em(), margin = 0.7 * em;
  double top = canvas_.height() - 0.5 * em;
  if (theme().titles) {
    canvas_.text({margin, top}, title(), {textColor(theme()), 1.15, Align::Left, VerticalAlign::Top, true});
    top -= 1.7 * em;
  }
  std::vector<std::string> lines = wrapped(what, canvas_.width() - 2 * margin, kCaptionSize);
  if (const std::size_t room = canvas_.height() > 20 * em ? 3 : 1; lines.size() > room) {  // small docks: the tooltip has it all
    lines.resize(room);
    lines.back() += " \xe2\x80\xa6";
  }
  if (hasCamera() && !lines.empty())  // what lies behind may come up here
    canvas_.rect({0, top - 1.25 * em * static_cast<double>(lines.size()) - 0.2 * em, canvas_.width(), canvas_.height()}, backgroundColor(theme()), 0.75);
  for (const std::string& line : lines) {
    canvas_.text({margin, top}, line, {mutedColor(theme()), kCaptionSize, Align::Left, VerticalAlign::Top});
    top -= 1.25 * em;
  }
  if (!what.empty()) top -= 0.2 * em;
  if (scene.snapshot && scene.snapshot->probe && scene.snapshot->probe->synthetic && showsTokens(scene)) {
    canvas_.text({canvas_.width() - margin, 0.3 * em}, scene.snapshot->probe->syntheticMark,
                 {mix(textColor(theme()), Color{0.84, 0.37, 0.0}, 0.8), 0.8, Align::Right, VerticalAlign::Bottom, true});
  }
  return {margin, 1.4 * em, canvas_.width() - 2 * margin, std::max(10.0, top - 1.4 * em)};
}

Rect FlatView::legend(const Rect& area, const std::vector<LegendEntry>& entries) {
  constexpr double size = 0.78;
  const double em = canvas_.em(), right = area.x + area.width;
  double x = area.x, y = area.y + area.height - 0.6 * em;
  for (const LegendEntry& entry : entries) {
    const double mark = entry.band ? 1.5 * em : 0.6 * em, width = mark + 0.4 * em + canvas_.textWidth(entry.words, size);
    if (x > area.x && x + width > right) x = area.x, y -= 1.25 * em;
    if (entry.band) {
      canvas_.rect({x, y - 0.35 * em, mark, 0.7 * em}, entry.color, 0.35);
      canvas_.line({x, y}, {x + mark, y}, entry.color, 2.0);
    } else {
      canvas_.disc({x + mark / 2, y}, 0.25 * em, entry.color);
    }
    canvas_.text({x + mark + 0.4 * em, y}, entry.words, {textColor(theme()), size});
    x += width + 1.2 * em;
  }
  return {area.x, area.y, area.width, std::max(10.0, y - 0.8 * em - area.y)};
}

void FlatView::keepClear(Point centre, double radius) { taken_.push_back({centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}); }

void FlatView::join(Point first, Point second) {
  canvas_.line(first, second, accentColor(theme()), 2.0);
  constexpr int pieces = 32;
  for (int i = 0; i <= pieces; ++i) keepClear({first.x + (second.x - first.x) * i / pieces, first.y + (second.y - first.y) * i / pieces}, 2.0);
}

bool FlatView::labelAt(Point centre, double radius, const std::string& words, double size, bool insist, bool patch) {
  const double height = 1.05 * size * canvas_.em(), width = canvas_.textWidth(words, size, insist), gap = radius + 0.12 * canvas_.em();
  const Point middles[] = {{centre.x, centre.y + gap + height / 2}, {centre.x + gap + width / 2, centre.y}, {centre.x - gap - width / 2, centre.y}, {centre.x, centre.y - gap - height / 2}};
  for (const Point& at : middles) {
    const Rect box{at.x - width / 2, at.y - height / 2, width, height};
    const bool inside = box.x >= 0.0 && box.x + width <= canvas_.width();
    const bool free = inside && std::none_of(taken_.begin(), taken_.end(), [&](const Rect& other) { return box.meets(other); });
    if (!free && !(insist && &at == &middles[3])) continue;
    const Point place = free ? at : middles[0];
    taken_.push_back({place.x - width / 2, place.y - height / 2, width, height});
    if (patch) canvas_.rect(taken_.back(), backgroundColor(theme()), 0.8);
    canvas_.text(place, words, {textColor(theme()), size, Align::Centre, VerticalAlign::Middle, insist});
    return true;
  }
  return false;
}

void FlatView::hit(const Rect& area, Pick pick) { targets_.push_back({area, std::move(pick)}); }

void FlatView::hit(Point centre, double radius, Pick pick) {
  hit(Rect{centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}, std::move(pick));
}

std::string formatted(const char* format, double value) {
  char text[256];
  std::snprintf(text, sizeof text, format, value);
  if (std::isfinite(value)) return text;
  const std::string words = format;
  std::size_t begin = words.find('%');
  while (begin != std::string::npos && words[begin + 1] == '%') begin = words.find('%', begin + 2);
  return begin == std::string::npos ? words : words.substr(0, begin) + "not a number" + words.substr(words.find_first_of("efg", begin) + 1);
}

std::string byteName(std::uint8_t byte) {
  if (byte == '\n') return "newline";
  if (byte == ' ') return "space";
  if (byte > 32 && byte < 127) return std::string("'") + static_cast<char>(byte) + "'";
  char text[16];
  std::snprintf(text, sizeof text, "0x%02X", byte);
  return text;
}

std::string tokenName(const Probe& probe, int token) {
  const std::string number = "token " + std::to_string(token);
  if (probe.labels.empty()) return number + ", byte " + byteName(probe.bytes[static_cast<std::size_t>(token)]);
  const std::string& label = probe.labels[static_cast<std::size_t>(token)];
  return label == std::to_string(token) ? number : number + ", " + label;
}

bool namedOnAxis(const Lens& lens, int expert, int stride) {
  const auto beside = [&](int selected) { return selected >= 0 && std::abs(selected - expert) < stride; };
  return selects(lens, expert) || (expert % stride == 0 && !beside(lens.selectedExpert) && !beside(lens.selectedOther));
}

bool givenToSelected(const Scene& scene, int token) {
  const RowMatrix& gates = scene.routing->gates;
  const auto gives = [&](int expert) { return expert >= 0 && (expert >= gates.cols() || gates(token, expert) >= 0.25f); };
  return scene.lens.selectedExpert < 0 || gives(scene.lens.selectedExpert) || gives(scene.lens.selectedOther);
}

std::string describeToken(const Scene& scene, int token) {
  const Probe& probe = *scene.snapshot->probe;
  const auto gates = scene.routing->gates.row(token);
  std::vector<int> order(static_cast<std::size_t>(gates.size()));
  std::iota(order.begin(), order.end(), 0);
  const auto shown = static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, order.size()));
  std::partial_sort(order.begin(), order.begin() + shown, order.end(), [&](int a, int b) { return gates[a] > gates[b]; });
  std::string text = tokenName(probe, token) + " (" +
                     probe.domainNames[static_cast<std::size_t>(probe.domain[static_cast<std::size_t>(token)])] + "): applied gates";
  for (std::ptrdiff_t i = 0; i < shown; ++i)
    text += (i ? ", " : " ") + expertLabel(order[static_cast<std::size_t>(i)]) + formatted(" %.2f", gates[order[static_cast<std::size_t>(i)]]);
  return text + formatted("; entropy of probabilities %.2f nats", scene.routing->probability.tokenEntropy[token]);
}

}  // namespace moescope
