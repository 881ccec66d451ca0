#pragma once
// A capture as the views draw it: loads of all layers; of one layer which experts go together, which follow in the next layer,
// and how loads go along the tokens.

#include <filesystem>

#include "core/checkpoint/capture.h"
#include "core/checkpoint/families.h"
#include "core/checkpoint/layer_reader.h"

namespace moescope {

/// Whether a file is to be read by readCapture(): by its first bytes, or by its name. JSON of a checkpoint's folder is one only
/// where it names routing.
bool looksLikeCapture(const std::filesystem::path& file);

/// Shapes that a capture of this checkpoint can have: all the model's layers (SGLang, vLLM) or only those with a router.
std::vector<CaptureShape> captureShapes(const MoeCheckpoint& checkpoint);

/// By a checkpoint, and by what a person says of it, whose shape goes before the checkpoint's. Throws as readCapture().
RoutingCapture readCaptureOf(const MoeCheckpoint& checkpoint, const std::filesystem::path& file, const CaptureReading& reading);

/// Place in the capture of a layer as the checkpoint counts. Throws std::runtime_error where the capture has other layers.
int captureLayer(const RoutingCapture& capture, const MoeCheckpoint& checkpoint, int layer);

class CaptureReader : public LayerReader {
 public:
  /// Reads all ids. `generation`: what snapshots carry. Throws as readCapture(), and std::runtime_error naming the capture's size
  /// where views would take too much memory for it. `checkpoint`: of the model that was captured, which tells shape, experts and
  /// layer numbers; null: the file alone. `reading`: its shape goes before the checkpoint's, its experts do not.
  CaptureReader(const std::filesystem::path& file, std::uint64_t generation, const MoeCheckpoint* checkpoint = nullptr,
                const CaptureReading& reading = {});

  void note(ReadingNoteKind kind, const std::string& text) { capture_.notes.add(kind, text); }
  int layers() const override { return capture_.layers; }
  int number(int layer) const override {
    return layer < static_cast<int>(capture_.layerNumbers.size()) ? capture_.layerNumbers[static_cast<std::size_t>(layer)]
                                                                  : layer;
  }
  int experts(int) const override { return experts_; }
  SnapshotPointer snapshot(int layer) const override;
  bool summarises() const override { return layers() > 1; }
  LayerOfExperts summary(int layer) const override;
  bool analyses() const override { return false; }
  /// std::logic_error: a capture has no experts to analyse.
  AnalysisPointer analysis(int layer, const AnalysisSettings& settings, const std::function<bool(int)>& progress) const override;

 private:
  int nextRouted(int layer) const;  ///< layers(): there is none
  JointChoices following(int before, int after) const;
  Eigen::MatrixXd alongTokens(int layer) const;

  RoutingCapture capture_;
  int experts_ = 0;
  std::string expertsFrom_;
  std::uint64_t generation_;
  std::vector<Eigen::VectorXd> loads_;  ///< empty where not routed
  std::string name_;
};

}  // namespace moescope
