// Presenter mode: how large its text is, what is gone, its keys, and what the lecturer sees alone.

#include <QAction>
#include <QLabel>
#include <QMenuBar>
#include <QRegularExpression>
#include <QStatusBar>
#include <QTest>
#include <QTextBrowser>

#include "app/window/main_window.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"

using namespace moescope;

namespace {

const std::string kLesson =
    "---\ntitle: A lesson\nshows: something\n---\n"
    "# First\nWords of the first page.\n<!-- Say *this*. -->\n```json\n{\"state\": {\"sides\": [{\"knobs\": {\"corpus\": \"procedural\", \"width\": 32, \"router\": \"topk\"}}]}, \"views\": "
    "[\"score_polygon\", \"load_bars\"], \"controls\": [\"concentration\"], \"train_to\": 3}\n```\n"
    "# Second\nOther words.\n```json\n{\"views\": [\"concentration_curve\"]}\n```\n"
    "# Third\nLast words.\n```json\n{\"state\": {\"sides\": [{\"knobs\": {\"router\": \"soft\"}}]}, \"train_to\": 2}\n```\n";

}  // namespace

class TestPresenter : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Presenter& presenter() { return window_->presenter(); }
  LessonPlayer& player() { return window_->lessons(); }
  void begin(const QSize& size, bool dark = true) {
    QVERIFY(showWindow(window_, documentOf(smallKnobs(), dark), size));
    player().start(lessonFromMarkdown("a.en.md", kLesson));
    QVERIFY(becomes([&] { return player().isThere(); }));
    press(Qt::Key_F5);
    QVERIFY(presenter().presents());
    window_->setWindowState(Qt::WindowNoState);
    window_->resize(size);
    QVERIFY(becomes([&] { return window_->size() == size; }));
    QTest::qWait(50);
  }
  /// There is no window manager here that would give the window the keys.
  void press(Qt::Key key) {
    QApplication::setActiveWindow(window_.get());
    QTest::keyClick(window_.get(), key);
  }

 private Q_SLOTS:
  void cleanup() {
    window_.reset();
    applyPalette(Theme{});
  }

  void before_a_hall_captions_are_24_pixels_high_and_the_number_72() {
    begin({1920, 1080});
    int least = 1000;
    for (const QWidget* widget : window_->findChildren<QWidget*>()) {
      if (!widget->isVisible() || widget->visibleRegion().isEmpty() || widget->window() != window_.get()) continue;
      const auto* label = qobject_cast<const QLabel*>(widget);
      if (qobject_cast<const QTextBrowser*>(widget) || (label && !label->text().isEmpty()))
        least = std::min(least, widget->fontMetrics().height());
    }
    QVERIFY2(least >= 24 && least < 1000, qPrintable(QString("a line of %1 pixels").arg(least)));
    QVERIFY2(QFontMetrics(player().views()->number()->numberFont()).height() >= 72,
             qPrintable(QString::number(QFontMetrics(player().views()->number()->numberFont()).height())));
    int texts = 0;
    for (ViewTile* tile : player().views()->tiles()) {
      if (!tile->isVisible()) continue;
      tile->drawNow();
      for (const DrawnText& text : dynamic_cast<FlatView&>(tile->view()).texts()) {
        ++texts;
        QVERIFY2(lineHeight(text.bold) * text.height >= 24, (text.words + ": " + std::to_string(text.height)).c_str());
      }
    }
    QVERIFY(texts > 10);
  }

  void the_window_has_no_chrome_then_and_all_of_it_after() {
    begin({1440, 900});
    QCOMPARE(window_->menuBar()->height(), 0);
    QVERIFY(!window_->statusBar()->isVisible());
    for (const QToolBar* bar : window_->findChildren<QToolBar*>()) QVERIFY2(!bar->isVisible(), qPrintable(bar->objectName()));
    for (const char* button : {"lessonNext", "lessonBack", "lessonEnd"})
      QVERIFY(!window_->findChild<QWidget*>(button)->isVisible());
    QVERIFY(player().isVisible() && player().titleBarWidget());
    window_->controller().notice("the disk is full");  // what must be said is said all the same
    QVERIFY(window_->statusBar()->isVisible());
    press(Qt::Key_Escape);
    QVERIFY(!presenter().presents());
    QVERIFY(window_->menuBar()->height() > 0 && window_->statusBar()->isVisible() &&
            window_->findChild<QWidget*>("lessonNext")->isVisible());
    QCOMPARE(QApplication::font().pointSizeF(), QApplication::font("QLabel").pointSizeF());
    player().end();
    QVERIFY(window_->findChild<QWidget*>("bar-time")->isVisible() && window_->findChild<QWidget*>("dock-panel")->isVisible());
  }

  void keys_turn_pages_blank_and_point_and_escape_ends_one_thing_at_a_time() {
    begin({1440, 900});
    press(Qt::Key_PageDown);
    QCOMPARE(player().page(), 1);
    press(Qt::Key_PageUp);
    QCOMPARE(player().page(), 0);
    for (const Qt::Key key : {Qt::Key_B, Qt::Key_Period}) {
      press(key);
      QVERIFY2(presenter().isBlank(), qPrintable(QKeySequence(key).toString()));
      QCOMPARE(window_->grab().toImage().pixelColor(700, 400), QColor(Qt::black));
      QVERIFY(window_->findChild<QWidget*>("blackScreen")->geometry() == window_->rect());
      press(key);
      QVERIFY(!presenter().isBlank());
    }
    press(Qt::Key_L);
    QVERIFY(presenter().points());
    QCursor::setPos(window_->mapToGlobal(QPoint(500, 300)));
    QWidget* light = window_->findChild<QWidget*>("pointerOfLight");
    QVERIFY(becomes([&] { return (light->geometry().center() - QPoint(500, 300)).manhattanLength() <= 2; }));
    press(Qt::Key_B);
    press(Qt::Key_Escape);
    QVERIFY(!presenter().isBlank() && presenter().points() && presenter().presents());
    press(Qt::Key_Escape);
    QVERIFY(!presenter().points() && presenter().presents());
    press(Qt::Key_B);
    press(Qt::Key_PageDown);  // who turns the page wants to see it
    QVERIFY(!presenter().isBlank());
    press(Qt::Key_Escape);
    QVERIFY(!presenter().presents() && player().runs());
    const std::size_t bookmarks = window_->controller().document().bookmarks.size();
    press(Qt::Key_B);  // is the bookmark's again
    QVERIFY(!presenter().isBlank());
    QCOMPARE(window_->controller().document().bookmarks.size(), bookmarks + 1);
  }

  void the_lecturer_sees_notes_time_and_the_next_page() {
    begin({1440, 900});
    press(Qt::Key_N);
    PresenterConsole* console = presenter().console();
    QVERIFY(console && console->isVisible());
    const auto text = [&](const char* name) { return console->findChild<QLabel*>(name)->text(); };
    QCOMPARE(console->findChild<QTextBrowser*>("consoleNotes")->toPlainText(), QString("Say this."));
    QVERIFY(!window_->findChild<QTextBrowser*>("lessonWords")->toPlainText().contains("Say"));
    QCOMPARE(text("consoleNext"), QString("Next: Second"));
    QVERIFY(QRegularExpression("^\\d\\d:\\d\\d$").match(text("consoleClock")).hasMatch());
    QCOMPARE(text("consoleSince"), QString("0:00"));
    QVERIFY(becomes([&] { return !console->findChild<QLabel*>("consolePicture")->pixmap().isNull(); }));
    const QImage next = console->findChild<QLabel*>("consolePicture")->pixmap().toImage();
    QVERIFY(difference(next, QImage(next.size(), next.format())) > 0.01);
    press(Qt::Key_PageDown);
    QCOMPARE(text("consoleCount"), QString("page 2 of 3"));
    QVERIFY(becomes([&] { return text("consolePicture").contains("a model of its own, router soft"); }));
    QCOMPARE(console->findChild<QTextBrowser*>("consoleNotes")->toPlainText(), QString("This page has no notes."));
    press(Qt::Key_PageDown);
    QCOMPARE(text("consoleNext"), QString("This is the last page"));
    press(Qt::Key_Escape);
    QVERIFY(!presenter().console());
  }

  void the_lecturers_window_takes_the_same_keys() {
    begin({1440, 900});
    press(Qt::Key_N);
    QPointer<PresenterConsole> console = presenter().console();
    QVERIFY(console);
    auto* notes = console->findChild<QTextBrowser*>("consoleNotes");
    const auto here = [&](Qt::Key key) {
      QApplication::setActiveWindow(console);
      notes->setFocus();
      QTest::keyClick(notes, key);
    };
    here(Qt::Key_PageDown);
    QCOMPARE(player().page(), 1);
    here(Qt::Key_PageUp);
    QCOMPARE(player().page(), 0);
    for (const Qt::Key key : {Qt::Key_B, Qt::Key_Period}) {
      here(key);
      QVERIFY(presenter().isBlank());
      here(key);
      QVERIFY(!presenter().isBlank());
    }
    here(Qt::Key_L);
    QVERIFY(presenter().points());
    here(Qt::Key_Escape);
    QVERIFY(!presenter().points() && presenter().presents());
    here(Qt::Key_Escape);
    QVERIFY(!presenter().presents() && !presenter().console());
    QVERIFY(becomes([&] { return !console; }));
  }

  void notes_and_time_are_read_at_a_lectern() {
    begin({1440, 900});
    press(Qt::Key_N);
    const QWidget* console = presenter().console();
    QVERIFY(console);
    QTest::qWait(50);
    for (const char* name : {"consoleNotes", "consoleClock", "consoleSince", "consoleCount", "consoleTitle"}) {
      const double times =
          QFontInfo(console->findChild<QWidget*>(name)->font()).pointSizeF() / QFontInfo(QApplication::font()).pointSizeF();
      QVERIFY2(times > 1.4, qPrintable(QString("%1: %2 of the window's text").arg(name).arg(times)));
    }
  }

  void time_is_said_in_minutes_and_hours() {
    QCOMPARE(durationText(5), QString("0:05"));
    QCOMPARE(durationText(754), QString("12:34"));
    QCOMPARE(durationText(3723), QString("1:02:03"));
  }
};

MOESCOPE_TEST(TestPresenter)
#include "test_presenter.moc"
