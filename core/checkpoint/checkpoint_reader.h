#pragma once
// A checkpoint as the views draw it, one layer at a time: the real router's logits on a trace's tokens, and the analysis of
// its experts. Without a trace the tokens are invented and say so.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "core/checkpoint/capture.h"
#include "core/checkpoint/families.h"
#include "core/checkpoint/layer_reader.h"
#include "core/checkpoint/trace.h"
#include "core/geometry/expert_analysis.h"
#include "core/reading/snapshot.h"

namespace moescope {

/// Tokens that are shown at most; of longer traces evenly spaced ones.
inline constexpr std::int64_t kShownTokens = 2048;
/// Tokens that means and loads are taken of at most, and bytes of their scores and gates; of longer traces evenly spaced ones.
inline constexpr std::int64_t kMeasuredTokens = 1 << 20, kMeasuredBytes = std::int64_t{2} << 30;

/// A checkpoint's folder or GGUF file, or a capture, and a trace that goes with it; either may be empty.
struct CheckpointPlace {
  std::filesystem::path folder, trace;
};

/// What a path stands for that a person names or drops: a folder; its config.json, its index or one of its tensor files; a GGUF
/// file; a capture; or a trace, whose folder is given when a checkpoint lies beside it. Throws std::runtime_error with one line.
CheckpointPlace locateCheckpoint(const std::filesystem::path& path);

/// Opens a checkpoint or a capture; as their constructors. `trace` may be a capture of the checkpoint `path`: it is shown, with
/// the checkpoint's shape and numbers. A capture takes no trace. `reading`: of a capture; of none nothing.
std::unique_ptr<const LayerReader> openLayers(const std::filesystem::path& path, const std::filesystem::path& trace,
                                              std::uint64_t generation, const CaptureReading& reading = {});

class CheckpointReader : public LayerReader {
 public:
  /// Opens the headers and checks that trace and checkpoint fit. `trace` empty: trace.safetensors in the folder, where there is
  /// one. `generation`: what snapshots and analyses carry. Throws std::runtime_error with one line (file, place, expectation).
  CheckpointReader(const std::filesystem::path& folder, const std::filesystem::path& trace, std::uint64_t generation);

  int layers() const override { return static_cast<int>(checkpoint_.moeLayers().size()); }
  int number(int layer) const override {
    return checkpoint_.moeLayers().at(static_cast<std::size_t>(layer));
  }                                                                                     ///< as the checkpoint counts
  int experts(int layer) const override { return checkpoint_.experts(number(layer)); }  ///< of `layer`, counted from 0

  /// All layers, of which only `layer` (0 to layers() - 1) is filled. Where the trace has no such layer its tokens are
  /// synthetic: Gaussian, each of root mean square 1 as a normed residual. Throws std::runtime_error for what cannot be read.
  SnapshotPointer snapshot(int layer) const override;
  bool summarises() const override { return layers() > 1; }
  LayerOfExperts summary(int layer) const override;
  bool comparesShared() const override { return sharesExperts_; }
  void compareShared(int layer, LayerOfExperts& into, const std::function<bool(int)>& progress) const override;
  std::shared_ptr<const DomainLifts> lifts(const std::vector<LayerOfExperts>& layers,
                                           const std::function<bool(int)>& progress) const override;
  bool analyses() const override { return true; }

  SnapshotPointer withAllTokens(
      const SnapshotPointer& shown, int layer,
      const std::function<bool(std::int64_t, std::int64_t)>& progress) const override;  // a few thousand at a time

  /// Weights always; Jacobians, subspaces of routed tokens and score against activation with the layer's trace. Costly
  /// Jacobians are taken on fewer tokens, and left out (ExpertAnalysis::missing says why) where even one is too dear or the
  /// layer's experts too large. `progress` gets the number of experts read and returns false to stop; then
  /// std::runtime_error("stopped") is thrown.
  AnalysisPointer analysis(int layer, const AnalysisSettings& settings, const std::function<bool(int)>& progress) const override;

 private:
  std::int64_t measuredTokens(int layer) const;
  bool traced(int layer) const { return trace_ && trace_->has(number(layer)); }
  std::shared_ptr<const Probe> tracedProbe(const std::filesystem::path& folder);
  std::shared_ptr<const Probe> syntheticProbe() const;
  TraceLayer syntheticTokens(int layer) const;
  std::string whyNotFinite(int layer, const RouterWeights& router) const;
  AnalysisSettings affordable(int layer, AnalysisSettings settings) const;

  MoeCheckpoint checkpoint_;
  std::unique_ptr<const RoutingTrace> trace_;
  std::uint64_t generation_;
  bool sharesExperts_ = false;
  CheckpointOrigin origin_;
  ReadingNotes notes_;
  std::shared_ptr<const Probe> tracedProbe_, syntheticProbe_;
};

}  // namespace moescope
