#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <fstream>

#include "core/checkpoint/checkpoint_reader.h"
#include "core/checkpoint/families.h"
#include "core/checkpoint/gguf.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

template <typename Number>
std::string bytesOf(Number value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}
std::string text(const std::string& words) { return bytesOf<std::uint64_t>(words.size()) + words; }
std::string head(std::uint64_t tensors, std::uint64_t values) {
  return "GGUF" + bytesOf<std::uint32_t>(3) + bytesOf(tensors) + bytesOf(values);
}
std::string tensor(const std::string& name, const std::vector<std::uint64_t>& shape, std::uint32_t type, std::uint64_t offset) {
  std::string info = text(name) + bytesOf(static_cast<std::uint32_t>(shape.size()));
  for (const std::uint64_t size : shape) info += bytesOf(size);
  return info + bytesOf(type) + bytesOf(offset);
}
std::string named(const std::string& key, const std::string& words) {
  return text(key) + bytesOf<std::uint32_t>(8) + text(words);
}

/// What the reader says of these bytes; empty when it accepts them.
std::string complaint(const std::string& bytes) {
  try {
    readGgufHeader([&](std::uint64_t at, std::span<std::uint8_t> to) { std::memcpy(to.data(), bytes.data() + at, to.size()); },
                   bytes.size(), "x.gguf");
    return {};
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

}  // namespace

/// The gguf package wrote the files and unpacked the same numbers (tests/oracle/gguf_files.py).
class TestGguf : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void experts_equal_what_gguf_unpacks_data() {
    QTest::addColumn<QString>("family");
    QTest::addColumn<int>("layers");
    QTest::newRow("qwen3moe") << "qwen3_moe" << 2;
    QTest::newRow("deepseek2") << "deepseek_v3" << 1;
    QTest::newRow("packings") << "qwen3_moe" << 2;
    QTest::newRow("older_packings") << "qwen3_moe" << 2;
  }
  void experts_equal_what_gguf_unpacks() {
    QFETCH(QString, family);
    QFETCH(int, layers);
    QVERIFY2(qEnvironmentVariableIsSet("MOESCOPE_ORACLE"), "run this test through ctest, which makes the oracle's checkpoints");
    const std::filesystem::path folder = std::filesystem::path(qgetenv("MOESCOPE_ORACLE").toStdString()) / "gguf";
    const std::string name = QTest::currentDataTag();
    const MoeCheckpoint checkpoint(folder / (name + ".gguf"));
    const Safetensors expected(folder / (name + ".safetensors"));
    QCOMPARE(QString::fromStdString(checkpoint.family()), family);
    QCOMPARE(static_cast<int>(checkpoint.moeLayers().size()), layers);
    for (const int layer : checkpoint.moeLayers()) {
      const auto equal = [&](const std::string& what, int expert, const auto& ours) {
        const std::vector<float> all = expected.read(what + "." + std::to_string(layer), expert * ours.size(), ours.size());
        return std::memcmp(all.data(), ours.data(), all.size() * sizeof(float)) == 0 ||
               (Eigen::Map<const Eigen::VectorXf>(all.data(), ours.size()) -
                Eigen::Map<const Eigen::VectorXf>(ours.data(), ours.size()))
                       .cwiseAbs()
                       .maxCoeff() <= 1e-6f * Eigen::Map<const Eigen::VectorXf>(all.data(), ours.size()).cwiseAbs().maxCoeff();
      };
      const RouterWeights router = checkpoint.router(layer);
      QVERIFY(equal("router", 0, router.weight));
      if (router.correctionBias.size()) QVERIFY(equal("bias", 0, router.correctionBias));
      QCOMPARE(router.correctionBias.size() > 0, name == "deepseek2");
      QCOMPARE(router.scheme.scaling, name == "deepseek2" ? 2.5f : 1.0f);
      QVERIFY(router.scheme.renormalise);
      QCOMPARE(checkpoint.experts(layer), 4);
      for (int e = 0; e < 4; ++e) {
        const ExpertWeights expert = checkpoint.expert(layer, e);
        QVERIFY(equal("gate", e, expert.gate) && equal("up", e, expert.up) && equal("down", e, expert.down));
      }
      const std::optional<SharedExpert> shared = checkpoint.sharedExpert(layer);
      QCOMPARE(shared.has_value(), name == "deepseek2");
      if (shared)
        QVERIFY(equal("shared_gate", 0, shared->weights.gate) && equal("shared_up", 0, shared->weights.up) &&
                equal("shared_down", 0, shared->weights.down));
    }
    QVERIFY(CheckpointReader(locateCheckpoint(folder / (name + ".gguf")).folder, {}, 1).snapshot(0) != nullptr);
  }

  void a_lying_file_gets_one_line_that_names_the_place_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const std::string& bytes, const char* expected) {
      QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())) << expected;
    };
    const std::string padded(64, '\0');
    row("good", head(1, 0) + tensor("a", {2}, 0, 0) + padded, "");
    row("other magic", "GGUX" + padded, "expected a GGUF file");
    row("nothing but the magic", "GGUF" + bytesOf<std::uint32_t>(3), "the file ends at byte 8, within the header");
    row("other version", "GGUF" + bytesOf<std::uint32_t>(9) + padded, "found 9");
    row("too many tensors", head(1ull << 60, 0) + padded, "do not fit into the file");
    row("too long a name", head(1, 0) + bytesOf<std::uint64_t>(1ull << 62) + padded, "a name of 4611686018427387904 bytes");
    row("too long a list",
        head(0, 1) + text("k") + bytesOf<std::uint32_t>(9) + bytesOf<std::uint32_t>(6) + bytesOf<std::uint64_t>(1ull << 62) +
            padded,
        "does not fit into the file");
    row("a list of lists",
        head(0, 1) + text("k") + bytesOf<std::uint32_t>(9) + bytesOf<std::uint32_t>(9) + bytesOf<std::uint64_t>(1) + padded,
        "a list of lists");
    row("an unknown value", head(0, 1) + text("k") + bytesOf<std::uint32_t>(77) + padded, "found 77");
    row("an unknown type", head(1, 0) + tensor("a", {2}, 99, 0) + padded, "tensor \"a\": type 99 is not known");
    row("half a block", head(1, 0) + tensor("a", {33}, 8, 0) + padded, "no whole blocks of Q8_0");
    row("overflow", head(1, 0) + tensor("a", {1ull << 40, 1ull << 40}, 0, 0) + padded, "its shape is too large");
    row("beyond the end", head(1, 0) + tensor("a", {200}, 0, 0) + padded, "truncated");
    row("an offset beyond", head(1, 0) + tensor("a", {2}, 0, ~0ull - 3) + padded, "offset is too large");
    row("twice", head(2, 0) + tensor("a", {2}, 0, 0) + tensor("a", {2}, 0, 0) + padded, "occurs twice");
    row("five dimensions", head(1, 0) + tensor("a", {1, 1, 1, 1, 1}, 0, 0) + padded, "5 dimensions");
  }
  void a_lying_file_gets_one_line_that_names_the_place() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    const std::string said = complaint(bytes.toStdString());
    if (expected.isEmpty()) QCOMPARE(QString::fromStdString(said), QString());
    else
      QVERIFY2(said.starts_with("x.gguf") && said.find(expected.toStdString()) != std::string::npos &&
                   said.find('\n') == std::string::npos,
               said.c_str());
  }

  void what_cannot_be_read_of_a_good_file_is_named() {
    QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath("x.gguf").toStdString();
    const auto said = [&](const std::string& bytes) {
      std::ofstream(path, std::ios::binary) << bytes;
      try {
        MoeCheckpoint{path};
      } catch (const std::runtime_error& error) {
        return std::string(error.what());
      }
      return std::string();
    };
    QVERIFY(said(head(0, 1) + named("general.architecture", "rwkv") + std::string(64, '\0'))
                .ends_with("expected one of llama, qwen2moe, qwen3moe, olmoe, deepseek2, glm4moe, dots1, minimax-m2"));
    QVERIFY(said(head(0, 2) + named("general.architecture", "qwen3moe") + text("split.count") + bytesOf<std::uint32_t>(4) +
                 bytesOf<std::uint32_t>(3) + std::string(64, '\0'))
                .find("one of 3 parts") != std::string::npos);
    QVERIFY(said(head(0, 1) + named("general.architecture", "llama") + std::string(64, '\0')).find("a dense model: no experts") !=
            std::string::npos);
  }
};

MOESCOPE_TEST(TestGguf)
#include "test_gguf.moc"
