#include "core/timeline/step_series.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace moescope {
namespace {

constexpr double kTrendWeight = 0.08;
constexpr double kVanished = 1e-4;  // of the largest value: a trend that zeros have brought below is 0

/// Of full chunks half as many buckets, in chunks that are full again.
std::vector<std::shared_ptr<const StepChunk>> halves(const std::vector<std::shared_ptr<const StepChunk>>& chunks,
                                                     std::size_t columns) {
  std::vector<std::shared_ptr<const StepChunk>> result;
  auto next = std::make_shared<StepChunk>();
  for (const auto& full : chunks) {
    const StepChunk& chunk = *full;
    for (std::size_t b = 0; b + 1 < chunk.buckets.size(); b += 2) {
      next->buckets.push_back(joined(chunk.buckets[b], chunk.buckets[b + 1]));
      for (std::size_t i = 0; i < columns; ++i)
        next->cells.push_back(joined(chunk.cells[b * columns + i], chunk.cells[(b + 1) * columns + i]));
    }
    if (next->buckets.size() == StepRecorder::kChunk) result.push_back(std::exchange(next, std::make_shared<StepChunk>()));
  }
  return result;
}

}  // namespace

StepBucket joined(const StepBucket& earlier, const StepBucket& later) { return {earlier.first, later.last}; }

StepCell joined(const StepCell& earlier, const StepCell& later) {
  StepCell both = later;
  both.minimum = std::min(earlier.minimum, later.minimum);
  both.maximum = std::max(earlier.maximum, later.maximum);
  both.sum += earlier.sum;
  both.finite += earlier.finite;
  both.notFinite += earlier.notFinite;
  if (later.lastStep < 0) both.last = earlier.last, both.lastStep = earlier.lastStep;
  return both;
}

std::size_t StepSeries::buckets() const {
  return chunks_.empty() ? 0 : (chunks_.size() - 1) * StepRecorder::kChunk + chunks_.back()->buckets.size();
}

const StepBucket& StepSeries::bucket(std::size_t index) const {
  return chunks_.at(index / StepRecorder::kChunk)->buckets.at(index % StepRecorder::kChunk);
}

std::size_t StepSeries::column(std::size_t quantity, std::size_t layer) const {
  const std::vector<StepQuantity>& table = stepQuantities();
  if (quantity >= table.size() || (table[quantity].perLayer && layer >= static_cast<std::size_t>(layers_)))
    throw std::out_of_range("no such quantity or layer among the recorded steps");
  std::size_t before = 0;
  for (std::size_t q = 0; q < quantity; ++q) before += table[q].perLayer ? static_cast<std::size_t>(layers_) : 1;
  return before + (table[quantity].perLayer ? layer : 0);
}

const StepCell& StepSeries::cell(std::size_t index, std::size_t quantity, std::size_t layer) const {
  return chunks_.at(index / StepRecorder::kChunk)->cells.at(index % StepRecorder::kChunk * columns_ + column(quantity, layer));
}

const std::vector<RouterSwitch>& StepSeries::switches() const {
  static const std::vector<RouterSwitch> none;
  return switches_ ? *switches_ : none;
}

std::optional<double> StepSeries::measuredAt(std::size_t quantity, std::size_t layer, std::int64_t step) const {
  std::size_t low = 0;
  for (std::size_t high = buckets(); low < high;) {
    const std::size_t middle = (low + high) / 2;
    bucket(middle).last < step ? low = middle + 1 : high = middle;
  }
  if (low == buckets()) return std::nullopt;
  const StepCell& at = cell(low, quantity, layer);
  return at.lastStep == step ? std::optional(at.last) : std::nullopt;
}

std::vector<StepSeries::Point> StepSeries::curve(std::size_t quantity, std::size_t layer, std::size_t most) const {
  std::vector<Point> points;
  if (empty()) return points;
  const std::size_t at = column(quantity, layer), count = buckets(),
                    group = (count + std::max<std::size_t>(1, most) - 1) / std::max<std::size_t>(1, most);
  for (std::size_t i = 0; i < count; ++i) {
    const StepChunk& chunk = *chunks_[i / StepRecorder::kChunk];
    const StepBucket& bucket = chunk.buckets[i % StepRecorder::kChunk];
    const StepCell& cell = chunk.cells[i % StepRecorder::kChunk * columns_ + at];
    if (i % group == 0)
      points.push_back({bucket, cell});
    else
      points.back() = {joined(points.back().steps, bucket), joined(points.back().cell, cell)};
  }
  return points;
}

void StepRecorder::begin(const StepMetrics& step) {
  done_.layers_ = static_cast<int>(step.entropy.size());
  for (const StepQuantity& quantity : stepQuantities()) done_.columns_ += quantity.perLayer ? step.entropy.size() : 1;
  trends_.resize(done_.columns_);
  router_ = step.router;
}

/// Of the few that there are, every one is kept.
void StepRecorder::noteRouter(const StepMetrics& step) {
  if (step.router == router_) return;
  auto switches = std::make_shared<std::vector<RouterSwitch>>(done_.switches());
  switches->push_back({step.step, std::exchange(router_, step.router), step.router});
  done_.switches_ = std::move(switches);
  for (Trend& trend : trends_) trend.mean = std::numeric_limits<double>::quiet_NaN();
}

void StepRecorder::add(StepCell& cell, Trend& trend, const StepQuantity& quantity, double value, std::int64_t step) {
  const bool none = isNone(quantity, value);
  if (std::isfinite(value) && !none) {
    cell.minimum = std::min(cell.minimum, value);
    cell.maximum = std::max(cell.maximum, value);
    cell.sum += value;
    ++cell.finite;
    trend.largest = std::max(trend.largest, std::abs(value));
  }
  if (!std::isfinite(value) && !none) ++cell.notFinite;
  if (!none) cell.last = value, cell.lastStep = step;
  if (none && quantity.onlySometimes) return;  // between two measurements the trend stays
  const double number = none ? std::numeric_limits<double>::quiet_NaN() : value;
  trend.mean = std::isfinite(trend.mean) ? trend.mean + kTrendWeight * (number - trend.mean) : number;
  if (number == 0.0 && std::abs(trend.mean) < kVanished * trend.largest) trend.mean = 0.0;
  cell.trend = trend.mean;
}

void StepRecorder::append(const StepMetrics& step) {
  if (done_.empty()) begin(step);
  if (step.step <= last_)
    throw std::invalid_argument("step " + std::to_string(step.step) + " does not follow step " + std::to_string(last_) +
                                " on the time line");
  if (full()) take(halved());
  noteRouter(step);
  if (inBucket_ == 0) {
    if (open_.buckets.size() == kChunk) done_.chunks_.push_back(std::make_shared<const StepChunk>(std::exchange(open_, {})));
    open_.buckets.push_back({step.step, step.step});
    open_.cells.resize(open_.cells.size() + done_.columns_);
  }
  open_.buckets.back().last = last_ = step.step;
  std::size_t column = open_.cells.size() - done_.columns_, trend = 0;
  for (const StepQuantity& quantity : stepQuantities())
    for (std::size_t layer = 0; layer < (quantity.perLayer ? static_cast<std::size_t>(done_.layers_) : 1); ++layer)
      add(open_.cells[column++], trends_[trend++], quantity, quantity.read(step, layer), step.step);
  ++done_.steps_;
  if (++inBucket_ == done_.stride_) inBucket_ = 0;
}

bool StepRecorder::full() const {
  return inBucket_ == 0 && done_.chunks_.size() + 1 == kMostBuckets / kChunk && open_.buckets.size() == kChunk;
}

std::vector<std::shared_ptr<const StepChunk>> StepRecorder::halved() const { return halves(series().chunks_, done_.columns_); }

void StepRecorder::take(std::vector<std::shared_ptr<const StepChunk>> chunks) {
  done_.chunks_ = std::move(chunks);
  open_ = {};
  done_.stride_ *= 2;
}

StepSeries StepRecorder::series() const {
  StepSeries series = done_;
  if (!open_.buckets.empty()) series.chunks_.push_back(std::make_shared<const StepChunk>(open_));
  return series;
}

std::size_t StepRecorder::bytes() const {
  const std::size_t full = done_.chunks_.size() * kChunk, buckets = full + open_.buckets.size();
  return buckets * (sizeof(StepBucket) + done_.columns_ * sizeof(StepCell)) + done_.switches().size() * sizeof(RouterSwitch) +
         trends_.size() * sizeof(Trend);
}

}  // namespace moescope
