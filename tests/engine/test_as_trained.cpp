// Gates as trained: what the window shows at concentration 1 is what the model does, for every router; at other concentrations
// the rule that a snapshot holds gives what the router itself makes of tempered logits.

#include "core/kernels/torch.h"

#include <QTest>
#include <cmath>

#include "core/model/capacity.h"
#include "core/reading/routing.h"
#include "core/routers/router.h"
#include "core/training/trainer.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

struct Case {
  std::string name;
  Knobs knobs;
};

/// Every router with one and two experts a token, with and without capacity; GrMoE with its posterior too.
std::vector<Case> allCases() {
  std::vector<Case> cases;
  const auto add = [&](const std::string& router, int topK, double capacity, bool posterior) {
    Knobs knobs;
    knobs.router = router;
    knobs.corpus = "procedural";
    knobs.device = "cpu";
    knobs.width = 32;
    knobs.experts = 6;
    knobs.expertWidth = 16;
    knobs.layers = 2;
    knobs.context = 32;
    knobs.batch = 2;
    knobs.probeTokens = 256;
    knobs.sharedExpertWidth = 16;
    knobs.topK = topK;
    knobs.capacityFactor = capacity;
    knobs.posterior = posterior;
    cases.push_back(
        {router + ", k " + std::to_string(topK) + ", capacity " + std::to_string(capacity) + (posterior ? ", posterior" : ""),
         knobs});
  };
  for (const RouterChoice& choice : routerChoices())
    for (const int topK : {1, 2})
      for (const double capacity : {0.0, 0.8}) add(choice.name, topK, capacity, false);
  add("grmoe", 2, 0.0, true);
  return cases;
}

/// Tokens whose gates differ by more than rounding.
int differingTokens(const RowMatrix& a, const RowMatrix& b, float tolerance) {
  return static_cast<int>(((a - b).array().abs().rowwise().maxCoeff() > tolerance).count());
}

}  // namespace

class TestAsTrained : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void at_concentration_one_the_shown_gates_and_loss_are_the_model_s() {
    int dropped = 0;
    for (const Case& each : allCases()) {
      Trainer trainer(each.knobs);
      for (int i = 0; i < 30; ++i) trainer.step();
      const SnapshotPointer snapshot = trainer.snapshot();
      for (int layer = 0; layer < 2; ++layer) {
        Lens lens;
        lens.layer = layer;
        const Routing routing = evaluate(*snapshot, lens);
        const RowMatrix own = trainer.analysisInput(layer).gates;  // what the experts were given in a forward pass
        QVERIFY2((routing.gates - own).cwiseAbs().maxCoeff() < 1e-6f, each.name.c_str());
        QVERIFY2((evaluatePlainly(*snapshot, lens).gates - own).cwiseAbs().maxCoeff() < 1e-6f, each.name.c_str());
        dropped += routing.unserved;
        // The rule alone says the same, but where a choice hangs on rounding.
        const RowMatrix byRule =
            gatesByRule(snapshot->layers[static_cast<std::size_t>(layer)], routing.logits, routing.probabilities);
        QVERIFY2(differingTokens(byRule, own, 1e-5f) <= 2, each.name.c_str());
      }
      QVERIFY2(std::abs(trainer.heldOutLoss(Lens{}) - trainer.heldOutLoss()) < 1e-6, each.name.c_str());
    }
    QVERIFY(dropped > 0);
  }

  void at_other_concentrations_the_rule_is_the_router_run_on_tempered_logits() {
    for (const Case& each : allCases()) {
      at::Generator random = seededGenerator(9);
      const std::shared_ptr<Router> router = createRouter(each.knobs, random);
      const torch::NoGradGuard guard;
      for (const auto& item : router->named_parameters())
        if (item.key() == "network_out") item.value().normal_(0.0, 0.5, seededGenerator(2));
      for (const auto& item : router->named_buffers())
        if (item.key() == "bias") item.value().normal_(0.0, 0.05, seededGenerator(4));
      RouterInput input{torch::randn({192, 32}, seededGenerator(1)),
                        torch::randint(256, {192}, seededGenerator(6), torch::kInt64)};
      LayerSnapshot layer;
      layer.hidden = toMatrix(input.tokens);
      RouterOutput own = router->route(input);
      limitCapacity(own, each.knobs.capacityFactor, 6);
      layer.trainedGates = toMatrix(appliedGates(own, 6));
      router->describe(input, layer);
      layer.rule.capacityFactor = each.knobs.capacityFactor;
      for (const float concentration : {0.25f, 4.0f}) {
        input.concentration = concentration;
        RouterOutput output = router->route(input);
        limitCapacity(output, each.knobs.capacityFactor, 6);
        Lens lens;
        lens.concentration = concentration;
        const RowMatrix logits = logitsAt(layer, concentration, lens.reading), probabilities = routingProbabilities(logits, 1.0f);
        QVERIFY2((probabilities - toMatrix(output.probabilities)).cwiseAbs().maxCoeff() < 1e-5f, each.name.c_str());
        const int differing =
            differingTokens(gatesAsTrained(layer, lens, logits, probabilities), toMatrix(appliedGates(output, 6)), 2e-5f);
        QVERIFY2(differing <= 2,
                 qPrintable(QString("%1 at %2: %3 tokens").arg(each.name.c_str()).arg(concentration).arg(differing)));
        if (layer.rule.choice != TrainedRule::Choice::Fixed)
          QVERIFY2(differingTokens(layer.trainedGates, toMatrix(appliedGates(output, 6)), 1e-3f) > 20,
                   each.name.c_str());  // the slider acts
      }
      QCOMPARE(layer.concentrationNote.empty(),
               layer.rule.choice == TrainedRule::Choice::All || (layer.rule.choice == TrainedRule::Choice::PerToken &&
                                                                 each.knobs.router != "base" && each.knobs.router != "sinkhorn"));
    }
  }

  void the_held_out_loss_through_another_lens_is_that_of_the_gates_it_shows() {
    Knobs knobs = allCases().front().knobs;
    knobs.router = "deepseek";
    knobs.topK = 2;
    knobs.capacityFactor = 0.0;
    Trainer trainer(knobs);
    for (int i = 0; i < 30; ++i) trainer.step();
    Lens asTrained, topK;
    topK.gating.policy = GatingPolicy::TopK;
    asTrained.concentration = topK.concentration = 0.0f;
    QVERIFY(std::abs(trainer.heldOutLoss(asTrained) - trainer.heldOutLoss()) > 1e-5);
    QVERIFY(std::abs(trainer.heldOutLoss(topK) - trainer.heldOutLoss(asTrained)) > 1e-7);  // the bias chooses among equals
  }
};

MOESCOPE_TEST(TestAsTrained)
#include "test_as_trained.moc"
