#pragma once
// What `bench` measures: a time beside that of a named baseline.

#include <functional>
#include <string>
#include <vector>

#include "app/bench_film.h"
#include "core/reading/snapshot.h"

namespace moescope {

struct Timing {
  double median = 0.0, low = 0.0, high = 0.0;  ///< milliseconds; low and high: quartiles
};

struct BenchRow {
  std::string what, baseline;
  Timing ours, theirs;
  double tokens = 0.0;  ///< that one measurement trains on; 0: none
  double bytes = 0.0;   ///< that one measurement reads; 0: none
  FilmTimes film{};     ///< medians of a film's frame; wall 0: none
  double scene = 0.0, building = 0.0, drawing = 0.0;  ///< medians of a view's frame; drawing 0: none
  double memory = 0.0, steps = 0.0;  ///< bytes that a time line of so many steps holds beside its snapshot; 0: none
  double ratio() const { return theirs.median / ours.median; }  ///< above 1: faster than the baseline
};

using BenchRows = std::vector<BenchRow>;

Timing summary(std::vector<double> times);

/// Both in turns, so that what else the machine does hits both alike.
BenchRow compare(std::string what, std::string baseline, int rounds, const std::function<void()>& ours,
                 const std::function<void()>& theirs);

/// One layer of normal scores.
std::shared_ptr<Snapshot> randomSnapshot(int tokens, int experts, int dimension);
/// "2048 tokens", of its first layer.
std::string tokensOf(const Snapshot& snapshot);

/// The rows of each subject, by so many measurements each.
BenchRows sliderRows(int rounds);       ///< from a moved slider to numbers and views
BenchRows cloudRows(int rounds);        ///< token clouds by vertex shader and processor
BenchRows trainingRows(int rounds);     ///< training steps
BenchRows snapshotRows(int rounds);     ///< a snapshot of the probe
BenchRows checkpointRows(int rounds);   ///< reading a checkpoint's experts
BenchRows angleRows(
    int rounds);  ///< principal angles: LibTorch's with and without the sines that full accuracy needs; ours always has it
BenchRows frameStepRows(int rounds);    ///< each view of the default layout, and the slider's step that changes them all
BenchRows stepFrameRows(int rounds);    ///< another step that has come, after a long run and after a short one
BenchRows filmRows(int rounds);         ///< a frame of a film
BenchRows scrubRows(int rounds);        ///< a moved cursor
BenchRows savingRows(int rounds);       ///< training with a session

}  // namespace moescope
