#pragma once
// Pictures that follow from one scene come on the screen together, and together with the numbers.

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <functional>
#include <utility>
#include <vector>

namespace moescope {

/// Whoever wants to draw says so, and is called before anything that changed meanwhile is painted: then all of them draw one
/// after another, and Qt paints the window once. Drawing that takes longer than kLimitMilliseconds in all goes on after the keys
/// and mouse were heeded, so that the window stays responsive where a machine is that slow.
class FrameQueue : public QObject {
  Q_OBJECT
 public:
  static constexpr int kLimitMilliseconds = 400, kFrameMilliseconds = 16;

  FrameQueue();
  /// Once for each, however often it asks.
  void add(QObject* who, std::function<void()> draw);
  /// The same for the picture after this one, kFrameMilliseconds later, of what moves.
  void addNext(QObject* who, std::function<void()> draw);
  /// Milliseconds on a clock that stands still while pictures that belong together are drawn.
  qint64 now() const { return drawing_ ? started_ : clock_.elapsed(); }

 protected:
  bool event(QEvent* event) override;

 private:
  using Waiting = std::vector<std::pair<QPointer<QObject>, std::function<void()>>>;
  void drawAll();
  void drawNext();

  Waiting waiting_, next_;
  bool posted_ = false, drawing_ = false;
  qint64 started_ = 0;
  QElapsedTimer clock_;
  QTimer rest_;        ///< what was left at the limit
  QTimer nextFrame_;
};

}  // namespace moescope
