#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "core/checkpoint/capture.h"

namespace moescope {
namespace {

constexpr std::size_t kDeepest = 64;

/// Little-endian int32 in standard base64 (RFC 4648, padded).
std::vector<std::int32_t> fromBase64(const std::string& text, const std::string& place) {
  static const std::array<std::int8_t, 256> values = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < alphabet.size(); ++i) table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return table;
  }();
  std::size_t length = text.size();
  for (int padding = 0; padding < 2 && length > 0 && text[length - 1] == '='; ++padding) --length;
  if (text.size() % 4 || length == 0) throw std::runtime_error(place + ": expected base64, padded to a multiple of 4 characters");
  if (length / 4 * 3 / 4 > static_cast<std::size_t>(kMostCapturedIds)) throw std::runtime_error(place + ": expected at most " + std::to_string(kMostCapturedIds) + " ids");
  std::vector<std::uint8_t> bytes;
  bytes.reserve(length / 4 * 3 + 3);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const int value = values[static_cast<unsigned char>(text[i])];
    if (value < 0) throw std::runtime_error(place + ": expected base64, found another character at " + std::to_string(i));
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if (i % 4 > 0) bytes.push_back(static_cast<std::uint8_t>(bits >> (6 - 2 * (i % 4))));
  }
  if (bytes.size() % 4) throw std::runtime_error(place + ": expected base64 of int32, found " + std::to_string(bytes.size()) + " bytes");
  std::vector<std::int32_t> ids(bytes.size() / 4);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::uint32_t value = 0;
    for (std::size_t b = 4; b-- > 0;) value = value << 8 | bytes[4 * i + b];
    ids[i] = static_cast<std::int32_t>(value);
  }
  return ids;
}

/// Rectangular nested lists of numbers, read as they come.
class NestedIds {
 public:
  explicit NestedIds(std::string place) : place_(std::move(place)) {}
  bool open() {
    if (level_ == counts_.size()) fail("at most three levels of lists");
    if (leaf_ && level_ >= leaf_) fail("lists of equal depth");
    counts_[level_++] = 0;
    return true;
  }
  /// False when the outermost list ends.
  bool close() {
    --level_;
    if (level_ > 0) {
      if (sizes_[level_] < 0) sizes_[level_] = counts_[level_];
      if (sizes_[level_] != counts_[level_]) fail("lists of equal length");
      ++counts_[level_ - 1];
      return true;
    }
    if (sequence_.ids.empty()) fail("at least one id");
    sequence_.shape.push_back(counts_[0]);
    for (std::size_t level = 1; level < leaf_; ++level) sequence_.shape.push_back(sizes_[level]);
    return false;
  }
  void number(std::int64_t value) {
    if (!leaf_) leaf_ = level_;
    if (level_ != leaf_) fail("lists of equal depth");
    if (static_cast<std::int64_t>(sequence_.ids.size()) >= kMostCapturedIds) fail("at most " + std::to_string(kMostCapturedIds) + " ids");
    sequence_.ids.push_back(capturedId(value));
    ++counts_[level_ - 1];
  }
  bool pristine() const { return level_ == 1 && counts_[0] == 0 && sequence_.ids.empty(); }
  [[noreturn]] void fail(const std::string& expected) const { throw std::runtime_error(place_ + ": expected " + expected); }
  CapturedSequence take() { return std::move(sequence_); }

 private:
  std::string place_;
  std::size_t level_ = 0, leaf_ = 0;
  std::array<std::int64_t, 3> counts_{}, sizes_{-1, -1, -1};
  CapturedSequence sequence_;
};

/// Finds every "routed_experts"; the rest of a response is passed over and not kept.
class CaptureReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit CaptureReader(std::string file) : file_(std::move(file)) {}
  std::vector<CapturedSequence> sequences;

  bool null() override { return other(); }
  bool boolean(bool) override { return other(); }
  bool number_float(number_float_t, const string_t&) override { return other(); }
  bool binary(binary_t&) override { return other(); }
  bool number_integer(number_integer_t number) override { return integer(number); }
  bool number_unsigned(number_unsigned_t number) override {
    return integer(static_cast<std::int64_t>(std::min<std::uint64_t>(number, std::numeric_limits<std::int64_t>::max())));
  }
  bool string(string_t& text) override {
    if (!wanted_) return other();
    sequences.push_back({{}, fromBase64(text, place())});
    wanted_ = false;
    return true;
  }
  bool start_object(std::size_t) override {
    if (nested_ && nested_->pristine() && depth_ == 1) nested_.reset();  // a list of responses
    if (nested_) nested_->fail("whole numbers in lists");
    return deeper();
  }
  bool end_object() override {
    --depth_;
    wanted_ = false;
    return true;
  }
  bool start_array(std::size_t) override {
    if (!nested_ && (wanted_ || depth_ == 0)) nested_.emplace(place());
    if (nested_) nested_->open();
    wanted_ = false;
    return deeper();
  }
  bool end_array() override {
    --depth_;
    if (nested_ && !nested_->close()) {
      sequences.push_back(nested_->take());
      nested_.reset();
    }
    return true;
  }
  bool key(string_t& text) override {
    wanted_ = text == "routed_experts";
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    throw std::runtime_error(file_ + ": not JSON at byte " + std::to_string(position));
  }

 private:
  std::string place() const { return file_ + ": routed_experts " + std::to_string(sequences.size() + 1); }
  bool deeper() {
    wanted_ = false;
    if (++depth_ > kDeepest) throw std::runtime_error(file_ + ": JSON nested deeper than 64");
    return true;
  }
  bool other() {
    if (nested_) nested_->fail("whole numbers in lists");
    wanted_ = false;  // null: the engine kept none
    return true;
  }
  bool integer(std::int64_t number) {
    if (!nested_) return other();
    nested_->number(number);
    return true;
  }

  std::string file_;
  std::size_t depth_ = 0;
  bool wanted_ = false;
  std::optional<NestedIds> nested_;
};

}  // namespace

std::vector<CapturedSequence> sequencesFromJson(std::span<const std::uint8_t> bytes, const std::string& file) {
  CaptureReader reader(file);
  nlohmann::json::sax_parse(bytes.begin(), bytes.end(), &reader);
  if (reader.sequences.empty()) throw std::runtime_error(file + ": there is no \"routed_experts\" in this JSON");
  return std::move(reader.sequences);
}

}  // namespace moescope
