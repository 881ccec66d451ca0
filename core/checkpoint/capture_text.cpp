#include "core/checkpoint/capture_text.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "core/checkpoint/reading_notes.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::string_view kAlphabet64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kAlphabet85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// The value of each character, -1 for those that are not in the alphabet.
constexpr std::array<std::int8_t, 256> valuesOf(std::string_view alphabet) {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < alphabet.size(); ++i) values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
  return values;
}
constexpr std::array<std::int8_t, 256> kValues64 = valuesOf(kAlphabet64), kValues85 = valuesOf(kAlphabet85);

std::size_t length64(std::uint64_t bytes) { return (bytes + 2) / 3 * 4; }
std::size_t length85(std::uint64_t bytes) { return bytes / 4 * 5 + (bytes % 4 ? bytes % 4 + 1 : 0); }

bool isBase85(const std::string& text, const std::string& encoding, std::optional<std::uint64_t> bytes,
              const std::string& place) {
  if (encoding.find("85") != std::string::npos) return true;
  if (encoding.find("64") != std::string::npos) return false;
  if (!encoding.empty())
    throw std::runtime_error(translated("%1: expected encoding base64 or base85, found \"%2\"", place, printable(encoding)));
  const std::string_view digits = std::string_view(text).substr(0, text.find_last_not_of('=') + 1);
  if (std::any_of(digits.begin(), digits.end(), [](unsigned char c) { return kValues64[c] < 0; })) return true;
  if (!bytes || digits.find('/') != std::string_view::npos || text.size() != length85(*bytes)) return false;
  const bool padded = text.size() - digits.size() == (3 - *bytes % 3) % 3;
  if (text.size() == length64(*bytes) && padded)
    throw std::runtime_error(translated("%1: could be base64 or base85; expected \"encoding\" beside it", place));
  return true;
}

}  // namespace

std::vector<std::uint8_t> fromBase64(const std::string& text, const std::string& place) {
  std::size_t length = text.size();
  for (int padding = 0; padding < 2 && length > 0 && text[length - 1] == '='; ++padding) --length;
  if (text.size() % 4 || length == 0)
    throw std::runtime_error(translated("%1: expected base64, padded to a multiple of 4 characters", place));
  std::vector<std::uint8_t> bytes;
  bytes.reserve(length / 4 * 3 + 3);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const int value = kValues64[static_cast<unsigned char>(text[i])];
    if (value < 0)
      throw std::runtime_error(translated("%1: expected base64, found another character at %2", place, std::to_string(i)));
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if (i % 4 > 0) bytes.push_back(static_cast<std::uint8_t>(bits >> (6 - 2 * (i % 4))));
  }
  return bytes;
}

std::vector<std::uint8_t> fromBase85(const std::string& text, const std::string& place) {
  if (text.empty() || text.size() % 5 == 1)
    throw std::runtime_error(translated("%1: expected base85, in groups of 5 characters, the last of 2 or more", place));
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 5 * 4 + 4);
  for (std::size_t begin = 0; begin < text.size(); begin += 5) {
    const std::size_t characters = std::min<std::size_t>(5, text.size() - begin);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      const int value =
          i < characters ? kValues85[static_cast<unsigned char>(text[begin + i])] : 84;  // as if filled with the last digit
      if (value < 0)
        throw std::runtime_error(
            translated("%1: expected base85, found another character at %2", place, std::to_string(begin + i)));
      bits = bits * 85 + static_cast<std::uint64_t>(value);
    }
    if (bits > 0xffffffff)
      throw std::runtime_error(
          translated("%1: expected base85, found a group beyond 32 bits at %2", place, std::to_string(begin)));
    for (std::size_t i = 0; i + 1 < characters; ++i) bytes.push_back(static_cast<std::uint8_t>(bits >> (24 - 8 * i)));
  }
  return bytes;
}

std::vector<std::uint8_t> fromText(const std::string& text, const std::string& encoding, std::optional<std::uint64_t> bytes,
                                   const std::string& place) {
  return isBase85(text, encoding, bytes, place) ? fromBase85(text, place) : fromBase64(text, place);
}

}  // namespace moescope
