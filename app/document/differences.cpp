#include "app/document/differences.h"

#include <filesystem>
#include <vector>

#include "core/reading/lens_table.h"
#include "core/routers/registry.h"
#include "core/words/words.h"

namespace moescope {
namespace {

struct Difference {
  std::string label, first, second;
};

std::string numberText(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

/// A setting's value for a person.
template <typename Owner>
std::string valueOf(const Setting<Owner>& setting, const Owner& owner) {
  if (!setting.text)
    return setting.flag ? (setting.get(owner) != 0.0 ? translated("on") : translated("off")) : numberText(setting.get(owner));
  const std::string name = setting.text(owner);
  for (const Choice& choice : setting.choices)
    if (choice.name == name) return translated(choice.words());
  return name;
}

template <typename Owner, typename Rows>
void addDifferences(const Rows& rows, const Owner& first, const Owner& second, std::vector<Difference>& all) {
  for (const auto& row : rows) {
    std::string one = valueOf<Owner>(row, first), other = valueOf<Owner>(row, second);
    if (one != other) all.push_back({row.label, std::move(one), std::move(other)});
  }
}

bool trains(const Side& side) { return side.source.kind == SideSource::Kind::Training; }

/// The first names both sides where it can: router or checkpoint. Knobs of a model that is not shown are no difference.
std::vector<Difference> differencesOf(const Document& document) {
  const Side &first = document.sides[0], &second = document.sides[1];
  std::vector<Difference> all;
  if (trains(first) && trains(second))
    addDifferences(knobSettings(), first.knobs, second.knobs, all);
  else if (!(first.source == second.source))
    all.push_back({"Model", sideName(first), sideName(second)});
  if (!all.empty() && all.front().label == "Router") all.front().first = sideName(first), all.front().second = sideName(second);
  addDifferences(lensTable(), first.lens, second.lens, all);
  return all;
}

/// Routers and models speak for themselves.
std::string told(const Difference& difference, const std::string& value) {
  return difference.label == "Router" || difference.label == "Model" ? value : translated(difference.label) + " " + value;
}

}  // namespace

std::string routerName(const Knobs& knobs) {
  const RouterChoice& router = requireRouter(knobs.router);
  const std::string k = std::to_string(knobs.topK), general = "Top-k", label = translated(router.label);
  if (!router.choosesTopK) return label;
  return label.starts_with(general) ? "Top-" + k + label.substr(general.size()) : label + ", k " + k;
}

std::string sideName(const Side& side) {
  if (side.source.kind == SideSource::Kind::Session) return std::filesystem::path(side.source.file).filename().string();
  if (!trains(side))
    return std::filesystem::path(side.source.folder).filename().string() +
           (side.source.reading.withoutIdentical ? translated(", without identical rows") : "");
  return routerName(side.knobs);
}

std::string historyNote(const std::vector<KnobChange>& first, const std::vector<KnobChange>& second) {
  const auto stepsOf = [](const std::vector<KnobChange>& changes) {  // the first are those that the model was built with
    std::string steps;
    for (std::size_t i = 1; i < changes.size(); ++i) steps += (steps.empty() ? "" : ", ") + std::to_string(changes[i].step);
    return steps;
  };
  const std::string one = stepsOf(first), other = stepsOf(second);
  if (one == other) return {};
  const auto told = [](const char* side, const std::string& steps) {
    return steps.empty() ? "" : translated("%1's knobs changed at step %2", side, steps);
  };
  return told("A", one) + (one.empty() || other.empty() ? "" : ", ") + told("B", other);
}

std::string differenceLine(const Document& document, const std::string& history) {
  const std::vector<Difference> all = differencesOf(document);
  if (all.empty())
    return translated("A and B are the same, ") + sideName(document.sides[0]) +
           (history.empty() ? translated(": choose a router or knob for one of them") : translated(" now; ") + history);
  std::string first, second;
  for (const Difference& each : all) {
    first += (first.empty() ? "" : ", ") + told(each, each.first);
    second += (second.empty() ? "" : ", ") + told(each, each.second);
  }
  const bool comparable = trains(document.sides[0]) == trains(document.sides[1]);
  return "A: " + first + "; B: " + second +
         (!comparable       ? ""
          : history.empty() ? translated("; all else equal")
                            : translated("; else equal now; ") + history);
}

std::string differenceList(const Document& document) {
  std::string list;
  for (const Difference& each : differencesOf(document))
    list += translated(each.label) + ": A " + each.first + ", B " + each.second + "\n";
  return list +
         (translated(list.empty() ? "Every setting is the same on both sides" : "Every other setting is the same on both sides"));
}

}  // namespace moescope
