#pragma once
// Work that takes longer than a frame, off the window's thread.

#include <QMetaObject>
#include <QThreadPool>
#include <utility>

namespace moescope {

/// `take(compute())`: computed on a thread of the global pool, taken on the object's own. The object waits for the pool before it
/// goes. `compute` must not throw.
template <typename Compute, typename Take>
void onWorker(QObject* object, Compute compute, Take take) {
  QThreadPool::globalInstance()->start([object, compute = std::move(compute), take = std::move(take)] {
    QMetaObject::invokeMethod(object, [take, result = compute()] { take(result); }, Qt::QueuedConnection);
  });
}

}  // namespace moescope
