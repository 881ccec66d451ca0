// One frame shows one moment: whenever anything of the window is painted, every tile on show has drawn the scene that the numbers
// are of.

#include <QCoreApplication>

#include "app/window/frame_queue.h"
#include "app/window/main_window.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// Looks at the tiles of a window at each paint of any of its widgets.
class Watcher : public QObject {
 public:
  explicit Watcher(MainWindow& window) : window_(window) { qApp->installEventFilter(this); }
  int paints = 0, late = 0;  ///< `late`: at which a tile on show had drawn another scene

  bool eventFilter(QObject* object, QEvent* event) override {
    const auto* widget = qobject_cast<QWidget*>(object);
    if (event->type() != QEvent::Paint || !widget || widget->window() != &window_) return false;
    ++paints;
    late += !together();
    return false;
  }
  bool together() const {
    for (const ViewTile* tile : window_.findChildren<ViewTile*>())
      if (tile->isVisible() && !tile->visibleRegion().isEmpty() &&
          !(tile->drawn() && looksAlike(*tile->drawn(), window_.controller().on(tile->side()).scene())))
        return false;
    return true;
  }

 private:
  MainWindow& window_;
};

}  // namespace

class TestFrameQueue : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whenever_a_window_is_painted_all_its_tiles_show_the_moment_of_its_numbers() {
    Document document = documentOf(smallKnobs());
    document.motion = false;  // tokens on their way show no moment
    MainWindow window(document);
    window.resize(1440, 900);
    window.show();
    QVERIFY(becomes([&] { return window.revealed() && window.controller().scene().routing; }));
    for (const bool pair : {false, true}) {
      if (pair) window.findChild<QAction*>("actionCompare")->trigger();
      QVERIFY(becomes([&] { return window.controller().settled() && (!pair || window.controller().on(1).scene().routing); }));
      Watcher watcher(window);
      QVERIFY(becomes([&] { return watcher.together(); }));
      watcher.paints = watcher.late = 0;
      for (int step = 0; step < 12; ++step) {
        QVERIFY(window.controller().perform(setNumber(0, "concentration", 0.5 + 0.25 * step)));
        QCoreApplication::processEvents();
      }
      QVERIFY(watcher.paints > 24);  // of tiles and numbers
      QCOMPARE(watcher.late, 0);
      const std::int64_t goal = window.controller().scene().snapshot->step + 10;
      window.controller().playUntil(goal);
      QVERIFY(becomes([&] { return window.controller().scene().snapshot->step == goal && watcher.together(); }));
      QCOMPARE(watcher.late, 0);
    }
  }

  void all_that_wants_to_draw_does_once_before_a_window_is_painted() {
    FrameQueue queue;
    QObject first, second;
    std::vector<std::string> order;
    queue.add(&first, [&] { order.push_back("first"); });
    queue.add(&second, [&] { order.push_back("second"); });
    queue.add(&first, [&] { order.push_back("twice"); });
    QWidget window;
    QEvent update(QEvent::UpdateRequest);
    QCoreApplication::sendEvent(&window, &update);
    QCOMPARE(order, (std::vector<std::string>{"first", "second"}));
    QCoreApplication::sendPostedEvents();
    QCOMPARE(order.size(), std::size_t{2});
  }

  void what_takes_too_long_lets_the_window_live_before_the_rest_is_drawn() {
    FrameQueue queue;
    QObject slow, rest;
    std::vector<std::string> order;
    auto leaving = std::make_unique<QObject>();
    queue.add(&slow, [&] {
      order.push_back("slow");
      QTest::qSleep(FrameQueue::kLimitMilliseconds + 50);
    });
    queue.add(&rest, [&] { order.push_back("rest"); });
    queue.add(leaving.get(), [&] { order.push_back("gone"); });
    leaving.reset();
    QMetaObject::invokeMethod(&slow, [&] { order.push_back("key"); }, Qt::QueuedConnection);
    QVERIFY(becomes([&] { return order.size() == 3; }));
    QCOMPARE(order, (std::vector<std::string>{"slow", "key", "rest"}));
  }

  void what_moves_is_drawn_in_later_frames_at_one_time() {
    FrameQueue queue;
    QObject first, second;
    std::vector<qint64> times;
    for (QObject* each : {&first, &second})
      queue.addNext(each, [&] {
        times.push_back(queue.now());
        QTest::qSleep(5);
      });
    QVERIFY(times.empty());
    QVERIFY(becomes([&] { return times.size() == 2; }));
    QCOMPARE(times[0], times[1]);
  }
};

MOESCOPE_TEST(TestFrameQueue)
#include "test_frame_queue.moc"
