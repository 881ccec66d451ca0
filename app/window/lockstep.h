#pragma once
// Training of two sides together: neither is ahead of the other by more than a snapshot, and a pause leaves both at the same
// step.

#include <QString>
#include <memory>

#include "app/window/side_controller.h"
#include "core/training/pace.h"

namespace moescope {

class Lockstep {
 public:
  /// Ties both engines to one pace; what trains on one trains on both. Nothing where they are tied already.
  void tie(SideController& first, SideController& second);
  /// Each engine runs for itself again.
  void untie();
  bool tied() const { return first_ != nullptr; }

  void play() { playUntil(Timeline::kEnd); }
  void playUntil(std::int64_t step);
  void pause();
  void stepOnce();
  bool playing() const;
  /// From now on a pair at rest trains the side that is behind up to the other one's step.
  void catchUp() { catchesUp_ = true; }
  /// After news of either side.
  void takeNews();
  /// Whether one side is on its way to the other one's step.
  bool uneven() const;
  /// "B trains to A's step: 120 of 300"; empty: both are at the same step.
  QString text() const;

 private:
  SideController* behind() const;
  SideController* ahead() const;

  SideController *first_ = nullptr, *second_ = nullptr;
  std::shared_ptr<Pace> pace_;
  bool catchesUp_ = true;
};

}  // namespace moescope
