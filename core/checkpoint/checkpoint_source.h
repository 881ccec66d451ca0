#pragma once
// A checkpoint that is being looked at: opened, read and analysed on a thread of its own, one layer at a time.

#include <filesystem>
#include <optional>

#include "core/checkpoint/capture.h"
#include "core/timeline/snapshot_source.h"

namespace moescope {

class CheckpointSource : public SnapshotSource {
 public:
  /// Opens nothing yet: the thread does, and reads the first layer. status() is Starting meanwhile, Failed when it cannot be
  /// read, with one line; else Paused. `trace` and `generation`: as CheckpointReader takes them; `reading`: as openLayers().
  CheckpointSource(std::filesystem::path folder, std::filesystem::path trace, std::uint64_t generation,
                   CaptureReading reading = {});
  /// Stops what is under way; waits for at most the piece of work in hand (stop_scope.h).
  ~CheckpointSource() override;
  CheckpointSource(const CheckpointSource&) = delete;
  CheckpointSource& operator=(const CheckpointSource&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  const std::filesystem::path& trace() const { return trace_; }  ///< as it was given; may be empty
  const CaptureReading& reading() const { return reading_; }     ///< as it was given
  /// Where it failed for want of a capture's shape.
  std::optional<CaptureShapeUntold> untoldShape() const;

  /// Of one generation, all at step 0: the snapshot holds the tokens of one layer, analyses are of the layers that were shown.
  std::shared_ptr<const Timeline> timeline() const override;
  EngineStatus status() const override;
  /// Latest wins: another layer or other settings stop the analysis under way. A layer that cannot be read is given up: the
  /// last one stays, and status() says why.
  void setAnalysis(const AnalysisRequest&) override;
  /// When this returns, the listener before is not called any more.
  void setListener(std::function<void()>) override;
  /// Stops the analysis under way, until another layer or other settings are asked for. False: none is.
  bool stopAnalysis();

 private:
  struct State;
  std::filesystem::path folder_, trace_;
  CaptureReading reading_;
  std::unique_ptr<State> state_;
};

}  // namespace moescope
