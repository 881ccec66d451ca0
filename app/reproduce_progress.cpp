#include "app/reproduce_progress.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <utility>

namespace moescope {
namespace {

constexpr double kEvery = 10.0;  // seconds between lines where there is no terminal

}  // namespace

std::string durationText(double seconds) {
  char text[48];
  if (seconds < 59.5)
    std::snprintf(text, sizeof text, "%.0f s", seconds);
  else if (seconds < 90.0 * 60.0)
    std::snprintf(text, sizeof text, "%.0f min", seconds / 60.0);
  else
    std::snprintf(text, sizeof text, "%.1f h", seconds / 3600.0);
  return text;
}

std::string progressText(std::size_t done, std::size_t total, double secondsLeft) {
  const std::string counted = std::to_string(done) + "/" + std::to_string(total) + " runs";
  return secondsLeft < 0.0 ? counted : counted + ", " + durationText(secondsLeft) + " left";
}

RunProgress::RunProgress(std::string what, std::size_t total)
    : what_(std::move(what)), total_(total), terminal_(isatty(STDERR_FILENO)) {}

RunProgress::~RunProgress() {
  if (terminal_) std::fprintf(stderr, "\r\033[K");
}

void RunProgress::taken(std::size_t runs) { taken_ += runs; }

void RunProgress::trained() {
  ++trained_;
  if (terminal_) draw();
}

void RunProgress::tick() {
  const Clock::time_point now = Clock::now();
  if (std::chrono::duration<double>(now - drawn_).count() < kEvery) return;
  drawn_ = now;
  draw();
}

void RunProgress::draw() const {
  const std::string text = what_ + ": " + progressText(taken_ + trained_, total_, secondsLeft());
  std::fprintf(stderr, terminal_ ? "\r%s\033[K" : "%s\n", text.c_str());
  std::fflush(stderr);
}

double RunProgress::secondsLeft() const {
  if (trained_ == 0) return -1.0;
  const double each = std::chrono::duration<double>(Clock::now() - begin_).count() / static_cast<double>(trained_);
  return each * static_cast<double>(total_ - taken_ - trained_);
}

}  // namespace moescope
