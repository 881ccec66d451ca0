// Colours against what the palette promises: contrast by the guideline's formula, and distances as people with each of the three
// colour blindnesses see them, both computed here.

#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "tests/support/test_class.h"
#include "views/domain_groups.h"
#include "views/palette.h"

using namespace moescope;

namespace {

using Matrix = std::array<std::array<double, 3>, 3>;

// Machado, Oliveira and Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency", severity 1.0,
// on linear sRGB.
constexpr Matrix kNormal = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix kProtanopia = {
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeuteranopia = {
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritanopia = {
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};
// IEC 61966-2-1: linear sRGB to CIE XYZ, white D65.
constexpr Matrix kToXyz = {
    {{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}}};

Color linear(const Color& color) {
  Color result;
  for (std::size_t i = 0; i < 3; ++i)
    result[i] = color[i] <= 0.04045 ? color[i] / 12.92 : std::pow((color[i] + 0.055) / 1.055, 2.4);
  return result;
}

Color times(const Matrix& matrix, const Color& color) {
  Color result{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) result[i] += matrix[i][j] * color[j];
  return result;
}

/// CIE 1976 L*a*b* of a colour as it is seen.
Color labOf(const Color& color, const Matrix& seen) {
  Color light = times(seen, linear(color));
  for (double& channel : light) channel = std::clamp(channel, 0.0, 1.0);
  Color xyz = times(kToXyz, light);
  const Color white{0.95047, 1.0, 1.08883};
  for (std::size_t i = 0; i < 3; ++i) {
    const double share = xyz[i] / white[i];
    xyz[i] = share > 216.0 / 24389.0 ? std::cbrt(share) : share * 841.0 / 108.0 + 4.0 / 29.0;
  }
  return {116.0 * xyz[1] - 16.0, 500.0 * (xyz[0] - xyz[1]), 200.0 * (xyz[1] - xyz[2])};
}

/// CIE 1976 colour difference.
double apart(const Color& a, const Color& b, const Matrix& seen) {
  const Color one = labOf(a, seen), other = labOf(b, seen);
  return std::hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

/// CIEDE2000 colour difference of L*a*b* (Sharma, Wu and Dalal 2005), which small marks go by.
double difference2000(const Color& one, const Color& other) {
  constexpr double degree = 3.14159265358979323846 / 180.0, far = 6103515625.0;  // far: 25^7
  const double mean = (std::hypot(one[1], one[2]) + std::hypot(other[1], other[2])) / 2.0,
               stretch = 1.5 - 0.5 * std::sqrt(std::pow(mean, 7.0) / (std::pow(mean, 7.0) + far));
  const auto hueOf = [&](const Color& lab) { return std::fmod(std::atan2(lab[2], stretch * lab[1]) / degree + 360.0, 360.0); };
  const double c1 = std::hypot(stretch * one[1], one[2]), c2 = std::hypot(stretch * other[1], other[2]);
  const double h1 = hueOf(one), h2 = hueOf(other), turn = c1 * c2 == 0.0 ? 0.0 : std::remainder(h2 - h1, 360.0);
  const double lightness = other[0] - one[0], chroma = c2 - c1, hue = 2.0 * std::sqrt(c1 * c2) * std::sin(turn / 2.0 * degree);
  const double l = (one[0] + other[0]) / 2.0, c = (c1 + c2) / 2.0, h = h1 + turn / 2.0;
  const double t = 1.0 - 0.17 * std::cos((h - 30.0) * degree) + 0.24 * std::cos(2.0 * h * degree) +
                   0.32 * std::cos((3.0 * h + 6.0) * degree) - 0.20 * std::cos((4.0 * h - 63.0) * degree);
  const double away = (std::fmod(h + 360.0, 360.0) - 275.0) / 25.0;
  const double crossed = -2.0 * std::sqrt(std::pow(c, 7.0) / (std::pow(c, 7.0) + far)) *
                         std::sin(60.0 * std::exp(-away * away) * degree);
  const double square = (l - 50.0) * (l - 50.0), sl = 1.0 + 0.015 * square / std::sqrt(20.0 + square), sc = 1.0 + 0.045 * c,
               sh = 1.0 + 0.015 * c * t;
  return std::sqrt(lightness * lightness / (sl * sl) + chroma * chroma / (sc * sc) + hue * hue / (sh * sh) +
                   crossed * chroma / sc * hue / sh);
}

/// (L1 + 0.05) / (L2 + 0.05) of the relative luminances; WCAG 2.2.
double contrast(const Color& a, const Color& b) {
  const auto luminance = [](const Color& color) {
    const Color light = linear(color);
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
  };
  const auto [darker, brighter] = std::minmax({luminance(a), luminance(b)});
  return (brighter + 0.05) / (darker + 0.05);
}

Probe probeOf(const std::vector<int>& tokensOfDomain) {
  Probe probe;
  for (std::size_t d = 0; d < tokensOfDomain.size(); ++d) {
    probe.domainNames.push_back("domain " + std::to_string(d));
    probe.domain.insert(probe.domain.end(), static_cast<std::size_t>(tokensOfDomain[d]), static_cast<int>(d));
  }
  return probe;
}

}  // namespace

class TestPalette : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void the_measure_of_distance_is_the_commissions() {
    const Color red = labOf({1, 0, 0}, kNormal);  // CIE L*a*b* of sRGB red, D65
    QVERIFY(std::abs(red[0] - 53.24) < 0.02 && std::abs(red[1] - 80.09) < 0.02 && std::abs(red[2] - 67.20) < 0.02);
    // Okabe and Ito's green beside a grey of 150, which this palette had: alike without green cones.
    QVERIFY(apart({0.0, 158 / 255.0, 115 / 255.0}, {150 / 255.0, 150 / 255.0, 150 / 255.0}, kDeuteranopia) < 12.0);
  }

  void the_first_eight_experts_stay_apart_for_every_eye() {
    for (const bool dark : {true, false})
      for (const Matrix* seen : {&kNormal, &kProtanopia, &kDeuteranopia, &kTritanopia})
        for (int a = 0; a < 8; ++a)
          for (int b = 0; b < a; ++b) {
            const double distance = apart(expertColor(a, {dark}), expertColor(b, {dark}), *seen);
            QVERIFY2(distance > 20.0, qPrintable(QString("E%1 and E%2 are %3 apart").arg(a).arg(b).arg(distance)));
          }
  }

  void the_later_measure_is_the_commissions_too() {  // pairs 1, 7, 9 and 25 of Sharma, Wu and Dalal
    const auto found = [](const Color& a, const Color& b, double wanted) {
      return std::abs(difference2000(a, b) - wanted) < 1e-4;
    };
    QVERIFY(found({50.0, 2.6772, -79.7751}, {50.0, 0.0, -82.7485}, 2.0425));
    QVERIFY(found({50.0, 0.0, 0.0}, {50.0, -1.0, 2.0}, 2.3669));
    QVERIFY(found({50.0, 2.49, -0.001}, {50.0, -2.49, 0.0009}, 7.1792));
    QVERIFY(found({60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644));
  }

  void small_dots_of_the_first_eight_are_told_apart() {
    for (const bool dark : {true, false})
      for (const Matrix* seen : {&kNormal, &kProtanopia, &kDeuteranopia, &kTritanopia})
        for (int a = 0; a < 8; ++a)
          for (int b = 0; b < a; ++b) {
            const double distance = difference2000(labOf(expertColor(a, {dark}), *seen), labOf(expertColor(b, {dark}), *seen));
            QVERIFY2(distance > (seen == &kNormal ? 20.0 : 11.5),
                     qPrintable(QString("E%1 and E%2 are %3 apart").arg(a).arg(b).arg(distance)));
          }
  }

  void experts_stand_out_from_the_background() {
    for (const bool dark : {true, false})
      for (int e = 0; e < 8; ++e) QVERIFY(contrast(expertColor(e, {dark}), backgroundColor({dark})) >= 3.0);  // WCAG 2.2, 1.4.11
  }

  void beyond_eight_a_mark_tells_what_the_colour_does_not() {
    for (const bool dark : {true, false})
      for (int a = 0; a < 32; ++a)
        for (int b = 0; b < a; ++b) {
          QVERIFY(expertColor(a, {dark}) != expertColor(b, {dark}) || expertMark(a) != expertMark(b));
          QVERIFY(domainColor(a, {dark}) != domainColor(b, {dark}) || domainMark(a) != domainMark(b));
        }
  }

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
      for (int e = 0; e < 8; ++e) {
        const Theme theme{dark};
        QVERIFY(contrast(inkOf(expertColor(e, theme), theme), backgroundColor(theme)) >= 4.5);
      }
    const Theme light{false};
    QVERIFY(inkOf(Color{0.0, 0.0, 0.5}, light) == (Color{0.0, 0.0, 0.5}));  // what can be read is left as it is
  }

  void words_on_any_colour_can_be_read() {
    for (int red = 0; red <= 16; ++red)
      for (int green = 0; green <= 16; ++green)
        for (int blue = 0; blue <= 16; ++blue) {
          const Color patch{red / 16.0, green / 16.0, blue / 16.0};
          QVERIFY(contrast(inkOn(patch), patch) >= 4.5);
        }
  }

  void contrast_is_the_guidelines() {
    QVERIFY(std::abs(contrastOf({1, 1, 1}, {0, 0, 0}) - 21.0) < 1e-9);
    QVERIFY(std::abs(contrastOf({0.4, 0.2, 0.9}, {1, 1, 1}) - contrast({1, 1, 1}, {0.4, 0.2, 0.9})) < 1e-12);
  }

  void up_to_twelve_domains_stand_alone_and_of_more_the_smallest_together() {
    const DomainGroups alone = groupDomains(probeOf({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}), {3});
    QCOMPARE(alone.names.size(), std::size_t{12});
    QCOMPARE(alone.others(), -1);
    const DomainGroups grouped = groupDomains(probeOf({5, 1, 9, 2, 8, 7, 6, 3, 5, 5, 5, 5, 5, 5, 4}), {});
    QCOMPARE(grouped.names.size(), std::size_t{12});
    QCOMPARE(grouped.others(), 11);
    QCOMPARE(grouped.names.back(), std::string("4 others"));
    QCOMPARE(grouped.domains.back(), (std::vector<int>{1, 3, 7, 14}));
    for (int d = 0; d < 15; ++d) {
      const std::vector<int>& group = grouped.domains[static_cast<std::size_t>(grouped.of[static_cast<std::size_t>(d)])];
      QVERIFY(std::find(group.begin(), group.end(), d) != group.end());
    }
    QCOMPARE(grouped.names[1], std::string("domain 2"));
  }

  void a_domain_that_was_found_stands_alone_and_the_others_keep_their_colours() {
    const Probe probe = probeOf({5, 1, 9, 2, 8, 7, 6, 3, 5, 5, 5, 5, 5, 5, 4});
    const DomainGroups before = groupDomains(probe, {}), found = groupDomains(probe, {14});
    QCOMPARE(found.names.size(), std::size_t{12});
    QCOMPARE(found.domains[10], std::vector<int>{14});
    QCOMPARE(found.names[10], std::string("domain 14"));
    QCOMPARE(found.domains.back(), (std::vector<int>{1, 3, 7, 13}));
    for (int g = 0; g < 10; ++g)
      QCOMPARE(found.domains[static_cast<std::size_t>(g)], before.domains[static_cast<std::size_t>(g)]);
    const DomainGroups two = groupDomains(probe, {1, 13});  // one that stood alone stays where it was
    QCOMPARE(two.of[13], 10);
    QCOMPARE(two.of[1], 9);
    std::vector<int> all(15);
    std::iota(all.begin(), all.end(), 0);
    const DomainGroups every = groupDomains(probe, all);
    QCOMPARE(every.others(), 11);
    QCOMPARE(every.domains.back().size(), std::size_t{4});
  }
};

MOESCOPE_TEST(TestPalette)
#include "test_palette.moc"
