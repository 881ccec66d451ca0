// Undo and redo through the real window: what a person did is one step each, and comes back.

#include <QAction>
#include <QComboBox>
#include <QPushButton>
#include <QSlider>
#include <QTest>
#include <algorithm>

#include "app/window/main_window.h"
#include "core/reading/lens_table.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestUndo : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  QAction* action(const char* name) { return window_->findChild<QAction*>(name); }
  int steps() { return controller().history().stack().index(); }

 private Q_SLOTS:
  void init() {
    QVERIFY(showWindow(window_, documentOf(smallKnobs()), {1280, 800}));
  }
  void cleanup() { window_.reset(); }

  void a_drag_is_one_step_and_its_name_is_in_the_menu() {
    auto* slider = window_->findChild<QSlider*>("concentration");
    slider->setSliderDown(true);
    for (int position = 420; position <= 600; position += 20) slider->setValue(position);
    slider->setSliderDown(false);
    const float dragged = controller().lens().concentration;
    QVERIFY(dragged > 2.0f);
    QCOMPARE(steps(), 1);
    QCOMPARE(action("actionUndo")->text(), QString("&Undo Concentration α"));
    slider->setSliderDown(true);
    slider->setValue(100);
    slider->setSliderDown(false);
    QCOMPARE(steps(), 2);
    action("actionUndo")->trigger();
    QCOMPARE(controller().lens().concentration, dragged);
    QVERIFY(std::abs(concentrationAt(slider->value()) - dragged) < 0.02 * dragged);  // the panel shows it
    action("actionUndo")->trigger();
    QCOMPARE(controller().lens().concentration, 1.0f);
    QVERIFY(!action("actionUndo")->isEnabled());
    action("actionRedo")->trigger();
    QCOMPARE(controller().lens().concentration, dragged);
  }

  void a_drag_back_to_where_it_began_is_no_step() {
    auto* slider = window_->findChild<QSlider*>("concentration");
    const int middle = positionOf(1.0);
    slider->setSliderDown(true);
    for (const int position : {middle + 40, middle + 20}) slider->setValue(position);
    window_->findChild<QDoubleSpinBox*>("concentrationNumber")->setValue(1.0);
    slider->setSliderDown(false);
    QCOMPARE(steps(), 0);
  }

  void undo_reaches_the_window_from_a_number_that_was_just_typed() {
    window_->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window_.get(), 60000));
    for (QAbstractSpinBox* box : {static_cast<QAbstractSpinBox*>(window_->findChild<QDoubleSpinBox*>("concentrationNumber")),
                                  static_cast<QAbstractSpinBox*>(window_->findChild<QSpinBox*>("analysisRank"))}) {
      const Document first = controller().document();
      box->setFocus();
      box->selectAll();
      QTest::keyClicks(box, "3");
      QTest::keyClick(box, Qt::Key_Z, Qt::ControlModifier);  // half typed: the entry's own
      QVERIFY(controller().document() == first);
      box->selectAll();
      QTest::keyClicks(box, "3");
      QTest::keyClick(box, Qt::Key_Return);
      QVERIFY(!(controller().document() == first));
      QTest::keyClick(box, Qt::Key_Z, Qt::ControlModifier);
      QVERIFY(controller().document() == first);
      QTest::keyClick(box, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
      QVERIFY(!(controller().document() == first));
      action("actionUndo")->trigger();
    }
  }

  void every_kind_of_action_is_undone() {
    auto* box = window_->findChild<QComboBox*>("policy");
    const Document first = controller().document();
    const std::vector<std::pair<const char*, std::function<void()>>> actions = {
        {"gating", [&] { box->setCurrentIndex(box->findData("top-k")); }},
        {"reading", [&] { window_->findChild<QComboBox*>("reading")->setCurrentIndex(1); }},
        {"layer", [&] { window_->findChild<QComboBox*>("layer")->setCurrentIndex(1); }},
        {"selection", [&] { controller().select({3, -1, -1, {}, 5}); }},
        {"a knob", [&] { window_->findChild<QDoubleSpinBox*>("knob-batch")->setValue(2); }},
        {"analysis", [&] { window_->findChild<QSpinBox*>("analysisRank")->setValue(3); }},
        {"theme", [&] { window_->setTheme(false, 1.15); }},
        {"group", [&] { window_->openGroup("Experts"); }},
    };
    for (const auto& [what, act] : actions) {
      act();
      QVERIFY2(!(controller().document() == first), what);
      QCOMPARE(steps(), 1);
      action("actionUndo")->trigger();
      QVERIFY2(controller().document() == first, what);
      QVERIFY2(controller().engine().knobs() == first.sides[0].knobs, what);
    }
    QCOMPARE(window_->findChild<QComboBox*>("policy")->currentData().toString(),
             QString::fromStdString(lensSetting("gating").text(Lens{})));
    QCOMPARE(window_->findChild<QSpinBox*>("analysisRank")->value(), first.sides[0].analysis.settings.rank);
  }

  void turning_a_view_is_one_step_and_undone() {
    ViewTile* tile = window_->tile("expert_subspaces");
    QVERIFY(tile->isVisible());
    tile->drawNow();
    const Camera first = tile->view().camera();
    const QPoint middle = tile->rect().center();
    QTest::mousePress(tile, Qt::LeftButton, {}, middle);
    for (int i = 1; i <= 5; ++i) QTest::mouseMove(tile, middle + QPoint(8 * i, 0));
    QTest::mouseRelease(tile, Qt::LeftButton, {}, middle + QPoint(40, 0));
    const Camera turned = tile->view().camera();
    QVERIFY(!seesAlike(turned, first));
    QVERIFY(controller().side().cameras.at("expert_subspaces") == turned);
    QCOMPARE(steps(), 1);
    action("actionUndo")->trigger();
    tile->drawNow();
    QVERIFY(seesAlike(tile->view().camera(), first));
    action("actionRedo")->trigger();
    tile->drawNow();
    QVERIFY(seesAlike(tile->view().camera(), turned));
  }

  void an_option_of_a_view_changes_its_picture_alone_and_is_undone() {
    ViewTile* polygon = window_->tile("score_polygon");
    const auto pictureOf = [](ViewTile* tile) {
      tile->drawNow();
      return tile->grabFramebuffer();
    };
    const QImage before = pictureOf(polygon), bars = pictureOf(window_->tile("load_bars"));
    QVERIFY(controller().perform(setWords(0, "score_polygon/colour", "domain")));
    QVERIFY(difference(before, pictureOf(polygon)) > 0.002);
    QVERIFY(difference(bars, pictureOf(window_->tile("load_bars"))) == 0.0);
    QVERIFY(!controller().perform(setWords(0, "score_polygon/colour", "glitter")));
    action("actionUndo")->trigger();
    QVERIFY(difference(before, pictureOf(polygon)) == 0.0);
  }

  void what_is_refused_is_no_step() {
    window_->findChild<QDoubleSpinBox*>("knob-top-k")->setValue(30);  // of 8 experts
    QCOMPARE(steps(), 0);
    QCOMPARE(window_->findChild<QDoubleSpinBox*>("knob-top-k")->value(), 2.0);
    QVERIFY(window_->findChild<QLabel*>("statusMessage")->text().contains("top-k"));
  }

  void a_reset_another_router_and_another_shape_are_undone_and_training_goes_on() {
    const auto trainTo = [&](std::int64_t step) {
      controller().engine().playUntil(step);
      QVERIFY(becomes(
          [&] { return controller().scene().snapshot->step == step && controller().status().state == EngineState::Paused; }));
    };
    trainTo(10);
    const SnapshotPointer before = controller().scene().snapshot;
    const std::vector<std::pair<const char*, std::function<void()>>> leaves = {
        {"reset", [&] { action("actionReset")->trigger(); }},
        {"router", [&] { controller().perform(setWords(0, "router", "topk")); }},
        {"shape", [&] { window_->findChild<QDoubleSpinBox*>("knob-experts")->setValue(12); }},
    };
    double loss = 0.0;
    for (const auto& [what, leave] : leaves) {
      leave();
      QVERIFY2(
          becomes([&] { return controller().scene().snapshot != before && controller().status().state == EngineState::Paused; }),
          what);
      trainTo(controller().scene().snapshot->step + 3);
      action("actionUndo")->trigger();
      QVERIFY2(becomes([&] {
                 return controller().scene().snapshot->step == 10 && controller().status().state == EngineState::Paused;
               }),
               what);
      QVERIFY2(controller().scene().snapshot->layers[0].scores == before->layers[0].scores, what);
      QVERIFY2(controller().engine().knobs() == smallKnobs(), what);
      trainTo(20);
      const double now = controller().scene().snapshot->trainingLoss;
      if (loss != 0.0) QCOMPARE(now, loss);  // as it went on the last time
      loss = now;
      action("actionRedo")->trigger();
      QVERIFY2(becomes([&] {
                 return controller().scene().snapshot->step != 20 && controller().status().state == EngineState::Paused;
               }),
               what);
      action("actionUndo")->trigger();
      QVERIFY2(becomes([&] {
                 return controller().scene().snapshot->step == 20 && controller().status().state == EngineState::Paused;
               }),
               what);
      controller().history().stack().clear();
      if (what != leaves.back().first) {  // from step 10 again
        const std::vector<KeptModel> kept = controller().status().kept;
        controller().engine().restore(
            std::find_if(kept.begin(), kept.end(), [](const KeptModel& each) { return each.step == 10; })->id);
        QVERIFY2(becomes([&] {
                   return controller().scene().snapshot->step == 10 && controller().status().state == EngineState::Paused;
                 }),
                 what);
      }
    }
  }

  void hidden_controls_are_not_shown_and_come_back() {
    auto* seed = window_->findChild<QDoubleSpinBox*>("knob-seed");
    auto* reading = window_->findChild<QComboBox*>("reading");
    QVERIFY(!seed->isHidden() && !reading->isHidden());
    QVERIFY(controller().perform({"Hide", "", [](Document& document) { document.hiddenControls = {"seed", "reading"}; }}));
    QVERIFY(seed->isHidden() && reading->isHidden() && !window_->findChild<QDoubleSpinBox*>("knob-batch")->isHidden());
    action("actionUndo")->trigger();
    QVERIFY(!seed->isHidden() && !reading->isHidden());
  }

  void a_pasted_state_is_one_step() {
    const QString before = window_->state();
    Document document = controller().document();
    document.sides[0].lens.concentration = 4.0f;
    document.sides[0].knobs.learningRate = 0.001;
    document.prompt = "typed";
    window_->restoreStateText(QString::fromStdString(toJson(document)));
    QCOMPARE(controller().engine().knobs().learningRate, 0.001);
    QCOMPARE(steps(), 1);
    action("actionUndo")->trigger();
    QCOMPARE(window_->state(), before);
  }
};

MOESCOPE_TEST(TestUndo)
#include "test_undo.moc"
