// Formulas with their values filled in: the numbers in the words against the same numbers computed here.

#include <QRegularExpression>
#include <QTest>
#include <cmath>

#include "core/geometry/bingham.h"
#include "core/reading/derivation.h"
#include "tests/support/planted_snapshot.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// The number that ends a line, before what follows it.
double after(const std::string& line, const QString& words) {
  const QString text = QString::fromStdString(line);
  const qsizetype at = text.lastIndexOf(words);
  const QRegularExpressionMatch match =
      QRegularExpression("-?\\d[\\d.e+-]*").match(text, at < 0 ? text.size() : at + words.size());
  return match.hasMatch() ? match.captured().toDouble() : NAN;
}

bool near(double a, double b) { return std::abs(a - b) < 2e-3 * (1.0 + std::abs(b)); }

std::string lineOf(const std::vector<std::string>& lines, const std::string& beginning) {
  for (const std::string& line : lines)
    if (line.starts_with(beginning)) return line;
  return {};
}

}  // namespace

class TestDerivation : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void each_step_of_a_bingham_gate_is_the_number_that_it_should_be_data() {
    QTest::addColumn<bool>("tempered");
    QTest::addRow("tempered") << true;
    QTest::addRow("Bingham") << false;
  }
  void each_step_of_a_bingham_gate_is_the_number_that_it_should_be() {
    QFETCH(bool, tempered);
    const auto snapshot = testing::plantedSnapshot();
    Lens lens;
    lens.concentration = 2.0f;
    lens.reading = tempered ? ConcentrationReading::Tempered : ConcentrationReading::Bingham;
    lens.gating.policy = GatingPolicy::TopK;
    const Routing routing = evaluate(*snapshot, lens);
    const LayerSnapshot& layer = snapshot->layers[0];
    const int token = 17;
    Eigen::Index expert = 0;
    routing.gates.row(token).maxCoeff(&expert);
    const std::vector<std::string> lines = derivationOf(*snapshot, routing, lens, token, static_cast<int>(expert));
    double score = 0.0;
    for (int j = 0; j < 4; ++j) {
      const double along = layer.frames[static_cast<std::size_t>(expert)].col(j).dot(layer.hidden.row(token));
      score += 12.0 * along * along;
    }
    const double psi = binghamNormaliser(Eigen::VectorXd::Constant(4, tempered ? 12.0 : 24.0), 32).logValue;
    const double logit = tempered ? 2.0 * (score - std::log(8.0) - psi) : 2.0 * score - std::log(8.0) - psi;
    double total = 0.0, entropy = 0.0, kept = 0.0;
    for (int e = 0; e < 8; ++e) total += std::exp(static_cast<double>(routing.logits(token, e)));
    for (int e = 0; e < 8; ++e) {
      const double p = std::exp(static_cast<double>(routing.logits(token, e))) / total;
      entropy -= p * std::log(p);
      if (routing.gates(token, e) > 0.0f) kept += p;
    }
    QVERIFY2(near(after(lineOf(lines, "score"), " = "), score) && lineOf(lines, "score").find("lambda_j") != std::string::npos,
             lines[0].c_str());
    QVERIFY(near(after(lineOf(lines, "normaliser"), ") = "), psi));
    QVERIFY2(near(after(lineOf(lines, "logit"), " = "), logit), lineOf(lines, "logit").c_str());
    const double p = std::exp(logit) / total;
    QVERIFY2(near(after(lineOf(lines, "probability"), " = "), static_cast<double>(routing.logits.row(token).maxCoeff())),
             lineOf(lines, "probability").c_str());
    QVERIFY(lineOf(lines, "probability").find(QString::number(p, 'g', 4).toStdString()) != std::string::npos);
    QVERIFY2(near(after(lineOf(lines, "applied gate"), " = "), p / kept), lineOf(lines, "applied gate").c_str());
    QVERIFY(lineOf(lines, "applied gate").find("the 2 experts that top-k keeps") != std::string::npos);
    QVERIFY2(near(after(lineOf(lines, "entropy"), ") = "), entropy), lineOf(lines, "entropy").c_str());
    Eigen::Index least = 0;
    routing.gates.row(token).minCoeff(&least);
    QVERIFY(lineOf(derivationOf(*snapshot, routing, lens, token, static_cast<int>(least)), "applied gate")
                .find("g = 0, top-k gives this token to 2 other experts") != std::string::npos);
  }

  void a_router_of_rows_has_no_normaliser_and_a_posterior_says_its_correction() {
    const auto snapshot = testing::plantedSnapshot();
    LayerSnapshot& layer = snapshot->layers[0];
    layer.frames.clear();
    layer.spectra.resize(0, 0);
    layer.logPrior.setZero();
    layer.posteriorScores = layer.scores.array() + 0.25f;
    const Routing routing = evaluate(*snapshot, {});
    const std::vector<std::string> lines = derivationOf(*snapshot, routing, {}, 3, 1);
    QVERIFY(lineOf(lines, "normaliser").empty());
    QVERIFY2(lines[0].find("s = w . x") != std::string::npos && near(after(lines[0], "correction "), 0.25), lines[0].c_str());
    QVERIFY2(lineOf(lines, "logit").find("l = alpha (s) = 1 x (") == 0 + std::string("logit: ").size(),
             lineOf(lines, "logit").c_str());
    QVERIFY(lineOf(lines, "applied gate").find("the router's own rule") != std::string::npos);
  }

  void the_way_of_a_token_names_every_layer() {
    const auto snapshot = testing::plantedSnapshot();
    const std::vector<std::string> way = wayOf(*snapshot, {}, 5);
    QCOMPARE(way.size(), std::size_t(2));
    Lens second;
    second.layer = 1;
    const Routing routing = evaluate(*snapshot, second);
    Eigen::Index leader = 0;
    const float most = routing.gates.row(5).maxCoeff(&leader);
    QVERIFY2(way[1].starts_with("layer 2: gates E" + std::to_string(leader) + " ") &&
                 near(after(way[1], "gates E" + QString::number(leader)), most),
             way[1].c_str());
  }

  void what_there_is_not_is_said() {
    const auto snapshot = testing::plantedSnapshot();
    const Routing routing = evaluate(*snapshot, {});
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, derivationOf(*snapshot, routing, {}, 512, 0));
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, derivationOf(*snapshot, routing, {}, 0, 8));
    QVERIFY_THROWS_EXCEPTION(std::out_of_range, derivationOf(*snapshot, routing, {}, -1, 0));
  }
};

MOESCOPE_TEST(TestDerivation)
#include "test_derivation.moc"
