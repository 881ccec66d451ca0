#include "app/document/run_overview.h"

#include <algorithm>
#include <cstdio>

#include "app/document/document.h"
#include "core/words/words.h"

namespace moescope {
namespace {

std::string valueInWords(const KnobDeclaration& knob, const Knobs& knobs) {
  if (!knob.get) {
    const std::string text = knob.text(knobs);
    for (const Choice& choice : knob.choices)
      if (choice.name == text) return translated(choice.words());
    return text;
  }
  if (knob.flag) return translated(knob.get(knobs) != 0.0 ? "on" : "off");
  char number[32];
  std::snprintf(number, sizeof number, "%.6g", knob.get(knobs));
  return number + (knob.unit.empty() ? "" : " " + translated(knob.unit));
}

std::optional<BranchPoint> heldOrigin(const Timeline& timeline, std::uint64_t generation,
                                      const std::vector<std::uint64_t>& held) {
  const std::optional<BranchPoint> origin = timeline.branchPoint(generation);
  return origin && std::binary_search(held.begin(), held.end(), origin->generation) ? origin : std::nullopt;
}

/// The one that it and its relatives all come from.
std::uint64_t rootOf(const Timeline& timeline, std::uint64_t generation, const std::vector<std::uint64_t>& held) {
  while (const std::optional<BranchPoint> origin = heldOrigin(timeline, generation, held)) generation = origin->generation;
  return generation;
}

RunLine lineOf(const Timeline& timeline, std::uint64_t generation, const std::vector<std::uint64_t>& held,
               const std::vector<ModelMoment>& models) {
  RunLine line;
  line.generation = generation;
  line.from = heldOrigin(timeline, generation, held);
  line.first = line.from ? line.from->step : 0;
  line.last = std::max(line.first, timeline.lastStep(generation));
  line.snapshots = timeline.snapshotSteps(generation);
  const std::vector<KnobChange> changes = timeline.knobChanges(generation);
  for (std::size_t i = 1; i < changes.size(); ++i) {
    const Knobs &before = changes[i - 1].knobs, &after = changes[i].knobs;
    if (changes[i].step < line.first) continue;  // stands on the line that it left
    line.marks.push_back(
        {changes[i].step, changesInWords(before, after), before.router == after.router ? "" : routerInWords(after.router)});
  }
  for (const ModelMoment& model : models)
    if (model.generation == generation) line.models.push_back(model.step);
  std::sort(line.models.begin(), line.models.end());
  return line;
}

/// The asked one, those that it left, then the newest others; rising.
std::vector<std::uint64_t> mostTelling(const Timeline& timeline, std::uint64_t generation,
                                       const std::vector<std::uint64_t>& family, const std::vector<std::uint64_t>& held) {
  std::vector<std::uint64_t> chosen{generation};
  while (chosen.size() < RunOverview::kMostLines) {
    const std::optional<BranchPoint> origin = heldOrigin(timeline, chosen.back(), held);
    if (!origin) break;
    chosen.push_back(origin->generation);
  }
  const auto isChosen = [&](std::uint64_t each) { return std::find(chosen.begin(), chosen.end(), each) != chosen.end(); };
  for (auto each = family.rbegin(); each != family.rend() && chosen.size() < RunOverview::kMostLines; ++each)
    if (!isChosen(*each)) chosen.push_back(*each);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace

std::string routerInWords(const std::string& router) {
  for (const KnobDeclaration& knob : knobSettings())
    if (knob.name == "router")
      for (const Choice& choice : knob.choices)
        if (choice.name == router) return translated(choice.words());
  return router;
}

std::string changesInWords(const Knobs& before, const Knobs& after) {
  std::string words;
  for (const KnobDeclaration& knob : knobSettings()) {
    const bool same = knob.get ? knob.get(before) == knob.get(after) : knob.text(before) == knob.text(after);
    if (!same)
      words += (words.empty() ? "" : ", ") + translated(knob.label) + " " + valueInWords(knob, before) + " → " +
               valueInWords(knob, after);
  }
  return words;
}

std::optional<Knobs> knobsAt(const Timeline& timeline, std::uint64_t generation, std::int64_t step) {
  std::optional<Knobs> found;
  for (const KnobChange& change : timeline.knobChanges(generation))
    if (change.step <= step) found = change.knobs;
  return found;
}

const RunLine* RunOverview::find(std::uint64_t generation) const {
  for (const RunLine& line : lines)
    if (line.generation == generation) return &line;
  return nullptr;
}

const RunLine* RunOverview::lineAt(std::int64_t step) const {
  if (lines.empty()) return nullptr;
  const RunLine* line = &lines[shown];
  while (line->from && step <= line->from->step && find(line->from->generation)) line = find(line->from->generation);
  return line;
}

RunOverview overviewOf(const Timeline& timeline, std::uint64_t generation, const std::vector<ModelMoment>& models) {
  RunOverview overview;
  const std::vector<std::uint64_t> held = timeline.generations();
  if (!std::binary_search(held.begin(), held.end(), generation)) return overview;
  const std::uint64_t root = rootOf(timeline, generation, held);
  std::vector<std::uint64_t> family;
  for (const std::uint64_t each : held)
    if (rootOf(timeline, each, held) == root) family.push_back(each);
  const std::vector<std::uint64_t> chosen = mostTelling(timeline, generation, family, held);
  overview.leftOut = family.size() - chosen.size();
  for (const std::uint64_t each : chosen) {
    if (each == generation) overview.shown = overview.lines.size();
    overview.lines.push_back(lineOf(timeline, each, chosen, models));
    overview.last = std::max(overview.last, overview.lines.back().last);
  }
  return overview;
}

std::optional<ModelMoment> modelBefore(const Timeline& timeline, const std::vector<ModelMoment>& models, std::uint64_t generation,
                                       std::int64_t step) {
  for (;;) {
    const ModelMoment* best = nullptr;
    for (const ModelMoment& model : models)
      if (model.generation == generation && model.step <= step && (!best || model.step > best->step)) best = &model;
    if (best) return *best;
    const std::optional<BranchPoint> origin = timeline.branchPoint(generation);
    if (!origin) return std::nullopt;
    generation = origin->generation;
    step = std::min(step, origin->step);
  }
}

std::int64_t heldStep(const std::vector<std::int64_t>& snapshots, std::int64_t step, std::int64_t offset) {
  if (snapshots.empty()) return -1;
  const auto after = std::upper_bound(snapshots.begin(), snapshots.end(), step);
  const std::int64_t here = std::max<std::int64_t>(0, after - snapshots.begin() - 1),
                     last = static_cast<std::int64_t>(snapshots.size()) - 1;
  return snapshots[static_cast<std::size_t>(std::clamp<std::int64_t>(here + offset, 0, last))];
}

}  // namespace moescope
