// A wish to stop reaches work that knows nothing of it, on its own thread and no further.

#include <QTest>
#include <chrono>
#include <thread>

#include "core/geometry/expert_source.h"
#include "core/geometry/stop_scope.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// Long enough that a scope asks again.
void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(60)); }

/// Experts that take for ever to read, unless they are stopped.
class EndlessExperts : public ExpertSource {
 public:
  int count() const override { return 4; }
  int width() const override { return 2; }
  const ExpertWeights& read(int, ExpertWeights& scratch) const override {
    for (;;) {
      stopIfWanted();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return scratch;
  }
};

}  // namespace

class TestStopScope : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void nothing_stops_outside_a_scope() {
    stopIfWanted();
    {
      const StopScope scope([] { return true; });
    }
    wait();
    stopIfWanted();
  }

  void the_innermost_scope_is_asked_and_only_on_its_thread() {
    int outer = 0;
    const StopScope around([&] { return ++outer > 0; });
    {
      const StopScope inside([] { return false; });
      wait();
      stopIfWanted();
      QCOMPARE(outer, 0);
    }
    std::thread([] {
      wait();
      stopIfWanted();
    }).join();
    QCOMPARE(outer, 0);
    wait();
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, stopIfWanted());
  }

  void an_expert_that_is_being_read_is_given_up() {
    int asked = 0;
    try {
      forEachExpert(EndlessExperts(), 2, [&](int done) { return done > 0 || ++asked < 3; }, [](int, const ExpertWeights&) {});
      QFAIL("it ended by itself");
    } catch (const std::runtime_error& error) {
      QCOMPARE(std::string(error.what()), std::string("stopped"));
    }
    QCOMPARE(asked, 3);
  }
};

MOESCOPE_TEST(TestStopScope)
#include "test_stop_scope.moc"
