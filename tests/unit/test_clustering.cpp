// Agreement of labellings against values worked out by hand.

#include <QTest>
#include <cmath>
#include <stdexcept>

#include "core/metrics/clustering.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestClustering : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void renamed_labels_agree_fully() {
    const Clustering clustering = clusteringOf({2, 2, 0, 0, 1, 1}, {0, 0, 1, 1, 2, 2});
    QVERIFY(std::abs(clustering.information - 1.0) < 1e-12);
    QVERIFY(std::abs(clustering.purity - 1.0) < 1e-12);
  }
  void independent_labels_share_no_information() {
    const Clustering clustering = clusteringOf({0, 0, 1, 1}, {0, 1, 0, 1});
    QVERIFY(clustering.information < 1e-12);
    QVERIFY(std::abs(clustering.purity - 0.5) < 1e-12);
  }
  void one_expert_for_all_knows_nothing_and_its_purity_is_the_commonest_clusters_share() {
    const Clustering clustering = clusteringOf({3, 3, 3, 3}, {0, 0, 0, 1});
    QVERIFY(clustering.information < 1e-12);
    QVERIFY(std::abs(clustering.purity - 0.75) < 1e-12);
  }
  void an_expert_for_every_half_of_a_cluster_is_pure_but_tells_less() {
    // H(experts) = log 4, H(clusters) = log 2, I = log 2: 2 log 2 / (3 log 2)
    const Clustering clustering = clusteringOf({0, 1, 2, 3}, {0, 0, 1, 1});
    QVERIFY(std::abs(clustering.information - 2.0 / 3.0) < 1e-12);
    QVERIFY(std::abs(clustering.purity - 1.0) < 1e-12);
  }
  void one_token_astray_costs_what_the_formula_says() {
    // Shares 2/5 and 1/5 of expert 0, 2/5 of expert 1; clusters 2/5 and 3/5.
    const auto h = [](double p) { return -p * std::log(p); };
    const double experts = h(0.6) + h(0.4), clusters = h(0.4) + h(0.6), both = h(0.4) + h(0.2) + h(0.4);
    const Clustering clustering = clusteringOf({0, 0, 0, 1, 1}, {0, 0, 1, 1, 1});
    QVERIFY(std::abs(clustering.information - 2.0 * (experts + clusters - both) / (experts + clusters)) < 1e-12);
    QVERIFY(std::abs(clustering.purity - 0.8) < 1e-12);
  }
  void labellings_that_cannot_be_compared_are_refused() {
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, clusteringOf({}, {}));
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, clusteringOf({0, 1}, {0}));
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, clusteringOf({-1}, {0}));
  }
};

MOESCOPE_TEST(TestClustering)
#include "test_clustering.moc"
