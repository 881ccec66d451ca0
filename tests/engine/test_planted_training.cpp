// Training on the planted task: the oracle against learned routers, measures of the ground truth against brute force.

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/experiments/planted_trainer.h"
#include "core/experiments/planned_run.h"
#include "tests/support/expert_tests.h"
#include "tests/support/test_class.h"

using namespace moescope;
using testing::expertOf;

namespace {

Knobs knobsOf(const std::string& router, int topK = 1) {
  Knobs knobs = plantedKnobs({});
  knobs.router = router;
  knobs.topK = topK;
  knobs.probeTokens = 1024;
  knobs.batch = 2;
  return knobs;
}

double lossAfter(PlantedTrainer& trainer, int steps) {
  for (int i = 0; i < steps; ++i) trainer.step();
  return trainer.heldOutLoss();
}

std::vector<Eigen::MatrixXd> subspacesOf(std::uint64_t seed, int count) {
  PlantedShape shape;
  shape.clusters = count;
  shape.dimension = 12;
  shape.seed = seed;
  return PlantedTask(shape).subspaces();
}

}  // namespace

class TestPlantedTraining : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void the_oracle_knows_every_cluster_and_learns_better_than_one_expert_for_all() {
    PlantedTrainer oracle(knobsOf("topk"), PlantedRouting::Oracle);
    const double untrained = oracle.heldOutLoss(), trained = lossAfter(oracle, 150);
    QVERIFY(std::abs(oracle.clustering().information - 1.0) < 1e-9);
    QCOMPARE(oracle.clustering().purity, 1.0);
    QVERIFY(trained < 0.8 * untrained);
    PlantedTrainer learned(knobsOf("topk"));
    QVERIFY(trained < 0.95 * lossAfter(learned, 150));
  }
  void the_oracle_gives_each_expert_the_tokens_of_one_cluster() {
    PlantedTrainer oracle(knobsOf("topk"), PlantedRouting::Oracle);
    const AnalysisInput input = oracle.analysisInput();
    const SnapshotPointer snapshot = oracle.snapshot();
    QVERIFY(snapshot->probe->synthetic);
    QCOMPARE(input.gates.rows(), Eigen::Index(1024));
    for (Eigen::Index t = 0; t < input.gates.rows(); ++t)
      for (Eigen::Index e = 0; e < 8; ++e)
        QCOMPARE(input.gates(t, e), snapshot->probe->domain[static_cast<std::size_t>(t)] == e ? 1.0f : 0.0f);
  }
  void routers_of_one_seed_see_the_same_tokens_and_start_from_the_same_experts() {
    PlantedTrainer first(knobsOf("grmoe")), second(knobsOf("topk"));
    const AnalysisInput a = first.analysisInput(), b = second.analysisInput();
    QVERIFY(a.tokens == b.tokens);
    const ExpertWeights last = expertOf(*a.experts, 7), same = expertOf(*b.experts, 7);
    QVERIFY(last.gate == same.gate && last.down == same.down);
    PlantedTrainer oracle(knobsOf("topk"), PlantedRouting::Oracle);
    QVERIFY(last.gate == expertOf(*oracle.analysisInput().experts, 7).gate);
  }
  void the_same_seed_trains_the_same() {
    PlantedTrainer first(knobsOf("grmoe", 2)), second(knobsOf("grmoe", 2));
    QCOMPARE(lossAfter(first, 20), lossAfter(second, 20));
  }
  void frames_of_grmoe_move_towards_the_planted_subspaces() {
    Knobs knobs = knobsOf("grmoe", 2);
    knobs.learningRate = 0.01;
    knobs.batch = 4;
    PlantedTrainer trainer(knobs);
    const double before = trainer.recovery().overlap;
    lossAfter(trainer, 300);
    const SubspaceRecovery after = trainer.recovery();
    QVERIFY(before < after.randomOverlap + 0.05);
    QVERIFY(after.overlap > after.randomOverlap + 0.1);
  }
  void routers_without_frames_have_no_recovery() {
    PlantedTrainer trainer(knobsOf("topk"));
    QVERIFY(std::isnan(trainer.recovery().overlap));
  }
  void renamed_and_rotated_subspaces_are_recovered_in_full() {
    const std::vector<Eigen::MatrixXd> planted = subspacesOf(3, 5);
    const std::vector<int> order = {2, 0, 4, 1, 3};
    Eigen::Matrix3d rotation;
    rotation << 0, -1, 0, 1, 0, 0, 0, 0, 1;
    std::vector<Eigen::MatrixXd> learned;
    for (const int p : order) learned.push_back(planted[static_cast<std::size_t>(p)] * rotation);
    const SubspaceRecovery recovery = recoveryOf(learned, planted);
    QCOMPARE(recovery.planted, order);
    QVERIFY(std::abs(recovery.overlap - 1.0) < 1e-6);
    QVERIFY(recovery.chordal < 1e-6);
    QVERIFY(recovery.randomOverlap > 3.0 / 12.0 && recovery.randomOverlap < 0.6);
  }
  void the_matching_is_the_best_of_all_permutations() {
    const std::vector<Eigen::MatrixXd> learned = subspacesOf(5, 6), planted = subspacesOf(11, 6);
    std::vector<int> order(6);
    std::iota(order.begin(), order.end(), 0);
    double best = 0.0;
    do {
      double sum = 0.0;
      for (std::size_t e = 0; e < 6; ++e)
        sum += (learned[e].transpose() * planted[static_cast<std::size_t>(order[e])]).squaredNorm() / 3.0 / 6.0;
      best = std::max(best, sum);
    } while (std::next_permutation(order.begin(), order.end()));
    QVERIFY(std::abs(recoveryOf(learned, planted).overlap - best) < 1e-5);
  }
  void a_run_of_the_planted_task_measures_the_truth_and_one_of_a_corpus_does_not() {
    PlannedRun run{knobsOf("grmoe", 2), 10, ExperimentTask::Planted};
    const auto goOn = [](long) { return true; };
    const RunResult planted = execute(run, goOn);
    QCOMPARE(planted.clusterInformation.size(), std::size_t(1));
    QCOMPARE(planted.loadVariation.size(), std::size_t(1));
    QVERIFY(planted.recovery[0] > 0.0 && planted.recovery[0] < 1.0);
    run.task = ExperimentTask::Corpus;
    run.knobs.corpus = "procedural";
    QVERIFY(execute(run, goOn).clusterInformation.empty());
    run.oracle = true;
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, execute(run, goOn));
  }
};

MOESCOPE_TEST(TestPlantedTraining)
#include "test_planted_training.moc"
