#pragma once
// The command line's word that a person perhaps meant.

#include <string>
#include <vector>

namespace moescope {

/// ", did you mean 'train'?" with the known word that is nearest to `word`, or empty where none is near: one slip, and one more
/// for every four letters. A slip is a letter too many, too few or wrong, or two letters in the wrong order (optimal string
/// alignment distance); the beginning of a known word counts as one.
std::string didYouMean(const std::string& word, const std::vector<std::string>& known);

}  // namespace moescope
