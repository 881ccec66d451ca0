// Agreement of labellings against values worked out by hand.

#include <QTest>
#include <cmath>
#include <stdexcept>

#include "core/metrics/agreement.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestAgreement : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void renamed_labels_agree_fully() {
    const Agreement agreement = agreementOf({2, 2, 0, 0, 1, 1}, {0, 0, 1, 1, 2, 2});
    QVERIFY(std::abs(agreement.information - 1.0) < 1e-12);
    QVERIFY(std::abs(agreement.purity - 1.0) < 1e-12);
  }
  void independent_labels_share_no_information() {
    const Agreement agreement = agreementOf({0, 0, 1, 1}, {0, 1, 0, 1});
    QVERIFY(agreement.information < 1e-12);
    QVERIFY(std::abs(agreement.purity - 0.5) < 1e-12);
  }
  void one_expert_for_all_knows_nothing_and_its_purity_is_the_commonest_clusters_share() {
    const Agreement agreement = agreementOf({3, 3, 3, 3}, {0, 0, 0, 1});
    QVERIFY(agreement.information < 1e-12);
    QVERIFY(std::abs(agreement.purity - 0.75) < 1e-12);
  }
  void an_expert_for_every_half_of_a_cluster_is_pure_but_tells_less() {
    // H(experts) = log 4, H(clusters) = log 2, I = log 2: 2 log 2 / (3 log 2)
    const Agreement agreement = agreementOf({0, 1, 2, 3}, {0, 0, 1, 1});
    QVERIFY(std::abs(agreement.information - 2.0 / 3.0) < 1e-12);
    QVERIFY(std::abs(agreement.purity - 1.0) < 1e-12);
  }
  void one_token_astray_costs_what_the_formula_says() {
    // Shares 2/5 and 1/5 of expert 0, 2/5 of expert 1; clusters 2/5 and 3/5.
    const auto h = [](double p) { return -p * std::log(p); };
    const double experts = h(0.6) + h(0.4), clusters = h(0.4) + h(0.6), both = h(0.4) + h(0.2) + h(0.4);
    const Agreement agreement = agreementOf({0, 0, 0, 1, 1}, {0, 0, 1, 1, 1});
    QVERIFY(std::abs(agreement.information - 2.0 * (experts + clusters - both) / (experts + clusters)) < 1e-12);
    QVERIFY(std::abs(agreement.purity - 0.8) < 1e-12);
  }
  void labellings_that_cannot_be_compared_are_refused() {
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, agreementOf({}, {}));
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, agreementOf({0, 1}, {0}));
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, agreementOf({-1}, {0}));
  }
};

MOESCOPE_TEST(TestAgreement)
#include "test_agreement.moc"
