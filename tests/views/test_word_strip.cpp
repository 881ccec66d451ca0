// Strips of words: nothing leaves them, long captions are broken at spaces.

#include <QTest>

#include "tests/support/test_class.h"
#include "views/font_metrics.h"
#include "views/palette.h"
#include "views/word_strip.h"

using namespace moescope;

namespace {

Offscreen& surface() {
  static Offscreen offscreen;
  return offscreen;
}

/// Whether a pixel differs from the background.
bool isInk(const Image& image, int x, int y) {
  const Color background = backgroundColor({});
  for (std::size_t c = 0; c < 3; ++c)
    if (std::abs(
            image.pixels[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(x)) +
                         c] -
            std::lround(255.0 * background[c])) > 8)
      return true;
  return false;
}

int inkIn(const Image& image, int left, int right) {
  int count = 0;
  for (int y = 0; y < image.height; ++y)
    for (int x = left; x < right; ++x) count += isInk(image, x, y) ? 1 : 0;
  return count;
}

}  // namespace

class TestWordStrip : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void words_stand_at_both_ends_and_touch_no_edge() {
    const Image strip = drawWords(surface(), {{"left", "right", 18.0, true, false}}, {}, 600, 40);
    QCOMPARE(strip.width, 600);
    QVERIFY(inkIn(strip, 10, 80) > 50);
    QVERIFY(inkIn(strip, 520, 590) > 50);
    QCOMPARE(inkIn(strip, 120, 480), 0);
    QCOMPARE(inkIn(strip, 0, 8) + inkIn(strip, 592, 600), 0);
  }

  void words_that_do_not_fit_become_smaller_and_stay_inside() {
    const Image strip = drawWords(surface(), {{std::string(60, 'm'), "end", 30.0, false, false}}, {}, 500, 40);
    QVERIFY(inkIn(strip, 20, 400) > 500);
    QVERIFY(inkIn(strip, 460, 490) > 10);
    QCOMPARE(inkIn(strip, 494, 500), 0);
  }

  void captions_are_broken_at_spaces_into_lines_that_fit() {
    const std::string words = "each expert is a subspace and a point on the Grassmannian that moves as it learns";
    const auto lines = wrapped(words, 400.0, 18.0, 9);
    QVERIFY(lines.size() > 1);
    std::string joined;
    for (const std::string& line : lines) {
      QVERIFY(widthOf(line, 18, false) <= 400.0);
      joined += (joined.empty() ? "" : " ") + line;
    }
    QCOMPARE(joined, words);
    QCOMPARE(wrapped(words, 200.0, 18.0, 2).size(), std::size_t(2));  // what is left over is not lost
    QVERIFY(wrapped(words, 200.0, 18.0, 2).back().ends_with("learns"));
  }
};

MOESCOPE_TEST(TestWordStrip)
#include "test_word_strip.moc"
