// Colours against the contrast that the palette promises, computed here from the guideline's formula.

#include <QTest>
#include <algorithm>
#include <cmath>

#include "tests/support/test_class.h"
#include "views/palette.h"

using namespace moescope;

namespace {

/// (L1 + 0.05) / (L2 + 0.05) of the relative luminances; WCAG 2.2.
double contrast(const Color& a, const Color& b) {
  double luminance[2] = {0.0, 0.0};
  const double weights[3] = {0.2126, 0.7152, 0.0722};
  for (std::size_t i = 0; i < 3; ++i) {
    luminance[0] += weights[i] * (a[i] <= 0.04045 ? a[i] / 12.92 : std::pow((a[i] + 0.055) / 1.055, 2.4));
    luminance[1] += weights[i] * (b[i] <= 0.04045 ? b[i] / 12.92 : std::pow((b[i] + 0.055) / 1.055, 2.4));
  }
  return (std::max(luminance[0], luminance[1]) + 0.05) / (std::min(luminance[0], luminance[1]) + 0.05);
}

}  // namespace

class TestPalette : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void text_and_axes_stand_out_as_promised() {
    for (const bool dark : {true, false}) {
      const Theme theme{dark};
      QVERIFY(contrast(textColor(theme), backgroundColor(theme)) > 7.0);
      QVERIFY(contrast(mutedColor(theme), backgroundColor(theme)) > 4.5);  // captions are words, too
      QVERIFY(contrast(accentColor(theme), backgroundColor(theme)) > 7.0);
    }
  }

  void words_in_an_experts_colour_can_be_read() {
    for (const bool dark : {true, false})
      for (const int experts : {4, 8, 16, 64, 256})
        for (int e = 0; e < experts; ++e) {
          const Theme theme{dark};
          QVERIFY(contrast(inkOf(expertColor(e, experts, theme), theme), backgroundColor(theme)) >= 4.5);
        }
    const Theme light{false};
    QVERIFY(inkOf(Color{0.0, 0.0, 0.5}, light) == (Color{0.0, 0.0, 0.5}));  // what can be read is left as it is
  }

  void contrast_is_the_guidelines() {
    QVERIFY(std::abs(contrastOf({1, 1, 1}, {0, 0, 0}) - 21.0) < 1e-9);
    QVERIFY(std::abs(contrastOf({0.4, 0.2, 0.9}, {1, 1, 1}) - contrast({1, 1, 1}, {0.4, 0.2, 0.9})) < 1e-12);
  }
};

MOESCOPE_TEST(TestPalette)
#include "test_palette.moc"
