// Every row of the family table, on a checkpoint that is written from the row: for families that no library can generate this is
// all that is checked; and what must not go by in silence is refused for every row.

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <functional>

#include "core/checkpoint/families.h"
#include "core/checkpoint/family_table.h"
#include "core/checkpoint/layer_analysis.h"
#include "tests/support/checkpoint_files.h"
#include "tests/support/test_class.h"

using namespace moescope;
using namespace moescope::testing;

namespace {

constexpr int kWidth = 16, kUnits = 6, kExperts = 4;

struct Written {
  FileTensors tensors;
  std::map<std::string, std::string> config;
  std::string block;                              ///< "model.layers.1.mlp."
  std::string router, correctionBias;             ///< names
  std::vector<RowMatrix> gate, up, down;          ///< of each expert
  std::filesystem::path saved(const QTemporaryDir& holder) const {
    TinyCheckpoint made(std::vector<int>{});
    made.config = config;
    made.tensors = tensors;
    const std::filesystem::path folder = holder.path().toStdString();
    made.save(folder);
    return folder;
  }
};

RowMatrix random(int rows, int columns, std::mt19937& dice) {
  std::normal_distribution<float> normal;
  return RowMatrix::NullaryExpr(rows, columns, [&] { return normal(dice); });
}

FileTensor stored(const std::vector<std::int64_t>& shape, const std::vector<RowMatrix>& parts) {
  std::vector<float> numbers;
  for (const RowMatrix& part : parts) numbers.insert(numbers.end(), part.data(), part.data() + part.size());
  return floats(shape, numbers);
}

/// "a.b": x inside objects.
void setKey(std::map<std::string, std::string>& config, const std::string& key, const std::string& value) {
  const std::size_t dot = key.find('.');
  if (dot == std::string::npos) {
    config[key] = value;
    return;
  }
  std::string& inside = config[key.substr(0, dot)];
  if (!inside.empty()) inside.pop_back();
  inside += std::string(inside.empty() ? "{" : ",") + "\"" + key.substr(dot + 1) + "\":" + value + "}";
}

RowMatrix beside(const RowMatrix& left, const RowMatrix& right) {
  RowMatrix both(left.rows(), left.cols() + right.cols());
  both << left, right;
  return both;
}

RowMatrix above(const RowMatrix& upper, const RowMatrix& lower) {
  RowMatrix both(upper.rows() + lower.rows(), upper.cols());
  both << upper, lower;
  return both;
}

/// gate and up columns in turn.
RowMatrix inTurn(const RowMatrix& gate, const RowMatrix& up) {
  RowMatrix both(gate.cols(), 2 * gate.rows());
  for (Eigen::Index i = 0; i < gate.rows(); ++i) {
    both.col(2 * i) = gate.row(i).transpose();
    both.col(2 * i + 1) = up.row(i).transpose();
  }
  return both;
}

void writeStacked(const Family& row, Written& written) {
  const std::string fused = written.block + row.fused, down = written.block + row.stackedDown;
  std::vector<RowMatrix> first, second, last;
  const bool inOut = row.layout == StackedLayout::InOut || row.layout == StackedLayout::Interleaved;
  const bool apart = row.layout == StackedLayout::Flat || (row.layout == StackedLayout::OutIn && *row.stackedUp);
  for (int e = 0; e < kExperts; ++e) {
    const RowMatrix &g = written.gate[static_cast<std::size_t>(e)], &u = written.up[static_cast<std::size_t>(e)],
                    &d = written.down[static_cast<std::size_t>(e)];
    if (apart) first.push_back(g), second.push_back(u);
    else
      first.push_back(row.layout == StackedLayout::Interleaved  ? inTurn(g, u)
                      : row.layout == StackedLayout::RowsInTurn ? RowMatrix(inTurn(g, u).transpose())
                      : inOut                                   ? beside(g.transpose(), u.transpose())
                                                                : above(g, u));
    last.push_back(inOut || row.layout == StackedLayout::Flat ? RowMatrix(d.transpose()) : d);
  }
  if (row.layout == StackedLayout::Flat) {
    written.tensors[fused] = stored({kExperts * kUnits, kWidth}, first);
    written.tensors[written.block + row.stackedUp] = stored({kExperts * kUnits, kWidth}, second);
    written.tensors[down] = stored({kExperts * kUnits, kWidth}, last);
    return;
  }
  if (apart) written.tensors[written.block + row.stackedUp] = stored({kExperts, kUnits, kWidth}, second);
  written.tensors[fused] = stored(apart   ? std::vector<std::int64_t>{kExperts, kUnits, kWidth}
                                  : inOut ? std::vector<std::int64_t>{kExperts, kWidth, 2 * kUnits}
                                          : std::vector<std::int64_t>{kExperts, 2 * kUnits, kWidth},
                                  first);
  written.tensors[down] = stored(
      inOut ? std::vector<std::int64_t>{kExperts, kUnits, kWidth} : std::vector<std::int64_t>{kExperts, kWidth, kUnits}, last);
  if (!row.expertBiases) return;
  written.tensors[fused + "_bias"] = floats({kExperts, 2 * kUnits}, std::vector<float>(2 * kExperts * kUnits, 0.5f));
  written.tensors[down + "_bias"] = floats({kExperts, kWidth}, std::vector<float>(kExperts * kWidth, 0.5f));
}

void writeNumbered(const Family& row, Written& written) {
  for (int e = 0; e < kExperts; ++e) {
    const std::string own = written.block + "experts." + std::to_string(e) + ".";
    const auto at = static_cast<std::size_t>(e);
    if (row.activation != ActivationRule::NamedWithoutGate)
      written.tensors[own + "w1.weight"] = stored({kUnits, kWidth}, {written.gate[at]});
    const bool named = row.activation == ActivationRule::NamedWithoutGate;
    written.tensors[own + (named ? "up_proj.weight" : "w3.weight")] = stored({kUnits, kWidth}, {written.up[at]});
    written.tensors[own + (named ? "down_proj.weight" : "w2.weight")] = stored({kWidth, kUnits}, {written.down[at]});
  }
}

Written writtenFrom(const Family& row, bool stackedExperts) {
  std::mt19937 dice(3);
  Written written;
  const auto first = [](const char* words) { return wordsOf(words).front(); };
  setKey(written.config, "model_type", "\"" + first(row.types) + "\"");
  setKey(written.config, first(row.experts), std::to_string(kExperts));
  setKey(written.config, first(row.units), row.picturesApart ? "[" + std::to_string(kUnits) + ",3]" : std::to_string(kUnits));
  if (*row.identities.names) setKey(written.config, first(row.identities.names), "0");
  setKey(written.config, first(row.chosen), "2");
  setKey(written.config, "hidden_size", std::to_string(kWidth));
  setKey(written.config, "num_hidden_layers", "2");
  for (const char* groups : {row.groups.names, row.keptGroups.names})
    if (*groups) setKey(written.config, first(groups), "1");
  const std::string block = first(row.blocks), layer = "model.layers.1.";
  written.block = layer + (block == "." ? "" : block + ".");
  written.router = written.block + first(row.routers);
  written.tensors[written.router + ".weight"] = row.picturesApart ? stored({kWidth, kExperts}, {random(kWidth, kExperts, dice)})
                                                                  : stored({kExperts, kWidth}, {random(kExperts, kWidth, dice)});
  for (const char* name : {row.inputNorm, row.routerScale})
    if (*name) written.tensors[layer + name] = floats({kWidth}, std::vector<float>(kWidth, 2.0f));
  if (*row.expertScale) written.tensors[layer + row.expertScale] = floats({kExperts}, {1, 2, 3, 4});
  if (row.routerBias) written.tensors[written.router + ".bias"] = floats({kExperts}, {1, 2, 3, 4});
  if (row.correctionBias) {
    written.correctionBias = written.block + "gate.e_score_correction_bias";
    written.tensors[written.correctionBias] =
        row.picturesApart ? floats({2, kExperts}, {1, 2, 3, 4, 9, 9, 9, 9}) : floats({kExperts}, {1, 2, 3, 4});
  }
  for (int e = 0; e < kExperts; ++e) {
    written.gate.push_back(random(kUnits, kWidth, dice));
    written.up.push_back(random(kUnits, kWidth, dice));
    written.down.push_back(random(kWidth, kUnits, dice));
  }
  if (stackedExperts) writeStacked(row, written);
  else writeNumbered(row, written);
  return written;
}

/// What `attempt` is refused with; empty: it is not.
std::string refusalOf(const std::function<void()>& attempt) {
  try {
    attempt();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

std::string refusal(const Written& written) {
  const QTemporaryDir holder;
  return refusalOf([&] { MoeCheckpoint{written.saved(holder)}; });
}

}  // namespace

class TestFamilyTable : public QObject {
  Q_OBJECT

  static void rows(bool refused) {
    QTest::addColumn<int>("row");
    for (std::size_t i = 0; i < familyTable().size(); ++i)
      if ((familyTable()[i].check == FamilyCheck::Refused) == refused)
        QTest::newRow(familyTable()[i].types) << static_cast<int>(i);
  }

 private Q_SLOTS:
  void a_checkpoint_written_from_its_row_reads_as_written_data() { rows(false); }
  void a_checkpoint_written_from_its_row_reads_as_written() {
    QFETCH(int, row);
    const Family& family = familyTable()[static_cast<std::size_t>(row)];
    const bool ungated = family.activation == ActivationRule::NamedWithoutGate;
    for (const bool stackedExperts : {false, true}) {
      if (stackedExperts ? ungated : family.expertBiases) continue;
      const Written written = writtenFrom(family, stackedExperts);
      const QTemporaryDir holder;
      const MoeCheckpoint checkpoint(written.saved(holder));
      QCOMPARE(checkpoint.moeLayers(), std::vector<int>{1});
      QCOMPARE(checkpoint.experts(1), kExperts);
      QCOMPARE(checkpoint.router(1).scheme.rule, family.rule);
      QCOMPARE(static_cast<int>(checkpoint.router(1).correctionBias.size()), family.correctionBias ? kExperts : 0);
      for (int e = 0; e < kExperts; ++e) {
        const ExpertWeights expert = checkpoint.expert(1, e);
        const auto at = static_cast<std::size_t>(e);
        QVERIFY(expert.gate == (ungated ? written.up[at] : written.gate[at]));
        QVERIFY(ungated || expert.up == written.up[at]);
        QVERIFY(expert.down == written.down[at]);
        QCOMPARE(expert.downBias.size() > 0, family.expertBiases);
      }
    }
  }

  void nothing_of_a_block_goes_by_in_silence_data() { rows(false); }
  void nothing_of_a_block_goes_by_in_silence() {
    QFETCH(int, row);
    const Family& family = familyTable()[static_cast<std::size_t>(row)];
    const Written good = writtenFrom(family, family.expertBiases);
    const auto names = [&](const Written& changed, const std::string& name) {
      const std::string line = refusal(changed);
      QVERIFY2(line.find("\"" + name) != std::string::npos && line.find('\n') == std::string::npos, line.c_str());
    };
    Written changed = good;
    changed.tensors[good.block + "gate.some_bias"] = floats({kExperts}, {1, 2, 3, 4});
    names(changed, good.block + "gate.some_bias");
    changed = good;
    changed.tensors.erase(good.router + ".weight");
    if (!family.expertBiases) QVERIFY(!refusal(changed).empty());
    if (!family.correctionBias) return;
    changed = good;
    changed.tensors.erase(good.correctionBias);
    names(changed, good.block + "gate.e_score_correction_bias");
  }

  void a_refused_family_says_why_data() { rows(true); }
  void a_refused_family_says_why() {
    QFETCH(int, row);
    const Family& family = familyTable()[static_cast<std::size_t>(row)];
    for (const std::string& type : wordsOf(family.types)) {
      Written written;
      written.config = {{"model_type", "\"" + type + "\""}};
      written.tensors["a"] = floats({1}, {1});
      QVERIFY(refusal(written).ends_with("model_type \"" + type + "\" cannot be read: " + family.refused));
    }
  }

  void each_model_type_stands_in_one_row() {
    std::map<std::string, int> seen;
    for (const Family& family : familyTable())
      for (const char* types : {family.types, family.others})
        for (const std::string& type : wordsOf(types)) ++seen[type];
    for (const auto& [type, count] : seen) QVERIFY2(count == 1, type.c_str());
    QVERIFY(seen.size() > 70);
  }

  void capped_logits_give_the_softmax_of_their_caps() {
    RouterWeights router{RowMatrix::Identity(3, 3), {}, {}, {.rule = RouterRule::CappedSoftmax, .chosen = 2, .logitCap = 30.0f}};
    RowMatrix tokens(1, 3);
    tokens << 40.0f, 20.0f, -10.0f;
    const RoutedTokens routed = routeTokens(router, tokens);
    const double first = std::exp(30.0 * std::tanh(40.0 / 30.0)), second = std::exp(30.0 * std::tanh(20.0 / 30.0)),
                 third = std::exp(30.0 * std::tanh(-10.0 / 30.0));
    QVERIFY(std::abs(routed.weights(0, 0) - first / (first + second + third)) < 1e-6);
    QVERIFY(std::abs(routed.weights(0, 1) - second / (first + second + third)) < 1e-6);
    QCOMPARE(routed.weights(0, 2), 0.0f);
  }

  void experts_per_token_may_be_a_list_by_layer() {
    Written written = writtenFrom(*familyNamed("hunyuan_v1_moe"), false);
    written.config["moe_topk"] = "[3,1]";
    const QTemporaryDir holder;
    QCOMPARE(MoeCheckpoint(written.saved(holder)).router(1).scheme.chosen, 1);
    written.config["moe_topk"] = "[3]";
    QVERIFY(refusal(written).find("a number for each of 2 layers") != std::string::npos);
    written.config["moe_topk"] = "[3,\"one\"]";
    QVERIFY(refusal(written).find("\"moe_topk\": expected whole numbers") != std::string::npos);
  }

  void limits_of_the_activation_differ_by_layer() {
    Written written = writtenFrom(*familyNamed("step3p5"), true);
    written.config["swiglu_limits"] = "[0.0,0.25]";
    const QTemporaryDir holder;
    const Activation own = MoeCheckpoint(written.saved(holder)).expert(1, 0).activation;
    QVERIFY(own.clamping == Clamping::AfterActivation && own.limit == 0.25f);
    written.config["swiglu_limits"] = "[0.25,null]";
    const QTemporaryDir other;
    QVERIFY(MoeCheckpoint(written.saved(other)).expert(1, 0).activation.clamping == Clamping::None);
    for (const auto& [limits, expected] :
         {std::pair{"[1.0]", "a number for each of 2 layers"}, std::pair{"[1.0,-1.0]", "numbers of at least 0, or null"}}) {
      written.config["swiglu_limits"] = limits;
      const std::string line = refusal(written);
      QVERIFY2(line.find("\"swiglu_limits\": expected " + std::string(expected)) != std::string::npos, line.c_str());
    }
  }

  void the_last_experts_may_be_identities() {
    Written written = writtenFrom(*familyNamed("longcat_flash"), false);
    written.config["zero_expert_num"] = "1";
    written.config["n_routed_experts"] = "3";
    const QTemporaryDir holder;
    const MoeCheckpoint checkpoint(written.saved(holder));
    QCOMPARE(checkpoint.experts(1), kExperts);
    RowMatrix tokens = RowMatrix::Random(2, kWidth);
    QVERIFY(checkpoint.expert(1, kExperts - 1)(tokens) == tokens);
    QVERIFY(checkpoint.expert(1, 0).gate == written.gate[0]);
    std::string said;
    for (const ReadingNote& note : checkpoint.notes().all()) said += note.text + "\n";
    QVERIFY2(said.find("tensors of expert 3, which are identities, of the MoE block of layer 1") != std::string::npos,
             said.c_str());
    const LayerReport report = analyseLayer(checkpoint, 1, nullptr, {}, [](int) { return true; });
    QCOMPARE(report.weightsLeftOut, std::vector<int>{kExperts - 1});
    for (const ReadingNote& note : report.notes.all())
      QVERIFY2(note.text.find("spans fewer") == std::string::npos, note.text.c_str());
    written.config["zero_expert_num"] = "4";
    QVERIFY(refusal(written).find("4 rows, of which 4 are to be identities") != std::string::npos);
  }

  /// The router of Gemma 4 reads n scale / sqrt(d), its experts n norm: from what these are given follow the logits.
  void a_router_beside_its_experts_norm_reads_what_they_are_given() {
    Written written = writtenFrom(*familyNamed("gemma4_text"), true);
    std::vector<float> scale(kWidth), norm(kWidth);
    for (int i = 0; i < kWidth; ++i)
      scale[static_cast<std::size_t>(i)] = 1.0f + static_cast<float>(i), norm[static_cast<std::size_t>(i)] = i % 2 ? -0.5f : 3.0f;
    written.tensors["model.layers.1.router.scale"] = floats({kWidth}, scale);
    written.tensors["model.layers.1.pre_feedforward_layernorm_2.weight"] = floats({kWidth}, norm);
    const QTemporaryDir holder;
    const RouterWeights router = MoeCheckpoint(written.saved(holder)).router(1);
    const auto* stored = reinterpret_cast<const float*>(written.tensors.at(written.router + ".weight").bytes.data());
    const Eigen::VectorXf n = Eigen::VectorXf::Random(kWidth);
    const auto vector = [](const std::vector<float>& v) { return Eigen::Map<const Eigen::VectorXf>(v.data(), kWidth); };
    const Eigen::VectorXf expected = Eigen::Map<const RowMatrix>(stored, kExperts, kWidth) * n.cwiseProduct(vector(scale)) / 4.0f,
                          ours = router.weight * n.cwiseProduct(vector(norm));
    QVERIFY((ours - expected).norm() <= 1e-5f * expected.norm());
    QCOMPARE(router.expertScale[3], 4.0f);
    norm[5] = 0.0f;
    written.tensors["model.layers.1.pre_feedforward_layernorm_2.weight"] = floats({kWidth}, norm);
    const QTemporaryDir other;
    const MoeCheckpoint unknown(written.saved(other));
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, unknown.router(1));
  }

  void numbered_experts_without_their_biases_are_refused() {
    const Written written = writtenFrom(*familyNamed("gpt_oss"), false);
    const QTemporaryDir holder;
    const MoeCheckpoint checkpoint(written.saved(holder));
    const std::string line = refusalOf([&] { checkpoint.expert(1, 0); });
    QVERIFY2(line.find("have biases") != std::string::npos, line.c_str());
  }

  void a_square_that_could_lie_either_way_is_refused() {
    Written written = writtenFrom(*familyNamed("qwen3_vl_moe"), true);
    written.config["moe_intermediate_size"] = std::to_string(kWidth);
    written.tensors[written.block + "experts.gate_up_proj"] =
        floats({kExperts, 2 * kWidth, kWidth}, std::vector<float>(2 * kExperts * kWidth * kWidth, 1.0f));
    written.tensors[written.block + "experts.down_proj"] =
        floats({kExperts, kWidth, kWidth}, std::vector<float>(kExperts * kWidth * kWidth, 1.0f));
    const QTemporaryDir holder;
    const MoeCheckpoint checkpoint(written.saved(holder));
    const std::string line = refusalOf([&] { checkpoint.expert(1, 0); });
    QVERIFY2(line.find("does not tell which") != std::string::npos, line.c_str());
  }
};

MOESCOPE_TEST(TestFamilyTable)
#include "test_family_table.moc"
