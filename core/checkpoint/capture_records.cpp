#include "core/checkpoint/capture_records.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::size_t kNamedLayers = 8;

/// "3, 5 and 2 more"
std::string listOf(const std::vector<int>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kNamedLayers, numbers.size()); ++i) text += (i ? ", " : "") + std::to_string(numbers[i]);
  return text + (numbers.size() > kNamedLayers ? " and " + std::to_string(numbers.size() - kNamedLayers) + " more" : "");
}

/// Choices that are sorted by layer, then token: tokens of each layer.
std::map<std::int32_t, std::int64_t> tokensByLayer(const std::vector<CapturedChoice>& choices) {
  std::map<std::int32_t, std::int64_t> tokens;
  for (std::size_t i = 0; i < choices.size(); ++i)
    tokens[choices[i].layer] += i == 0 || choices[i].layer != choices[i - 1].layer || choices[i].token != choices[i - 1].token;
  return tokens;
}

/// Those of layers that have all tokens; the others are named.
std::vector<CapturedChoice> ofWholeLayers(const std::vector<CapturedChoice>& choices, ReadingNotes& notes) {
  const std::map<std::int32_t, std::int64_t> tokens = tokensByLayer(choices);
  std::int64_t most = 0;
  for (const auto& [layer, count] : tokens) most = std::max(most, count);
  std::vector<int> partial;
  for (const auto& [layer, count] : tokens)
    if (count < most) partial.push_back(layer);
  if (partial.empty()) return choices;
  notes.add(ReadingNoteKind::Missing,
            partial.size() == 1
                ? translated("layer %1: %2 of %3 tokens: left out, since every token must have every layer", listOf(partial),
                             std::to_string(tokens.at(partial.front())), std::to_string(most))
                : translated("layers %1: %2 of %3 tokens in the first of them: left out, since every token must have every layer",
                             listOf(partial), std::to_string(tokens.at(partial.front())), std::to_string(most)));
  std::vector<CapturedChoice> whole;
  for (const CapturedChoice& choice : choices)
    if (tokens.at(choice.layer) == most) whole.push_back(choice);
  return whole;
}

}  // namespace

CapturedSequence sequenceOfChoices(std::vector<CapturedChoice> choices, const std::string& place, ReadingNotes& notes) {
  if (choices.empty()) throw std::runtime_error(translated("%1: expected at least one choice of an expert", place));
  std::stable_sort(choices.begin(), choices.end(), [](const CapturedChoice& a, const CapturedChoice& b) {
    return a.layer != b.layer ? a.layer < b.layer : a.token < b.token;
  });
  choices = ofWholeLayers(choices, notes);
  CapturedSequence sequence;
  for (const CapturedChoice& choice : choices)
    if (sequence.layerNumbers.empty() || sequence.layerNumbers.back() != choice.layer)
      sequence.layerNumbers.push_back(choice.layer);
  const auto layers = static_cast<std::int64_t>(sequence.layerNumbers.size()), all = static_cast<std::int64_t>(choices.size());
  const std::int64_t tokens = tokensByLayer(choices).begin()->second, chosen = all / (layers * tokens);
  sequence.shape = {tokens, layers, chosen};
  sequence.ids.resize(choices.size());
  for (std::int64_t i = 0; i < all; ++i) {
    const CapturedChoice& choice = choices[static_cast<std::size_t>(i)];
    const std::int64_t layer = i / (tokens * chosen), token = i / chosen % tokens,
                       first = i - i % chosen;  // where equal numbers put it
    const CapturedChoice &leader = choices[static_cast<std::size_t>(first)],
                         &expected = choices[static_cast<std::size_t>(token * chosen)];
    const bool fits = layer < layers && choice.layer == sequence.layerNumbers[static_cast<std::size_t>(layer)] &&
                      choice.token == leader.token && choice.token == expected.token;
    if (!fits || all % (layers * tokens) != 0)
      throw std::runtime_error(translated(
          "%1: token %2, layer %3: expected as many experts as every other token has there and in the other layers, about %4",
          place, std::to_string(choice.token), std::to_string(choice.layer), std::to_string(chosen)));
    sequence.ids[static_cast<std::size_t>((token * layers + layer) * chosen + i % chosen)] = choice.expert;
  }
  return sequence;
}

}  // namespace moescope
