#pragma once
// Where the time of a slider's step goes, view by view.

#include <functional>
#include <string>
#include <vector>

namespace moescope {

/// Milliseconds that one view took.
struct FrameTimes {
  std::string view;
  double building = 0.0;  ///< its shapes and words from the scene
  double drawing = 0.0;   ///< them, and reading the picture back
  double again = 0.0;     ///< drawing the same once more, with nothing changed
};

struct FrameStep {
  double scene = 0.0;  ///< milliseconds from the lens to the gates and numbers that all views share
  std::vector<FrameTimes> views;
};

/// The views that the default layout shows in a window of 1440x900, each as large as it is there, kFrameWidth x kFrameHeight: so
/// many times as wanted, each with the concentration a step further. Trains a little before.
std::function<FrameStep()> frameBench();

inline constexpr int kFrameWidth = 327, kFrameHeight = 262;

}  // namespace moescope
