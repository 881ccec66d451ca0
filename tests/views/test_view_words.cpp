// What views say: what each must name, where its numbers come from, and what it says where there is none.

#include <QTest>
#include <cmath>
#include <map>
#include <stdexcept>

#include "tests/support/test_class.h"
#include "tests/support/text_stage.h"

using namespace moescope;
using namespace moescope::testing;

class TestViewWords : public QObject {
  Q_OBJECT
  std::map<int, std::vector<Scene>> scenes_;  // by number of experts

 private Q_SLOTS:
  void initTestCase() {
    for (const int experts : {4, 8, 16, 64}) scenes_[experts] = scenesOf(experts);
  }

  void at_a_usual_size_nothing_that_matters_is_left_out() {
    const std::map<std::string, std::vector<std::string>> wanted = {
        {"score_polygon", {"E0", "E3", "E7", "each dot", "colour: leading"}},
        {"expert_subspaces", {"tokens and experts on 3 principal components", "E7"}},
        {"grassmann_embedding", {"chordal distance", "E0", "E7"}},
        {"score_heatmap", {"domain A", "domain H", "E0", "E7", "gate", "0.25"}},
        {"load_bars", {"E0", "E7", "load, %", "MaxVio"}},
        {"training_metrics", {"loss, nats per byte:", "auxiliary loss:", "held out", "MaxVio:", "topk"}},
        {"expert_spectra", {"layer 1", "layer 2", "E0", "E7"}},
        {"token_uncertainty", {"domain A", "domain H", "entropy, nats", "same"}},
        {"next_bytes", {"as trained", "at concentration 1", "drawn at temperature 0.7", "other bytes", "%"}},
        {"concentration_curve", {"log N", "nats at", "concentration", "1/32", "measured", "between the proven bounds"}},
        {"jacobian_alignment", {"Jacobians", "E0", "E7", "row: expert, column: expert"}},
        {"jacobian_spectra",
         {"an expert:", "effective rank", "the layer", "mean over the experts", "number i of the singular value", "E0", "E7"}},
        {"principal_angles", {"mean overlap", "random r/d", "null", "angle number", "degrees"}},
        {"subspace_pair", {"geodesic", "chordal", "mean cos", "Exact"}},
        {"asymmetry", {"mean", "independent", "random r/d", "|z| of the Jacobian alignment"}},
        {"coupling_matrix", {"row: router", "null", "weights", "gradients", "movements", "step"}},
        {"score_activation", {"Pearson", "router score (logit)", "activation, norm"}},
        {"misrouting", {"SYNTHETIC", "proven bound B1", "by chance", "concentration"}},
        {"embeddings_compared", {"Classical MDS", "SMACOF", "Diffusion map", "stress"}},
        {"layer_map", {"L1", "L2", "E0", "E7", "CV", "row: layer"}},
        {"co_activation", {"every token has every expert"}},
        {"layer_transitions", {"layer 1 to 2", "E0", "E7", "log2 lift"}},
        {"load_along", {"E0", "E7", "stretches", "row: first token"}},
        {"domain_lift", {"domain A", "domain H", "E0", "E7", "log2 lift", "row: domain"}},
    };
    for (const ViewDeclaration& declaration : viewRegistry()) {
      QVERIFY2(wanted.contains(declaration.name), declaration.name.c_str());
      Stage stage(declaration.make());
      for (const Size size : {Size{700, 600}, Size{1180, 820}}) {
        const std::vector<DrawnText> texts = stage.lay(scenes_[8][0], size, 1.0);
        QVERIFY2(stands(texts, declaration.title), declaration.name.c_str());
        for (const std::string& words : wanted.at(declaration.name))
          QVERIFY2(stands(texts, words), (declaration.name + ": " + words + " is not among" + all(texts)).c_str());
      }
    }
  }

  void every_expert_of_a_polygon_before_a_hall_has_its_name() {
    for (const Size size :
         {Size{1175, 940}, Size{1020, 860}, Size{700, 600}})  // of the stage at 1920 x 1080, 1680 x 1050 and 1280 x 720
      for (const double scale : {1.0, 1.2, 1.4, 1.6, 1.7, 1.8, 2.0, 2.5}) {
        Stage stage(makeView("score_polygon"));
        stage.theme.titles = false;  // the window shows it
        const std::vector<DrawnText> texts = stage.lay(scenes_[8][0], size, scale);
        for (int e = 0; e < 8; ++e)
          QVERIFY2(stands(texts, "E" + std::to_string(e)),
                   qPrintable(QString("%1x%2 at %3: E%4 is not among").arg(size.width).arg(size.height).arg(scale).arg(e) +
                              QString::fromStdString(all(texts))));
      }
  }

  void both_ends_of_a_colour_bar_are_named_and_say_what_lies_beyond() {
    const auto isEnd = [](const DrawnText& text) {  // of a bar: numbers at the right of all names
      const std::size_t start = text.words.starts_with("\xe2\x89") ? 4 : 0;  // behind a sign of comparison
      return text.words.find_first_not_of("0123456789.+-", start) == std::string::npos;
    };
    for (const auto& [experts, scenes] : scenes_)
      for (const std::string name : {"jacobian_alignment", "coupling_matrix", "principal_angles", "layer_map",
                                     "layer_transitions", "load_along", "domain_lift", "score_heatmap"}) {
        Stage stage(makeView(name));
        for (const Size& size : kSizes) {
          if (size.height < 230 || (name == "score_heatmap" && size.width < 300)) continue;  // there its bar lies below
          std::vector<DrawnText> ends;
          double names = 0.0;
          const std::vector<DrawnText> texts = stage.lay(scenes[0], size, 1.0);
          for (const DrawnText& text : texts)
            if (text.words[0] == 'E' && text.words.size() <= 3) names = std::max(names, text.box.x + text.box.width);
          for (const DrawnText& text : texts)
            if (isEnd(text) && text.box.x + text.box.width > names) ends.push_back(text);
          const std::string where = name + ", " + std::to_string(experts) + " experts, " + std::to_string(size.width) + "x" +
                                    std::to_string(size.height) + ":" + all(texts);
          QVERIFY2(ends.size() >= 2 || names == 0.0, where.c_str());  // without a name there is no matrix
        }
      }
    const std::string words = all(Stage(makeView("jacobian_alignment")).lay(scenes_[8][0], {700, 600}, 1.0));
    QVERIFY2(words.find("| \xe2\x89\xa5 ") != std::string::npos && words.find("| \xe2\x89\xa4 ") == std::string::npos,
             words.c_str());  // an expert's cosine with itself is 1
    QVERIFY(!stands(Stage(makeView("domain_lift")).lay(scenes_[8][0], {700, 600}, 1.0), "\xe2\x89\xa5 "));
  }

  void where_domains_are_left_without_a_name_it_is_said_and_the_selected_has_one() {
    auto snapshot = std::make_shared<Snapshot>(*snapshotOf(8, false, true));
    auto probe = std::make_shared<Probe>(*snapshot->probe);
    probe->domainNames.clear();
    for (int d = 0; d < 40; ++d) probe->domainNames.push_back("t" + std::to_string(d + 100));
    for (std::size_t t = 0; t < probe->domain.size(); ++t)
      probe->domain[t] = static_cast<int>(t) * 40 / static_cast<int>(probe->domain.size());
    snapshot->probe = probe;
    Scene scene = testing::sceneOf(snapshot, 1.0f);
    scene.selection.domains = {17};
    for (const std::string name : {"score_heatmap", "token_uncertainty", "domain_lift"}) {
      Stage stage(makeView(name));
      for (const Size& size : kSizes) {
        if (size.height < 230) continue;
        const std::vector<DrawnText> texts = stage.lay(scene, size, 1.0);
        const auto named =
            std::count_if(texts.begin(), texts.end(), [](const DrawnText& text) { return text.words.starts_with("t1"); });
        const std::string where = name + ", " + std::to_string(size.width) + "x" + std::to_string(size.height) + ":" + all(texts);
        QVERIFY2(named == 40 || stands(texts, "one name in ") || stands(texts, "1 in "), where.c_str());
        QVERIFY2(named > 1 && stands(texts, "t117"), where.c_str());
      }
      QVERIFY(!stands(stage.lay(scenes_[8][0], {700, 600}, 1.0), "name in"));
    }
  }

  void every_view_says_what_it_is_with_the_scenes_numbers() {
    for (const int experts : {4, 64})
      for (const Scene& scene : scenes_[experts])
        for (const ViewDeclaration& declaration : viewRegistry()) {
          const Explanation& about = declaration.about;
          QVERIFY2(about.definition.size() > 60 && about.lookFor.size() > 40 && about.formula, declaration.name.c_str());
          const std::string numbers = about.formula(scene);
          QVERIFY2(numbers.size() > 15 && numbers.find("nan") == std::string::npos, (declaration.name + ": " + numbers).c_str());
        }
    const auto formulaOf = [&](const std::string& name) {
      for (const ViewDeclaration& declaration : viewRegistry())
        if (declaration.name == name) return declaration.about.formula(scenes_[8][0]);
      return std::string();
    };
    const Routing& routing = *scenes_[8][0].routing;
    double entropy = 0.0;
    for (Eigen::Index t = 0; t < routing.probabilities.rows(); ++t)
      for (Eigen::Index e = 0; e < 8; ++e)
        entropy -= routing.probabilities(t, e) * std::log(routing.probabilities(t, e)) /
                   static_cast<double>(routing.probabilities.rows());
    QVERIFY2(formulaOf("concentration_curve").find(formatted("%.3f", entropy)) != std::string::npos,
             formulaOf("concentration_curve").c_str());
    QVERIFY(
        formulaOf("load_bars").find(formatted("largest / mean - 1 = %.2f %%", 100 * routing.gates.colwise().mean().maxCoeff())) !=
        std::string::npos);
  }

  void a_view_that_throws_says_so_and_draws_again_later() {
    auto told = std::make_unique<Told>();
    Told* drawing = told.get();
    Stage stage(std::move(told));
    drawing->drawing = [](Canvas&) { throw std::runtime_error("the planted fault"); };
    const auto failed = stage.lay(scenes_[4][0], {700, 600}, 1.0);
    QVERIFY(stands(failed, "Told") && stands(failed, "cannot be drawn: the planted fault"));
    drawing->drawing = [](Canvas& canvas) { canvas.text({100, 100}, "well again", {{1, 1, 1}}); };
    const auto well = stage.lay(scenes_[4][0], {700, 600}, 1.0);
    QVERIFY(stands(well, "well again") && !stands(well, "planted"));
  }

  void hidden_states_that_are_not_numbers_are_said_in_the_view() {
    auto broken = std::make_shared<Snapshot>(*scenes_[8][0].snapshot);
    broken->layers[0].hidden(3, 2) = NAN;
    Scene scene = scenes_[8][0];
    const auto routing = scene.routing;
    testing::showSnapshot(scene, broken);
    scene.routing = routing;
    Stage stage(makeView("expert_subspaces"));
    QVERIFY(stands(stage.lay(scene, {1180, 820}, 1.0), "the routing tokens hold values that are not"));
    QVERIFY(!stands(stage.lay(scenes_[8][0], {1180, 820}, 1.0), "hold values"));
  }

  void no_number_is_said_in_words() {
    QCOMPARE(formatted("mean %.3f nats", NAN), std::string("mean not a number nats"));
    QCOMPARE(formatted("%.1f %% of all", INFINITY), std::string("infinite % of all"));
    QCOMPARE(formatted(", 5 %% below %.3f", NAN), std::string(", 5 % below not a number"));
    QCOMPARE(formatted("%+.2f", 1.5), std::string("+1.50"));
  }

  void an_auxiliary_loss_that_a_router_has_not_is_none() {
    Scene scene = scenes_[8][0];
    std::vector<StepMetrics> history;
    for (int i = 1; i <= 2000; ++i)  // the mean of the first router's would decay to 4e-54 under the second
      history.push_back({i,
                          5.0 / i,
                          NAN,
                          {1.0, 1.0},
                          {3.0, 3.0},
                          {0.5, 0.5},
                          {0.9, 0.9},
                          {i < 500 ? 0.1 : 0.0, 0.0},
                          {i < 500 ? 0.05 : 0.0, 0.0},
                          "switch"});
    scene.steps = testing::seriesOf(history);
    Stage stage(makeView("training_metrics"));
    auto texts = stage.lay(scene, {1180, 820}, 1.0);
    QVERIFY(stands(texts, "auxiliary loss:  none") && stands(texts, "share:  0") && stands(texts, "held out: not measured yet"));
    for (const DrawnText& text : texts) QVERIFY2(text.words.find("e-") == std::string::npos, text.words.c_str());
    for (StepMetrics& step : history) step.auxiliaryLoss = {0.0, 0.0}, step.loss = NAN;
    scene.steps = testing::seriesOf(history);
    texts = stage.lay(scene, {1180, 820}, 1.0);
    QVERIFY(stands(texts, "auxiliary loss: none") && stands(texts, "loss, nats per byte:  not a number"));
  }

  void equal_gates_have_equal_colours_at_every_concentration() {
    Stage stage(makeView("score_heatmap"));
    const auto ends = [&](float alpha) {
      Scene scene = scenes_[8][0];
      scene.lens.concentration = alpha;
      scene.routing = std::make_shared<const Routing>(evaluate(*scene.snapshot, scene.lens));
      const auto texts = stage.lay(scene, {700, 600}, 1.0);
      return stands(texts, "0.25") &&
             std::any_of(texts.begin(), texts.end(), [](const DrawnText& text) { return text.words == "1"; });
    };
    QVERIFY(ends(0.001f) && ends(1.0f) && ends(64.0f));  // the scale is the same; the colours themselves: test_views
  }
};

MOESCOPE_TEST(TestViewWords)
#include "test_view_words.moc"
