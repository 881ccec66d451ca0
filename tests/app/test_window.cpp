// The real window, driven through its real widgets.

#include <QApplication>
#include <QDoubleSpinBox>
#include <QPushButton>
#include <QSettings>
#include <QSlider>
#include <QSpinBox>
#include <QSurfaceFormat>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "app/window/main_window.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

double shown(MainWindow& window, const char* name) {
  return window.findChild<QLabel*>(name)->text().split(' ').first().toDouble();
}

QImage pictureOf(ViewTile* tile) {
  tile->drawNow();
  return tile->grabFramebuffer();
}

}  // namespace

class TestWindow : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }

 private Q_SLOTS:
  void init() {
    QVERIFY(showWindow(window_, documentOf(smallKnobs()), {1280, 800}));
    QTest::qWait(50);
  }
  void cleanup() { window_.reset(); }

  void dragging_the_slider_changes_the_numbers_and_the_picture() {
    auto* slider = window_->findChild<QSlider*>("concentration");
    ViewTile* polygon = window_->tile("score_polygon");
    const double before = shown(*window_, "entropy");
    const QImage picture = pictureOf(polygon);
    const int from = slider->style()->pixelMetric(QStyle::PM_SliderLength, nullptr, slider) / 2;
    const auto at = [&](double share) {
      return QPoint(static_cast<int>(from + share * (slider->width() - 2 * from)), slider->height() / 2);
    };
    QTest::mousePress(slider, Qt::LeftButton, {}, at(0.5));
    for (double share = 0.5; share < 0.96; share += 0.05) QTest::mouseMove(slider, at(share));
    QTest::mouseRelease(slider, Qt::LeftButton, {}, at(0.95));
    const float concentration = controller().lens().concentration;
    QVERIFY2(concentration > 5.0f, qPrintable(QString::number(concentration)));
    Lens lens;
    lens.concentration = concentration;
    const double expected = evaluate(*controller().scene().snapshot, lens).probability.meanEntropy;
    QVERIFY(expected < before - 0.02);
    QVERIFY(std::abs(shown(*window_, "entropy") - expected) < 1e-3);
    QVERIFY(difference(picture, pictureOf(polygon)) > 0.002);
  }

  void number_entry_keyboard_and_reset_move_the_same_concentration() {
    auto* number = window_->findChild<QDoubleSpinBox*>("concentrationNumber");
    number->setValue(0.0);
    QCOMPARE(controller().lens().concentration, 0.0f);
    QVERIFY(std::abs(shown(*window_, "entropy") - std::log(8.0)) < 1e-3);
    QCOMPARE(shown(*window_, "effective"), 8.0);
    QTest::mouseClick(window_->findChild<QPushButton*>("concentrationReset"), Qt::LeftButton);
    QCOMPARE(controller().lens().concentration, 1.0f);
    auto* slider = window_->findChild<QSlider*>("concentration");
    QTest::keyClick(slider, Qt::Key_Right);
    QVERIFY(controller().lens().concentration > 1.05f && controller().lens().concentration < 1.3f);
    QTest::keyClick(slider, Qt::Key_Home);
    QCOMPARE(controller().lens().concentration, 0.0f);
  }

  void slider_positions_and_concentrations_are_inverse() {
    for (int position = 0; position <= kSliderTop; ++position) QCOMPARE(positionOf(concentrationAt(position)), position);
    QCOMPARE(concentrationAt(kSliderTop), 16.0);
  }

  void a_pinned_analysis_stays_to_compare_with_and_is_drawn() {
    QAction* pin = nullptr;
    for (QAction* action : window_->findChildren<QAction*>())
      if (action->shortcut() == QKeySequence("Ctrl+P")) pin = action;
    QVERIFY(pin);
    window_->openGroup("Experts");
    controller().engine().play();
    QVERIFY(becomes([&] { return controller().scene().analysis != nullptr; }));
    pin->trigger();
    const auto pinned = controller().scene().reference;
    QVERIFY(pinned && pinned->analysis && pinned->name.find("layer 1") != std::string::npos);
    controller().engine().reset();
    QVERIFY(becomes([&] {
      return controller().scene().analysis && controller().scene().analysis->generation != pinned->analysis->generation;
    }));
    QCOMPARE(controller().scene().reference, pinned);
    controller().engine().pause();
    QTest::qWait(300);
    const QImage with = pictureOf(window_->tile("asymmetry"));
    controller().unpinReference();
    QVERIFY(!controller().scene().reference);
    QVERIFY(difference(with, pictureOf(window_->tile("asymmetry"))) > 0.002);
  }

  void a_click_on_an_expert_selects_it_in_every_view() {
    ViewTile* bars = window_->tile("load_bars");
    ViewTile* polygon = window_->tile("score_polygon");
    pictureOf(bars);
    const QImage before = pictureOf(polygon);
    QPoint place(-1, -1);
    for (int y = 0; y < bars->height() && place.x() < 0; y += 4)
      for (int x = 0; x < bars->width() && place.x() < 0; x += 4)
        if (bars->view().pick(x, bars->height() - 1 - y).expert == 3) place = {x, y};
    QVERIFY(place.x() >= 0);
    QTest::mouseClick(bars, Qt::LeftButton, {}, place);
    QCOMPARE(controller().selection().expert(), 3);
    QVERIFY(difference(before, pictureOf(polygon)) > 0.001);
    controller().select({});
    QCOMPARE(controller().selection().expert(), -1);
  }

  void play_step_and_reset_buttons_train() {
    QTest::mouseClick(window_->findChild<QPushButton*>("step"), Qt::LeftButton);
    QVERIFY(becomes([&] { return controller().scene().snapshot->step == 1; }));
    auto* play = window_->findChild<QPushButton*>("play");
    QTest::mouseClick(play, Qt::LeftButton);
    QVERIFY(becomes([&] { return controller().scene().snapshot->step > 10 && play->text() == "Pause"; }));
    QTest::mouseClick(play, Qt::LeftButton);
    QVERIFY(becomes([&] { return play->text() == "Play"; }));
    const auto generation = controller().scene().snapshot->generation;
    QTest::mouseClick(window_->findChild<QPushButton*>("reset"), Qt::LeftButton);
    QVERIFY(becomes([&] { return controller().scene().snapshot->generation > generation; }));
    QCOMPARE(controller().scene().snapshot->step, 0);
  }

  void a_corpus_that_fails_is_a_line_in_the_status_bar_and_the_window_lives() {
    Knobs knobs = smallKnobs();
    knobs.corpus = "/nonexistent/texts";
    controller().setKnobs(knobs);
    auto* message = window_->findChild<QLabel*>("statusMessage");
    QVERIFY(becomes([&] { return message->text().contains("/nonexistent/texts"); }));
    QVERIFY(window_->findChild<QPushButton*>("statusReset")->isVisible());
    QVERIFY(controller().scene().snapshot != nullptr);
    controller().setKnobs(smallKnobs());
    QVERIFY(becomes([&] { return message->text().isEmpty(); }));
  }

  void state_comes_back_and_a_bad_one_changes_nothing() {
    Lens lens = controller().lens();
    lens.concentration = 3.5f;
    lens.gating.policy = GatingPolicy::TopP;
    controller().setLens(lens);
    const QString state = window_->state();
    controller().setLens(Lens{});
    window_->restoreStateText(state);
    QCOMPARE(controller().lens().concentration, 3.5f);
    QVERIFY(controller().lens().gating.policy == GatingPolicy::TopP);
    for (QString bad : {QString("not json"), QString("{}"), QString(state).replace("3.5", "-3.5"),
                        QString(state).replace("\"experts\": 8", "\"experts\": 9999")}) {
      QVERIFY(bad != state);
      QVERIFY_THROWS_EXCEPTION(std::runtime_error, window_->restoreStateText(bad));
      QCOMPARE(controller().lens().concentration, 3.5f);
    }
  }

  void the_experts_group_shows_what_the_analysis_measured() {
    window_->openGroup("Experts");
    QVERIFY(becomes(
        [&] { return window_->tile("jacobian_alignment")->isVisible() && !window_->tile("score_polygon")->isVisible(); }));
    QVERIFY(becomes([&] { return controller().scene().analysis != nullptr; }));
    const QImage before = pictureOf(window_->tile("principal_angles"));
    window_->findChild<QSpinBox*>("analysisRank")->setValue(2);
    QVERIFY(becomes([&] { return controller().scene().analysis && controller().scene().analysis->settings.rank == 2; }));
    QTest::qWait(100);
    QVERIFY(difference(before, pictureOf(window_->tile("principal_angles"))) > 0.01);
    window_->findChild<QTabBar*>("groups")->setCurrentIndex(1);
    QVERIFY(becomes(
        [&] { return window_->tile("score_polygon")->isVisible() && !window_->tile("jacobian_alignment")->isVisible(); }));
    QVERIFY_EXCEPTION_THROWN(window_->openGroup("Nonsense"), std::invalid_argument);
  }

  void layout_theme_and_state_come_back_next_time() {
    QTemporaryDir folder;
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
    QVERIFY(!Preferences::load().known);
    window_->setTheme(false, 1.3);
    window_->findChild<QDockWidget*>("dock-load_bars")->hide();
    Lens lens = controller().lens();
    lens.concentration = 3.5f;
    controller().setLens(lens);
    window_->preferences().store();
    const Preferences back = Preferences::load();
    QVERIFY(back.known);
    QCOMPARE(documentFromJson(back.state.toStdString()).dark, false);
    QCOMPARE(back.textScale, 1.3);
    QCOMPARE(documentFromJson(back.state.toStdString()).sides[0].lens.concentration, 3.5f);
    window_ = std::make_unique<MainWindow>(documentFromJson(back.state.toStdString()));
    window_->restoreLayout(back);
    window_->show();
    QVERIFY(becomes([&] {
      return window_->tile("score_polygon")->isVisible() && window_->findChild<QDockWidget*>("dock-load_bars")->isHidden();
    }));
    Preferences::forget();
    QVERIFY(!Preferences::load().known);
  }

  void light_and_dark_differ_everywhere() {
    const QImage dark = window_->picture();
    window_->setTheme(false, 1.0);
    QTest::qWait(100);
    QVERIFY(difference(dark, window_->picture()) > 0.5);
    window_->setTheme(true, 1.0);
  }

  void characters_are_whole_and_broken_bytes_are_dots() {
    const std::uint8_t bytes[] = {'a', 0xC3, 0xA4, 0xFF, '\n', 0xE6, 0x97};
    const std::vector<Character> characters = charactersOf(bytes, 7);
    QCOMPARE(characters.size(), std::size_t(6));
    QCOMPARE(characters[1].text, QString("ä"));
    QCOMPARE(characters[2].text, QString("·"));
    QCOMPARE(characters[2].first, 3);
    QCOMPARE(characters[3].text, QString("↵"));
    QCOMPARE(characters[4].text, QString("·"));
  }
};

MOESCOPE_TEST(TestWindow)
#include "test_window.moc"
