// Runs that the window keeps by itself: what is there when it opens again, what goes for the budget, and what a disk does to
// training: nothing.

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QMenu>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>
#include <filesystem>
#include <fstream>

#include "app/window/main_window.h"
#include "core/session/session_lock.h"
#include "core/session/session_reader.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace fs = std::filesystem;

class TestSessions : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Autosaves> autosaves_;
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  QString message() { return window_->findChild<QLabel*>("statusMessage")->text(); }
  fs::path folder() { return folder_->path().toStdString(); }

  void openWindow(std::uint64_t budget = Autosaves::kDefaultBudget) {
    autosaves_ = std::make_shared<Autosaves>(folder() / "kept", budget);
    window_ = std::make_unique<MainWindow>(documentOf(smallKnobs()), kKeptModelBytes, autosaves_);
    window_->show();
    QVERIFY(becomes([&] { return controller().scene().snapshot != nullptr; }));
  }
  void trainTo(std::int64_t step) {
    controller().engine().playUntil(step);
    QVERIFY(becomes([&] {
      return controller().trains() && controller().scene().snapshot->step == step &&
             controller().status().state == EngineState::Paused;
    }));
  }
  fs::path onlyAutosave() {
    const std::vector<Autosave> all = autosaves_->list();
    return all.size() == 1 ? all.front().file : fs::path();
  }
  /// A file that an autosave might be, so many bytes long and so many hours old.
  fs::path put(const std::string& name, std::size_t bytes, int hours) {
    const fs::path file = folder() / "kept" / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << std::string(bytes, 'x');
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(hours));
    return file;
  }

 private Q_SLOTS:
  void init() { folder_ = std::make_unique<QTemporaryDir>(); }
  void cleanup() { window_.reset(); }

  void a_closed_window_has_kept_its_run() {
    openWindow();
    trainTo(30);
    const double loss = controller().scene().snapshot->trainingLoss;
    const fs::path file = onlyAutosave();
    window_.reset();
    QVERIFY(fs::exists(file));
    QVERIFY(!fs::exists(file.string() + "-lock"));
    const SessionReader session(file);
    QCOMPARE(session.lastStep(1), 30);
    QCOMPARE(session.models().back().step, 30);
    QCOMPARE(session.latest().snapshot->trainingLoss, loss);
    QVERIFY(!session.document().empty());
  }

  void a_window_that_trained_nothing_keeps_nothing() {
    openWindow();
    window_.reset();
    QVERIFY(!fs::exists(folder() / "kept") || fs::is_empty(folder() / "kept"));
  }

  void a_saved_session_opens_with_its_steps_and_goes_on() {
    openWindow();
    trainTo(20);
    const fs::path saved = folder() / "mine.moescope";
    window_->sessionMenu().saveAs(QString::fromStdString(saved.string()));
    QVERIFY2(becomes([&] { return message().startsWith("the session is saved"); }), qPrintable(message()));
    const SnapshotPointer then = controller().scene().snapshot;
    trainTo(25);
    const SnapshotPointer expected = controller().scene().snapshot;
    window_.reset();
    openWindow();
    window_->sessions().open(QString::fromStdString(saved.string()));
    QVERIFY(becomes([&] { return controller().session() && controller().scene().snapshot->step == 20; }));
    QVERIFY(!controller().trains());
    QVERIFY(controller().scene().snapshot->layers[0].scores == then->layers[0].scores);
    QVERIFY(!window_->findChild<QAction*>("actionPlay")->isEnabled());
    QCOMPARE(controller().side().source.file, saved.string());
    const std::vector<ModelMoment> models = controller().models();
    QCOMPARE(models.back().step, 20);
    QVERIFY(controller().continueFrom(models.back()));
    QVERIFY(becomes(
        [&] { return controller().trains() && controller().scene().snapshot && controller().scene().snapshot->step == 20; }));
    trainTo(25);
    QVERIFY(controller().scene().snapshot->layers[1].scores == expected->layers[1].scores);
    QCOMPARE(controller().scene().snapshot->trainingLoss, expected->trainingLoss);
    QCOMPARE(controller().timeline()->steps(controller().timeline()->current())->steps(), 25);
  }

  void back_to_training_and_undo_show_what_they_say() {
    openWindow();
    trainTo(10);
    const fs::path saved = folder() / "mine.moescope";
    window_->sessionMenu().saveAs(QString::fromStdString(saved.string()));
    QVERIFY2(becomes([&] { return message().startsWith("the session is saved"); }), qPrintable(message()));
    trainTo(14);
    window_->sessions().open(QString::fromStdString(saved.string()));
    QVERIFY(becomes([&] { return controller().session() && controller().scene().snapshot->step == 10; }));
    controller().backToTraining();
    QVERIFY(becomes([&] { return controller().trains() && controller().scene().snapshot->step == 14; }));
    controller().history().stack().undo();
    QVERIFY(becomes([&] { return controller().session() && controller().scene().snapshot->step == 10; }));
  }

  void a_dropped_session_opens() {
    openWindow();
    trainTo(5);
    const fs::path saved = folder() / "mine.moescope";
    window_->sessionMenu().saveAs(QString::fromStdString(saved.string()));
    QVERIFY2(becomes([&] { return message().startsWith("the session is saved"); }), qPrintable(message()));
    drop(window_.get(), QString::fromStdString(saved.string()));
    QVERIFY2(becomes([&] { return controller().session() != nullptr; }), qPrintable(message()));
  }

  void what_another_window_writes_is_read_only_and_says_so() {
    openWindow();
    trainTo(8);
    QVERIFY(controller().recorder()->flush());
    const QString file = QString::fromStdString(onlyAutosave().string());
    MainWindow second(documentOf(smallKnobs()));
    second.show();
    QVERIFY(becomes([&] { return second.controller().scene().snapshot != nullptr; }));
    second.sessions().open(file);
    QVERIFY(becomes([&] { return second.controller().session() != nullptr; }));
    QVERIFY(second.findChild<QLabel*>("statusMessage")->text().contains("another Moescope is writing to it"));
  }

  void what_did_not_end_is_offered_and_opens_only_when_asked() {
    const fs::path crashed = put("autosave 2026-01-01 10-00-00.moescope", 10, 1);
    std::ofstream(crashed.string() + "-lock") << "";
    openWindow();
    const auto* offer = window_->findChild<QAction*>("actionOpenCrashed");
    QVERIFY(offer->isVisible() && offer->text().contains("autosave 2026-01-01 10-00-00"));
    QVERIFY(controller().trains());
    window_->findChild<QAction*>("actionOpenCrashed")->trigger();
    QVERIFY(becomes(
        [&] { return message().contains(QString::fromStdString(crashed.string())) && !message().startsWith("opening"); }));
    QVERIFY(controller().trains());  // it was no session
  }

  void the_oldest_go_for_the_budget_but_none_of_another_name_or_in_use() {
    const fs::path named = put("mine.moescope", 5000, 90), oldest = put("autosave a.moescope", 4000, 80),
                   held = put("autosave b.moescope", 4000, 70), shown = put("autosave c.moescope", 4000, 60),
                   newest = put("autosave d.moescope", 4000, 1);
    const SessionLock lock(held);
    const Autosaves autosaves(folder() / "kept", 13000);
    QCOMPARE(autosaves.bytes(), 16000u);
    QCOMPARE(autosaves.prune(shown), 1);
    QVERIFY(!fs::exists(oldest));
    QCOMPARE(Autosaves(folder() / "kept", 1).prune(shown), 1);
    QVERIFY(fs::exists(named) && fs::exists(held) && fs::exists(shown) && !fs::exists(newest));
  }

  void the_budget_is_seen_and_set() {
    openWindow();
    trainTo(4);
    QVERIFY(controller().recorder()->flush());
    window_->sessionMenu().setBudget(std::uint64_t{3} << 30);
    QVERIFY(window_->findChild<QAction*>("actionAutosaveBudget")->text().contains("of 3.0 GB"));
    QVERIFY(window_->sessionMenu().text().contains("Autosave: 4 steps"));
    QVERIFY(window_->sessionMenu().text().contains("of 3.0 GB"));
  }

  void the_budget_holds_for_the_run_in_training_and_what_goes_is_said() {
    openWindow();
    for (const int pause : {15, 30, 45, 60}) trainTo(pause);  // each keeps a model: more than a first and a newest
    QVERIFY(controller().recorder()->flush());
    const SessionStatus before = *controller().recorder()->status();
    window_->sessionMenu().setBudget(2 * before.bytes);  // a fourth of it is half of what the run takes
    QVERIFY(becomes([&] { return controller().recorder()->status()->leftOut > 0; }));
    const SessionStatus after = *controller().recorder()->status();
    QCOMPARE(after.budget, before.bytes / 2);
    QVERIFY2(after.bytes <= after.budget ||
                 window_->sessionMenu().text().contains("; the first and the newest of each kind take more than its "),
             qPrintable(window_->sessionMenu().text()));
    QVERIFY2(after.bytes < before.bytes, qPrintable(QString("%1 of %2").arg(after.bytes).arg(before.bytes)));
    QVERIFY2(window_->sessionMenu().text().contains(
                 QString("; %1 snapshots, analyses and models left out to keep to ").arg(after.leftOut)),
             qPrintable(window_->sessionMenu().text()));
    trainTo(70);
    QVERIFY(controller().recorder()->flush());
    QCOMPARE(SessionReader(onlyAutosave()).steps(1)->steps(), 70);
  }

  void where_nothing_can_be_kept_training_goes_on_and_it_is_said() {
    std::ofstream(folder() / "kept") << "a file in the folder's place";
    openWindow();
    trainTo(6);
    QVERIFY2(becomes([&] { return message().contains("the run is not kept at present, and training goes on"); }),
             qPrintable(message() + " / " + QString::fromStdString(controller().recorder()->failure())));
    trainTo(9);
    QVERIFY(window_->sessionMenu().text().contains("kept"));
  }

  void a_file_that_is_no_session_leaves_what_is_shown() {
    openWindow();
    const fs::path foreign = folder() / "foreign.moescope";
    std::ofstream(foreign) << "no session at all, by any means";
    window_->sessions().open(QString::fromStdString(foreign.string()));
    QVERIFY(becomes([&] { return message().contains("foreign.moescope") && !message().startsWith("opening"); }));
    QVERIFY(controller().trains());
  }
};

MOESCOPE_TEST(TestSessions)
#include "test_sessions.moc"
