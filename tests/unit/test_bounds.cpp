#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "core/metrics/bounds.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestBounds : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void bounds_match_the_reference_numbers() {
    struct Row { int experts; double d, lower, upper, floor, mass; };
    const Row rows[] = {{8, 1, 1.9568782515, 1.9943007689, 0.0499301657, 0.4753668864},
                        {8, 4, 0.5751909440, 0.5751909440, 0.0026096915, 0.9479149938},
                        {16, 2, 2.2994388754, 2.4485126374, 0.0089416773, 0.5135191668},
                        {32, 4, 1.7979770475, 1.8982931094, 0.0005904782, 0.7844770300},
                        {64, 8, 0.1864878185, 0.1864878185, 0.0000053248, 0.9897076918}};
    for (const Row& row : rows) {
      QVERIFY(std::abs(entropyLowerBound(row.experts, row.d) - row.lower) < 1e-9);
      QVERIFY(std::abs(entropyUpperBound(row.experts, row.d) - row.upper) < 1e-9);
      QVERIFY(std::abs(gateFloor(row.experts, row.d) - row.floor) < 1e-9);
      QVERIFY(std::abs(topKMassLowerBound(row.experts, 2, row.d) - row.mass) < 1e-9);
    }
  }

  void lower_bound_is_the_least_of_all_vertices() {
    for (int experts = 1; experts <= 130; ++experts)
      for (double range = 1e-12; range < 2000.0; range *= 1.3) {
        double least = std::log(static_cast<double>(experts));
        for (int m = 1; m < experts; ++m) {
          const double low = std::exp(-range) * (experts - m), total = m + low;
          least = std::min(least, std::log(total) + range * low / total);
        }
        QVERIFY(std::abs(entropyLowerBound(experts, range) - least) < 1e-14);
      }
    QCOMPARE(entropyLowerBound(8, 0.0), std::log(8.0));
    QCOMPARE(entropyLowerBound(8, INFINITY), 0.0);
  }

  void no_measurement_violates_a_bound() {
    std::mt19937 random(11);
    std::normal_distribution<double> normal;
    std::uniform_int_distribution<int> expertCount(2, 64);
    std::uniform_real_distribution<double> logScale(-3.0, 4.0);
    for (int trial = 0; trial < 100000; ++trial) {
      std::vector<double> logit(expertCount(random));
      const double scale = std::exp(logScale(random));
      for (double& l : logit) l = scale * normal(random);
      std::sort(logit.rbegin(), logit.rend());
      const int experts = static_cast<int>(logit.size()), k = 1 + trial % (experts - 1);
      double total = 0.0, topMass = 0.0, entropy = 0.0;
      for (double l : logit) total += std::exp(l - logit[0]);
      for (int e = 0; e < experts; ++e) {
        const double gate = std::exp(logit[e] - logit[0]) / total;
        if (gate > 0.0) entropy -= gate * std::log(gate);
        if (e < k) topMass += gate;
      }
      const double range = logit.front() - logit.back();
      QVERIFY(entropy >= entropyLowerBound(experts, range) - 1e-9);
      QVERIFY(entropy <= entropyUpperBound(experts, logit[0] - logit[1]) + 1e-9);
      QVERIFY(topMass >= topKMassLowerBound(experts, k, logit[k - 1] - logit[k]) - 1e-9);
      QVERIFY(std::exp(logit.back() - logit[0]) / total >= gateFloor(experts, range) - 1e-12);
    }
  }

  void bounds_on_sampled_routing_hold_for_random_gates() {
    std::mt19937 random(12);
    std::normal_distribution<float> normal;
    std::uniform_int_distribution<int> tokenCount(1, 12);
    std::uniform_real_distribution<double> logScale(-3.0, 2.0);
    int telling = 0;
    for (int trial = 0; trial < 100000; ++trial) {  // two experts: every probability is exact
      const int tokens = tokenCount(random);
      const float scale = static_cast<float>(std::exp(logScale(random)));
      Eigen::VectorXf range(tokens);
      double allFirst = 1.0, allSecond = 1.0;
      for (int t = 0; t < tokens; ++t) {
        const float difference = scale * normal(random);
        const double p = 1.0 / (1.0 + std::exp(-difference));
        range[t] = std::abs(difference);
        allFirst *= p;
        allSecond *= 1.0 - p;
      }
      const double bound = idleExpertBound(2, range);
      QVERIFY(allFirst + allSecond <= bound + 1e-12);
      telling += bound < 1.0 ? 1 : 0;
    }
    QVERIFY(telling > 10000);
  }

  void least_load_bound_is_tight_for_two_levels_and_never_violated() {
    std::mt19937 random(13);
    std::uniform_int_distribution<int> expertCount(2, 64);
    std::gamma_distribution<double> gamma(0.5);
    for (int trial = 0; trial < 100000; ++trial) {
      const int experts = expertCount(random);
      Eigen::VectorXd load(experts);
      for (double& l : load) l = gamma(random) + 1e-3;
      load /= load.sum();
      const double divergence = (load.array() * (load.array() * experts).log()).sum();
      QVERIFY(load.minCoeff() >= leastLoadBound(experts, divergence) - 1e-12);
    }
    for (const double x : {0.001, 0.05, 0.12}) {  // one expert has x, the others share the rest equally: the bound is x
      const double divergence = x * std::log(8 * x) + (1 - x) * std::log(8 * (1 - x) / 7);
      QVERIFY(std::abs(leastLoadBound(8, divergence) - x) < 1e-12);
    }
    QCOMPARE(leastLoadBound(8, 0.2), 0.0);  // -log(1 - 1/8) = 0.1335 excludes nothing
  }

  void lower_bound_is_the_least_over_every_split_of_two_levels() {
    for (int experts : {2, 3, 8, 64})
      for (double range = 0.0; range < 40.0; range += 0.037) {
        double least = std::log(experts);
        for (int m = 1; m < experts; ++m) {
          const double low = std::exp(-range) * (experts - m), total = m + low;
          least = std::min(least, std::log(total) + range * low / total);
        }
        QVERIFY(std::abs(entropyLowerBound(experts, range) - std::max(0.0, least)) < 1e-12);
      }
  }
};

MOESCOPE_TEST(TestBounds)
#include "test_bounds.moc"
