// The breath of the very first start: that it comes by itself, once, and gives way to whatever one does.

#include <QComboBox>
#include <QSettings>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>

#include "app/window/first_breath.h"
#include "app/window/preferences.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestFirstBreath : public QObject {
  Q_OBJECT
  QTemporaryDir settings_;
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  float concentration() { return controller().lens().concentration; }
  Breath& breath() { return *window_->findChild<Breath*>(); }
  bool waits() { return window_->findChild<FirstBreath*>() != nullptr; }
  /// A window as at the first start.
  void show(bool motion = true) {
    Document document = documentOf(smallKnobs());
    document.layout = {};
    document.motion = motion;
    QVERIFY(showWindow(window_, document, {1440, 900}));
    new FirstBreath(controller(), breath(), window_.get());
  }
  /// ... that breathes at some place other than where it began.
  void showBreathing() {
    show();
    QVERIFY(becomes([&] { return breath().runs() && concentration() < 0.5f; }));
  }
  QSlider* slider() { return window_->findChild<QSlider*>("stage-concentration"); }

 private Q_SLOTS:
  void initTestCase() { QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path()); }
  void cleanup() {
    window_.reset();
    applyPalette(Theme{});
  }

  void it_is_due_once_until_all_is_forgotten() {
    QVERIFY(FirstBreath::takeDue());
    QVERIFY(!FirstBreath::takeDue());
    QVERIFY(!Preferences::load().known);  // it is no layout to restore
    Preferences::forget();
    QVERIFY(FirstBreath::takeDue());
  }

  void it_comes_by_itself_and_leaves_nothing_behind() {
    show();
    const int steps = controller().history().stack().index();
    QVERIFY(becomes([&] { return concentration() < 0.2f; }));
    QVERIFY(becomes([&] { return concentration() > 8.0f; }));
    QVERIFY(becomes([&] { return !waits(); }));
    QCOMPARE(concentration(), 1.0f);
    QCOMPARE(controller().history().stack().index(), steps);
    QTest::qWait(2000);
    QVERIFY(!breath().runs());  // and not again
  }

  void a_key_or_a_press_ends_it_and_all_is_as_before() {
    for (const bool byKey : {true, false}) {
      showBreathing();
      const int steps = controller().history().stack().index();
      if (byKey)
        QTest::keyClick(window_.get(), Qt::Key_Shift);
      else
        QTest::mouseClick(window_->tile("stage-load_bars"), Qt::RightButton, {}, {2, 2});
      QVERIFY(!breath().runs());
      QCOMPARE(concentration(), 1.0f);
      QCOMPARE(controller().history().stack().index(), steps - 1);  // its step is gone
      QVERIFY(becomes([&] { return !waits(); }));
    }
  }

  void a_hand_on_the_slider_has_it() {
    showBreathing();
    const float held = concentration();
    QTest::mousePress(slider(), Qt::LeftButton, {}, {slider()->width() - 3, slider()->height() / 2});
    QVERIFY(!breath().runs());
    QTest::mouseRelease(slider(), Qt::LeftButton, {}, {slider()->width() - 3, slider()->height() / 2});
    QVERIFY(concentration() > held);  // a page up from where it stood, not from 1
    QVERIFY(concentration() < 1.0f);
  }

  void an_action_ends_it() {
    showBreathing();
    controller().perform({"Other", "", [](Document& document) { document.dark = false; }});
    QVERIFY(becomes([&] { return !waits(); }));
    QVERIFY(!breath().runs());
    QVERIFY(!controller().document().dark);
    QCOMPARE(concentration(), 1.0f);
  }

  void a_touch_before_it_began_keeps_it_away() {
    show();
    QTest::keyClick(window_.get(), Qt::Key_Shift);
    QVERIFY(becomes([&] { return !waits(); }));
    QTest::qWait(2500);
    QVERIFY(!breath().runs());
    QCOMPARE(concentration(), 1.0f);
  }

  void without_motion_it_does_not_come() {
    show(false);
    QVERIFY(becomes([&] { return !waits(); }));
    QTest::qWait(2500);
    QVERIFY(!breath().runs());
  }

  void what_is_remembered_at_the_end_is_no_moment_of_it() {
    Preferences::forget();
    showBreathing();
    window_->rememberOnClose();
    window_->close();
    const Preferences kept = Preferences::load();
    QVERIFY(kept.known);
    QCOMPARE(documentFromJson(kept.state.toStdString()).sides[0].lens.concentration, 1.0f);
  }
};

MOESCOPE_TEST(TestFirstBreath)
#include "test_first_breath.moc"
