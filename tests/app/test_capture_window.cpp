// Captures of routing in the real window: dropped, opened, opened again, layer by layer, and back to training.

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSlider>
#include <QSurfaceFormat>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>

#include "app/window/main_window.h"
#include "app/window/recent_checkpoints.h"
#include "tests/app/shown_window.h"
#include "tests/support/capture_files.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"

using namespace moescope;

class TestCaptureWindow : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;
  QTemporaryDir settings_, files_;

  Controller& controller() { return window_->controller(); }
  QString text(const char* label) { return window_->findChild<QLabel*>(label)->text(); }
  QString written(const char* name, const testing::CapturedShape& shape = {}) {
    return QString::fromStdString(testing::writeCapture((files_.path() + "/" + name).toStdString(), shape).string());
  }
  bool shows(const char* name) {
    return becomes([&] {
      const SnapshotPointer& snapshot = controller().scene().snapshot;
      return snapshot && snapshot->capture && snapshot->checkpoint->name == name && controller().scene().routing && controller().settled();
    });
  }

 private Q_SLOTS:
  void initTestCase() { QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path()); }
  void init() {
    QVERIFY(showWindow(window_, documentOf(smallKnobs()), {1280, 800}));
  }
  void cleanup() { window_.reset(); }

  void a_dropped_capture_shows_its_loads_and_says_what_it_has_not() {
    drop(window_.get(), written("answers.json"));
    QVERIFY(shows("answers.json"));
    QCOMPARE(controller().document().layout.group, std::string("Layers"));
    const Scene& scene = controller().scene();
    QCOMPARE(scene.routing->applied.load.size(), Eigen::Index(8));
    QVERIFY(!scene.curve && !scene.analysis);
    QCOMPARE(QString::fromStdString(provenanceOf(scene).word), QString("capture"));
    QCOMPARE(text("entropy"), QString("–"));
    QCOMPARE(text("effective"), QString("–"));
    QVERIFY(text("loadVariation").toDouble() > 0.0);
    QVERIFY2(text("statusState").contains("answers.json") && text("statusState").contains("3 layers, 2 of 8 experts a token") && text("statusState").contains("300 tokens in 1 sequence"), qPrintable(text("statusState")));
    for (const char* name : {"concentration", "stage-concentration"}) QVERIFY2(!window_->findChild<QSlider*>(name)->isEnabled(), name);
    QVERIFY(text("noConcentration").contains("no scores"));
    QVERIFY(!window_->findChild<QComboBox*>("policy")->isEnabled());
    QVERIFY(window_->findChild<QPushButton*>("play")->toolTip().contains("A capture is shown"));
  }

  void layers_are_read_when_chosen() {
    window_->opener().openPath(written("layers.json"));
    QVERIFY(shows("layers.json"));
    window_->findChild<QComboBox*>("layer")->setCurrentIndex(2);
    QVERIFY(becomes([&] { return controller().scene().routing->layer == 2 && controller().scene().snapshot->capture->layer == 2; }));
    QCOMPARE(controller().lens().layer, 2);
    QVERIFY(controller().scene().routing->applied.load == controller().scene().snapshot->capture->loads[2]);
  }

  void training_comes_back_with_its_slider() {
    window_->opener().openPath(written("a.json"));
    QVERIFY(shows("a.json"));
    QTest::mouseClick(window_->findChild<QPushButton*>("backToTraining"), Qt::LeftButton);
    QVERIFY(becomes([&] { return controller().trains() && !controller().scene().snapshot->capture && controller().scene().curve; }));
    QVERIFY(window_->findChild<QSlider*>("concentration")->isEnabled());
    QVERIFY(text("noConcentration").isEmpty());
    QVERIFY(text("entropy") != "–");
  }

  void recent_captures_open_again() {
    window_->rememberOnClose();
    window_->opener().openPath(written("first.json"));
    QVERIFY(shows("first.json"));
    window_->opener().openPath(written("second.json", {100, 2, 3, 6}));
    QVERIFY(shows("second.json"));
    auto* menu = window_->findChild<QMenu*>("recentCheckpoints");
    QMetaObject::invokeMethod(menu, "aboutToShow");
    QCOMPARE(menu->actions().at(0)->text(), QString("second.json"));
    menu->actions().at(1)->trigger();
    QVERIFY(shows("first.json"));
    forgetRecentCheckpoints();
  }

  void a_copied_state_opens_its_capture() {
    window_->opener().openPath(written("state.json"));
    QVERIFY(shows("state.json"));
    const QString copied = window_->state();
    controller().backToTraining();
    QVERIFY(becomes([&] { return controller().trains(); }));
    window_->restoreStateText(copied);
    QVERIFY(shows("state.json"));
  }

  void a_file_that_is_no_capture_is_one_line_and_what_is_shown_stays() {
    const QString bad = files_.path() + "/bad.json";
    std::ofstream(bad.toStdString()) << "{\"choices\":[]}";
    drop(window_.get(), bad);
    QVERIFY2(becomes([&] { return text("statusMessage").contains("bad.json: there is no \"routed_experts\""); }), qPrintable(text("statusMessage")));
    QVERIFY(controller().trains());
  }

  void a_model_and_a_capture_stand_side_by_side() {
    controller().perform(compare(true));
    controller().activate(1);
    window_->opener().openPath(written("beside.json"));
    QVERIFY(becomes([&] { return controller().on(1).scene().snapshot && controller().on(1).scene().snapshot->capture; }));
    QVERIFY(!controller().on(0).scene().snapshot->capture);
    for (const char* group : {"Routing", "Layers", "Experts"}) {
      window_->openGroup(group);
      QTest::qWait(50);
    }
    controller().perform(setNumber(0, "concentration", 3.0));
    QCOMPARE(controller().on(0).scene().lens.concentration, 3.0f);
  }
};

MOESCOPE_TEST(TestCaptureWindow)
#include "test_capture_window.moc"
