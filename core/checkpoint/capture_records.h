#pragma once
// Captures that come as one record for each choice: token, layer, expert.
//   MoE Atlas   JSON or JSON Lines: traces with "activations", objects of layer, token_idx and expert_idx; beside them
//   num_experts, top_k CSV         columns layer and expert, also token (or step) and phase: llama.cpp's moe-trace and its kin.
//   Upstream moe-trace has layer
//               and expert alone: each layer's rows are its tokens one after another, k rows each

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/checkpoint/capture.h"

namespace moescope {

/// One expert of a token. Rank goes by order.
struct CapturedChoice {
  std::int64_t token = 0;
  std::int32_t layer = 0, expert = 0;
};

/// Choices of one sequence as [tokens, layers, k], layers by rising number. Layers with fewer tokens than others, as the last of
/// llama.cpp's, which computes only what it puts out, are left out and named. `place` begins every error: std::runtime_error
/// where a token has another number of experts than the first, or layers have different tokens.
CapturedSequence sequenceOfChoices(std::vector<CapturedChoice> choices, const std::string& place, ReadingNotes& notes);

/// Whether a text holds MoE Atlas's traces.
bool holdsActivations(std::string_view json);
/// All traces, `lines` one a line; throws as parseCapture.
std::vector<CapturedSequence> sequencesFromActivations(const std::vector<std::string_view>& values, const std::string& file,
                                                       ReadingNotes& notes);

/// Whether a text begins as a CSV of choices: a line of names with layer and expert among them, or two whole numbers.
bool holdsChoices(std::string_view text);
/// `chosen`: k, for files that do not tell tokens; 0: the largest number of experts of which no token has one twice, and a note.
/// Throws as parseCapture, and where the ids are those of a top-k view that was read without its gaps.
std::vector<CapturedSequence> sequencesFromCsv(std::string_view text, const std::string& file, std::int64_t chosen,
                                               ReadingNotes& notes);

}  // namespace moescope
