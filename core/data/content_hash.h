#pragma once
// A number that tells contents apart: FNV-1a of 64 bits (Fowler, Noll and Vo; RFC 9923). No defence against who means to deceive.

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace moescope {

class ContentHash {
 public:
  /// The bytes and their number, so that "ab", "c" differs from "a", "bc".
  void add(std::string_view bytes) {
    mix(bytes);
    const std::uint64_t count = bytes.size();
    for (int shift = 0; shift < 64; shift += 8) mix(static_cast<unsigned char>(count >> shift));
  }
  std::uint64_t value() const { return value_; }
  /// 16 hexadecimal digits.
  std::string text() const {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(value_));
    return digits;
  }

 private:
  void mix(std::string_view bytes) {
    for (const char byte : bytes) mix(static_cast<unsigned char>(byte));
  }
  void mix(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3u; }

  std::uint64_t value_ = 0xcbf29ce484222325u;
};

}  // namespace moescope
