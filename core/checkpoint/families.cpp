#include "core/checkpoint/families.h"

#include <stdexcept>

#include "core/checkpoint/expert_tensors.h"
#include "core/checkpoint/family_config.h"

namespace moescope {

namespace fs = std::filesystem;

MoeCheckpoint::MoeCheckpoint(const fs::path& folder) : tensors_(folder), config_(std::make_unique<const FamilyConfig>(readFamilyConfig(folder / "config.json"))) {
  for (int layer = 0; layer < config_->layers; ++layer)
    if (tensors_.contains(prefix(layer) + "gate.weight") || tensors_.contains(prefix(layer) + "router.weight")) layers_.push_back(layer);
  if (layers_.empty()) throw std::runtime_error(folder.string() + ": no layer has a router; expected tensors like " + prefix(0) + "gate.weight");
}
MoeCheckpoint::~MoeCheckpoint() = default;

const std::string& MoeCheckpoint::family() const { return config_->family; }
int MoeCheckpoint::experts() const { return config_->experts; }
int MoeCheckpoint::width() const { return config_->width; }
int MoeCheckpoint::modelLayers() const { return config_->layers; }
int MoeCheckpoint::chosen() const { return config_->scheme.chosen; }

std::string MoeCheckpoint::prefix(int layer) const {
  const std::string start = "model.layers." + std::to_string(layer) + ".", mixtral = start + "block_sparse_moe.";
  return tensors_.contains(mixtral + "gate.weight") ? mixtral : start + "mlp.";
}

RouterWeights MoeCheckpoint::router(int layer) const {
  const std::string at = prefix(layer);
  const std::string name = at + (tensors_.contains(at + "router.weight") ? "router" : "gate");
  const int n = experts();
  RouterWeights router{readMatrix(tensors_, name + ".weight", n, width()), {}, {}, config_->scheme};
  const auto vector = [&](const std::string& tensor) {
    const auto numbers = tensors_.read(tensor, 0, n);
    return Eigen::VectorXf(Eigen::Map<const Eigen::VectorXf>(numbers.data(), n));
  };
  if (tensors_.contains(name + ".bias")) router.bias = vector(name + ".bias");
  if (tensors_.contains(name + ".e_score_correction_bias")) router.correctionBias = vector(name + ".e_score_correction_bias");
  return router;
}

ExpertWeights MoeCheckpoint::expert(int layer, int number) const {
  ExpertWeights expert;
  readExpertInto(layer, number, expert);
  return expert;
}

void MoeCheckpoint::readExpertInto(int layer, int number, ExpertWeights& into) const {
  if (number < 0 || number >= experts()) throw std::runtime_error(config_->file + ": there is no expert " + std::to_string(number));
  readExpert(tensors_, prefix(layer) + "experts.", number, *config_, into);
}

std::optional<SharedExpert> MoeCheckpoint::sharedExpert(int layer) const { return readSharedExpert(tensors_, prefix(layer), *config_); }

}  // namespace moescope
