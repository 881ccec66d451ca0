#include "core/checkpoint/capture.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <stdexcept>

#include "core/checkpoint/capture_arrays.h"
#include "core/checkpoint/capture_records.h"
#include "core/checkpoint/capture_repeats.h"
#include "core/checkpoint/capture_shape.h"
#include "core/checkpoint/token_counts.h"
#include "core/words/words.h"

namespace moescope {
namespace {

bool fits(const CaptureShape& shape, const CaptureShape& found) {
  return (shape.tokens == 0 || shape.tokens == found.tokens) && (shape.layers == 0 || shape.layers == found.layers) &&
         (shape.chosen == 0 || shape.chosen == found.chosen);
}

std::string listed(const std::vector<CaptureShape>& shapes) {
  const auto side = [](std::int64_t size, const char* name) { return size ? std::to_string(size) : std::string(name); };
  std::string result;
  for (const CaptureShape& s : shapes)
    result += (result.empty() ? "[" : " or [") + side(s.tokens, "tokens") + ", " + side(s.layers, "layers") + ", " +
              side(s.chosen, "k") + "]";
  return result;
}

/// Tokens, layers and k of a sequence, of its own shape or of the only possible one.
CaptureShape shapeOf(const CapturedSequence& sequence, const std::vector<CaptureShape>& shapes, const std::string& file) {
  const auto count = static_cast<std::int64_t>(sequence.ids.size());
  if (!sequence.shape.empty()) {
    if (sequence.shape.size() != 2 && sequence.shape.size() != 3)
      throw std::runtime_error(
          translated("%1: expected ids of shape [tokens, layers, k] or [tokens, k], found %2", file, shapeText(sequence.shape)));
    const CaptureShape found{sequence.shape.front(), sequence.shape.size() == 3 ? sequence.shape[1] : 1, sequence.shape.back()};
    if (!shapes.empty() && std::none_of(shapes.begin(), shapes.end(), [&](const CaptureShape& s) { return fits(s, found); }))
      throw std::runtime_error(
          translated("%1: expected ids of shape %2, found %3", file, listed(shapes), shapeText(sequence.shape)));
    return found;
  }
  std::vector<CaptureShape> possible;
  for (const CaptureShape& s : shapes)
    if (s.layers > 0 && s.chosen > 0 && count % (s.layers * s.chosen) == 0 &&
        (s.tokens == 0 || s.tokens * s.layers * s.chosen == count))
      if (const CaptureShape whole{count / (s.layers * s.chosen), s.layers, s.chosen};
          std::find(possible.begin(), possible.end(), whole) == possible.end())
        possible.push_back(whole);
  if (possible.size() == 1) return possible.front();
  if (possible.size() > 1)
    throw CaptureUntold(translated("%1: ambiguous: %2 ids fill both %3; expected --capture-shape LAYERS,K", file,
                                   std::to_string(count), listed(possible)),
                        {{{}, count, {0, possible.front().layers, possible.front().chosen}}});
  const std::string why = shapes.empty()
                              ? translated("%1: base64 does not tell its shape; expected --capture-shape LAYERS,K", file)
                              : translated("%1: %2 ids do not fill shape %3", file, std::to_string(count), listed(shapes));
  throw CaptureUntold(why, {{{}, count, proposedShape(sequence.ids)}});
}

constexpr const char* kPaddedSides = "-1, which marks padding only where all ids of a token are -1";

/// A token that carries no routing: all ids -1, or one id k times in every layer (k > 1), as buffers are that nobody filled.
bool isUnfilled(const std::int32_t* ids, std::int64_t count, std::int64_t chosen) {
  if (ids[0] != kPaddingId && (ids[0] < 0 || chosen < 2)) return false;
  return std::all_of(ids, ids + count, [&](std::int32_t id) { return id == ids[0]; });
}

/// Puts sequences behind one another, their ids checked, without what carries no routing.
class Assembly {
 public:
  Assembly(RoutingCapture& capture, const std::vector<CaptureShape>& shapes, int experts)
      : capture_(capture), shapes_(shapes), most_(experts > 0 ? experts : kMostCapturedExperts) {}

  /// `follows`: an answer that stands directly behind its prompt, and goes on with it.
  void append(const CapturedSequence& sequence, bool follows) {
    const CaptureShape shape = shapeOf(sequence, shapes_, capture_.file);
    if (shape.layers > 100'000 || shape.chosen > kMostCapturedExperts)
      throw std::runtime_error(translated("%1: expected at most 100000 layers and 4096 experts a token", capture_.file));
    if (capture_.layers > 0 && (capture_.layers != shape.layers || capture_.chosen != shape.chosen))
      throw std::runtime_error(translated("%1: expected the same layers and k in every sequence", capture_.file));
    capture_.layers = static_cast<int>(shape.layers);
    capture_.chosen = static_cast<int>(shape.chosen);
    takeNumbers(sequence);
    if (!follows) ended_ = true;
    const std::int64_t first = capture_.tokens;
    appendTokens(sequence, shape);
    ranges_.push_back({first, capture_.tokens - first});
    if (sequence.prompt >= 0) withoutPrompt(ranges_[static_cast<std::size_t>(sequence.prompt)], ranges_.back(), follows);
    tell(sequence.part);
    if (follows)
      conversations_.back().tokens += ranges_.back().tokens;
    else
      conversations_.push_back(ranges_.back());
  }
  /// A sequence without ids keeps its place.
  void skip() { ranges_.push_back({capture_.tokens, 0}); }
  const std::vector<CapturedConversation>& conversations() const { return conversations_; }

  void note() const {
    if (const std::int64_t marked = capture_.padding - unfilled_; marked > 0)
      capture_.notes.add(ReadingNoteKind::Padded, translated("%1 with ids that are all -1: left out", tokensText(marked)));
    if (unfilled_ > 0)
      capture_.notes.add(
          ReadingNoteKind::Padded,
          translated("%1 with one id %2 times in every layer, which no router gives: not filled by the engine, left out",
                     tokensText(unfilled_), std::to_string(capture_.chosen)));
    if (again_ > 0)
      capture_.notes.add(ReadingNoteKind::Repeated,
                         translated("%1 of prompts that stand before their answers too: counted once", tokensText(again_)));
  }

 private:
  /// What the file says of layers and experts, the same for all.
  void takeNumbers(const CapturedSequence& sequence) {
    if (ranges_.empty()) capture_.layerNumbers = sequence.layerNumbers;
    if (capture_.layerNumbers != sequence.layerNumbers)
      throw std::runtime_error(translated("%1: expected the same layers in every sequence", capture_.file));
    capture_.expertsTold = std::max(capture_.expertsTold, sequence.experts);
  }

  void appendTokens(const CapturedSequence& sequence, const CaptureShape& shape) {
    const std::int64_t ids = shape.layers * shape.chosen;  // of a token
    for (std::int64_t token = 0; token < shape.tokens; ++token) {
      const std::int32_t* first = sequence.ids.data() + token * ids;
      if (isUnfilled(first, ids, shape.chosen)) {
        ++capture_.padding;
        unfilled_ += *first != kPaddingId;
        ended_ = true;
        continue;
      }
      for (std::int64_t i = 0; i < ids; ++i) {
        if (first[i] < 0 || first[i] >= most_) refuse(sequence, token, i / shape.chosen, first[i]);
        capture_.experts = std::max(capture_.experts, first[i] + 1);
      }
      if (ended_) capture_.starts.push_back(capture_.tokens);
      ended_ = false;
      ++capture_.tokens;
      capture_.ids.insert(capture_.ids.end(), first, first + ids);
    }
  }

  [[noreturn]] void refuse(const CapturedSequence& sequence, std::int64_t token, std::int64_t layer, std::int32_t id) const {
    throw std::runtime_error(translated("%1: token %2%3, layer %4: expected expert ids from 0 to %5, found %6%7", capture_.file,
                                        std::to_string(token),
                                        ranges_.empty() ? "" : translated(" of sequence %1", std::to_string(ranges_.size() + 1)),
                                        std::to_string(layer), std::to_string(most_ - 1),
                                        (id == kPaddingId ? kPaddedSides
                                         : id < 0         ? translated("a negative or huge one")
                                                          : std::to_string(id)),
                                        sequence.typeAssumed ? translated(" (no dtype is beside it: taken as int32)") : ""));
  }

  /// Some engines send the prompt alone and once more in front of every answer.
  void withoutPrompt(const CapturedConversation& prompt, CapturedConversation& answer, bool follows) {
    const std::int64_t width = std::int64_t{capture_.layers} * capture_.chosen;
    const auto at = [&](std::int64_t token) { return capture_.ids.begin() + token * width; };
    if (prompt.tokens == 0 || answer.tokens < prompt.tokens ||
        !std::equal(at(prompt.first), at(prompt.first + prompt.tokens), at(answer.first)))
      return;
    capture_.ids.erase(at(answer.first), at(answer.first + prompt.tokens));
    capture_.tokens -= prompt.tokens;
    answer.tokens -= prompt.tokens;
    again_ += prompt.tokens;
    capture_.repeated += prompt.tokens;
    std::vector<std::int64_t> starts;
    for (const std::int64_t start : capture_.starts) {
      if (start < answer.first)
        starts.push_back(start);
      else if (start >= answer.first + prompt.tokens)
        starts.push_back(start - prompt.tokens);
    }
    const auto place = std::lower_bound(starts.begin(), starts.end(), answer.first);
    if (!follows && answer.tokens > 0 && (place == starts.end() || *place != answer.first)) starts.insert(place, answer.first);
    capture_.starts = std::move(starts);
  }

  void tell(CapturedPart part) {
    if (part == CapturedPart::Unsaid && capture_.parts.empty()) return;
    const CapturedConversation& last = ranges_.back();
    capture_.parts.resize(static_cast<std::size_t>(last.first), CapturedPart::Unsaid);
    capture_.parts.resize(static_cast<std::size_t>(capture_.tokens), part);
  }

  RoutingCapture& capture_;
  const std::vector<CaptureShape>& shapes_;
  int most_;
  bool ended_ = true;  ///< the next token begins a sequence
  std::int64_t unfilled_ = 0, again_ = 0;
  std::vector<CapturedConversation> ranges_, conversations_;
};

/// What the bytes begin with tells the format.
std::vector<CapturedSequence> sequencesOf(std::span<const std::uint8_t> bytes, std::int64_t chosen, const std::string& type,
                                          RoutingCapture& capture) {
  const std::string& file = capture.file;
  ReadingNotes& notes = capture.notes;
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 256));
  if (start.starts_with("\x93NUMPY")) {
    capture.format = "NumPy array";
    std::vector<CapturedSequence> one;
    one.push_back(sequenceFromNpy(bytes, file));
    return one;
  }
  if (start.starts_with("PK")) {
    capture.format = "NumPy archive";
    return sequencesFromNpz(bytes, file, notes);
  }
  if (const auto first = start.find_first_not_of(" \t\r\n");
      first != std::string_view::npos && (start[first] == '{' || start[first] == '[')) {
    capture.format = "JSON";
    return sequencesFromJson(bytes, file, type, notes);
  }
  if (const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size()); holdsChoices(text)) {
    capture.format = "CSV";
    return sequencesFromCsv(text, file, chosen, notes);
  }
  throw std::runtime_error(
      translated("%1: expected a capture of routing: .npy, .npz, JSON or CSV, or beside a checkpoint a trace "
                 "that is named .safetensors (docs/trace.md)",
                 file));
}

}  // namespace

std::int32_t capturedId(std::int64_t number) {
  if (number == kPaddingId) return kPaddingId;
  return number >= 0 && number <= std::numeric_limits<std::int32_t>::max() ? static_cast<std::int32_t>(number) : kForeignId;
}

std::string shapeText(const std::vector<std::int64_t>& shape) {
  std::string result = "[";
  for (const std::int64_t size : shape) result += (result.size() > 1 ? ", " : "") + std::to_string(size);
  return result + "]";
}

RoutingCapture parseCapture(std::span<const std::uint8_t> bytes, const std::string& file, const std::vector<CaptureShape>& shapes,
                            int experts, const std::string& type) {
  RoutingCapture capture;
  capture.file = file;
  std::vector<CapturedSequence> sequences = sequencesOf(bytes, shapes.empty() ? 0 : shapes.front().chosen, type, capture);
  if (!type.empty() &&
      std::none_of(sequences.begin(), sequences.end(), [](const CapturedSequence& sequence) { return sequence.typeTold; }))
    capture.notes.add(ReadingNoteKind::NotRead,
                      translated("the dtype %1 that was told: the file tells its own", printable(type)));
  Assembly assembly(capture, shapes, experts);
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    if (sequences[i].ids.empty())
      assembly.skip();
    else
      assembly.append(sequences[i], sequences[i].prompt >= 0 && static_cast<std::size_t>(sequences[i].prompt) + 1 == i);
    std::vector<std::int32_t>().swap(sequences[i].ids);
  }
  if (capture.tokens == 0)
    throw std::runtime_error(
        translated("%1: expected a token that is not padding, found %2 with ids of -1 only, or one id in every layer", file,
                   std::to_string(capture.padding)));
  assembly.note();
  mergeRepeatedConversations(capture, assembly.conversations());
  findIdenticalRows(capture);
  return capture;
}

RoutingCapture readCapture(const std::filesystem::path& path, const std::vector<CaptureShape>& shapes, int experts,
                           const std::string& type) {
  const std::string file = path.string();
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) throw std::runtime_error(translated("%1: expected a regular file", file));
  const std::uint64_t size = std::filesystem::file_size(path);
  if (size > kLargestCapture)
    throw std::runtime_error(
        translated("%1: %2 bytes; a capture has at most %3", file, std::to_string(size), std::to_string(kLargestCapture)));
  std::vector<std::uint8_t> bytes(size);
  std::ifstream stream(path, std::ios::binary);
  if (!stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size)))
    throw std::runtime_error(translated("%1: cannot be read", file));
  return parseCapture(bytes, file, shapes, experts, type);
}

RoutingCapture readCapture(const std::filesystem::path& file, const CaptureReading& reading) {
  RoutingCapture capture =
      readCapture(file, reading.shape == CaptureShape{} ? std::vector<CaptureShape>{} : std::vector{reading.shape},
                  reading.experts, reading.type);
  if (reading.withoutIdentical) leaveOutIdenticalRows(capture);
  return capture;
}

CapturedExperts expertsOf(const RoutingCapture& capture, const CaptureReading& reading) {
  const char* from = reading.experts > 0          ? translatable("as given")
                     : capture.expertsTold > 0 ? translatable("as the file says")
                                               : translatable("largest id + 1");
  return {std::max({capture.experts, capture.expertsTold, reading.experts}), from};
}

}  // namespace moescope
