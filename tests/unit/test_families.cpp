#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/checkpoint/families.h"
#include "core/checkpoint/family_table.h"
#include "tests/support/expert_tests.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

RowMatrix oracleMatrix(const Safetensors& oracle, const std::string& name, int layer) {
  const std::string full = name + "." + std::to_string(layer);
  const auto numbers = oracle.read(full);
  const auto& shape = oracle.entry(full).shape;
  return Eigen::Map<const RowMatrix>(numbers.data(), shape.at(0), shape.at(1));
}

}  // namespace

/// Hugging Face transformers made the checkpoints and computed what is expected (tests/oracle/generate.py).
class TestFamilies : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void routing_and_experts_equal_hugging_face_data() {
    QTest::addColumn<int>("layers");
    QTest::addColumn<int>("sharedUnits");  // 0: no shared expert
    for (const char* none : {"mixtral", "mixtral_stacked", "qwen3_moe", "olmoe", "olmoe_sharded", "olmoe_stacked_square",
                             "gpt_oss", "gpt_oss_mxfp4", "qwen3_moe_stacked_fp8"})
      QTest::newRow(none) << 2 << 0;
    for (const char* other : {"mixtral_gelu", "mixtral_gelu_pytorch_tanh", "mixtral_relu", "qwen3_moe_gelu_pytorch_tanh",
                              "qwen3_moe_relu", "olmoe_gelu_new", "gpt_oss_clamped"})
      QTest::newRow(other) << 2 << 0;
    for (const char* gated : {"qwen2_moe", "qwen2_moe_bf16", "qwen2_moe_f16", "qwen2_moe_gelu"}) QTest::newRow(gated) << 2 << 12;
    // The first layer is dense; two shared experts of 16 units are one of 32.
    for (const char* second :
         {"deepseek_v2", "deepseek_v2_relu2", "deepseek_v3", "deepseek_v3_quick_gelu", "deepseek_v3_stacked_sharded", "kimi_k25"})
      QTest::newRow(second) << 1 << 32;
    for (const char* alone : {"minimax", "minimax_m2", "flex_olmo", "mellum", "granitemoe", "granitemoe_swa", "jetmoe", "phimoe",
                              "dbrx", "qwen3_vl_moe_text", "qwen3_vl_moe"})
      QTest::newRow(alone) << 2 << 0;
    for (const char* alone : {"jamba", "mimo_v2_flash", "beam", "lfm2_moe"}) QTest::newRow(alone) << 1 << 0;
    for (const char* twelve : {"qwen3_next", "qwen3_5_moe_text", "qwen3_5_moe", "qwen4_exp_text", "lara_mini", "kolibri1",
                               "nemotron_h", "granitemoeshared", "granitemoehybrid", "minimax_m3_vl_text"})
      QTest::newRow(twelve) << 2 << 12;
    for (const char* twelve : {"laguna", "flint", "dots3_note_text"}) QTest::newRow(twelve) << 1 << 12;
    for (const char* forty : {"deepseek_v32",   "glm4_moe",   "glm4_moe_lite", "glm_moe_dsa", "glm4v_moe_text",
                              "glm5_next_text", "dots1",      "exaone_moe",    "axk1",        "axk2",
                              "sarvam_moe",     "sarvam_mla", "hy_v3",         "hy_v4",       "bailing_hybrid",
                              "kimi_linear",    "afmoe",      "ernie4_5_moe",  "mistral4",    "mistral_large4_text"})
      QTest::newRow(forty) << 1 << 40;
    // Number formats, by compressed-tensors and transformers.
    for (const char* format : {"fp8_tensor", "fp8_channel", "fp8_exponents", "mxfp8", "nvfp4", "nvfp4_packed", "mxfp4_packed",
                               "int4", "int4_channel", "int8"})
      QTest::newRow((std::string("qwen3_moe_") + format).c_str()) << 2 << 0;
    QTest::newRow("solar_open") << 2 << 40;
    QTest::newRow("deepseek_v4") << 1 << 16;  // token ids choose in its first layer
    for (const char* sixteen : {"hunyuan_v1_moe", "llama4_text", "llama4"}) QTest::newRow(sixteen) << 2 << 16;
    for (const char* two : {"aria_text", "cohere2_moe", "cohere2_moe_sigmoid"}) QTest::newRow(two) << 2 << 32;
    for (const char* alone : {"openai_privacy_filter", "inkling2_text", "inkling2", "gemma4_text", "gemma4", "longcat_flash",
                              "qwen3_omni_moe_text", "qwen3_omni_moe_thinker"})
      QTest::newRow(alone) << 2 << 0;
    QTest::newRow("step3p7") << 2 << 12;
    QTest::newRow("ernie4_5_vl_moe") << 1 << 20;
    QTest::newRow("deepseek_v3_fp8") << 1 << 272;  // a layer of multi-token prediction after the last does not count
  }
  void routing_and_experts_equal_hugging_face() {
    QFETCH(int, layers);
    QFETCH(int, sharedUnits);
    QVERIFY2(qEnvironmentVariableIsSet("MOESCOPE_ORACLE"), "run this test through ctest, which makes the oracle's checkpoints");
    const std::filesystem::path folder =
        std::filesystem::path(qgetenv("MOESCOPE_ORACLE").toStdString()) / QTest::currentDataTag();
    const MoeCheckpoint checkpoint(folder);
    const Safetensors oracle(folder / "oracle.safetensors");
    QCOMPARE(static_cast<int>(checkpoint.moeLayers().size()), layers);
    for (const int layer : checkpoint.moeLayers()) {
      const RowMatrix tokens = oracleMatrix(oracle, "hidden", layer), weights = oracleMatrix(oracle, "weights", layer);
      const RoutedTokens routed = routeTokens(checkpoint.router(layer), tokens);
      QCOMPARE(checkpoint.experts(layer), static_cast<int>(weights.cols()));
      QVERIFY((routed.weights.array() != 0.0f).cwiseEqual(weights.array() != 0.0f).all());  // the same experts
      QVERIFY(((routed.weights - weights).array().abs() <= 1e-4f * weights.array().abs()).all());
      RowMatrix output = RowMatrix::Zero(tokens.rows(), tokens.cols());
      const bool onInput = checkpoint.router(layer).scheme.rule == RouterRule::InputSigmoid;
      for (int e = 0; e < checkpoint.experts(); ++e) {
        const auto weight = routed.weights.col(e).asDiagonal();
        output +=
            onInput ? checkpoint.expert(layer, e)(weight * tokens) : RowMatrix(weight * checkpoint.expert(layer, e)(tokens));
      }
      const auto equal = [&](const RowMatrix& ours, const char* name) {
        const RowMatrix expected = oracleMatrix(oracle, name, layer);
        return (ours - expected).norm() <= 1e-4f * expected.norm();
      };
      QVERIFY(equal(output, "output"));
      const std::string ofExperts = "jacobian." + std::to_string(layer);
      const auto jacobians = oracle.contains(ofExperts) ? oracle.read(ofExperts) : std::vector<float>();
      for (int e = 0; e < checkpoint.experts() && !jacobians.empty(); ++e) {
        const Eigen::Index d = tokens.cols();
        const Eigen::Map<const RowMatrix> autograd(jacobians.data() + e * d * d, d, d);
        QVERIFY((testing::jacobianAt(checkpoint.expert(layer, e), tokens.row(0).transpose()) - autograd).norm() <=
                1e-4f * autograd.norm());
      }
      const std::optional<SharedExpert> shared = checkpoint.sharedExpert(layer);
      const bool sharedIsBeside = checkpoint.family().starts_with("granitemoe");  // and not in what the block gives
      QCOMPARE(shared.has_value(), sharedUnits > 0);
      if (shared) {
        QCOMPARE(static_cast<int>(shared->weights.gate.rows()), sharedUnits);
        QVERIFY(equal((*shared)(tokens), "shared"));
        output += (*shared)(tokens);
      }
      if (oracle.contains("block." + std::to_string(layer)) && !sharedIsBeside) QVERIFY(equal(output, "block"));
    }
  }

  /// What the table claims to be checked with transformers has a checkpoint of transformers here.
  void each_family_that_is_said_to_be_checked_is() {
    QVERIFY2(qEnvironmentVariableIsSet("MOESCOPE_ORACLE"), "run this test through ctest, which makes the oracle's checkpoints");
    std::string all;
    for (const auto& folder : std::filesystem::directory_iterator(qgetenv("MOESCOPE_ORACLE").toStdString())) {
      std::ifstream config(folder.path() / "config.json");
      all += std::string(std::istreambuf_iterator<char>(config), {});
    }
    std::erase_if(all, [](char c) { return c == ' '; });
    for (const Family& family : familyTable())
      for (const std::string& type : wordsOf(family.types))
        if (family.check == FamilyCheck::Transformers)
          QVERIFY2(all.find("\"model_type\":\"" + type + "\"") != std::string::npos, type.c_str());
  }

  void ambiguous_and_misshapen_experts_get_one_line_data() {
    QTest::addColumn<QString>("family");
    QTest::addColumn<QString>("tensors");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* family, const QString& tensors, const char* expected) {
      QTest::newRow(name) << family << tensors << expected;
    };
    const QString bias = "experts.gate_up_proj_bias F32 2 8|experts.down_proj_bias F32 2 4|gate.bias F32 2";
    row("two packings", "olmoe", "experts.gate_up_proj F32 2 8 4|experts.down_proj F32 2 4 4|experts.1.gate_proj.weight F32 4 4",
        "ambiguous");
    row("none", "olmoe", "norm F32 1", "there is no tensor");
    row("in x out of an out x in family", "olmoe", "experts.gate_up_proj F32 2 4 8|experts.down_proj F32 2 4 4",
        "expected shape [2, 8, 4], found [2, 4, 8]");
    row("out x in of gpt-oss", "gpt_oss", "experts.gate_up_proj F32 2 8 4|experts.down_proj F32 2 4 4|" + bias,
        "expected shape [2, 4, 8], found [2, 8, 4]");
    row("rows of no whole block", "gpt_oss",
        "experts.gate_up_proj_blocks U8 2 8 1 16|experts.gate_up_proj_scales U8 2 8 1|" + bias, "a multiple of 32");
    row("scales of another layout", "olmoe",
        "experts.gate_up_proj F8_E4M3 2 8 4|experts.down_proj F8_E4M3 2 4 4|experts.gate_up_proj_scale F32 2 3",
        "tensor \"model.layers.0.mlp.experts.gate_up_proj_scale\"");
    row("scales of another size", "olmoe",
        "experts.gate_up_proj F8_E4M3 2 8 4|experts.down_proj F8_E4M3 2 4 4|experts.gate_up_proj_scale_inv F32 2 8 1",
        "expected shape [2, 1, 1], found [2, 8, 1]");
    row("two shared experts", "olmoe", "shared_expert.gate_proj.weight F32 4 4|shared_experts.gate_proj.weight F32 4 4",
        "ambiguous");
    row("an empty shared expert", "olmoe", "shared_expert.gate_proj.weight F32 0 4", "expected shape [units, 4]");
  }
  void ambiguous_and_misshapen_experts_get_one_line() {
    QFETCH(QString, family);
    QFETCH(QString, tensors);
    QFETCH(QString, expected);
    QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    std::ofstream(path / "config.json")
        << "{\"model_type\":\"" << family.toStdString() << "\",\"" << (family == "gpt_oss" ? "num_local_experts" : "num_experts")
        << "\":2,\"hidden_size\":4,\"intermediate_size\":4,\"num_experts_per_tok\":1,\"num_hidden_layers\":1}";
    QStringList entries;
    int bytes = 0;
    for (const QString& tensor : ("gate.weight F32 2 4|" + tensors).split('|')) {
      const QStringList words = tensor.split(' ');
      int size = words[1] == "F32" ? 4 : 1;
      for (const QString& side : words.mid(2)) size *= side.toInt();
      entries << QString(R"("model.layers.0.mlp.%1":{"dtype":"%2","shape":[%3],"data_offsets":[%4,%5]})")
                     .arg(words[0], words[1], words.mid(2).join(','))
                     .arg(bytes)
                     .arg(bytes + size);
      bytes += size;
    }
    const std::string header = "{" + entries.join(',').toStdString() + "}";
    const std::uint64_t length = header.size();
    std::ofstream(path / "model.safetensors", std::ios::binary)
        << std::string(reinterpret_cast<const char*>(&length), 8) << header << std::string(static_cast<std::size_t>(bytes), '\0');
    try {
      const MoeCheckpoint checkpoint(path);
      checkpoint.sharedExpert(0);
      checkpoint.expert(0, 1);
      QFAIL("accepted");
    } catch (const std::runtime_error& error) {
      QVERIFY2(QString(error.what()).contains(expected) && !QString(error.what()).contains('\n'), error.what());
    }
  }

  void folder_that_is_no_known_checkpoint_gets_one_line() {
    QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    QVERIFY_EXCEPTION_THROWN(MoeCheckpoint{path}, std::runtime_error);
    const std::string header = R"({"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})";
    std::ofstream(path / "model.safetensors", std::ios::binary)
        << static_cast<char>(header.size()) << std::string(7, '\0') << header;
    for (const auto& [config, expected] :
         {std::pair{"{\"model_type\":\"gpt2_moe\",\"num_experts\":4}", "is not known; expected one of"},
          std::pair{"{\"model_type\":\"gpt2\"}", "no experts"}, std::pair{"[]", "expected a JSON object"},
          std::pair{"{\"model_type\":\"mixtral\",\"num_local_experts\":-1}", "expected a whole number"},
          std::pair{"{\"model_type\":\"mixtral\",\"num_local_experts\":4,\"hidden_size\":8,\"intermediate_size\":8,"
                    "\"num_experts_per_tok\":5,\"num_hidden_layers\":1}",
                    "cannot be chosen"}}) {
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

MOESCOPE_TEST(TestFamilies)
#include "test_families.moc"
