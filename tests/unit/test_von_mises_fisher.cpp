// The normaliser against closed forms and finite differences.

#include <QTest>
#include <cmath>

#include "core/geometry/von_mises_fisher.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestVonMisesFisher : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void closed_form_in_three_dimensions() {
    for (const double kappa : {1e-3, 0.1, 1.0, 5.0, 40.0, 300.0, 9000.0}) {
      const VonMisesFisherNormaliser n = vonMisesFisherNormaliser(kappa, 3);
      const double expected = kappa > 20.0 ? kappa - std::log(2.0 * kappa) : std::log(std::sinh(kappa) / kappa);
      QVERIFY2(std::abs(n.logValue - expected) <= 1e-12 * std::max(1.0, expected), qPrintable(QString::number(kappa)));
      const double mean = kappa < 0.01 ? kappa / 3.0 : 1.0 / std::tanh(kappa) - 1.0 / kappa;
      QVERIFY2(std::abs(n.derivative - mean) < 1e-7 * mean + 1e-9, qPrintable(QString::number(kappa)));
    }
  }
  void bessel_functions_on_the_circle() {
    for (const double kappa : {0.5, 2.0, 10.0}) {
      const VonMisesFisherNormaliser n = vonMisesFisherNormaliser(kappa, 2);
      QVERIFY(std::abs(n.logValue - std::log(std::cyl_bessel_i(0.0, kappa))) < 1e-12);
      QVERIFY(std::abs(n.derivative - std::cyl_bessel_i(1.0, kappa) / std::cyl_bessel_i(0.0, kappa)) < 1e-12);
    }
  }
  void derivative_agrees_with_differences_in_high_dimension() {
    for (const int dimension : {16, 64, 256})
      for (const double kappa : {1.0, 20.0, 100.0}) {
        const double h = 1e-5 * kappa;
        const double slope =
            (vonMisesFisherNormaliser(kappa + h, dimension).logValue - vonMisesFisherNormaliser(kappa - h, dimension).logValue) /
            (2 * h);
        QVERIFY(std::abs(slope / vonMisesFisherNormaliser(kappa, dimension).derivative - 1.0) < 1e-7);
      }
  }
  void bad_arguments_are_refused() {
    QCOMPARE(vonMisesFisherNormaliser(0.0, 8).logValue, 0.0);
    QVERIFY_EXCEPTION_THROWN(vonMisesFisherNormaliser(-1.0, 8), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(vonMisesFisherNormaliser(NAN, 8), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(vonMisesFisherNormaliser(1.0, 1), std::invalid_argument);
  }
};

MOESCOPE_TEST(TestVonMisesFisher)
#include "test_von_mises_fisher.moc"
