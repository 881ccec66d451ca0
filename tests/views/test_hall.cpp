// What a hall reads from afar: pictures keep their room beside large words, and no number is struck out.

#include <QTest>
#include <cmath>

#include "tests/support/test_class.h"
#include "tests/support/text_stage.h"
#include "views/slider_view.h"
#include "views/vector_drawing.h"

using namespace moescope;
using namespace moescope::testing;

namespace {

bool isLevel(const DrawnShape& shape) {
  return shape.points.size() == 2 && shape.thickness > 0.0 && std::abs(shape.points[0].y - shape.points[1].y) < 1e-6;
}

}  // namespace

class TestHall : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// The tile beside the hero at 1920x1080, whose text is as large as presenter mode makes it.
  void the_curve_keeps_its_height_beside_large_words() {
    const int height = 460;
    Stage stage(makeView("concentration_curve"));
    stage.theme.titles = true;
    stage.lay(scenesOf(8).front(), {740, height}, 1.7);
    const auto* axis = dynamic_cast<const SliderView*>(stage.view.get());
    int rows = 0;
    for (int y = 0; y < height; ++y) rows += axis->concentrationAt(370, y).has_value();
    QVERIFY2(rows > 0.4 * height, qPrintable(QString::number(rows)));
    QVERIFY2(stands(stage.texts(), "entropy, nats"), all(stage.texts()).c_str());
    stage.lay(scenesOf(8).front(), {740, 460}, 1.0);  // where there is room the whole sentence stands
    QVERIFY2(stands(stage.texts(), "never rises with the concentration"), all(stage.texts()).c_str());
  }

  void no_tick_strikes_out_a_load() {
    for (int step = 0; step < 60; step += 2) {
      Scene scene = scenesOf(8).front();
      auto snapshot = std::make_shared<Snapshot>(*scene.snapshot);
      for (LayerSnapshot& layer : snapshot->layers)  // from below the bars' ends to well above
        layer.trainingLoad = scene.routing->applied.load.array() - 0.01 + 0.0005 * step;
      scene.snapshot = snapshot;
      for (const Size size : {Size{440, 430}, Size{740, 460}, Size{460, 720}}) {
        Stage stage(makeView("load_bars"));
        window(stage, size);
        stage.theme.textScale = size.width > 700 ? 1.7 : 1.0;
        const VectorDrawing drawing = dynamic_cast<FlatView&>(*stage.view).drawingOf(scene, stage.theme);
        int numbers = 0;
        for (const DrawnText& text : drawing.texts) {
          if (text.align != Align::Centre || text.words.find('.') == std::string::npos) continue;
          ++numbers;
          for (const DrawnShape& shape : drawing.shapes)
            if (isLevel(shape) && shape.thickness == 2.0 && shape.points[0].x < text.box.x + text.box.width / 2 &&
                shape.points[1].x > text.box.x + text.box.width / 2)
              QVERIFY2(shape.points[0].y < text.box.y || shape.points[0].y > text.box.y + text.box.height,
                       qPrintable(QString("%1: tick at %2, number from %3 to %4")
                                      .arg(QString::fromStdString(text.words)).arg(shape.points[0].y).arg(text.box.y)
                                      .arg(text.box.y + text.box.height)));
        }
        QCOMPARE(numbers, 8);
      }
    }
  }

  /// "leading expert" before "E7  27 %" would read as one.
  void no_name_of_a_corner_runs_into_the_caption() {
    int beside = 0;
    for (int width = 700; width <= 1300; width += 60)
      for (const double scale : {1.0, 1.3, 1.7}) {
        Stage stage(makeView("score_polygon"));
        stage.theme.titles = false;
        Scene scene = scenesOf(8).front();
        auto snapshot = std::make_shared<Snapshot>(*scene.snapshot);
        auto probe = std::make_shared<Probe>(*snapshot->probe);
        probe->synthetic = false;
        snapshot->probe = probe;
        scene.snapshot = snapshot;
        const std::vector<DrawnText> texts = stage.lay(scene, {width, 940}, scale);
        for (const DrawnText& name : texts) {
          if (!name.words.starts_with("E") || name.words.find('%') == std::string::npos) continue;
          for (const DrawnText& words : texts) {
            if (words.words.starts_with("E") || words.box.y >= name.box.y + name.box.height ||
                name.box.y >= words.box.y + words.box.height)
              continue;
            const double gap = std::max(name.box.x - words.box.x - words.box.width, words.box.x - name.box.x - name.box.width);
            QVERIFY2(gap > 0.5 * name.box.height,
                     qPrintable(QString("%1 and %2, %3 wide: %4").arg(QString::fromStdString(words.words))
                                    .arg(QString::fromStdString(name.words)).arg(width).arg(gap)));
            ++beside;
          }
        }
      }
    QVERIFY(beside > 0);  // some did come beside it
  }

 private:
  static void window(Stage& stage, Size size) { stage.window->SetSize(size.width, size.height); }
};

MOESCOPE_TEST(TestHall)
#include "test_hall.moc"
