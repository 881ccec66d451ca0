#include "views/flat_view.h"

#include <vtkCamera.h>
#include <vtkObjectFactory.h>
#include <vtkOpenGLRenderer.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <set>
#include <sstream>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

constexpr double kCaptionSize = 0.85, kMarkSize = 0.8;
constexpr std::size_t kTitleLines = 2;  // of a title that has no room on one

/// Translucent shapes are blended in the order in which they were added. VTK's own pass, which needs no order, gives a second
/// picture other bytes than the first.
class Renderer : public vtkOpenGLRenderer {
 public:
  static Renderer* New();
  vtkTypeMacro(Renderer, vtkOpenGLRenderer);
  void DeviceRenderTranslucentPolygonalGeometry(vtkFrameBufferObjectBase*) override {
    LastRenderingUsedDepthPeeling = 0;
    UpdateTranslucentPolygonalGeometry();
  }
};
vtkStandardNewMacro(Renderer);

/// By the parity of the sides that a ray from the point crosses.
bool encloses(const std::vector<std::array<double, 2>>& outline, double x, double y) {
  bool inside = false;
  for (std::size_t i = 0, before = outline.size() - 1; i < outline.size(); before = i++) {
    const auto &a = outline[i], &b = outline[before];
    if ((a[1] > y) != (b[1] > y) && x < a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])) inside = !inside;
  }
  return inside;
}

/// leftAside() in few words.
std::string tokensLeftAside(const Scene& scene) {
  const CapturedRouting* capture = scene.snapshot->capture.get();
  const std::int64_t tokens = capture ? capture->leftOut + capture->padding + capture->repeated : 0;
  return tokens > 0 ? translated("%1 left out", std::to_string(tokens)) : "";
}

}  // namespace

FlatView::FlatView() : renderer_(vtkSmartPointer<Renderer>::New()), canvas_(renderer_) {}

void FlatView::update(const Scene& scene, const Theme& theme) {
  const Color background = backgroundColor(theme);
  if (theme.transparent)
    renderer_->SetBackground(0.0, 0.0, 0.0);
  else
    renderer_->SetBackground(background[0], background[1], background[2]);
  renderer_->SetBackgroundAlpha(theme.transparent ? 0.0 : 1.0);
  renderer_->SetPreserveDepthBuffer(!hasCamera());  // nothing flat is tested for depth: it need not be cleared
  try {
    drawScene(scene, theme);
  } catch (const std::exception& error) {  // one view must not stop the others
    Scene nothing;
    clearScene();
    targets_.clear();
    lateHits_ = nullptr;
    canvas_.begin(theme);
    say(caption(nothing, ""), translated("cannot be drawn: ") + error.what());
  }
  canvas_.end();
}

VectorDrawing FlatView::drawingOf(const Scene& scene, const Theme& theme) {
  VectorDrawing drawing = recorded(canvas_, theme, [&] { update(scene, theme); });
  drawing.texts = texts();
  return drawing;
}

void FlatView::drawScene(const Scene& scene, const Theme& theme) {
  targets_.clear();
  lateHits_ = nullptr;
  taken_.clear();
  clearScene();
  canvas_.begin(theme);
  if (const std::string why = whyNotOfCapture(scene, showsCaptures()); !why.empty())
    say(caption(scene, ""), why);
  else if (scene.snapshot && scene.routing && scene.snapshot->probe)
    draw(scene);
  else
    say(caption(scene, ""), translated("waiting for the first snapshot"));
}

Pick FlatView::pick(int x, int y) {
  takeLateHits();
  return pickAt({x / canvas_.ratio(), y / canvas_.ratio()});
}

Pick FlatView::pickAt(Point at) {
  for (auto target = targets_.rbegin(); target != targets_.rend(); ++target)
    if (target->area.contains(at.x, at.y)) return target->pick;
  return {};
}

std::vector<FlatView::Standing> FlatView::standing() const {
  std::vector<Standing> all;
  for (const Target& target : targets_)
    all.push_back({{target.area.x + target.area.width / 2, target.area.y + target.area.height / 2},
                   target.pick.expert,
                   target.pick.token,
                   target.pick.domain});
  return all;
}

Selection FlatView::within(const std::vector<std::array<double, 2>>& outline) {
  takeLateHits();
  Selection all;
  std::set<int> experts, tokens, domains;
  const auto add = [](int number, std::set<int>& seen, std::vector<int>& list) {
    if (number >= 0 && seen.insert(number).second) list.push_back(number);
  };
  for (const Standing& each : standing()) {
    if (!encloses(outline, each.at.x * canvas_.ratio(), each.at.y * canvas_.ratio())) continue;
    add(each.token, tokens, all.tokens);
    add(each.expert, experts, all.experts);
    add(each.domain, domains, all.domains);
  }
  if (!all.tokens.empty()) return {{}, all.tokens, {}};
  return all.experts.empty() ? Selection{{}, {}, all.domains} : Selection{all.experts, {}, {}};
}

void FlatView::centreScene(const Rect& picture) {
  renderer_->GetActiveCamera()->SetWindowCenter(1.0 - 2.0 * (picture.x + picture.width / 2) / canvas_.width(),
                                                1.0 - 2.0 * (picture.y + picture.height / 2) / canvas_.height());
}

void FlatView::say(const Rect& area, const std::string& words) {
  const double em = canvas_.em(), size = area.height < 6.0 * em ? kCaptionSize : 1.0, pitch = lineStep(size, 1.3);
  const std::vector<std::string> lines =
      wrapped(words, area.width, size, static_cast<std::size_t>(std::max(1.0, area.height / pitch)));
  double y = area.y + area.height / 2 + pitch * (static_cast<double>(lines.size()) - 1.0) / 2;
  for (const std::string& line : lines) {
    canvas_.text({area.x + area.width / 2, y}, line, {mutedColor(theme()), size, Align::Centre});
    y -= pitch;
  }
  hit(area, {-1, -1, -1, words});
}

std::vector<std::string> FlatView::wrapped(const std::string& words, double room, double size, std::size_t most,
                                           bool bold) const {
  std::vector<std::string> lines;
  std::istringstream stream(words);
  for (std::string word; stream >> word;) {
    if (!lines.empty() && canvas_.textWidth(lines.back() + " " + word, size, bold) <= room)
      lines.back() += " " + word;
    else
      lines.push_back(canvas_.cutInTheMiddle(word, room, size, bold));
  }
  if (lines.size() > most) {
    lines.resize(std::max<std::size_t>(1, most));
    const std::string mark = " " + kEllipsis;
    std::string& last = lines.back();
    while (canvas_.textWidth(last + mark, size) > room && last.find(' ') != std::string::npos) last.erase(last.rfind(' '));
    last = canvas_.textWidth(last + mark, size) <= room ? last + mark
                                                        : canvas_.cutAtTheEnd(last, room - canvas_.textWidth(mark, size), size);
  }
  return lines;
}

double FlatView::captionRoom() const { return std::max(canvas_.em(), canvas_.width() - 1.4 * canvas_.em() - theme().corner); }

std::size_t FlatView::captionLines() const {
  return canvas_.height() > 20 * canvas_.em() ? 3 : canvas_.height() > 14 * canvas_.em() ? 2 : 1;
}

Rect FlatView::caption(const Scene& scene, const std::vector<std::string>& fromLongToShort) {
  const auto whole = std::find_if(fromLongToShort.begin(), fromLongToShort.end(), [&](const std::string& words) {
    const std::vector<std::string> lines = wrapped(words, captionRoom(), kCaptionSize, captionLines());
    return lines.empty() || !lines.back().ends_with(kEllipsis);
  });
  const Rect below = caption(scene, whole != fromLongToShort.end() ? *whole : fromLongToShort.back());
  const double foot = below.y + below.height;
  if (whole != fromLongToShort.begin())
    hit(Rect{0.0, foot, canvas_.width(), canvas_.height() - foot}, {-1, -1, -1, fromLongToShort.front()});
  return below;
}

Rect FlatView::caption(const Scene& scene, const std::string& what) {
  const double em = canvas_.em(), margin = 0.7 * em, room = captionRoom(), top = canvas_.height() - 0.5 * em;
  double y = top;
  if (theme().titles) {
    const double size = std::clamp(1.15 * room / canvas_.textWidth(title(), 1.15, true), 0.85, 1.15);
    const std::vector<std::string> lines = wrapped(title(), room, size, kTitleLines, true);
    for (std::size_t i = 0; i < lines.size(); ++i)
      canvas_.text({margin, y - lineStep(size) * static_cast<double>(i)}, lines[i],
                   {textColor(theme()), size, Align::Left, VerticalAlign::Top, true});
    y -= 1.7 * em + (lines.size() > 1 ? lineStep(size) : 0.0);
  }
  const std::vector<std::string> lines = wrapped(what, room, kCaptionSize, captionLines());
  if (hasCamera() && !lines.empty() && !theme().transparent)  // what lies behind may come up here
    canvas_.rect({0, y - 1.25 * em * static_cast<double>(lines.size()) - 0.2 * em, canvas_.width(), canvas_.height()},
                 backgroundColor(theme()), 0.75);
  for (const std::string& line : lines) {
    canvas_.text({margin, y}, line, {mutedColor(theme()), kCaptionSize, Align::Left, VerticalAlign::Top});
    y -= 1.25 * em;
  }
  if (!lines.empty() && lines.back().ends_with(kEllipsis)) hit(Rect{0, y, canvas_.width(), top - y}, {-1, -1, -1, what});
  if (!what.empty()) y -= 0.2 * em;
  y = std::min(y, canvas_.height() - theme().corner);
  const bool synthetic = scene.snapshot && scene.snapshot->probe && scene.snapshot->probe->synthetic && showsTokens(scene);
  if (const std::string warning = synthetic ? translated(scene.snapshot->probe->syntheticMark) : identicalCounted(scene);
      !warning.empty()) {
    canvas_.text(
        {canvas_.width() - margin, 0.3 * em}, warning,
        {inkOf(Color{0.84, 0.37, 0.0}, theme()), 0.8, Align::Right, VerticalAlign::Bottom, true, false, room - 1.2 * em});
  }
  if (scene.snapshot) markProvenance(scene, margin);
  return {margin, 1.4 * em, canvas_.width() - 2 * margin, std::max(10.0, y - 1.4 * em)};
}

/// A disc for live, a ring for recorded, a square for a checkpoint, an empty one for a capture, and the word where it has room
/// beside the warning.
void FlatView::markProvenance(const Scene& scene, double margin) {
  const Provenance from = provenanceOf(scene);
  const double em = canvas_.em(), radius = 0.26 * em, wide = 2.0 * radius + 0.35 * em;
  const Point centre{margin + radius, 0.3 * em + canvas_.textHeight(kMarkSize) / 2};
  const Color color = mutedColor(theme());
  if (from.kind == Provenance::Kind::Live) canvas_.disc(centre, radius, color);
  if (from.kind == Provenance::Kind::Recorded) canvas_.ring(centre, radius, color, 1.5);
  if (from.kind == Provenance::Kind::Checkpoint)
    canvas_.rect({centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}, color);
  if (from.kind == Provenance::Kind::Capture)
    canvas_.frame({centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}, color, 1.5);
  const TextStyle style{color, kMarkSize, Align::Left, VerticalAlign::Bottom};
  const std::string drawn = !leftAside(scene).empty() ? leftAside(scene)
                            : showsTokens(scene)      ? tokensDrawn(scene)
                                                      : "",
                    brief = tokensLeftAside(scene);
  std::string said;  // the longest that has room
  for (const std::string& words :
       {from.word + (drawn.empty() ? "" : "; " + drawn), from.word + (brief.empty() ? "" : "; " + brief), from.word})
    if (said.empty() && canvas_.text({margin + wide, 0.3 * em}, words, style)) said = words;
  hit({0.0, 0.0, margin + wide + canvas_.textWidth(said, kMarkSize), 1.4 * em},
      {-1, -1, -1, from.word + ": " + from.meaning + (drawn.empty() ? "" : "\n" + drawn)});
}

Rect FlatView::legend(const Rect& area, const std::vector<LegendEntry>& entries) {
  constexpr double size = 0.78;
  const double em = canvas_.em(), right = area.x + area.width;
  const auto markOf = [&](const LegendEntry& entry) { return entry.band ? 1.5 * em : 0.6 * em; };
  double whole = 0.0;  // width of all on one line
  for (const LegendEntry& entry : entries) whole += markOf(entry) + 1.6 * em + canvas_.textWidth(entry.words, size);
  const bool brief = whole - 1.2 * em > area.width;
  double x = area.x, y = area.y + area.height - 0.6 * em;
  for (const LegendEntry& entry : entries) {
    const std::string& words = brief && !entry.brief.empty() ? entry.brief : entry.words;
    const double mark = markOf(entry), width = mark + 0.4 * em + canvas_.textWidth(words, size);
    if (x > area.x && x + width > right) x = area.x, y -= 1.25 * em;
    if (entry.band) {
      canvas_.rect({x, y - 0.35 * em, mark, 0.7 * em}, entry.color, 0.35);
      canvas_.line({x, y}, {x + mark, y}, entry.color, 2.0);
    } else {
      canvas_.disc({x + mark / 2, y}, 0.25 * em, entry.color);
    }
    canvas_.text(
        {x + mark + 0.4 * em, y}, words,
        {textColor(theme()), size, Align::Left, VerticalAlign::Middle, false, false, std::max(em, right - x - mark - 0.4 * em)});
    x += width + 1.2 * em;
  }
  return {area.x, area.y, area.width, std::max(10.0, y - 0.8 * em - area.y)};
}

void FlatView::keepClear(Point centre, double radius) {
  taken_.push_back({centre.x - radius, centre.y - radius, 2 * radius, 2 * radius});
}

void FlatView::join(Point first, Point second) {
  canvas_.line(first, second, accentColor(theme()), 2.0);
  constexpr int pieces = 32;
  for (int i = 0; i <= pieces; ++i)
    keepClear({first.x + (second.x - first.x) * i / pieces, first.y + (second.y - first.y) * i / pieces}, 2.0);
}

void FlatView::frameColumn(const Rect& column) {
  const double margin = std::max(1.0, 0.5 * (0.6 * canvas_.em() - column.width));
  canvas_.frame({column.x - margin, column.y, column.width + 2.0 * margin - 1.0, column.height}, accentColor(theme()), 2.0);
}

bool FlatView::hasRoom(const Rect& box) const {
  return canvas_.isFree(box) && std::none_of(taken_.begin(), taken_.end(), [&](const Rect& other) { return box.meets(other); });
}

bool FlatView::labelAt(Point centre, double radius, const std::string& words, double size, bool insist, bool patch) {
  const double height = canvas_.textHeight(size, insist), width = canvas_.textWidth(words, size, insist),
               gap = radius + 0.12 * canvas_.em();
  const Point middles[] = {{centre.x, centre.y + gap + height / 2},
                           {centre.x + gap + width / 2, centre.y},
                           {centre.x - gap - width / 2, centre.y},
                           {centre.x, centre.y - gap - height / 2}};
  const auto boxAt = [&](const Point& at) -> Rect { return {at.x - width / 2, at.y - height / 2, width, height}; };
  const Point* place = std::find_if(std::begin(middles), std::end(middles), [&](const Point& at) { return hasRoom(boxAt(at)); });
  if (place == std::end(middles) && insist)  // on a mark rather than not at all, but on no other words
    place = std::find_if(std::begin(middles), std::end(middles), [&](const Point& at) { return canvas_.isFree(boxAt(at)); });
  if (place == std::end(middles)) return false;
  const Rect box = boxAt(*place);
  taken_.push_back(box);
  if (patch) canvas_.rect(box, backgroundColor(theme()), 0.8);
  return canvas_.text(*place, words, {textColor(theme()), size, Align::Centre, VerticalAlign::Middle, insist});
}

void FlatView::hit(const Rect& area, Pick pick) { targets_.push_back({area, std::move(pick)}); }

void FlatView::hitLater(std::function<void()> hits) {
  lateHits_ = std::move(hits);
  lateAt_ = targets_.size();
}

void FlatView::takeLateHits() {
  if (!lateHits_) return;
  const auto at = targets_.begin() + static_cast<std::ptrdiff_t>(std::min(lateAt_, targets_.size()));
  std::vector<Target> after(std::make_move_iterator(at), std::make_move_iterator(targets_.end()));
  targets_.erase(at, targets_.end());
  std::exchange(lateHits_, nullptr)();
  targets_.insert(targets_.end(), std::make_move_iterator(after.begin()), std::make_move_iterator(after.end()));
}

void FlatView::hit(Point centre, double radius, Pick pick) {
  hit(Rect{centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}, std::move(pick));
}

std::string formatted(const char* format, double value) {
  std::string number = translated(format);
  std::size_t start = number.find('%');
  while (start != std::string::npos && number.compare(start, 2, "%%") == 0) start = number.find('%', start + 2);
  const std::size_t end = start == std::string::npos ? start : number.find_first_of("efg", start);
  char text[256];
  if (end != std::string::npos) {
    std::snprintf(text, sizeof text, number.substr(start, end - start + 1).c_str(), value);
    std::string written = text;
    if (!std::isfinite(value))
      written = std::isnan(value) ? translated("not a number") : value > 0 ? translated("infinite") : translated("-infinite");
    else if (written.find_first_of("123456789") == std::string::npos && (written.starts_with('+') || written.starts_with('-')))
      written.erase(0, 1);  // of so many digits nothing is left that a sign could be of
    number.replace(start, end - start + 1, written);
  }
  std::snprintf(text, sizeof text, number.c_str(), value);  // what is left are the "%%"
  return text;
}

std::string byteName(std::uint8_t byte) {
  if (byte == '\n') return translated("newline");
  if (byte == ' ') return translated("space");
  if (byte > 32 && byte < 127) return std::string("'") + static_cast<char>(byte) + "'";
  char text[16];
  std::snprintf(text, sizeof text, "0x%02X", byte);
  return text;
}

const LayerTracks& trackOf(const Scene& scene) {
  if (!scene.tracks || static_cast<std::size_t>(scene.routing->layer) >= scene.tracks->layers.size())
    throw std::invalid_argument("the scene holds nothing that was derived from its snapshot");
  return scene.tracks->layers[static_cast<std::size_t>(scene.routing->layer)];
}

std::string tokenName(const Probe& probe, int token) {
  const std::string number = translated("token ") + std::to_string(token);
  if (probe.labels.empty()) return number + translated(", byte ") + byteName(probe.bytes[static_cast<std::size_t>(token)]);
  const std::string& label = probe.labels[static_cast<std::size_t>(token)];
  return label == std::to_string(token) ? number : number + ", " + label;
}

bool namedOnAxis(const Selection& selection, int expert, int stride) {
  const auto beside = [&](int selected) { return selected >= 0 && std::abs(selected - expert) < stride; };
  return selection.hasExpert(expert) || (expert % stride == 0 && !beside(selection.expert()) && !beside(selection.other()));
}

bool namedOnAxis(const Selection& selection, const std::vector<int>& experts, std::size_t place, int stride) {
  if (selection.hasExpert(experts[place])) return true;
  const auto beside = [&](int selected) {
    const auto at = std::find(experts.begin(), experts.end(), selected);
    return at != experts.end() && std::abs((at - experts.begin()) - static_cast<std::ptrdiff_t>(place)) < stride;
  };
  return place % static_cast<std::size_t>(stride) == 0 && !beside(selection.expert()) && !beside(selection.other());
}

bool givenToSelected(const Scene& scene, int token) {
  const RowMatrix& gates = scene.routing->gates;
  const auto gives = [&](int expert) { return expert >= 0 && (expert >= gates.cols() || gates(token, expert) >= 0.25f); };
  return scene.selection.experts.empty() || std::any_of(scene.selection.experts.begin(), scene.selection.experts.end(), gives);
}

std::vector<bool> tokensInSight(const Scene& scene) {
  const Selection& selection = scene.selection;
  const std::set<int> tokens(selection.tokens.begin(), selection.tokens.end());
  std::vector<bool> shown(static_cast<std::size_t>(scene.routing->gates.rows()));
  for (std::size_t t = 0; t < shown.size(); ++t)
    shown[t] = !selection.leavesOutDomain(scene.snapshot->probe->domain[t]) && givenToSelected(scene, static_cast<int>(t)) &&
               (tokens.size() < 2 || tokens.contains(static_cast<int>(t)));
  return shown;
}

std::string describeToken(const Scene& scene, int token) {
  const Probe& probe = *scene.snapshot->probe;
  const auto gates = scene.routing->gates.row(token);
  std::vector<int> order(static_cast<std::size_t>(gates.size()));
  std::iota(order.begin(), order.end(), 0);
  const auto shown = static_cast<std::ptrdiff_t>(std::min<std::size_t>(3, order.size()));
  std::partial_sort(order.begin(), order.begin() + shown, order.end(), [&](int a, int b) { return gates[a] > gates[b]; });
  std::string text = tokenName(probe, token) + " (" +
                     translated(probe.domainNames[static_cast<std::size_t>(probe.domain[static_cast<std::size_t>(token)])]) +
                     translated("): applied gates");
  for (std::ptrdiff_t i = 0; i < shown; ++i)
    text += (i ? ", " : " ") + expertLabel(order[static_cast<std::size_t>(i)]) +
            formatted(" %.2f", gates[order[static_cast<std::size_t>(i)]]);
  return text + formatted("; entropy of probabilities %.2f nats", scene.routing->probability.tokenEntropy[token]);
}

}  // namespace moescope
