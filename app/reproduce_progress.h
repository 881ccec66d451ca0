#pragma once
// How far a reproduction is: one line rewritten in place on a terminal, elsewhere a line every ten seconds.

#include <chrono>
#include <string>

namespace moescope {

/// "40 s", "3 min" or "2.5 h".
std::string durationText(double seconds);

/// "12/143 runs, 3 min left"; without the second part while `secondsLeft` is not known (negative).
std::string progressText(std::size_t done, std::size_t total, double secondsLeft);

class RunProgress {
 public:
  /// `what` leads every line; `total` runs, those included whose results are there already.
  RunProgress(std::string what, std::size_t total);
  ~RunProgress();
  RunProgress(const RunProgress&) = delete;
  RunProgress& operator=(const RunProgress&) = delete;

  void taken(std::size_t runs);  ///< their results were there: they say nothing about the time left
  void trained();                ///< one more run is trained
  /// To be called often while runs train.
  void tick();

 private:
  using Clock = std::chrono::steady_clock;

  void draw() const;
  double secondsLeft() const;

  std::string what_;
  std::size_t total_, taken_ = 0, trained_ = 0;
  bool terminal_;
  Clock::time_point begin_ = Clock::now(), drawn_ = begin_;
};

}  // namespace moescope
