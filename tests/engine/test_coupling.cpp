// Router-expert coupling: closed-form gradients, the coupling-aware update, what the trainer exports, the analysis thread.

#include <QTest>
#include <cmath>
#include <thread>

#include "core/training/engine.h"
#include "core/training/trainer.h"
#include "core/model/capacity.h"
#include "core/routers/router.h"
#include "tests/support/source_reading.h"
#include "tests/support/test_class.h"

using namespace moescope;
using testing::latest, testing::history;

namespace {

Knobs smallKnobs(const std::string& router) {
  Knobs knobs;
  knobs.router = router;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  knobs.width = 32;
  knobs.heads = 2;
  knobs.experts = 4;
  knobs.expertWidth = 24;
  knobs.layers = 2;
  knobs.context = 32;
  knobs.batch = 2;
  knobs.probeTokens = 256;
  return knobs;
}

std::shared_ptr<Router> makeRouter(const Knobs& knobs) {
  at::Generator random = seededGenerator(3);
  return createRouter(knobs, random);
}

/// How much of each row of `rows` lies outside the span of the tokens that chose its expert, relative to its length.
double outsideRoutedSpan(const torch::Tensor& rows, const torch::Tensor& tokens, const torch::Tensor& experts) {
  double worst = 0.0;
  for (int64_t e = 0; e < rows.size(0); ++e) {
    const torch::Tensor own = tokens.index_select(0, experts.eq(e).any(1).nonzero().select(1, 0));
    const torch::Tensor basis = std::get<0>(torch::linalg_qr(own.t()));
    const torch::Tensor rest = rows[e] - torch::mv(basis, torch::mv(basis.t(), rows[e]));
    worst = std::max(worst, rest.norm().item<double>() / (rows[e].norm().item<double>() + 1e-300));
  }
  return worst;
}

}  // namespace

class TestCoupling : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { torch::manual_seed(4); }

  void router_gradient_is_the_closed_form_of_the_chosen_softmax() {
    Knobs knobs = smallKnobs("topk");
    knobs.topK = 2;
    const auto router = makeRouter(knobs);
    router->to(torch::kFloat64);
    const torch::Tensor tokens = torch::randn({30, 32}, torch::kFloat64), c = torch::randn({30, 4}, torch::kFloat64);
    const RouterOutput output = router->route({tokens, torch::zeros({30}, torch::kInt64)});
    (output.gates * c.gather(1, output.experts)).sum().backward();
    // a_i = g_i (c_i - sum over the chosen g_j c_j) for chosen i, else 0
    const torch::Tensor chosenC = c.gather(1, output.experts), g = output.gates.detach();
    const torch::Tensor a = g * (chosenC - (g * chosenC).sum(1, true));
    const torch::Tensor expected = torch::mm(torch::zeros({30, 4}, torch::kFloat64).scatter(1, output.experts, a).t(), tokens);
    QVERIFY((router->rows().grad() - expected).abs().max().item<double>() < 1e-12);
  }

  void one_chosen_and_renormalised_would_have_no_gradient_so_its_gate_is_kept() {
    Knobs knobs = smallKnobs("topk");
    knobs.topK = 1;
    const auto router = makeRouter(knobs);
    const RouterOutput output = router->route({torch::randn({30, 32}), torch::zeros({30}, torch::kInt64)});
    output.gates.sum().backward();
    QVERIFY(router->rows().grad().abs().max().item<double>() > 0.0);
  }

  void coupled_rows_learn_only_from_the_tokens_of_their_expert_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"topk", "noisy_topk", "switch_aux", "z_loss", "standardised", "token_standardised", "loss_free",
                             "loss_free_logits", "deepseek", "sinkhorn"})
      QTest::newRow(name) << name;
  }
  void coupled_rows_learn_only_from_the_tokens_of_their_expert() {
    QFETCH(QString, name);
    Knobs knobs = smallKnobs(name.toStdString());
    knobs.topK = 1;  // the gate is the softmax over all: competition reaches every row
    const auto router = makeRouter(knobs);
    router->to(torch::kFloat64);
    const torch::Tensor tokens = torch::randn({16, 32}, torch::kFloat64);  // few, so that they do not span the space
    const RouterInput input{tokens, torch::zeros({16}, torch::kInt64), seededGenerator(5)};
    const RouterOutput output = router->route(input);
    output.logits.retain_grad();
    torch::Tensor loss = (output.gates * torch::randn_like(output.gates)).sum();
    if (output.auxiliaryLoss.defined()) loss = loss + 100.0 * output.auxiliaryLoss;
    loss.backward();
    QVERIFY(outsideRoutedSpan(router->rows().grad(), tokens, output.experts) > 0.01);
    const torch::NoGradGuard guard;
    router->coupleGradient(input, output);
    QVERIFY(outsideRoutedSpan(router->rows().grad(), tokens, output.experts) < 1e-10);
    QVERIFY(router->rows().grad().abs().max().item<double>() > 0.0);
  }

  void coupled_rows_learn_nothing_from_dropped_tokens() {
    Knobs knobs = smallKnobs("topk");
    knobs.topK = 1;
    const auto router = makeRouter(knobs);
    router->to(torch::kFloat64);
    const torch::Tensor tokens = torch::randn({16, 32}, torch::kFloat64);
    const RouterInput input{tokens, torch::zeros({16}, torch::kInt64)};
    RouterOutput output = router->route(input);
    limitCapacity(output, 0.5, 4);  // two tokens for each of four experts
    QVERIFY(output.kept.sum().item<int64_t>() <= 8);
    output.logits.retain_grad();
    (output.gates * output.kept * torch::randn_like(output.gates)).sum().backward();
    const torch::NoGradGuard guard;
    router->coupleGradient(input, output);
    const torch::Tensor kept = torch::where(output.kept, output.experts, -1);  // a dropped token chose nobody
    QVERIFY(outsideRoutedSpan(router->rows().grad(), tokens, kept) < 1e-10);
    QVERIFY(router->rows().grad().abs().max().item<double>() > 0.0);
  }

  void coupled_rows_of_expert_choice_learn_only_from_the_tokens_that_their_expert_took() {
    Knobs knobs = smallKnobs("expert_choice");
    knobs.topK = 1;
    const auto router = makeRouter(knobs);
    router->to(torch::kFloat64);
    const torch::Tensor tokens = torch::randn({16, 32}, torch::kFloat64);
    const RouterInput input{tokens, torch::zeros({16}, torch::kInt64)};
    const RouterOutput output = router->route(input);
    output.logits.retain_grad();
    (output.gates * torch::randn_like(output.gates)).sum().backward();
    const torch::Tensor experts = torch::where(output.gates > 0, torch::arange(4), -1);
    QVERIFY(outsideRoutedSpan(router->rows().grad(), tokens, experts) > 0.01);
    const torch::NoGradGuard guard;
    router->coupleGradient(input, output);
    QVERIFY(outsideRoutedSpan(router->rows().grad(), tokens, experts) < 1e-10);
  }

  void coupling_aware_is_a_switch_while_training() {
    Knobs knobs = smallKnobs("switch_aux");
    Trainer plain(knobs), switched(knobs);
    knobs.couplingAware = true;
    switched.setKnobs(knobs);
    QCOMPARE(plain.step().loss, switched.step().loss);  // same weights before the first update
    QVERIFY((plain.analysisInput(0).routerRows - switched.analysisInput(0).routerRows).cwiseAbs().maxCoeff() > 0.0f);
  }

  void exported_experts_compute_what_the_model_computes() {
    Trainer trainer(smallKnobs("topk"));
    AnalysisInput input = trainer.analysisInput(1);
    QCOMPARE(input.layer, 1);
    QCOMPARE(input.experts->count(), 4);
    QCOMPARE(static_cast<int>(input.tokens.rows()), 192);  // whole sequences, as many of each domain
    QVERIFY(input.routerGradient.size() == 0);
    QCOMPARE(input.routerMovement.cwiseAbs().maxCoeff(), 0.0f);
    QVERIFY((input.gates.rowwise().sum().array() - 1.0f).abs().maxCoeff() < 1e-5f);
    QVERIFY(((input.gates.array() > 0.0f).cast<int>().rowwise().sum() == 2).all());
    for (int i = 0; i < 3; ++i) trainer.step();
    input = trainer.analysisInput(1);
    QCOMPARE(input.step, 3);
    QVERIFY(input.routerMovement.cwiseAbs().maxCoeff() > 0.0f);
    QVERIFY(input.routerGradient.cwiseAbs().maxCoeff() > 0.0f);
    QVERIFY(input.gateGradients[2].cwiseAbs().maxCoeff() > 0.0f);
    const ExpertAnalysis analysis = analyse(input, {});
    QCOMPARE(static_cast<int>(analysis.coupling.movements.rows()), 4);
    QVERIFY(Coupling::contrast(analysis.coupling.gradients) > 0.05);  // both lie along the tokens of the pair
    QCOMPARE(static_cast<int>(analysis.scoreActivation.size()), 4);
  }

  void every_router_can_be_analysed() {
    for (const RouterChoice& choice : routerChoices()) {
      Trainer trainer(smallKnobs(choice.name));
      trainer.step();
      const ExpertAnalysis analysis = analyse(trainer.analysisInput(0), {});
      QVERIFY2(analysis.experts == 4 && analysis.shared.mean.allFinite(), choice.name.c_str());
    }
  }

  void analysis_arrives_beside_training_and_follows_the_request() {
    Engine engine(smallKnobs("topk"));
    AnalysisRequest request;
    request.enabled = true;
    request.everySeconds = 0.0;
    request.settings.rank = 3;
    request.layer = 1;
    engine.setAnalysis(request);
    QVERIFY(QTest::qWaitFor([&] { return latest(engine, 1) != nullptr; }, 20000));  // while paused
    QCOMPARE(latest(engine, 1)->step, 0);
    QVERIFY(latest(engine, 0) == nullptr);
    engine.play();
    QVERIFY(QTest::qWaitFor([&] { return history(engine, 1).size() > 3; }, 20000));
    engine.pause();
    const auto all = history(engine, 1);
    for (std::size_t i = 1; i < all.size(); ++i) QVERIFY(all[i]->step > all[i - 1]->step);
    QCOMPARE(all.back()->settings.rank, 3);
    request.settings.rank = 5;
    engine.setAnalysis(request);
    QVERIFY(QTest::qWaitFor([&] { return latest(engine, 1)->settings.rank == 5; }, 20000));
    const std::uint64_t generation = latest(engine, 1)->generation;
    engine.reset();
    QVERIFY(QTest::qWaitFor([&] { return latest(engine, 1) && latest(engine, 1)->generation > generation; }, 20000));
    QCOMPARE(history(engine, 1).size(), std::size_t(1));
  }

  void another_router_at_the_same_step_is_analysed_anew() {
    Engine engine(smallKnobs("topk"));
    AnalysisRequest request;
    request.enabled = true;
    request.everySeconds = 0.0;
    engine.setAnalysis(request);
    QVERIFY(QTest::qWaitFor([&] { return latest(engine, 0) != nullptr; }, 20000));
    QVERIFY(latest(engine, 0)->misrouting.empty());  // of GrMoE alone
    engine.setKnobs(smallKnobs("grmoe"));
    QVERIFY(QTest::qWaitFor([&] { return !latest(engine, 0)->misrouting.empty(); }, 20000));
    QCOMPARE(latest(engine, 0)->step, 0);
  }
};

MOESCOPE_TEST(TestCoupling)
#include "test_coupling.moc"
