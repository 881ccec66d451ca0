#pragma once
// Arrays of expert ids as they lie in a file: NumPy's .npy and .npz, or plain bytes whose type is told elsewhere.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/checkpoint/capture.h"
#include "core/data/npy_header.h"

namespace moescope {

/// The part that a key of JSON or a member of an archive names: "routed_experts" (unsaid), "prompt_routed_experts",
/// "completion_routed_experts" and the like. No value: none of these.
std::optional<CapturedPart> partNamed(std::string_view name);

/// A whole .npy of integers. Its size is checked before memory is taken. Throws std::runtime_error that begins with `place`.
CapturedSequence sequenceFromNpy(std::span<const std::uint8_t> bytes, const std::string& place);

/// The members that partNamed knows, prompt first, or the only member. Others that look like routing are named in `notes`.
std::vector<CapturedSequence> sequencesFromNpz(std::span<const std::uint8_t> bytes, const std::string& file, ReadingNotes& notes);

/// An integer type by its name ("uint8", "torch.int16", "numpy.int64"; little-endian) or by NumPy's descr ("<i4"). Throws
/// std::runtime_error that begins with `place`.
NpyHeader capturedType(const std::string& name, const std::string& place);

/// Plain integers of a type. Throws std::runtime_error where the bytes are no whole number of them, or more than
/// kMostCapturedIds.
std::vector<std::int32_t> idsFromBytes(std::span<const std::uint8_t> bytes, const NpyHeader& type, const std::string& place);

/// Whether the name of a key or a member sounds like routing of tokens to experts.
bool soundsLikeRouting(std::string_view name);

}  // namespace moescope
