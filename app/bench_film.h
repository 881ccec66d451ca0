#pragma once
// How fast a film is made, and where its time goes.

#include <functional>

namespace moescope {

/// Milliseconds a frame.
struct FilmTimes {
  double wall = 0.0;                                  ///< drawn and encoded at the same time, as films are
  double scene = 0.0, drawing = 0.0, encoding = 0.0;  ///< each part's own
  double apart() const { return scene + drawing + encoding; }
};

/// Films two routers side by side, score polygon and load of each, at 1920x1080 while the concentration moves: so many times as
/// wanted, each with `frames` frames, to a file that is taken away. Trains both a little before.
std::function<FilmTimes()> filmBench(int frames);

}  // namespace moescope
