// A recorded session in the real window: the time line moves through it, and it stands beside another run as that one's time
// does.

#include <QComboBox>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <fstream>

#include "app/window/export_menu.h"
#include "app/window/main_window.h"
#include "core/session/session_reader.h"
#include "core/session/session_writer.h"
#include "core/training/model_state.h"
#include "core/training/trainer.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace fs = std::filesystem;

class TestRecordedSession : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;
  std::unique_ptr<SessionReader> reader_;  // of what is recorded here, to compare with

  Controller& controller() { return window_->controller(); }
  TimelineBar& bar() { return *window_->findChild<TimelineBar*>("timeBar"); }
  TimelineLine& line() { return *window_->findChild<TimelineLine*>("timeLine"); }
  QAction* action(const char* name) { return window_->findChild<QAction*>(name); }
  void click(const char* button) { QTest::mouseClick(window_->findChild<QToolButton*>(button), Qt::LeftButton); }
  QString words(const char* label) { return window_->findChild<QLabel*>(label)->text(); }
  std::int64_t stepOf(int side) {
    const SnapshotPointer snapshot = controller().on(side).scene().snapshot;
    return snapshot ? snapshot->step : -1;
  }
  std::int64_t step() { return stepOf(controller().active()); }
  fs::path file(const char* name = "recorded.moescope") { return fs::path(folder_.path().toStdString()) / name; }
  void scrubTo(std::int64_t at) {
    const QPoint place = line().placeOf(controller().scene().generation, at).toPoint();
    QTest::mousePress(&line(), Qt::LeftButton, {}, place);
    QTest::mouseRelease(&line(), Qt::LeftButton, {}, place);
  }
  void trainTo(std::int64_t wanted) {
    controller().engine().playUntil(wanted);
    QVERIFY(becomes([&] {
      return controller().trains() && controller().scene().snapshot->step == wanted &&
             controller().status().state == EngineState::Paused;
    }));
  }
  bool shows(int side, std::int64_t wanted) {
    const SnapshotPointer shown = controller().on(side).scene().snapshot;
    return shown && shown->step == wanted && shown->layers[0].scores == reader_->at(1, wanted).snapshot->layers[0].scores;
  }
  QImage pictureOf(const char* view) {
    ViewTile* tile = window_->tile(view);
    tile->drawNow();
    return tile->grabFramebuffer();
  }
  void open(int side, const fs::path& session) {
    controller().activate(side);
    window_->sessions().open(QString::fromStdString(session.string()));
    QVERIFY2(becomes([&] { return controller().on(side).session() && controller().on(side).scene().routing; }),
             qPrintable(words("statusMessage")));
  }
  /// 40 steps with a snapshot every 5, and models at 20 and 40.
  static void record(const fs::path& to, const Knobs& knobs) {
    Trainer trainer(knobs, Dispatch::Fused, 1);
    SessionSettings settings;
    settings.everySnapshot = true;
    const auto writer =
        std::make_shared<SessionWriter>(to, SessionRun{"", "cpu", 1, knobs, knobs.corpus, trainer.text()->hash}, settings);
    writer->document(toJson(documentOf(knobs)));
    Timeline timeline;
    timeline.follow(writer);
    timeline.append(1, KnobChange{0, knobs});
    const auto keep = [&] {
      auto snapshot = std::make_shared<Snapshot>(*trainer.snapshot());
      snapshot->generation = 1;
      timeline.append(SnapshotPointer(std::move(snapshot)));
    };
    keep();
    for (int i = 1; i <= 40; ++i) {
      timeline.append(1, trainer.step());
      if (i % 5 == 0) keep();
      if (i % 20 == 0) writer->model(1, i, 1.0, [state = trainer.save()] { return modelStateBytes(*state); });
    }
    QVERIFY2(writer->flush(), writer->status().failure.c_str());
  }

 private Q_SLOTS:
  void initTestCase() {
    record(file(), smallKnobs());
    Knobs other = smallKnobs();
    other.router = "grmoe";
    record(file("other.moescope"), other);
    reader_ = std::make_unique<SessionReader>(file());
  }
  void init() {
    QVERIFY(showWindow(window_, documentOf(smallKnobs()), {1440, 900}));
    window_->activateWindow();
    controller().engine().publishEvenly();  // the same moments are held at every run
  }
  void cleanup() { window_.reset(); }

  void its_own_knobs_are_shown_in_the_theme_of_the_room() {
    QVERIFY(controller().perform(setTheme(false, 1.25)));
    open(0, file("other.moescope"));
    QCOMPARE(window_->findChild<QComboBox*>("knob-router")->currentData().toString(), QString("grmoe"));
    QVERIFY(!window_->findChild<QComboBox*>("knob-router")->isEnabled());
    QVERIFY(!controller().document().dark && controller().document().textScale == 1.25);
    controller().backToTraining();
    QVERIFY(becomes([&] { return controller().trains(); }));
    QCOMPARE(window_->findChild<QComboBox*>("knob-router")->currentData().toString(),
             QString::fromStdString(controller().side().knobs.router));
  }

  void it_is_scrubbed_stepped_and_undone_as_a_live_run_is() {
    open(0, file());
    QVERIFY(line().isEnabled() && action("timePlay")->isEnabled() && action("timeBookmark")->isEnabled());
    QVERIFY(shows(0, 40));
    QCOMPARE(words("timeBadge"), QString("RECORDED  ·  step 40 of 40"));
    const QImage last = pictureOf("score_polygon");
    const QString loss = words("trainingLoss");
    scrubTo(20);
    QVERIFY(shows(0, 20));
    QVERIFY(words("timeBadge").startsWith("step 20 of 40") && !words("timeBadge").contains("in training") &&
            !words("timeBadge").contains("than now"));
    QVERIFY(words("trainingLoss") != loss && difference(last, pictureOf("score_polygon")) > 0.002);
    click("timeBackButton");
    QVERIFY(shows(0, 15));
    line().setFocus();
    QTest::keyClick(&line(), Qt::Key_Left);
    QVERIFY(shows(0, 10));
    click("timeForwardButton");
    QVERIFY(shows(0, 15));
    click("timeStartButton");
    QVERIFY(shows(0, 0));
    QCOMPARE(window_->findChild<QToolButton*>("timeLiveButton")->text(), QString("End"));
    click("timeLiveButton");
    QVERIFY(shows(0, 40) && words("trainingLoss") == loss);
    QVERIFY(difference(last, pictureOf("score_polygon")) == 0.0);
    action("actionUndo")->trigger();
    QVERIFY(shows(0, 0));
  }

  void it_plays_by_the_clock_and_ends_at_its_end() {
    open(0, file());
    double seconds = 0.0;
    bar().player().setClock([&] { return seconds; });
    QVERIFY(controller().perform(setPlayback({2.0, Playback::Unit::Snapshots})));
    action("timePlay")->trigger();
    QVERIFY(shows(0, 0));
    const auto after = [&](double passed) {
      seconds += passed;
      bar().player().tick();
      return step();
    };
    QCOMPARE(after(0.6), std::int64_t{5});
    QCOMPARE(after(1.5), std::int64_t{20});
    QCOMPARE(after(60.0), std::int64_t{40});
    QVERIFY(!bar().player().playing() && shows(0, 40));
  }

  void what_is_shown_is_exported_and_gone_on_with() {
    open(0, file());
    scrubTo(25);
    const fs::path metrics = file("steps.csv"), snapshot = file("snapshot.npz");
    writeMetricsOf(controller().scene(), metrics.string());
    writeSnapshotOf(controller().scene(), snapshot.string());
    std::ifstream lines(metrics);
    int rows = 0;
    for (std::string text; std::getline(lines, text);) rows += std::isdigit(static_cast<unsigned char>(text[0])) ? 1 : 0;
    QCOMPARE(rows, 40);
    QVERIFY(fs::file_size(snapshot) > 1000);
    QCOMPARE(action("timeContinue")->text(), QString("&Continue training from step 20"));
    action("timeContinue")->trigger();
    QVERIFY(becomes([&] { return controller().trains() && step() == 20; }));
    trainTo(25);
    QVERIFY(shows(0, 25));  // bit for bit what was recorded
  }

  void beside_a_run_in_training_it_is_shown_as_far_as_that_is() {
    trainTo(20);
    action("actionCompare")->trigger();
    QVERIFY(becomes([&] { return stepOf(1) == 20; }));
    open(1, file());
    QVERIFY(controller().compares() && controller().on(0).trains() && controller().on(1).session());
    QVERIFY(becomes([&] { return shows(0, 20) && shows(1, 20); }));
    QVERIFY2(words("differences").contains("recorded.moescope"), qPrintable(words("differences")));
    QCOMPARE(words("timeBadge"), QString("RECORDED  ·  step 20 of 40"));
    controller().activate(0);
    scrubTo(10);  // times are linked
    QVERIFY(shows(0, 10) && shows(1, 10));
    click("timeLiveButton");
    trainTo(25);
    QVERIFY(becomes([&] { return shows(0, 25) && shows(1, 25); }));
    controller().activate(1);
    scrubTo(35);
    QVERIFY(shows(1, 35));
    QCOMPARE(stepOf(0), std::int64_t{25});  // as far as it has come
    action("actionCompare")->trigger();
    QVERIFY(!controller().compares() && controller().trains() && stepOf(0) == 25);
  }

  void two_sessions_of_one_state_both_open_at_the_same_moment() {
    Document document = documentOf(smallKnobs());
    document.compares = true;
    document.sides[1] = document.sides[0];
    document.sides[0].source = {SideSource::Kind::Session, "", "", file().string()};
    document.sides[1].source = {SideSource::Kind::Session, "", "", file("other.moescope").string()};
    window_->restoreStateText(QString::fromStdString(toJson(document)));
    QVERIFY2(becomes([&] {
               return controller().compares() && controller().on(0).session() && controller().on(1).session() &&
                      stepOf(0) == 40 && stepOf(1) == 40;
             }),
             qPrintable(words("statusMessage")));
    QCOMPARE(controller().on(1).scene().snapshot->router, std::string("grmoe"));
    scrubTo(15);
    QVERIFY(shows(0, 15));
    QCOMPARE(stepOf(1), std::int64_t{15});
    controller().activate(1);
    action("timeBack")->trigger();
    QVERIFY(shows(0, 10));
    QCOMPARE(stepOf(1), std::int64_t{10});
  }
};

MOESCOPE_TEST(TestRecordedSession)
#include "test_recorded_session.moc"
