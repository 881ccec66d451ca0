#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/checkpoint/capture.h"
#include "core/checkpoint/capture_arrays.h"
#include "core/checkpoint/capture_lists.h"
#include "core/checkpoint/capture_records.h"
#include "core/checkpoint/capture_text.h"
#include "core/checkpoint/capture_types.h"
#include "core/data/json_text.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::size_t kDeepest = 64, kMostNames = 20, kMostSides = 8;
constexpr std::size_t kShortestText = 32;  // a shorter text that no reader knows is a name, not routing

/// What an object tells of one of its routing keys, in whichever order: the ids wait for their type until the object ends.
struct ToldIds {
  std::optional<std::size_t> sequence;  ///< the place kept for the ids
  std::string text, type, encoding;     ///< ids as text
  std::vector<std::int64_t> shape;
  bool structured = false, listed = false;  ///< {data, shape, dtype}; ids came as lists
};

/// Names that the file gives to something, each with how often, the first twenty of them.
class CountedNames {
 public:
  void add(const std::string& name) {
    if (const auto found = names_.find(name); found != names_.end())
      ++found->second;
    else if (names_.size() < kMostNames)
      names_[name] = 1;
    else
      more_ = true;
  }
  /// One note for each name: "NAME" (3 times): text.
  void note(ReadingNotes& notes, ReadingNoteKind kind, const std::string& text) const {
    for (const auto& [name, times] : names_)
      notes.add(kind,
                '"' + printable(name) + '"' + (times > 1 ? translated(" (%1 times)", std::to_string(times)) : "") + ": " + text);
    if (more_) notes.add(kind, translated("further names: %1", text));
  }

 private:
  std::map<std::string, std::int64_t> names_;
  bool more_ = false;
};

/// Finds every routing key; the rest of a response is passed over and not kept.
class RoutedExpertsReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  /// `type`: of plain bytes with no dtype beside them, as a person says it; empty: nobody does.
  RoutedExpertsReader(std::string file, std::string type, ReadingNotes& notes)
      : file_(std::move(file)), type_(std::move(type)), notes_(notes) {}

  std::vector<CapturedSequence> sequences;
  std::size_t before = 0;  ///< bytes of the file before what is parsed
  /// Of everything that stood beside what was read.
  void note() const {
    unread_.note(notes_, ReadingNoteKind::NotRead, translated("looks like routing and is left aside"));
    null_.note(notes_, ReadingNoteKind::Missing, translated("null: a response without ids"));
    empty_.note(notes_, ReadingNoteKind::Missing, translated("empty: a response without ids"));
    begins_.note(notes_, ReadingNoteKind::Missing, translated("above 0: the engine left out the tokens before it"));
    if (assumed_)
      notes_.add(ReadingNoteKind::Assumed, translated("base64 without a dtype beside it: taken as int32, as SGLang writes it"));
    if (!byShape_.empty())
      notes_.add(ReadingNoteKind::Assumed,
                 translated("base64 without a dtype beside it: taken as %1, as its shape tells", byShape_));
  }

  bool null() override {
    if (wanted_ == Wanted::Ids && !nested_) null_.add(key_);
    if (wanted_ == Wanted::Type || wanted_ == Wanted::Encoding) wanted_ = Wanted::Nothing;  // as if it were not there
    return other();
  }
  bool boolean(bool) override { return other(); }
  bool number_float(number_float_t, const string_t&) override { return other(); }
  bool binary(binary_t&) override { return other(); }
  bool number_integer(number_integer_t number) override { return integer(number); }
  bool number_unsigned(number_unsigned_t number) override {
    return integer(static_cast<std::int64_t>(std::min<std::uint64_t>(number, std::numeric_limits<std::int64_t>::max())));
  }
  bool string(string_t& text) override {
    if (nested_ || sides_) return other();
    ++values_;
    switch (std::exchange(wanted_, Wanted::Nothing)) {
      case Wanted::Ids:
        if (text.empty())
          empty_.add(key_);
        else
          begin().text = std::move(text);
        break;
      case Wanted::Type:
        target_->type = text;
        break;
      case Wanted::Encoding:
        target_->encoding = text;
        break;
      case Wanted::Shape:
        break;
      case Wanted::Nothing:
        if (suspect_ && text.size() >= kShortestText) unread_.add(key_);
    }
    suspect_ = false;
    return true;
  }
  bool start_object(std::size_t) override {
    if (nested_ && nested_->pristine() && depth_ == 1) nested_.reset();  // a list of responses
    if (nested_) nested_->fail(translated("whole numbers in lists"));
    Object object{.first = sequences.size()};
    if (wanted_ == Wanted::Ids && !inStruct()) {
      begin().structured = true;
      object.of = target_;
    }
    objects_.push_back(std::move(object));
    return deeper();
  }
  bool end_object() override {
    Object object = std::move(objects_.back());
    objects_.pop_back();
    if (object.of && object.of->text.empty() && !object.of->listed)
      throw std::runtime_error(translated("%1: expected \"data\" in it", placeOf(*object.of)));
    for (auto& [key, told] : object.told) settle(told);
    if (const auto prompt = object.told.find("prompt_routed_experts"); prompt != object.told.end() && prompt->second.sequence)
      link(object.first, *prompt->second.sequence);
    return shallower();
  }
  bool start_array(std::size_t) override {
    if (sides_) throw std::runtime_error(translated("%1: expected a shape of whole numbers", placeOf(*target_)));
    if (wanted_ == Wanted::Shape) {
      sides_ = &target_->shape;
      sides_->clear();
    } else if (!nested_ && (wanted_ == Wanted::Ids || depth_ == 0)) {
      listOf_ = wanted_ == Wanted::Ids ? &begin() : nullptr;
      nested_.emplace(place(sequences.size() + (listOf_ ? 0 : 1)));
    }
    if (nested_) nested_->open();
    return deeper();
  }
  bool end_array() override {
    sides_ = nullptr;
    if (nested_ && !nested_->close()) endIds();
    return shallower();
  }
  bool key(string_t& text) override {
    key_ = text.substr(0, 200);
    suspect_ = false;
    Object& object = objects_.back();
    if (object.of) {
      target_ = object.of;
      wanted_ = key_ == "data"       ? Wanted::Ids
                : key_ == "shape"    ? Wanted::Shape
                : key_ == "dtype"    ? Wanted::Type
                : key_ == "encoding" ? Wanted::Encoding
                                     : Wanted::Nothing;
      suspect_ = wanted_ == Wanted::Nothing;
      return true;
    }
    const auto ending = [&](std::string_view end) {
      return key_.ends_with(end) && partNamed(std::string_view(key_).substr(0, key_.size() - end.size()));
    };
    const bool type = ending("_dtype"), shape = ending("_shape");
    wanted_ = type ? Wanted::Type : shape ? Wanted::Shape : partNamed(key_) ? Wanted::Ids : Wanted::Nothing;
    if (wanted_ != Wanted::Nothing)
      target_ = &object.told[type || shape ? key_.substr(0, key_.size() - 6) : key_];
    else
      suspect_ = soundsLikeRouting(key_);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    throw std::runtime_error(
        translated("%1: not JSON at byte %2: %3", file_, std::to_string(before + position), whatIsWrong(error)));
  }

 private:
  enum class Wanted { Nothing, Ids, Shape, Type, Encoding };  ///< what the next value is
  struct Object {
    std::map<std::string, ToldIds> told = {};  ///< by routing key; at most as many as partNamed knows
    std::size_t first = 0;                     ///< sequences before it
    ToldIds* of = nullptr;                     ///< it is the value of a routing key: {data, shape, dtype}
  };
  struct Suspect {
    std::string name;
    std::size_t depth, sequences, values;
  };

  bool inStruct() const { return !objects_.empty() && objects_.back().of; }
  std::string place(std::size_t number) const { return file_ + ": routed_experts " + std::to_string(number); }
  std::string placeOf(const ToldIds& told) const { return place(told.sequence.value_or(0) + 1); }

  static std::string nameOfPart(CapturedPart part) {
    return part == CapturedPart::Prompt   ? "prompt_routed_experts"
           : part == CapturedPart::Answer ? "completion_routed_experts"
                                          : "routed_experts";
  }

  /// Keeps a place for the ids of the key that was just read. What the same key held before in this object is settled.
  ToldIds& begin() {
    if (inStruct() && objects_.back().of == target_) {
      if (!target_->text.empty() || target_->listed)
        throw std::runtime_error(translated("%1: expected \"data\" once", placeOf(*target_)));
      return *target_;
    }
    if (target_->sequence) {
      settle(*target_);
      *target_ = {};
    }
    target_->sequence = sequences.size();
    sequences.emplace_back().part = *partNamed(key_);
    return *target_;
  }

  /// Ids from text, now that their type is known; ids from lists against the shape that was told.
  void settle(ToldIds& told) {
    if (!told.sequence) return;
    CapturedSequence& sequence = sequences[*told.sequence];
    const std::string where = placeOf(told);
    if (!told.listed && !told.text.empty()) {
      const CapturedPart part = sequence.part;
      sequence = fromTold(told, where);
      sequence.part = part;
      count(sequence.ids.size(), where);
    }
    if (!told.shape.empty() && !sequence.ids.empty() && told.shape != sequence.shape)
      throw std::runtime_error(
          translated("%1: states shape %2, found %3", where, shapeText(told.shape), shapeText(sequence.shape)));
    std::string().swap(told.text);
  }

  CapturedSequence fromTold(const ToldIds& told, const std::string& where) {
    const std::uint64_t idsTold = told.shape.empty() ? 0 : idsIn(told.shape, where);
    std::string name = told.type.empty() ? type_ : told.type;
    std::optional<std::uint64_t> wanted;
    if (idsTold > 0) wanted = idsTold * static_cast<std::uint64_t>(capturedType(name.empty() ? "int32" : name, where).itemBytes);
    const std::vector<std::uint8_t> bytes =
        told.structured ? fromText(told.text, told.encoding, wanted, where) : fromBase64(told.text, where);
    constexpr std::string_view kMagic = "\x93NUMPY";
    if (bytes.size() > kMagic.size() && std::equal(kMagic.begin(), kMagic.end(), bytes.begin(),
                                                   [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }))
      return sequenceFromNpy(bytes, where);
    if (name.empty() && idsTold > 0) name = typeOfWidth(bytes.size(), idsTold);
    if (name.empty()) name = assumedType(bytes, where);
    const NpyHeader type = capturedType(name, where);
    if (idsTold > 0) wanted = idsTold * static_cast<std::uint64_t>(type.itemBytes);
    if (wanted && *wanted != bytes.size())
      throw std::runtime_error(translated("%1: states shape %2 of %3 bytes each, found %4 bytes", where, shapeText(told.shape),
                                          std::to_string(type.itemBytes), std::to_string(bytes.size())));
    CapturedSequence sequence;
    sequence.shape = told.shape;
    sequence.ids = idsFromBytes(bytes, type, where);
    sequence.typeTold = told.type.empty() && !type_.empty();
    sequence.typeAssumed = told.type.empty() && type_.empty() && name == "int32";
    if (told.type.empty() && type_.empty() && !sequence.typeAssumed) byShape_ = name;
    assumed_ = assumed_ || sequence.typeAssumed;
    return sequence;
  }

  static std::uint64_t idsIn(const std::vector<std::int64_t>& shape, const std::string& where) {
    std::int64_t ids = 1;
    for (const std::int64_t side : shape) {
      if (side < 1 || side > kMostCapturedIds / ids)
        throw std::runtime_error(translated("%1: expected a shape of 1 to %2 ids, found %3", where,
                                            std::to_string(kMostCapturedIds), shapeText(shape)));
      ids *= side;
    }
    return static_cast<std::uint64_t>(ids);
  }

  /// All sequences together must stay below the cap.
  void count(std::size_t ids, const std::string& where) {
    total_ += ids;
    if (total_ > static_cast<std::size_t>(kMostCapturedIds))
      throw std::runtime_error(translated("%1: expected at most %2 ids in all", where, std::to_string(kMostCapturedIds)));
  }

  void endIds() {
    if (!listOf_) {
      if (nested_->empty()) nested_->fail(translated("at least one id"));
      sequences.emplace_back();
    } else if (nested_->empty()) {
      empty_.add(nameOfPart(sequences[*listOf_->sequence].part));
    }
    CapturedSequence& sequence = listOf_ ? sequences[*listOf_->sequence] : sequences.back();
    CapturedSequence read = nested_->take();
    sequence.shape = std::move(read.shape);
    sequence.ids = std::move(read.ids);
    count(sequence.ids.size(), place(sequences.size()));
    if (listOf_) listOf_->listed = true;
    nested_.reset();
    listOf_ = nullptr;
  }

  /// The prompt of an object is that of every answer inside it, and comes before them.
  void link(std::size_t first, std::size_t prompt) {
    if (sequences[prompt].ids.empty()) return;
    const auto at = [&](std::size_t i) { return sequences.begin() + static_cast<std::ptrdiff_t>(i); };
    std::rotate(at(first), at(prompt), at(prompt + 1));
    for (std::size_t i = first; i < sequences.size(); ++i) {
      CapturedSequence& sequence = sequences[i];
      if (sequence.prompt >= 0 && static_cast<std::size_t>(sequence.prompt) < prompt) ++sequence.prompt;
      if (i == first || sequence.prompt >= 0 || sequence.part == CapturedPart::Prompt) continue;
      sequence.part = CapturedPart::Answer;
      sequence.prompt = static_cast<int>(first);
    }
  }

  /// Its type would else be guessed.
  void requireNoText() const {
    if (wanted_ == Wanted::Type || wanted_ == Wanted::Encoding)
      throw std::runtime_error(translated("%1: \"%2\": expected a text", placeOf(*target_), printable(key_)));
  }
  bool deeper() {
    requireNoText();
    ++values_;
    if (++depth_ > kDeepest) throw std::runtime_error(translated("%1: JSON nested deeper than 64", file_));
    if (suspect_ && !nested_) suspects_.push_back({key_, depth_, sequences.size(), values_});
    wanted_ = Wanted::Nothing;
    suspect_ = false;
    return true;
  }
  /// Ends a list or object. One that sounds like routing, holds something, and gave nothing that was read, is named.
  bool shallower() {
    if (!suspects_.empty() && suspects_.back().depth == depth_) {
      const Suspect& suspect = suspects_.back();
      if (suspect.sequences == sequences.size() && suspect.values < values_) unread_.add(suspect.name);
      suspects_.pop_back();
    }
    --depth_;
    wanted_ = Wanted::Nothing;
    return true;
  }
  bool other() {
    requireNoText();
    if (nested_) nested_->fail(translated("whole numbers in lists"));
    if (sides_) throw std::runtime_error(translated("%1: expected a shape of whole numbers", placeOf(*target_)));
    ++values_;
    wanted_ = Wanted::Nothing;  // null: the engine kept none
    suspect_ = false;
    return true;
  }
  bool integer(std::int64_t number) {
    if (nested_) {
      nested_->number(number);
      return true;
    }
    if (sides_) {
      if (sides_->size() >= kMostSides)
        throw std::runtime_error(translated("%1: expected a shape of two or three sides", placeOf(*target_)));
      sides_->push_back(number);
      return true;
    }
    const bool ours = inStruct() || key_.find("routed_experts") != std::string::npos;
    if (suspect_ && ours && number > 0 && key_.find("start") != std::string::npos) begins_.add(key_);
    return other();
  }

  std::string file_, type_;
  std::string byShape_;  ///< a type that none but the shape told
  ReadingNotes& notes_;
  std::size_t depth_ = 0, values_ = 0, total_ = 0;
  std::string key_;
  Wanted wanted_ = Wanted::Nothing;
  bool suspect_ = false, assumed_ = false;  ///< the key sounds like routing and is not read
  ToldIds* target_ = nullptr;               ///< of the key; lives in a map of objects_, where entries stay in place
  ToldIds* listOf_ = nullptr;               ///< what the lists that are being read belong to; null: bare lists
  std::vector<std::int64_t>* sides_ = nullptr;
  std::optional<NestedIds> nested_;
  std::deque<Object> objects_;
  std::vector<Suspect> suspects_;
  CountedNames unread_, null_, empty_, begins_;
};

/// The first line, then the rest.
std::pair<std::string_view, std::string_view> firstLine(std::string_view text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  return {text.substr(0, end), text.substr(std::min(end + 1, text.size()))};
}

std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::string_view line; !text.empty(); lines.push_back(line)) std::tie(line, text) = firstLine(text);
  return lines;
}

/// One JSON value a line: the first line is closed, and another begins behind it.
bool isJsonLines(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  auto [line, rest] = firstLine(text);
  line = line.substr(0, line.find_last_not_of(kBlanks) + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  return !line.empty() && !rest.empty() && (line.back() == '}' || line.back() == ']') &&
         (rest.front() == '{' || rest.front() == '[');
}

}  // namespace

std::vector<CapturedSequence> sequencesFromJson(std::span<const std::uint8_t> bytes, const std::string& file,
                                                const std::string& type, ReadingNotes& notes) {
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::string strict;  // for the parser; as Python writes it there may be more
  if (text.find("NaN") != std::string_view::npos || text.find("Infinity") != std::string_view::npos)
    text = strict = withoutBareNumbers(std::string(text));
  const std::vector<std::string_view> values = isJsonLines(text) ? linesOf(text) : std::vector{text};
  if (holdsActivations(text)) return sequencesFromActivations(values, file, notes);
  RoutedExpertsReader reader(file, type, notes);
  for (const std::string_view value : values) {
    reader.before = static_cast<std::size_t>(value.data() - text.data());
    if (values.size() == 1 || value.find_first_not_of(" \t\r") != std::string_view::npos)
      nlohmann::json::sax_parse(value.begin(), value.end(), &reader);
  }
  reader.note();
  if (std::all_of(reader.sequences.begin(), reader.sequences.end(),
                  [](const CapturedSequence& sequence) { return sequence.ids.empty(); }))
    throw std::runtime_error(notes.empty() ? translated("%1: there is no \"routed_experts\" in this JSON", file)
                                           : translated("%1: there is no \"routed_experts\" in this JSON with ids; %2", file,
                                                        notes.all().front().text));
  return std::move(reader.sequences);
}

}  // namespace moescope
