#pragma once
// The numbers of a layer of many tokens, at one lens after another.

#include <atomic>
#include <memory>
#include <string>

#include "core/reading/gpu_scores.h"
#include "core/reading/routing.h"

namespace moescope {

class LayerMeter {
 public:
  /// Sends the scores to the GPU, where one is used and they are worth it.
  explicit LayerMeter(std::shared_ptr<const LayerSnapshot> layer);

  const std::shared_ptr<const LayerSnapshot>& layer() const { return layer_; }
  /// measureLayer(), by the GPU where it can, which agrees to 1e-5 relative and gives no tokenEntropy. A GPU that fails is not
  /// asked again: the processor goes on. Throws as measureLayer().
  LayerMeasures measure(const Lens& lens, const std::atomic<bool>* stop = nullptr);
  /// Why the GPU was given up, one line; empty: it was not.
  const std::string& trouble() const { return trouble_; }

 private:
  std::shared_ptr<const LayerSnapshot> layer_;
  std::unique_ptr<GpuScores> trained_, prior_;  ///< posterior scores and scores, where both are read; else the former alone
  std::string trouble_;
};

}  // namespace moescope
