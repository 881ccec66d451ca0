#pragma once
// A small invented checkpoint with a trace, to learn reading checkpoints on.

#include <filesystem>

namespace moescope {

/// Writes config.json, model.safetensors and trace.safetensors into `folder`, which is made: the DeepSeek-V3 family's layout, two
/// MoE layers of 8 experts, 2 chosen, width 32. Tokens of four planted domains; the rows of experts e and e + 4 point to domain
/// e. The correction bias of the second layer lifts expert 7 by 1, so that it is chosen nearly always. The same files at every
/// call; the trace says that it is synthetic. Throws WriteError.
void writeSyntheticCheckpoint(const std::filesystem::path& folder);

}  // namespace moescope
