#include "core/checkpoint/families.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "core/checkpoint/config_file.h"
#include "core/checkpoint/expert_tensors.h"
#include "core/checkpoint/family_config.h"
#include "core/checkpoint/moe_blocks.h"
#include "core/checkpoint/tensor_matrices.h"
#include "core/words/words.h"

namespace moescope {

namespace fs = std::filesystem;

namespace {

FamilyConfig configOf(const fs::path& folder, const Safetensors& tensors, ReadingNotes& notes) {
  const bool routers = hasRouters(tensors);
  return readFamilyConfig(
      tensors.config() ? ConfigFile(*tensors.config(), folder.string(), notes) : ConfigFile(folder / "config.json", notes),
      routers);
}

/// N x d, for what the experts are given.
RowMatrix readRouterMatrix(const Safetensors& tensors, const MoeBlock& block, const FamilyConfig& config) {
  const Family& row = *config.row;
  const std::string weight = block.router + ".weight";
  if (row.picturesApart) return readMatrix(tensors, {weight, config.width, block.experts}).transpose();
  RowMatrix matrix = readMatrix(tensors, {weight, block.experts, config.width});
  if (!*row.inputNorm) return matrix;
  const std::string norm = block.layerPrefix + row.inputNorm;
  const Eigen::VectorXf experts = readVector(tensors, norm, config.width),
                        router = readVector(tensors, block.layerPrefix + row.routerScale, config.width);
  if ((experts.array() == 0.0f).any())
    throw std::runtime_error(
        translated("%1: tensor \"%2\": a factor is 0: what the experts are given does not tell what the router reads",
                   tensors.path().string(), norm));
  return matrix * (router.cwiseQuotient(experts) / std::sqrt(static_cast<float>(config.width))).asDiagonal();
}

/// Of text: the first of two where there is one for pictures.
Eigen::VectorXf readCorrectionBias(const Safetensors& tensors, const MoeBlock& block, const FamilyConfig& config) {
  return config.row->picturesApart ? readRow(tensors, block.correctionBias, 0, 2, block.experts)
                                   : readVector(tensors, block.correctionBias, block.experts);
}

}  // namespace

MoeCheckpoint::MoeCheckpoint(const fs::path& folder)
    : tensors_(folder), config_(std::make_unique<const FamilyConfig>(configOf(folder, tensors_, notes_))) {
  blocks_ = findMoeBlocks(tensors_, *config_, notes_);
  for (const MoeBlock& block : blocks_) layers_.push_back(block.layer);
}
MoeCheckpoint::~MoeCheckpoint() = default;

const std::string& MoeCheckpoint::family() const { return config_->family; }
int MoeCheckpoint::experts() const {
  return std::max_element(blocks_.begin(), blocks_.end(),
                          [](const MoeBlock& a, const MoeBlock& b) { return a.experts < b.experts; })
      ->experts;
}
int MoeCheckpoint::experts(int layer) const { return block(layer).experts; }
int MoeCheckpoint::width() const { return config_->width; }
int MoeCheckpoint::modelLayers() const { return config_->layers; }
std::string MoeCheckpoint::format() const {
  std::map<std::string, std::uint64_t> bytes;
  for (const std::string& name : tensors_.names()) bytes[tensors_.entry(name).type] += tensors_.byteCount(name);
  std::vector<std::pair<std::uint64_t, std::string>> types;
  for (const auto& [type, count] : bytes) types.emplace_back(count, type);
  std::sort(types.rbegin(), types.rend());
  std::string text = tensors_.config() ? "GGUF" : "safetensors";
  for (const auto& [count, type] : types) text += ", " + type;
  return text;
}

int MoeCheckpoint::chosen() const { return config_->scheme.chosen; }
int MoeCheckpoint::units() const { return config_->units; }

const MoeBlock& MoeCheckpoint::block(int layer) const {
  const auto found = std::find(layers_.begin(), layers_.end(), layer);
  if (found == layers_.end())
    throw std::runtime_error(translated("%1: there is no MoE layer %2", tensors_.path().string(), std::to_string(layer)));
  return blocks_[static_cast<std::size_t>(found - layers_.begin())];
}

RouterWeights MoeCheckpoint::router(int layer) const {
  const MoeBlock& own = block(layer);
  RouterWeights router{readRouterMatrix(tensors_, own, *config_), {}, {}, config_->schemeOf(layer)};
  if (*config_->row->expertScale)
    router.expertScale = readVector(tensors_, own.layerPrefix + config_->row->expertScale, own.experts);
  const std::string name = own.router.substr(own.layerPrefix.size());
  router.tensors = {own.layerPrefix, name + ".weight", {}, {}};
  if (config_->row->routerBias) {
    router.bias = readVector(tensors_, own.router + ".bias", own.experts);
    router.tensors.bias = name + ".bias";
  }
  if (config_->correctionBias) {
    router.correctionBias = readCorrectionBias(tensors_, own, *config_);
    router.tensors.correctionBias = own.correctionBias.substr(own.layerPrefix.size());
  }
  return router;
}

ExpertWeights MoeCheckpoint::expert(int layer, int number) const {
  ExpertWeights expert;
  readExpertInto(layer, number, expert);
  return expert;
}

void MoeCheckpoint::readExpertInto(int layer, int number, ExpertWeights& into) const {
  const MoeBlock& own = block(layer);
  if (number < 0 || number >= own.experts)
    throw std::runtime_error(
        translated("%1: layer %2 has no expert %3", tensors_.path().string(), std::to_string(layer), std::to_string(number)));
  readExpert(tensors_, own, number, *config_, into);
}

std::optional<SharedExpert> MoeCheckpoint::sharedExpert(int layer) const {
  return readSharedExpert(tensors_, block(layer), *config_);
}

bool MoeCheckpoint::sharesExperts(int layer) const { return !block(layer).shared.empty(); }

void MoeCheckpoint::noteNotFinite(int layer, const RouterWeights& router, ReadingNotes& notes) const {
  const MoeBlock& own = block(layer);
  noteValuesNotFinite("tensor \"" + own.router + ".weight\"", router.weight, notes);
  noteValuesNotFinite("tensor \"" + own.router + ".bias\"", router.bias, notes);
  noteValuesNotFinite("tensor \"" + own.correctionBias + "\"", router.correctionBias, notes);
  for (const char* name : {config_->row->inputNorm, config_->row->routerScale})
    if (*name)
      noteValuesNotFinite("tensor \"" + own.layerPrefix + name + "\"", readVector(tensors_, own.layerPrefix + name, width()),
                          notes);
  noteValuesNotFinite("tensor \"" + own.layerPrefix + config_->row->expertScale + "\"", router.expertScale, notes);
}

void MoeCheckpoint::noteNotFinite(int layer, int expert, const ExpertWeights& weights, ReadingNotes& notes) const {
  noteExpertNotFinite(tensors_, block(layer), expert, *config_, weights, notes);
}

void MoeCheckpoint::noteNotFinite(int layer, const SharedExpert& shared, ReadingNotes& notes) const {
  noteSharedNotFinite(tensors_, block(layer), *config_, shared, notes);
}

}  // namespace moescope
