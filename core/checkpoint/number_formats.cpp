#include "core/checkpoint/number_formats.h"

#include <Eigen/Core>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#include "core/words/words.h"
#endif

namespace moescope {
namespace {

template <typename Stored>
Stored stored(const std::uint8_t* bytes) {
  Stored value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

float fromF8(std::uint8_t bits, int mantissaBits, int bias, bool hasInfinity) {
  const int exponentBits = 7 - mantissaBits;
  const int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1), mantissa = bits & ((1 << mantissaBits) - 1);
  const float sign = bits & 0x80 ? -1.0f : 1.0f;
  if (hasInfinity && exponent == (1 << exponentBits) - 1)
    return mantissa ? std::numeric_limits<float>::quiet_NaN() : sign * std::numeric_limits<float>::infinity();
  if (!hasInfinity && (bits & 0x7f) == 0x7f) return std::numeric_limits<float>::quiet_NaN();
  const float scale = static_cast<float>(1 << mantissaBits);
  return sign * (exponent ? std::ldexp(1.0f + mantissa / scale, exponent - bias) : std::ldexp(mantissa / scale, 1 - bias));
}

std::array<float, 256> tableOfF8(int mantissaBits, int bias, bool hasInfinity) {
  std::array<float, 256> table{};
  for (int bits = 0; bits < 256; ++bits)
    table[static_cast<std::size_t>(bits)] = fromF8(static_cast<std::uint8_t>(bits), mantissaBits, bias, hasInfinity);
  return table;
}

#if defined(__x86_64__)

constexpr std::size_t kPastTheCaches = 1 << 19;  // floats; larger results are written without being read into the cache first

__attribute__((target("avx2"))) __m256 eightOfBf16(const std::uint8_t* from) {
  return _mm256_castsi256_ps(
      _mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))), 16));
}
__attribute__((target("avx2,f16c"))) __m256 eightOfF16(const std::uint8_t* from) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
}

/// Eight at a time; returns how many were converted. `to` is aligned to 32 bytes where `past` is set.
__attribute__((target("avx2,f16c"))) std::size_t convertEights(bool bf16, const std::uint8_t* from, float* to, std::size_t count,
                                                               bool past) {
  std::size_t i = 0;
  if (bf16 && past)
    for (; i + 8 <= count; i += 8) _mm256_stream_ps(to + i, eightOfBf16(from + 2 * i));
  else if (bf16)
    for (; i + 8 <= count; i += 8) _mm256_storeu_ps(to + i, eightOfBf16(from + 2 * i));
  else if (past)
    for (; i + 8 <= count; i += 8) _mm256_stream_ps(to + i, eightOfF16(from + 2 * i));
  else
    for (; i + 8 <= count; i += 8) _mm256_storeu_ps(to + i, eightOfF16(from + 2 * i));
  if (past) _mm_sfence();
  return i;
}

/// Converts all but what lies before the first 32-byte boundary and after the last eight; [first, last) are done.
std::pair<std::size_t, std::size_t> convertVectors(bool bf16, const std::uint8_t* from, std::span<float> to) {
  static const bool can = [] {  // clang 14 does not know the name f16c
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __builtin_cpu_supports("avx2") && __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
  }();
  if (!can) return {0, 0};
  const bool past = to.size() >= kPastTheCaches;
  const std::size_t first = past ? (32 - reinterpret_cast<std::uintptr_t>(to.data()) % 32) % 32 / sizeof(float) : 0;
  return {first, first + convertEights(bf16, from + 2 * first, to.data() + first, to.size() - first, past)};
}

#else

std::pair<std::size_t, std::size_t> convertVectors(bool, const std::uint8_t*, std::span<float>) { return {0, 0}; }

#endif

}  // namespace

void toFloatsPlainly(const std::string& type, const std::uint8_t* from, std::span<float> to, const std::string& place) {
  const auto convert = [&](std::size_t width, auto number) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<float>(number(from + i * width));
  };
  if (type == "F32") std::memcpy(to.data(), from, to.size_bytes());
  else if (type == "BF16")
    convert(2, [](auto* b) { return std::bit_cast<float>(static_cast<std::uint32_t>(stored<std::uint16_t>(b)) << 16); });
  else if (type == "F16") convert(2, [](auto* b) { return static_cast<float>(stored<Eigen::half>(b)); });
  else if (type == "F64") convert(8, stored<double>);
  else if (type == "F8_E4M3") convert(1, [](auto* b) { return fromF8(*b, 3, 7, false); });
  else if (type == "F8_E5M2") convert(1, [](auto* b) { return fromF8(*b, 2, 15, true); });
  else if (type == "F8_E8M0")
    convert(1, [](auto* b) { return *b == 255 ? std::numeric_limits<float>::quiet_NaN() : std::ldexp(1.0f, *b - 127); });
  else if (type == "U8" || type == "BOOL") convert(1, stored<std::uint8_t>);
  else if (type == "I8") convert(1, stored<std::int8_t>);
  else if (type == "I16") convert(2, stored<std::int16_t>);
  else if (type == "U16") convert(2, stored<std::uint16_t>);
  else if (type == "I32") convert(4, stored<std::int32_t>);
  else if (type == "U32") convert(4, stored<std::uint32_t>);
  else if (type == "I64") convert(8, stored<std::int64_t>);
  else if (type == "U64") convert(8, stored<std::uint64_t>);
  else
    throw std::runtime_error(
        translated("%1: numbers of dtype %2 cannot be read; expected f64, f32, f16, bf16, fp8 or integers", place, type));
}

void toFloats(const std::string& type, const std::uint8_t* from, std::span<float> to, const std::string& place) {
  static const std::array<float, 256> e4m3 = tableOfF8(3, 7, false), e5m2 = tableOfF8(2, 15, true);
  if (type == "BF16" || type == "F16") {
    const auto [first, last] = convertVectors(type == "BF16", from, to);
    toFloatsPlainly(type, from, to.first(first), place);
    toFloatsPlainly(type, from + 2 * last, to.subspan(last), place);
  } else if (type == "F8_E4M3" || type == "F8_E5M2") {
    const std::array<float, 256>& table = type == "F8_E4M3" ? e4m3 : e5m2;
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = table[from[i]];
  } else {
    toFloatsPlainly(type, from, to, place);
  }
}

}  // namespace moescope
