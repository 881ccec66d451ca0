// Two sides beside each other: one scale for both, and differences that are what subtraction gives.

#include <vtkCamera.h>
#include <vtkNew.h>
#include <vtkRenderWindow.h>

#include <QTest>
#include <algorithm>

#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"
#include "views/plot.h"

using namespace moescope;

namespace {

const ViewDeclaration& declarationOf(const std::string& name) {
  for (const ViewDeclaration& view : viewRegistry())
    if (view.name == name) return view;
  throw std::invalid_argument(name);
}

/// The words of a view that is laid out and not drawn.
std::vector<std::string> wordsOf(View& view, const Scene& scene) {
  const vtkNew<vtkRenderWindow> window;
  window->SetOffScreenRendering(1);
  window->SetSize(700, 600);
  window->AddRenderer(view.renderer());
  view.update(scene, {});
  std::vector<std::string> words;
  for (const DrawnText& text : dynamic_cast<FlatView&>(view).texts()) words.push_back(text.words);
  window->RemoveRenderer(view.renderer());
  return words;
}

double viewAngle(const ViewDeclaration& declaration, const Scene& scene) {
  const auto view = declaration.make();
  wordsOf(*view, scene);
  return view->renderer()->GetActiveCamera()->GetViewAngle();
}

/// Numbers on the axes: words that are nothing but a number.
std::vector<std::string> ticksOf(const std::string& view, const Scene& scene) {
  std::vector<std::string> ticks;
  for (const std::string& words : wordsOf(*declarationOf(view).make(), scene))
    if (!words.empty() && words.find_first_not_of("0123456789.-ek") == std::string::npos && words.find('.') == std::string::npos)
      ticks.push_back(words);
  return ticks;
}

bool has(const std::vector<std::string>& words, const std::string& part) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& each) { return each.find(part) != std::string::npos; });
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& each : words) all += each + " ";
  return all;
}

}  // namespace

class TestPairScales : public QObject {
  Q_OBJECT

  /// B: all tokens of one expert, so that its loads need a far greater scale.
  static std::pair<Scene, Scene> pair() {
    const auto even = plantedOf(12.0), collapsed = std::make_shared<Snapshot>(*plantedOf(30.0));
    for (LayerSnapshot& layer : collapsed->layers) layer.scores.col(2).array() += 100.0f;
    Scene a = testing::sceneOf(even, 1.0f), b = testing::sceneOf(collapsed, 1.0f);
    const auto first = std::make_shared<const Scene>(a), second = std::make_shared<const Scene>(b);
    a.beside = second;
    b.beside = first;
    return {a, b};
  }
  static std::shared_ptr<Snapshot> plantedOf(double spectrum) {
    testing::PlantedShape shape;
    shape.spectrum = spectrum;
    return testing::plantedSnapshot(shape);
  }

 private Q_SLOTS:
  void both_sides_have_the_same_scale_data() {
    QTest::addColumn<std::string>("view");
    for (const char* name : {"load_bars", "expert_spectra"}) QTest::newRow(name) << std::string(name);
  }
  void both_sides_have_the_same_scale() {
    QFETCH(std::string, view);
    auto [a, b] = pair();
    const std::vector<std::string> first = ticksOf(view, a), second = ticksOf(view, b);
    QVERIFY(!first.empty());
    QVERIFY2(first == second, (joined(first) + "| " + joined(second)).c_str());
    a.beside = nullptr;
    QVERIFY2(ticksOf(view, a) != second, "alone it has a scale of its own");
  }

  void subspaces_of_both_sides_have_one_unit_one_spectrum_and_are_seen_from_as_near() {
    auto [a, b] = pair();
    const auto nearer = std::make_shared<Snapshot>(*b.snapshot);
    for (LayerSnapshot& layer : nearer->layers) layer.hidden *= 0.5f;
    b = testing::sceneOf(nearer, 1.0f);
    a.beside = std::make_shared<const Scene>(b);
    b.beside = std::make_shared<const Scene>(testing::sceneOf(a.snapshot, 1.0f));
    const ViewDeclaration& view = declarationOf("expert_subspaces");
    const auto unit = [&](const Scene& scene) { return std::get<double>(view.numbers(scene).about.back().second.value); };
    const auto longest = [&](const Scene& scene) {
      const DataTable table = view.numbers(scene);
      const auto column =
          static_cast<std::size_t>(std::find_if(table.columns.begin(), table.columns.end(),
                                                [](const DataColumn& each) { return each.name == "semi_axis_1"; }) -
                                   table.columns.begin());
      double most = 0.0;
      for (const auto& row : table.rows)
        if (const double* length = std::get_if<double>(&row[column].value)) most = std::max(most, *length);
      return most;
    };
    const double unitOfPair = unit(a), ofA = longest(a), angle = viewAngle(view, a);
    QCOMPARE(unit(b), unitOfPair);
    QCOMPARE(viewAngle(view, b), angle);
    const auto greatest = [](const Scene& scene) { return static_cast<double>(scene.snapshot->layers[0].spectra.maxCoeff()); };
    Scene alone = a, other = b;
    alone.beside = other.beside = nullptr;
    QVERIFY(std::abs(0.5 * (unit(alone) + unit(other)) - unitOfPair) < 1e-9);
    QVERIFY(greatest(b) > greatest(a));
    QVERIFY2(std::abs(ofA / longest(alone) - std::sqrt(greatest(a) / greatest(b))) < 1e-6,
             std::to_string(ofA / longest(alone)).c_str());
    QVERIFY(std::abs(unit(alone) - 2.0 * unit(other)) < 1e-6);
    QVERIFY2(viewAngle(view, alone) < angle, "the tokens that reach farther set how near both are seen from");
  }

  void alignments_of_both_sides_have_one_scale() {
    auto [a, b] = pair();
    const auto stronger = std::make_shared<ExpertAnalysis>(*b.analysis);
    stronger->shared.mean *= 50.0;
    b.analysis = stronger;
    a.beside = std::make_shared<const Scene>(b);
    const auto least = [](const Scene& scene) {
      double end = 0.0;  // of the colour bar: no cell is below it
      for (const std::string& words : wordsOf(*declarationOf("jacobian_alignment").make(), scene))
        if (words.starts_with("-")) end = std::min(end, std::stod(words));
      return end;
    };
    const double shared = least(a);
    QCOMPARE(least(b), shared);
    a.beside = nullptr;
    QVERIFY(shared < least(a));
  }

  void couplings_of_both_sides_have_one_scale_over_training_too() {
    auto [a, b] = pair();
    const auto history = std::make_shared<std::vector<AnalysisPointer>>();
    for (const AnalysisPointer& past : *b.analysisHistory) {  // matched pairs stand out from the others
      const auto stronger = std::make_shared<ExpertAnalysis>(*past);
      for (Eigen::MatrixXd* matrix : {&stronger->coupling.weights, &stronger->coupling.movements})
        if (matrix->size() > 0) matrix->diagonal().setConstant(0.9);
      history->push_back(stronger);
    }
    b.analysisHistory = history;
    a.beside = std::make_shared<const Scene>(b);
    const auto numbers = [](const Scene& scene) {
      std::vector<std::string> found;
      for (const std::string& words : wordsOf(*declarationOf("coupling_matrix").make(), scene))
        if (words.find_first_not_of("0123456789.-") == std::string::npos) found.push_back(words);
      return found;
    };
    const std::vector<std::string> shared = numbers(a);
    QVERIFY2(shared == numbers(b), (joined(shared) + "| " + joined(numbers(b))).c_str());
    a.beside = nullptr;
    QVERIFY(shared != numbers(a));
  }

  void training_curves_of_both_sides_stand_at_the_same_places() {
    auto [a, b] = pair();
    std::vector<StepMetrics> without, with;
    for (int i = 1; i <= 20; ++i) {
      with.push_back(testing::plantedStep(i));
      without.push_back(with.back());
      without.back().auxiliaryLoss = {0.0, 0.0};
    }
    a.steps = testing::seriesOf(without);
    b.steps = testing::seriesOf(with);
    b.beside = std::make_shared<const Scene>(a);
    a.beside = std::make_shared<const Scene>(b);
    const auto panels = [](const Scene& scene) {
      std::vector<std::string> titles;
      for (const std::string& words : wordsOf(*declarationOf("training_metrics").make(), scene))
        if (const std::size_t colon = words.find(":  "); colon != std::string::npos) titles.push_back(words.substr(0, colon));
      return titles;
    };
    QVERIFY(panels(a).size() > 3);
    QVERIFY2(panels(a) == panels(b), (joined(panels(a)) + "| " + joined(panels(b))).c_str());
    a.beside = nullptr;
    QCOMPARE(panels(a).size() + 1, panels(b).size());
  }

  void a_difference_says_both_ends_of_its_scale() {
    const auto [a, b] = pair();
    const auto means = [](const Scene& scene) {
      const Probe& probe = *scene.snapshot->probe;
      Eigen::MatrixXd sum =
          Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(probe.domainNames.size()), scene.routing->gates.cols());
      Eigen::VectorXd count = Eigen::VectorXd::Zero(sum.rows());
      for (Eigen::Index t = 0; t < scene.routing->gates.rows(); ++t) {
        sum.row(probe.domain[static_cast<std::size_t>(t)]) += scene.routing->gates.row(t).cast<double>();
        count[probe.domain[static_cast<std::size_t>(t)]] += 1.0;
      }
      return Eigen::MatrixXd(count.cwiseInverse().asDiagonal() * sum);
    };
    char least[16], most[16];
    const double end = (means(b) - means(a)).cwiseAbs().maxCoeff();
    std::snprintf(least, sizeof least, "%+.2g", -end);
    std::snprintf(most, sizeof most, "%+.2g", end);
    const std::vector<std::string> words = wordsOf(*declarationOf("score_heatmap").makeDifference(), a);
    for (const std::string& each : {std::string(least), std::string(most), std::string("0")})
      QVERIFY2(std::find(words.begin(), words.end(), each) != words.end(), each.c_str());
  }

  void the_difference_of_loads_is_what_subtraction_gives() {
    const auto [a, b] = pair();
    const std::vector<std::string> words = wordsOf(*declarationOf("load_bars").makeDifference(), a);
    const Eigen::VectorXd &first = a.routing->applied.load, &second = b.routing->applied.load;
    QVERIFY(second[2] > 0.99);
    for (Eigen::Index e = 0; e < first.size(); ++e) {
      char number[16];
      std::snprintf(number, sizeof number, "%+.1f", 100.0 * (second[e] - first[e]));
      QVERIFY2(has(words, number), number);
    }
  }

  void curves_are_subtracted_at_the_same_step() {
    auto [a, b] = pair();
    std::vector<StepMetrics> steps;
    for (int i = 1; i <= 20; ++i) {
      StepMetrics step = testing::plantedStep(i);
      step.router = "grmoe";
      step.loss = 2.0;
      steps.push_back(step);
    }
    a.steps = testing::seriesOf(steps);
    for (StepMetrics& step : steps) step.loss = 2.5;
    auto other = std::make_shared<Scene>(b);
    other->steps = testing::seriesOf(steps);
    a.beside = other;
    const std::vector<std::string> words = wordsOf(*declarationOf("training_metrics").makeDifference(), a);
    QVERIFY2(has(words, ":  +0.5"), joined(words).c_str());
    for (const std::string& end : {std::string("-0.5"), std::string("+0.5")})
      QVERIFY2(std::find(words.begin(), words.end(), end) != words.end(), joined(words).c_str());
  }

  void what_cannot_be_subtracted_is_said() {
    auto [a, b] = pair();
    testing::PlantedShape shape;
    shape.experts = 4;
    auto other = std::make_shared<Scene>(testing::sceneOf(testing::plantedSnapshot(shape), 1.0f));
    a.beside = other;
    for (const char* view : {"load_bars", "score_heatmap"}) {
      const std::string words = joined(wordsOf(*declarationOf(view).makeDifference(), a));
      QVERIFY2(words.find("A has 8 experts, B 4") != std::string::npos, words.c_str());
    }
    a.beside = nullptr;
    QVERIFY(has(wordsOf(*declarationOf("load_bars").makeDifference(), a), "waiting for the other side"));
  }

  void a_picture_changes_with_the_one_beside_it() {
    auto [a, b] = pair();
    Scene same = a;
    same.beside = std::make_shared<const Scene>(*a.beside);
    QVERIFY(looksAlike(a, same));
    auto changed = std::make_shared<Scene>(*a.beside);
    changed->selection.experts = {1};
    same.beside = changed;
    QVERIFY(!looksAlike(a, same));
  }
};

MOESCOPE_TEST(TestPairScales)
#include "test_pair_scales.moc"
