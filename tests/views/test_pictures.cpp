// Pictures for print and film: the same picture at every number of pixels, on any background, and as shapes and words.

#include <QTest>
#include <algorithm>
#include <cmath>
#include <set>

#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"
#include "views/offscreen.h"

using namespace moescope;

namespace {

/// One for all tests: with every new one X servers may reset in between.
Offscreen& surface() {
  static Offscreen offscreen;
  return offscreen;
}

const Scene& scene() {
  static const Scene planted = testing::sceneOf(testing::plantedSnapshot(), 0.7f);
  return planted;
}

Image drawn(const ViewDeclaration& declaration, int width, int height, double ratio, bool dark = true, bool transparent = false) {
  Theme theme;
  theme.dark = dark;
  theme.transparent = transparent;
  theme.pixelRatio = ratio;
  return surface().render(*declaration.make(), scene(), theme, width, height);
}

/// Mean colour of each of the squares of `side` pixels that fill the picture.
std::vector<Color> squaresOf(const Image& image, int side) {
  std::vector<Color> squares;
  for (int top = 0; top + side <= image.height; top += side)
    for (int left = 0; left + side <= image.width; left += side) {
      Color sum{};
      for (int y = top; y < top + side; ++y)
        for (int x = left; x < left + side; ++x)
          for (std::size_t c = 0; c < 3; ++c)
            sum[c] += image.pixels[static_cast<std::size_t>(image.channels * (y * image.width + x)) + c];
      for (double& channel : sum) channel /= side * side;
      squares.push_back(sum);
    }
  return squares;
}

/// Share of squares of 8 pixels of the smaller picture whose mean colour is another in the larger one.
double unlike(const Image& smaller, const Image& larger) {
  const std::vector<Color> a = squaresOf(smaller, 8), b = squaresOf(larger, 8 * larger.width / smaller.width);
  if (a.size() != b.size()) return 1.0;
  std::size_t other = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    double most = 0.0;
    for (std::size_t c = 0; c < 3; ++c) most = std::max(most, std::abs(a[i][c] - b[i][c]));
    other += most > 10.0;
  }
  return static_cast<double>(other) / static_cast<double>(a.size());
}

/// Lines of a thickness, and nothing else.
class Lines : public FlatView {
 public:
  explicit Lines(double thickness) : thickness_(thickness) {}

 protected:
  std::string title() const override { return "Lines"; }
  void draw(const Scene&) override {
    canvas().line({20, 30}, {280, 30}, textColor(theme()), thickness_);
    canvas().line({20, 50}, {280, 190}, textColor(theme()), thickness_);
    canvas().dashedLine({20, 40}, {280, 180}, textColor(theme()), thickness_);
    canvas().ring({150, 100}, 40.0, textColor(theme()), thickness_);
  }

 private:
  double thickness_;
};

/// Mean difference of the pixels from the background, over all channels.
double ink(const Image& image) {
  const Color background = backgroundColor({});
  double sum = 0.0;
  for (std::size_t i = 0; i < image.pixels.size(); ++i) sum += std::abs(image.pixels[i] - 255.0 * background[i % 3]);
  return sum / static_cast<double>(image.pixels.size());
}

}  // namespace

class TestPictures : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void a_picture_of_more_pixels_looks_the_same_and_one_that_did_not_grow_does_not() {
    for (const ViewDeclaration& declaration : viewRegistry()) {
      const Image plain = drawn(declaration, 960, 540, 1.0), sharp = drawn(declaration, 1920, 1080, 2.0),
                  small = drawn(declaration, 1920, 1080, 1.0);
      const double right = unlike(plain, sharp), wrong = unlike(plain, small);
      // Letters stand on whole pixels, so that few squares of words are another.
      QVERIFY2(right < 0.08 && wrong > 1.5 * right,
               (declaration.name + ": " + std::to_string(right) + ", where text did not grow " + std::to_string(wrong)).c_str());
      QVERIFY2(std::abs(ink(sharp) / ink(plain) - 1.0) < 0.09,
               (declaration.name + ": " + std::to_string(ink(sharp) / ink(plain))).c_str());
    }
  }

  void a_3840_wide_picture_shows_what_a_1920_wide_one_shows() {
    for (const char* name : {"training_metrics", "expert_subspaces"}) {
      const auto declaration = std::find_if(viewRegistry().begin(), viewRegistry().end(),
                                            [&](const ViewDeclaration& each) { return each.name == name; });
      const Image hd = drawn(*declaration, 1920, 1080, pictureRatio(1920, 1080)),
                  uhd = drawn(*declaration, 3840, 2160, pictureRatio(3840, 2160));
      QVERIFY2(unlike(hd, uhd) < 0.04, (std::string(name) + ": " + std::to_string(unlike(hd, uhd))).c_str());
      QVERIFY2(unlike(hd, drawn(*declaration, 3840, 2160, pictureRatio(1920, 1080))) > 0.04, name);
    }
  }

  void lines_grow_with_the_picture() {
    const auto inkOf = [](int times, double thickness) {
      Lines view(thickness);
      Theme theme;
      theme.pixelRatio = times;
      return ink(surface().render(view, scene(), theme, 300 * times, 200 * times));
    };
    const double plain = inkOf(1, 2.0);
    for (const int times : {2, 4}) {
      QVERIFY2(std::abs(inkOf(times, 2.0) / plain - 1.0) < 0.03, std::to_string(inkOf(times, 2.0) / plain).c_str());
      QVERIFY(inkOf(times, 2.0 / times) / plain < 0.7);  // as thin as if they had not grown
    }
  }

  void a_transparent_picture_laid_on_the_background_is_the_picture_with_it() {
    for (const ViewDeclaration& declaration : viewRegistry())
      for (const bool dark : {true, false}) {
        const Image opaque = drawn(declaration, 700, 600, 1.0, dark), clear = drawn(declaration, 700, 600, 1.0, dark, true);
        QCOMPARE(clear.channels, 4);
        const Color background = backgroundColor({dark});
        int most = 0;
        bool nothing = false, full = false;
        for (std::size_t i = 0; i < 700u * 600u; ++i) {
          const double opacity = clear.pixels[4 * i + 3] / 255.0;
          nothing |= opacity == 0.0;
          full |= opacity == 1.0;
          for (std::size_t c = 0; c < 3; ++c)
            most = std::max(most, std::abs(static_cast<int>(std::lround(opacity * clear.pixels[4 * i + c] +
                                                                        (1.0 - opacity) * 255.0 * background[c])) -
                                           opaque.pixels[3 * i + c]));
        }
        QVERIFY2(most <= 4 && nothing && full,
                 (declaration.name + (dark ? ", dark: " : ", light: ") + std::to_string(most)).c_str());
      }
  }

  void a_vector_drawing_has_every_word_of_the_picture_and_no_shape_without_a_place() {
    for (const ViewDeclaration& declaration : viewRegistry()) {
      const auto view = declaration.make();
      const VectorDrawing drawing = drawingOf(*view, scene(), {}, 900, 700);
      QCOMPARE(drawing.width, 900.0);
      QCOMPARE(drawing.height, 700.0);
      QVERIFY2(!drawing.shapes.empty(), declaration.name.c_str());
      for (const DrawnShape& shape : drawing.shapes)
        for (const Point& point : shape.points)
          QVERIFY2(std::isfinite(point.x) && std::isfinite(point.y), declaration.name.c_str());
      surface().render(*view, scene(), {}, 900, 700);
      std::multiset<std::string> words, shown;
      for (const DrawnText& text : drawing.texts) words.insert(text.words);
      for (const DrawnText& text : dynamic_cast<FlatView&>(*view).texts()) shown.insert(text.words);
      QVERIFY2(words == shown && words.size() > 3, declaration.name.c_str());
    }
  }
};

MOESCOPE_TEST(TestPictures)
#include "test_pictures.moc"
