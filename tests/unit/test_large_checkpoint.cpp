// A checkpoint of 200 GB, of files with holes in them: what is read of it to open it, and to show a layer.

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "core/checkpoint/checkpoint_reader.h"
#include "core/geometry/stop_scope.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

constexpr int kLayers = 71, kExperts = 8, kWidth = 4096, kUnits = 14336;

/// Bytes that this process has asked files for since it began (man proc, rchar).
std::uint64_t bytesAskedFor() {
  std::ifstream counts("/proc/self/io");
  std::string name;
  std::uint64_t count = 0;
  counts >> name >> count;
  return count;
}

struct Layout {
  std::string header;
  std::uint64_t bytes = 0;

  void add(const std::string& name, int rows, int columns) {
    const std::uint64_t end = bytes + 2ull * static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns);
    header += (header.empty() ? "{\"" : ",\"") + name + "\":{\"dtype\":\"BF16\",\"shape\":[" + std::to_string(rows) + "," +
              std::to_string(columns) + "],\"data_offsets\":[" + std::to_string(bytes) + "," + std::to_string(end) + "]}";
    bytes = end;
  }
};

/// Mixtral's names, a file for each layer; all its numbers are holes, which read as 0. Returns the size of all files.
std::uint64_t writeHollow(const std::filesystem::path& folder) {
  std::ofstream(folder / "config.json")
      << R"({"model_type":"mixtral","hidden_size":4096,"intermediate_size":14336,"num_local_experts":8,"num_experts_per_tok":2,"num_hidden_layers":71,"hidden_act":"silu"})";
  std::string index;
  std::uint64_t all = 0;
  for (int l = 0; l < kLayers; ++l) {
    Layout layout;
    const std::string block = "model.layers." + std::to_string(l) + ".block_sparse_moe.",
                      file = "model-" + std::to_string(l) + ".safetensors";
    std::vector<std::string> names = {block + "gate.weight"};
    layout.add(names[0], kExperts, kWidth);
    for (int e = 0; e < kExperts; ++e)
      for (const char* part : {"w1", "w2", "w3"}) {
        names.push_back(block + "experts." + std::to_string(e) + "." + part + ".weight");
        std::string(part) == "w2" ? layout.add(names.back(), kWidth, kUnits) : layout.add(names.back(), kUnits, kWidth);
      }
    layout.header += "}";
    const std::uint64_t length = layout.header.size();
    std::ofstream stream(folder / file, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(&length), 8);
    stream << layout.header;
    stream.close();
    std::filesystem::resize_file(folder / file, 8 + length + layout.bytes);
    all += 8 + length + layout.bytes;
    for (const std::string& name : names) index += (index.empty() ? "{\"weight_map\":{\"" : ",\"") + name + "\":\"" + file + "\"";
  }
  std::ofstream(folder / "model.safetensors.index.json") << index << "}}";
  return all;
}

}  // namespace

class TestLargeCheckpoint : public QObject {
  Q_OBJECT
  QTemporaryDir files_;
  std::filesystem::path folder() const { return files_.path().toStdString(); }

 private Q_SLOTS:
  void two_hundred_gigabytes_open_by_their_headers_alone() {
    const std::uint64_t size = writeHollow(folder());
    QVERIFY2(size > 200'000'000'000ull, qPrintable(QString::number(size)));
    std::uint64_t before = bytesAskedFor();
    const CheckpointReader reader(folder(), {}, 1);
    QCOMPARE(reader.layers(), kLayers);
    QVERIFY2(bytesAskedFor() - before < 4'000'000, qPrintable(QString::number(bytesAskedFor() - before)));
    before = bytesAskedFor();
    const LayerOfExperts last = reader.summary(kLayers - 1);
    QCOMPARE(last.experts, kExperts);
    QVERIFY(last.nearest.array().isNaN().all());  // rows of zeros have no direction
    QVERIFY2(bytesAskedFor() - before < 200'000,
             qPrintable(QString::number(bytesAskedFor() - before)));  // a router has 65536 bytes
  }

  void a_wish_to_stop_ends_an_expert_that_is_being_read() {
    const MoeCheckpoint checkpoint(folder());
    constexpr std::uint64_t expert = 3ull * 2 * kWidth * kUnits;  // 352 MB
    const std::uint64_t before = bytesAskedFor();
    int asked = 0;
    const StopScope scope([&] { return ++asked == 20; }, std::chrono::nanoseconds(0));
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, checkpoint.expert(0, 0));
    QCOMPARE(asked, 20);
    const std::uint64_t read = bytesAskedFor() - before;
    QVERIFY2(read < expert / 50, qPrintable(QString::number(read)));  // 20 pieces of 256 KB
  }

  void a_file_that_is_gone_or_shorter_is_one_line() {
    const CheckpointReader opened(folder(), {}, 1);
    std::filesystem::resize_file(folder() / "model-5.safetensors", 1'000'000);
    const auto lineOf = [](const std::function<void()>& act) {
      try {
        act();
        return std::string();
      } catch (const std::exception& error) {
        return std::string(error.what());
      }
    };
    const std::string shorter = lineOf([&] { opened.analysis(5, {}, [](int) { return true; }); });
    QVERIFY2(shorter.find("model-5.safetensors: the file ends at byte 1000000") != std::string::npos &&
                 shorter.find('\n') == std::string::npos,
             shorter.c_str());
    std::filesystem::remove(folder() / "model-6.safetensors");
    QVERIFY(lineOf([&] { opened.summary(6); }).empty());  // what is open can be read on
    const std::string anew = lineOf([&] { CheckpointReader(folder(), {}, 1); });
    QVERIFY2(anew.find("model-5.safetensors") != std::string::npos || anew.find("model-6.safetensors") != std::string::npos,
             anew.c_str());
  }
};

MOESCOPE_TEST(TestLargeCheckpoint)
#include "test_large_checkpoint.moc"
