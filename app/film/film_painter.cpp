#include "app/film/film_painter.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "app/document/differences.h"
#include "app/document/scene_assembly.h"
#include "core/reading/routing.h"
#include "core/words/words.h"
#include "views/palette.h"

namespace moescope {
namespace {

// Of a film of 720 lines, pixels.
constexpr double kTitleHeight = 64.0, kSideHeight = 34.0, kCaptionHeight = 58.0, kGap = 4.0;
constexpr double kTitleText = 26.0, kMomentText = 16.0, kCaptionText = 20.0;
constexpr double kLines = 720.0;
constexpr std::size_t kCaptionLines = 2;

class Stopwatch {
 public:
  explicit Stopwatch(double& seconds) : seconds_(seconds) {}
  ~Stopwatch() { seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count(); }

 private:
  double& seconds_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

/// Part `index` of `count` equal ones of a length; the gaps take what is left over.
int partOf(int length, int count, int gap) { return (length - (count - 1) * gap) / count; }

std::vector<Tile> gridOf(const Tile& area, int columns, int rows, int count, int gap) {
  const int width = partOf(area.width, columns, gap), height = partOf(area.height, rows, gap);
  std::vector<Tile> tiles;
  for (int i = 0; i < count; ++i)
    tiles.push_back({area.x + (i % columns) * (width + gap), area.y + (i / columns) * (height + gap), width, height});
  return tiles;
}

std::vector<Tile> tilesOfSide(const Tile& area, int views, int gap) {
  if (views == 1) return {area};
  const bool wide = area.width > area.height;
  if (views == 2) return gridOf(area, wide ? 2 : 1, wide ? 1 : 2, 2, gap);
  if (views > 4 || !wide) {
    const int columns =
        std::max(1, static_cast<int>(std::lround(std::sqrt(views * static_cast<double>(area.width) / area.height / 1.3))));
    return gridOf(area, columns, (views + columns - 1) / columns, views, gap);
  }
  const int hero = static_cast<int>(0.6 * area.width);  // the first, and the others in a column beside it
  std::vector<Tile> tiles = {{area.x, area.y, hero, area.height}};
  for (const Tile& tile :
       gridOf({area.x + hero + gap, area.y, area.width - hero - gap, area.height}, 1, views - 1, views - 1, gap))
    tiles.push_back(tile);
  return tiles;
}

void put(const Image& picture, const Tile& place, Image& frame) {
  for (int y = 0; y < place.height; ++y)
    std::memcpy(&frame.pixels[3 * (static_cast<std::size_t>(frame.height - place.y - place.height + y) *
                                       static_cast<std::size_t>(frame.width) +
                                   static_cast<std::size_t>(place.x))],
                &picture.pixels[3 * static_cast<std::size_t>(y) * static_cast<std::size_t>(place.width)],
                3 * static_cast<std::size_t>(place.width));
}

std::uint8_t byteOf(double share) { return static_cast<std::uint8_t>(std::lround(255.0 * share)); }

void fill(Image& frame, const Color& color) {
  const std::array<std::uint8_t, 3> bytes = {byteOf(color[0]), byteOf(color[1]), byteOf(color[2])};
  for (auto pixel = frame.pixels.begin(); pixel != frame.pixels.end(); pixel += 3) std::copy(bytes.begin(), bytes.end(), pixel);
}

const ViewDeclaration& declarationOf(const std::string& name) {
  const auto& views = viewRegistry();
  return *std::find_if(views.begin(), views.end(), [&](const ViewDeclaration& view) { return view.name == name; });
}

std::string numberText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

bool operator==(const StripLine& a, const StripLine& b) {
  return a.left == b.left && a.right == b.right && a.size == b.size && a.bold == b.bold && a.muted == b.muted;
}

}  // namespace

std::vector<std::vector<Tile>> tilesOf(const Tile& area, int sides, int views, int gap) {
  std::vector<std::vector<Tile>> tiles;
  for (const Tile& side : gridOf(area, sides, 1, sides, 3 * gap)) tiles.push_back(tilesOfSide(side, views, gap));
  return tiles;
}

std::string modelName(const Knobs& knobs, const Snapshot& snapshot) {
  if (snapshot.checkpoint) return snapshot.checkpoint->name + " (" + snapshot.checkpoint->family + ")";
  Knobs shown = knobs;
  shown.router = snapshot.router;  // an earlier moment of a run may have had another one
  return routerName(shown);
}

std::string titleLine(const Knobs& knobs, const Snapshot& snapshot, const Lens& lens) {
  return modelName(knobs, snapshot) + (snapshot.checkpoint ? ", " : translated(", seed ") + std::to_string(knobs.seed) + ", ") +
         momentLine(snapshot, lens);
}

std::string momentLine(const Snapshot& snapshot, const Lens& lens) {
  const std::string run = snapshot.checkpoint ? "" : translated("step ") + std::to_string(snapshot.step) + ", ";
  return run + translated("layer ") + std::to_string(layerNumber(snapshot, lens.layer)) + translated(", concentration ") +
         numberText(lens.concentration) + (lens.reading == ConcentrationReading::Bingham ? " (Bingham)" : "");
}

FilmPainter::FilmPainter(const FilmScript& script, std::array<std::shared_ptr<const Timeline>, 2> sides, const FilmShape& shape)
    : script_(script), timelines_(std::move(sides)), shape_(shape), ratio_(std::max(1.0, shape.height / kLines)) {
  layOut();
}

void FilmPainter::layOut() {
  const auto pixels = [this](double length) { return static_cast<int>(std::lround(length * ratio_)); };
  const bool captions =
      std::any_of(script_.keys.begin(), script_.keys.end(), [](const FilmKey& key) { return !key.caption.empty(); });
  const int sides = script_.compares() ? 2 : 1, gap = pixels(kGap);
  const int top = pixels(kTitleHeight), named = sides == 2 ? pixels(kSideHeight) : 0,
            bottom = captions ? pixels(kCaptionHeight) : 0;
  title_.place = {0, 0, shape_.width, top};
  if (captions) caption_.place = {0, shape_.height - bottom, shape_.width, bottom};
  const Tile area{0, top + named, shape_.width, shape_.height - top - named - bottom};
  if (area.height < 64)
    throw std::invalid_argument(translated("a film of %1x%2 has no room for views; expected at least 320x240",
                                           std::to_string(shape_.width), std::to_string(shape_.height)));
  const auto tiles = tilesOf(area, sides, static_cast<int>(script_.views.size()), gap);
  for (int side = 0; side < sides; ++side) {
    const auto index = static_cast<std::size_t>(side);
    const Tile& first = tiles[index].front();
    if (sides == 2) sideWords_[index].place = {first.x, top, partOf(shape_.width, 2, 3 * gap), named};
    for (std::size_t i = 0; i < script_.views.size(); ++i) {
      Shown shown{side, script_.views[i], tiles[index][i], declarationOf(script_.views[i]).make(), {}, nullptr, {}, {}, {}, {}};
      if (shown.drawing->hasCamera()) shown.first = shown.drawing->camera();
      shown.surface = &surfaceFor(shown.place);
      shown_.push_back(std::move(shown));
    }
  }
}

Offscreen& FilmPainter::surfaceFor(const Tile& place) {
  auto& surface = surfaces_[{place.width, place.height}];
  if (!surface) surface = std::make_unique<Offscreen>();
  return *surface;
}

std::string FilmPainter::device() { return shown_.front().surface->device(); }

/// Whether the scene is another one than at the frame before.
bool FilmPainter::assemble(int side, const Document& document, double seconds) {
  auto& before = scenes_[static_cast<std::size_t>(side)];
  Scene scene = assembleScene(*timelines_[static_cast<std::size_t>(side)], document, side, before ? &*before : nullptr);
  if (!scene.snapshot || !scene.readingNote.empty())
    throw std::runtime_error(translated("at %1 s of the film: %2", numberText(seconds),
                                        (scene.snapshot ? scene.readingNote : "nothing was recorded of this side")));
  scene.recorded = true;  // nothing trains while a film is drawn
  if (!scene.curve && std::find(script_.views.begin(), script_.views.end(), "concentration_curve") != script_.views.end())
    scene.curve = curveOf(scene);
  const bool glides = std::find(script_.views.begin(), script_.views.end(), "grassmann_embedding") != script_.views.end();
  const Timeline& timeline = *timelines_[static_cast<std::size_t>(side)];
  if (glides && wantsGlide(timeline, scene)) putGlide(scene, glideOf(timeline, scene));
  const bool another = !before || !looksAlike(*before, scene);
  before = std::move(scene);
  return another;
}

void FilmPainter::assembleAll(const Document& document, double seconds) {
  const Stopwatch watch(sceneSeconds_);
  bool another = assemble(0, document, seconds);
  if (script_.compares() && assemble(1, document, seconds)) another = true;
  if (!another) return;
  for (std::size_t side = 0; side < 2; ++side)
    if (scenes_[side]) drawn_[side] = *scenes_[side];
  if (script_.compares()) putBeside(drawn_[0], drawn_[1]);
}

void FilmPainter::drawView(Shown& shown, const Document& document, const Theme& theme) {
  const Scene& scene = drawn_[static_cast<std::size_t>(shown.side)];
  const auto& cameras = document.sides[static_cast<std::size_t>(shown.side)].cameras;
  const auto own = cameras.find(shown.view);
  const Camera& camera = own != cameras.end() ? own->second : shown.first;
  if (shown.scene && looksAlike(*shown.scene, scene) && shown.theme == theme && shown.camera == camera) return;
  const Stopwatch watch(drawSeconds_);
  if (shown.drawing->hasCamera()) shown.drawing->setCamera(camera);
  shown.picture = shown.surface->render(*shown.drawing, scene, theme, shown.place.width, shown.place.height);
  shown.scene = scene;
  shown.theme = theme;
  shown.camera = camera;
}

void FilmPainter::drawWords(Words& words, std::vector<StripLine> lines, const Theme& theme) {
  if (!words.picture.pixels.empty() && words.theme == theme &&
      std::equal(lines.begin(), lines.end(), words.lines.begin(), words.lines.end(),
                 [](const StripLine& a, const StripLine& b) { return a == b; }))
    return;
  const Stopwatch watch(drawSeconds_);
  words.picture = moescope::drawWords(surfaceFor(words.place), lines, theme, words.place.width, words.place.height);
  words.lines = std::move(lines);
  words.theme = theme;
}

void FilmPainter::writeWords(const FilmMoment& moment, const Theme& theme) {
  const std::array<Side, 2>& sides = moment.document.sides;
  const double scale = moment.document.textScale;
  std::vector<StripLine> top;
  if (!moment.title.empty()) top.push_back({moment.title, "", kTitleText * scale, true, false});
  if (script_.compares()) {
    const bool trained =
        !scenes_[0]->snapshot->checkpoint && !scenes_[1]->snapshot->checkpoint && sides[0].knobs.seed == sides[1].knobs.seed;
    top.push_back({differenceLine(moment.document) + (trained ? translated(", seed ") + std::to_string(sides[0].knobs.seed) : ""),
                   "", kMomentText * scale, false, true});
    for (const std::size_t side : {0u, 1u})
      drawWords(sideWords_[side],
                {{(side == 0 ? "A: " : "B: ") + modelName(sides[side].knobs, *scenes_[side]->snapshot),
                  momentLine(*scenes_[side]->snapshot, scenes_[side]->lens), kMomentText * scale, true, false}},
                theme);
  } else {
    top.push_back({titleLine(sides[0].knobs, *scenes_[0]->snapshot, scenes_[0]->lens), "", kMomentText * scale, false, true});
  }
  drawWords(title_, top, theme);
  if (caption_.place.height == 0) return;
  std::vector<StripLine> lines;
  for (const std::string& line : wrapped(moment.caption, caption_.place.width / ratio_, kCaptionText * scale, kCaptionLines))
    lines.push_back({line, "", kCaptionText * scale, false, false});
  drawWords(caption_, lines, theme);
}

Image FilmPainter::draw(double seconds) {
  const FilmMoment moment = momentAt(script_, seconds);
  Theme theme;
  theme.dark = moment.document.dark;
  theme.textScale = moment.document.textScale;
  theme.pixelRatio = ratio_;
  assembleAll(moment.document, seconds);
  for (Shown& shown : shown_) drawView(shown, moment.document, theme);
  writeWords(moment, theme);
  Image frame{shape_.width, shape_.height,
              std::vector<std::uint8_t>(3 * static_cast<std::size_t>(shape_.width) * static_cast<std::size_t>(shape_.height))};
  fill(frame, mix(backgroundColor(theme), textColor(theme), 0.12));
  for (const Shown& shown : shown_) put(shown.picture, shown.place, frame);
  for (const Words* words : {&title_, &caption_, &sideWords_[0], &sideWords_[1]})
    if (words->place.height > 0) put(words->picture, words->place, frame);
  return frame;
}

}  // namespace moescope
