#include "app/window/frame_queue.h"

#include <QCoreApplication>
#include <QEvent>
#include <algorithm>

namespace moescope {
namespace {

const auto kDraw = static_cast<QEvent::Type>(QEvent::registerEventType());

/// A window that is to be painted or has come to the screen waits for what wants to draw: Qt may tell it so by a timer, before it
/// hands out any posted event.
class BeforePaint : public QObject {
 public:
  explicit BeforePaint(QObject* queue) : QObject(queue) { QCoreApplication::instance()->installEventFilter(this); }
  bool eventFilter(QObject*, QEvent* event) override {
    if (event->type() != QEvent::UpdateRequest && event->type() != QEvent::Expose) return false;
    QEvent draw(kDraw);
    QCoreApplication::sendEvent(parent(), &draw);
    return false;
  }
};

}  // namespace

FrameQueue::FrameQueue() {
  new BeforePaint(this);
  rest_.setSingleShot(true);
  rest_.setInterval(0);
  connect(&rest_, &QTimer::timeout, this, &FrameQueue::drawAll);
  nextFrame_.setSingleShot(true);
  nextFrame_.setInterval(kFrameMilliseconds);
  connect(&nextFrame_, &QTimer::timeout, this, &FrameQueue::drawNext);
  clock_.start();
}

void FrameQueue::add(QObject* who, std::function<void()> draw) {
  if (std::any_of(waiting_.begin(), waiting_.end(), [&](const auto& each) { return each.first == who; })) return;
  waiting_.emplace_back(who, std::move(draw));
  // What Qt is to paint waits in the same queue, with less priority.
  if (!rest_.isActive() && !std::exchange(posted_, true))
    QCoreApplication::postEvent(this, new QEvent(kDraw), Qt::HighEventPriority);
}

bool FrameQueue::event(QEvent* event) {
  if (event->type() != kDraw) return QObject::event(event);
  posted_ = false;
  if (!drawing_) drawAll();
  return true;
}

void FrameQueue::addNext(QObject* who, std::function<void()> draw) {
  next_.emplace_back(who, std::move(draw));
  if (!nextFrame_.isActive()) nextFrame_.start();
}

void FrameQueue::drawNext() {
  for (auto& [who, draw] : std::exchange(next_, {}))
    if (who) add(who, std::move(draw));
}

void FrameQueue::drawAll() {
  started_ = clock_.elapsed();
  drawing_ = true;
  Waiting all = std::exchange(waiting_, {});
  auto next = all.begin();
  for (; next != all.end() && clock_.elapsed() - started_ < kLimitMilliseconds; ++next)
    if (next->first) next->second();
  drawing_ = false;
  if (next == all.end()) return;
  waiting_.insert(waiting_.begin(), std::make_move_iterator(next), std::make_move_iterator(all.end()));
  rest_.start();
}

}  // namespace moescope
