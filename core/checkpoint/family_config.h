#pragma once
// What a checkpoint's config.json says of its MoE layers. Keys and defaults: the transformers library's configuration sources.

#include <filesystem>
#include <string>

#include "core/checkpoint/families.h"
#include "core/checkpoint/reading_notes.h"

namespace moescope {

struct FamilyConfig {
  std::string file;           ///< the config.json, for messages
  std::string family;         ///< model_type
  std::string expertsKey;     ///< the family's own key of the number of experts
  int experts = 0;            ///< N by that key, routed ones; 0: it gives none. Layers may differ: their routers decide
  int width = 0;              ///< d
  int units = 0;              ///< I of a routed expert
  int layers = 0;             ///< of the whole model; multi-token-prediction layers come after them and do not count
  bool correctionBias = false;  ///< the family's routers have a bias that counts for the choice only
  bool routerBias = false;      ///< the family's routers add a bias to the logits
  bool expertBiases = false;    ///< the family's experts have biases
  RoutingScheme scheme;
  Activation activation;
  std::string quantisation;   ///< what quantization_config says, for messages: quant_method "fp8"; empty where there is none
  ReadingNotes notes;         ///< keys that were missing or left aside
};

/// `routers`: some layer has one. Throws std::runtime_error with one line (file, key, expectation) for an unknown family, a dense
/// model, a function or rule that is not known, and counts that cannot be.
FamilyConfig readFamilyConfig(const std::filesystem::path& file, bool routers);

/// Throws std::runtime_error unless the scheme can choose among so many experts; `place` begins the line.
void requireChoice(const RoutingScheme& scheme, int experts, const std::string& place);

}  // namespace moescope
