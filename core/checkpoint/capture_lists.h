#pragma once
// Nested lists of expert ids in JSON.

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/checkpoint/capture.h"
#include "core/words/words.h"

namespace moescope {

/// Rectangular nested lists of numbers, read as they come: open() and close() at their brackets, number() between. Every fault is
/// a std::runtime_error that begins with `place`.
class NestedIds {
 public:
  explicit NestedIds(std::string place) : place_(std::move(place)) {}
  bool open() {
    if (level_ == counts_.size()) fail(translated("at most three levels of lists"));
    if (leaf_ && level_ >= leaf_) fail(translated("lists of equal depth"));
    counts_[level_++] = 0;
    return true;
  }
  /// False when the outermost list ends.
  bool close() {
    --level_;
    if (level_ > 0) {
      if (sizes_[level_] < 0) sizes_[level_] = counts_[level_];
      if (sizes_[level_] != counts_[level_]) fail(translated("lists of equal length"));
      ++counts_[level_ - 1];
      return true;
    }
    if (empty()) return false;
    if (sequence_.ids.empty()) fail(translated("at least one id"));
    sequence_.shape.push_back(counts_[0]);
    for (std::size_t level = 1; level < leaf_; ++level) sequence_.shape.push_back(sizes_[level]);
    return false;
  }
  void number(std::int64_t value) {
    if (!leaf_) leaf_ = level_;
    if (level_ != leaf_) fail(translated("lists of equal depth"));
    if (static_cast<std::int64_t>(sequence_.ids.size()) >= kMostCapturedIds)
      fail(translated("at most %1 ids", std::to_string(kMostCapturedIds)));
    sequence_.ids.push_back(capturedId(value));
    ++counts_[level_ - 1];
  }
  /// Nothing inside the outermost list.
  bool empty() const { return counts_[0] == 0 && sequence_.ids.empty(); }
  bool pristine() const { return level_ == 1 && empty(); }
  [[noreturn]] void fail(const std::string& expected) const {
    throw std::runtime_error(translated("%1: expected %2", place_, expected));
  }
  CapturedSequence take() { return std::move(sequence_); }

 private:
  std::string place_;
  std::size_t level_ = 0, leaf_ = 0;
  std::array<std::int64_t, 3> counts_{}, sizes_{-1, -1, -1};
  CapturedSequence sequence_;
};

}  // namespace moescope
