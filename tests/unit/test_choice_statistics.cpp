// Shares, lifts and loads of choices that were counted by hand, and of random ones counted one by one.

#include <QTest>
#include <cmath>
#include <random>

#include "core/reading/choice_statistics.h"
#include "core/reading/routing_by_layer.h"
#include "tests/support/planted_snapshot.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// T x N gates with k random experts each.
RowMatrix randomGates(int tokens, int experts, int chosen, unsigned seed) {
  std::mt19937 dice(seed);
  RowMatrix gates = RowMatrix::Zero(tokens, experts);
  for (int t = 0; t < tokens; ++t)
    for (int left = chosen; left > 0;)
      if (float& gate = gates(t, static_cast<int>(dice() % static_cast<unsigned>(experts))); gate == 0.0f) gate = 0.25f, --left;
  return gates;
}

}  // namespace

class TestChoiceStatistics : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void four_tokens_of_three_experts_are_counted() {
    RowMatrix gates(4, 3);
    gates << 0.5f, 0.5f, 0.0f,  //
        0.9f, 0.1f, 0.0f,       //
        0.3f, 0.0f, 0.7f,       //
        0.0f, 0.5f, 0.5f;
    const JointChoices together = chosenTogether(gates);
    QCOMPARE(together.share(0, 1), 0.5);
    QCOMPARE(together.share(0, 2), 0.25);
    QCOMPARE(together.share(1, 2), 0.25);
    QCOMPARE(together.first[0], 0.75);
    QCOMPARE(together.first[2], 0.5);
    const Eigen::MatrixXd lift = together.lift(true);
    QVERIFY(std::abs(lift(0, 1) - std::log2(0.5 / (0.75 * 0.75))) < 1e-12);
    QVERIFY(std::isnan(lift(1, 1)));
  }

  void layers_that_choose_alike_have_the_lift_of_certainty() {
    const RowMatrix first = randomGates(3000, 6, 1, 1);
    RowMatrix second = RowMatrix::Zero(3000, 6);
    for (int e = 0; e < 6; ++e) second.col((e + 2) % 6) = first.col(e);  // the next layer's expert is always two further on
    const JointChoices onwards = chosenAfter(first, second);
    const Eigen::MatrixXd lift = onwards.lift(false);
    for (int a = 0; a < 6; ++a) {
      QVERIFY(std::abs(lift(a, (a + 2) % 6) + std::log2(onwards.first[a])) < 1e-9);  // P(b | a) = 1: log2 1 / P(b)
      QVERIFY(std::isinf(lift(a, (a + 1) % 6)) && lift(a, (a + 1) % 6) < 0.0);
    }
  }

  void choices_without_gates_count_the_same() {
    const RowMatrix first = randomGates(500, 7, 3, 11), second = randomGates(500, 5, 2, 12);
    const JointChoices dense = chosenAfter(first, second), sparse = chosenAfter(chosenExperts(first), chosenExperts(second));
    QVERIFY((dense.share - sparse.share).cwiseAbs().maxCoeff() < 1e-12 &&
            (dense.first - sparse.first).cwiseAbs().maxCoeff() < 1e-12 &&
            (dense.second - sparse.second).cwiseAbs().maxCoeff() < 1e-12);
    RowMatrix unknown = first;
    unknown(3, 2) = NAN;
    QCOMPARE(chosenExperts(unknown).tokens(), std::int64_t(0));
    QVERIFY(chosenAfter(chosenExperts(unknown), chosenExperts(second)).share.array().isNaN().all());
  }

  void an_expert_that_settles_the_next_layer_tells_all_of_it_and_an_independent_one_what_chance_tells() {
    const RowMatrix first = randomGates(3000, 6, 1, 1);
    RowMatrix certain = RowMatrix::Zero(3000, 6);
    for (int e = 0; e < 6; ++e) certain.col((e + 2) % 6) = first.col(e);
    const JointChoices settled = chosenAfter(first, certain);
    const Eigen::VectorXd told = toldOfNext(settled);
    for (int e = 0; e < 6; ++e)
      QVERIFY(std::abs(told[e] + std::log2(settled.first[e])) < 1e-9);  // all that there is to know: log2 1 / P(b)
    double sum = 0.0, chance = 0.0;
    for (unsigned seed = 0; seed < 40; ++seed) {
      const JointChoices independent = chosenAfter(randomGates(2000, 6, 1, 100 + seed), randomGates(2000, 6, 1, 200 + seed));
      sum += toldOfNext(independent).mean();
      chance += toldByChance(independent, 2000).mean();
    }
    QVERIFY2(std::abs(sum / chance - 1.0) < 0.15,
             qPrintable(QString("%1 of %2").arg(sum).arg(chance)));  // 40 values of chi squared with 25 degrees of freedom: sd
                                                                     // 0.045 of their mean
  }

  void equally_likely_pairs_have_the_lift_of_different_experts() {
    const Eigen::MatrixXd lift = chosenTogether(randomGates(40000, 8, 3, 5)).lift(true);
    double sum = 0.0;
    for (int a = 0; a < 8; ++a)
      for (int b = 0; b < 8; ++b) sum += a == b ? 0.0 : lift(a, b);
    QVERIFY(std::abs(sum / 56 - liftOfDifferentExperts(3, 8)) < 0.01);
    QVERIFY(std::isnan(liftOfDifferentExperts(1, 8)));
  }

  void what_is_not_known_has_no_share() {
    RowMatrix gates = randomGates(10, 4, 2, 3);
    gates(7, 1) = NAN;
    QVERIFY(chosenTogether(gates).share.array().isNaN().all());
    QVERIFY(chosenTogether(RowMatrix(0, 4)).share.array().isNaN().all());
    QVERIFY(loadAlong(gates, 5).row(3).array().isNaN().all() && loadAlong(gates, 5).row(2).allFinite());
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, chosenAfter(gates, RowMatrix(9, 4)));
  }

  void stretches_cover_all_tokens_once() {
    for (const int tokens : {1, 7, 64, 65, 1000})
      for (const int stretches : {1, 3, 64}) {
        QCOMPARE(stretchBegin(tokens, stretches, 0), std::int64_t(0));
        QCOMPARE(stretchBegin(tokens, stretches, stretches), std::int64_t(tokens));
      }
    const RowMatrix gates = randomGates(100, 5, 2, 9);
    const Eigen::MatrixXd load = loadAlong(gates, 7);
    QVERIFY((load.rowwise().sum().array() - 1.0).abs().maxCoeff() < 1e-12);
    double counted = 0.0;
    for (std::int64_t t = stretchBegin(100, 7, 4); t < stretchBegin(100, 7, 5); ++t) counted += gates(t, 3) != 0.0f;
    QVERIFY(std::abs(load(4, 3) - counted / (2.0 * static_cast<double>(stretchBegin(100, 7, 5) - stretchBegin(100, 7, 4)))) <
            1e-12);
  }

  void the_map_of_layers_says_what_each_layer_alone_says() {
    const auto snapshot = testing::plantedSnapshot();
    Lens lens;
    lens.gating = {GatingPolicy::TopK, 2};
    const std::vector<LayerOfExperts> layers = routingByLayer(*snapshot, lens);
    QCOMPARE(layers.size(), std::size_t(2));
    for (int l = 0; l < 2; ++l) {
      const LayerOfExperts& layer = layers[static_cast<std::size_t>(l)];
      lens.layer = l;
      const Routing routing = evaluate(*snapshot, lens);
      QCOMPARE(layer.number, l + 1);
      QCOMPARE(layer.meanEntropy, routing.probability.meanEntropy);
      for (int e = 0; e < 8; ++e) {
        double entropy = 0.0, effective = 0.0, tokens = 0.0;
        for (Eigen::Index t = 0; t < routing.gates.rows(); ++t)
          if (routing.gates(t, e) != 0.0f)
            entropy += routing.probability.tokenEntropy[t], effective += std::exp(routing.probability.tokenEntropy[t]),
                tokens += 1.0;
        QVERIFY(std::abs(layer.entropy[e] - entropy / tokens) < 1e-5 && std::abs(layer.effective[e] - effective / tokens) < 1e-4);
        QVERIFY(std::abs(layer.load[e] - tokens / (2.0 * static_cast<double>(routing.gates.rows()))) < 1e-12);
        double nearest = -1.0;
        const RowMatrix& directions = snapshot->layers[static_cast<std::size_t>(l)].routerDirections;
        for (int other = 0; other < 8; ++other)
          if (other != e) nearest = std::max(nearest, static_cast<double>(directions.row(e).dot(directions.row(other))));
        QVERIFY(std::abs(layer.nearest[e] - nearest) < 1e-5);
      }
    }
  }
};

MOESCOPE_TEST(TestChoiceStatistics)
#include "test_choice_statistics.moc"
