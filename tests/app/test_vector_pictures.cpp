// SVG and PDF show what the PNG shows, with words that are text; the window copies and saves pictures of its tiles.

#include <QClipboard>
#include <QFile>
#include <QPainter>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <QXmlStreamReader>
#include <set>

#include "app/window/tile_data.h"
#include "app/window/tile_pictures.h"
#include "app/window/vector_picture.h"
#include "app/window/view_picture.h"
#include "tests/app/window_fixture.h"
#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"

using namespace moescope;

namespace {

Offscreen& surface() {
  static Offscreen offscreen;
  return offscreen;
}

const Scene& scene() {
  static const Scene planted = testing::sceneOf(testing::plantedSnapshot(), 0.7f);
  return planted;
}

QByteArray contents(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Share of the squares of 8 pixels whose mean colour is another in the other picture.
double unlike(const QImage& a, const QImage& b) {
  const auto small = [](const QImage& image) {
    return image.convertToFormat(QImage::Format_RGB32).scaled(image.size() / 8, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
  };
  const QImage x = small(a), y = small(b);
  int other = 0;
  for (int row = 0; row < x.height(); ++row)
    for (int column = 0; column < x.width(); ++column) {
      const QRgb p = x.pixel(column, row), q = y.pixel(column, row);
      other += std::max({std::abs(qRed(p) - qRed(q)), std::abs(qGreen(p) - qGreen(q)), std::abs(qBlue(p) - qBlue(q))}) > 20;
    }
  return static_cast<double>(other) / (x.width() * x.height());
}

/// The words of every <text> of an SVG file.
std::multiset<std::string> textsOf(const QByteArray& svg) {
  std::multiset<std::string> words;
  QXmlStreamReader reader(svg);
  while (!reader.atEnd())
    if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QString("text"))
      words.insert(reader.readElementText().trimmed().toStdString());
  return words;
}

/// All letters of all words, in order of their code.
std::string lettersOf(const std::multiset<std::string>& words) {
  std::string letters;
  for (const std::string& each : words) letters += each;
  std::erase(letters, ' ');
  std::sort(letters.begin(), letters.end());
  return letters;
}

}  // namespace

class TestVectorPictures : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void an_svg_looks_like_the_png_and_its_words_are_text() {
    QTemporaryDir folder;
    for (const ViewDeclaration& declaration : viewRegistry()) {
      const QString path = folder.filePath("picture.svg");
      const auto view = declaration.make();
      const PictureOrder order{scene(), {}, 960, 720};
      writeViewPicture(*view, order, surface, path.toStdString());
      QImage vector(960, 720, QImage::Format_RGB32);
      QSvgRenderer renderer(path);
      QVERIFY2(renderer.isValid(), declaration.name.c_str());
      QPainter painter(&vector);
      renderer.render(&painter);
      painter.end();
      const QImage pixels = viewImage(*view, order, surface());
      QVERIFY2(unlike(vector, pixels) < 0.02, (declaration.name + ": " + std::to_string(unlike(vector, pixels))).c_str());
      std::multiset<std::string> shown;
      for (const DrawnText& text : dynamic_cast<FlatView&>(*view).texts()) shown.insert(text.words);
      QCOMPARE(lettersOf(textsOf(contents(path))), lettersOf(shown));  // words with letters of several fonts are several texts
      QVERIFY(contents(path).contains("DejaVu Sans"));
    }
    const auto other = viewRegistry().front().make();
    Scene wrong = scene();
    wrong.lens.concentration = 16.0f;
    testing::showSnapshot(wrong, scene().snapshot);
    QVERIFY(unlike(viewImage(*other, {wrong, {}, 960, 720}, surface()), viewImage(*other, {scene(), {}, 960, 720}, surface())) >
            0.02);
  }

  void a_pdf_is_as_large_as_was_asked_for_and_carries_its_font() {
    QTemporaryDir folder;
    const QString path = folder.filePath("picture.pdf");
    Theme theme;
    theme.pixelRatio = 2.0;
    writeViewPicture(*viewRegistry().front().make(), {scene(), theme, 1600, 1200, "Score polygon"}, surface, path.toStdString());
    const QByteArray pdf = contents(path);
    QVERIFY(pdf.startsWith("%PDF-") && pdf.trimmed().endsWith("%%EOF"));
    QVERIFY2(pdf.contains("/MediaBox [0 0 1200.0") || pdf.contains("/MediaBox [0 0 1200 900]"),
             pdf.mid(pdf.indexOf("/MediaBox"), 60).constData());        // of 1/72 inch
    QVERIFY(pdf.contains("DejaVuSans") && pdf.contains("/ToUnicode"));  // its words can be selected
  }

  void a_transparent_svg_has_no_background_and_a_3d_view_carries_its_scene_as_a_picture() {
    QTemporaryDir folder;
    const QString path = folder.filePath("picture.svg");
    for (const ViewDeclaration& declaration : viewRegistry()) {
      const auto view = declaration.make();
      Theme theme;
      theme.transparent = true;
      writeViewPicture(*view, {scene(), theme, 600, 450}, surface, path.toStdString());
      QImage vector(600, 450, QImage::Format_ARGB32);
      vector.fill(Qt::transparent);
      QSvgRenderer renderer(path);
      QPainter painter(&vector);
      renderer.render(&painter);
      painter.end();
      QVERIFY2(qAlpha(vector.pixel(1, 1)) == 0, declaration.name.c_str());
      QCOMPARE(contents(path).contains("<image"), view->hasCamera());
    }
  }

  void a_tile_gives_its_picture_to_the_clipboard_and_to_files() {
    Controller controller(documentOf(smallKnobs()));
    controller.engine().playUntil(3);
    ViewTile tile(viewRegistry()[1], controller);
    QVERIFY(tile.view().hasCamera());
    tile.resize(420, 320);
    tile.show();
    QVERIFY(QTest::qWaitForWindowExposed(&tile));
    QVERIFY(becomes([&] { return tile.drawn() && tile.drawn()->snapshot; }));
    const QImage before = tile.grabFramebuffer();
    QMenu menu;
    addPictureActions(menu, tile);
    QList<QAction*> actions;
    for (QAction* action : menu.actions())
      if (!action->isSeparator()) actions.append(action);
    QCOMPARE(actions.size(), 2);
    actions.front()->trigger();
    QCOMPARE(QGuiApplication::clipboard()->image().size(), QSize(840, 640));
    QTemporaryDir folder;
    for (const char* name : {"tile.png", "tile.svg", "tile.pdf"}) {
      writePictureOf(tile, true, folder.filePath(name).toStdString());
      QVERIFY2(contents(folder.filePath(name)).size() > 2000, name);
    }
    QVERIFY(QImage(folder.filePath("tile.png")).hasAlphaChannel());
    tile.drawNow();
    QVERIFY(difference(tile.grabFramebuffer(), before) < 0.01);  // the tile draws on as before
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, writePictureOf(tile, false, folder.filePath("none/tile.svg").toStdString()));
    writeDataOf(tile, folder.filePath("tile.csv").toStdString());
    QVERIFY(contents(folder.filePath("tile.csv")).startsWith("what,number,domain,x [drawn units]"));
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, writeDataOf(tile, folder.filePath("tile.txt").toStdString()));
  }
};

MOESCOPE_TEST(TestVectorPictures)
#include "test_vector_pictures.moc"
