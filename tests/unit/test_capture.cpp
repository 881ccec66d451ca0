// Captures that numpy and json wrote (tests/oracle/captures.py), their measures as numpy computes them, and hostile files.

#include <zlib.h>

#include <QTest>
#include <cmath>
#include <fstream>

#include "core/checkpoint/capture_measures.h"
#include "core/checkpoint/safetensors.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

std::filesystem::path oracle(const std::string& name) { return std::filesystem::path(qgetenv("MOESCOPE_ORACLE").toStdString()) / "captures" / name; }

std::string complaint(const std::string& bytes, const std::vector<CaptureShape>& shapes = {}, int experts = 0) {
  try {
    parseCapture({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "x", shapes, experts);
    return "read without complaint";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i & 255);
  return text;
}

std::string npy(const std::string& type, const std::string& shape, const std::string& data) {
  const std::string dictionary = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
  return std::string("\x93NUMPY\x01\0", 8) + number(dictionary.size(), 2) + dictionary + data;
}

std::string deflated(const std::string& data) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, data.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

struct Zip {
  std::string name = "a.npy", packed;
  int method = 8, flags = 0;
  std::uint64_t size = 0, local = 0;
  std::uint32_t checksum = 0;
  std::string bytes() const {
    const std::string head = number(20, 2) + number(flags, 2) + number(method, 2) + number(0, 4) + number(checksum, 4) + number(packed.size(), 4) + number(size, 4) + number(name.size(), 2);
    const std::string file = "PK\x03\x04" + head + number(0, 2) + name + packed;
    const std::string entry = "PK\x01\x02" + number(20, 2) + head + number(0, 2) + number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(local, 4) + name;
    return file + entry + "PK\x05\x06" + number(0, 4) + number(1, 2) + number(1, 2) + number(entry.size(), 4) + number(file.size(), 4) + number(0, 2);
  }
};

Zip zipOf(const std::string& data) {
  Zip zip;
  zip.packed = deflated(data);
  zip.size = data.size();
  zip.checksum = static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size())));
  return zip;
}

}  // namespace

class TestCapture : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QVERIFY2(qEnvironmentVariableIsSet("MOESCOPE_ORACLE"), "run this test through ctest, which makes the oracle's captures"); }

  void every_format_reads_as_the_same_ids_data() {
    QTest::addColumn<int>("sequences");
    for (const char* one : {"int32.npy", "bytes.npy", "big_fortran.npy", "stored.npz", "deflated.npz", "nested.json"}) QTest::newRow(one) << 1;
    for (const char* two : {"sglang.json", "vllm.json"}) QTest::newRow(two) << 2;
  }
  void every_format_reads_as_the_same_ids() {
    QFETCH(int, sequences);
    const RoutingCapture capture = readCapture(oracle(QTest::currentDataTag()), {{0, 3, 2}}, 8);
    const auto expected = Safetensors(oracle("expected.safetensors")).read("ids");
    QCOMPARE(capture.tokens, 41);
    QCOMPARE(capture.layers, 3);
    QCOMPARE(capture.chosen, 2);
    QCOMPARE(capture.experts, 8);
    QCOMPARE(static_cast<int>(capture.starts.size()), sequences);
    QVERIFY(std::equal(capture.ids.begin(), capture.ids.end(), expected.begin(), expected.end()));
  }

  void padding_is_left_out_and_ends_a_sequence() {
    const std::string json = "[{\"routed_experts\": [[[-1]], [[3]], [[1]], [[-1]], [[2]]]}, {\"routed_experts\": [[[0]], [[-1]]]}]";
    for (const std::string& bytes : {json, npy("<i8", "(7, 1, 1)", number(-1, 8) + number(3, 8) + number(1, 8) + number(-1, 8) + number(2, 8) + number(0, 8) + number(-1, 8))}) {
      const RoutingCapture capture = parseCapture({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "x", {}, 0);
      QCOMPARE(capture.tokens, 4);
      QCOMPARE(capture.padding, 3);
      QVERIFY((capture.ids == std::vector<std::int32_t>{3, 1, 2, 0}));
      QVERIFY((capture.starts == (bytes == json ? std::vector<std::int64_t>{0, 2, 3} : std::vector<std::int64_t>{0, 2})));
    }
  }

  void one_layer_reads_without_its_axis() {
    const RoutingCapture capture = readCapture(oracle("one_layer.npy"), {}, 0);
    QCOMPARE(capture.layers, 1);
    QCOMPARE(capture.chosen, 2);
    QCOMPARE(capture.tokens, 41);
  }

  void measures_equal_numpys() {
    const RoutingCapture capture = readCapture(oracle("vllm.json"), {}, 0);
    const Safetensors expected(oracle("expected.safetensors"));
    for (int layer = 0; layer < 3; ++layer) {
      const CaptureMeasures m = measureCapture(capture, layer, 8);
      const auto read = [&](const char* name) {
        const auto floats = expected.read(std::string(name) + "." + std::to_string(layer));
        return Eigen::VectorXd(Eigen::Map<const Eigen::VectorXf>(floats.data(), static_cast<Eigen::Index>(floats.size())).cast<double>());
      };
      Eigen::VectorXd scalars(5);
      scalars << m.loadVariation, m.maxViolation, m.gini, m.loadEntropy, m.churn;
      QVERIFY((scalars - read("scalars")).cwiseAbs().maxCoeff() < 1e-6);
      QVERIFY((m.load - read("load")).cwiseAbs().maxCoeff() < 1e-7);
      QVERIFY((m.together.reshaped() - read("together")).cwiseAbs().maxCoeff() < 1e-7);  // symmetric
      QCOMPARE(m.neighbours, 39);
      QCOMPARE(m.neverChosen, layer == 1 ? 1 : 0);
    }
  }

  void independent_tokens_churn_as_predicted_and_pairs_lift_one() {
    RoutingCapture capture{"x", 60000, 1, 1, 4, {0}, {}};
    unsigned state = 1;
    for (int t = 0; t < 60000; ++t) {
      state = state * 1664525u + 1013904223u;
      capture.ids.push_back(static_cast<int>(std::min(3u, (state >> 16) % 7)));
    }
    const CaptureMeasures m = measureCapture(capture, 0, 4);
    QVERIFY(std::abs(m.churn - m.independentChurn) < 0.01);
    QVERIFY(std::abs(m.independentChurn - (1.0 - (3 + 16) / 49.0)) < 0.01);
  }

  void dense_layers_are_not_measured_and_doubles_are_refused() {
    const RoutingCapture dense{"x", 3, 1, 2, 1, {0}, {0, 0, 0, 0, 0, 0}};
    QVERIFY(!measureCapture(dense, 0, 4).routed);
    const RoutingCapture twice{"x", 2, 1, 2, 3, {0}, {0, 1, 2, 2}};
    QVERIFY_EXCEPTION_THROWN(measureCapture(twice, 0, 4), std::runtime_error);
  }

  void each_fault_gets_one_line_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const std::string& bytes, const char* expected) { QTest::newRow(name) << QByteArray::fromStdString(bytes) << expected; };
    const std::string four = number(0, 4) + number(1, 4) + number(2, 4) + number(3, 4);
    const std::string good = npy("<i4", "(2, 1, 2)", four);
    row("empty", "", "expected a capture of routing");
    row("floats", npy("<f4", "(2, 2)", four), "expected descr i1");
    row("shape larger than the file", npy("<i4", "(100000, 40, 8)", four), "but 16 bytes follow");
    row("shape beyond the cap", npy("<i4", "(999999999, 999999999)", four), "expected 1 to");
    row("shape that wraps around", npy("<i4", "(4294967296, 4294967296, 4)", four), "expected 1 to");
    row("one dimension", npy("<i4", "(4,)", four), "expected ids of shape");
    row("four dimensions", npy("<i4", "(1, 1, 2, 2)", four), "expected ids of shape");
    row("empty array", npy("<i4", "(0, 2)", ""), "expected 1 to");
    row("negative id", npy("<i4", "(1, 1)", "\xfe\xff\xff\xff"), "expected expert ids from 0 to 4095, found a negative");
    row("nothing but padding", npy("<i4", "(1, 1)", "\xff\xff\xff\xff"), "expected a token that is not padding, found 1");
    row("half padding", npy("<i1", "(2, 2)", std::string("\1\2\xff\3", 4)), "token 1, layer 0: expected expert ids from 0 to 4095, found -1, which marks padding only");
    row("largest unsigned is no padding", npy("<u4", "(2, 1)", number(1, 4) + "\xff\xff\xff\xff"), "found a negative or huge one");
    row("huge number in JSON is no padding", "[[18446744073709551615]]", "found a negative or huge one");
    row("huge id", npy("<u8", "(1, 1)", "\xff\xff\xff\xff\xff\xff\xff\x7f"), "expected expert ids");
    row("id past the experts", npy("<i2", "(1, 2)", number(1, 2) + number(5000, 2)), "found 5000");
    row("zip cut short", zipOf(good).bytes().substr(0, 60), "expected the directory of a ZIP archive");
    row("zip of floats", zipOf(npy("<f4", "(2, 2)", four)).bytes(), "expected descr i1");
    Zip zip = zipOf(good);
    zip.checksum ^= 1;
    row("zip with a wrong checksum", zip.bytes(), "checksum is wrong");
    zip = zipOf(good);
    zip.size += 4;
    row("zip that states more than it holds", zip.bytes(), "bytes follow");
    zip = zipOf(npy("<i4", "(100000, 1)", std::string(400000, '\0')));
    zip.size = 4'000'000'000;
    row("zip bomb", zip.bytes(), "cannot expand to");
    row("deflate bomb that is as it says", zipOf(npy("<i4", "(3, 1)", std::string(2'000'000, '\0'))).bytes(), "bytes follow");
    zip = zipOf(good);
    zip.packed[4] = static_cast<char>(zip.packed[4] ^ 0x55);
    row("zip with damaged bytes", zip.bytes(), "x");
    zip = zipOf(good);
    zip.local = 5000;
    row("zip header outside the file", zip.bytes(), "header inside the file");
    zip = zipOf(good);
    zip.flags = 1;
    row("zip encrypted", zip.bytes(), "encrypted");
    zip = zipOf(good);
    zip.method = 12;
    row("zip of another method", zip.bytes(), "found 12");
    row("not JSON", "{\"routed_experts\": [", "not JSON at byte");
    row("no ids", "{\"routed_experts\": null}", "there is no \"routed_experts\"");
    row("ragged", "[[[1,2],[3]]]", "lists of equal length");
    row("mixed depth", "[[1,2],[[3]]]", "lists of equal depth");
    row("too deep", "[[[[1]]]]", "at most three levels");
    row("very deep", "{\"a\":" + std::string(100000, '['), "nested deeper");
    row("words", "[[\"a\"]]", "whole numbers");
    row("fractions", "[[0.5]]", "whole numbers");
    row("empty lists", "[[]]", "at least one id");
    row("flat list", "[1,2,3]", "expected ids of shape");
    row("base64 without a shape", "{\"routed_experts\": \"AAAAAAEAAAA=\"}", "--capture-shape");
    row("base64 with other characters", "{\"routed_experts\": \"AA*A\"}", "found another character");
    row("base64 of no whole numbers", "{\"routed_experts\": \"AAAA\"}", "expected base64 of int32");
    row("sequences that differ", "[{\"routed_experts\": [[[1]]]}, {\"routed_experts\": [[[1],[2]]]}]", "the same layers and k");
  }
  void each_fault_gets_one_line() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    const std::string said = complaint(bytes.toStdString());
    QVERIFY2(QString::fromStdString(said).contains(expected) && said.rfind("x", 0) == 0 && said.find('\n') == std::string::npos, said.c_str());
  }

  void flat_data_must_fit_exactly_one_shape() {
    const std::string two = "{\"routed_experts\": \"AAAAAAEAAAA=\"}";  // ids 0 and 1
    QCOMPARE(complaint(two, {{0, 1, 2}}), std::string("read without complaint"));
    QVERIFY(complaint(two, {{0, 3, 2}}).find("do not fill shape [tokens, 3, 2]") != std::string::npos);
    QVERIFY(complaint(two, {{0, 1, 2}, {0, 2, 1}}).find("ambiguous") != std::string::npos);
    QVERIFY(complaint(two, {{0, 1, 2}}, 1).find("from 0 to 0") != std::string::npos);
    QVERIFY(complaint("[[[0, 1]]]", {{0, 2, 2}}).find("expected ids of shape [tokens, 2, 2]") != std::string::npos);
  }
};

MOESCOPE_TEST(TestCapture)
#include "test_capture.moc"
