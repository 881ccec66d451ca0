#include "app/window/player.h"

#include <chrono>
#include <cmath>

#include "app/document/run_overview.h"
#include "app/window/language.h"

namespace moescope {
namespace {

constexpr int kFrameMilliseconds = 33;

double steadySeconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

Player::Player(Controller& controller) : controller_(controller), seconds_(steadySeconds) {
  timer_.setTimerType(Qt::PreciseTimer);
  timer_.setInterval(kFrameMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &Player::tick);
}

void Player::play() {
  if (playing() || !controller_.scene().snapshot) return;
  const std::shared_ptr<const Timeline> timeline = controller_.timeline();
  const Scene& scene = controller_.scene();
  const std::vector<std::int64_t> held = timeline->snapshotSteps(scene.generation);
  if (held.size() < 2) return controller_.notice(tr("there is nothing to play yet: one step of this run is held"));
  if (!scene.past || scene.snapshot->step >= held.back()) showStep(scene.generation, held.front());
  before_ = seconds_();
  due_ = 0.0;
  from_ = controller_.side().cursor;
  timer_.start();
  Q_EMIT changed();
}

void Player::pause() {
  if (!playing()) return;
  timer_.stop();
  Q_EMIT changed();
}

void Player::tick() {
  if (!playing()) return;
  const double now = seconds_(), passed = now - std::exchange(before_, now);
  const Cursor cursor = controller_.side().cursor;
  if (cursor.live) return pause();  // somebody went back to the newest step
  if (held_) return;
  if (!(cursor == from_)) due_ = 0.0, from_ = cursor;  // somebody moved on: from there
  const std::shared_ptr<const Timeline> timeline = controller_.timeline();
  const std::vector<std::int64_t> held = timeline->snapshotSteps(cursor.generation);
  const Playback& speed = controller_.document().playback;
  due_ += passed * speed.rate;
  if (held.empty() || std::floor(due_) < 1.0) return;
  const auto whole = static_cast<std::int64_t>(std::min(std::floor(due_), 1e15));
  const bool bySteps = speed.unit == Playback::Unit::Steps;
  const std::int64_t next = bySteps ? heldStep(held, cursor.step + whole, 0) : heldStep(held, cursor.step, whole);
  if (next >= held.back()) {  // the end: of the run in training that is the newest step, which goes on
    pause();
    return cursor.generation == timeline->current() ? controller_.showMoment({}) : showStep(cursor.generation, held.back());
  }
  if (bySteps && next <= cursor.step) return;  // no picture is held of the steps until there
  due_ -= bySteps ? static_cast<double>(next - cursor.step) : static_cast<double>(whole);
  showStep(cursor.generation, next);
}

void Player::showStep(std::uint64_t generation, std::int64_t step) {
  from_ = {false, generation, step};
  controller_.showMoment(from_);
}

}  // namespace moescope
