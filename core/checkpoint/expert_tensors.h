#pragma once
// Expert weights out of a checkpoint's tensors, whatever their names and orientation: numbered experts ([out, in] each), and the
// stacked layouts of family_table.h. Tensor names and layouts: the transformers library's modelling and conversion sources.

#include <optional>

#include "core/checkpoint/families.h"
#include "core/checkpoint/family_config.h"
#include "core/checkpoint/moe_blocks.h"

namespace moescope {

/// Into `into`, whose memory is used again: expert `number` of the block. Throws std::runtime_error with one line when tensors
/// are missing, have another shape, or are there in two packings at once.
void readExpert(const Safetensors& tensors, const MoeBlock& block, int number, const FamilyConfig& config, ExpertWeights& into);

/// The expert that all tokens pass through; nothing where the block has none.
std::optional<SharedExpert> readSharedExpert(const Safetensors& tensors, const MoeBlock& block, const FamilyConfig& config);

/// Notes how many values of what readExpert() and readSharedExpert() gave are not finite, with the tensors' own names.
void noteExpertNotFinite(const Safetensors& tensors, const MoeBlock& block, int number, const FamilyConfig& config,
                         const ExpertWeights& weights, ReadingNotes& notes);
void noteSharedNotFinite(const Safetensors& tensors, const MoeBlock& block, const FamilyConfig& config,
                         const SharedExpert& shared, ReadingNotes& notes);

}  // namespace moescope
