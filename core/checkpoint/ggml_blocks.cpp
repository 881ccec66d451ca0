#include "core/checkpoint/ggml_blocks.h"

#include <Eigen/Core>
#include <cmath>
#include <cstring>
#include <utility>

namespace moescope {
namespace {

struct GgmlType {
  std::uint32_t number;
  const char* name;
  GgmlBlock block;
};

constexpr GgmlType kTypes[] = {
    {0, "F32", {1, 4}},         {1, "F16", {1, 2}},         {2, "Q4_0", {32, 18}},      {3, "Q4_1", {32, 20}},
    {6, "Q5_0", {32, 22}},      {7, "Q5_1", {32, 24}},      {8, "Q8_0", {32, 34}},      {9, "Q8_1", {32, 36}},
    {10, "Q2_K", {256, 84}},    {11, "Q3_K", {256, 110}},   {12, "Q4_K", {256, 144}},   {13, "Q5_K", {256, 176}},
    {14, "Q6_K", {256, 210}},   {15, "Q8_K", {256, 292}},   {16, "IQ2_XXS", {256, 66}}, {17, "IQ2_XS", {256, 74}},
    {18, "IQ3_XXS", {256, 98}}, {19, "IQ1_S", {256, 50}},   {20, "IQ4_NL", {32, 18}},   {21, "IQ3_S", {256, 110}},
    {22, "IQ2_S", {256, 82}},   {23, "IQ4_XS", {256, 136}}, {24, "I8", {1, 1}},         {25, "I16", {1, 2}},
    {26, "I32", {1, 4}},        {27, "I64", {1, 8}},        {28, "F64", {1, 8}},        {29, "IQ1_M", {256, 56}},
    {30, "BF16", {1, 2}},       {34, "TQ1_0", {256, 54}},   {35, "TQ2_0", {256, 66}},   {39, "MXFP4", {32, 17}},
};

float half(const std::uint8_t* bytes) {
  Eigen::half value;
  std::memcpy(static_cast<void*>(&value), bytes, sizeof value);
  return static_cast<float>(value);
}

/// 32 values in 16 bytes, the low nibbles before the high ones.
int nibble(const std::uint8_t* bytes, int i) { return bytes[i % 16] >> 4 * (i / 16) & 15; }

/// A scale, then 32 values of 4 bits, from -8 on.
void unpackQ40(const std::uint8_t* block, float* to) {
  for (int i = 0; i < 32; ++i) to[i] = half(block) * static_cast<float>(nibble(block + 2, i) - 8);
}

/// A scale and a least value, then 32 values of 4 bits.
void unpackQ41(const std::uint8_t* block, float* to) {
  for (int i = 0; i < 32; ++i) to[i] = half(block) * static_cast<float>(nibble(block + 4, i)) + half(block + 2);
}

/// 32 values of 5 bits: the fifth ones before the others.
int fiveBits(const std::uint8_t* bytes, int i) { return nibble(bytes + 4, i) | (bytes[i / 8] >> i % 8 & 1) << 4; }

void unpackQ50(const std::uint8_t* block, float* to) {
  for (int i = 0; i < 32; ++i) to[i] = half(block) * static_cast<float>(fiveBits(block + 2, i) - 16);
}

void unpackQ51(const std::uint8_t* block, float* to) {
  for (int i = 0; i < 32; ++i) to[i] = half(block) * static_cast<float>(fiveBits(block + 4, i)) + half(block + 2);
}

constexpr int kIq4[] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};  // what IQ4's 4 bits stand for
constexpr int kFp4[] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};                      // E2M1, doubled

/// A scale, then 32 values of IQ4's table.
void unpackIq4Nl(const std::uint8_t* block, float* to) {
  for (int i = 0; i < 32; ++i) to[i] = half(block) * static_cast<float>(kIq4[nibble(block + 2, i)]);
}

/// A scale, 8 scales of 6 bits (2 high ones, then 4 low ones), 8 times 32 values of IQ4's table.
void unpackIq4Xs(const std::uint8_t* block, float* to) {
  for (int j = 0; j < 8; ++j) {
    const int high = (block[2] | block[3] << 8) >> 2 * j & 3, low = block[4 + j / 2] >> 4 * (j % 2) & 15;
    const float scale = half(block) * static_cast<float>((low | high << 4) - 32);
    for (int i = 0; i < 32; ++i) *to++ = scale * static_cast<float>(kIq4[nibble(block + 8 + 16 * j, i)]);
  }
}

/// A power of two, then 32 values of 4 bits.
void unpackMxfp4(const std::uint8_t* block, float* to) {
  const float scale = std::ldexp(1.0f, block[0] - 128);
  for (int i = 0; i < 32; ++i) to[i] = scale * static_cast<float>(kFp4[nibble(block + 1, i)]);
}

/// Value `i` of 256 of 2 bits: in each half four times 32.
int twoBits(const std::uint8_t* bytes, int i) { return bytes[32 * (i / 128) + i % 32] >> 2 * (i % 128 / 32) & 3; }

/// 16 scales and least values of 4 bits, 256 values of 2 bits, the scales of those.
void unpackQ2K(const std::uint8_t* block, float* to) {
  for (int i = 0; i < 256; ++i)
    to[i] = half(block + 80) * static_cast<float>(block[i / 16] & 15) * static_cast<float>(twoBits(block + 16, i)) -
            half(block + 82) * static_cast<float>(block[i / 16] >> 4);
}

/// 256 third bits, whose absence takes 4; 256 values of 2 bits; 16 scales of 6 bits; the scale of those.
void unpackQ3K(const std::uint8_t* block, float* to) {
  const std::uint8_t* scales = block + 96;
  for (int i = 0; i < 256; ++i) {
    const int j = i / 16, low = scales[j % 8] >> 4 * (j / 8) & 15, high = scales[8 + j % 4] >> 2 * (j / 4) & 3;
    const int third = block[i % 32] >> i / 32 & 1, value = twoBits(block + 32, i) - (third ? 0 : 4);
    to[i] = half(block + 108) * static_cast<float>((low | high << 4) - 32) * static_cast<float>(value);
  }
}

/// A scale, then 32 signed bytes.
void unpackQ8(const std::uint8_t* block, float* to) {
  const float scale = half(block);
  for (int i = 0; i < 32; ++i) to[i] = scale * static_cast<float>(static_cast<std::int8_t>(block[2 + i]));
}

/// Scale and least value of sub-block `j` of 8, 6 bits each, in 12 bytes.
std::pair<int, int> sixBits(const std::uint8_t* packed, int j) {
  if (j < 4) return {packed[j] & 63, packed[j + 4] & 63};
  return {(packed[j + 4] & 15) | (packed[j - 4] >> 6) << 4, (packed[j + 4] >> 4) | (packed[j] >> 6) << 4};
}

/// Scales of scales and of least values, their 6 bits, then 256 values of 4 bits: 32 low nibbles before 32 high ones.
void unpackQ4K(const std::uint8_t* block, float* to) {
  const float scale = half(block), least = half(block + 2);
  const std::uint8_t* numbers = block + 16;
  for (int j = 0; j < 8; ++j) {
    const auto [own, ownLeast] = sixBits(block + 4, j);
    const float factor = scale * static_cast<float>(own), offset = least * static_cast<float>(ownLeast);
    for (int i = 0; i < 32; ++i) *to++ = factor * static_cast<float>(numbers[32 * (j / 2) + i] >> 4 * (j % 2) & 15) - offset;
  }
}

/// As Q4_K, with 256 fifth bits between scales and values.
void unpackQ5K(const std::uint8_t* block, float* to) {
  const float scale = half(block), least = half(block + 2);
  const std::uint8_t *fifths = block + 16, *numbers = block + 48;
  for (int j = 0; j < 8; ++j) {
    const auto [own, ownLeast] = sixBits(block + 4, j);
    const float factor = scale * static_cast<float>(own), offset = least * static_cast<float>(ownLeast);
    for (int i = 0; i < 32; ++i)
      *to++ = factor * static_cast<float>((numbers[32 * (j / 2) + i] >> 4 * (j % 2) & 15) | (fifths[i] >> j & 1) << 4) - offset;
  }
}

/// 256 values of 6 bits: 4 low ones, 2 high ones; 16 signed scales; the scale of those.
void unpackQ6K(const std::uint8_t* block, float* to) {
  const std::uint8_t *low = block, *high = block + 128;
  const float scale = half(block + 208);
  for (int i = 0; i < 256; ++i) {
    const int part = i / 128, quarter = i % 128 / 32, at = i % 32;
    const int four = low[64 * part + 32 * (quarter % 2) + at] >> 4 * (quarter / 2) & 15,
              two = high[32 * part + at] >> 2 * quarter & 3;
    to[i] =
        scale * static_cast<float>(static_cast<std::int8_t>(block[192 + i / 16])) * static_cast<float>((four | two << 4) - 32);
  }
}

using Unpacker = void (*)(const std::uint8_t*, float*);

constexpr std::pair<const char*, Unpacker> kUnpackers[] = {
    {"Q4_0", unpackQ40},     {"Q4_1", unpackQ41},     {"Q5_0", unpackQ50},   {"Q5_1", unpackQ51}, {"Q8_0", unpackQ8},
    {"Q2_K", unpackQ2K},     {"Q3_K", unpackQ3K},     {"Q4_K", unpackQ4K},   {"Q5_K", unpackQ5K}, {"Q6_K", unpackQ6K},
    {"IQ4_NL", unpackIq4Nl}, {"IQ4_XS", unpackIq4Xs}, {"MXFP4", unpackMxfp4}};

/// Null: none.
Unpacker unpackerOf(const std::string& type) {
  for (const auto& [name, unpack] : kUnpackers)
    if (type == name) return unpack;
  return nullptr;
}

}  // namespace

GgmlBlock ggmlBlock(const std::string& type) {
  for (const GgmlType& known : kTypes)
    if (type == known.name) return known.block;
  return {};
}

std::string ggmlTypeName(std::uint32_t number) {
  for (const GgmlType& known : kTypes)
    if (number == known.number) return known.name;
  return {};
}

bool isGgmlPacking(const std::string& type) { return unpackerOf(type) != nullptr; }

void unpackGgml(const std::string& type, const std::uint8_t* from, std::span<float> to) {
  const GgmlBlock block = ggmlBlock(type);
  const Unpacker unpack = unpackerOf(type);
  for (std::size_t at = 0; at + static_cast<std::size_t>(block.values) <= to.size();
       at += static_cast<std::size_t>(block.values), from += block.bytes)
    unpack(from, to.data() + at);
}

}  // namespace moescope
