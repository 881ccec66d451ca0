// The stage: what it shows, that all of it is of one moment, and that its drawer and layouts are the document's.

#include <QAction>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QSlider>
#include <QTabBar>
#include <QTest>
#include <algorithm>
#include <map>
#include <vector>

#include "app/window/breath.h"
#include "app/window/glide.h"
#include "app/window/main_window.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"
#include "views/slider_view.h"

using namespace moescope;

class TestStage : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  void show(const QSize& size, double scale = 1.0) {
    Document document = documentOf(smallKnobs(), true, scale);
    document.layout = {};  // as on the first day
    QVERIFY(showWindow(window_, document, size));
  }
  QDockWidget* panel() { return window_->findChild<QDockWidget*>("dock-panel"); }
  ViewTile* tile(const char* name) { return window_->tile(std::string("stage-") + name); }
  std::string wordsOf(const char* name) {
    tile(name)->drawNow();
    std::string words;
    for (const DrawnText& text : dynamic_cast<FlatView&>(tile(name)->view()).texts()) words += text.words + "\n";
    return words;
  }
  void press(const QString& keys) {
    for (QAction* action : window_->findChildren<QAction*>())
      if (action->shortcut() == QKeySequence(keys)) return action->trigger();
    QFAIL(qPrintable(keys));
  }

 private Q_SLOTS:
  void cleanup() {
    window_.reset();
    applyPalette(Theme{});
  }

  void a_first_start_shows_the_stage_and_the_picture_has_most_of_it() {
    show({1440, 900});
    QVERIFY(tile("score_polygon")->isVisible() && tile("load_bars")->isVisible() && tile("concentration_curve")->isVisible());
    QVERIFY(!panel()->isVisible() && !window_->tile("score_polygon")->isVisible());
    const ViewTile* hero = tile("score_polygon");
    QVERIFY2(hero->width() > 1.4 * tile("load_bars")->width() && hero->height() > 480,
             qPrintable(QString("%1 x %2").arg(hero->width()).arg(hero->height())));
    QVERIFY(window_->findChild<QSlider*>("stage-concentration")->width() > 1440 / 2);
  }

  void at_the_least_size_the_picture_keeps_its_room_and_the_others_share_a_place() {
    show({1024, 640});
    QVERIFY2(tile("score_polygon")->height() >= 300, qPrintable(QString::number(tile("score_polygon")->height())));
    QCOMPARE(tile("load_bars")->isVisible() + tile("concentration_curve")->isVisible(), 1);
    window_->resize(1440, 900);
    QVERIFY(becomes([&] { return tile("load_bars")->isVisible() && tile("concentration_curve")->isVisible(); }));
    window_->resize(1024, 640);
    QVERIFY(becomes([&] { return tile("load_bars")->isVisible() + tile("concentration_curve")->isVisible() == 1; }));
  }

  /// Pixels between the corners of E0, at the top, and E4, at the foot.
  int polygonAcross() {
    ViewTile* hero = tile("score_polygon");
    hero->drawNow();
    std::map<int, std::pair<int, int>> heights;  // of the marks, lowest and highest
    for (int y = 0; y < hero->height(); ++y)
      for (int x = hero->width() / 4; x < 3 * hero->width() / 4; x += 4)
        if (const int expert = hero->view().pick(x, y).expert; expert == 0 || expert == 4) {
          auto& range = heights.try_emplace(expert, y, y).first->second;
          range.second = y;
        }
    if (heights.size() != 2) return 0;
    return (heights[0].first + heights[0].second - heights[4].first - heights[4].second) / 2;
  }

  void the_slider_has_its_name_and_its_number_at_every_size() {
    for (const double scale : {1.0, 1.5, 2.0, 2.5})
      for (const QSize& size : {QSize(1024, 640), QSize(1024, 768), QSize(1280, 720), QSize(1440, 900)}) {
        show(size, scale);
        for (const char* part :
             {"stage-concentrationTitle", "stage-concentrationNumber", "stage-concentration", "entropyMeter", "stageRouter"}) {
          auto* widget = window_->findChild<QWidget*>(part);
          QVERIFY2(becomes([&] { return wholeInSight(widget); }), qPrintable(QString("%1 at %2x%3, text %4: %5x%6")
                                                        .arg(part)
                                                        .arg(size.width())
                                                        .arg(size.height())
                                                        .arg(scale)
                                                        .arg(widget->width())
                                                        .arg(widget->height())));
        }
        auto* title = window_->findChild<QLabel*>("stage-concentrationTitle");
        QVERIFY2(
            title->text().contains("α") && title->sizeHint().width() <= title->width(),
            qPrintable(QString("%1 in %2 at %3, text %4").arg(title->text()).arg(title->width()).arg(size.width()).arg(scale)));
        auto* number = window_->findChild<QDoubleSpinBox*>("stage-concentrationNumber");
        for (const double value : {0.0625, 16.0}) {
          number->setValue(value);
          auto* line = number->findChild<QLineEdit*>();
          QVERIFY2(line->fontMetrics().horizontalAdvance(line->text()) <= line->width(),
                   qPrintable(QString("%1 in %2, text %3").arg(line->text()).arg(line->width()).arg(scale)));
        }
        auto* router = window_->findChild<QComboBox*>("stageRouter");
        if (size.width() < 1280 || scale > 1.5) continue;  // cut in its middle, and whole in its list
        for (int i = 0; i < router->count(); ++i)
          QVERIFY2(
              router->fontMetrics().horizontalAdvance(router->itemText(i)) + router->fontMetrics().height() <= router->width(),
              qPrintable(router->itemText(i)));
      }
  }

  void the_polygon_is_as_large_as_a_hall_needs() {
    const std::map<std::pair<int, int>, int> least = {{{1440, 900}, 550}, {{1920, 1080}, 700}, {{1024, 640}, 340}};
    for (const auto& [size, across] : least) {
      show({size.first, size.second});
      const int found = polygonAcross();
      if (size.second == 640)
        QVERIFY2(tile("score_polygon")->height() >= 420, qPrintable(QString::number(tile("score_polygon")->height())));
      QVERIFY2(found >= across, qPrintable(QString("%1x%2: the polygon is %3 across, the hero %4x%5")
                                               .arg(size.first)
                                               .arg(size.second)
                                               .arg(found)
                                               .arg(tile("score_polygon")->width())
                                               .arg(tile("score_polygon")->height())));
    }
  }

  void the_next_byte_comes_with_a_text_and_changes_with_the_concentration() {
    show({1440, 900});
    QVERIFY(tile("next_bytes")->isHidden() || !tile("next_bytes")->isVisible());
    controller().perform({"Own text", "", [](Document& document) { document.prompt = "the model of the th"; }});
    QVERIFY(becomes(
        [&] { return tile("next_bytes")->isVisible() && controller().scene().prompt && controller().scene().promptRouting; }));
    QVERIFY(tile("concentration_curve")->isVisible() && !tile("load_bars")->isVisible());
    std::string words = wordsOf("next_bytes");
    QVERIFY2(words.find("byte 19, 'h'") != std::string::npos && words.find("at concentration 1") != std::string::npos &&
                 words.find("temperature") == std::string::npos,
             words.c_str());
    const RowMatrix before = controller().scene().prompt->next;
    QVERIFY(controller().perform(setNumber(0, "concentration", 0.0)));
    QVERIFY(
        becomes([&] { return controller().scene().prompt && controller().scene().prompt->request.lens.concentration == 0.0f; }));
    words = wordsOf("next_bytes");
    QVERIFY2(words.find("at concentration 0") != std::string::npos, words.c_str());
    QVERIFY((controller().scene().prompt->next - before).cwiseAbs().maxCoeff() > 1e-6f);
    controller().perform({"Temperature", "", [](Document& document) { document.continuation.temperature = 0.5; }});
    QVERIFY(becomes([&] { return controller().scene().prompt && controller().scene().prompt->request.temperature == 0.5; }));
    QVERIFY(wordsOf("next_bytes").find("temperature 0.5") != std::string::npos);
    controller().perform({"Own text", "", [](Document& document) { document.prompt.clear(); }});
    QVERIFY(becomes([&] { return !tile("next_bytes")->isVisible() && tile("load_bars")->isVisible(); }));
  }

  void slider_number_and_views_show_one_moment() {
    show({1440, 900});
    auto* slider = window_->findChild<QSlider*>("stage-concentration");
    for (const double wanted : {0.25, 4.0, 9.0}) {
      slider->setValue(positionOf(wanted));
      const Scene& scene = controller().scene();
      QVERIFY(std::abs(scene.lens.concentration / wanted - 1.0) < 0.01);
      const QString number = window_->findChild<EntropyMeter*>()->number();
      QCOMPARE(number, QString::number(scene.routing->probability.meanEntropy, 'f', 3));
      const std::string curve = wordsOf("concentration_curve");
      QVERIFY2(curve.find(number.toStdString() + " nats") != std::string::npos, curve.c_str());
      const std::string load = formatted("CV %.2f", scene.routing->applied.loadVariation), bars = wordsOf("load_bars");
      QVERIFY2(bars.find(load) != std::string::npos, bars.c_str());
    }
  }

  void a_hand_along_the_curve_moves_the_concentration_as_one_step() {
    show({1440, 900});
    ViewTile* curve = tile("concentration_curve");
    curve->drawNow();
    const int steps = controller().history().stack().index();
    const QPoint from(curve->width() / 2, 2 * curve->height() / 3), to = from + QPoint(curve->width() / 6, -10);
    QTest::mousePress(curve, Qt::LeftButton, {}, from);
    QVERIFY(controller().lens().concentration != 1.0f);  // the axis's middle is 1, the picture's is right of it
    const float pressed = controller().lens().concentration;
    QTest::mouseMove(curve, to);
    QTest::mouseRelease(curve, Qt::LeftButton, {}, to);
    const auto* axis = dynamic_cast<const SliderView*>(&curve->view());
    const std::optional<double> wanted = axis->concentrationAt(to.x(), curve->height() - 1 - from.y());
    QVERIFY(wanted && controller().lens().concentration > 1.5f * pressed);
    QVERIFY(std::abs(controller().lens().concentration / *wanted - 1.0) < 1e-5);
    QCOMPARE(controller().history().stack().index(), steps + 1);
    QVERIFY(controller().selection().empty());
    QVERIFY(!axis->concentrationAt(to.x(), curve->height() - 2));  // above the axes
    controller().perform({"Hidden", "", [](Document& document) { document.hiddenControls.insert("concentration"); }});
    const float before = controller().lens().concentration;
    QTest::mouseClick(curve, Qt::LeftButton, {}, from);  // a lesson's page has no slider
    QCOMPARE(controller().lens().concentration, before);
  }

  void it_breathes_once_until_a_hand_stops_it() {
    QCOMPARE(breathAt(0.2, 3.0), 0.0);
    QVERIFY(std::abs(breathAt(0.0, 3.0) - 3.0) < 0.02 && std::abs(breathAt(0.7, 3.0) - 16.0) < 1e-9);
    QCOMPARE(breathAt(1.0, 3.0), 1.0);
    show({1440, 900});
    QCOMPARE(nextShare(0.1, 0.15), 0.15);
    QCOMPARE(nextShare(0.1, 0.9), 0.2);  // slow drawing
    QCOMPARE(nextShare(0.2, 0.9), 0.7);
    QCOMPARE(nextShare(0.7, 2.0), 1.0);
    const int steps = controller().history().stack().index();
    std::vector<float> shown;
    const auto watch = connect(&controller(), &Controller::documentChanged, this,
                               [&] { shown.push_back(controller().lens().concentration); });
    press("Ctrl+Shift+B");
    const auto* breath = window_->findChild<Breath*>();
    QVERIFY(becomes([&] { return !breath->runs(); }));
    QVERIFY(shown.size() > 3);
    const auto [least, most] = std::minmax_element(shown.begin(), shown.end());
    QCOMPARE(*least, 0.0f);
    QCOMPARE(*most, 16.0f);
    QVERIFY(least < most);
    QCOMPARE(controller().lens().concentration, 1.0f);
    QVERIFY(controller().history().stack().index() <= steps + 1);
    shown.clear();
    press("Ctrl+Shift+B");
    QVERIFY(becomes([&] { return !shown.empty() && *std::min_element(shown.begin(), shown.end()) < 0.9f; }));
    QObject::disconnect(watch);
    controller().perform(setNumber(0, "concentration", 5.0));
    QVERIFY(becomes([&] { return !breath->runs(); }));
    QCOMPARE(controller().lens().concentration, 5.0f);
  }

  void tokens_glide_from_gate_to_gate_and_nothing_else_does() {
    show({1440, 900});
    const Scene before = controller().scene();
    window_->findChild<QSlider*>("stage-concentration")->setValue(positionOf(8.0));
    const Scene& after = controller().scene();
    const std::optional<Scene> midway = between(before, after, 0.25);
    QVERIFY(midway);
    const RowMatrix wanted = 0.75f * before.routing->gates + 0.25f * after.routing->gates;
    QVERIFY((midway->routing->gates - wanted).cwiseAbs().maxCoeff() < 1e-6f);
    QCOMPARE(midway->routing->probability.meanEntropy, after.routing->probability.meanEntropy);
    Scene other = before;
    auto fewer = std::make_shared<Routing>(*before.routing);
    fewer->gates = before.routing->gates.leftCols(4).eval();
    other.routing = fewer;
    QVERIFY(!between(other, after, 0.5));
    QVERIFY(controller().document().motion && !documentFromJson(R"({"moescope_state": 2, "motion": false})").motion);
  }

  void the_drawer_and_the_layouts_are_the_documents() {
    show({1440, 900});
    press("D");
    QVERIFY(panel()->isVisible() && controller().document().layout.drawer);
    QVERIFY(documentFromJson(toJson(controller().document())).layout.drawer);
    window_->findChild<QAction*>("actionUndo")->trigger();
    QVERIFY(!panel()->isVisible());
    press("Ctrl+2");
    QVERIFY(panel()->isVisible() && window_->tile("score_polygon")->isVisible() && !tile("score_polygon")->isVisible());
    window_->openGroup("Explore");
    QCOMPARE(controller().document().layout.group, std::string("Routing"));
    press("Ctrl+1");
    QVERIFY(!panel()->isVisible() && tile("score_polygon")->isVisible());
    QCOMPARE(window_->findChild<QTabBar*>("groups")->currentIndex(), 0);
  }

  void router_and_layer_of_the_stage_are_the_documents() {
    show({1440, 900});
    auto* router = window_->findChild<QComboBox*>("stageRouter");
    QCOMPARE(router->currentData().toString().toStdString(), controller().side().knobs.router);
    const int topk = router->findData("topk");
    QVERIFY(topk >= 0);
    router->setCurrentIndex(topk);
    Q_EMIT router->activated(topk);
    QCOMPARE(controller().side().knobs.router, std::string("topk"));
    window_->findChild<QAction*>("actionUndo")->trigger();
    QCOMPARE(router->currentData().toString(), QString("grmoe"));
    auto* layer = window_->findChild<QComboBox*>("stageLayer");
    QCOMPARE(layer->count(), 2);
    layer->setCurrentIndex(1);
    QCOMPARE(controller().lens().layer, 1);
  }

  void key_numbers_stand_high_enough_for_a_hall() {
    show({1920, 1080}, 1.5);
    const EntropyMeter* meter = window_->findChild<EntropyMeter*>();
    QVERIFY2(meter->height() >= 72 + 24, qPrintable(QString::number(meter->height())));
    for (const QWidget* widget : window_->findChildren<QWidget*>())
      if (widget->isVisible())
        QVERIFY2(QFontMetrics(widget->font()).height() >= 24,
                 qPrintable(widget->objectName() + " " + widget->metaObject()->className()));
  }

  void every_view_tells_what_it_is() {
    show({1440, 900});
    for (const AboutButton* button : window_->findChildren<AboutButton*>()) {
      const QString text = button->text();
      QVERIFY2(text.contains("What it is") && text.contains("What to look for") && !text.contains("cannot be computed"),
               qPrintable(text));
    }
    auto* button = tile("load_bars")->findChild<AboutButton*>();
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(becomes([&] { return button->findChild<QWidget*>("aboutPage") != nullptr; }));
    button->findChild<QWidget*>("aboutPage")->close();
  }
};

MOESCOPE_TEST(TestStage)
#include "test_stage.moc"
