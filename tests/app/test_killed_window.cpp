// A window's run that is killed at any moment while it trains, is scrubbed, branches and is saved: what was told to be kept is
// there.

#include <QApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cstdio>
#include <random>

#include "app/window/autosaves.h"
#include "app/window/controller.h"
#include "core/session/session_copy.h"
#include "core/session/session_reader.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace fs = std::filesystem;

namespace {

constexpr const char* kChild = "MOESCOPE_TEST_KILLED";
constexpr int kKills = 50;

/// Says after which step of which generation everything was on the disk.
[[noreturn]] void trainScrubAndBranchForEver(const fs::path& folder) {
  Document document = documentOf(smallKnobs());
  document.sides[0].analysis.everySeconds = 0.05;
  Controller controller(document, kKeptModelBytes, std::make_shared<Autosaves>(folder, Autosaves::kDefaultBudget));
  const auto until = [](const std::function<bool()>& holds) {
    if (!becomes(holds)) std::exit(3);
  };
  until([&] { return controller.scene().routing != nullptr; });
  std::mt19937 dice(std::random_device{}());
  const auto shown = [&] { return controller.scene().snapshot->step; };
  for (int round = 0;; ++round) {
    const std::int64_t to = controller.timeline()->lastStep(controller.timeline()->current()) + 5;
    controller.engine().playUntil(to);
    until([&] { return controller.status().state == EngineState::Paused && shown() == to; });
    if (!controller.recorder()->flush()) std::exit(4);
    std::printf("%llu %lld\n", static_cast<unsigned long long>(controller.scene().generation), static_cast<long long>(to));
    std::fflush(stdout);
    for (int i = 0; i < 10; ++i) {
      controller.perform(moveCursor(
          0, {false, controller.scene().generation, static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(to))}));
      QApplication::processEvents();
    }
    if (round % 4 == 0) try {
        copySession(controller.recorder()->file(), folder / "saved.moescope");
      } catch (const std::exception&) {
        std::exit(5);
      }
    const std::vector<ModelMoment> models = controller.models();
    controller.perform(moveCursor(0, {}));
    if (round % 2 == 0 || models.empty()) continue;
    const ModelMoment from = models[dice() % models.size()];
    if (!controller.continueFrom(from)) std::exit(6);
    until([&] {
      return controller.status().state == EngineState::Paused && controller.scene().snapshot->generation != from.generation &&
             shown() == from.step;
    });
  }
}

}  // namespace

class TestKilledWindow : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    if (const QString folder = qEnvironmentVariable(kChild); !folder.isEmpty()) trainScrubAndBranchForEver(folder.toStdString());
  }

  void every_step_that_was_told_to_be_kept_is_there_and_the_file_opens() {
    std::mt19937 dice(17);
    int told = 0, branches = 0, copies = 0;
    std::int64_t steps = 0;
    for (int kill = 0; kill < kKills; ++kill) {
      const QTemporaryDir folder;
      QProcess child;
      QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
      environment.insert(kChild, folder.path());
      child.setProcessEnvironment(environment);
      child.start(QApplication::applicationFilePath(), {"test_killed_window"});
      QVERIFY(child.waitForStarted());
      std::string said;
      const auto hear = [&] { said += child.readAllStandardOutput().toStdString(); };
      if (kill % 5 != 0)  // now and then also while it starts
        QVERIFY(QTest::qWaitFor(
            [&] { return hear(), said.find("\n1 ") != std::string::npos || child.state() == QProcess::NotRunning; }, 30000));
      QTest::qWait(static_cast<int>(dice() % 1500));
      QVERIFY2(child.state() == QProcess::Running, said.c_str());
      child.kill();
      QVERIFY(child.waitForFinished(60000));
      hear();
      const Autosaves autosaves(folder.path().toStdString(), Autosaves::kDefaultBudget);
      const std::vector<Autosave> all = autosaves.list();
      QVERIFY(all.size() <= 1);
      if (all.empty()) continue;  // it had not begun
      QVERIFY(!all[0].written);
      if (isEmptySession(all[0].file)) {  // killed before there were tables: nobody is offered it
        QVERIFY(!all[0].crashed && said.find("\n1 ") == std::string::npos);
        continue;
      }
      QVERIFY(all[0].crashed);
      SessionReader session(all[0].file);
      session.readAll();
      QVERIFY2(session.notes().empty(), session.notes().empty() ? "" : session.notes()[0].c_str());
      unsigned long long generation = 0;
      long long step = 0;
      for (std::size_t at = 0, end; (end = said.find('\n', at)) != std::string::npos; at = end + 1) {
        if (std::sscanf(said.c_str() + at, "%llu %lld", &generation, &step) != 2) continue;  // what QtTest says
        QVERIFY2(session.lastStep(generation) >= step, said.c_str());
        std::int64_t found = 0;
        session.eachStep(generation, [&](const StepMetrics& each) { return each.step == found + 1 && (++found, true); });
        QVERIFY2(found >= step, (std::to_string(found) + " of " + said).c_str());
      }
      steps += step;
      told += step > 0 ? 1 : 0;
      branches += session.recorded().size() > 1 ? 1 : 0;
      if (!fs::exists(folder.path().toStdString() + "/saved.moescope")) continue;
      SessionReader copy(folder.path().toStdString() + "/saved.moescope");
      copy.readAll();
      QVERIFY(copy.notes().empty());
      ++copies;
    }
    qInfo("%d kills: %d after a commit, %d with branches, %d with a copy, %lld steps that were told to be kept, none lost",
          kKills, told, branches, copies, static_cast<long long>(steps));
    QVERIFY(told >= kKills / 2 && branches > 0 && copies > 0);
  }
};

MOESCOPE_TEST(TestKilledWindow)
#include "test_killed_window.moc"
