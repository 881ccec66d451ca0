// Where things are in the window: sizes, the scale of text, groups of views, and what the next start brings back.

#include <QAction>
#include <QApplication>
#include <QFontInfo>
#include <QHeaderView>
#include <QMenuBar>
#include <QScrollBar>
#include <QSettings>
#include <QStatusBar>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

#include "app/window/main_window.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestLayout : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;
  QTemporaryDir settings_;

  ControlPanel* panel() { return window_->findChild<ControlPanel*>(); }
  QDockWidget* dock(const char* name) { return window_->findChild<QDockWidget*>(QString("dock-") + name); }
  ViewGroup* group(int index) { return window_->findChild<ViewGroup*>(index == 0 ? "group-Routing" : "group-Experts"); }
  void make(double scale = 1.0) { window_ = std::make_unique<MainWindow>(documentOf(smallKnobs(), true, scale)); }
  void show(const QSize& size) {
    window_->resize(size);
    window_->show();
    QVERIFY(becomes([&] { return window_->revealed() && window_->controller().scene().routing; }));
    QTest::qWait(100);
  }
  QAction* shortcut(const QString& keys) {
    for (QAction* action : window_->findChildren<QAction*>())
      if (action->shortcut() == QKeySequence(keys)) return action;
    return nullptr;
  }
  void leaveAndStartAgain() {
    window_->preferences().store();
    const Preferences kept = Preferences::load();
    window_ = std::make_unique<MainWindow>(documentFromJson(kept.state.toStdString()));
    window_->restoreLayout(kept);
  }

  /// Every visible dock of a group with its place; of tabs only the one in front is in sight.
  QStringList places(int index) {
    QStringList found;
    for (QDockWidget* dock : group(index)->docks())
      if (!dock->visibleRegion().isEmpty())
        found.append(QString("%1 %2,%3 %4x%5")
                         .arg(dock->objectName())
                         .arg(dock->x())
                         .arg(dock->y())
                         .arg(dock->width())
                         .arg(dock->height()));
    return found;
  }

  /// Points of what carries text, by name.
  QMap<QString, double> sizesOfText() {
    const auto points = [](const QWidget* widget) { return QFontInfo(widget->font()).pointSizeF(); };
    QMap<QString, double> sizes = {{"menu", points(window_->menuBar())},
                                   {"tabs", points(window_->findChild<QTabBar*>("groups"))},
                                   {"strip", points(window_->findChild<QWidget*>("tokenStrip"))},
                                   {"dock title", points(dock("score_polygon"))},
                                   {"panel title", points(dock("panel"))},
                                   {"measures", points(window_->findChild<QTableWidget*>("measures"))},
                                   {"header", points(window_->findChild<QTableWidget*>("measures")->horizontalHeader())},
                                   {"status", points(window_->findChild<QLabel*>("statusState"))},
                                   {"file menu", points(window_->findChild<QMenu*>())},
                                   {"number", points(window_->findChild<QWidget*>("concentrationNumber"))}};
    for (QLabel* label : panel()->findChildren<QLabel*>())
      sizes["label " + label->objectName() + label->property("caption").toString()] = points(label);
    for (QPushButton* button : panel()->findChildren<QPushButton*>()) sizes[button->objectName()] = points(button);
    return sizes;
  }

 private Q_SLOTS:
  void init() {
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
    Preferences::forget();
    make();
  }
  void cleanup() {
    window_.reset();
    applyPalette(Theme{});
  }

  void the_window_has_exactly_the_size_that_was_asked_for_data() {
    QTest::addColumn<QSize>("size");
    QTest::addColumn<double>("scale");
    const std::vector<std::pair<QSize, double>> asked = {{{1024, 640}, 1.0}, {{1024, 768}, 1.0}, {{1280, 720}, 1.0},
                                                         {{1440, 900}, 1.5}, {{1024, 768}, 2.0}, {{1440, 900}, 2.0},
                                                         {{1920, 1080}, 1.0}, {{512, 384}, 1.0}};
    for (const auto& [size, scale] : asked) QTest::addRow("%dx%d at %g", size.width(), size.height(), scale) << size << scale;
  }
  void the_window_has_exactly_the_size_that_was_asked_for() {
    QFETCH(QSize, size);
    QFETCH(double, scale);
    make(scale);
    for (const char* group : {"Routing", "Experts"}) {
      window_->openGroup(group);
      show(size);
      QCOMPARE(window_->size(), size);
      QCOMPARE(window_->picture().size(), size);
      QCOMPARE(window_->picture(QSize(size.width() - 1, size.height())).size(), QSize(size.width() - 1, size.height()));
    }
    for (ViewGroup* each : window_->findChildren<ViewGroup*>())
      for (QDockWidget* dock : each->docks())
        if (!dock->visibleRegion().isEmpty())
          QVERIFY2(dock->width() >= std::min(150, size.width() / 4) && dock->height() >= 100, qPrintable(dock->objectName()));
    QVERIFY(panel()->width() <= size.width() * 2 / 3 + 1);
    if (size.width() >= 700 * scale) QVERIFY(wholeInSight(window_->findChild<QWidget*>("concentration")));
  }

  void all_text_follows_the_scale_alike_from_the_start_and_later() {
    show({1440, 900});
    const QMap<QString, double> normal = sizesOfText();
    const int least = panel()->wantedWidth();
    window_->setTheme(true, 2.0);
    QTest::qWait(100);
    const auto doubled = sizesOfText();
    for (auto each = normal.begin(); each != normal.end(); ++each)
      QVERIFY2(std::abs(doubled[each.key()] / each.value() - 2.0) < 0.1,
               qPrintable(QString("%1: %2 became %3").arg(each.key()).arg(each.value()).arg(doubled[each.key()])));
    QVERIFY(panel()->wantedWidth() > 1.6 * least);
    make(2.0);
    show({1440, 900});
    const auto atStart = sizesOfText();
    for (auto each = doubled.begin(); each != doubled.end(); ++each)
      QVERIFY2(std::abs(atStart[each.key()] - each.value()) < 0.1, qPrintable(each.key()));
  }

  void titles_of_docks_are_drawn_at_the_scale() {
    const auto inkHeight = [this](const char* name) {  // rows of the title that hold pixels of the text's colour
      QDockWidget* of = dock(name);
      const QImage title = of->grab(QRect(0, 0, 3 * QFontMetrics(QApplication::font()).height(), of->widget()->y())).toImage();
      const QColor text = window_->palette().color(QPalette::WindowText);
      int rows = 0;
      for (int y = 0; y < title.height(); ++y) {
        bool ink = false;
        for (int x = 0; x < title.width(); ++x) ink = ink || std::abs(title.pixelColor(x, y).lightness() - text.lightness()) < 60;
        rows += ink;
      }
      return rows;
    };
    show({1440, 900});
    const int panel = inkHeight("panel"), view = inkHeight("score_polygon");
    QVERIFY(panel > 5 && view > 5);
    window_->setTheme(true, 2.0);
    QTest::qWait(100);
    QVERIFY2(inkHeight("panel") > 1.5 * panel && inkHeight("score_polygon") > 1.5 * view,
             qPrintable(QString("%1 and %2").arg(inkHeight("panel")).arg(inkHeight("score_polygon"))));
  }

  void slider_and_value_column_are_in_sight_at_every_scale() {
    show({1440, 900});
    for (int press = 0; press < 8; ++press) {
      auto* measures = window_->findChild<QTableWidget*>("measures");
      QVERIFY2(panel()->horizontalScrollBar()->maximum() == 0,
               qPrintable(QString("after %1 presses: %2 of %3").arg(press).arg(panel()->width()).arg(panel()->wantedWidth())));
      QVERIFY(wholeInSight(window_->findChild<QWidget*>("concentration")));
      QVERIFY(measures->columnViewportPosition(1) + measures->columnWidth(1) <= measures->viewport()->width());
      QCOMPARE(window_->size(), QSize(1440, 900));
      shortcut("Ctrl++")->trigger();
      QTest::qWait(50);
    }
    QVERIFY(window_->preferences().textScale > 2.4);
  }

  void a_larger_window_gives_its_room_to_the_views() {
    show({1440, 900});
    const int width = panel()->width(), view = dock("score_polygon")->width();
    window_->resize(1920, 1080);
    QVERIFY(becomes([&] { return window_->width() == 1920 && dock("score_polygon")->width() > view + 100; }));
    QCOMPARE(panel()->width(), width);
    window_->resize(1440, 900);
    QVERIFY(becomes([&] { return std::abs(dock("score_polygon")->width() - view) <= 4; }));
    QCOMPARE(panel()->width(), width);
  }

  void columns_are_equal_at_first_and_each_group_comes_back_as_it_was_left() {
    show({1440, 900});
    const QStringList first = places(0);
    QCOMPARE(first.size(), 6);
    const int width = dock("score_polygon")->width();
    for (const char* name : {"expert_subspaces", "grassmann_embedding"})
      QVERIFY2(std::abs(dock(name)->width() - width) <= 2, qPrintable(first.join("; ")));
    shortcut("Ctrl+3")->trigger();
    QVERIFY(becomes([&] { return places(1).size() == 6 && places(0).isEmpty(); }));
    group(1)->resizeDocks({group(1)->docks().front()}, {500}, Qt::Horizontal);
    QTest::qWait(50);
    group(1)->docks().at(4)->raise();
    QTest::qWait(50);
    const QStringList second = places(1);
    for (int turn = 0; turn < 4; ++turn) {
      shortcut("Ctrl+2")->trigger();
      QVERIFY(becomes([&] { return !places(0).isEmpty(); }));
      QCOMPARE(places(0), first);
      shortcut("Ctrl+3")->trigger();
      QVERIFY(becomes([&] { return !places(1).isEmpty(); }));
      QCOMPARE(places(1), second);
    }
  }

  void the_group_that_was_left_is_shown_at_the_next_start_with_its_tab_and_layout() {
    show({1440, 900});
    shortcut("Ctrl+3")->trigger();
    group(1)->resizeDocks({group(1)->docks().front()}, {500}, Qt::Horizontal);
    dock("asymmetry")->hide();
    QTest::qWait(100);
    const QStringList left = places(1);
    leaveAndStartAgain();
    window_->show();
    QVERIFY(becomes([&] { return window_->revealed() && !places(1).isEmpty(); }));
    QTest::qWait(100);
    QCOMPARE(places(1), left);
    auto* tabs = window_->findChild<QTabBar*>("groups");
    QCOMPARE(tabs->tabText(tabs->currentIndex()), QString("Experts"));
    QVERIFY(dock("asymmetry")->isHidden() && places(0).isEmpty());
    tabs->setCurrentIndex(1);
    QVERIFY(becomes([&] { return places(0).size() == 6 && places(1).isEmpty(); }));
  }

  void a_view_fills_the_window_and_the_others_come_back() {
    show({1440, 900});
    const QStringList before = places(0);
    ViewTile* tile = window_->tile("load_bars");
    dock("load_bars")->raise();
    QTest::qWait(50);
    QTest::mouseDClick(tile, Qt::LeftButton, {}, tile->rect().center());
    QVERIFY(becomes([&] { return places(0).size() == 1 && !window_->findChild<QWidget*>("tokenStrip")->isVisible(); }));
    const QByteArray kept = window_->preferences().groups["Routing"];
    shortcut("Esc")->trigger();
    QVERIFY(becomes([&] { return places(0).size() == 6 && window_->findChild<QWidget*>("tokenStrip")->isVisible(); }));
    QCOMPARE(window_->preferences().groups["Routing"], kept);
  }

  void settings_of_another_version_or_broken_ones_give_the_first_day_s_layout() {
    show({1440, 900});
    const QStringList first = places(0);
    window_->setTheme(false, 1.3);
    window_->preferences().store();
    const auto start = [&](const std::function<void(QSettings&)>& spoil) {
      {
        QSettings stored(QSettings::IniFormat, QSettings::UserScope, "moescope", "moescope");
        spoil(stored);
      }
      const Preferences kept = Preferences::load();
      window_ = std::make_unique<MainWindow>(documentOf(smallKnobs()));
      window_->restoreLayout(kept);
      show({1440, 900});
      return kept;
    };
    const Preferences older = start([](QSettings& stored) {
      stored.setValue("version", 1);
      stored.setValue("layout", QByteArray("the docks of another day"));
    });
    QVERIFY(older.known && !documentFromJson(older.state.toStdString()).dark && older.textScale == 1.3 &&
            older.layout.isEmpty());  // what still means the same is kept
    QCOMPARE(places(0), first);
    start([](QSettings& stored) {
      stored.setValue("version", 2);
      stored.setValue("layout", QByteArray(500, 'x'));
      stored.setValue("geometry", QByteArray(50, '\x7f'));
      stored.setValue("groups", QVariantMap{{"Routing", QByteArray(2000, '\x01')}, {"No such group", QByteArray("?")}});
      stored.setValue("group", "No such group");
      stored.setValue("text_scale", "a great deal");
    });
    QCOMPARE(places(0), first);
  }

  void the_window_says_what_it_does_before_the_views_are_there() {
    window_->resize(1440, 900);
    window_->show();
    QVERIFY(!window_->revealed());
    const QImage first = window_->grab().toImage();  // what the first paint shows
    auto* cover = window_->findChild<QLabel*>("cover");
    QVERIFY(cover->isVisible() && !cover->text().isEmpty());
    const QColor expected = window_->palette().color(QPalette::Window);
    QCOMPARE(first.pixelColor(cover->mapTo(window_.get(), QPoint(20, 20))), expected);
    QVERIFY(panel()->isVisible());
    QVERIFY2(panel()->width() > 3 * panel()->leastWidth() / 4, qPrintable(QString::number(panel()->width())));
    QVERIFY(becomes([&] { return window_->revealed() && !cover->isVisible() && window_->tile("score_polygon")->isVisible(); }));
  }
};

MOESCOPE_TEST(TestLayout)
#include "test_layout.moc"
