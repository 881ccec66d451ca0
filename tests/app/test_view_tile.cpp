// A view that fails says so in its tile; the program and the other tiles go on.

#include <vtkNew.h>
#include <vtkRenderer.h>

#include <QLabel>
#include <QTest>
#include <stdexcept>

#include "app/window/view_tile.h"
#include "tests/support/test_class.h"
#include "views/vector_drawing.h"

using namespace moescope;

namespace {

/// Fails as long as it is told to.
class Failing : public View {
 public:
  explicit Failing(const bool& fails) : fails_(fails) {}
  vtkRenderer* renderer() override { return renderer_; }
  void update(const Scene&, const Theme& theme) override {
    ratio = theme.pixelRatio;
    if (fails_) throw std::runtime_error("the planted fault");
  }
  VectorDrawing drawingOf(const Scene&, const Theme&) override { return {}; }
  Pick pick(int, int) override { return {}; }
  double ratio = 0.0;

 private:
  const bool& fails_;
  vtkNew<vtkRenderer> renderer_;
};

}  // namespace

class TestViewTile : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void a_failure_is_said_in_the_tile_and_gone_with_the_next_picture() {
    bool fails = true;
    Controller controller(Document{});
    ViewTile tile({"failing", "Failing", "", [&] { return std::make_unique<Failing>(fails); }}, controller);
    tile.resize(300, 200);
    tile.show();
    QVERIFY(QTest::qWaitForWindowExposed(&tile));
    tile.drawNow();
    const auto* message = tile.findChild<QLabel*>();
    QVERIFY(message && message->isVisible());
    QCOMPARE(message->text(), QString("This view cannot be drawn: the planted fault"));
    QCOMPARE(dynamic_cast<Failing&>(tile.view()).ratio, tile.devicePixelRatioF());
    fails = false;
    tile.drawNow();
    QVERIFY(!message->isVisible());
  }
};

MOESCOPE_TEST(TestViewTile)
#include "test_view_tile.moc"
