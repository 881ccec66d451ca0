// What a slip of the hand, a number that cannot be computed or a signal from outside does to a model in training: nothing.

#include <QApplication>
#include <QLineEdit>
#include <QMessageBox>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/window/application.h"
#include "app/window/main_window.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestTrainingGuard : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  const Snapshot& snapshot() { return *controller().scene().snapshot; }
  QString message() { return window_->findChild<QLabel*>("statusMessage")->text(); }
  QPushButton* button(const char* name) { return window_->findChild<QPushButton*>(name); }
  QDoubleSpinBox* knob(const char* name) { return window_->findChild<QDoubleSpinBox*>(QString("knob-") + name); }

  void train(int steps) {
    controller().engine().playUntil(snapshot().step + steps);
    const auto wanted = snapshot().step + steps;
    QVERIFY(becomes([&] { return snapshot().step == wanted && controller().status().state == EngineState::Paused; }));
  }

  struct Asked {
    int times = 0;
    QString text, byDefault;
  };
  /// Does `act`, answers each question that comes with the button that holds this word, and says what was asked.
  Asked during(const std::function<void()>& act, const QString& answer) {
    Asked asked;
    QTimer clicker;
    clicker.setInterval(20);
    connect(&clicker, &QTimer::timeout, this, [&] {
      auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
      if (!box) return;
      ++asked.times;
      asked.text = box->text();
      asked.byDefault = box->defaultButton()->text();
      for (QAbstractButton* each : box->buttons())
        if (each->text().contains(answer)) return each->click();
    });
    clicker.start();
    act();
    QTest::qWait(60);
    return asked;
  }
  Lens beyond() {
    Lens lens = controller().lens();
    lens.concentration = 5000.0f;
    lens.reading = ConcentrationReading::Bingham;
    return lens;
  }

 private Q_SLOTS:
  void init() {
    window_ = std::make_unique<MainWindow>(documentOf(smallKnobs()), 1000);
    window_->resize(1280, 800);
    window_->show();
    QVERIFY(becomes([&] { return controller().scene().routing && controller().scene().curve && window_->revealed(); }));
  }
  void cleanup() { window_.reset(); }

  void whatever_would_lose_the_training_asks_first_and_keeps_it_by_default() {
    train(12);
    controller().askFrom(0.0);
    auto state = nlohmann::json::parse(window_->state().toStdString());
    state["sides"][0]["knobs"]["experts"] = 6;
    auto* corpus = window_->findChild<QComboBox*>("knob-corpus");
    const std::vector<std::pair<const char*, std::function<void()>>> slips = {
        {"the button", [&] { QTest::mouseClick(button("reset"), Qt::LeftButton); }},
        {"R",
         [&] {
           for (QAction* action : window_->findChildren<QAction*>())
             if (action->shortcut() == QKeySequence(Qt::Key_R)) action->trigger();
         }},
        {"the status bar's button", [&] { button("statusReset")->click(); }},
        {"the seed", [&] { QTest::keyClick(knob("seed"), Qt::Key_Up); }},
        {"the shape", [&] { knob("experts")->setValue(6); }},
        {"the corpus",
         [&] {
           corpus->setCurrentIndex(corpus->findData("debian"));
           Q_EMIT corpus->activated(corpus->currentIndex());
         }},
        {"a pasted state", [&] { window_->restoreStateText(QString::fromStdString(state.dump())); }},
    };
    const SnapshotPointer before = controller().scene().snapshot;
    for (const auto& [what, slip] : slips) {
      const Asked asked = during(slip, "Keep");
      QVERIFY2(asked.times == 1, what);
      QVERIFY2(asked.text.contains("12 steps") && asked.byDefault.contains("Keep training"), qPrintable(asked.text));
      QTest::qWait(50);
      QVERIFY2(controller().scene().snapshot->generation == before->generation && snapshot().step == 12, what);
      QVERIFY2(controller().engine().knobs() == smallKnobs(), what);
      QVERIFY2(knob("seed")->value() == 1.0 && knob("experts")->value() == 8.0 && corpus->currentText() == "procedural", what);
    }
    QVERIFY(message().contains("not pasted"));
  }

  void training_given_up_on_purpose_starts_a_new_model() {
    train(5);
    controller().askFrom(0.0);
    const auto generation = snapshot().generation;
    QCOMPARE(during([&] { QTest::mouseClick(button("reset"), Qt::LeftButton); }, "new model").times, 1);
    QVERIFY(becomes([&] { return snapshot().generation > generation && snapshot().step == 0; }));
    const Asked none = during([&] { QTest::mouseClick(button("reset"), Qt::LeftButton); }, "Keep");  // nothing is lost at step 0
    QCOMPARE(none.times, 0);
  }

  void what_costs_no_training_asks_nothing() {
    train(5);
    QCOMPARE(during([&] { QTest::mouseClick(button("reset"), Qt::LeftButton); }, "Keep").times,
             0);  // five steps are less than a minute
    QVERIFY(becomes([&] { return snapshot().step == 0; }));
    train(5);
    controller().askFrom(0.0);
    QCOMPARE(during([&] { knob("batch")->setValue(3); }, "Keep").times, 0);
    QCOMPARE(controller().engine().knobs().batch, 3);
    QCOMPARE(snapshot().step, 5);
  }

  void a_lens_that_cannot_be_computed_is_refused_and_training_goes_on() {
    controller().engine().play();
    const Lens before = controller().lens();
    window_->findChild<QComboBox*>("reading")->setCurrentIndex(1);
    window_->findChild<QDoubleSpinBox*>("concentrationNumber")->setValue(5000.0);
    QVERIFY2(message().contains("5000") && message().contains("20000"), qPrintable(message()));
    QCOMPARE(controller().lens().concentration, before.concentration);
    QCOMPARE(window_->findChild<QDoubleSpinBox*>("concentrationNumber")->value(), 1.0);
    const std::int64_t step = snapshot().step;
    QVERIFY(becomes([&] { return snapshot().step > step + 10; }));
    QVERIFY(controller().status().state == EngineState::Playing);
  }

  void a_pasted_lens_that_cannot_be_computed_changes_nothing() {
    auto state = nlohmann::json::parse(window_->state().toStdString());
    const std::string before = state.dump();
    state["sides"][0]["lens"]["concentration"] = 5000.0;
    state["sides"][0]["lens"]["reading"] = "bingham";
    state["sides"][0]["knobs"]["experts"] = 6;
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, window_->restoreStateText(QString::fromStdString(state.dump())));
    QCOMPARE(nlohmann::json::parse(window_->state().toStdString()).dump(), before);
  }

  void a_lens_from_before_the_first_snapshot_falls_back_to_what_can_be_read() {
    window_ = std::make_unique<MainWindow>(documentOf(smallKnobs()), 1000);
    QVERIFY(controller().setLens(beyond()));  // nothing to try it on yet
    window_->show();
    QVERIFY(becomes([&] { return controller().scene().routing != nullptr; }));
    QVERIFY(controller().lens().reading == ConcentrationReading::Tempered && controller().lens().concentration == 5000.0f);
    QVERIFY2(message().contains("tempered reading is shown"), qPrintable(message()));
    controller().engine().stepOnce();
    QVERIFY(becomes([&] { return snapshot().step == 1; }));
  }

  void an_exception_in_an_event_handler_is_a_line_in_the_status_bar() {
    QMetaObject::invokeMethod(
        window_.get(), [] { throw std::runtime_error("the left shoe is missing\nstack trace"); }, Qt::QueuedConnection);
    QVERIFY(becomes([&] { return message().contains("the left shoe is missing"); }));
    QVERIFY(!message().contains("stack trace"));
    QTimer::singleShot(0, window_.get(), [] { throw 42; });
    QVERIFY(becomes([&] { return message().contains("unknown error"); }));
    QTest::mouseClick(button("step"), Qt::LeftButton);
    QVERIFY(becomes([&] { return snapshot().step == 1; }));
  }

  void what_is_shown_settles_on_one_step_and_lens() {
    controller().engine().playUntil(17);
    QVERIFY(becomes([&] { return snapshot().step == 17 && controller().settled(); }));
    QCOMPARE(controller().shownLoss().step, 17);
    QCOMPARE(controller().scene().analysis->step, 17);
    QCOMPARE(controller().scene().steps->steps(), std::int64_t(17));
    Lens lens = controller().lens();
    lens.concentration = 2.0f;
    controller().setLens(lens);
    QVERIFY(!controller().settled());
    QVERIFY(becomes([&] { return controller().settled(); }));
  }

  void signals_from_outside_and_a_close_keep_the_settings() {
    auto* application = qobject_cast<Application*>(qApp);
    QVERIFY(application);
    application->closeOnSignals();
    for (const int signal : {SIGTERM, SIGHUP, 0}) {
      QTemporaryDir folder;
      QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
      window_->rememberOnClose();
      window_->setTheme(false, 1.2);
      QVERIFY(!Preferences::load().known);
      signal ? std::raise(signal) : window_->close();
      QVERIFY(becomes([] { return Preferences::load().known; }));
      QCOMPARE(Preferences::load().textScale, 1.2);
      init();
      application->closeOnSignals();
    }
  }
};

MOESCOPE_TEST(TestTrainingGuard)
#include "test_training_guard.moc"
