#include <QFile>
#include <QTest>
#include <cmath>
#include <random>

#include "core/geometry/bingham.h"
#include "tests/support/test_class.h"

using moescope::binghamErrorEstimate;
using moescope::binghamNormaliser;
using moescope::binghamSaddlepoint;

namespace {

struct Reference {
  QString id;
  int dimension = 0;
  Eigen::VectorXd eigenvalues, gradient;
  double logValue = 0.0;
};

Eigen::VectorXd parseList(const QString& field) {
  const QStringList parts = field.split(';', Qt::SkipEmptyParts);
  Eigen::VectorXd values(parts.size());
  for (int i = 0; i < parts.size(); ++i) values[i] = parts[i].toDouble();
  return values;
}

/// The k = 1 rows of the table computed with 40 digits by two independent methods.
std::vector<Reference> vectorReferences() {
  QFile file(QStringLiteral(MOESCOPE_TEST_DATA "/bingham_reference.csv"));
  std::vector<Reference> rows;
  if (!file.open(QIODevice::ReadOnly)) return rows;
  file.readLine();
  while (!file.atEnd()) {
    const QStringList field = QString::fromUtf8(file.readLine()).split(',');
    if (field.size() < 7 || field[1] != "1") continue;
    rows.push_back({field[0], field[2].toInt(), parseList(field[3]), parseList(field[6]), field[5].toDouble()});
  }
  return rows;
}

}  // namespace

class TestBingham : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void series_matches_the_reference_table() {
    const auto rows = vectorReferences();
    QCOMPARE(static_cast<int>(rows.size()), 29);
    for (const Reference& row : rows) {
      const auto result = binghamNormaliser(row.eigenvalues, row.dimension);
      const double error = std::abs(result.logValue - row.logValue) / std::max(1.0, std::abs(row.logValue));
      QVERIFY2(error < 1e-12, qPrintable(row.id));
      QCOMPARE(result.gradient.size(), row.gradient.size());
      if (row.gradient.size() > 0)
        QVERIFY2((result.gradient - row.gradient).cwiseAbs().maxCoeff() < 1e-11, qPrintable(row.id));
    }
  }

  void error_estimate_is_measured_and_of_the_true_size() {
    double least = 1.0, largest = 0.0;
    for (const Reference& row : vectorReferences()) {
      const double value = binghamNormaliser(row.eigenvalues, row.dimension).logValue,
                   estimate = binghamErrorEstimate(row.eigenvalues, row.dimension);
      if (value == 0.0) {
        QVERIFY(std::isnan(estimate));
        continue;
      }
      const double error = std::abs(value - row.logValue) / std::abs(value);
      QVERIFY2(error < 10.0 * estimate + 4e-16 && estimate < 1e-12,
               qPrintable(row.id + QString(": %1, estimated %2").arg(error).arg(estimate)));
      least = std::min(least, estimate);
      largest = std::max(largest, estimate);
    }
    QVERIFY(largest > 10.0 * least);  // no constant
  }

  void saddlepoint_stays_within_its_stated_error() {
    for (const Reference& row : vectorReferences())
      QVERIFY2(std::abs(binghamSaddlepoint(row.eigenvalues, row.dimension) - row.logValue) < 0.10, qPrintable(row.id));
  }

  void gradient_matches_finite_differences_and_sums_to_one() {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> eigenvalue(-20.0, 40.0);
    for (int trial = 0; trial < 50; ++trial) {
      Eigen::VectorXd lambda = Eigen::VectorXd::NullaryExpr(4, [&] { return eigenvalue(random); });
      const int dimension = 4 + trial % 20;
      const auto result = binghamNormaliser(lambda, dimension);
      QVERIFY(std::abs(result.gradient.sum() + (dimension - 4) * result.gradientOfZero - 1.0) < 1e-12);
      for (int j = 0; j < 4; ++j) {
        Eigen::VectorXd up = lambda, down = lambda;
        up[j] += 1e-4;
        down[j] -= 1e-4;
        const double slope = (binghamNormaliser(up, dimension).logValue - binghamNormaliser(down, dimension).logValue) / 2e-4;
        QVERIFY(std::abs(slope - result.gradient[j]) < 1e-7);
      }
    }
  }

  void series_is_exact_up_to_the_largest_range_it_accepts() {
    // log 1F1(1/2; 8; lambda) with 40 digits (mpmath)
    for (const auto& [lambda, value] :
         {std::pair{3000.0, 2947.9062915401169}, {15000.0, 14935.834505392543}, {19999.0, 19932.677202335077}})
      QVERIFY(std::abs(binghamNormaliser(Eigen::VectorXd::Constant(1, lambda), 16).logValue - value) < 1e-14 * value);
  }

  void shifting_every_eigenvalue_adds_the_shift() {
    const Eigen::Vector3d lambda(5.0, 2.0, -1.0);
    const Eigen::Vector3d shifted = lambda.array() + 7.5;
    QVERIFY(std::abs(binghamNormaliser(shifted, 3).logValue - binghamNormaliser(lambda, 3).logValue - 7.5) < 1e-12);
  }

  void impossible_input_is_refused() {
    QVERIFY_EXCEPTION_THROWN(binghamNormaliser(Eigen::Vector3d(1, 2, 3), 2), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(binghamNormaliser(Eigen::Vector3d(1, std::nan(""), 3), 3), std::invalid_argument);
    QVERIFY_EXCEPTION_THROWN(binghamNormaliser(Eigen::VectorXd::Constant(1, 1e9), 3), std::invalid_argument);
  }
};

MOESCOPE_TEST(TestBingham)
#include "test_bingham.moc"
