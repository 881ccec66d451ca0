#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/checkpoint/families.h"

using namespace moescope;

namespace {

GateMatrix oracleMatrix(const Safetensors& oracle, const std::string& name, int layer) {
  const std::string full = name + "." + std::to_string(layer);
  const auto numbers = oracle.read(full);
  const auto& shape = oracle.entry(full).shape;
  return Eigen::Map<const GateMatrix>(numbers.data(), shape.at(0), shape.at(1));
}

}  // namespace

/// Hugging Face transformers made the checkpoints and computed what is expected (tests/oracle/generate.py).
class TestFamilies : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void routing_and_experts_equal_hugging_face_data() {
    QTest::addColumn<int>("layers");
    for (const char* both : {"mixtral", "qwen2_moe", "qwen3_moe", "olmoe", "gpt_oss"}) QTest::newRow(both) << 2;
    for (const char* second : {"deepseek_v2", "deepseek_v3"}) QTest::newRow(second) << 1;  // their first layer is dense
  }
  void routing_and_experts_equal_hugging_face() {
    QFETCH(int, layers);
    QVERIFY2(qEnvironmentVariableIsSet("MOESCOPE_ORACLE"), "run this test through ctest, which makes the oracle's checkpoints");
    const std::filesystem::path folder = std::filesystem::path(qgetenv("MOESCOPE_ORACLE").toStdString()) / QTest::currentDataTag();
    const MoeCheckpoint checkpoint(folder);
    const Safetensors oracle(folder / "oracle.safetensors");
    QCOMPARE(static_cast<int>(checkpoint.moeLayers().size()), layers);
    for (const int layer : checkpoint.moeLayers()) {
      const GateMatrix tokens = oracleMatrix(oracle, "hidden", layer), weights = oracleMatrix(oracle, "weights", layer);
      const RoutedTokens routed = routeTokens(checkpoint.router(layer), tokens);
      QVERIFY((routed.weights.array() != 0.0f).cwiseEqual(weights.array() != 0.0f).all());  // the same experts
      QVERIFY(((routed.weights - weights).array().abs() <= 1e-4f * weights.array()).all());
      GateMatrix output = GateMatrix::Zero(tokens.rows(), tokens.cols());
      for (int e = 0; e < checkpoint.experts(); ++e) output += routed.weights.col(e).asDiagonal() * checkpoint.expert(layer, e)(tokens);
      const GateMatrix expected = oracleMatrix(oracle, "output", layer);
      QVERIFY((output - expected).norm() <= 1e-4f * expected.norm());
    }
  }

  void folder_that_is_no_known_checkpoint_gets_one_line() {
    QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    QVERIFY_EXCEPTION_THROWN(MoeCheckpoint{path}, std::runtime_error);
    const std::string header = R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})";
    std::ofstream(path / "model.safetensors", std::ios::binary) << static_cast<char>(header.size()) << std::string(7, '\0') << header;
    for (const auto& [config, expected] : {std::pair{"{\"model_type\":\"gpt2\"}", "is not known"}, std::pair{"[]", "expected a JSON object"},
                                           std::pair{"{\"model_type\":\"mixtral\",\"num_local_experts\":-1}", "expected a whole number"},
                                           std::pair{"{\"model_type\":\"mixtral\",\"num_local_experts\":4,\"hidden_size\":8,\"intermediate_size\":8,"
                                                     "\"num_experts_per_tok\":5,\"num_hidden_layers\":1}", "cannot be chosen"}}) {
      std::ofstream(path / "config.json") << config;
      try {
        MoeCheckpoint{path};
        QFAIL("accepted");
      } catch (const std::runtime_error& error) {
        QVERIFY2(std::string(error.what()).find(expected) != std::string::npos, error.what());
      }
    }
  }
};

QTEST_APPLESS_MAIN(TestFamilies)
#include "test_families.moc"
