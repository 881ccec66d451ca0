#include "core/checkpoint/ggml_blocks.h"

#include <Eigen/Core>
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
    {0, "F32", {1, 4}},        {1, "F16", {1, 2}},        {2, "Q4_0", {32, 18}},      {3, "Q4_1", {32, 20}},     {6, "Q5_0", {32, 22}},      {7, "Q5_1", {32, 24}},
    {8, "Q8_0", {32, 34}},     {9, "Q8_1", {32, 36}},     {10, "Q2_K", {256, 84}},    {11, "Q3_K", {256, 110}},  {12, "Q4_K", {256, 144}},   {13, "Q5_K", {256, 176}},
    {14, "Q6_K", {256, 210}},  {15, "Q8_K", {256, 292}},  {16, "IQ2_XXS", {256, 66}}, {17, "IQ2_XS", {256, 74}}, {18, "IQ3_XXS", {256, 98}}, {19, "IQ1_S", {256, 50}},
    {20, "IQ4_NL", {32, 18}},  {21, "IQ3_S", {256, 110}}, {22, "IQ2_S", {256, 82}},   {23, "IQ4_XS", {256, 136}}, {24, "I8", {1, 1}},        {25, "I16", {1, 2}},
    {26, "I32", {1, 4}},       {27, "I64", {1, 8}},       {28, "F64", {1, 8}},        {29, "IQ1_M", {256, 56}},  {30, "BF16", {1, 2}},       {34, "TQ1_0", {256, 54}},
    {35, "TQ2_0", {256, 66}},  {39, "MXFP4", {32, 17}},
};

float half(const std::uint8_t* bytes) {
  Eigen::half value;
  std::memcpy(static_cast<void*>(&value), bytes, sizeof value);
  return static_cast<float>(value);
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

/// 256 values of 6 bits: 4 low ones, 2 high ones; 16 signed scales; the scale of those.
void unpackQ6K(const std::uint8_t* block, float* to) {
  const std::uint8_t *low = block, *high = block + 128;
  const float scale = half(block + 208);
  for (int i = 0; i < 256; ++i) {
    const int part = i / 128, quarter = i % 128 / 32, at = i % 32;
    const int four = low[64 * part + 32 * (quarter % 2) + at] >> 4 * (quarter / 2) & 15, two = high[32 * part + at] >> 2 * quarter & 3;
    to[i] = scale * static_cast<float>(static_cast<std::int8_t>(block[192 + i / 16])) * static_cast<float>((four | two << 4) - 32);
  }
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

bool isGgmlPacking(const std::string& type) { return type == "Q8_0" || type == "Q4_K" || type == "Q6_K"; }

void unpackGgml(const std::string& type, const std::uint8_t* from, std::span<float> to) {
  const GgmlBlock block = ggmlBlock(type);
  void (*const unpack)(const std::uint8_t*, float*) = type == "Q8_0" ? unpackQ8 : type == "Q4_K" ? unpackQ4K : unpackQ6K;
  for (std::size_t at = 0; at + static_cast<std::size_t>(block.values) <= to.size(); at += static_cast<std::size_t>(block.values), from += block.bytes) unpack(from, to.data() + at);
}

}  // namespace moescope
