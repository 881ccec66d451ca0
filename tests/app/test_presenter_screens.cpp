// Presenter mode with a second screen. ctest starts this with those of tests/data/two_screens.json.

#include <QGuiApplication>
#include <QScreen>
#include <QTest>

#include "app/window/presenter.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestPresenterScreens : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_hall_gets_the_second_screen_and_the_lecturer_keeps_the_first() {
    const QList<QScreen*> screens = QGuiApplication::screens();
    QCOMPARE(screens.size(), 2);
    QVERIFY(screens[0]->size() != screens[1]->size());
    Controller controller(documentOf(smallKnobs()));
    QMainWindow window;
    auto* player = new LessonPlayer(controller, &window);
    window.addDockWidget(Qt::RightDockWidgetArea, player);
    window.setCentralWidget(player->views());
    Chrome chrome;
    Presenter presenter(window, *player, controller, chrome);
    const QRect own(40, 30, 1200, 800);
    window.setGeometry(own);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    presenter.begin();
    QVERIFY(becomes([&] { return window.geometry() == screens[1]->geometry(); }));
    QVERIFY(window.isFullScreen());
    QVERIFY(presenter.console() && presenter.console()->isVisible());
    QCOMPARE(presenter.console()->screen(), screens[0]);
    QVERIFY(screens[0]->geometry().contains(presenter.console()->geometry()));
    QCOMPARE(presenter.textScale(), hallTextScale(screens[1]->size()));
    presenter.end();
    QVERIFY(becomes([&] { return window.geometry() == own; }));
    QVERIFY(!presenter.console() && !window.isFullScreen());
  }
};

MOESCOPE_TEST(TestPresenterScreens)
#include "test_presenter_screens.moc"
