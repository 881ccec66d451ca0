#include "core/checkpoint/expert_tensors.h"

#include <array>
#include <cmath>
#include <stdexcept>

namespace moescope {
namespace {

using Shape = std::vector<std::int64_t>;

constexpr std::int64_t kFp8Block = 128, kMxfp4Block = 32;
constexpr int kMxfp4Bias = 127, kMxfp4NotANumber = 255;
constexpr std::array<float, 16> kMxfp4Values = {0.0f, 0.5f, 1.0f, 1.5f, 2.0f, 3.0f, 4.0f, 6.0f, -0.0f, -0.5f, -1.0f, -1.5f, -2.0f, -3.0f, -4.0f, -6.0f};

std::string text(const Shape& shape) {
  std::string result = "[";
  for (const std::int64_t size : shape) result += (result.size() > 1 ? ", " : "") + std::to_string(size);
  return result + "]";
}

void requireShape(const Safetensors& tensors, const std::string& name, const Shape& expected) {
  const Shape& shape = tensors.entry(name).shape;
  if (shape != expected)
    throw std::runtime_error(tensors.path().string() + ": tensor \"" + name + "\": expected shape " + text(expected) + ", found " + text(shape));
}

std::int64_t blocksOf(std::int64_t size) { return (size + kFp8Block - 1) / kFp8Block; }

/// Rows [from, from + into.rows()) of a matrix whose blocks of 128 x 128 have these factors (row-major), multiplied by them.
void scaleBlocks(const float* factors, std::int64_t from, RowMatrix& into) {
  const std::int64_t across = blocksOf(into.cols());
  for (std::int64_t r = 0; r < into.rows(); ++r)
    for (std::int64_t c = 0; c < across; ++c)
      into.row(r).segment(c * kFp8Block, std::min(kFp8Block, into.cols() - c * kFp8Block)) *= factors[(from + r) / kFp8Block * across + c];
}

/// Quantised tensors of other layouts carry other companions, or are integers; read without them they would be other numbers.
void requireKnownScales(const Safetensors& tensors, const std::string& name) {
  const std::string& type = tensors.entry(name).type;
  if (!type.starts_with("F") && type != "BF16")
    throw std::runtime_error(tensors.path().string() + ": tensor \"" + name + "\": expected floats, found " + type + ": a packing that is not known");
  if (type.starts_with("F8") && !tensors.contains(name + "_scale_inv"))
    throw std::runtime_error(tensors.path().string() + ": tensor \"" + name + "\" is fp8 (" + type + ") without scales: expected \"" + name + "_scale_inv\" for blocks of 128 x 128");
  for (const char* companion : {"_scale", "_scales", "_scale_2", "_zero_point", "_zeros", "_absmax", "_packed"})
    if (tensors.contains(name + companion))
      throw std::runtime_error(tensors.path().string() + ": tensor \"" + name + "\": expected no scales, or \"" + name + "_scale_inv\" for blocks of 128 x 128; found \"" + name +
                               companion + "\"");
}

/// Rows [from, from + count) of slice `expert` of a stacked tensor [N, rows, columns], with its block scales where there are any.
void sliceRows(const Safetensors& tensors, const std::string& name, int expert, const Shape& shape, std::int64_t from, std::int64_t count, RowMatrix& into) {
  requireKnownScales(tensors, name);
  requireShape(tensors, name, shape);
  const std::int64_t rows = shape[1], columns = shape[2];
  into.resize(count, columns);
  tensors.readInto(name, (expert * rows + from) * columns, {into.data(), static_cast<std::size_t>(into.size())});
  const std::string scales = name + "_scale_inv";
  if (!tensors.contains(scales)) return;
  requireShape(tensors, scales, {shape[0], blocksOf(rows), blocksOf(columns)});
  std::vector<float> factors(static_cast<std::size_t>(blocksOf(rows) * blocksOf(columns)));
  tensors.readInto(scales, expert * static_cast<std::int64_t>(factors.size()), factors);
  scaleBlocks(factors.data(), from, into);
}

/// All rows of slice `expert`.
void slice(const Safetensors& tensors, const std::string& name, int expert, std::int64_t experts, std::int64_t rows, std::int64_t columns, RowMatrix& into) {
  sliceRows(tensors, name, expert, {experts, rows, columns}, 0, rows, into);
}

Eigen::VectorXf biasOf(const Safetensors& tensors, const std::string& name, int expert, std::int64_t experts, std::int64_t size) {
  requireShape(tensors, name, {experts, size});
  requireKnownScales(tensors, name);
  Eigen::VectorXf result(size);
  tensors.readInto(name, expert * size, {result.data(), static_cast<std::size_t>(size)});
  return result;
}

void gptOssExpert(const Safetensors& tensors, const std::string& prefix, int number, std::int64_t n, const FamilyConfig& config, ExpertWeights& expert) {
  const std::int64_t d = config.width, units = config.units;
  if (tensors.contains(prefix + "gate_up_proj_blocks")) {
    const RowMatrix both = readMxfp4(tensors, prefix + "gate_up_proj", number, n, 2 * units, d);
    expert.gate = both(Eigen::seqN(0, units, 2), Eigen::all);
    expert.up = both(Eigen::seqN(1, units, 2), Eigen::all);
    expert.down = readMxfp4(tensors, prefix + "down_proj", number, n, d, units);
  } else {
    RowMatrix both;
    slice(tensors, prefix + "gate_up_proj", number, n, d, 2 * units, both);
    expert.gate = both(Eigen::all, Eigen::seqN(0, units, 2)).transpose();
    expert.up = both(Eigen::all, Eigen::seqN(1, units, 2)).transpose();
    slice(tensors, prefix + "down_proj", number, n, units, d, both);
    expert.down = both.transpose();
  }
  const Eigen::VectorXf bothBias = biasOf(tensors, prefix + "gate_up_proj_bias", number, n, 2 * units);
  expert.gateBias = bothBias(Eigen::seqN(0, units, 2));
  expert.upBias = bothBias(Eigen::seqN(1, units, 2));
  expert.downBias = biasOf(tensors, prefix + "down_proj_bias", number, n, d);
}

void stackedExpert(const Safetensors& tensors, const std::string& prefix, int number, std::int64_t n, const FamilyConfig& config, ExpertWeights& expert) {
  const std::int64_t d = config.width, units = config.units;
  requireShape(tensors, prefix + "down_proj", {n, d, units});  // tells [out, in] from [in, out] where 2I = d
  sliceRows(tensors, prefix + "gate_up_proj", number, {n, 2 * units, d}, 0, units, expert.gate);
  sliceRows(tensors, prefix + "gate_up_proj", number, {n, 2 * units, d}, units, units, expert.up);
  slice(tensors, prefix + "down_proj", number, n, d, units, expert.down);
}

/// What each part of an expert is called.
struct PartNames {
  std::string gate, up, down;
};

PartNames numberedNames(const Safetensors& tensors, const std::string& prefix) {
  if (tensors.contains(prefix + "w1.weight")) return {prefix + "w1.weight", prefix + "w3.weight", prefix + "w2.weight"};
  return {prefix + "gate_proj.weight", prefix + "up_proj.weight", prefix + "down_proj.weight"};
}

void numberedExpert(const Safetensors& tensors, const std::string& prefix, std::int64_t units, std::int64_t width, ExpertWeights& expert) {
  const PartNames names = numberedNames(tensors, prefix);
  readMatrix(tensors, names.gate, units, width, expert.gate);
  readMatrix(tensors, names.up, units, width, expert.up);
  readMatrix(tensors, names.down, width, units, expert.down);
}

template <typename Values>
void noteCount(const std::string& what, const Values& values, ReadingNotes& notes) {
  if (values.size() == 0 || values.allFinite()) return;
  const Eigen::Index bad = values.size() - values.array().isFinite().count();
  notes.add(ReadingNoteKind::NotFinite, what + ": " + std::to_string(bad) + " of " + std::to_string(values.size()) + " values; what depends on them is not a number");
}

void notePartsNotFinite(const PartNames& names, const ExpertWeights& weights, ReadingNotes& notes) {
  noteCount("tensor " + names.gate, weights.gate, notes);
  noteCount("tensor " + names.up, weights.up, notes);
  noteCount("tensor " + names.down, weights.down, notes);
  noteCount("tensor " + names.gate + ", bias", weights.gateBias, notes);
  noteCount("tensor " + names.up + ", bias", weights.upBias, notes);
  noteCount("tensor " + names.down + ", bias", weights.downBias, notes);
}

PartNames quoted(const PartNames& names) { return {"\"" + names.gate + "\"", "\"" + names.up + "\"", "\"" + names.down + "\""}; }

/// The one packing in which the experts are there; more than one would leave open which of them the model uses.
void requireOnePacking(const Safetensors& tensors, const std::string& prefix, int number) {
  const std::string own = prefix + std::to_string(number) + ".";
  std::vector<std::string> found;
  for (const std::string& name : {prefix + "gate_up_proj", prefix + "gate_up_proj_blocks", own + "gate_proj.weight", own + "w1.weight"})
    if (tensors.contains(name)) found.push_back(name);
  if (found.empty()) throw std::runtime_error(tensors.path().string() + ": there is no tensor \"" + own + "gate_proj.weight\", and no stacked one either");
  if (found.size() > 1) throw std::runtime_error(tensors.path().string() + ": ambiguous: expected either \"" + found[0] + "\" or \"" + found[1] + "\", not both");
}

}  // namespace

Eigen::VectorXf readVector(const Safetensors& tensors, const std::string& name, std::int64_t size) {
  if (tensors.entry(name).shape != Shape{1, size}) requireShape(tensors, name, {size});
  requireKnownScales(tensors, name);
  Eigen::VectorXf result(size);
  tensors.readInto(name, 0, {result.data(), static_cast<std::size_t>(size)});
  return result;
}

RowMatrix readMatrix(const Safetensors& tensors, const std::string& name, std::int64_t rows, std::int64_t columns) {
  RowMatrix result;
  readMatrix(tensors, name, rows, columns, result);
  return result;
}

void readMatrix(const Safetensors& tensors, const std::string& name, std::int64_t rows, std::int64_t columns, RowMatrix& into) {
  requireKnownScales(tensors, name);
  requireShape(tensors, name, {rows, columns});
  into.resize(rows, columns);
  tensors.readInto(name, 0, {into.data(), static_cast<std::size_t>(into.size())});
  const std::string scales = name + "_scale_inv";
  if (!tensors.contains(scales)) return;
  requireShape(tensors, scales, {blocksOf(rows), blocksOf(columns)});
  scaleBlocks(tensors.read(scales).data(), 0, into);
}

RowMatrix readMxfp4(const Safetensors& tensors, const std::string& name, int expert, std::int64_t experts, std::int64_t rows, std::int64_t columns) {
  const std::string blocks = name + "_blocks", scales = name + "_scales";
  if (columns % kMxfp4Block)
    throw std::runtime_error(tensors.path().string() + ": tensor \"" + blocks + "\": expected rows of a multiple of 32 values, config.json gives " + std::to_string(columns));
  const std::int64_t groups = columns / kMxfp4Block;
  requireShape(tensors, blocks, {experts, rows, groups, kMxfp4Block / 2});
  requireShape(tensors, scales, {experts, rows, groups});
  for (const std::string& tensor : {blocks, scales})
    if (const std::string& type = tensors.entry(tensor).type; type != "U8" && !(tensor == scales && type == "F8_E8M0"))
      throw std::runtime_error(tensors.path().string() + ": tensor \"" + tensor + "\": expected dtype U8, found " + type);
  RowMatrix result(rows, columns);
  const auto count = static_cast<std::size_t>(rows * groups), first = static_cast<std::size_t>(expert) * count;
  const std::uint8_t* packed = tensors.bytes(blocks).data() + first * kMxfp4Block / 2;
  const std::uint8_t* exponents = tensors.bytes(scales).data() + first;
  float* to = result.data();
  for (std::size_t block = 0; block < count; ++block) {
    if (exponents[block] == kMxfp4NotANumber) throw std::runtime_error(tensors.path().string() + ": tensor \"" + scales + "\": expected scales from 0 to 254, found 255");
    const float scale = std::ldexp(1.0f, exponents[block] - kMxfp4Bias);
    for (int i = 0; i < kMxfp4Block / 2; ++i, ++packed, to += 2) {
      to[0] = scale * kMxfp4Values[*packed & 15];
      to[1] = scale * kMxfp4Values[*packed >> 4];
    }
  }
  return result;
}

void readExpert(const Safetensors& tensors, const std::string& prefix, int number, int experts, const FamilyConfig& config, ExpertWeights& into) {
  requireOnePacking(tensors, prefix, number);
  into.activation = config.activation;
  if (config.expertBiases) gptOssExpert(tensors, prefix, number, experts, config, into);
  else if (tensors.contains(prefix + "gate_up_proj")) stackedExpert(tensors, prefix, number, experts, config, into);
  else numberedExpert(tensors, prefix + std::to_string(number) + ".", config.units, config.width, into);
}

std::optional<SharedExpert> readSharedExpert(const Safetensors& tensors, const std::string& prefix, const FamilyConfig& config) {
  const bool one = tensors.contains(prefix + "shared_expert.gate_proj.weight"), several = tensors.contains(prefix + "shared_experts.gate_proj.weight");
  if (one && several) throw std::runtime_error(tensors.path().string() + ": ambiguous: expected either \"" + prefix + "shared_expert\" or \"" + prefix + "shared_experts\", not both");
  if (!one && !several) return std::nullopt;
  const std::string own = prefix + (one ? "shared_expert." : "shared_experts.");
  const Shape& shape = tensors.entry(own + "gate_proj.weight").shape;
  if (shape.size() != 2 || shape[0] < 1) throw std::runtime_error(tensors.path().string() + ": tensor \"" + own + "gate_proj.weight\": expected shape [units, " + std::to_string(config.width) + "]");
  SharedExpert shared;
  shared.weights.activation = config.activation;
  numberedExpert(tensors, own, shape[0], config.width, shared.weights);
  if (const std::string gate = prefix + "shared_expert_gate.weight"; tensors.contains(gate)) shared.gate = readMatrix(tensors, gate, 1, config.width).transpose();
  return shared;
}

void noteValuesNotFinite(const std::string& what, const RowMatrix& values, ReadingNotes& notes) { noteCount(what, values, notes); }
void noteValuesNotFinite(const std::string& what, const Eigen::VectorXf& values, ReadingNotes& notes) { noteCount(what, values, notes); }

void noteExpertNotFinite(const Safetensors& tensors, const std::string& prefix, int number, const ExpertWeights& weights, ReadingNotes& notes) {
  const std::string own = prefix + std::to_string(number) + ".", of = ", expert " + std::to_string(number);
  if (tensors.contains(own + "w1.weight") || tensors.contains(own + "gate_proj.weight")) return notePartsNotFinite(quoted(numberedNames(tensors, own)), weights, notes);
  const PartNames names = quoted({prefix + "gate_up_proj", prefix + "gate_up_proj", prefix + "down_proj"});
  notePartsNotFinite({names.gate + of + ", gate", names.up + of + ", up", names.down + of}, weights, notes);
}

void noteSharedNotFinite(const Safetensors& tensors, const std::string& prefix, const SharedExpert& shared, ReadingNotes& notes) {
  const std::string one = prefix + "shared_expert.";
  const bool single = tensors.contains(one + "gate_proj.weight");
  notePartsNotFinite(quoted(numberedNames(tensors, single ? one : prefix + "shared_experts.")), shared.weights, notes);
  noteCount("tensor \"" + prefix + "shared_expert_gate.weight\"", shared.gate, notes);
}

}  // namespace moescope
