#pragma once
// What is opened from a file and drawn one layer at a time: a checkpoint, or a capture.

#include <functional>
#include <string>

#include "core/geometry/expert_analysis.h"
#include "core/reading/domain_lift.h"
#include "core/reading/routing_by_layer.h"
#include "core/reading/snapshot.h"

namespace moescope {

/// Layers count from 0. Reading from several threads is safe.
class LayerReader {
 public:
  virtual ~LayerReader() = default;
  virtual int layers() const = 0;                ///< at least 1
  virtual int number(int layer) const = 0;       ///< as the file counts
  virtual int experts(int layer) const = 0;
  /// Throws std::runtime_error with one line (file, place, expectation) for what cannot be read.
  virtual SnapshotPointer snapshot(int layer) const = 0;
  /// The snapshot with the layer's other tokens beside the shown ones (LayerSnapshot::whole); the same where there are no others.
  /// `progress` gets the number of tokens read and of all, and returns false to stop; then std::runtime_error("stopped") is
  /// thrown. Throws as snapshot().
  virtual SnapshotPointer withAllTokens(const SnapshotPointer& shown, int,
                                        const std::function<bool(std::int64_t, std::int64_t)>&) const {
    return shown;
  }
  /// Whether summary() tells of layers that a snapshot does not hold.
  virtual bool summarises() const = 0;
  /// A few numbers for each expert of a layer, from router and tokens alone. Throws as snapshot().
  virtual LayerOfExperts summary(int layer) const = 0;
  /// Whether shared experts can be compared with routed ones: there are some, and recorded tokens.
  virtual bool comparesShared() const { return false; }
  /// Puts into a layer's summary how much its shared expert adds; nothing of a layer without one. `progress`: as of analysis().
  virtual void compareShared(int, LayerOfExperts&, const std::function<bool(int)>&) const {}
  /// Lifts over the tokens' domains of all layers whose choices are known, tested together; null: there are fewer than two
  /// domains. `progress`: as of domainLiftsOf().
  virtual std::shared_ptr<const DomainLifts> lifts(const std::vector<LayerOfExperts>&, const std::function<bool(int)>&) const {
    return nullptr;
  }
  virtual bool analyses() const = 0;  ///< whether analysis() may be called
  /// `progress` gets the number of experts read and returns false to stop; then std::runtime_error("stopped") is thrown.
  virtual AnalysisPointer analysis(int layer, const AnalysisSettings& settings,
                                   const std::function<bool(int)>& progress) const = 0;
};

}  // namespace moescope
