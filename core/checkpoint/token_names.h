#pragma once
// What a checkpoint's tokenizer calls its tokens, as labels for people.

#include <filesystem>
#include <string>
#include <vector>

#include "core/checkpoint/reading_notes.h"

namespace moescope {

/// The text of each id by the folder's tokenizer.json (Hugging Face tokenizers: BPE and Unigram vocabularies, byte-level or with
/// the sign for a space), line ends and control characters as symbols. "#id" for ids that it does not name, and for all where
/// there is no such file; or, with a note that says why, where it holds more than 64 MB, or something else: labels are no reason
/// to refuse a checkpoint.
std::vector<std::string> tokenNames(const std::filesystem::path& folder, const std::vector<int>& ids, ReadingNotes& notes);

}  // namespace moescope
