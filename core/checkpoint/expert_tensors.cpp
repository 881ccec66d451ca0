#include "core/checkpoint/expert_tensors.h"

#include <stdexcept>

#include "core/checkpoint/tensor_matrices.h"
#include "core/words/words.h"

namespace moescope {
namespace {

/// What the parts of an expert are called. gate and up alike: they share a tensor, gate rows before up rows.
struct PartNames {
  std::string gate, up, down;
};

/// How the matrices of one expert may be named below its prefix; the first whose first tensor is there counts.
std::vector<PartNames> possibleNames(const std::string& own, const Family& family) {
  if (family.activation == ActivationRule::NamedWithoutGate)
    return {{own + "up_proj.weight", own + "up_proj.weight", own + "down_proj.weight"}};
  return {{own + "gate_proj.weight", own + "up_proj.weight", own + "down_proj.weight"},
          {own + "w1.weight", own + "w3.weight", own + "w2.weight"},
          {own + "linear_gate.weight", own + "up_proj.weight", own + "down_proj.weight"},
          {own + "gate_up_proj.weight", own + "gate_up_proj.weight", own + "down_proj.weight"},
          {own + "input_linear.weight", own + "input_linear.weight", own + "output_linear.weight"}};
}

PartNames singleNames(const Safetensors& tensors, const std::string& own, const Family& family) {
  const std::vector<PartNames> possible = possibleNames(own, family);
  for (const PartNames& names : possible)
    if (holdsMatrix(tensors, names.gate)) return names;
  return possible.front();
}

/// f(W_up h) as the product of f(a) with a = W_up h and u = 1.
void leaveUngated(ExpertWeights& expert) {
  expert.up = RowMatrix::Zero(expert.gate.rows(), expert.gate.cols());
  expert.upBias = Eigen::VectorXf::Ones(expert.gate.rows());
}

/// One expert alone, I units.
void singleExpert(const Safetensors& tensors, const PartNames& names, std::int64_t units, const FamilyConfig& config,
                  ExpertWeights& expert) {
  const std::int64_t d = config.width;
  const bool ungated = config.row->activation == ActivationRule::NamedWithoutGate, fused = names.gate == names.up && !ungated;
  readRows(tensors, {names.gate, fused ? 2 * units : units, d}, 0, units, expert.gate);
  if (ungated) leaveUngated(expert);
  else readRows(tensors, {names.up, fused ? 2 * units : units, d}, fused ? units : 0, units, expert.up);
  readMatrix(tensors, {names.down, d, units}, expert.down);
}

/// The three stacks of a GGUF file, [out, in] each.
PartNames ggufNames(const MoeBlock& block) {
  return {block.prefix + "experts.gate_exps", block.prefix + "experts.up_exps", block.prefix + "experts.down_exps"};
}

void ggufExpert(const Safetensors& tensors, const PartNames& names, int number, std::int64_t n, const FamilyConfig& config,
                ExpertWeights& expert) {
  readMatrix(tensors, {names.gate, config.units, config.width, number, n}, expert.gate);
  readMatrix(tensors, {names.up, config.units, config.width, number, n}, expert.up);
  readMatrix(tensors, {names.down, config.width, config.units, number, n}, expert.down);
}

/// The names of the stacked tensors of a block.
PartNames stackedNames(const MoeBlock& block, const Family& family) {
  const std::string fused = block.prefix + family.fused;
  return {fused, *family.stackedUp ? block.prefix + family.stackedUp : fused, block.prefix + family.stackedDown};
}

void interleavedExpert(const Safetensors& tensors, const PartNames& names, int number, std::int64_t n, const FamilyConfig& config,
                       ExpertWeights& expert) {
  const std::int64_t d = config.width, units = config.units;
  const auto first = Eigen::seqN(0, units, 2), second = Eigen::seqN(1, units, 2);
  if (tensors.contains(names.gate + "_blocks")) {
    const RowMatrix both = readMxfp4(tensors, names.gate, number, n, 2 * units, d);
    expert.gate = both(first, Eigen::all);
    expert.up = both(second, Eigen::all);
    expert.down = readMxfp4(tensors, names.down, number, n, d, units);
  } else {
    RowMatrix both;
    readMatrix(tensors, {names.gate, d, 2 * units, number, n}, both);
    expert.gate = both(Eigen::all, first).transpose();
    expert.up = both(Eigen::all, second).transpose();
    readMatrix(tensors, {names.down, units, d, number, n}, both);
    expert.down = both.transpose();
  }
  const Eigen::VectorXf bothBias = readRow(tensors, names.gate + "_bias", number, n, 2 * units);
  expert.gateBias = bothBias(first);
  expert.upBias = bothBias(second);
  expert.downBias = readRow(tensors, names.down + "_bias", number, n, d);
}

void outInExpert(const Safetensors& tensors, const PartNames& names, int number, std::int64_t n, const FamilyConfig& config,
                 ExpertWeights& expert) {
  const std::int64_t d = config.width, units = config.units;
  if (tensors.contains(names.down) && tensors.entry(names.down).type != "U8")
    requireShape(tensors, names.down, {n, d, units});  // tells [out, in] from [in, out] where 2I = d
  const bool apart = names.up != names.gate;
  const std::int64_t rows = apart ? units : 2 * units;
  readRows(tensors, {names.gate, rows, d, number, n}, 0, units, expert.gate);
  readRows(tensors, {names.up, rows, d, number, n}, apart ? 0 : units, units, expert.up);
  readMatrix(tensors, {names.down, d, units, number, n}, expert.down);
}

void rowsInTurnExpert(const Safetensors& tensors, const PartNames& names, int number, std::int64_t n, const FamilyConfig& config,
                      ExpertWeights& expert) {
  const std::int64_t d = config.width, units = config.units;
  RowMatrix both;
  readMatrix(tensors, {names.gate, 2 * units, d, number, n}, both);
  expert.gate = both(Eigen::seqN(0, units, 2), Eigen::all);
  expert.up = both(Eigen::seqN(1, units, 2), Eigen::all);
  readMatrix(tensors, {names.down, d, units, number, n}, expert.down);
}

void inOutExpert(const Safetensors& tensors, const PartNames& names, int number, std::int64_t n, const FamilyConfig& config,
                 ExpertWeights& expert) {
  const std::int64_t d = config.width, units = config.units;
  requireShape(tensors, names.down, {n, units, d});
  RowMatrix both;
  readMatrix(tensors, {names.gate, d, 2 * units, number, n}, both);
  expert.gate = both.leftCols(units).transpose();
  expert.up = both.rightCols(units).transpose();
  readMatrix(tensors, {names.down, units, d, number, n}, both);
  expert.down = both.transpose();
  if (!config.row->expertBiases) return;
  const Eigen::VectorXf bothBias = readRow(tensors, names.gate + "_bias", number, n, 2 * units);
  expert.gateBias = bothBias.head(units);
  expert.upBias = bothBias.tail(units);
  expert.downBias = readRow(tensors, names.down + "_bias", number, n, d);
}

/// Releases of one family lie both ways; where the matrices are square nothing tells which.
void eitherExpert(const Safetensors& tensors, const PartNames& names, int number, std::int64_t n, const FamilyConfig& config,
                  ExpertWeights& expert) {
  const std::int64_t d = config.width, units = config.units;
  if (d == units)
    throw std::runtime_error(
        translated("%1: tensor \"%2\": releases of family %3 lie both ways, and a square of %4 does not tell which",
                   tensors.path().string(), names.down, config.family, std::to_string(d)));
  if (tensors.entry(names.down).shape == std::vector<std::int64_t>{n, units, d})
    inOutExpert(tensors, names, number, n, config, expert);
  else outInExpert(tensors, names, number, n, config, expert);
}

void flatExpert(const Safetensors& tensors, const PartNames& names, int number, std::int64_t n, const FamilyConfig& config,
                ExpertWeights& expert) {
  const std::int64_t d = config.width, units = config.units, from = number * units;
  RowMatrix down;
  readRows(tensors, {names.gate, n * units, d}, from, units, expert.gate);
  readRows(tensors, {names.up, n * units, d}, from, units, expert.up);
  readRows(tensors, {names.down, n * units, d}, from, units, down);
  expert.down = down.transpose();
}

void stackedExpert(const Safetensors& tensors, const PartNames& names, int number, std::int64_t n, const FamilyConfig& config,
                   ExpertWeights& expert) {
  switch (config.row->layout) {
    case StackedLayout::OutIn: return outInExpert(tensors, names, number, n, config, expert);
    case StackedLayout::RowsInTurn: return rowsInTurnExpert(tensors, names, number, n, config, expert);
    case StackedLayout::InOut: return inOutExpert(tensors, names, number, n, config, expert);
    case StackedLayout::Either: return eitherExpert(tensors, names, number, n, config, expert);
    case StackedLayout::Interleaved: return interleavedExpert(tensors, names, number, n, config, expert);
    case StackedLayout::Flat: return flatExpert(tensors, names, number, n, config, expert);
  }
}

std::string ownPrefix(const MoeBlock& block, int number) { return block.prefix + "experts." + std::to_string(number) + "."; }

bool isStacked(const Safetensors& tensors, const PartNames& names) {
  return holdsMatrix(tensors, names.gate) || tensors.contains(names.gate + "_blocks");
}

/// The one packing in which the experts are there; more than one would leave open which of them the model uses.
void requireOnePacking(const Safetensors& tensors, const MoeBlock& block, int number, const Family& family) {
  const std::string own = ownPrefix(block, number);
  const PartNames stacked = stackedNames(block, family);
  std::vector<std::string> names = {stacked.gate, stacked.gate + "_blocks", ggufNames(block).gate}, found;
  for (const PartNames& single : possibleNames(own, family)) names.push_back(single.gate);
  for (const std::string& name : names)
    if (holdsMatrix(tensors, name)) found.push_back(name);
  if (found.empty())
    throw std::runtime_error(
        translated("%1: there is no tensor \"%2gate_proj.weight\", and no stacked one either", tensors.path().string(), own));
  if (found.size() > 1)
    throw std::runtime_error(
        translated("%1: ambiguous: expected either \"%2\" or \"%3\", not both", tensors.path().string(), found[0], found[1]));
}

void becomeIdentity(const FamilyConfig& config, ExpertWeights& expert) {
  expert = {};
  expert.gate.resize(0, config.width);
  expert.up.resize(0, config.width);
  expert.down.resize(config.width, 0);
  expert.identity = true;
}

void notePartsNotFinite(const PartNames& names, const ExpertWeights& weights, ReadingNotes& notes) {
  noteValuesNotFinite("tensor " + names.gate, weights.gate, notes);
  noteValuesNotFinite("tensor " + names.up, weights.up, notes);
  noteValuesNotFinite("tensor " + names.down, weights.down, notes);
  noteValuesNotFinite("tensor " + names.gate + ", bias", weights.gateBias, notes);
  noteValuesNotFinite("tensor " + names.up + ", bias", weights.upBias, notes);
  noteValuesNotFinite("tensor " + names.down + ", bias", weights.downBias, notes);
}

PartNames quoted(const PartNames& names) { return {"\"" + names.gate + "\"", "\"" + names.up + "\"", "\"" + names.down + "\""}; }

}  // namespace

void readExpert(const Safetensors& tensors, const MoeBlock& block, int number, const FamilyConfig& config, ExpertWeights& into) {
  if (number >= block.weighted) return becomeIdentity(config, into);
  requireOnePacking(tensors, block, number, *config.row);
  into.identity = false;
  into.activation = config.activationOf(block.layer);
  if (const PartNames names = ggufNames(block); tensors.contains(names.gate))
    return ggufExpert(tensors, names, number, block.weighted, config, into);
  if (const PartNames stacked = stackedNames(block, *config.row); isStacked(tensors, stacked))
    return stackedExpert(tensors, stacked, number, block.weighted, config, into);
  if (config.row->expertBiases)
    throw std::runtime_error(translated("%1: there is no tensor \"%2_bias\": experts of family %3 have biases",
                                        tensors.path().string(), stackedNames(block, *config.row).gate, config.family));
  singleExpert(tensors, singleNames(tensors, ownPrefix(block, number), *config.row), config.units, config, into);
}

std::optional<SharedExpert> readSharedExpert(const Safetensors& tensors, const MoeBlock& block, const FamilyConfig& config) {
  if (block.shared.empty()) return std::nullopt;
  const PartNames names = singleNames(tensors, block.shared, *config.row);
  if (!holdsMatrix(tensors, names.gate)) tensors.entry(names.gate);  // says that it is missing
  const std::vector<std::int64_t>& shape = storedShape(tensors, names.gate);
  if (shape.size() != 2 || shape[0] < 1)
    throw std::runtime_error(translated("%1: tensor \"%2\": expected shape [units, %3]", tensors.path().string(), names.gate,
                                        std::to_string(config.width)));
  const bool fused = names.gate == names.up && config.row->activation != ActivationRule::NamedWithoutGate;
  SharedExpert shared;
  shared.weights.activation = config.sharedActivationOf(block.layer);
  shared.factor = config.sharedFactor;
  singleExpert(tensors, names, fused ? shape[0] / 2 : shape[0], config, shared.weights);
  if (const std::string gate = block.prefix + "shared_expert_gate.weight"; tensors.contains(gate))
    shared.gate = readMatrix(tensors, {gate, 1, config.width}).transpose();
  return shared;
}

void noteExpertNotFinite(const Safetensors& tensors, const MoeBlock& block, int number, const FamilyConfig& config,
                         const ExpertWeights& weights, ReadingNotes& notes) {
  if (weights.identity) return;
  const PartNames stacked = tensors.contains(ggufNames(block).gate) ? ggufNames(block) : stackedNames(block, *config.row);
  if (!isStacked(tensors, stacked))
    return notePartsNotFinite(quoted(singleNames(tensors, ownPrefix(block, number), *config.row)), weights, notes);
  const PartNames names = quoted(stacked);
  const std::string of = ", expert " + std::to_string(number);
  notePartsNotFinite({names.gate + of + ", gate", names.up + of + ", up", names.down + of}, weights, notes);
}

void noteSharedNotFinite(const Safetensors& tensors, const MoeBlock& block, const FamilyConfig& config,
                         const SharedExpert& shared, ReadingNotes& notes) {
  notePartsNotFinite(quoted(singleNames(tensors, block.shared, *config.row)), shared.weights, notes);
  noteValuesNotFinite("tensor \"" + block.prefix + "shared_expert_gate.weight\"", shared.gate, notes);
}

}  // namespace moescope
