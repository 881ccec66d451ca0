// Bingham draws against the normaliser's gradient; the misrouting bound against exact integrals.

#include <QTest>
#include <Eigen/QR>
#include <cmath>
#include <numbers>
#include <random>

#include "core/geometry/bingham.h"
#include "core/geometry/bingham_sampler.h"
#include "core/geometry/misrouting.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

Eigen::MatrixXd randomFrame(int rows, int columns, std::mt19937_64& dice) {
  std::normal_distribution<double> normal;
  const Eigen::MatrixXd gaussian = Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return normal(dice); });
  return Eigen::HouseholderQR<Eigen::MatrixXd>(gaussian).householderQ() * Eigen::MatrixXd::Identity(rows, columns);
}

}  // namespace

class TestMisrouting : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void draws_have_the_moments_that_the_normaliser_s_gradient_states() {
    std::mt19937_64 dice(3);
    constexpr int draws = 40000;
    for (const auto& [dimension, spectrum] :
         {std::pair{4, Eigen::VectorXd{{3.0, 1.0}}}, std::pair{16, Eigen::VectorXd{{16.0, 12.0, 8.0, 4.0}}},
          std::pair{8, Eigen::VectorXd{{60.0, 40.0}}}, std::pair{6, Eigen::VectorXd{{-5.0}}}}) {
      const int rank = static_cast<int>(spectrum.size());
      const Eigen::MatrixXd frame = randomFrame(dimension, rank, dice);
      const BinghamSampler sampler(frame, spectrum);
      Eigen::MatrixXd squares(draws, rank);
      Eigen::VectorXd sum = Eigen::VectorXd::Zero(dimension);
      for (int i = 0; i < draws; ++i) {
        const Eigen::VectorXd x = sampler.draw(dice);
        QVERIFY(std::abs(x.norm() - 1.0) < 1e-9);
        squares.row(i) = (frame.transpose() * x).cwiseAbs2().transpose();
        sum += x;
      }
      const Eigen::VectorXd expected = binghamNormaliser(spectrum, dimension).gradient;
      for (int j = 0; j < rank; ++j) {
        const double mean = squares.col(j).mean(), error = std::sqrt((squares.col(j).array() - mean).square().mean() / draws);
        QVERIFY2(std::abs(mean - expected[j]) < 4.5 * error,
                 qPrintable(QString("%1 %2 %3").arg(mean).arg(expected[j]).arg(error)));
      }
      QVERIFY((sum / draws).norm() < 4.5 / std::sqrt(static_cast<double>(draws)));  // x and -x are as likely
    }
  }

  void coefficient_of_the_worked_example() {
    BinghamMixture mixture{{Eigen::MatrixXd::Identity(4, 2), Eigen::MatrixXd::Identity(4, 4).rightCols(2)},
                           Eigen::MatrixXd{{3.0, 1.0}, {2.0, 2.0}},
                           Eigen::VectorXd::Constant(2, -std::log(2.0))};
    const auto bound = [&] { return misroutingCurve(mixture, {1.0}, 1).front().bound; };
    QVERIFY(std::abs(bound() - 0.8171356968 / 2.0) < 1e-9);  // of two experts as likely half the coefficient
    mixture.frames[1] = mixture.frames[0];
    mixture.spectra.row(1) = mixture.spectra.row(0);
    QVERIFY(std::abs(bound() - 0.5) < 1e-12);  // of two equal ones it is 1
  }

  /// On the circle both sides are one-dimensional integrals of periodic functions: the trapezoid rule is exact to many digits.
  void bound_is_never_violated_on_100000_random_mixtures() {
    std::mt19937_64 dice(5);
    std::uniform_real_distribution<double> angle(0.0, std::numbers::pi), logSize(-3.0, 2.5);
    std::gamma_distribution<double> gamma(1.0);
    constexpr int points = 64;
    double tightest = 10.0;
    for (int trial = 0; trial < 100000; ++trial) {
      const int experts = 2 + trial % 3;
      double at[4], size[4], phi[4], prior[4], total = 0.0;
      for (int e = 0; e < experts; ++e) {
        at[e] = angle(dice);
        size[e] = std::exp(logSize(dice));
        phi[e] = size[e] / 2.0 + std::log(std::cyl_bessel_i(0.0, size[e] / 2.0));  // closed form on the circle
        total += prior[e] = gamma(dice) + 1e-3;
      }
      double mass = 0.0, coefficient[4][4] = {};
      for (int i = 0; i < points; ++i) {
        double density[4], sum = 0.0;
        for (int e = 0; e < experts; ++e) {
          const double c = std::cos(std::numbers::pi * i / points - at[e]);
          sum += density[e] = prior[e] / total * std::exp(size[e] * c * c - phi[e]);
        }
        for (int e = 0; e < experts; ++e) {
          mass += density[e] * (1.0 - density[e] / sum) / points;
          for (int f = e + 1; f < experts; ++f) coefficient[e][f] += std::sqrt(density[e] * density[f]) / points;
        }
      }
      double bound = 0.0;
      for (int e = 0; e < experts; ++e)
        for (int f = e + 1; f < experts; ++f) bound += coefficient[e][f];
      QVERIFY(mass <= bound + 1e-9);
      tightest = std::min(tightest, bound - mass);
      if (trial % 500 != 0) continue;  // and our closed form is that integral
      BinghamMixture mixture{{}, Eigen::MatrixXd(experts, 1), Eigen::VectorXd(experts)};
      for (int e = 0; e < experts; ++e) {
        mixture.frames.push_back(Eigen::Vector2d(std::cos(at[e]), std::sin(at[e])));
        mixture.spectra(e, 0) = size[e];
        mixture.logPrior[e] = std::log(prior[e] / total);
      }
      const Misrouting found = misroutingCurve(mixture, {1.0}, 4000, static_cast<unsigned>(trial)).front();
      QVERIFY(std::abs(found.bound - bound) < 1e-6);
      QVERIFY(std::abs(found.mass - mass) < 5.0 * found.massDeviation + 1e-6);
    }
    QVERIFY(tightest < 0.05);
  }

  void misrouting_vanishes_with_concentration() {
    std::mt19937_64 dice(7);
    BinghamMixture mixture{{}, Eigen::MatrixXd::Constant(4, 2, 6.0), Eigen::VectorXd::Constant(4, -std::log(4.0))};
    for (int e = 0; e < 4; ++e) mixture.frames.push_back(randomFrame(8, 2, dice));
    const std::vector<Misrouting> curve = misroutingCurve(mixture, {0.5, 2.0, 8.0}, 4000);
    for (const Misrouting& each : curve) {
      QVERIFY(each.mass <= each.bound + 4.0 * each.massDeviation);
      QVERIFY(each.wrong <= each.bound + 4.0 * std::sqrt(0.25 / each.draws));
    }
    QVERIFY(curve[0].mass > curve[1].mass && curve[1].mass > curve[2].mass && curve[2].bound < curve[0].bound);
  }
};

MOESCOPE_TEST(TestMisrouting)
#include "test_misrouting.moc"
