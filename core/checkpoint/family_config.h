#pragma once
// What a checkpoint's config.json says of its MoE layers. Keys and defaults: the transformers library's configuration sources.

#include <filesystem>
#include <string>

#include "core/checkpoint/families.h"

namespace moescope {

struct FamilyConfig {
  std::string file;    ///< the config.json, for messages
  std::string family;  ///< model_type
  int experts = 0;     ///< N, routed ones
  int width = 0;       ///< d
  int units = 0;       ///< I of a routed expert
  int layers = 0;      ///< of the whole model; multi-token-prediction layers come after them and do not count
  RoutingScheme scheme;
};

/// Throws std::runtime_error with one line (file, key, expectation) for an unknown family and for counts that cannot be.
FamilyConfig readFamilyConfig(const std::filesystem::path& file);

}  // namespace moescope
