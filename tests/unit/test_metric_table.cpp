// The measures of the table against closed forms on small examples.

#include <QTest>
#include <cmath>
#include <random>
#include <set>

#include "core/reading/metric_table.h"
#include "tests/support/planted_snapshot.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

double valueOf(const std::string& name, const MetricInput& input) {
  for (const Metric& metric : metricTable())
    if (metric.name == name) return metric.value(input);
  return NAN;
}

}  // namespace

class TestMetricTable : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void gini_of_small_examples() {
    QVERIFY(std::abs(giniCoefficient(Eigen::VectorXd::Constant(5, 0.2))) < 1e-12);
    QVERIFY(std::abs(giniCoefficient((Eigen::VectorXd(4) << 0, 0, 0, 1).finished()) - 0.75) < 1e-12);
    // all pairs of (1, 2, 5): |differences| 1, 4, 3, twice each, over 9 pairs; mean 8/3
    QVERIFY(std::abs(giniCoefficient((Eigen::VectorXd(3) << 5, 1, 2).finished()) - (16.0 / 9.0) / (2.0 * 8.0 / 3.0)) < 1e-12);
  }

  void information_of_domain_and_expert() {
    RowMatrix gates = RowMatrix::Zero(6, 3);
    const std::vector<int> domain = {0, 0, 1, 1, 2, 2};
    for (int t = 0; t < 6; ++t) gates(t, domain[static_cast<std::size_t>(t)]) = 1.0f;
    QVERIFY(std::abs(domainInformation(gates, domain, 3) - std::log(3.0)) < 1e-12);
    gates.setConstant(1.0f / 3.0f);
    QVERIFY(domainInformation(gates, domain, 3) < 1e-12);
  }

  void churn_counts_changed_leaders() {
    RowMatrix before = RowMatrix::Identity(4, 4), after = before;
    QCOMPARE(leadingExpertChurn(before, after), 0.0);
    after.row(1) << 1, 0, 0, 0;
    QCOMPARE(leadingExpertChurn(before, after), 0.25);
    QVERIFY(std::isnan(leadingExpertChurn(before, RowMatrix::Identity(3, 4))));
  }

  void names_are_stable_ids_and_every_metric_has_a_definition() {
    std::set<std::string> names;
    for (const Metric& metric : metricTable()) {
      QVERIFY(names.insert(metric.name).second);
      QVERIFY(!metric.label.empty() && !metric.formula.empty() && !channelName(metric.channel).empty());
    }
  }

  void bounds_hold_at_every_concentration_and_policy() {
    const auto snapshot = testing::plantedSnapshot();
    for (const float alpha : {0.0f, 0.2f, 1.0f, 3.0f, 20.0f})
      for (const GatingPolicy policy : {GatingPolicy::Soft, GatingPolicy::TopK}) {
        Lens lens;
        lens.concentration = alpha;
        lens.gating.policy = policy;
        const Routing routing = evaluate(*snapshot, lens);
        const MetricInput input{*snapshot, routing};
        QVERIFY(valueOf("entropy_lower_bound", input) <= valueOf("entropy", input) + 1e-5);
        QVERIFY(valueOf("entropy_upper_bound", input) >= valueOf("entropy", input) - 1e-5);
        QVERIFY(valueOf("top2_mass_lower_bound", input) <= valueOf("top2_mass", input) + 1e-5);
        QVERIFY(valueOf("domain_information", input) <= std::log(4.0) + 1e-9);
        QVERIFY(valueOf("specialisation", input) >= valueOf("domain_information", input) - 1e-6);  // data processing
        QVERIFY(valueOf("least_probability_load_bound", input) <= valueOf("least_probability_load", input) + 1e-5);
        const double idle = valueOf("idle_probability_bound", input);
        if (!std::isnan(idle)) QVERIFY(valueOf("idle_probability", input) <= idle + 1e-12);
        QVERIFY(valueOf("idle_probability", input) >= 0.0 && std::isnan(valueOf("posterior_agreement", input)));
        if (policy == GatingPolicy::Soft) QCOMPARE(valueOf("dead_experts", input), 0.0);
        if (policy == GatingPolicy::TopK && alpha == 0.0f)
          QCOMPARE(valueOf("dead_experts", input), 0.0);  // a tie of all is none between the first two and the rest
        QVERIFY(std::isnan(valueOf("churn", input)));
      }
  }

  void posterior_is_compared_with_the_prior_token_by_token() {
    auto snapshot = testing::plantedSnapshot();
    LayerSnapshot& layer = snapshot->layers[0];
    layer.posteriorScores = layer.scores;
    layer.posteriorScores.topRows(100).col(3).array() += 500.0f;  // the posterior is sure of expert 3 there
    const Routing routing = evaluate(*snapshot, Lens{});
    const MetricInput input{*snapshot, routing};
    Lens prior;
    prior.source = GateSource::Prior;
    const RowMatrix p = evaluate(*snapshot, prior).probabilities;
    int changed = 0;
    double divergence = 0.0;
    for (int t = 0; t < 100; ++t) {
      Eigen::Index leader = 0;
      p.row(t).maxCoeff(&leader);
      changed += leader != 3 ? 1 : 0;
      divergence -= std::log(static_cast<double>(p(t, 3)));  // KL of a sure q
    }
    const double tokens = static_cast<double>(p.rows());
    QVERIFY(changed > 20);
    QVERIFY(std::abs(valueOf("posterior_agreement", input) - (1.0 - changed / tokens)) < 1e-12);
    QVERIFY(std::abs(valueOf("posterior_divergence", input) - divergence / tokens) < 1e-5 * divergence);
    QVERIFY(routing.probabilities(5, 3) > 0.999f);
  }

  void dropped_and_actual_loads_are_separate_channels() {
    auto snapshot = testing::plantedSnapshot();
    LayerSnapshot& layer = snapshot->layers[0];
    layer.trainingLoad = (Eigen::VectorXd(8) << 0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1).finished();
    layer.trainingDropped = (Eigen::VectorXd(8) << 0.2, 0, 0, 0, 0, 0, 0, 0).finished();
    const Routing routing = evaluate(*snapshot, Lens{});
    const MetricInput input{*snapshot, routing};
    QVERIFY(std::abs(valueOf("training_dropped", input) - 0.2) < 1e-12);
    QVERIFY(std::abs(valueOf("training_actual_cv", input)) < 1e-12);
    QVERIFY(std::abs(valueOf("training_intended_cv", input) - std::sqrt(7.0) / 5.0) < 1e-12);  // (0.175, 7 x -0.025) over 0.125
  }

  void top_mass_equals_sorting() {
    const auto snapshot = testing::plantedSnapshot();
    const Routing routing = evaluate(*snapshot, Lens{});
    double sum = 0.0;
    for (Eigen::Index t = 0; t < routing.probabilities.rows(); ++t) {
      std::vector<float> row(routing.probabilities.row(t).begin(), routing.probabilities.row(t).end());
      std::sort(row.rbegin(), row.rend());
      sum += row[0] + row[1];
    }
    QVERIFY(std::abs(valueOf("top2_mass", {*snapshot, routing}) - sum / static_cast<double>(routing.probabilities.rows())) <
            1e-6);
  }
};

MOESCOPE_TEST(TestMetricTable)
#include "test_metric_table.moc"
