// Captures of routing in the real window: dropped, opened, opened again, layer by layer, and back to training.

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSlider>
#include <QSpinBox>
#include <QSurfaceFormat>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <cmath>
#include <fstream>
#include <random>

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
      return snapshot && snapshot->capture && snapshot->checkpoint->name == name && controller().scene().routing &&
             controller().settled();
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
    QVERIFY2(text("statusState").contains("answers.json") && text("statusState").contains("3 layers, 2 of 8 experts a token") &&
                 text("statusState").contains("300 tokens in 1 sequence"),
             qPrintable(text("statusState")));
    for (const char* name : {"concentration", "stage-concentration"})
      QVERIFY2(!window_->findChild<QSlider*>(name)->isEnabled(), name);
    QVERIFY(text("noConcentration").contains("no scores"));
    QVERIFY(!window_->findChild<QComboBox*>("policy")->isEnabled());
    QVERIFY(window_->findChild<QPushButton*>("play")->toolTip().contains("A capture is shown"));
  }

  void layers_are_read_when_chosen() {
    window_->opener().openPath(written("layers.json"));
    QVERIFY(shows("layers.json"));
    window_->findChild<QComboBox*>("layer")->setCurrentIndex(2);
    QVERIFY(
        becomes([&] { return controller().scene().routing->layer == 2 && controller().scene().snapshot->capture->layer == 2; }));
    QCOMPARE(controller().lens().layer, 2);
    QVERIFY(controller().scene().routing->applied.load == controller().scene().snapshot->capture->loads[2]);
  }

  void a_capture_without_a_shape_asks_for_it() {
    const QString file = files_.path() + "/row.json";
    std::vector<std::int32_t> ids;
    std::mt19937 dice(1);
    for (int t = 0; t < 90; ++t)
      for (int l = 0; l < 4; ++l)
        for (int i = 0; i < 2; ++i) ids.push_back(8 * i + (static_cast<int>(dice() % 3) + (2 + i) * l) % 8);
    std::ofstream(file.toStdString())
        << "{\"routed_experts\":\""
        << QByteArray(reinterpret_cast<const char*>(ids.data()), static_cast<qsizetype>(4 * ids.size())).toBase64().toStdString()
        << "\"}";
    bool fitted = false, refused = true;
    QString said;
    bool opens = false;
    QTimer asked;  // runs inside the dialog's own loop
    connect(&asked, &QTimer::timeout, this, [&] {
      auto* dialog = window_->findChild<QDialog*>("captureShape");
      if (!dialog || !dialog->isVisible()) return;
      auto* layers = dialog->findChild<QSpinBox*>("captureLayers");
      auto* buttons = dialog->findChild<QDialogButtonBox*>();
      QPushButton* open = nullptr;
      for (QAbstractButton* each : buttons->buttons())
        if (buttons->buttonRole(each) == QDialogButtonBox::AcceptRole) open = qobject_cast<QPushButton*>(each);
      said = QString("%1 layers, k %2").arg(layers->value()).arg(dialog->findChild<QSpinBox*>("captureChosen")->value());
      layers->setValue(7);
      refused = refused && !open->isEnabled();
      layers->setValue(4);
      fitted = open->isEnabled();
      opens ? open->click() : dialog->reject();
    });
    asked.start(20);
    drop(window_.get(), file);
    QVERIFY2(becomes([&] { return text("statusMessage").contains("row.json: base64 does not tell its shape"); }),
             qPrintable(text("statusMessage")));
    QVERIFY(controller().trains());
    opens = true;
    drop(window_.get(), file);
    QVERIFY(shows("row.json"));
    QVERIFY2(fitted && refused && said == "4 layers, k 2", qPrintable(said));
    QCOMPARE(controller().scene().snapshot->capture->tokens, std::int64_t(90));
    const QString copied = window_->state();
    controller().backToTraining();
    QVERIFY(becomes([&] { return controller().trains(); }));
    window_->restoreStateText(copied);  // without asking again
    QVERIFY(shows("row.json"));
  }

  void the_panel_says_what_the_file_is_and_leaves_out_identical_rows() {
    const QString file = files_.path() + "/stale.json";
    {
      std::ofstream to(file.toStdString());
      to << "[";
      for (int t = 0; t < 100; ++t) {
        const int row = t >= 20 && t < 87 ? 20 : t;
        to << (t ? "," : "") << "[[" << row % 8 << "," << (row * 5 % 7 + row % 8 + 1) % 8 << "],[" << row * 3 % 8 << ","
           << (row * 3 + 1 + row * 11 % 7) % 8 << "]]";
      }
      to << "]";
    }
    auto* facts = window_->findChild<QWidget*>("sourceFacts");
    auto* without = window_->findChild<QCheckBox*>("leaveOutIdentical");
    QVERIFY(facts->isHidden());
    window_->opener().openPath(file);
    QVERIFY(shows("stale.json"));
    QVERIFY(!facts->isHidden() && window_->findChild<QComboBox*>("knob-router")->parentWidget()->isHidden());
    QCOMPARE(text("factFormat"), QString("JSON"));
    QCOMPARE(text("factFile"), QString("stale.json"));
    QVERIFY2(text("factExperts").contains("8") && text("factExperts").contains("2") && text("factLayers").startsWith("2"),
             qPrintable(text("factExperts") + text("factLayers")));
    QVERIFY(text("factNotes").contains("identical rows") && !without->isHidden() && !without->isChecked());
    const double all = controller().scene().routing->applied.load[0];
    without->click();
    QVERIFY(
        becomes([&] { return controller().scene().snapshot->capture && controller().scene().snapshot->capture->leftOut == 66; }));
    QCOMPARE(controller().scene().snapshot->capture->tokens, std::int64_t(34));
    QVERIFY(controller().scene().routing->applied.load[0] != all && without->isChecked());
    controller().history().stack().undo();
    QVERIFY(becomes([&] { return controller().scene().snapshot->capture->identical == 67 && !without->isChecked(); }));
    controller().backToTraining();
    QVERIFY(
        becomes([&] { return facts->isHidden() && !window_->findChild<QComboBox*>("knob-router")->parentWidget()->isHidden(); }));
  }

  void training_comes_back_with_its_slider() {
    window_->opener().openPath(written("a.json"));
    QVERIFY(shows("a.json"));
    QTest::mouseClick(window_->findChild<QPushButton*>("backToTraining"), Qt::LeftButton);
    QVERIFY(
        becomes([&] { return controller().trains() && !controller().scene().snapshot->capture && controller().scene().curve; }));
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
    QVERIFY2(becomes([&] { return text("statusMessage").contains("bad.json: there is no \"routed_experts\""); }),
             qPrintable(text("statusMessage")));
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
