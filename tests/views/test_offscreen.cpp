// Pictures without a window: exactly the pixels that were asked for, the line above a frame, files whole or not there.

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <filesystem>

#include "core/reading/routing.h"
#include "tests/support/planted_snapshot.h"
#include "tests/support/test_class.h"
#include "views/offscreen.h"
#include "views/palette.h"

using namespace moescope;

namespace {

Scene sceneOf() {
  Scene scene;
  scene.snapshot = testing::plantedSnapshot();
  scene.routing = std::make_shared<const Routing>(evaluate(*scene.snapshot, scene.lens));
  return scene;
}

std::unique_ptr<View> loadBars() {
  for (const ViewDeclaration& view : viewRegistry())
    if (view.name == "load_bars") return view.make();
  return nullptr;
}

/// One for all tests: with every new one X servers may reset in between.
Offscreen& surface() {
  static Offscreen offscreen;
  return offscreen;
}

/// Rows of pixels from `first` up to below `end`, counted from the picture's lower edge.
std::vector<std::uint8_t> rows(const Image& image, int first, int end) {
  const auto row = static_cast<std::ptrdiff_t>(3 * image.width);
  return {image.pixels.begin() + first * row, image.pixels.begin() + end * row};
}

/// The highest row in which two pictures of one size differ; -1: they are the same.
int highestDifference(const Image& a, const Image& b) {
  for (int y = a.height - 1; y >= 0; --y)
    if (rows(a, y, y + 1) != rows(b, y, y + 1)) return y;
  return -1;
}
int lowestDifference(const Image& a, const Image& b) {
  for (int y = 0; y < a.height; ++y)
    if (rows(a, y, y + 1) != rows(b, y, y + 1)) return y;
  return -1;
}

}  // namespace

class TestOffscreen : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void pictures_have_the_pixels_that_were_asked_for() {
    Offscreen& offscreen = surface();
    const auto view = loadBars();
    for (const auto& [width, height] : {std::pair{64, 64}, {1201, 899}, {2500, 1300}}) {  // the last is larger than the display
      const Image image = offscreen.render(*view, sceneOf(), {}, width, height);
      QCOMPARE(image.width, width);
      QCOMPARE(image.height, height);
      QCOMPARE(image.pixels.size(), std::size_t(3) * std::size_t(width) * std::size_t(height));
    }
  }

  void a_title_line_stands_above_the_view_and_the_view_is_whole_below() {
    Offscreen& offscreen = surface();
    const auto view = loadBars();
    const Scene scene = sceneOf();
    const Image one = offscreen.render(*view, scene, {}, 800, 600, "router topk, seed 1");
    const Image two = offscreen.render(*view, scene, {}, 800, 600, "router grmoe, seed 2");
    QCOMPARE(one.height, 600);
    const int lowest = lowestDifference(one, two);
    QVERIFY2(lowest > 540 && highestDifference(one, two) < 600, std::to_string(lowest).c_str());  // nothing but the line differs
    int line = 0;  // its height: the view below is what it is at that size
    for (int height = lowest; height > 500 && line == 0; --height)
      if (offscreen.render(*view, scene, {}, 800, height).pixels == rows(one, 0, height)) line = 600 - height;
    QVERIFY2(line > 15 && line < 60, std::to_string(line).c_str());
    const Image plain = offscreen.render(*view, scene, {}, 800, 600);  // and the next picture has none
    QVERIFY(rows(plain, 560, 600) != rows(one, 560, 600));
    QVERIFY(rows(plain, 0, 400) != rows(one, 0, 400));
  }

  void a_long_title_is_written_whole() {
    Offscreen& offscreen = surface();
    const auto view = loadBars();
    const std::string words(32, 'm');
    const Image whole = offscreen.render(*view, sceneOf(), {}, 600, 400, words + "i"),
                other = offscreen.render(*view, sceneOf(), {}, 600, 400, words + "l");
    QVERIFY(highestDifference(whole, other) >= 0);  // its last letter can be seen
    const Color background = backgroundColor({});
    for (int y = 370; y < 400; ++y)  // and does not touch the edge
      for (int c = 0; c < 3; ++c)
        QVERIFY(std::abs(whole.pixels[static_cast<std::size_t>(3 * (y * 600 + 599) + c)] -
                         std::lround(255 * background[static_cast<std::size_t>(c)])) <= 2);
  }

  void a_picture_that_cannot_be_written_is_named_and_leaves_nothing() {
    QTemporaryDir folder;
    const std::string inside = folder.path().toStdString();
    const Image image{2, 1, {255, 0, 0, 0, 0, 255}};
    writePng(image, inside + "/good.png");
    QVERIFY(std::filesystem::file_size(inside + "/good.png") > 40);
    std::filesystem::create_directory(inside + "/taken.png");
    for (const std::string& path : {inside + "/none/x.png", inside + "/taken.png"}) {
      try {
        writePng(image, path);
        QFAIL("nothing was thrown");
      } catch (const std::runtime_error& error) {
        QVERIFY2(std::string(error.what()).starts_with(path), error.what());
        QVERIFY(std::string(error.what()).find('\n') == std::string::npos);
      }
    }
    const auto left = std::distance(std::filesystem::directory_iterator(inside), std::filesystem::directory_iterator());
    QCOMPARE(left, std::ptrdiff_t(2));  // good.png and taken.png
  }
};

MOESCOPE_TEST(TestOffscreen)
#include "test_offscreen.moc"
