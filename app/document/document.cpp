#include "app/document/document.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/reading/lens_table.h"
#include "core/reading/prompt.h"
#include "core/routers/registry.h"
#include "core/words/words.h"
#include "views/registry.h"

namespace moescope {
namespace {

void require(bool holds, const std::string& expected) {
  if (!holds) throw std::invalid_argument(expected);
}

void requireSet(const std::string& name, const std::vector<int>& set) {
  std::set<int> seen;
  for (const int number : set) {
    require(number >= 0, translated("%1 holds %2; expected numbers of at least 0", name, std::to_string(number)));
    require(seen.insert(number).second, translated("%1 holds %2 twice", name, std::to_string(number)));
  }
}

void requireSelection(const std::string& place, const Selection& selection) {
  requireSet(place + ".experts", selection.experts);
  requireSet(place + ".tokens", selection.tokens);
  requireSet(place + ".domains", selection.domains);
}

void requireFinite(const std::string& name, const std::array<double, 3>& vector) {
  for (const double value : vector) require(std::isfinite(value), translated("%1 must be three finite numbers", name));
}

const ViewDeclaration* viewNamed(const std::string& name) {
  for (const ViewDeclaration& view : viewRegistry())
    if (view.name == name) return &view;
  return nullptr;
}

void requireValid(const Side& side) {
  requireValid(side.knobs);
  for (const KnobDeclaration& knob : knobSettings())
    if (knob.text) knob.check(knob.text(side.knobs));  // the routers too
  requireValid(side.lens);
  requireValid(side.trainingLens);
  requireSelection("selection", side.selection);
  const AnalysisSettings& analysis = side.analysis.settings;
  require(analysis.rank >= 1 && analysis.rank <= 32,
          translated("analysis.rank is %1; expected 1 to 32", std::to_string(analysis.rank)));
  require(analysis.explainedVariance >= 0.0 && analysis.explainedVariance <= 1.0,
          translated("analysis.explained_variance must be 0 to 1"));
  require(analysis.jacobianTokens >= 8 && analysis.jacobianTokens <= 512,
          translated("analysis.jacobian_tokens must be 8 to 512"));
  require(analysis.jacobianProbes == 0 || (analysis.jacobianProbes >= 32 && analysis.jacobianProbes <= 4096),
          translated("analysis.jacobian_probes must be 0 (exact) or 32 to 4096"));
  require(side.analysis.everySeconds >= 0.0 && side.analysis.everySeconds <= 3600.0,
          translated("analysis.every_seconds must be 0 to 3600"));
  require(side.cursor.step >= 0, translated("cursor.step must be at least 0"));
  for (const auto& [view, camera] : side.cameras) {
    require(viewNamed(view) != nullptr, translated("cameras.%1 is of no view", view));
    requireFinite("cameras." + view + ".position", camera.position);
    requireFinite("cameras." + view + ".focal_point", camera.focalPoint);
    requireFinite("cameras." + view + ".up", camera.up);
    require(camera.position != camera.focalPoint, translated("cameras.%1.position must differ from its focal_point", view));
  }
  const bool checkpoint = side.source.kind == SideSource::Kind::Checkpoint;
  require(checkpoint == !side.source.folder.empty(), translated("source.folder must be there for a checkpoint, and only then"));
  require(side.source.folder.empty() || side.source.folder.front() == '/', translated("source.folder must be an absolute path"));
  const CaptureReading& reading = side.source.reading;
  require(checkpoint || reading == CaptureReading{}, translated("source.capture must be there for a checkpoint only"));
  require(reading.experts >= 0 && reading.experts <= kMostCapturedExperts,
          translated("source.capture.experts must be 0 (as the file tells) to %1", std::to_string(kMostCapturedExperts)));
  for (const std::int64_t size : {reading.shape.tokens, reading.shape.layers, reading.shape.chosen})
    require(size >= 0 && size <= kMostCapturedIds,
            translated("source.capture: tokens, layers and chosen must be 0 (as the file tells) to %1",
                       std::to_string(kMostCapturedIds)));
  require((side.source.kind == SideSource::Kind::Session) == !side.source.file.empty(),
          translated("source.file must be there for a session, and only then"));
  require(side.source.file.empty() || side.source.file.front() == '/', translated("source.file must be an absolute path"));
}

/// Of bookmarks, or sets: one line each, and no two the same.
template <typename Named>
void requireNames(const std::string& list, const std::vector<Named>& all, std::size_t most) {
  require(all.size() <= most,
          translated("%1 are %2; expected at most %3", list, std::to_string(all.size()), std::to_string(most)));
  std::set<std::string> names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string place = list + "[" + std::to_string(i) + "]";
    const std::string& name = all[i].name;
    const bool oneLine = std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 32 || c == 127; });
    require(!name.empty() && name.size() <= kLongestBookmark && oneLine,
            translated("%1.name must be one line of 1 to %2 bytes", place, std::to_string(kLongestBookmark)));
    require(names.insert(name).second, translated("%1.name is '%2', as another one's; expected names that differ", place, name));
  }
}

void requireBookmarksAndSets(const Document& document) {
  requireNames("bookmarks", document.bookmarks, kMostBookmarks);
  requireNames("sets", document.sets, kMostSets);
  for (std::size_t i = 0; i < document.bookmarks.size(); ++i)
    require(document.bookmarks[i].step >= 0, translated("bookmarks[%1].step must be at least 0", std::to_string(i)));
  for (std::size_t i = 0; i < document.sets.size(); ++i)
    requireSelection("sets[" + std::to_string(i) + "]", document.sets[i].members);
}

}  // namespace

void requireValid(const Document& document) {
  for (std::size_t i = 0; i < document.sides.size(); ++i) try {
      requireValid(document.sides[i]);
    } catch (const std::invalid_argument& error) {
      throw std::runtime_error(translated("side %1: %2", i == 0 ? "A" : "B", error.what()));
    }
  const auto need = [](bool holds, const std::string& expected) {
    if (!holds) throw std::runtime_error(expected);
  };
  for (const std::string& view : document.layout.front)
    need(viewNamed(view) != nullptr, translated("layout.front names '%1', which is no view", view));
  for (const std::string& part : document.layout.open)
    need(std::find(std::begin(kPanelParts), std::end(kPanelParts), part) != std::end(kPanelParts),
         translated("layout.open names '%1', which is no part of the panel", part));
  for (const std::string& view : document.layout.alone)
    need(viewNamed(view) != nullptr, translated("layout.alone names '%1', which is no view", view));
  for (const std::string& name : document.hiddenControls) {
    bool known = false;
    for (const KnobDeclaration& knob : knobSettings()) known = known || knob.name == name;
    for (const LensSetting& setting : lensTable()) known = known || setting.name == name;
    need(known, translated("hidden_controls names '%1', which is no knob and no setting of a lens", name));
  }
  need(document.textScale >= kLeastTextScale && document.textScale <= kGreatestTextScale,
       translated("text_scale must be 0.7 to 2.5"));
  for (const auto& [view, options] : document.viewOptions) {
    const ViewDeclaration* declaration = viewNamed(view);
    need(declaration != nullptr, translated("views.%1 is no view", view));
    for (const auto& [option, value] : options) {
      const ViewOption* known = nullptr;
      for (const ViewOption& each : declaration->options)
        if (each.name == option) known = &each;
      need(known != nullptr, translated("views.%1.%2 is no option of this view", view, option));
      need(known->allows(value), translated("views.%1.%2 is '%3'; expected %4", view, option, value, known->expected()));
    }
  }
  try {
    requireBookmarksAndSets(document);
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(error.what());
  }
  need(document.prompt.size() <= kLargestPrompt,
       translated("prompt has %1 bytes; expected at most %2", std::to_string(document.prompt.size()),
                  std::to_string(kLargestPrompt)));
  need(document.promptPlace >= -1 && document.promptPlace < static_cast<int>(kLargestPrompt),
       translated("prompt_place must be a byte of the prompt, or -1"));
  need(document.continuation.bytes >= 0 && document.continuation.bytes <= kMostBytesMore,
       translated("continuation.bytes must be 0 to %1", std::to_string(kMostBytesMore)));
  need(document.continuation.temperature >= 0.0 && document.continuation.temperature <= kGreatestTemperature,
       translated("continuation.temperature must be 0 to 10"));
  need(document.playback.rate >= kSlowestPlayback && document.playback.rate <= kFastestPlayback,
       translated("playback.rate must be 0.25 to 6400"));
}

const std::vector<KnobDeclaration>& knobSettings() {
  static const std::vector<KnobDeclaration> table = [] {
    std::vector<KnobDeclaration> all = knobTable();
    for (const RouterChoice& router : routerChoices())
      for (KnobDeclaration& knob : all) {
        if (std::find(router.uses.begin(), router.uses.end(), knob.name) != router.uses.end())
          knob.routers.push_back(router.name);
        if (knob.name != "router") continue;
        knob.free = false;
        knob.choices.push_back({router.name, router.label, router.help});
      }
    return all;
  }();
  return table;
}

}  // namespace moescope
