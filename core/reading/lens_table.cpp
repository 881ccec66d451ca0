#include "core/reading/lens_table.h"

#include <stdexcept>
#include <utility>

#include "core/words/words.h"

namespace moescope {
namespace {

/// An enumeration's values with their names, the first being the default.
template <typename Value>
using Named = std::vector<std::pair<Value, Choice>>;

const Named<ConcentrationReading>& readings() {
  static const Named<ConcentrationReading> table = {
      {ConcentrationReading::Tempered, {"tempered", "tempered: softmax(α·logit)", "Entropy never rises with α, for every token"}},
      {ConcentrationReading::Bingham,
       {"bingham", "Bingham: α scales the spectra",
        "α enters the normaliser too; single tokens may become less sure when spectra differ between experts. The same for routers without spectra"}},
  };
  return table;
}

const Named<GateSource>& sources() {
  static const Named<GateSource> table = {
      {GateSource::Trained,
       {"trained", "posterior q, as trained", "What training applies: the amortised posterior where the posterior knob is on"}},
      {GateSource::Prior, {"prior", "prior p", "The Bingham mixture alone"}},
  };
  return table;
}

const Named<GatingPolicy>& policies() {
  static const Named<GatingPolicy> table = {
      {GatingPolicy::AsTrained,
       {"as-trained", "as trained", "The router's own rule: its number of experts, bias, groups, capacity and gates"}},
      {GatingPolicy::Soft, {"soft", "soft", "Every expert keeps its probability"}},
      {GatingPolicy::TopK, {"top-k", "top-k", "The k largest, renormalised"}},
      {GatingPolicy::TopP, {"top-p", "top-p", "The fewest largest whose mass reaches p, renormalised"}},
      {GatingPolicy::Threshold,
       {"threshold", "threshold", "Every one of at least the threshold, always the largest, renormalised"}},
  };
  return table;
}

template <typename Value>
LensSetting chosen(const Named<Value>& table, std::string name, std::string label, std::string help, Value& (*field)(Lens&)) {
  LensSetting setting{std::move(name), std::move(label), "", std::move(help)};
  for (const auto& [value, choice] : table) setting.choices.push_back(choice);
  setting.text = [&table, field](const Lens& lens) {
    Lens copy = lens;
    for (const auto& [value, choice] : table)
      if (value == field(copy)) return choice.name;
    return std::string();
  };
  setting.setText = [&table, field](Lens& lens, const std::string& text) {
    for (const auto& [value, choice] : table)
      if (choice.name == text) field(lens) = value;
  };
  return setting;
}

template <typename Value>
LensSetting ofRule(Value GatingRule::*field, std::string name, std::string label, double minimum, double maximum,
                   std::string help) {
  LensSetting setting{std::move(name), std::move(label), "", std::move(help), minimum, maximum};
  setting.integral = std::is_integral_v<Value>;
  setting.get = [field](const Lens& lens) { return static_cast<double>(lens.gating.*field); };
  setting.set = [field](Lens& lens, double value) { lens.gating.*field = static_cast<Value>(value); };
  return setting;
}

LensSetting concentration() {
  LensSetting setting = numberSetting(&Lens::concentration, "concentration", "Concentration α", "", 0.0, kGreatestConcentration,
                                      "Multiplies the logits: 0 is uniform, 1 as they are, large is one-hot");
  setting.logarithmic = true;
  return setting;
}

LensSetting layer() {
  LensSetting setting{"layer", "Layer", "", "MoE layer, counted from 1 (of a checkpoint: its MoE layers)", 1, 1000};
  setting.integral = true;
  setting.get = [](const Lens& lens) { return lens.layer + 1.0; };
  setting.set = [](Lens& lens, double value) { lens.layer = static_cast<int>(value) - 1; };
  return setting;
}

}  // namespace

const std::vector<LensSetting>& lensTable() {
  static const std::vector<LensSetting> table = {
      concentration(),
      chosen<GatingPolicy>(policies(), "gating", "Gating", "Which experts work on a token, and with what gates",
                           [](Lens& lens) -> GatingPolicy& { return lens.gating.policy; }),
      ofRule(&GatingRule::k, "gating-k", "k", 1, 512, "Experts kept by top-k"),
      ofRule(&GatingRule::mass, "gating-mass", "mass", 1e-6, 1.0, "Mass kept by top-p"),
      ofRule(&GatingRule::threshold, "gating-threshold", "gate ≥", 0.0, 1.0, "Least gate kept by threshold"),
      chosen<ConcentrationReading>(readings(), "reading", "Reading", "How the concentration enters the logits",
                                   [](Lens& lens) -> ConcentrationReading& { return lens.reading; }),
      chosen<GateSource>(sources(), "gates-of", "Gates of",
                         "GrMoE with the posterior knob: which of its two gate distributions is read",
                         [](Lens& lens) -> GateSource& { return lens.source; }),
      layer(),
  };
  return table;
}

const LensSetting& lensSetting(const std::string& name) {
  for (const LensSetting& setting : lensTable())
    if (setting.name == name) return setting;
  throw std::invalid_argument(translated("a lens has no setting '%1'", name));
}

const LensSetting* parameterOf(GatingPolicy policy) {
  switch (policy) {
    case GatingPolicy::TopK: return &lensSetting("gating-k");
    case GatingPolicy::TopP: return &lensSetting("gating-mass");
    case GatingPolicy::Threshold: return &lensSetting("gating-threshold");
    default: return nullptr;
  }
}

void requireValid(const Lens& lens) {
  for (const LensSetting& setting : lensTable()) setting.checkOf(lens);
}

}  // namespace moescope
