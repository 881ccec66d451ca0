#pragma once
// The scalars of every training step in bounded memory: neighbouring steps share a bucket once there are many, and a bucket
// keeps their minimum and maximum, so that no spike is lost.

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/timeline/step_metrics.h"
#include "core/timeline/step_quantities.h"

namespace moescope {

/// One quantity of one layer over the steps of a bucket.
struct StepCell {
  double minimum = std::numeric_limits<double>::infinity();   ///< of the finite values; > maximum where there is none
  double maximum = -std::numeric_limits<double>::infinity();
  double sum = 0.0;                                           ///< of the finite values
  double last = std::numeric_limits<double>::quiet_NaN();     ///< of all values, also one that is not finite
  double trend = std::numeric_limits<double>::quiet_NaN();    ///< running mean after the bucket's last step; see StepRecorder
  std::int64_t lastStep = -1;                                 ///< that `last` is of; -1: no step of the bucket has a value
  std::uint32_t finite = 0, notFinite = 0;                    ///< steps with such a value; the others have none

  double mean() const { return sum / finite; }  ///< not a number where no value is finite
};

/// Steps `first` to `last`.
struct StepBucket {
  std::int64_t first = 0, last = 0;
};

/// Neighbours as one.
StepBucket joined(const StepBucket& earlier, const StepBucket& later);
StepCell joined(const StepCell& earlier, const StepCell& later);

/// Another router was trained from `step` on.
struct RouterSwitch {
  std::int64_t step = 0;
  std::string from, to;
};

/// A run of buckets, each with the same number of cells, one after another.
struct StepChunk {
  std::vector<StepBucket> buckets;
  std::vector<StepCell> cells;
};

/// What StepRecorder has recorded until a moment; cheap to copy.
class StepSeries {
 public:
  bool empty() const { return steps_ == 0; }
  std::int64_t steps() const { return steps_; }  ///< recorded, in all
  std::int64_t stride() const { return stride_; }  ///< steps in a bucket, of the last one at most
  int layers() const { return layers_; }
  std::size_t buckets() const;
  const StepBucket& bucket(std::size_t index) const;
  /// `quantity`: a row of stepQuantities(); `layer` counts from 0 and is ignored by quantities that are not per layer. Throws
  /// std::out_of_range.
  const StepCell& cell(std::size_t index, std::size_t quantity, std::size_t layer) const;
  /// Every switch, in order.
  const std::vector<RouterSwitch>& switches() const;

  /// What was measured at exactly this step; none: nothing was, or it cannot be told from its neighbours any more. Throws
  /// std::out_of_range.
  std::optional<double> measuredAt(std::size_t quantity, std::size_t layer, std::int64_t step) const;

  struct Point {
    StepBucket steps;
    StepCell cell;
  };
  /// At most `most` points, neighbouring buckets joined where there are more. Throws std::out_of_range.
  std::vector<Point> curve(std::size_t quantity, std::size_t layer, std::size_t most) const;

 private:
  friend class StepRecorder;
  std::size_t column(std::size_t quantity, std::size_t layer) const;

  std::int64_t steps_ = 0, stride_ = 1;
  int layers_ = 0;
  std::size_t columns_ = 0;
  std::vector<std::shared_ptr<const StepChunk>> chunks_;  // all but the last are full
  std::shared_ptr<const std::vector<RouterSwitch>> switches_;
};

/// Records one step after another. append() costs O(1), and O(buckets) once in as many steps, when two neighbours become one
/// bucket and the stride doubles. Not thread-safe.
class StepRecorder {
 public:
  static constexpr std::size_t kMostBuckets = 2048, kChunk = 64;

  /// Every value of a step counts, with what it says of its trend: an exponential mean with weight 0.08, so that the eye sees
  /// through the noise of single batches. It starts anew after a value that is not finite or that is none, and where another
  /// router took over; what is left of it after many zeros is 0. Throws std::invalid_argument for a step that does not follow
  /// the last one.
  void append(const StepMetrics& step);
  /// Costs O(buckets / kChunk) and the copy of one chunk.
  StepSeries series() const;
  std::size_t bytes() const;
  std::int64_t steps() const { return done_.steps_; }
  /// The last step; the least number before the first.
  std::int64_t last() const { return last_; }

  /// Whether the next step needs room that halved() makes.
  bool full() const;
  /// The same with half as many buckets.
  std::vector<std::shared_ptr<const StepChunk>> halved() const;
  /// Puts what halved() gave in place.
  void take(std::vector<std::shared_ptr<const StepChunk>> chunks);

 private:
  struct Trend {
    double mean = std::numeric_limits<double>::quiet_NaN(), largest = 0.0;
  };
  void begin(const StepMetrics& step);
  void noteRouter(const StepMetrics& step);
  void add(StepCell& cell, Trend& trend, const StepQuantity& quantity, double value, std::int64_t step);

  StepSeries done_;  // its chunks are the full ones
  StepChunk open_;
  std::int64_t inBucket_ = 0, last_ = std::numeric_limits<std::int64_t>::min();
  std::vector<Trend> trends_;
  std::string router_;
};

}  // namespace moescope
