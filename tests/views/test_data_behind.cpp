// "Data behind this picture": every view tells the numbers that it draws, and they are what is computed here from the snapshot.

#include <QTest>
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "core/geometry/decompositions.h"
#include "tests/support/planted_scene.h"
#include "tests/support/test_class.h"
#include "views/view.h"

using namespace moescope;

namespace {

const Scene& scene() {
  static const Scene planted = [] {
    const auto snapshot = testing::plantedSnapshot();
    for (LayerSnapshot& layer : snapshot->layers)
      for (Eigen::Index e = 0; e < layer.spectra.rows(); ++e)
        for (Eigen::Index j = 0; j < layer.spectra.cols(); ++j)
          layer.spectra(e, j) = 1.0 + static_cast<double>((3 * e + 5 * j) % 7);
    return testing::sceneOf(snapshot, 0.7f);
  }();
  return planted;
}

DataTable tableOf(const std::string& name, const Scene& of) {
  for (const ViewDeclaration& view : viewRegistry())
    if (view.name == name) return dataBehind(view, of);
  throw std::out_of_range(name);
}
DataTable tableOf(const std::string& name) { return tableOf(name, scene()); }

std::size_t column(const DataTable& table, const std::string& name) {
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    if (table.columns[c].name == name) return c;
  throw std::out_of_range(name);
}

double number(const DataTable& table, std::size_t row, const std::string& name) {
  const Cell& cell = table.rows.at(row)[column(table, name)];
  if (const auto* whole = std::get_if<std::int64_t>(&cell.value)) return static_cast<double>(*whole);
  return std::get<double>(cell.value);
}

std::string words(const DataTable& table, std::size_t row, const std::string& name) {
  return std::get<std::string>(table.rows.at(row)[column(table, name)].value);
}

bool near(double a, double b, double tolerance = 1e-6) { return std::abs(a - b) <= tolerance * (1.0 + std::abs(b)); }

/// The planted router gives every expert its probability: the softmax of the logits at the scene's concentration.
double gate(Eigen::Index token, Eigen::Index expert) {
  const auto logits = scene().routing->logits.row(token).cast<double>();
  double sum = 0.0;
  for (Eigen::Index e = 0; e < logits.size(); ++e) sum += std::exp(logits[e] - logits.maxCoeff());
  return std::exp(logits[expert] - logits.maxCoeff()) / sum;
}

double entropyOf(Eigen::Index token) {
  double entropy = 0.0;
  for (Eigen::Index e = 0; e < scene().routing->logits.cols(); ++e) entropy -= gate(token, e) * std::log(gate(token, e));
  return entropy;
}

/// Principal angles of two experts' measured subspaces, rising, radians.
std::vector<double> anglesOf(int a, int b) {
  const auto& subspaces = scene().analysis->subspaces;
  const Eigen::VectorXd cosines =
      singularValues(subspaces[static_cast<std::size_t>(a)].transpose() * subspaces[static_cast<std::size_t>(b)]);
  std::vector<double> angles;
  for (const double cosine : cosines) angles.push_back(std::acos(std::clamp(cosine, 0.0, 1.0)));
  std::sort(angles.begin(), angles.end());
  return angles;
}

}  // namespace

class TestDataBehind : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void every_view_tells_its_numbers_with_names_and_says_why_there_are_none() {
    for (const ViewDeclaration& view : viewRegistry()) {
      const DataTable table = dataBehind(view, scene());
      QVERIFY2(!table.rows.empty() && table.columns.size() > 1, view.name.c_str());
      for (const DataColumn& each : table.columns)
        QVERIFY2(!each.name.empty() && each.name.find(' ') == std::string::npos, (view.name + ": " + each.name).c_str());
      for (const auto& row : table.rows) QCOMPARE(row.size(), table.columns.size());
      QCOMPARE(std::get<std::string>(table.about.front().second.value), view.name);
      try {
        dataBehind(view, Scene{});
        QFAIL("numbers of nothing");
      } catch (const std::runtime_error& error) {
        QCOMPARE(std::string(error.what()), std::string("waiting for the first snapshot"));
      }
    }
    Scene untold = scene();
    untold.analysis = nullptr;
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, tableOf("asymmetry", untold));
  }

  void loads_are_the_mean_gates() {
    const DataTable table = tableOf("load_bars");
    const Eigen::Index tokens = scene().routing->gates.rows();
    for (std::size_t e = 0; e < 8; ++e) {
      double load = 0.0;
      for (Eigen::Index t = 0; t < tokens; ++t) load += gate(t, static_cast<Eigen::Index>(e)) / static_cast<double>(tokens);
      QVERIFY(near(number(table, e, "load"), 100.0 * load, 1e-5));
      QCOMPARE(number(table, e, "uniform"), 12.5);
      QVERIFY(near(number(table, e, "assigned_by_the_model"), 12.5));
    }
  }

  void tokens_lie_between_the_corners_of_the_unit_circle() {
    const DataTable table = tableOf("score_polygon");
    QCOMPARE(table.rows.size(), std::size_t(512));
    for (std::size_t t = 0; t < 512; t += 61) {
      double x = 0.0, y = 0.0;
      for (int e = 0; e < 8; ++e) {  // E0 above, then clockwise
        x += gate(static_cast<Eigen::Index>(t), e) * std::sin(e * std::numbers::pi / 4);
        y += gate(static_cast<Eigen::Index>(t), e) * std::cos(e * std::numbers::pi / 4);
      }
      QVERIFY(near(number(table, t, "x"), x, 1e-5) && near(number(table, t, "y"), y, 1e-5));
      QVERIFY(near(number(table, t, "entropy"), entropyOf(static_cast<Eigen::Index>(t)), 1e-5));
    }
  }

  void the_heat_map_tells_domain_means_then_every_gate() {
    const DataTable table = tableOf("score_heatmap");
    const Probe& probe = *scene().snapshot->probe;
    QCOMPARE(table.rows.size(), std::size_t(4 * 8 + 512 * 8));
    double sum = 0.0, count = 0.0;
    for (Eigen::Index t = 0; t < 512; ++t)
      if (probe.domain[static_cast<std::size_t>(t)] == 2) sum += gate(t, 5), count += 1.0;
    const std::size_t row = 2 * 8 + 5;
    QCOMPARE(words(table, row, "domain"), std::string("domain C"));
    QVERIFY(std::holds_alternative<std::monostate>(table.rows[row][column(table, "token")].value));
    QVERIFY(near(number(table, row, "applied_gate"), sum / count, 1e-5));
    QVERIFY(near(number(table, 32 + 100 * 8 + 3, "applied_gate"), gate(100, 3), 1e-5));
    QCOMPARE(number(table, 32 + 100 * 8 + 3, "token"), 100.0);
  }

  void the_live_point_is_the_mean_entropy_between_its_bounds() {
    const DataTable table = tableOf("concentration_curve");
    const std::size_t live = table.rows.size() - 1;
    double mean = 0.0;
    for (Eigen::Index t = 0; t < 512; ++t) mean += entropyOf(t) / 512.0;
    QCOMPARE(words(table, live, "point"), std::string("live"));
    QVERIFY(near(number(table, live, "mean_entropy"), mean, 1e-5));
    for (std::size_t r = 0; r <= live; ++r) {
      const double entropy = number(table, r, "mean_entropy");
      QVERIFY(number(table, r, "lower_bound") <= entropy + 1e-5 && entropy <= number(table, r, "upper_bound") + 1e-5);
    }
  }

  void the_next_byte_is_told_as_trained_through_the_lens_and_as_it_is_drawn() {
    const DataTable table = tableOf("next_bytes");
    QCOMPARE(table.rows.size(), std::size_t(256));
    const PromptReading& reading = *scene().prompt;
    const Eigen::Index place = scene().promptPlace;
    double powers = 0.0, drawn = 0.0, before = 2.0;
    for (int b = 0; b < 256; ++b) powers += std::pow(static_cast<double>(reading.next(place, b)), 1.0 / 0.7);
    for (std::size_t r = 0; r < 256; ++r) {
      const auto byte = static_cast<Eigen::Index>(number(table, r, "byte"));
      const double chance = reading.next(place, byte), trained = reading.nextAsTrained(place, byte);
      QVERIFY(near(number(table, r, "through_the_lens"), chance) && near(number(table, r, "as_trained"), trained));
      QVERIFY(near(number(table, r, "drawn_at_temperature"), std::pow(chance, 1.0 / 0.7) / powers));
      QCOMPARE(number(table, r, "follows_in_the_text") == 1.0, byte == '\n');
      QVERIFY(std::max(chance, trained) <= before);
      before = std::max(chance, trained);
      drawn += number(table, r, "drawn_at_temperature");
    }
    QVERIFY(near(drawn, 1.0));
    Scene greedy = scene();
    testing::showPrompt(greedy, "own text\n", 0.0);
    const DataTable certain = tableOf("next_bytes", greedy);
    for (std::size_t r = 0; r < 256; ++r) {
      Eigen::Index likeliest = 0;
      greedy.prompt->next.row(place).maxCoeff(&likeliest);
      QCOMPARE(number(certain, r, "drawn_at_temperature"),
               number(certain, r, "byte") == static_cast<double>(likeliest) ? 1.0 : 0.0);
    }
  }

  void where_no_next_byte_can_be_known_the_reason_is_said() {
    const auto why = [](const Scene& of) {
      try {
        tableOf("next_bytes", of);
      } catch (const std::runtime_error& error) {
        return std::string(error.what());
      }
      return std::string("told");
    };
    Scene one = scene();
    QCOMPARE(why(one), std::string("told"));
    one.past = true;
    QVERIFY(why(one).find("an earlier step is shown") == 0);
    one.past = false;
    auto failed = std::make_shared<PromptReading>();
    failed->failure = "the planted fault";
    one.prompt = failed;
    QCOMPARE(why(one), std::string("the text cannot be read: the planted fault"));
    one.prompt = nullptr;
    QVERIFY(why(one).find("type a text") == 0);
    auto checkpoint = std::make_shared<Snapshot>(*scene().snapshot);
    auto origin = std::make_shared<CheckpointOrigin>();
    origin->layerNumbers = {0, 1};
    checkpoint->checkpoint = origin;
    one = scene();
    one.snapshot = checkpoint;
    QVERIFY(why(one).find("a checkpoint is shown") == 0);
    auto broken = std::make_shared<PromptReading>(*scene().prompt);
    broken->next(scene().promptPlace, 3) = NAN;
    one = scene();
    one.prompt = broken;
    QCOMPARE(why(one), std::string("the model's probabilities of the next byte are not finite"));
    auto cut = std::make_shared<PromptReading>(*scene().prompt);
    cut->first = 7;
    one.prompt = cut;
    one.promptPlace = -1;
    QVERIFY(why(one).find("the first 7 bytes") != std::string::npos);
  }

  void eigenvalues_fall_and_are_those_of_the_snapshot() {
    const DataTable table = tableOf("expert_spectra");
    QCOMPARE(table.rows.size(), std::size_t(2 * 8 * 4));
    for (std::size_t r = 0; r < table.rows.size(); r += 4) {
      const auto expert = static_cast<Eigen::Index>(number(table, r, "expert"));
      std::vector<double> planted;
      for (int j = 0; j < 4; ++j) planted.push_back(1.0 + static_cast<double>((3 * expert + 5 * j) % 7));
      std::sort(planted.rbegin(), planted.rend());
      for (std::size_t j = 0; j < 4; ++j) QCOMPARE(number(table, r + j, "eigenvalue"), planted[j]);
    }
  }

  void angles_overlap_and_distances_are_those_of_the_measured_subspaces() {
    const DataTable pairs = tableOf("principal_angles"), asymmetry = tableOf("asymmetry");
    int compared = 0;
    for (std::size_t r = 0; r < pairs.rows.size() && words(pairs, r, "what") == "pair"; ++r) {
      const int a = static_cast<int>(number(pairs, r, "expert")), b = static_cast<int>(number(pairs, r, "other"));
      const std::vector<double> angles = anglesOf(a, b);
      QVERIFY(near(number(pairs, r, "angle"),
                   angles.at(static_cast<std::size_t>(number(pairs, r, "angle_number")) - 1) * 180.0 / std::numbers::pi, 1e-5));
      double overlap = 0.0;
      for (const double angle : angles) overlap += std::cos(angle) * std::cos(angle) / static_cast<double>(angles.size());
      QVERIFY(near(number(pairs, r, "overlap"), overlap));
      for (std::size_t s = 0; s < asymmetry.rows.size() && words(asymmetry, s, "what") == "pair"; ++s)
        if (number(asymmetry, s, "expert") == a && number(asymmetry, s, "other") == b) {
          QVERIFY(near(number(asymmetry, s, "overlap"), overlap));
          ++compared;
        }
    }
    QVERIFY(compared > 20);
    Scene picked = scene();
    picked.selection.experts = {1, 6};
    const DataTable pair = tableOf("subspace_pair", picked);
    double squares = 0.0;
    for (const double angle : anglesOf(1, 6)) squares += angle * angle;
    for (std::size_t r = 0; r < pair.rows.size(); ++r)
      if (words(pair, r, "measure") == "geodesic distance") {
        QVERIFY(near(number(pair, r, "value"), std::sqrt(squares), 1e-5));
        ++compared;
      }
    QVERIFY(compared > 21);
  }

  void singular_values_of_jacobians_fall_and_their_mean_is_that_of_the_experts() {
    const DataTable table = tableOf("jacobian_spectra");
    QCOMPARE(table.rows.size(), std::size_t(8 + 2));
    const std::size_t mean = 8, layer = 9, first = column(table, "sigma_2_over_sigma_1");
    QCOMPARE(words(table, mean, "what"), std::string("mean over the experts"));
    QCOMPARE(words(table, layer, "what"), std::string("layer, gates held"));
    for (const std::string name : {"sigma_1", "effective_rank", "sigma_2_over_sigma_1", "sigma_5_over_sigma_1"}) {
      double sum = 0.0;
      for (std::size_t e = 0; e < 8; ++e) sum += number(table, e, name) / 8.0;  // as many tokens of each
      QVERIFY2(near(number(table, mean, name), sum), name.c_str());
    }
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      double before = 1.0;
      for (std::size_t c = first; c < table.columns.size(); ++c) {
        const double ratio = std::get<double>(table.rows[row][c].value);
        QVERIFY(ratio <= before + 1e-12 && ratio >= 0.0);
        before = ratio;
      }
    }
    // Each planted token has one expert with gate 1: the layer's Jacobian at it is that expert's.
    double least = 1e9, most = 0.0;
    for (std::size_t e = 0; e < 8; ++e)
      least = std::min(least, number(table, e, "sigma_1")), most = std::max(most, number(table, e, "sigma_1"));
    QVERIFY(number(table, layer, "sigma_1") > 0.5 * least && number(table, layer, "sigma_1") < 2.0 * most);
  }

  void why_there_are_no_singular_values_is_said() {
    const auto why = [](const std::string& reason) -> std::string {
      Scene without = scene();
      auto analysis = std::make_shared<ExpertAnalysis>(*without.analysis);
      analysis->spectra = nullptr;
      analysis->withoutSpectra = reason;
      without.analysis = analysis;
      try {
        tableOf("jacobian_spectra", without);
      } catch (const std::runtime_error& error) {
        return error.what();
      }
      return "";
    };
    QCOMPARE(why("left out: too dear"), std::string("left out: too dear"));
    QCOMPARE(why(""), std::string("was not measured when this was recorded"));
  }

  void training_steps_are_told_as_they_were_recorded() {
    const DataTable table = tableOf("training_metrics");
    int losses = 0, heldOut = 0;
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const double step = number(table, r, "first_step");
      const bool loss = words(table, r, "quantity") == "loss_nats_per_byte",
                 measured = words(table, r, "quantity") == "held_out_loss_nats_per_byte";
      if (loss || measured) QVERIFY(near(number(table, r, "last"), (loss ? 5.0 : 4.0) / step));
      losses += loss;
      heldOut += measured;
    }
    QCOMPARE(losses, 30);
    QCOMPARE(heldOut, 3);
  }
};

MOESCOPE_TEST(TestDataBehind)
#include "test_data_behind.moc"
