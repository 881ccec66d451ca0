// Films of what is on the screen: in real time, of one size, whole when they are stopped; and key frames for films that are
// drawn.

#include <QFile>
#include <QProcess>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "app/window/film_menu.h"
#include "app/window/main_window.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

int framesIn(const std::string& path) {
  QProcess process;
  process.start("ffprobe", {"-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0",
                            QString::fromStdString(path)});
  return process.waitForFinished(30000) ? process.readAllStandardOutput().trimmed().toInt() : -1;
}

QRgb pixelOf(const Image& image, int x, int y) {
  const std::uint8_t* at = &image.pixels[std::size_t(3) * std::size_t((image.height - 1 - y) * image.width + x)];
  return qRgb(at[0], at[1], at[2]);
}

}  // namespace

class TestRecorder : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::string in(const std::string& name) const { return folder_.path().toStdString() + "/" + name; }

 private Q_SLOTS:
  void a_film_lasts_as_long_as_it_was_recorded_however_long_pictures_take() {
    Recorder recorder;
    int taken = 0;
    recorder.start(in("slow.mp4"), [&] {
      QTest::qSleep(taken++ == 0 ? 0 : 110);  // more than three frames
      QImage picture(101, 65, QImage::Format_RGB32);
      picture.fill(qRgb(taken * 20, 0, 0));
      return picture;
    });
    QElapsedTimer clock;
    clock.start();
    QTRY_VERIFY_WITH_TIMEOUT(recorder.seconds() >= 1.0, 10000);
    const double seconds = static_cast<double>(clock.elapsed()) / 1000.0;
    const FilmReport report = recorder.stop();
    QVERIFY(!recorder.records());
    QCOMPARE(recorder.pictures(), std::int64_t(taken));
    QVERIFY2(std::abs(static_cast<double>(report.frames) / Recorder::kRate - seconds) < 0.3,
             std::to_string(report.frames).c_str());
    QVERIFY(report.frames > taken);
    QCOMPARE(framesIn(in("slow.mp4")), int(report.frames));
  }

  void pictures_of_another_size_are_fitted_into_the_film() {
    QImage picture(60, 40, QImage::Format_RGB32);
    picture.fill(qRgb(10, 200, 30));
    picture.setPixel(0, 0, qRgb(255, 0, 0));
    const Image same = frameOf(picture, 60, 40);
    QCOMPARE(pixelOf(same, 0, 0), qRgb(255, 0, 0));
    QCOMPARE(pixelOf(same, 59, 39), qRgb(10, 200, 30));
    picture = picture.copy(0, 0, 59, 39);
    const Image cut = frameOf(picture, 58, 38);  // an odd one loses its last row and column, and nothing is scaled
    QCOMPARE(pixelOf(cut, 0, 0), qRgb(255, 0, 0));
    QCOMPARE(pixelOf(cut, 1, 0), qRgb(10, 200, 30));
    const Image fitted = frameOf(picture, 118, 40);
    QCOMPARE(pixelOf(fitted, 5, 20), qRgb(0, 0, 0));
    QCOMPARE(pixelOf(fitted, 59, 20), qRgb(10, 200, 30));
  }

  void an_unknown_ending_is_refused_and_nothing_records() {
    Recorder recorder;
    QImage picture(64, 64, QImage::Format_RGB32);
    QVERIFY_EXCEPTION_THROWN(recorder.start(in("x.avi"), [&] { return picture; }), std::invalid_argument);
    QVERIFY(!recorder.records());
    QVERIFY(!QFile::exists(QString::fromStdString(in("x.avi"))));
  }

  void the_window_films_itself_and_says_so() {
    MainWindow window(documentOf(smallKnobs()));
    window.resize(1000, 700);
    window.show();
    QVERIFY(becomes([&] { return window.revealed() && window.controller().scene().routing != nullptr; }));
    auto* menu = window.findChild<FilmMenu*>();
    auto* mark = window.findChild<QPushButton*>("recorderMark");
    QVERIFY(menu && mark && !mark->isVisible());
    QString said;
    connect(menu, &FilmMenu::noticed, this, [&](const QString& line) { said = line; });
    menu->record(in("window.mp4"));
    QTRY_VERIFY_WITH_TIMEOUT(menu->recorder().seconds() > 1.0, 20000);
    QVERIFY(mark->isVisible() && mark->text().contains("REC"));
    mark->click();
    QVERIFY(!mark->isVisible());
    QVERIFY2(said.contains("window.mp4") && said.contains("frames"), qPrintable(said));
    QVERIFY(framesIn(in("window.mp4")) >= Recorder::kRate);
    QVERIFY_EXCEPTION_THROWN(menu->record(in("hidden.webm"), "load_bars"), std::runtime_error);  // behind another tab
    QVERIFY(!menu->recorder().records() && !QFile::exists(QString::fromStdString(in("hidden.webm"))));
    menu->record(in("view.webm"), "score_polygon");
    QTRY_VERIFY_WITH_TIMEOUT(menu->recorder().seconds() > 0.5, 20000);
    menu->stop();
    QVERIFY(framesIn(in("view.webm")) >= Recorder::kRate / 2);
  }

  void both_sides_and_all_views_are_filmed_in_one_frame() {
    Document document = documentOf(smallKnobs());
    document.sides[1] = document.sides[0];
    document.sides[1].knobs.router = "topk";
    document.compares = true;
    MainWindow window(document);
    window.resize(1400, 900);
    window.show();
    QVERIFY(becomes([&] { return window.revealed() && window.controller().on(1).scene().beside != nullptr; }));
    std::string view;
    const auto shown = [&](const std::string& name) {
      return window.tile(name) && !window.tile(name)->visibleRegion().isEmpty();
    };
    QVERIFY(becomes([&] {
      for (const ViewDeclaration& each : viewRegistry())
        if (shown(each.name) && shown(each.name + "-b")) view = each.name;
      return !view.empty();
    }));
    const ViewTile *first = window.tile(view), *second = window.tile(view + "-b");
    const auto film = [&](const std::string& name, const std::string& view) {
      auto* menu = window.findChild<FilmMenu*>();
      menu->record(in(name), view);
      const QElapsedTimer clock = [] { QElapsedTimer started; started.start(); return started; }();
      (void)QTest::qWaitFor([&] { return clock.elapsed() > 300; }, 2000);
      menu->stop();
      QProcess process;
      process.start("ffprobe",
                    {"-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", QString::fromStdString(in(name))});
      const QList<QByteArray> size =
          process.waitForFinished(30000) ? process.readAllStandardOutput().trimmed().split(',') : QList<QByteArray>{"0", "0"};
      return QSize(size[0].toInt(), size[1].toInt());
    };
    const QSize pair = film("pair.mp4", view), all = film("all.mp4", FilmMenu::kAllViews);
    const QRect a(first->mapTo(&window, QPoint(0, 0)), first->size()), b(second->mapTo(&window, QPoint(0, 0)), second->size());
    QVERIFY2(std::abs(pair.width() - a.united(b).width()) <= 2 && pair.height() > a.height(),
             qPrintable(QString("%1x%2").arg(pair.width()).arg(pair.height())));
    QVERIFY(all.width() >= pair.width() && all.height() > pair.height() && all.width() <= window.width() &&
            all.height() < window.height());
  }

  void key_frames_of_the_window_make_a_script() {
    MainWindow window(documentOf(smallKnobs()));
    window.show();
    QVERIFY(becomes([&] { return window.controller().scene().routing != nullptr; }));
    KeyFrames& keys = window.findChild<FilmMenu*>()->keyFrames();
    QVERIFY_EXCEPTION_THROWN(keys.script(), std::runtime_error);
    QVERIFY(keys.addKeyFrame());
    QVERIFY(window.controller().perform(setNumber(0, "concentration", 4.0)));
    QVERIFY(keys.addKeyFrame());
    keys.findChild<QTableWidget*>()->item(1, 0)->setText("3.5");
    keys.findChild<QTableWidget*>()->item(1, 1)->setText("sharper");
    keys.saveScript(in("script.json"));
    const FilmScript script = readFilmScript(in("script.json"));
    QCOMPARE(script.keys.size(), std::size_t(2));
    QCOMPARE(script.seconds(), 3.5);
    QCOMPARE(script.keys[1].caption, std::string("sharper"));
    QCOMPARE(script.keys[1].document.sides[0].lens.concentration, 4.0f);
    QCOMPARE(script.keys[0].document.sides[0].knobs.corpus, std::string("procedural"));
    keys.findChild<QTableWidget*>()->item(1, 0)->setText("-1");
    QCOMPARE(keys.keys()[1].time, 3.5);  // refused
    QVERIFY(window.controller().perform(setNumber(0, "seed", 9)));
    QVERIFY(becomes([&] { return window.controller().scene().snapshot != nullptr; }));
    QVERIFY(keys.addKeyFrame());
    QVERIFY_EXCEPTION_THROWN(keys.script(), std::runtime_error);  // another model is no part of the film
  }
};

MOESCOPE_TEST(TestRecorder)
#include "test_recorder.moc"
