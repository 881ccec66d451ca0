#pragma once
// Where a checkpoint's MoE layers lie: their routers, by whatever name the correction bias, and what lies beside them unread.
// Names: the rows of the family table, and what releases of several families have in common.

#include <string>
#include <vector>

#include "core/checkpoint/family_config.h"
#include "core/checkpoint/reading_notes.h"
#include "core/checkpoint/safetensors.h"

namespace moescope {

/// One layer's block of router and experts.
struct MoeBlock {
  int layer = 0;
  std::string layerPrefix;     ///< "model.layers.0."
  std::string prefix;          ///< "model.layers.0.mlp."
  std::string router;          ///< "model.layers.0.mlp.gate", of which ".weight" is [experts, width]
  std::string correctionBias;  ///< the tensor's name; empty where the family has none
  std::string shared;          ///< "model.layers.0.mlp.shared_expert."; empty where there is none
  int experts = 0;             ///< N: rows of the router
  int weighted = 0;            ///< experts that have weights; those after them are identities
};

/// Whether any layer has a router by the name that some family gives it.
bool hasRouters(const Safetensors& tensors);

/// The blocks of the model's layers, rising. Layers after the last (multi-token prediction), layers whose experts token ids
/// choose, and tensors that no number here depends on are noted as not read. Throws std::runtime_error with one line that names
/// the tensor: where none is found; for a router that is ambiguous, missing beside its experts or of another shape; for a missing
/// bias that the family's router has; and for every tensor of a block that belongs to the experts or router, or has a dimension
/// of N, and would be left unread.
std::vector<MoeBlock> findMoeBlocks(const Safetensors& tensors, const FamilyConfig& config, ReadingNotes& notes);

}  // namespace moescope
