// The model that is kept from an earlier start: training goes on from it, it is said, and what cannot be used does no harm.

#include <QLabel>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "app/window/main_window.h"
#include "core/training/trainer.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

constexpr std::int64_t kSteps = 6;

std::vector<std::filesystem::path> filesIn(const QTemporaryDir& folder) {
  std::vector<std::filesystem::path> all;
  for (const auto& each : std::filesystem::directory_iterator(folder.path().toStdString()))
    if (each.path().extension() == ".safetensors") all.push_back(each.path());
  return all;
}

struct Start {
  std::shared_ptr<FirstModel> first;
  MainWindow window;

  Start(const QTemporaryDir& folder, const Knobs& knobs)
      : first(std::make_shared<FirstModel>(folder.path().toStdString(), knobs, kSteps)),
        window(documentOf(knobs), kKeptModelBytes, nullptr, first) {
    window.resize(1200, 800);
    window.show();
  }
  Controller& controller() { return window.controller(); }
  std::int64_t step() { return controller().scene().snapshot ? controller().scene().snapshot->step : -1; }
  QString state() { return window.findChild<QLabel*>("statusState")->text(); }
  QString message() { return window.findChild<QLabel*>("statusMessage")->text(); }
};

/// Trains, pauses, and waits for the file.
void keepOne(const QTemporaryDir& folder, const Knobs& knobs) {
  Start start(folder, knobs);
  QVERIFY(becomes([&] { return start.step() == 0; }));
  QVERIFY(start.first->mark(start.controller()).isEmpty());
  start.controller().playUntil(kSteps + 2);
  QVERIFY(becomes([&] { return start.step() == kSteps + 2 && !filesIn(folder).empty(); }));
}

}  // namespace

class TestFirstModel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_next_start_goes_on_from_it_exactly_and_says_so() {
    QTemporaryDir folder;
    keepOne(folder, smallKnobs());
    QCOMPARE(filesIn(folder).size(), std::size_t(1));
    Start again(folder, smallKnobs());
    QVERIFY(becomes([&] { return again.step() == kSteps + 2; }));
    QVERIFY2(again.state().contains("step 8, 8 of them trained beforehand"), qPrintable(again.state()));
    again.controller().playUntil(kSteps + 4);
    QVERIFY(becomes([&] { return again.step() == kSteps + 4; }));
    QVERIFY(again.state().contains("step 10, 8 of them"));
    Trainer whole(smallKnobs());
    for (int i = 0; i < kSteps + 4; ++i) whole.step();
    const RowMatrix wanted = whole.snapshot()->layers[0].scores, got = again.controller().scene().snapshot->layers[0].scores;
    QVERIFY2((wanted - got).cwiseAbs().maxCoeff() < 1e-5f, qPrintable(QString::number((wanted - got).cwiseAbs().maxCoeff())));
    QVERIFY(again.controller().reset());
    QVERIFY(becomes([&] { return again.step() == 0; }));
    QVERIFY2(!again.state().contains("beforehand"), qPrintable(again.state()));
    again.controller().history().stack().undo();
    QVERIFY(becomes([&] { return again.step() == kSteps + 4 && again.state().contains("8 of them trained beforehand"); }));
  }

  void one_that_was_trained_before_the_first_start_is_the_same_and_is_trained_once() {
    QTemporaryDir folder;
    std::vector<std::int64_t> told;
    const auto tells = [&](std::int64_t step) { told.push_back(step); };
    QVERIFY(FirstModel::prepare(folder.path().toStdString(), smallKnobs(), kSteps, tells));
    QCOMPARE(told, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6}));
    QCOMPARE(filesIn(folder).size(), std::size_t(1));
    const auto written = std::filesystem::last_write_time(filesIn(folder).front());
    QVERIFY(!FirstModel::prepare(folder.path().toStdString(), smallKnobs(), kSteps, tells));
    QCOMPARE(told.size(), std::size_t(7));
    QCOMPARE(std::filesystem::last_write_time(filesIn(folder).front()), written);
    Start first(folder, smallKnobs());
    QVERIFY(becomes([&] { return first.step() == kSteps; }));
    QVERIFY2(first.state().contains("step 6, 6 of them trained beforehand"), qPrintable(first.state()));
    Trainer whole(smallKnobs());
    for (int i = 0; i < kSteps; ++i) whole.step();
    const RowMatrix wanted = whole.snapshot()->layers[0].scores, got = first.controller().scene().snapshot->layers[0].scores;
    QVERIFY2((wanted - got).cwiseAbs().maxCoeff() < 1e-5f, qPrintable(QString::number((wanted - got).cwiseAbs().maxCoeff())));
  }

  void other_knobs_have_another_model() {
    QTemporaryDir folder;
    keepOne(folder, smallKnobs());
    Knobs other = smallKnobs();
    other.seed = 9;
    QVERIFY(!FirstModel(folder.path().toStdString(), other, kSteps).toContinue());
    QVERIFY(FirstModel(folder.path().toStdString(), smallKnobs(), kSteps).toContinue().has_value());
    keepOne(folder, other);
    QVERIFY(becomes([&] { return filesIn(folder).size() == 1; }));  // one is enough
    QVERIFY(!FirstModel(folder.path().toStdString(), smallKnobs(), kSteps).toContinue());
  }

  void a_model_that_other_knobs_had_a_part_in_is_not_kept() {
    QTemporaryDir folder;
    Start start(folder, smallKnobs());
    QVERIFY(becomes([&] { return start.step() == 0; }));
    Knobs changed = smallKnobs();
    changed.learningRate = 0.01;
    QVERIFY(start.controller().setKnobs(changed));
    start.controller().playUntil(kSteps + 2);
    QVERIFY(becomes([&] { return start.step() == kSteps + 2; }));
    QVERIFY(start.controller().setKnobs(smallKnobs()));
    QTest::qWait(300);
    QVERIFY(filesIn(folder).empty());
  }

  void a_broken_file_is_said_and_gone_and_a_new_model_trains() {
    QTemporaryDir folder;
    keepOne(folder, smallKnobs());
    std::filesystem::resize_file(filesIn(folder).front(), 500);
    Start again(folder, smallKnobs());
    QVERIFY(becomes([&] { return again.step() == 0; }));
    QVERIFY(becomes([&] { return again.message().contains("is not used, a new one trains"); }));
    QVERIFY(!again.state().contains("beforehand") && filesIn(folder).empty());
    again.controller().playUntil(kSteps);
    QVERIFY(becomes([&] { return again.step() == kSteps && filesIn(folder).size() == 1; }));
  }
};

MOESCOPE_TEST(TestFirstModel)
#include "test_first_model.moc"
