#include "core/checkpoint/tensor_matrices.h"

#include "core/checkpoint/ggml_blocks.h"
#include "core/geometry/finite_values.h"
#include "core/geometry/stop_scope.h"
#include "core/words/words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace moescope {
namespace {

using Shape = std::vector<std::int64_t>;

constexpr std::int64_t kFp8Block = 128, kMxBlock = 32, kNvfp4Block = 16;
constexpr std::size_t kBetweenStops = 1 << 20;  // values that are unpacked between two questions whether to stop
constexpr int kExponentBias = 127, kExponentNotANumber = 255;
constexpr std::array<float, 16> kE2m1 = {0.0f,  0.5f,  1.0f,  1.5f,  2.0f,  3.0f,  4.0f,  6.0f,
                                         -0.0f, -0.5f, -1.0f, -1.5f, -2.0f, -3.0f, -4.0f, -6.0f};

std::string text(const Shape& shape) {
  std::string result = "[";
  for (const std::int64_t size : shape) result += (result.size() > 1 ? ", " : "") + std::to_string(size);
  return result + "]";
}

std::int64_t inBlocks(std::int64_t size, std::int64_t block) { return (size + block - 1) / block; }

[[noreturn]] void refuse(const Safetensors& tensors, const std::string& name, const std::string& what) {
  throw std::runtime_error(translated("%1: tensor \"%2\"%3", tensors.path().string(), name, what));
}

enum class Packing { Floats, Fp8, E2m1, Integers };

/// How a matrix is stored: its numbers, their scales and the scale of all, by the tensors' names; empty where there is none.
struct Stored {
  Packing packing = Packing::Floats;
  std::string numbers, scales, global;
  bool divideByGlobal = false;
};

/// The name that DeepSeek-V4 gives the scales of "w1.weight": "w1.scale".
std::string siblingScale(const std::string& name) {
  return name.ends_with(".weight") ? name.substr(0, name.size() - 7) + ".scale" : std::string();
}

/// The names under which scales may lie.
std::vector<std::string> scaleNames(const std::string& name) {
  std::vector<std::string> names = {name + "_scale_inv", name + "_scale"};
  if (const std::string sibling = siblingScale(name); !sibling.empty()) names.push_back(sibling);
  return names;
}

/// The one tensor of scales; throws where there is none or more than one.
std::string scalesOf(const Safetensors& tensors, const std::string& name, const std::string& numbers) {
  std::string found;
  for (const std::string& scales : scaleNames(name)) {
    if (!tensors.contains(scales)) continue;
    if (!found.empty()) refuse(tensors, found, translated(": ambiguous: expected either it or \"%1\", not both", scales));
    found = scales;
  }
  const std::string& type = tensors.entry(numbers).type;
  if (found.empty() && type.starts_with("F8"))
    refuse(tensors, numbers,
           translated(" is fp8 (%1) without scales: expected \"%2_scale_inv\" for blocks of 128 x 128, or \"%3_scale\"", type,
                      name, name));
  if (found.empty())
    refuse(tensors, numbers,
           translated(": expected floats, found %1: a packing that is not known without \"%2_scale\"", type, name));
  return found;
}

/// What would change the numbers in a way that is not known here.
void requireNothingElse(const Safetensors& tensors, const std::string& name, const Stored& stored) {
  std::vector<std::string> companions = scaleNames(name);
  for (const char* ending : {"_scales", "_scale_2", "_global_scale", "_zero_point", "_zeros", "_g_idx", "_absmax", "_packed"})
    companions.push_back(name + ending);
  for (const std::string& companion : companions)
    if (tensors.contains(companion) && companion != stored.scales && companion != stored.global && companion != stored.numbers)
      refuse(tensors, name,
             stored.scales.empty() ? translated(": expected no scales; found \"%1\"", companion)
                                   : translated(": expected \"%1\" alone; found \"%2\"", stored.scales, companion));
}

Stored storedAs(const Safetensors& tensors, const std::string& name) {
  Stored stored;
  stored.numbers = tensors.contains(name + "_packed") && !tensors.contains(name) ? name + "_packed" : name;
  const std::string& type = tensors.entry(stored.numbers).type;
  const bool packed = stored.numbers != name;
  if (type.starts_with("F8")) stored.packing = Packing::Fp8;
  else if (type == "U8" || type == "I8") stored.packing = Packing::E2m1;
  else if (packed && type == "I32") stored.packing = Packing::Integers;
  else if (packed || (!type.starts_with("F") && type != "BF16" && !isGgmlPacking(type)))
    refuse(tensors, stored.numbers, translated(": expected floats, found %1: a packing that is not known", type));
  if (stored.packing != Packing::Floats) stored.scales = scalesOf(tensors, name, stored.numbers);
  if (stored.packing == Packing::E2m1) {
    stored.divideByGlobal = packed;
    const std::string global = name + (packed ? "_global_scale" : "_scale_2");
    if (tensors.contains(global)) stored.global = global;
  }
  requireNothingElse(tensors, name, stored);
  return stored;
}

/// For what has no scales in any format.
void requirePlainFloats(const Safetensors& tensors, const std::string& name) {
  if (storedAs(tensors, name).packing != Packing::Floats)
    refuse(tensors, name, translated(": expected floats, found %1", tensors.entry(name).type));
}

/// Exponents that stand as plain bytes.
void exponentsToFactors(std::span<float> factors) {
  for (float& factor : factors)
    factor = factor == kExponentNotANumber ? std::numeric_limits<float>::quiet_NaN()
                                           : std::ldexp(1.0f, static_cast<int>(factor) - kExponentBias);
}

/// Scales [R, C] that lie over a matrix like tiles of this many rows and columns.
struct Tiles {
  std::int64_t rows = 1, columns = 1, across = 1;
};

Shape withoutSlices(const Safetensors& tensors, const std::string& name, const MatrixPlace& place) {
  Shape shape = tensors.entry(name).shape;
  if (place.slices == 0) return shape;
  if (shape.empty() || shape.front() != place.slices)
    refuse(tensors, name, translated(": expected %1 slices, found shape %2", std::to_string(place.slices), text(shape)));
  shape.erase(shape.begin());
  return shape;
}

/// `group`: values of a row that share a scale in formats that fix it; 0: scales of the matrix, of rows, of blocks of 128 x 128,
/// or of groups of any size.
Tiles tilesOf(const Safetensors& tensors, const Stored& stored, const MatrixPlace& place, std::int64_t group) {
  const Shape shape = withoutSlices(tensors, stored.scales, place);
  const std::int64_t rows = place.rows, columns = place.columns;
  const Shape blocks = {inBlocks(rows, kFp8Block), inBlocks(columns, kFp8Block)};
  if (group > 0) {
    if (shape == Shape{rows, inBlocks(columns, group)}) return {1, group, inBlocks(columns, group)};
    refuse(tensors, stored.scales,
           translated(": expected shape %1, found %2", text({rows, inBlocks(columns, group)}),
                      text(tensors.entry(stored.scales).shape)));
  }
  if (stored.packing == Packing::Fp8 && shape == blocks) return {kFp8Block, kFp8Block, blocks[1]};
  if (stored.scales.ends_with("_scale_inv"))
    requireShape(tensors, stored.scales, place.slices > 0 ? Shape{place.slices, blocks[0], blocks[1]} : blocks);
  if (std::all_of(shape.begin(), shape.end(), [](std::int64_t size) { return size == 1; })) return {rows, columns, 1};
  if (shape == Shape{rows} || shape == Shape{rows, 1}) return {1, columns, 1};
  if (shape.size() == 2 && shape[0] == rows && shape[1] > 0 && columns % shape[1] == 0) return {1, columns / shape[1], shape[1]};
  refuse(
      tensors, stored.scales,
      translated(
          ": expected one scale for the matrix, for each of %1 rows or groups of them, or for blocks of 128 x 128, found shape %2",
          std::to_string(rows), text(tensors.entry(stored.scales).shape)));
}

/// Whole numbers would be taken for factors; exponents stand in U8.
void requireFactors(const Safetensors& tensors, const std::string& name, bool exponents) {
  const std::string& type = tensors.entry(name).type;
  if (!type.starts_with("F") && type != "BF16" && !(exponents && type == "U8"))
    refuse(tensors, name,
           exponents ? translated(": expected scales as floats or exponents (U8), found %1", type)
                     : translated(": expected scales as floats, found %1", type));
}

void applyScales(const Safetensors& tensors, const Stored& stored, const MatrixPlace& place, std::int64_t group,
                 std::int64_t from, RowMatrix& into) {
  requireFactors(tensors, stored.scales, true);
  if (!stored.global.empty()) requireFactors(tensors, stored.global, false);
  const Tiles tiles = tilesOf(tensors, stored, place, group);
  std::vector<float> factors(static_cast<std::size_t>(inBlocks(place.rows, tiles.rows) * tiles.across));
  tensors.readInto(stored.scales, place.slice * static_cast<std::int64_t>(factors.size()), factors);
  if (tensors.entry(stored.scales).type == "U8") exponentsToFactors(factors);
  if (!stored.global.empty()) {
    const float global = tensors.read(stored.global, tensors.entry(stored.global).count() == 1 ? 0 : place.slice, 1)[0];
    for (float& factor : factors) factor = stored.divideByGlobal ? factor / global : factor * global;
  }
  for (std::int64_t r = 0; r < into.rows(); ++r) {
    stopIfWanted();
    for (std::int64_t c = 0; c < tiles.across; ++c)
      into.row(r).segment(c * tiles.columns, std::min(tiles.columns, into.cols() - c * tiles.columns)) *=
          factors[static_cast<std::size_t>((from + r) / tiles.rows * tiles.across + c)];
  }
}

/// Bytes of rows [from, from + into.rows()) of the place's slice, `width` a row, of a tensor with so many elements a row.
std::vector<std::uint8_t> packedRows(const Safetensors& tensors, const std::string& name, const MatrixPlace& place,
                                     std::int64_t elements, std::int64_t bytes, std::int64_t from, std::int64_t count) {
  requireShape(tensors, name, place.slices > 0 ? Shape{place.slices, place.rows, elements} : Shape{place.rows, elements});
  std::vector<std::uint8_t> packed(static_cast<std::size_t>(count * elements * bytes));
  tensors.readBytes(name, static_cast<std::uint64_t>((place.slice * place.rows + from) * elements * bytes), packed);
  return packed;
}

void unpackE2m1(const std::uint8_t* from, std::span<float> to) {
  for (std::size_t i = 0; i + 1 < to.size(); i += 2, ++from) {
    if ((i + 2) % kBetweenStops == 0) stopIfWanted();
    to[i] = kE2m1[*from & 15];
    to[i + 1] = kE2m1[*from >> 4];
  }
}

void readE2m1(const Safetensors& tensors, const Stored& stored, const MatrixPlace& place, std::int64_t from, std::int64_t count,
              RowMatrix& into) {
  if (place.columns % 2)
    refuse(tensors, stored.numbers,
           translated(": expected rows of an even number of values, config.json gives %1", std::to_string(place.columns)));
  unpackE2m1(packedRows(tensors, stored.numbers, place, place.columns / 2, 1, from, count).data(),
             {into.data(), static_cast<std::size_t>(into.size())});
  const bool nvfp4 = tensors.entry(stored.scales).type == "F8_E4M3";
  if (nvfp4 && stored.global.empty())
    refuse(tensors, stored.numbers,
           stored.divideByGlobal
               ? translated(": NVFP4 without a scale of all: expected \"%1\" with a global_scale", stored.scales)
               : translated(": NVFP4 without a scale of all: expected \"%1_2\"", stored.scales));
  applyScales(tensors, stored, place, nvfp4 ? kNvfp4Block : kMxBlock, from, into);
}

void readIntegers(const Safetensors& tensors, const Stored& stored, const MatrixPlace& place, std::int64_t from,
                  std::int64_t count, RowMatrix& into) {
  const std::int64_t words = tensors.entry(stored.numbers).shape.empty() ? 0 : tensors.entry(stored.numbers).shape.back();
  const int bits = words == inBlocks(place.columns, 4) && words != inBlocks(place.columns, 8) ? 8 : 4;
  const std::vector<std::uint8_t> packed =
      packedRows(tensors, stored.numbers, place, inBlocks(place.columns, 32 / bits), 4, from, count);
  const std::uint8_t* bytes = packed.data();
  for (std::int64_t r = 0; r < count; ++r, bytes += 4 * words) {
    stopIfWanted();
    for (std::int64_t c = 0; c < place.columns; ++c)
      into(r, c) = static_cast<float>(bits == 8 ? bytes[c] - 128 : (bytes[c / 2] >> 4 * (c % 2) & 15) - 8);
  }
  applyScales(tensors, stored, place, 0, from, into);
}

template <typename Values>
void noteCount(const std::string& what, const Values& values, ReadingNotes& notes) {
  const Eigen::Index bad = countNotFinite(values);
  if (bad == 0) return;
  notes.add(ReadingNoteKind::NotFinite, translated("%1: %2 of %3 values; what depends on them is not a number", what,
                                                   std::to_string(bad), std::to_string(values.size())));
}

}  // namespace

void requireShape(const Safetensors& tensors, const std::string& name, const Shape& expected) {
  const Shape& shape = tensors.entry(name).shape;
  if (shape != expected)
    throw std::runtime_error(
        translated("%1: tensor \"%2\": expected shape %3, found %4", tensors.path().string(), name, text(expected), text(shape)));
}

bool holdsMatrix(const Safetensors& tensors, const std::string& name) {
  return tensors.contains(name) || tensors.contains(name + "_packed");
}

const std::vector<std::int64_t>& storedShape(const Safetensors& tensors, const std::string& name) {
  return tensors.entry(tensors.contains(name) ? name : name + "_packed").shape;
}

std::string matrixOfCompanion(const Safetensors& tensors, const std::string& name) {
  const auto typeOf = [&](const std::string& of) { return tensors.contains(of) ? tensors.entry(of).type : std::string(); };
  for (const std::string ending : {"_scale_inv", "_scale_2", "_global_scale", "_scale", "_packed", "_shape", ".scale"}) {
    if (!name.ends_with(ending)) continue;
    const std::string matrix = name.substr(0, name.size() - ending.size()) + (ending == ".scale" ? ".weight" : "");
    const std::string plain = typeOf(matrix), packed = typeOf(matrix + "_packed");
    if (ending == "_packed"         ? packed == "I32" || packed == "U8"
        : ending == "_shape"        ? packed == "I32"
        : ending == "_global_scale" ? packed == "U8"
        : ending == "_scale_2"      ? plain == "U8"
                                    : false)
      return matrix;
    if ((ending == "_scale" || ending == ".scale" || ending == "_scale_inv") &&
        (plain.starts_with("F8") || plain == "U8" || plain == "I8"))
      return matrix;
    if (ending == "_scale" && (packed == "I32" || packed == "U8")) return matrix;
  }
  return {};
}

void readRows(const Safetensors& tensors, const MatrixPlace& place, std::int64_t from, std::int64_t count, RowMatrix& into) {
  const Stored stored = storedAs(tensors, place.name);
  into.resize(count, place.columns);
  if (stored.packing == Packing::E2m1) return readE2m1(tensors, stored, place, from, count, into);
  if (stored.packing == Packing::Integers) return readIntegers(tensors, stored, place, from, count, into);
  requireShape(tensors, place.name,
               place.slices > 0 ? Shape{place.slices, place.rows, place.columns} : Shape{place.rows, place.columns});
  tensors.readInto(place.name, (place.slice * place.rows + from) * place.columns,
                   {into.data(), static_cast<std::size_t>(into.size())});
  if (stored.packing == Packing::Fp8) applyScales(tensors, stored, place, 0, from, into);
}

void readMatrix(const Safetensors& tensors, const MatrixPlace& place, RowMatrix& into) {
  readRows(tensors, place, 0, place.rows, into);
}

RowMatrix readMatrix(const Safetensors& tensors, const MatrixPlace& place) {
  RowMatrix result;
  readMatrix(tensors, place, result);
  return result;
}

Eigen::VectorXf readVector(const Safetensors& tensors, const std::string& name, std::int64_t size) {
  if (tensors.entry(name).shape != Shape{1, size}) requireShape(tensors, name, {size});
  requirePlainFloats(tensors, name);
  Eigen::VectorXf result(size);
  tensors.readInto(name, 0, {result.data(), static_cast<std::size_t>(size)});
  return result;
}

Eigen::VectorXf readRow(const Safetensors& tensors, const std::string& name, std::int64_t row, std::int64_t rows,
                        std::int64_t size) {
  requireShape(tensors, name, {rows, size});
  requirePlainFloats(tensors, name);
  Eigen::VectorXf result(size);
  tensors.readInto(name, row * size, {result.data(), static_cast<std::size_t>(size)});
  return result;
}

RowMatrix readMxfp4(const Safetensors& tensors, const std::string& name, int expert, std::int64_t experts, std::int64_t rows,
                    std::int64_t columns) {
  const std::string blocks = name + "_blocks", scales = name + "_scales";
  if (columns % kMxBlock)
    throw std::runtime_error(translated("%1: tensor \"%2\": expected rows of a multiple of 32 values, config.json gives %3",
                                        tensors.path().string(), blocks, std::to_string(columns)));
  const std::int64_t groups = columns / kMxBlock;
  requireShape(tensors, blocks, {experts, rows, groups, kMxBlock / 2});
  requireShape(tensors, scales, {experts, rows, groups});
  for (const std::string& tensor : {blocks, scales})
    if (const std::string& type = tensors.entry(tensor).type; type != "U8" && !(tensor == scales && type == "F8_E8M0"))
      throw std::runtime_error(
          translated("%1: tensor \"%2\": expected dtype U8, found %3", tensors.path().string(), tensor, type));
  RowMatrix result(rows, columns);
  const auto count = static_cast<std::size_t>(rows * groups), first = static_cast<std::size_t>(expert) * count;
  std::vector<std::uint8_t> numbers(count * kMxBlock / 2), exponents(count);
  tensors.readBytes(blocks, first * kMxBlock / 2, numbers);
  tensors.readBytes(scales, first, exponents);
  const std::uint8_t* packed = numbers.data();
  float* to = result.data();
  for (std::size_t block = 0; block < count; ++block) {
    if (block % (kBetweenStops / kMxBlock) == 0) stopIfWanted();
    if (exponents[block] == kExponentNotANumber)
      throw std::runtime_error(
          translated("%1: tensor \"%2\": expected scales from 0 to 254, found 255", tensors.path().string(), scales));
    const float scale = std::ldexp(1.0f, exponents[block] - kExponentBias);
    unpackE2m1(packed, {to, kMxBlock});
    for (int i = 0; i < kMxBlock; ++i) to[i] *= scale;
    packed += kMxBlock / 2;
    to += kMxBlock;
  }
  return result;
}

void noteValuesNotFinite(const std::string& what, const RowMatrix& values, ReadingNotes& notes) {
  noteCount(what, values, notes);
}
void noteValuesNotFinite(const std::string& what, const Eigen::VectorXf& values, ReadingNotes& notes) {
  noteCount(what, values, notes);
}

}  // namespace moescope
