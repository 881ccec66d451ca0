#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include "core/checkpoint/number_formats.h"
#include "core/checkpoint/safetensors.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

std::string fileBytes(const std::string& header, const std::string& data) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + data;
}

/// What the reader says of these bytes; empty when it accepts them.
std::string complaint(const std::string& bytes) {
  try {
    const std::uint64_t length = safetensorsHeaderLength({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                                                         bytes.size(), "x.safetensors");
    parseSafetensorsHeader(std::string_view(bytes).substr(8, length), bytes.size() - 8 - length, "x.safetensors");
    return {};
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

void save(const QTemporaryDir& folder, const char* name, const std::string& bytes) {
  std::ofstream(folder.filePath(name).toStdString(), std::ios::binary) << bytes;
}

std::string tensor(const char* name, const char* type, const char* shape, int begin, int end) {
  return std::string("\"") + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":[" +
         std::to_string(begin) + "," + std::to_string(end) + "]}";
}

}  // namespace

class TestSafetensors : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void every_number_format_reads_as_its_value() {
    QTemporaryDir folder;
    const float one = 1.5f;
    const double two = -2.25;
    std::string data(reinterpret_cast<const char*>(&one), 4);
    data.append(reinterpret_cast<const char*>(&two), 8);
    data.append("\xc0\x3f\x00\x3c", 4);          // bf16 1.5, f16 1.0
    data.append("\x38\x7e\x01\x3c\x7c\x01", 6);  // e4m3 1, 448, 2^-9; e5m2 1, infinity, 2^-16
    data.append("\x7f\x82\x00\xff", 4);          // e8m0 1, 8, 2^-127, not a number
    save(folder, "model.safetensors",
         fileBytes("{" + tensor("f32", "F32", "[1]", 0, 4) + "," + tensor("f64", "F64", "[]", 4, 12) + "," +
                       tensor("bf16", "BF16", "[1]", 12, 14) + "," + tensor("f16", "F16", "[1,1]", 14, 16) + "," +
                       tensor("e4m3", "F8_E4M3", "[3]", 16, 19) + "," + tensor("e5m2", "F8_E5M2", "[3]", 19, 22) + "," +
                       tensor("e8m0", "F8_E8M0", "[4]", 22, 26) + "}   ",
                   data));
    const Safetensors file(folder.path().toStdString());
    QCOMPARE(file.read("f32")[0], 1.5f);
    QCOMPARE(file.read("f64")[0], -2.25f);
    QCOMPARE(file.read("bf16")[0], 1.5f);
    QCOMPARE(file.read("f16")[0], 1.0f);
    QCOMPARE(file.read("e4m3"), (std::vector<float>{1.0f, 448.0f, std::ldexp(1.0f, -9)}));
    QCOMPARE(file.read("e5m2", 0, 1)[0], 1.0f);
    QVERIFY(std::isinf(file.read("e5m2", 1, 1)[0]));
    QCOMPARE(file.read("e5m2", 2, 1)[0], std::ldexp(1.0f, -16));
    QCOMPARE(file.read("e8m0", 0, 3), (std::vector<float>{1.0f, 8.0f, std::ldexp(1.0f, -127)}));
    QVERIFY(std::isnan(file.read("e8m0", 3, 1)[0]));
    QVERIFY_EXCEPTION_THROWN(file.read("e5m2", 2, 2), std::runtime_error);
    QVERIFY_EXCEPTION_THROWN(file.read("none"), std::runtime_error);
  }

  void many_numbers_at_a_time_equal_one_by_one_data() {
    QTest::addColumn<int>("bytes");
    for (const char* two : {"BF16", "F16"}) QTest::newRow(two) << 2;
    for (const char* one : {"F8_E4M3", "F8_E5M2"}) QTest::newRow(one) << 1;
  }
  void many_numbers_at_a_time_equal_one_by_one() {
    QFETCH(int, bytes);
    std::vector<std::uint8_t> all;  // every pattern, ten times: enough to be written past the caches
    for (int i = 0; i < 655360; ++i)
      for (int b = 0; b < bytes; ++b) all.push_back(static_cast<std::uint8_t>(i >> 8 * b));
    const std::string type = QTest::currentDataTag();
    for (const std::size_t skipped : {0, 1, 3})
      for (const std::size_t count : {std::size_t{655360} - 8, std::size_t{65536 - 3}, std::size_t{7}}) {
        std::vector<float> fast(count + skipped, -1.0f), plain(count);
        toFloats(type, all.data() + skipped * static_cast<std::size_t>(bytes), {fast.data() + skipped, count}, "x");
        toFloatsPlainly(type, all.data() + skipped * static_cast<std::size_t>(bytes), plain, "x");
        for (std::size_t i = 0; i < count; ++i)
          if (std::memcmp(&fast[skipped + i], &plain[i], 4) != 0 && !(std::isnan(fast[skipped + i]) && std::isnan(plain[i])))
            QFAIL(("number " + std::to_string(i)).c_str());
        for (std::size_t i = 0; i < skipped; ++i) QCOMPARE(fast[i], -1.0f);
      }
  }

  void a_lying_file_gets_one_line_that_names_the_place_data() {
    QTest::addColumn<QString>("bytes");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const std::string& bytes, const char* expected) {
      QTest::newRow(name) << QString::fromLatin1(bytes.data(), static_cast<int>(bytes.size())) << expected;
    };
    const std::string eight(8, '\0');
    const std::string good = tensor("a", "F32", "[2]", 0, 8);
    row("good", fileBytes("{" + good + "}", eight), "");
    row("empty tensor and metadata",
        fileBytes("{\"__metadata__\":{\"k\":\"v\"}," + good + "," + tensor("z", "F32", "[0,9]", 8, 8) + "}", eight), "");
    row("short", "abc", "too short");
    row("huge header", std::string(8, '\x7f') + "{}", "at most 100000000");
    row("header beyond the file", std::string("\x40\0\0\0\0\0\0\0", 8) + "{}", "the file ends after 2");
    row("not JSON", fileBytes("{\"a\":", eight), "not JSON at byte");
    row("not an object", fileBytes("[1]", eight), "must begin with '{'");
    row("truncated", fileBytes("{" + good + "}", "1234"), "truncated");
    row("trailing bytes", fileBytes("{" + good + "}", eight + "x"), "belong to no tensor");
    row("overlap", fileBytes("{" + good + "," + tensor("b", "F32", "[1]", 4, 8) + "}", eight), "overlaps");
    row("hole",
        fileBytes("{" + tensor("a", "F32", "[1]", 0, 4) + "," + tensor("b", "F32", "[1]", 6, 10) + "}", std::string(10, '\0')),
        "a hole of 2 bytes");
    row("backwards", fileBytes("{" + tensor("a", "F32", "[1]", 8, 4) + "}", eight), "backwards");
    row("wrong size", fileBytes("{" + tensor("a", "F32", "[3]", 0, 8) + "}", eight), "needs 12 bytes");
    row("overflow", fileBytes("{" + tensor("a", "F32", "[4294967296,4294967296,4]", 0, 8) + "}", eight), "overflows");
    row("negative", fileBytes("{" + tensor("a", "F32", "[-1]", 0, 8) + "}", eight), "negative");
    row("unknown type", fileBytes("{" + tensor("a", "F33", "[2]", 0, 8) + "}", eight), "unknown dtype");
    row("twice", fileBytes("{" + good + "," + good + "}", eight), "occurs twice");
    row("deep", fileBytes("{\"a\":" + std::string(100000, '['), eight), "tensor \"a\"");
    row("field missing", fileBytes("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", eight), "expected dtype");
  }
  void a_lying_file_gets_one_line_that_names_the_place() {
    QFETCH(QString, bytes);
    QFETCH(QString, expected);
    const std::string said = complaint(bytes.toLatin1().toStdString());
    if (expected.isEmpty()) {
      QCOMPARE(QString::fromStdString(said), QString());
      return;
    }
    QVERIFY2(said.rfind("x.safetensors", 0) == 0 && said.find(expected.toStdString()) != std::string::npos, said.c_str());
    QVERIFY(said.find('\n') == std::string::npos);
  }

  void a_file_that_shrinks_while_it_is_read_gets_one_line() {
    QTemporaryDir folder;
    save(folder, "model.safetensors",
         fileBytes("{" + tensor("a", "F32", "[1000]", 0, 4000) + "," + tensor("b", "U8", "[500]", 4000, 4500) + "}",
                   std::string(4500, '\1')));
    const std::filesystem::path file = folder.filePath("model.safetensors").toStdString();
    const Safetensors opened(file);
    const auto size = std::filesystem::file_size(file);
    std::filesystem::resize_file(file, size - 600);
    const auto line = [](const std::function<void()>& work) {
      try {
        work();
      } catch (const std::runtime_error& error) {
        return std::string(error.what());
      }
      return std::string();
    };
    const std::string expected = file.string() + ": the file ends at byte " + std::to_string(size - 600) + ", expected " +
                                 std::to_string(size) + ": it has become shorter since it was opened";
    std::vector<std::uint8_t> bytes(500);
    QCOMPARE(line([&] { opened.read("a"); }), expected);
    QVERIFY(line([&] { opened.readBytes("b", 0, bytes); }).find("has become shorter") != std::string::npos);
    QCOMPARE(opened.read("a", 0, 100).size(), std::size_t{100});
    std::filesystem::remove(file);
    QCOMPARE(opened.read("a", 0, 100).size(), std::size_t{100});  // a name that vanishes takes nothing away
  }

  /// 50 shards of 4 GB, of which the disk holds the headers alone.
  void a_checkpoint_of_200_gigabytes_opens_without_being_read() {
    QTemporaryDir folder;
    constexpr std::uint64_t kData = 4'000'000'000;
    std::string map;
    for (int shard = 0; shard < 50; ++shard) {
      const std::string name = std::to_string(shard) + ".safetensors";
      const std::string header =
          fileBytes("{\"t" + std::to_string(shard) + "\":{\"dtype\":\"BF16\",\"shape\":[1000000,2000],\"data_offsets\":[0," +
                        std::to_string(kData) + "]}}",
                    "");
      save(folder, name.c_str(), header);
      std::filesystem::resize_file(folder.filePath(QString::fromStdString(name)).toStdString(), header.size() + kData);
      map += std::string(map.empty() ? "" : ",") + "\"t" + std::to_string(shard) + "\":\"" + name + "\"";
    }
    save(folder, "model.safetensors.index.json", "{\"weight_map\":{" + map + "}}");
    const Safetensors opened(folder.path().toStdString());
    QCOMPARE(opened.names().size(), std::size_t{50});
    QCOMPARE(opened.byteCount("t49"), kData);
    QCOMPARE(opened.read("t49", 1'999'999'000, 1000), std::vector<float>(1000, 0.0f));
  }

  void shards_are_read_through_the_index_and_nothing_outside_the_folder() {
    QTemporaryDir folder;
    const float values[] = {3.0f, 4.0f};
    const std::string data(reinterpret_cast<const char*>(values), 8);
    save(folder, "s1.safetensors", fileBytes("{" + tensor("a", "F32", "[1]", 0, 4) + "}", data.substr(0, 4)));
    save(folder, "s2.safetensors", fileBytes("{" + tensor("b", "F32", "[1]", 0, 4) + "}", data.substr(4)));
    save(folder, "model.safetensors.index.json", R"({"weight_map":{"a":"s1.safetensors","b":"s2.safetensors"}})");
    const std::string path = folder.path().toStdString();
    QCOMPARE(Safetensors(path).read("b")[0], 4.0f);
    for (const char* bad : {R"({"weight_map":{"a":"../s1.safetensors"}})", R"({"weight_map":{"a":"/etc/passwd"}})",
                            R"({"weight_map":{"a":{}}})", R"({"weight_map":[]})", R"({"weight_map":{"c":"s1.safetensors"}})",
                            R"({"weight_map":{"a":"gone.safetensors"}})", "{", "[[[[[[[[[[[[1]]]]]]]]]]]]"}) {
      save(folder, "model.safetensors.index.json", bad);
      QVERIFY_EXCEPTION_THROWN(Safetensors{path}, std::runtime_error);
    }
  }
};

MOESCOPE_TEST(TestSafetensors)
#include "test_safetensors.moc"
