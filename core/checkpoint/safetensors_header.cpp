#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>

#include "core/checkpoint/safetensors.h"
#include "core/data/json_text.h"
#include "core/words/words.h"

namespace moescope {
namespace {

/// Bits of one element; nothing for a type that we do not know.
std::optional<int> bitsOf(const std::string& type) {
  static const std::map<std::string, int> bits = {
      {"BOOL", 8},        {"U8", 8},   {"I8", 8},      {"U16", 16},    {"I16", 16},    {"F16", 16},
      {"BF16", 16},       {"U32", 32}, {"I32", 32},    {"F32", 32},    {"U64", 64},    {"I64", 64},
      {"F64", 64},        {"C64", 64}, {"F8_E4M3", 8}, {"F8_E5M2", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
      {"F8_E5M2FNUZ", 8}, {"F4", 4},   {"F6_E2M3", 6}, {"F6_E3M2", 6}};
  const auto found = bits.find(type);
  return found == bits.end() ? std::nullopt : std::optional<int>(found->second);
}

std::string shortened(const std::string& name) { return name.size() <= 80 ? name : name.substr(0, 77) + "..."; }

/// Reads the header event by event, so that nesting and duplicates are refused before anything is stored.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit HeaderReader(const std::string& file) : file_(file) {}
  TensorMap tensors;
  std::map<std::string, std::string> metadata;

  bool null() override { return value("null"); }
  bool boolean(bool) override { return value("true or false"); }
  bool number_float(number_float_t, const string_t&) override { return value("a fraction or a number too large"); }
  bool binary(binary_t&) override { return value("binary data"); }
  bool number_integer(number_integer_t) override { return value("a negative number"); }
  bool number_unsigned(number_unsigned_t number) override {
    if (level_ != 3 || inMetadata_) return value("a number");
    if (field_ == "shape") {
      if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        fail(translated("its shape is too large"));
      if (entry_.shape.size() >= 64) fail(translated("it has more than 64 dimensions"));
      entry_.shape.push_back(static_cast<std::int64_t>(number));
    } else {
      offsets_.push_back(number);
      if (offsets_.size() > 2) fail(translated("data_offsets must be two numbers"));
    }
    return true;
  }
  bool string(string_t& text) override {
    if (inMetadata_ && level_ == 2) {
      metadata[field_] = text;
      return true;
    }
    if (level_ != 2 || field_ != "dtype") return value("a text");
    entry_.type = text;
    return true;
  }
  bool start_object(std::size_t) override {
    if (++level_ > 2) fail(translated("an object where none belongs"));
    if (level_ == 2) {
      entry_ = {};
      offsets_.clear();
      fields_.clear();
    }
    return true;
  }
  bool end_object() override {
    if (level_-- == 2 && !inMetadata_) finish();
    inMetadata_ = inMetadata_ && level_ >= 2;
    return true;
  }
  bool start_array(std::size_t) override {
    if (level_ != 2 || inMetadata_ || (field_ != "shape" && field_ != "data_offsets"))
      fail(translated("a list where none belongs"));
    ++level_;
    return true;
  }
  bool end_array() override {
    --level_;
    return true;
  }
  bool key(string_t& text) override {
    if (level_ == 1) {
      if (!names_.insert(text).second)
        throw std::runtime_error(translated("%1: the name \"%2\" occurs twice in the header", file_, shortened(text)));
      name_ = text;
      inMetadata_ = text == "__metadata__";
    } else {
      if (!inMetadata_ && text != "dtype" && text != "shape" && text != "data_offsets")
        fail(translated("unknown field \"%1\"", shortened(text)));
      if (!fields_.insert(text).second) fail(translated("the field \"%1\" occurs twice", shortened(text)));
      field_ = text;
    }
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    throw std::runtime_error(
        translated("%1: the header is not JSON at byte %2: %3", file_, std::to_string(8 + position), whatIsWrong(error)));
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(translated("%1: tensor \"%2\": %3", file_, shortened(name_), what));
  }
  bool value(const char* what) const {
    if (level_ == 0) throw std::runtime_error(translated("%1: the header must be a JSON object", file_));
    fail(translated("%1 where the format has none (expected dtype, shape and data_offsets)", std::string(what)));
  }
  void finish() {
    if (fields_.size() != 3 || offsets_.size() != 2) fail(translated("expected dtype, shape and two data_offsets"));
    const std::optional<int> bits = bitsOf(entry_.type);
    if (!bits) fail(translated("unknown dtype \"%1\"", shortened(entry_.type)));
    std::uint64_t total = static_cast<std::uint64_t>(*bits);
    if (std::find(entry_.shape.begin(), entry_.shape.end(), 0) != entry_.shape.end()) total = 0;
    for (const std::int64_t size : entry_.shape)
      if (total && __builtin_mul_overflow(total, static_cast<std::uint64_t>(size), &total))
        fail(translated("its shape overflows 64 bits"));
    entry_.begin = offsets_[0];
    entry_.end = offsets_[1];
    if (entry_.end < entry_.begin) fail(translated("data_offsets run backwards"));
    if (total % 8 || entry_.end - entry_.begin != total / 8)
      fail(translated("its shape needs %1 bytes, data_offsets give %2", std::to_string(total / 8),
                      std::to_string(entry_.end - entry_.begin)));
    tensors.emplace(name_, entry_);
  }

  std::string file_, name_, field_;
  TensorEntry entry_;
  std::vector<std::uint64_t> offsets_;
  std::set<std::string> names_, fields_;
  int level_ = 0;
  bool inMetadata_ = false;
};

void checkThatDataIsFilled(const TensorMap& tensors, std::uint64_t dataBytes, const std::string& file) {
  std::vector<const TensorMap::value_type*> ordered;
  for (const auto& item : tensors) ordered.push_back(&item);
  std::sort(ordered.begin(), ordered.end(), [](auto* a, auto* b) {
    return std::pair(a->second.begin, a->second.end) < std::pair(b->second.begin, b->second.end);
  });
  std::uint64_t filled = 0;
  for (const auto* item : ordered) {
    const std::string who = file + ": tensor \"" + shortened(item->first) + "\": ";
    if (item->second.begin < filled) throw std::runtime_error(translated("%1overlaps the tensor before it", who));
    if (item->second.begin > filled)
      throw std::runtime_error(
          translated("%1a hole of %2 bytes lies before it", who, std::to_string(item->second.begin - filled)));
    if (item->second.end > dataBytes)
      throw std::runtime_error(translated("%1ends at byte %2 of the data, but the file holds %3: is it truncated?", who,
                                          std::to_string(item->second.end), std::to_string(dataBytes)));
    filled = item->second.end;
  }
  if (filled != dataBytes)
    throw std::runtime_error(translated("%1: %2 bytes at the end belong to no tensor", file, std::to_string(dataBytes - filled)));
}

}  // namespace

std::int64_t TensorEntry::count() const {
  std::int64_t product = 1;
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;  // sizes beside a zero may be of any size
  for (const std::int64_t size : shape) product *= size;
  return product;
}

TensorMap parseSafetensorsHeader(std::string_view json, std::uint64_t dataBytes, const std::string& file,
                                 std::map<std::string, std::string>* metadata) {
  if (json.empty() || json.front() != '{')
    throw std::runtime_error(translated("%1: the header must begin with '{': not a safetensors file?", file));
  HeaderReader reader(file);
  nlohmann::json::sax_parse(json.begin(), json.end(), &reader);
  checkThatDataIsFilled(reader.tensors, dataBytes, file);
  if (metadata) *metadata = std::move(reader.metadata);
  return std::move(reader.tensors);
}

std::uint64_t safetensorsHeaderLength(std::span<const std::uint8_t> beginning, std::uint64_t size, const std::string& file) {
  if (size < 10 || beginning.size() < 8)
    throw std::runtime_error(translated("%1: too short for a safetensors file (%2 bytes)", file, std::to_string(size)));
  std::uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | beginning[static_cast<std::size_t>(i)];
  if (length > kLargestHeader)
    throw std::runtime_error(translated("%1: the header claims %2 bytes; at most %3 are allowed", file, std::to_string(length),
                                        std::to_string(kLargestHeader)));
  if (length > size - 8)
    throw std::runtime_error(translated("%1: the header claims %2 bytes, but the file ends after %3", file,
                                        std::to_string(length), std::to_string(size - 8)));
  return length;
}

}  // namespace moescope
