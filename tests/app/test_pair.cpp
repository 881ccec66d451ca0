// A|B: two sides beside each other in the real window.

#include <QComboBox>
#include <QLabel>
#include <QToolButton>

#include "app/document/differences.h"
#include "app/window/concentration_slider.h"
#include "app/window/main_window.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestPair : public QObject {
  Q_OBJECT

  std::unique_ptr<MainWindow> window_;
  Controller& controller() { return window_->controller(); }
  template <typename Widget>
  Widget* find(const char* name) {
    return window_->findChild<Widget*>(name);
  }
  void trigger(const char* action) { find<QAction>(action)->trigger(); }
  std::int64_t stepOf(int side) {
    const SnapshotPointer snapshot = controller().on(side).scene().snapshot;
    return snapshot ? snapshot->step : -1;
  }
  bool settlesAt(std::int64_t step) {
    return becomes([&] { return stepOf(0) == step && stepOf(1) == step && controller().settled(); });
  }
  void compareAt(std::int64_t step) {
    QVERIFY(becomes([&] { return stepOf(0) == 0; }));
    controller().engine().playUntil(step);
    QVERIFY(becomes([&] { return stepOf(0) == step && controller().settled(); }));
    trigger("actionCompare");
    QVERIFY(settlesAt(step));
  }
  void chooseRouter(const char* name) {
    auto* box = find<QComboBox>("knob-router");
    box->setCurrentIndex(box->findData(name));
    Q_EMIT box->activated(box->currentIndex());
  }

 private Q_SLOTS:
  void init() {
    Knobs knobs = smallKnobs();
    knobs.router = "topk";
    knobs.experts = 4;
    Document document = documentOf(knobs);
    document.sides[0].analysis.everySeconds = 0.0;
    window_ = std::make_unique<MainWindow>(document);
    window_->resize(1440, 900);
    window_->show();
    QVERIFY(becomes([&] { return window_->revealed(); }));
  }
  void cleanup() { window_.reset(); }

  void one_key_shows_a_second_model_that_is_the_same_at_the_same_step_and_back() {
    compareAt(7);
    QVERIFY(controller().compares());
    QCOMPARE(find<QAction>("actionCompare")->shortcut(), QKeySequence("Ctrl+B"));
    ViewTile* second = window_->tile("load_bars-b");
    QVERIFY(second && second->isVisible());
    QVERIFY(find<QToolBar>("bar-compare")->isVisible());
    QCOMPARE(controller().on(1).scene().snapshot->trainingLoss, controller().on(0).scene().snapshot->trainingLoss);
    QVERIFY(controller().on(0).scene().routing->gates == controller().on(1).scene().routing->gates);
    QVERIFY(find<QLabel>("differences")->text().startsWith("A and B are the same"));
    trigger("actionCompare");
    QVERIFY(!second->isVisible() && !find<QToolBar>("bar-compare")->isVisible());
    QVERIFY(!controller().scene().beside);
    trigger("actionUndo");
    QVERIFY(controller().compares() && second->isVisible());
    trigger("actionUndo");
    QVERIFY(!controller().compares());
  }

  void another_router_on_b_trains_from_the_start_to_a_s_step_and_leaves_a_alone() {
    compareAt(7);
    const double before = controller().on(0).scene().snapshot->trainingLoss;
    trigger("actionOtherSide");
    QCOMPARE(controller().active(), 1);
    chooseRouter("grmoe");
    QVERIFY(becomes(
        [&] { return stepOf(1) == 7 && controller().on(1).scene().snapshot->router == "grmoe" && controller().settled(); }));
    QCOMPARE(stepOf(0), 7);
    QCOMPARE(controller().on(0).scene().snapshot->router, std::string("topk"));
    QCOMPARE(controller().on(0).scene().snapshot->trainingLoss, before);
    QVERIFY(controller().on(1).timeline()->steps(controller().on(1).scene().snapshot->generation)->switches().empty());
    QCOMPARE(find<QLabel>("differences")->text(), QString::fromStdString(differenceLine(controller().document())));
    QVERIFY(find<QLabel>("differences")->text().endsWith("; all else equal"));
    // The same model alone gives the same numbers.
    Knobs alone = controller().document().sides[1].knobs;
    Engine engine(alone, 1);
    engine.playUntil(7);
    QVERIFY(becomes([&] { return engine.latest() && engine.latest()->step == 7; }));
    QCOMPARE(controller().on(1).scene().snapshot->trainingLoss, engine.latest()->trainingLoss);
    trigger("actionUndo");
    QVERIFY(becomes([&] { return controller().on(1).scene().snapshot->router == "topk" && settlesAt(7); }));
  }

  void both_train_and_pause_at_the_same_step() {
    compareAt(3);
    trigger("actionPlay");
    QVERIFY(becomes([&] { return stepOf(0) > 20 && stepOf(1) > 20; }));
    trigger("actionPlay");
    QVERIFY(becomes([&] { return controller().settled(); }));
    QCOMPARE(stepOf(0), stepOf(1));
    const std::int64_t at = stepOf(0);
    trigger("actionStep");
    QVERIFY(settlesAt(at + 1));
  }

  void what_is_linked_moves_on_both_sides_and_what_is_not_on_one() {
    compareAt(2);
    auto* slider = window_->findChild<ControlPanel*>()->findChild<ConcentrationSlider*>();
    slider->setValue(2.0);
    QCOMPARE(controller().on(1).scene().lens.concentration, 2.0f);
    trigger("link-concentration");
    QVERIFY(!controller().document().links.concentration);
    trigger("actionOtherSide");
    QVERIFY(controller().perform(setNumber(1, "concentration", 4.0)));
    QCOMPARE(controller().on(0).scene().lens.concentration, 2.0f);
    QCOMPARE(controller().on(1).scene().lens.concentration, 4.0f);
    QVERIFY(find<QLabel>("differences")->text().contains("oncentration"));
    QCOMPARE(slider->value(), 4.0);  // the active side's
    trigger("link-concentration");  // the active side has it
    QCOMPARE(controller().on(0).scene().lens.concentration, 4.0f);
  }

  void both_sides_have_one_scale_and_a_difference() {
    compareAt(2);
    const Scene &first = controller().on(0).scene(), &second = controller().on(1).scene();
    QVERIFY(first.beside && second.beside && first.beside->snapshot == second.snapshot &&
            second.beside->snapshot == first.snapshot);
    QVERIFY(!window_->tile("load_bars-difference"));
    trigger("actionDifference");
    QVERIFY(window_->tile("load_bars-difference")->isVisible());
    QVERIFY(!window_->tile("score_polygon-difference"));  // subtraction would mean nothing
    trigger("actionDifference");
    QVERIFY(!window_->tile("load_bars-difference")->isVisible());
  }

  void a_click_on_a_side_makes_it_the_one_of_the_panel_without_a_step_of_undo() {
    compareAt(2);
    const int steps = controller().history().stack().count();
    QTest::mouseClick(find<QLabel>("headerB"), Qt::LeftButton);
    QCOMPARE(controller().active(), 1);
    QTest::mouseClick(find<QToolButton>("sideA"), Qt::LeftButton);
    QCOMPARE(controller().active(), 0);
    QCOMPARE(controller().history().stack().count(), steps);
  }

  void a_state_with_two_sides_comes_back_as_it_was() {
    compareAt(2);
    QVERIFY(controller().perform(changeKnobs(1, "Learning rate", [](Knobs& knobs) { knobs.learningRate = 0.01; })));
    const Document before = documentFromJson(toJson(controller().document()));
    QVERIFY(before.compares);
    QCOMPARE(before.sides[1].knobs.learningRate, 0.01);
    QCOMPARE(differenceLine(before), std::string("A: Learning rate 0.003; B: Learning rate 0.01; all else equal"));
    QVERIFY(becomes([&] {
      return find<QLabel>("differences")->text() ==
             "A: Learning rate 0.003; B: Learning rate 0.01; else equal now; B's knobs changed at step 2";
    }));
  }
};

MOESCOPE_TEST(TestPair)
#include "test_pair.moc"
