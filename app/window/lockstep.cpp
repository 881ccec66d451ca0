#include "app/window/lockstep.h"

#include "app/window/language.h"
#include "core/training/trainer.h"

namespace moescope {
namespace {

std::int64_t stepOf(const SideController& side) {
  const SnapshotPointer latest = side.engine().latest();
  return latest ? latest->step : -1;
}

}  // namespace

void Lockstep::tie(SideController& first, SideController& second) {
  if (tied()) return;
  first_ = &first;
  second_ = &second;
  pace_ = std::make_shared<Pace>();
  const int share = std::max(1, allCoresButOne() / 2);
  for (SideController* side : {first_, second_}) {
    side->engine().useThreads(share);
    side->engine().keepPace(pace_, side->index());
  }
  const bool plays = playing();
  catchesUp_ = true;
  if (plays) play();
  takeNews();
}

void Lockstep::untie() {
  if (!tied()) return;
  for (SideController* side : {first_, second_}) {
    side->engine().keepPace(nullptr, side->index());
    side->engine().useThreads(0);
  }
  first_ = second_ = nullptr;
}

bool Lockstep::playing() const {
  return tied() &&
         (first_->engine().status().state == EngineState::Playing || second_->engine().status().state == EngineState::Playing);
}

void Lockstep::playUntil(std::int64_t step) {
  catchesUp_ = true;
  first_->engine().playUntil(step);
  second_->engine().playUntil(step);
}

/// A pause of one that catches up leaves it where it is.
void Lockstep::pause() {
  catchesUp_ = first_->engine().status().state == second_->engine().status().state;
  first_->engine().pause();
  second_->engine().pause();
}

void Lockstep::stepOnce() {
  if (SideController* slower = behind()) return slower->engine().stepOnce();
  first_->engine().stepOnce();
  second_->engine().stepOnce();
}

SideController* Lockstep::behind() const {
  const std::int64_t first = stepOf(*first_), second = stepOf(*second_);
  return first < 0 || second < 0 || first == second ? nullptr : first < second ? first_ : second_;
}

SideController* Lockstep::ahead() const {
  const SideController* slower = behind();
  return !slower ? nullptr : slower == first_ ? second_ : first_;
}

/// Also where only one of them was told to train.
void Lockstep::takeNews() {
  if (!tied() || !catchesUp_) return;
  SideController* slower = behind();
  if (slower && slower->engine().status().state == EngineState::Paused) slower->engine().playUntil(stepOf(*ahead()));
}

bool Lockstep::uneven() const {
  const SideController* slower = tied() ? behind() : nullptr;
  return slower && slower->engine().status().state != EngineState::Failed && (catchesUp_ || playing());
}

QString Lockstep::text() const {
  const SideController* slower = tied() ? behind() : nullptr;
  if (!slower) return {};
  const std::int64_t now = stepOf(*slower), to = stepOf(*ahead());
  const QString name = slower->index() == 0 ? "A" : "B", other = slower->index() == 0 ? "B" : "A";
  if (!catchesUp_ && !playing()) return tr("%1 is paused at step %2, %3 at step %4").arg(name).arg(now).arg(other).arg(to);
  const int every = std::max(first_->side().knobs.snapshotEvery, second_->side().knobs.snapshotEvery);
  if (to - now <= every) return {};  // as near as they are kept
  return tr("%1 trains to %2's step: %3 of %4").arg(name, other).arg(now).arg(to);
}

}  // namespace moescope
