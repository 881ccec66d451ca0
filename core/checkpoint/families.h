#pragma once
// Mixture-of-Experts layers of Hugging Face checkpoints, whatever their family calls, turns or packs the tensors.
// Tensor names and router arithmetic: the transformers library's modelling sources (anchors page, section 7).

#include <Eigen/Core>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/checkpoint/reading_notes.h"
#include "core/checkpoint/router_rules.h"
#include "core/checkpoint/safetensors.h"
#include "core/geometry/expert_source.h"

namespace moescope {

/// An expert that every token passes through, beside the routed ones. It belongs to no balance statistics: nothing chooses it.
struct SharedExpert {
  ExpertWeights weights;
  Eigen::VectorXf gate;  ///< d: its output is multiplied by sigmoid(gate . h) (Qwen2-MoE); empty where the family has none
  float factor = 1.0f;   ///< multiplies its output: 1/2 where routed and shared experts are averaged
  /// Outputs (T x d), gate and factor included.
  RowMatrix operator()(const RowMatrix& tokens) const;
  /// T: what multiplies its output.
  Eigen::VectorXf gates(const RowMatrix& tokens) const;
};

struct FamilyConfig;
struct MoeBlock;

/// A checkpoint: a folder with config.json and safetensors, or a GGUF file. One expert is in memory at a time.
class MoeCheckpoint {
 public:
  /// Throws std::runtime_error with one line (file, place, expectation).
  explicit MoeCheckpoint(const std::filesystem::path& folder);
  ~MoeCheckpoint();

  const std::string& family() const;
  std::string format()
      const;                ///< of the files, and the types of their numbers, those of most bytes first: "safetensors, BF16, F32"
  int experts() const;      ///< routed ones of the layer that has most
  int experts(int layer) const;  ///< N of an MoE layer: pruned models differ from layer to layer
  int width() const;
  int modelLayers() const;  ///< of the whole model, dense ones included
  int chosen() const;       ///< experts per token
  int units() const;        ///< I of a routed expert
  const std::vector<int>& moeLayers() const { return layers_; }  ///< numbers of the layers that have a router

  RouterWeights router(int layer) const;
  ExpertWeights expert(int layer, int expert) const;
  /// The same into memory that is used again: reading many experts one after another then costs no new pages.
  void readExpertInto(int layer, int expert, ExpertWeights& into) const;
  /// Nothing where the layer has none.
  std::optional<SharedExpert> sharedExpert(int layer) const;
  bool sharesExperts(int layer) const;  ///< whether sharedExpert() is one; reads nothing

  /// What was missing, assumed or left unread when the checkpoint was opened.
  const ReadingNotes& notes() const { return notes_; }
  /// Adds a note for each tensor that gave values which are not finite, with their number.
  void noteNotFinite(int layer, const RouterWeights& router, ReadingNotes& notes) const;
  void noteNotFinite(int layer, int expert, const ExpertWeights& weights, ReadingNotes& notes) const;
  void noteNotFinite(int layer, const SharedExpert& shared, ReadingNotes& notes) const;

 private:
  const MoeBlock& block(int layer) const;

  Safetensors tensors_;
  ReadingNotes notes_;
  std::unique_ptr<const FamilyConfig> config_;
  std::vector<MoeBlock> blocks_;  ///< by rising layer
  std::vector<int> layers_;
};

}  // namespace moescope
