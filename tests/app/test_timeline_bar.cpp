// The time line under the views through the real window: what goes back shows what was there then, everywhere.

#include <QPainter>
#include <QAccessible>
#include <QComboBox>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QTableWidget>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <QWheelEvent>

#include "app/window/main_window.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestTimelineBar : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  TimelineBar& bar() { return *window_->findChild<TimelineBar*>("timeBar"); }
  TimelineLine& line() { return *window_->findChild<TimelineLine*>("timeLine"); }
  QAction* action(const char* name) { return window_->findChild<QAction*>(name); }
  QString words(const char* label) { return window_->findChild<QLabel*>(label)->text(); }
  std::int64_t step() { return controller().scene().snapshot->step; }
  int undoSteps() { return controller().history().stack().index(); }
  std::uint64_t run() { return controller().scene().generation; }

  void trainTo(std::int64_t wanted) {
    controller().engine().playUntil(wanted);
    QVERIFY(becomes([&] {
      const std::shared_ptr<const Timeline> timeline = controller().timeline();
      return timeline->lastStep(timeline->current()) == wanted && controller().status().state == EngineState::Paused &&
             controller().settled();
    }));
  }
  /// A hand on the line, at a step of the shown run.
  void press(std::int64_t at) { QTest::mousePress(&line(), Qt::LeftButton, {}, line().placeOf(run(), at).toPoint()); }
  void drawTo(std::int64_t at) { QTest::mouseMove(&line(), line().placeOf(run(), at).toPoint()); }
  void release(std::int64_t at) { QTest::mouseRelease(&line(), Qt::LeftButton, {}, line().placeOf(run(), at).toPoint()); }
  void scrubTo(std::int64_t at) {
    press(at);
    release(at);
  }
  /// Without the corner that says live or recorded.
  static QImage withoutMark(QImage picture) {
    QPainter(&picture).fillRect(0, picture.height() - 40, picture.width() / 2, 40, Qt::black);
    return picture;
  }

  QImage pictureOf(const char* view) {
    ViewTile* tile = window_->tile(view);
    tile->drawNow();
    return tile->grabFramebuffer();
  }

 private Q_SLOTS:
  void init() {
    QVERIFY(showWindow(window_, documentOf(smallKnobs()), {1440, 900}));
    window_->activateWindow();
    controller().engine().publishEvenly();
  }
  void cleanup() { window_.reset(); }

  void scrubbing_shows_what_was_there_then_in_every_view_and_number() {
    trainTo(20);
    const Scene then = controller().scene();
    const QString entropy = words("entropy"), loss = words("trainingLoss"), held = words("lensLoss");
    const QString gini = window_->findChild<QTableWidget*>("measures")->item(0, 1)->text();
    const QImage polygon = withoutMark(pictureOf("score_polygon")), bars = withoutMark(pictureOf("load_bars"));
    trainTo(60);
    QVERIFY(words("entropy") != entropy && words("trainingLoss") != loss);
    QVERIFY(difference(polygon, withoutMark(pictureOf("score_polygon"))) > 0.002);

    scrubTo(20);
    QCOMPARE(step(), std::int64_t{20});
    QVERIFY(controller().scene().past);
    QCOMPARE(controller().scene().snapshot, then.snapshot);
    QCOMPARE(words("entropy"), entropy);
    QCOMPARE(words("trainingLoss"), loss);
    QCOMPARE(window_->findChild<QTableWidget*>("measures")->item(0, 1)->text(), gini);
    QVERIFY(difference(polygon, withoutMark(pictureOf("score_polygon"))) == 0.0);
    QVERIFY(difference(bars, withoutMark(pictureOf("load_bars"))) == 0.0);
    QCOMPARE(words("lensLoss"), held);  // was measured at step 20, as trained
    QVERIFY(becomes([&] {
      return controller().scene().curve && std::abs(controller().scene().curve->entropy[20] - then.curve->entropy[20]) < 1e-12;
    }));
    QVERIFY(words("timeBadge").contains("step 20 of 60"));
    QVERIFY(words("statusState").contains("step 20 is shown"));

    action("timeLive")->trigger();
    QCOMPARE(step(), std::int64_t{60});
    QVERIFY(words("timeBadge").startsWith("LIVE") && words("timeBadge").contains("60"));
  }

  void what_was_not_measured_then_is_said_and_never_the_newest() {
    trainTo(40);
    const QString now = words("lensLoss");
    scrubTo(15);  // between two held-out losses
    QCOMPARE(step(), std::int64_t{15});
    QCOMPARE(words("lensLoss"), QString("–"));
    QVERIFY(now != "–");
    const auto said = [&](const QString& text) {
      for (const QLabel* label : window_->findChildren<QLabel*>())
        if (label->text() == text) return true;
      return false;
    };
    QVERIFY(said("held-out loss at this α: not measured at step 15"));
    scrubTo(20);
    QVERIFY(words("lensLoss") != "–" && !said("held-out loss at this α: not measured at step 15"));
    Lens lens = controller().lens();
    lens.concentration = 3.0f;  // through which nothing was measured then
    QVERIFY(controller().setLens(lens));
    QCOMPARE(words("lensLoss"), QString("–"));
    QVERIFY(said("held-out loss at this α: not measured at step 20"));
  }

  void a_scrub_is_one_step_of_undo() {
    trainTo(40);
    press(40);
    for (const int at : {30, 20, 10}) drawTo(at);
    release(10);
    QCOMPARE(step(), std::int64_t{10});
    QCOMPARE(undoSteps(), 1);
    scrubTo(20);
    QCOMPARE(undoSteps(), 2);
    action("actionUndo")->trigger();
    QCOMPARE(step(), std::int64_t{10});
    action("actionUndo")->trigger();
    QCOMPARE(step(), std::int64_t{40});
    QVERIFY(controller().side().cursor.live);
  }

  void the_recording_plays_by_the_clock_and_ends_live() {
    trainTo(60);
    double seconds = 0.0;
    bar().player().setClock([&] { return seconds; });
    QVERIFY(controller().perform(setPlayback({2.0, Playback::Unit::Snapshots})));  // a picture every 5 steps
    const int before = undoSteps();
    action("timePlay")->trigger();
    QCOMPARE(step(), std::int64_t{0});  // from the newest: from the beginning
    QCOMPARE(action("timePlay")->text(), QString("&Pause recording"));
    QVERIFY(controller().status().state == EngineState::Paused);  // training does not move
    const auto after = [&](double passed) {
      seconds += passed;
      bar().player().tick();
      return step();
    };
    QCOMPARE(after(0.4), std::int64_t{0});
    QCOMPARE(after(0.2), std::int64_t{5});
    QCOMPARE(after(1.9), std::int64_t{25});  // 2.5 seconds in all: five pictures
    QCOMPARE(undoSteps(), before);
    scrubTo(10);
    QCOMPARE(after(0.5), std::int64_t{15});  // on from where a hand brought it
    QVERIFY(controller().perform(setPlayback({25.0, Playback::Unit::Steps})));
    QCOMPARE(after(1.0), std::int64_t{40});
    action("timePlay")->trigger();
    QCOMPARE(after(10.0), std::int64_t{40});
    action("timePlay")->trigger();
    QCOMPARE(after(100.0), std::int64_t{60});
    QVERIFY(controller().side().cursor.live && !bar().player().playing());
  }

  void undo_of_something_else_leaves_the_moment_where_playing_brought_it() {
    trainTo(60);
    scrubTo(10);
    QVERIFY(controller().perform(setNumber(0, "concentration", 2.0)));
    controller().showMoment({false, run(), 30});
    action("actionUndo")->trigger();
    QCOMPARE(controller().lens().concentration, 1.0f);
    QCOMPARE(step(), std::int64_t{30});
    action("actionUndo")->trigger();
    QVERIFY(controller().side().cursor.live);
  }

  void training_goes_on_underneath_and_the_picture_stands_also_where_it_is_thinned_out() {
    QVERIFY(controller().perform(setNumber(0, "snapshot-every", 1)));
    trainTo(15);
    scrubTo(5);
    const SnapshotPointer shown = controller().scene().snapshot;
    QCOMPARE(shown->step, std::int64_t{5});
    const QImage before = pictureOf("score_polygon");
    const std::int64_t last = Timeline::kMostKept + 20;
    controller().engine().playUntil(last);
    QVERIFY(QTest::qWaitFor([&] { return words("timeBadge") == QString("step 5 of %1").arg(last); }, 600000));
    QVERIFY(!std::ranges::count(controller().timeline()->snapshotSteps(run()), 5));
    QCOMPARE(controller().scene().snapshot, shown);
    QVERIFY(difference(before, pictureOf("score_polygon")) == 0.0);
    QVERIFY(words("statusState").contains(QString("trained %1 steps").arg(last)));
  }

  void keys_move_the_line_that_has_the_focus_and_do_not_train() {
    trainTo(40);
    line().setFocus();
    QVERIFY(becomes([&] { return line().hasFocus(); }));
    const auto key = [&](Qt::Key pressed) {
      QTest::keyClick(&line(), pressed);
      return step();
    };
    QCOMPARE(key(Qt::Key_Left), std::int64_t{35});
    QCOMPARE(key(Qt::Key_Left), std::int64_t{30});
    QCOMPARE(key(Qt::Key_Right), std::int64_t{35});
    QCOMPARE(key(Qt::Key_Home), std::int64_t{0});
    QCOMPARE(key(Qt::Key_PageUp), std::int64_t{40});  // ten pictures on: no further than the newest
    QVERIFY(controller().side().cursor.live);
    key(Qt::Key_Home);
    key(Qt::Key_End);
    QVERIFY(controller().side().cursor.live);
    QTest::keyClick(&line(), Qt::Key_Space);
    QVERIFY(bar().player().playing());
    QVERIFY(controller().status().state == EngineState::Paused);
    QTest::keyClick(&line(), Qt::Key_Space);
    QVERIFY(!bar().player().playing());
  }

  void a_wheel_turns_it_only_where_it_has_the_focus() {
    trainTo(40);
    const auto turn = [&] {
      QWheelEvent event(QPointF(20, 10), line().mapToGlobal(QPointF(20, 10)), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                        Qt::NoScrollPhase, false);
      QApplication::sendEvent(&line(), &event);
    };
    window_->tile("load_bars")->setFocus();
    turn();
    QCOMPARE(step(), std::int64_t{40});
    line().setFocus();
    QVERIFY(becomes([&] { return line().hasFocus(); }));
    turn();
    QCOMPARE(step(), std::int64_t{35});
  }

  void a_screen_reader_reads_and_sets_the_step() {
    trainTo(40);
    QAccessibleInterface* reader = QAccessible::queryAccessibleInterface(&line());
    QVERIFY(reader && reader->valueInterface());
    QCOMPARE(reader->valueInterface()->currentValue().toInt(), 40);
    QVERIFY(!reader->text(QAccessible::Name).isEmpty());
    reader->valueInterface()->setCurrentValue(20);
    QCOMPARE(step(), std::int64_t{20});
    for (const char* name :
         {"timeStartButton", "timeBackButton", "timePlayButton", "timeForwardButton", "timeLiveButton", "timeMore"})
      QVERIFY2(!QAccessible::queryAccessibleInterface(window_->findChild<QToolButton*>(name))->text(QAccessible::Name).isEmpty(),
               name);
  }

  void bookmarks_are_named_gone_to_and_survive_as_json() {
    trainTo(40);
    scrubTo(20);
    action("timeBookmark")->trigger();
    action("timeBookmark")->trigger();
    QCOMPARE(controller().document().bookmarks.size(), std::size_t{2});
    QCOMPARE(controller().document().bookmarks[1].name, std::string("step 20 (2)"));
    QTimer::singleShot(0, this, [] {
      auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
      dialog->setTextValue("experts part <b>");
      dialog->accept();
    });
    auto* menu = window_->findChild<QMenu*>("bookmarksMenu");
    Q_EMIT menu->aboutToShow();
    QMenu* renaming = menu->actions()[3]->menu();
    QVERIFY(renaming);
    renaming->actions()[1]->trigger();
    QCOMPARE(controller().document().bookmarks[1].name, std::string("experts part <b>"));
    const Document before = controller().document();
    QVERIFY(documentFromJson(window_->state().toStdString()).bookmarks == before.bookmarks);

    action("timeLive")->trigger();
    Q_EMIT menu->aboutToShow();
    menu->actions()[1]->trigger();
    QCOMPARE(step(), std::int64_t{20});
    QMenu* deleting = menu->actions()[4]->menu();
    deleting->actions()[0]->trigger();
    QCOMPARE(controller().document().bookmarks.size(), std::size_t{1});
    action("actionUndo")->trigger();
    QVERIFY(controller().document().bookmarks == before.bookmarks);
    QVERIFY(
        !documentFromJson(window_->preferences().state.toStdString()).sides[0].cursor.step);  // the next start has another run
    QVERIFY(documentFromJson(window_->preferences().state.toStdString()).bookmarks.empty());
  }

  void a_moment_of_a_run_that_is_not_there_is_refused_by_name() {
    trainTo(20);
    QVERIFY(controller().perform(addBookmark({"elsewhere", 99, 5})));
    auto* menu = window_->findChild<QMenu*>("bookmarksMenu");
    Q_EMIT menu->aboutToShow();
    menu->actions()[0]->trigger();
    QVERIFY(words("statusMessage").contains("'elsewhere' is a moment of run 99"));
    QVERIFY(controller().side().cursor.live);
    QVERIFY(controller().perform(moveCursor(0, {false, 98, 5})));
    QVERIFY(words("statusMessage").contains("run 98 is not on the time line"));
    QVERIFY(controller().side().cursor.live);
    QCOMPARE(step(), std::int64_t{20});
  }

  void changed_knobs_and_routers_are_marked_where_they_changed() {
    trainTo(20);
    QVERIFY(controller().perform(setNumber(0, "balance-weight", 0.25)));
    QVERIFY(becomes([&] { return controller().timeline()->knobChanges(run()).size() == 2; }));
    trainTo(40);
    QVERIFY(controller().perform(setWords(0, "router", "topk")));
    QVERIFY(becomes([&] { return controller().timeline()->knobChanges(run()).size() == 3; }));
    trainTo(60);
    const QString knob = line().describe(line().placeOf(run(), 20)), router = line().describe(line().placeOf(run(), 40));
    QVERIFY2(knob.contains("0.1 → 0.25"), qPrintable(knob));
    QVERIFY2(router.contains(QString::fromStdString(routerInWords("grmoe") + " → " + routerInWords("topk"))), qPrintable(router));
    QVERIFY(!line().describe(line().placeOf(run(), 30)).contains("→"));
    scrubTo(30);
    const auto* badge = window_->findChild<QLabel*>("timeBadge");
    QVERIFY2(badge->text().contains("other knobs than now") &&
                 badge->toolTip().contains(QString::fromStdString(routerInWords("grmoe") + " → " + routerInWords("topk"))),
             qPrintable(badge->toolTip()));
    QVERIFY(!badge->toolTip().contains("0.25"));  // was in force then already
  }

  void training_goes_on_from_a_kept_model_as_a_branch_and_is_undone() {
    trainTo(20);
    QVERIFY(becomes([&] { return std::ranges::count(controller().models(), ModelMoment{1, 20}) == 1; }));
    const SnapshotPointer at20 = controller().scene().snapshot;
    trainTo(40);
    const double lossAt40 = controller().scene().snapshot->trainingLoss;
    QVERIFY(!action("timeContinue")->isEnabled());
    scrubTo(30);
    QCOMPARE(action("timeContinue")->text(), QString("&Continue training from step 20"));
    action("timeContinue")->trigger();
    QVERIFY(becomes([&] { return run() == 2 && step() == 20 && controller().status().state == EngineState::Paused; }));
    QVERIFY(words("statusMessage").contains("paused at step 20, the last model that is kept before step 30"));
    QVERIFY(controller().scene().snapshot->layers[0].scores == at20->layers[0].scores);
    trainTo(40);
    QCOMPARE(controller().scene().snapshot->trainingLoss, lossAt40);  // with the same knobs: the same steps
    const auto from = controller().timeline()->branchPoint(2);
    QVERIFY(from && from->generation == 1 && from->step == 20);
    QVERIFY(line().describe(line().placeOf(2, 20)).contains("run 2 branched off from run 1 at step 20"));
    QVERIFY(line().placeOf(1, 40).y() != line().placeOf(2, 40).y());
    action("actionUndo")->trigger();
    QVERIFY(
        becomes([&] { return controller().timeline()->current() == 1 && controller().status().state == EngineState::Paused; }));
    QCOMPARE(step(), std::int64_t{30});  // undo goes back to the moment from which it was done
    trainTo(50);
    QCOMPARE(controller().timeline()->lastStep(1), std::int64_t{50});
    QTest::mouseClick(&line(), Qt::LeftButton, {}, line().placeOf(2, 39).toPoint());  // the other line
    QCOMPARE(run(), std::uint64_t{2});
  }

  void other_knobs_on_a_branch_leave_the_first_run_as_it_was() {
    trainTo(20);
    QVERIFY(becomes([&] { return controller().models().size() >= 2; }));
    trainTo(40);
    scrubTo(20);
    action("timeContinue")->trigger();
    QVERIFY(becomes([&] { return run() == 2 && controller().status().state == EngineState::Paused; }));
    QVERIFY(controller().perform(setNumber(0, "learning-rate", 0.02)));
    trainTo(40);
    const Scene branch = controller().scene();
    QVERIFY(controller().perform(moveCursor(0, {false, 1, 40})));
    QVERIFY(controller().scene().snapshot->trainingLoss != branch.snapshot->trainingLoss);
    QCOMPARE(controller().timeline()->knobChanges(1).size(), std::size_t{1});
    QCOMPARE(controller().timeline()->knobChanges(2).back().knobs.learningRate, 0.02);
    QVERIFY(line().describe(line().placeOf(2, 20)).contains("0.003 → 0.02"));
  }

  void a_new_model_is_shown_at_once_also_while_the_past_is() {
    trainTo(20);
    scrubTo(10);
    action("actionReset")->trigger();
    QVERIFY(becomes([&] { return run() == 2 && step() == 0; }));
    QVERIFY(controller().side().cursor.live);
    QVERIFY(window_->findChild<QToolButton*>("timeRuns")->isVisible());
    QVERIFY(controller().perform(moveCursor(0, {false, 1, 15})));  // the old run is still there to be seen
    QCOMPARE(step(), std::int64_t{15});
    QVERIFY(words("timeBadge").contains("in training: run 2"));
  }
};

MOESCOPE_TEST(TestTimelineBar)
#include "test_timeline_bar.moc"
