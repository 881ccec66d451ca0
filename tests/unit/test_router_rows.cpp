// Similarity of router rows, and of tokens with each other and with the rows that they choose, against direct loops.

#include <QTest>
#include <cmath>
#include <random>

#include "core/geometry/router_rows.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

RowMatrix gaussian(int rows, int columns, unsigned seed) {
  std::mt19937 dice(seed);
  std::normal_distribution<float> normal;
  return RowMatrix::NullaryExpr(rows, columns, [&] { return normal(dice); });
}

double cosine(const RowMatrix& a, Eigen::Index i, const RowMatrix& b, Eigen::Index j) {
  const Eigen::VectorXd x = a.row(i).transpose().cast<double>(), y = b.row(j).transpose().cast<double>();
  return x.dot(y) / (x.norm() * y.norm());
}

}  // namespace

class TestRouterRows : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void a_direction_that_all_rows_share_makes_them_similar_until_it_is_taken_out() {
    RowMatrix rows = gaussian(8, 32, 1);
    const RowSimilarity alone = rowSimilarity(rows);
    rows.rowwise() += 100.0f * Eigen::RowVectorXf::Unit(32, 3);
    const RowSimilarity shared = rowSimilarity(rows);
    QVERIFY(alone.absolute < 0.3 && shared.absolute > 0.99 && shared.cosine > 0.99);
    QVERIFY(std::abs(shared.absoluteCentred - alone.absoluteCentred) < 1e-4);
  }

  void means_are_over_pairs_and_keep_the_sign() {
    const RowMatrix rows = (RowMatrix(3, 2) << 1, 0, -2, 0, 0, 3).finished();  // cosines -1, 0, 0
    QVERIFY(std::abs(rowSimilarity(rows).absolute - 1.0 / 3.0) < 1e-12);
    QVERIFY(std::abs(rowSimilarity(rows).cosine + 1.0 / 3.0) < 1e-12);
    RowMatrix simplex = RowMatrix::Identity(5, 5);
    QVERIFY(std::abs(rowSimilarity(simplex).cosineCentred + 1.0 / 4.0) < 1e-6);  // whatever the rows
    simplex.row(2).setZero();
    QVERIFY(std::abs(rowSimilarity(simplex).absolute) < 1e-12);  // a row of length 0 has no direction
    simplex(1, 1) = NAN;
    QVERIFY(std::isnan(rowSimilarity(simplex).absolute) && std::isnan(rowSimilarity(simplex).cosine));
    QVERIFY(std::isnan(rowSimilarity(RowMatrix::Ones(1, 4)).absolute));
  }

  void tokens_of_one_expert_are_compared_in_pairs() {
    const RowMatrix tokens = gaussian(40, 6, 2);
    RowMatrix gates = RowMatrix::Zero(40, 3);
    for (int t = 0; t < 30; ++t) gates(t, t % 2) = 0.5f;
    gates(35, 2) = 1.0f;  // one token alone has no pair
    double expected = 0.0;
    for (int e = 0; e < 2; ++e) {
      double sum = 0.0;
      int pairs = 0;
      for (int a = e; a < 30; a += 2)
        for (int b = a + 2; b < 30; b += 2, ++pairs) sum += cosine(tokens, a, tokens, b);
      expected += sum / pairs / 2.0;
    }
    QVERIFY(std::abs(sameExpertCosine(tokens, gates) - expected) < 1e-6);
    QVERIFY(std::isnan(sameExpertCosine(tokens, RowMatrix::Zero(40, 3))));
    QVERIFY(std::abs(sameExpertCosine(tokens, gates, 2) - (cosine(tokens, 0, tokens, 14) + cosine(tokens, 1, tokens, 15)) / 2.0) <
            1e-6);
  }

  void projection_energy_is_the_mean_squared_cosine_of_tokens_and_chosen_rows() {
    const RowMatrix tokens = gaussian(50, 9, 3), rows = gaussian(4, 9, 4);
    RowMatrix gates = RowMatrix::Zero(50, 4);
    double sum = 0.0;
    for (int t = 0; t < 50; ++t)
      for (const int e : {t % 4, (t + 1) % 4}) {
        gates(t, e) = 0.5f;
        sum += std::pow(cosine(tokens, t, rows, e), 2) / 100.0;
      }
    QVERIFY(std::abs(projectionEnergy(tokens, gates, rows) - sum) < 1e-6);
    QVERIFY(std::abs(projectionEnergy(rows, RowMatrix::Identity(4, 4), 3.0f * rows) - 1.0) < 1e-6);
    QVERIFY(std::isnan(projectionEnergy(tokens, RowMatrix::Zero(50, 4), rows)));
  }
};

MOESCOPE_TEST(TestRouterRows)
#include "test_router_rows.moc"
