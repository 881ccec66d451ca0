// Pictures checked against what was planted: positions, heights and colours computed here from the gates.

#include <QTest>
#include <cmath>

#include "core/geometry/random_angles.h"
#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"
#include "views/offscreen.h"
#include "views/palette.h"
#include "views/registry.h"

using namespace moescope;
using testing::analysisOf, testing::sceneOf;

namespace {

constexpr int kWidth = 700, kHeight = 600;

std::unique_ptr<View> makeView(const std::string& name) {
  for (const ViewDeclaration& view : viewRegistry())
    if (view.name == name) return view.make();
  return nullptr;
}

Color pixel(const Image& image, int x, int y) {
  const auto at = static_cast<std::size_t>(3 * (y * image.width + x));
  return {image.pixels[at] / 255.0, image.pixels[at + 1] / 255.0, image.pixels[at + 2] / 255.0};
}

double distance(const Color& a, const Color& b) { return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); }

/// Share of pixels that differ by more than a tenth in any channel.
double difference(const Image& a, const Image& b) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.pixels.size(); i += 3) {
    bool differs = false;
    for (std::size_t c = 0; c < 3; ++c) differs |= std::abs(int(a.pixels[i + c]) - int(b.pixels[i + c])) > 25;
    count += differs;
  }
  return static_cast<double>(count) / (static_cast<double>(a.pixels.size()) / 3);
}

/// Pixels of about this colour in the picture's lower five sixths (the caption is above).
struct Patch {
  int count = 0, left = kWidth, right = -1, bottom = kHeight, top = -1;
};
Patch patchOf(const Image& image, const Color& color, int fromX = 0, int toX = kWidth) {
  Patch patch;
  for (int y = 0; y < image.height * 5 / 6; ++y)
    for (int x = fromX; x < toX; ++x) {
      if (distance(pixel(image, x, y), color) > 0.04) continue;
      ++patch.count;
      patch.left = std::min(patch.left, x);
      patch.right = std::max(patch.right, x);
      patch.bottom = std::min(patch.bottom, y);
      patch.top = std::max(patch.top, y);
    }
  return patch;
}

/// The same snapshot with two experts' places exchanged.
SnapshotPointer permuted(const Snapshot& snapshot) {
  auto other = std::make_shared<Snapshot>(snapshot);
  for (LayerSnapshot& layer : other->layers) {
    layer.scores.col(0).swap(layer.scores.col(3));
    std::swap(layer.frames[0], layer.frames[3]);
    layer.routerDirections.row(0).swap(layer.routerDirections.row(3));
    layer.scores.col(1) *= -1.0f;
    layer.spectra.row(1) *= 0.2;
  }
  return other;
}

}  // namespace

class TestViews : public QObject {
  Q_OBJECT
  std::unique_ptr<Offscreen> offscreen_;

  Image render(View& view, const Scene& scene, bool dark = true) {
    Theme theme;
    theme.dark = dark;
    return offscreen_->render(view, scene, theme, kWidth, kHeight);
  }

 private Q_SLOTS:
  void initTestCase() { offscreen_ = std::make_unique<Offscreen>(); }

  void every_view_repeats_itself_and_shows_a_wrong_scene_as_different() {
    const auto planted = testing::plantedSnapshot();
    for (const ViewDeclaration& declaration : viewRegistry()) {
      if (declaration.name == "training_metrics" || declaration.name == "next_bytes")
        continue;  // they draw steps and a text, not the snapshot
      Scene scene = sceneOf(planted, 0.7f), wrong = sceneOf(permuted(*planted), 0.7f);
      if (declaration.group ==
          kLayersGroup)  // these count choices, and where gating is soft every expert is chosen by every token
        for (Scene* each : {&scene, &wrong}) {
          each->lens.gating = {GatingPolicy::TopK, 2};
          each->routing = std::make_shared<const Routing>(evaluate(*each->snapshot, each->lens));
        }
      const auto first = declaration.make(), second = declaration.make(), third = declaration.make();
      const Image a = render(*first, scene), b = render(*second, scene), c = render(*third, wrong);
      QVERIFY2(difference(a, b) < 1e-4, declaration.name.c_str());
      QVERIFY2(difference(a, c) > 1e-3, declaration.name.c_str());
    }
  }

  void every_view_differs_between_dark_and_light_and_waits_without_a_snapshot() {
    const Scene scene = sceneOf(testing::plantedSnapshot(), 1.0f);
    for (const ViewDeclaration& declaration : viewRegistry()) {
      const auto view = declaration.make();
      const Image waiting = render(*view, Scene{}), dark = render(*view, scene), light = render(*view, scene, false);
      QVERIFY2(difference(dark, light) > 0.2, declaration.name.c_str());
      QVERIFY2(difference(dark, waiting) > 1e-2, declaration.name.c_str());
      QVERIFY(distance(pixel(light, 2, 2), backgroundColor({false})) < 0.02);
    }
  }

  void matrices_of_experts_show_their_cells() {
    const auto snapshot = testing::plantedSnapshot();
    Scene scene = sceneOf(snapshot, 1.0f);
    const auto view = makeView("principal_angles");
    auto planted = std::make_shared<ExpertAnalysis>(*scene.analysis);
    planted->overlap.setConstant(0.25);
    planted->overlap(2, 5) = planted->overlap(5, 2) = 0.75;
    scene.analysis = planted;
    const Image image = render(*view, scene);
    int high = 0, low = 0;
    for (int y = 0; y < kHeight; y += 3)
      for (int x = 0; x < kWidth; x += 3) {
        const Pick pick = view->pick(x, y);
        if (pick.text.find("overlap") == std::string::npos) continue;
        const bool planted25 = pick.text.starts_with("E2, E5") || pick.text.starts_with("E5, E2");
        const double wanted = distance(pixel(image, x, y), sequentialColor(planted25 ? 0.75 : 0.25));
        const double other = distance(pixel(image, x, y), sequentialColor(planted25 ? 0.25 : 0.75));
        (planted25 ? high : low) += wanted < 0.05 ? 1 : 0;
        QVERIFY(other > 0.05);
      }
    QVERIFY(high > 20);
    QVERIFY(low > 500);
  }

  void angles_of_random_subspaces_lie_in_the_spectrum_where_they_were_simulated() {
    const auto view = makeView("principal_angles");
    const Scene scene = sceneOf(testing::plantedSnapshot(), 1.0f);
    render(*view, scene);
    const RandomAngles random = simulateRandomAngles(scene.analysis->width, scene.analysis->settings.rank);
    std::vector<double> heights(static_cast<std::size_t>(scene.analysis->settings.rank)), counts(heights.size());
    for (int y = 0; y < kHeight; ++y)
      for (int x = 0; x < kWidth; ++x)
        for (std::size_t i = 0; i < heights.size(); ++i)
          if (view->pick(x, y).text.starts_with("random subspaces, simulated: angle " + std::to_string(i + 1)))
            heights[i] += y, counts[i] += 1;
    for (std::size_t i = 0; i < heights.size(); ++i) QVERIFY(counts[i] > 0);
    const double first = heights[0] / counts[0], last = heights.back() / counts.back(), least = random.mean[0],
                 most = random.mean[random.mean.size() - 1];
    for (std::size_t i = 1; i + 1 < heights.size(); ++i) {
      const double share = (random.mean[static_cast<Eigen::Index>(i)] - least) / (most - least);
      QVERIFY(std::abs(heights[i] / counts[i] - (first + share * (last - first))) <
              6.0);  // a neighbour may hide a corner of the target
    }
  }

  void the_embeddings_draw_every_expert_three_times_and_nearer_ones_nearer() {
    const auto view = makeView("embeddings_compared");
    Scene scene = sceneOf(testing::plantedSnapshot(), 1.0f);
    // Experts on a line: angle e * 10 degrees from the first axis, subspaces of rank 1.
    auto planted = std::make_shared<ExpertAnalysis>(*scene.analysis);
    std::vector<Eigen::MatrixXd> lines;
    planted->withSubspace.clear();
    for (int e = 0; e < 8; ++e) {
      Eigen::MatrixXd line = Eigen::MatrixXd::Zero(planted->width, 1);
      line(0, 0) = std::cos(0.17 * e);
      line(1, 0) = std::sin(0.17 * e);
      lines.push_back(line);
      planted->withSubspace.push_back(e);
    }
    planted->angles = principalAnglesOfAllPairs(lines);
    testing::showAnalysis(scene, planted);
    render(*view, scene);
    for (const std::string method : {"Classical MDS", "SMACOF", "Diffusion map"}) {
      std::vector<double> x(8), y(8), count(8);
      for (int py = 0; py < kHeight; ++py)
        for (int px = 0; px < kWidth; ++px)
          if (const Pick pick = view->pick(px, py); pick.expert >= 0 && pick.text.find(" by " + method) != std::string::npos) {
            const auto e = static_cast<std::size_t>(pick.expert);
            x[e] += px, y[e] += py, count[e] += 1;
          }
      for (std::size_t e = 0; e < 8; ++e) QVERIFY2(count[e] > 0, method.c_str());
      const auto apart = [&](std::size_t a, std::size_t b) {
        return std::hypot(x[a] / count[a] - x[b] / count[b], y[a] / count[a] - y[b] / count[b]);
      };
      QVERIFY2(apart(0, 1) < apart(0, 4) && apart(0, 4) < apart(0, 7), method.c_str());
    }
  }

  void what_is_no_number_says_so_under_the_pointer_and_draws_no_point() {
    Scene scene = sceneOf(testing::plantedSnapshot(), 1.0f);
    auto planted = std::make_shared<ExpertAnalysis>(*scene.analysis);
    planted->shared.mean.row(3).setConstant(NAN);
    planted->shared.mean.col(3).setConstant(NAN);
    scene.analysis = planted;
    for (const std::string name : {"jacobian_alignment", "asymmetry"}) {
      const auto view = makeView(name);
      render(*view, scene);
      int said = 0;
      for (const DrawnText& text : dynamic_cast<FlatView&>(*view).texts())
        said += text.words.find("not a number") != std::string::npos;
      for (int y = 0; y < kHeight; y += 2)
        for (int x = 0; x < kWidth; x += 2) {
          const std::string text = view->pick(x, y).text;
          said += text.find("not a number") != std::string::npos;
          QVERIFY2(text.find("nan") == std::string::npos, text.c_str());
          QVERIFY2(name != "asymmetry" || (text.find("E3, ") == std::string::npos && text.find(", E3:") == std::string::npos),
                   text.c_str());
        }
      QVERIFY2(said > 0, name.c_str());  // of the pair, or in the caption of its mean
    }
  }

  void a_switch_of_router_is_marked_on_the_time_line() {
    const auto view = makeView("training_metrics");
    Scene scene = sceneOf(testing::plantedSnapshot(), 1.0f);
    render(*view, scene);
    const auto marked = [&] {
      int count = 0;
      for (int y = 0; y < kHeight; y += 5)
        for (int x = 0; x < kWidth; x += 2)
          count += view->pick(x, y).text == "step 15: router changed from grmoe to topk" ? 1 : 0;
      return count;
    };
    QVERIFY(marked() > 20);
    std::vector<StepMetrics> same;
    for (int i = 1; i <= 30; ++i) same.push_back(testing::plantedStep(i)), same.back().router = "grmoe";
    scene.steps = testing::seriesOf(same);
    render(*view, scene);
    QCOMPARE(marked(), 0);
  }

  void the_training_view_tells_the_numbers_of_the_moment_and_marks_it() {
    const auto view = makeView("training_metrics");
    Scene scene = sceneOf(testing::plantedSnapshot(), 1.0f);
    const auto said = [&](const std::string& words) {
      for (const DrawnText& text : dynamic_cast<FlatView&>(*view).texts())
        if (text.words.find(words) != std::string::npos) return true;
      return false;
    };
    const auto marked = [&](const std::string& words) {
      for (int y = 0; y < kHeight; y += 5)
        for (int x = 0; x < kWidth; x += 2)
          if (view->pick(x, y).text == words) return true;
      return false;
    };
    render(*view, scene);
    QVERIFY(said("held out 0.133"));  // 4/30, at step 30
    QVERIFY(!said("as of step"));
    const auto past = [&](std::int64_t step) {
      auto earlier = std::make_shared<Snapshot>(*scene.snapshot);
      earlier->step = step;
      scene.snapshot = earlier;
      scene.past = true;
      render(*view, scene);
    };
    past(12);
    double trend = 5.0;  // of losses 5/step, as the recorder has it
    for (int step = 2; step <= 12; ++step) trend = 0.92 * trend + 0.08 * 5.0 / step;
    QVERIFY(said("as of step 12") && said(formatted(":  %.3g", trend)));
    QVERIFY(said("held out 0.400 at step 10") && !said("0.133"));
    QVERIFY(marked("step 12: the moment that is shown") && !marked("step 13: the moment that is shown"));
    past(9);
    QVERIFY(said("held out: not measured yet"));
    past(0);
    QVERIFY(said("not measured"));
  }

  void without_an_analysis_the_views_say_so() {
    Scene scene = sceneOf(testing::plantedSnapshot(), 1.0f);
    const Scene full = scene;
    scene.analysis = nullptr;
    scene.compared = nullptr;
    scene.analysisHistory = nullptr;
    for (const ViewDeclaration& declaration : viewRegistry()) {
      if (declaration.group != "Experts") continue;
      const auto view = declaration.make();
      QVERIFY2(difference(render(*view, full), render(*view, scene)) > 0.01, declaration.name.c_str());
    }
  }

  void a_failed_analysis_is_said_in_place_of_a_picture() {
    Scene scene = sceneOf(testing::plantedSnapshot(), 1.0f);
    for (const std::string name :
         {"jacobian_alignment", "principal_angles", "asymmetry", "coupling_matrix", "score_activation"}) {
      const auto view = makeView(name);
      for (const std::string failure : {"the analysis of step 31 failed: a planted fault", ""}) {
        scene.analysisFailure = failure;
        render(*view, scene);
        int said = 0;
        for (int y = 0; y < kHeight; y += 10)
          for (int x = 0; x < kWidth; x += 10) said += view->pick(x, y).text == "the analysis of step 31 failed: a planted fault";
        QVERIFY2(failure.empty() ? said == 0 : said > 500, name.c_str());
      }
    }
  }

  void tokens_lie_at_the_centre_at_concentration_zero_and_in_corners_at_a_high_one() {
    const auto view = makeView("score_polygon");
    const auto snapshot = testing::plantedSnapshot();
    const auto alone = [&](float concentration) {
      Scene scene = sceneOf(snapshot, concentration);
      scene.prompt = nullptr;  // whose rings would lie over the tokens
      return scene;
    };
    render(*view, alone(0.0f));
    int corners = 0, tokens = 0;
    Pick atCentre;
    // Corners are found by picking; their middle is the polygon's centre.
    double sumX = 0.0, sumY = 0.0;
    std::vector<std::pair<int, int>> places(8, {-1, -1});
    for (int y = 0; y < kHeight; y += 3)
      for (int x = 0; x < kWidth; x += 3) {
        const Pick pick = view->pick(x, y);
        if (pick.expert >= 0 && places[static_cast<std::size_t>(pick.expert)].first < 0) {
          places[static_cast<std::size_t>(pick.expert)] = {x, y};
          sumX += x;
          sumY += y;
          ++corners;
        }
        if (pick.token >= 0) ++tokens;
      }
    QCOMPARE(corners, 8);
    QVERIFY(tokens > 0 && tokens < 30);  // all in one dot
    atCentre = view->pick(static_cast<int>(sumX / 8 + 6), static_cast<int>(sumY / 8 + 6));
    render(*view, alone(64.0f));
    int far = 0, near = 0;
    for (int y = 0; y < kHeight; y += 3)
      for (int x = 0; x < kWidth; x += 3)
        if (view->pick(x, y).token >= 0 || view->pick(x, y).expert >= 0)
          (std::hypot(x - sumX / 8, y - sumY / 8) > 100 ? far : near) += 1;
    QVERIFY(far > 5 * near);
  }

  void bar_heights_are_proportional_to_the_loads() {
    const auto view = makeView("load_bars");
    const auto snapshot = permuted(*testing::plantedSnapshot());
    Scene scene = sceneOf(snapshot, 1.0f);
    auto bare = std::make_shared<Snapshot>(*snapshot);
    for (LayerSnapshot& layer : bare->layers) layer.trainingLoad.resize(0);  // no ticks across the bars
    scene.snapshot = bare;
    const Image image = render(*view, scene);
    std::vector<double> perLoad;
    for (int e : {0, 2, 4, 6}) {  // E5 has nearly the colour of the synthetic mark
      const Patch bar = patchOf(image, expertColor(e, {true}));
      QVERIFY(bar.count > 50);
      perLoad.push_back((bar.top - bar.bottom + 1) / scene.routing->applied.load[e]);
    }
    for (double value : perLoad)
      QVERIFY2(std::abs(value / perLoad[0] - 1.0) < 0.04, qPrintable(QString("%1 of %2").arg(value).arg(perLoad[0])));
  }

  void before_the_first_step_no_assignments_in_training_are_shown() {
    const auto snapshot = std::make_shared<Snapshot>(*testing::plantedSnapshot());
    for (const int step : {0, 1}) {
      snapshot->step = step;
      for (const ViewDeclaration& view : viewRegistry())
        if (view.name == "load_bars")
          for (const auto& row : view.numbers(sceneOf(std::make_shared<Snapshot>(*snapshot), 1.0f)).rows)
            QCOMPARE(std::holds_alternative<double>(row[3].value), step == 1);
    }
  }

  void heat_map_cells_have_the_colour_of_the_mean_gate() {
    const auto view = makeView("score_heatmap");
    const Scene scene = sceneOf(testing::plantedSnapshot(), 0.5f);
    const Image image = render(*view, scene);
    const RowMatrix& gates = scene.routing->gates;
    int checked = 0;
    for (int domain = 0; domain < 4; ++domain)
      for (int expert = 0; expert < 8; ++expert) {
        double sum = 0.0, count = 0.0;
        for (Eigen::Index t = 0; t < gates.rows(); ++t)
          if (scene.snapshot->probe->domain[static_cast<std::size_t>(t)] == domain) sum += gates(t, expert), count += 1;
        int cx = 0, cy = 0, pixels = 0;
        for (int y = 0; y < kHeight; y += 2)
          for (int x = 0; x < kWidth; x += 2) {
            const Pick pick = view->pick(x, y);
            if (pick.expert == expert && pick.domain == domain) cx += x, cy += y, ++pixels;
          }
        QVERIFY(pixels > 20);
        char words[32];
        std::snprintf(words, sizeof words, "%.3f", sum / count);
        const Pick middle = view->pick(cx / pixels, cy / pixels);
        QVERIFY2(middle.text.find(words) != std::string::npos, middle.text.c_str());
        // Beside the number: the lower left of the cell. Bright cells are high gates.
        const Color color = pixel(image, cx / pixels - 20, cy / pixels - 8);
        double best = 9.0, value = 0.0;
        for (int i = 0; i <= 1000; ++i)
          if (const double d = distance(color, sequentialColor(i / 1000.0)); d < best) best = d, value = i / 1000.0;
        QVERIFY(best < 0.02);
        QVERIFY2(std::abs(value * value - sum / count) < 0.02 * sum / count + 0.002, words);  // by the root, from 0 to 1
        ++checked;
      }
    QCOMPARE(checked, 32);
  }

  void the_live_point_lies_where_entropy_and_concentration_say() {
    const auto view = makeView("concentration_curve");
    const auto snapshot = testing::plantedSnapshot();
    double lastX = -1.0, lastY = 1e9;
    for (float alpha : {0.125f, 0.5f, 2.0f}) {
      const Scene scene = sceneOf(snapshot, alpha);
      render(*view, scene);
      double cx = 0.0, cy = 0.0;
      int count = 0;
      for (int y = 0; y < kHeight; ++y)
        for (int x = 0; x < kWidth; ++x)
          if (!view->pick(x, y).text.empty()) cx += x, cy += y, ++count;
      QVERIFY(count > 50);
      QVERIFY(cx / count > lastX + 50);
      QVERIFY(cy / count < lastY - 1);
      lastX = cx / count;
      lastY = cy / count;
    }
  }
};

MOESCOPE_TEST(TestViews)
#include "test_views.moc"
