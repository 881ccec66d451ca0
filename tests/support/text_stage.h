#pragma once
// Views in windows of many sizes that are never drawn, of what they may be asked to show, and the words that they lay out.

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/hidden_view.h"
#include "tests/support/planted_scene.h"

namespace moescope::testing {

struct Size {
  int width, height;
};
inline constexpr Size kSizes[] = {{300, 230}, {440, 233}, {700, 600},  {1180, 820}, {180, 120},
                           {240, 700}, {360, 250}, {2400, 1700}};  // the least tile, a column of them, of a hall and of a wall
inline constexpr double kScales[] = {0.7, 1.0, 1.5, 2.0, 2.5};

inline std::string longName(int domain) {
  return "the domain whose name has sixty letters or a few more, no. " + std::to_string(domain);
}

/// A view in a window of a size that is never drawn.
struct Stage : HiddenView {
  Theme theme;

  explicit Stage(std::unique_ptr<View> made) : HiddenView(std::move(made), 700, 600) {}
  std::vector<DrawnText> lay(const Scene& scene, Size size, double scale, double ratio = 1.0) {
    window->SetSize(static_cast<int>(std::lround(size.width * ratio)), static_cast<int>(std::lround(size.height * ratio)));
    theme.textScale = scale;
    theme.pixelRatio = ratio;
    view->update(scene, theme);
    return texts();
  }
};

inline std::unique_ptr<View> makeView(const std::string& name) {
  for (const ViewDeclaration& view : viewRegistry())
    if (view.name == name) return view.make();
  return nullptr;
}

inline SnapshotPointer snapshotOf(int experts, bool longNames, bool posterior) {
  PlantedShape shape;
  shape.tokens = 128;
  shape.context = 8;
  shape.dimension = 16;
  shape.rank = 3;
  shape.experts = experts;
  shape.domains = std::min(experts, 10);
  const auto snapshot = plantedSnapshot(shape);
  auto probe = std::make_shared<Probe>(*snapshot->probe);
  for (int d = 0; longNames && d < shape.domains; ++d) probe->domainNames[static_cast<std::size_t>(d)] = longName(d);
  snapshot->probe = probe;
  for (LayerSnapshot& layer : snapshot->layers)
    if (posterior) layer.posteriorScores = layer.scores.array() + 0.3f * layer.scores.array().sin();
  return snapshot;
}

/// What a view may be asked to show of so many experts: trained, the first step with long names, concentrated with a pair
/// selected.
inline std::vector<Scene> scenesOf(int experts) {
  std::vector<Scene> scenes = {sceneOf(snapshotOf(experts, false, true), 1.0f)};
  Scene first = scenes.front();
  auto start = std::make_shared<Snapshot>(*snapshotOf(experts, true, false));
  start->step = 0;
  start->generation = 1;
  first.lens.concentration = 0.01f;
  showSnapshot(first, start);
  first.steps = nullptr;
  first.analysis = nullptr;
  first.compared = nullptr;
  first.analysisHistory = nullptr;
  scenes.push_back(first);
  Scene sharp = scenes.front();
  sharp.lens.concentration = 64.0f;
  sharp.selection.experts = {1, 3};
  showSnapshot(sharp, snapshotOf(experts, true, false));
  sharp.reference = std::make_shared<const Reference>(Reference{scenes.front().analysis, "soft, layer 1, step 900"});
  scenes.push_back(sharp);
  const auto checkpoint = asCheckpoint(*scenes.front().snapshot, "Mixtral-8x7B-Instruct-v0.1");
  Scene opened = scenes.front();
  showSnapshot(opened, checkpoint);
  opened.analysisHistory = nullptr;
  scenes.push_back(opened);
  return scenes;
}

inline bool stands(const std::vector<DrawnText>& texts, const std::string& words) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const DrawnText& text) { return text.words.find(words) != std::string::npos; });
}

inline std::string all(const std::vector<DrawnText>& texts) {
  std::string words;
  for (const DrawnText& text : texts) words += " | " + text.words;
  return words;
}

/// Draws as it is told to.
class Told : public FlatView {
 public:
  std::function<void(Canvas&)> drawing;

 protected:
  std::string title() const override { return "Told"; }
  void draw(const Scene&) override { drawing(canvas()); }
};

}  // namespace moescope::testing
