#pragma once
// One gated expert's weights, and where those of a layer come from: memory, or a checkpoint that is read one expert at a time.

#include <Eigen/Core>
#include <functional>
#include <vector>

#include "core/geometry/activation.h"
#include "core/metrics/row_matrix.h"

namespace moescope {

/// E(h) = W_down f(W_gate h, W_up h), with h of width d and I hidden units; f: see Activation.
struct ExpertWeights {
  RowMatrix gate, up;   ///< I x d
  RowMatrix down;       ///< d x I
  Eigen::VectorXf gateBias, upBias, downBias;  ///< empty where there are none
  Activation activation;
  bool identity = false;  ///< E(h) = h: no weights, and no units (gate and up 0 x d, down d x 0)
  /// What the activation is given for tokens (T x d): T x I each, biases included.
  UnitArray gateOf(const RowMatrix& tokens) const;
  UnitArray upOf(const RowMatrix& tokens) const;
  /// Hidden units (T x I) for tokens (T x d): what `down` reads.
  RowMatrix hiddenUnits(const RowMatrix& tokens) const;
  /// Outputs (T x d) for tokens (T x d).
  RowMatrix operator()(const RowMatrix& tokens) const;
};

/// The routed experts of one MoE layer.
class ExpertSource {
 public:
  virtual ~ExpertSource() = default;
  virtual int count() const = 0;  ///< N
  virtual int width() const = 0;  ///< d
  /// Expert `number`, either where it lies or read into `scratch`, whose memory is used again. Valid until `scratch` is used for
  /// another. May be called on several threads, each with a scratch of its own. Throws std::runtime_error for what cannot be
  /// read.
  virtual const ExpertWeights& read(int number, ExpertWeights& scratch) const = 0;
};

/// Experts that are all in memory.
class ExpertsInMemory : public ExpertSource {
 public:
  /// Throws std::invalid_argument for no experts, or matrices that are not I x d, I x d and d x I of one d.
  explicit ExpertsInMemory(std::vector<ExpertWeights> experts);
  int count() const override { return static_cast<int>(experts_.size()); }
  int width() const override { return static_cast<int>(experts_.front().gate.cols()); }
  const ExpertWeights& read(int number, ExpertWeights&) const override { return experts_[static_cast<std::size_t>(number)]; }

 private:
  std::vector<ExpertWeights> experts_;
};

/// Threads that are worth starting for so many experts; `wanted` 0: one for each core.
int threadsFor(int wanted, int experts);

/// Reads every expert once and hands it to `work`, shared out to threads. `progress` is called with the number done, by one
/// thread at a time, and returns false to stop; then std::runtime_error("stopped") comes out, as the first exception of `work`
/// does.
void forEachExpert(const ExpertSource& experts, int threads, const std::function<bool(int)>& progress,
                   const std::function<void(int, const ExpertWeights&)>& work);

}  // namespace moescope
