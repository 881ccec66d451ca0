#pragma once
// What a checkpoint's config.json says of its MoE layers, by the row of its family.

#include <string>
#include <vector>

#include "core/checkpoint/family_table.h"
#include "core/checkpoint/router_rules.h"
#include "core/geometry/activation.h"

namespace moescope {

struct FamilyConfig {
  const Family* row = nullptr;
  std::string file;           ///< the config.json, for messages
  std::string family;         ///< model_type, as the file gives it
  std::string expertsKey;     ///< the family's own key of the number of experts
  std::string sharedKey;      ///< the key that says that layers have shared experts; empty where none does
  int experts =
      0;  ///< N by that key, routed ones, the most where it is a list; 0: it gives none. Layers may differ: their routers decide
  int width = 0;              ///< d
  int units = 0;              ///< I of a routed expert
  int identities = 0;         ///< how many of the router's last experts have no weights; `experts` counts them too
  std::string layersKey;      ///< what gives `layers`
  int layers = 0;             ///< of the whole model; multi-token-prediction layers come after them and do not count
  bool correctionBias = false;  ///< the routers have a bias that counts for the choice only
  RoutingScheme scheme;         ///< of any layer
  std::vector<int> chosen;      ///< experts per token by layer, where config.json gives a list; else empty
  float sharedFactor = 1.0f;    ///< multiplies the shared expert's output
  Activation activation;        ///< of any layer
  std::vector<float> limits,
      sharedLimits;           ///< of the activation by layer, 0 where there is none; empty where layers do not differ
  std::string quantisation;   ///< what quantization_config says, for messages: quant_method "fp8"; empty where there is none

  RoutingScheme schemeOf(int layer) const;
  Activation activationOf(int layer) const;
  Activation sharedActivationOf(int layer) const;
};

class ConfigFile;

/// `routers`: some layer has one. Keys that were missing or left aside are in the notes that `config` was opened with. Throws
/// std::runtime_error with one line (file, key, expectation) for an unknown or refused family, a dense model, a function or rule
/// that is not known, and counts that cannot be.
FamilyConfig readFamilyConfig(const ConfigFile& config, bool routers);

/// Throws std::runtime_error unless the scheme can choose among so many experts; `place` begins the line.
void requireChoice(const RoutingScheme& scheme, int experts, const std::string& place);

}  // namespace moescope
