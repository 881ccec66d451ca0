// Captures that numpy and json wrote (tests/oracle/captures.py), their measures as numpy computes them, and hostile files.

#include <zlib.h>

#include <QTest>
#include <algorithm>
#include <cmath>
#include <fstream>

#include "core/checkpoint/capture_measures.h"
#include "core/checkpoint/capture_repeats.h"
#include "core/checkpoint/safetensors.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

std::filesystem::path oracle(const std::string& name) {
  return std::filesystem::path(qgetenv("MOESCOPE_ORACLE").toStdString()) / "captures" / name;
}

std::string complaint(const std::string& bytes, const std::vector<CaptureShape>& shapes = {}, int experts = 0) {
  try {
    parseCapture({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "x", shapes, experts);
    return "read without complaint";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

RoutingCapture parsed(const std::string& bytes) {
  return parseCapture({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "x", {}, 0);
}

bool said(const RoutingCapture& capture, const std::string& kind, const std::string& text) {
  return std::any_of(capture.notes.all().begin(), capture.notes.all().end(), [&](const ReadingNote& note) {
    return nameOf(note.kind) == kind && note.text.find(text) != std::string::npos;
  });
}

/// Load, co-activation and scalars of a layer as tests/oracle/captures.py computed them under a prefix.
bool equalsNumpys(const CaptureMeasures& m, const std::string& prefix, int layer) {
  const Safetensors expected(oracle("expected.safetensors"));
  const auto read = [&](const char* name) {
    const auto floats = expected.read(prefix + name + "." + std::to_string(layer));
    return Eigen::VectorXd(
        Eigen::Map<const Eigen::VectorXf>(floats.data(), static_cast<Eigen::Index>(floats.size())).cast<double>());
  };
  Eigen::VectorXd scalars(5);
  scalars << m.loadVariation, m.maxViolation, m.gini, m.loadEntropy, m.churn;
  return (scalars - read("scalars")).cwiseAbs().maxCoeff() < 1e-6 && (m.load - read("load")).cwiseAbs().maxCoeff() < 1e-7 &&
         (m.together.reshaped() - read("together")).cwiseAbs().maxCoeff() < 1e-7;  // symmetric
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
    const std::string head = number(20, 2) + number(flags, 2) + number(method, 2) + number(0, 4) + number(checksum, 4) +
                             number(packed.size(), 4) + number(size, 4) + number(name.size(), 2);
    const std::string file = "PK\x03\x04" + head + number(0, 2) + name + packed;
    const std::string entry = "PK\x01\x02" + number(20, 2) + head + number(0, 2) + number(0, 2) + number(0, 2) + number(0, 2) +
                              number(0, 4) + number(local, 4) + name;
    return file + entry + "PK\x05\x06" + number(0, 4) + number(1, 2) + number(1, 2) + number(entry.size(), 4) +
           number(file.size(), 4) + number(0, 2);
  }
};

Zip zipOf(const std::string& data) {
  Zip zip;
  zip.packed = deflated(data);
  zip.size = data.size();
  zip.checksum =
      static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size())));
  return zip;
}

}  // namespace

Q_DECLARE_METATYPE(moescope::IdenticalRows)

class TestCapture : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    QVERIFY2(qEnvironmentVariableIsSet("MOESCOPE_ORACLE"), "run this test through ctest, which makes the oracle's captures");
  }

  void every_format_reads_as_the_same_ids_data() {
    QTest::addColumn<int>("sequences");
    for (const char* one :
         {"int32.npy", "bytes.npy", "big_fortran.npy", "stored.npz", "deflated.npz", "nested.json", "npy_blob.json",
          "struct_base85.json", "struct_uint8.json", "struct_lists.json", "type_behind.json", "type_before.json",
          "prompt_and_answer.json", "answer_and_prompt.json", "prompt_twice.json", "growing.json", "parts.npz"})
      QTest::newRow(one) << 1;
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
    const std::string json =
        "[{\"routed_experts\": [[[-1]], [[3]], [[1]], [[-1]], [[2]]]}, {\"routed_experts\": [[[0]], [[-1]]]}]";
    for (const std::string& bytes :
         {json, npy("<i8", "(7, 1, 1)",
                    number(-1, 8) + number(3, 8) + number(1, 8) + number(-1, 8) + number(2, 8) + number(0, 8) + number(-1, 8))}) {
      const RoutingCapture capture =
          parseCapture({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "x", {}, 0);
      QCOMPARE(capture.tokens, 4);
      QCOMPARE(capture.padding, 3);
      QVERIFY((capture.ids == std::vector<std::int32_t>{3, 1, 2, 0}));
      QVERIFY((capture.starts == (bytes == json ? std::vector<std::int64_t>{0, 2, 3} : std::vector<std::int64_t>{0, 2})));
      QCOMPARE(nameOf(capture.notes.all().front().kind), std::string("padded"));
    }
  }

  void rows_that_the_engine_did_not_fill_are_padding() {
    // Two layers of k = 2: the last row is zeros, one before it the largest byte.
    const RoutingCapture capture = parsed(npy("|u1", "(4, 2, 2)", std::string("\1\2\3\4\2\1\4\3\xff\xff\xff\xff\0\0\0\0", 16)));
    QCOMPARE(capture.tokens, 2);
    QCOMPARE(capture.padding, 2);
    QCOMPARE(capture.experts, 5);
    QVERIFY(said(capture, "padded", "2 tokens with one id 2 times in every layer"));
  }

  void prompt_and_answer_are_told_apart_data() {
    QTest::addColumn<QString>("name");
    for (const char* name : {"prompt_and_answer.json", "answer_and_prompt.json", "prompt_twice.json", "parts.npz"})
      QTest::newRow(name) << name;
  }
  void prompt_and_answer_are_told_apart() {
    QFETCH(QString, name);
    const RoutingCapture capture = readCapture(oracle(name.toStdString()), {}, 0);
    const auto count = [&](CapturedPart part) { return std::count(capture.parts.begin(), capture.parts.end(), part); };
    QCOMPARE(capture.tokens, 41);
    QCOMPARE(count(CapturedPart::Prompt), 30);
    QCOMPARE(count(CapturedPart::Answer), 11);
    const CaptureMeasures prompt = measureCapture(capture, 0, 8, tokensOf(capture, CapturedPart::Prompt)),
                          answer = measureCapture(capture, 0, 8, tokensOf(capture, CapturedPart::Answer));
    const CaptureMeasures all = measureCapture(capture, 0, 8);
    QVERIFY(((30 * prompt.load + 11 * answer.load) / 41 - all.load).cwiseAbs().maxCoeff() < 1e-12);
    QCOMPARE(prompt.neighbours + answer.neighbours + 1, all.neighbours);
  }

  void choices_share_one_prompt() {
    const RoutingCapture capture = parsed(
        R"({"choices": [{"routed_experts": [[[2, 3]], [[4, 5]]]}, {"routed_experts": [[[5, 1]]]}, {"routed_experts": null}], "prompt_routed_experts": [[[0, 1]], [[1, 2]]]})");
    QCOMPARE(capture.tokens, 5);
    QVERIFY((capture.ids == std::vector<std::int32_t>{0, 1, 1, 2, 2, 3, 4, 5, 5, 1}));
    QVERIFY((capture.starts == std::vector<std::int64_t>{0, 4}));  // the second choice does not follow the first
    QVERIFY((capture.parts == std::vector<CapturedPart>{CapturedPart::Prompt, CapturedPart::Prompt, CapturedPart::Answer,
                                                        CapturedPart::Answer, CapturedPart::Answer}));
    QVERIFY(said(capture, "missing", "\"routed_experts\": null"));
  }

  void turns_that_repeat_the_conversation_count_once() {
    const RoutingCapture capture = readCapture(oracle("growing.json"), {{0, 3, 2}}, 0);
    QCOMPARE(capture.tokens, 41);
    QCOMPARE(capture.repeated, 42);
    QVERIFY(said(capture, "repeated", "2 sequences of 3 (42 tokens) are the beginning of another"));
    QVERIFY(said(capture, "assumed", "int32"));
  }

  void an_answer_that_a_later_turn_sends_as_prompt_stays_an_answer() {
    std::string first, second;
    for (int t = 0; t < 12; ++t) {
      const std::string row = "[[" + std::to_string(t) + "," + std::to_string(40 + t * t % 37) + "]]";
      (t < 8 ? first : second) += (t == 0 || t == 8 ? "" : ",") + row;
    }
    const RoutingCapture capture = parsed("[{\"prompt_routed_experts\": [" + first + "], \"choices\": [{\"routed_experts\": [" +
                                          second + "]}]}," + "{\"prompt_routed_experts\": [" + first + "," + second +
                                          ",[[20,21]]], \"choices\": [{\"routed_experts\": [[[22,23]]]}]}]");
    QCOMPARE(capture.tokens, 14);
    QCOMPARE(std::count(capture.parts.begin(), capture.parts.end(), CapturedPart::Answer), 5);
    QVERIFY(capture.parts[8] == CapturedPart::Answer && capture.parts[12] == CapturedPart::Prompt);
  }

  void short_answers_that_agree_by_chance_all_count() {
    const RoutingCapture capture = parsed(
        "[{\"routed_experts\": [[3]]}, {\"routed_experts\": [[1]]}, {\"routed_experts\": [[3]]}, {\"routed_experts\": [[3], "
        "[1]]}]");
    QCOMPARE(capture.tokens, 5);
    QCOMPARE(capture.repeated, 0);
  }

  void a_common_beginning_is_said_and_counted_each_time() {
    std::string shared, one = "[[90,91]]", other = "[[92,93]]";
    for (int t = 0; t < 9; ++t) shared += "[[" + std::to_string(t) + "," + std::to_string(t + 20) + "]],";
    const RoutingCapture capture =
        parsed("[{\"routed_experts\": [" + shared + one + "]}, {\"routed_experts\": [" + shared + other + "]}]");
    QCOMPARE(capture.tokens, 20);
    QVERIFY(said(capture, "repeated", "these 9 tokens are counted each time"));
  }

  void rows_that_stand_for_no_token_are_named_and_measured_apart_data() {
    QTest::addColumn<IdenticalRows>("rows");
    QTest::addColumn<QString>("kind");
    QTest::newRow("stale") << IdenticalRows{5, 20, false} << "repeated";
    QTest::newRow("padded") << IdenticalRows{25, 16, true} << "padded";
  }
  void rows_that_stand_for_no_token_are_named_and_measured_apart() {
    QFETCH(IdenticalRows, rows);
    QFETCH(QString, kind);
    const std::string name = QTest::currentDataTag();
    const RoutingCapture capture = readCapture(oracle(name + ".npy"), {}, 0);
    QCOMPARE(capture.tokens, 41);
    QVERIFY(capture.identical == std::vector{rows});
    QVERIFY(said(capture, kind.toStdString(), "all but impossible"));
    for (int layer = 0; layer < 3; ++layer) {
      QVERIFY(equalsNumpys(measureCapture(capture, layer, 8), name + ".", layer));
      QVERIFY(equalsNumpys(measureCapture(capture, layer, 8, tokensWithoutIdentical(capture)), name + "_without.", layer));
    }
  }

  void equal_neighbours_that_chance_gives_are_not_named() {
    // One layer of two experts, each kept for 30 tokens on average: long runs, and nothing wrong.
    std::string ids;
    unsigned state = 3, expert = 0;
    for (int t = 0; t < 5000; ++t) {
      state = state * 1664525u + 1013904223u;
      if ((state >> 16) % 30 == 0) expert ^= 1;
      ids += static_cast<char>(expert);
    }
    const RoutingCapture capture = parsed(npy("|u1", "(5000, 1)", ids));
    QCOMPARE(capture.identical.size(), std::size_t{0});
    QVERIFY(capture.notes.empty());
  }

  void what_looks_like_routing_and_is_not_read_is_named() {
    const RoutingCapture capture = parsed(
        R"({"routed_experts": [[[1, 2]]], "moe_routing": {"layer": [1, 2]}, "expert_ids": [[4]], "return_routed_experts": true, "routed_dp_rank": 0, "router_name": "short",
      "experts": [], "usage": {"tokens": [1, 2]}, "routed_experts_start_len": 40})");
    QCOMPARE(capture.tokens, 1);
    QVERIFY(said(capture, "not read", "\"moe_routing\""));
    QVERIFY(said(capture, "not read", "\"expert_ids\""));
    QVERIFY(said(capture, "missing", "\"routed_experts_start_len\""));
    QCOMPARE(capture.notes.all().size(), std::size_t{3});
    const std::string refused = complaint(R"({"moe_routing": [[1, 2]]})");
    QVERIFY2(
        refused.find("there is no \"routed_experts\"") != std::string::npos && refused.find("moe_routing") != std::string::npos,
        refused.c_str());
  }

  void json_lines_are_a_response_each() {
    const RoutingCapture capture =
        parsed("{\"routed_experts\": [[[1]], [[2]]]}\n\n{\"text\": \"none\"}\r\n{\"routed_experts\": [[[3]]]}\n");
    QVERIFY((capture.ids == std::vector<std::int32_t>{1, 2, 3}));
    QVERIFY((capture.starts == std::vector<std::int64_t>{0, 2}));
    QVERIFY(complaint("[[1]]\n[[2]\n").starts_with("x: not JSON at byte 11: syntax error while parsing array - "));
    QCOMPARE(parsed("[[1],\n [2]]\n").tokens, 2);
  }

  /// 0 1 1 1 0 0 without the second and third 1: 1 and 0 were no neighbours, so that of two pairs of neighbours one differs.
  void what_was_left_out_makes_no_neighbours() {
    RoutingCapture capture{
        .file = "x", .tokens = 6, .layers = 1, .chosen = 1, .experts = 2, .starts = {0}, .ids = {0, 1, 1, 1, 0, 0}};
    capture.identical = {{1, 3, false}};
    const double beside = measureCapture(capture, 0, 2, tokensWithoutIdentical(capture)).churn;
    leaveOutIdenticalRows(capture);
    QCOMPARE(capture.tokens, 4);
    QCOMPARE(measureCapture(capture, 0, 2).churn, 0.5);
    QCOMPARE(beside, 0.5);
    QCOMPARE(capture.starts.size(), std::size_t{1});
  }

  void a_dtype_that_is_no_text_is_refused() {
    QCOMPARE(complaint(R"({"routed_experts": {"data": "AAEBAA==", "shape": [2, 1, 2], "dtype": 7}})"),
             std::string("x: routed_experts 1: \"dtype\": expected a text"));
    QCOMPARE(parsed(R"({"loss": NaN, "routed_experts": [[[0, 1]], [[2, 0]]], "limit": -Infinity})").tokens, 2);
    QVERIFY(complaint(R"({"routed_experts": [[[0, NaN]]]})").find("expected whole numbers in lists") != std::string::npos);
  }

  void tokens_that_the_engine_left_out_at_the_start_are_said() {
    const RoutingCapture capture =
        parsed(R"({"routed_experts": {"data": "AAEC", "encoding": "base64", "shape": [3, 1], "dtype": "uint8", "start": 7}})");
    QVERIFY((capture.ids == std::vector<std::int32_t>{0, 1, 2}));
    QVERIFY(said(capture, "missing", "\"start\""));
  }

  void what_does_not_exist_is_not_a_number() {
    const RoutingCapture one{"x", "", 1, 1, 1, 1, {0}, {0}};
    const CaptureMeasures m = measureCapture(one, 0, 1);
    QVERIFY(std::isnan(m.churn) && std::isnan(m.meanLift));
    QCOMPARE(m.maxViolation, 0.0);
    const CaptureMeasures none = measureCapture(one, 0, 1, {false});
    QVERIFY(none.tokens == 0 && std::isnan(none.loadVariation) && std::isnan(none.gini) && std::isnan(none.loadEntropy) &&
            std::isnan(none.independentChurn));
  }

  void one_layer_reads_without_its_axis() {
    const RoutingCapture capture = readCapture(oracle("one_layer.npy"), {}, 0);
    QCOMPARE(capture.layers, 1);
    QCOMPARE(capture.chosen, 2);
    QCOMPARE(capture.tokens, 41);
  }

  void measures_equal_numpys() {
    const RoutingCapture capture = readCapture(oracle("vllm.json"), {}, 0);
    for (int layer = 0; layer < 3; ++layer) {
      const CaptureMeasures m = measureCapture(capture, layer, 8);
      QVERIFY(equalsNumpys(m, "", layer));
      QCOMPARE(m.neighbours, 39);
      QCOMPARE(m.neverChosen, layer == 1 ? 1 : 0);
    }
  }

  void independent_tokens_churn_as_predicted_and_pairs_lift_one() {
    RoutingCapture capture{"x", "", 60000, 1, 1, 4, {0}, {}};
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
    const RoutingCapture dense{"x", "", 3, 1, 2, 1, {0}, {0, 0, 0, 0, 0, 0}};
    QVERIFY(!measureCapture(dense, 0, 4).routed);
    const RoutingCapture twice{"x", "", 2, 1, 2, 3, {0}, {0, 1, 2, 2}};
    QVERIFY_EXCEPTION_THROWN(measureCapture(twice, 0, 4), std::runtime_error);
  }

  void each_fault_gets_one_line_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const std::string& bytes, const char* expected) {
      QTest::newRow(name) << QByteArray::fromStdString(bytes) << expected;
    };
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
    row("half padding", npy("<i1", "(2, 2)", std::string("\1\2\xff\3", 4)),
        "token 1, layer 0: expected expert ids from 0 to 4095, found -1, which marks padding only");
    row("largest unsigned is no padding", npy("<u4", "(2, 1)", number(1, 4) + "\xff\xff\xff\xff"),
        "found a negative or huge one");
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
    row("base64 of no whole numbers", "{\"routed_experts\": \"AAAA\"}", "expected --capture-dtype (possible: uint8)");
    row("a type that is none", "{\"routed_experts\": {\"data\": \"AAAA\", \"shape\": [1, 3], \"dtype\": \"float32\"}}",
        "expected an integer type such as int32 or uint8, found \"float32\"");
    row("a shape that lies", "{\"routed_experts\": {\"data\": \"AAEC\", \"shape\": [2, 3], \"dtype\": \"uint8\"}}",
        "states shape [2, 3] of 1 bytes each, found 3 bytes");
    row("a shape that wraps around",
        "{\"routed_experts\": {\"data\": \"AAEC\", \"shape\": [4294967296, 4294967296], \"dtype\": \"uint8\"}}",
        "expected a shape of 1 to");
    row("a shape of words", "{\"routed_experts\": {\"data\": \"AAEC\", \"shape\": [\"a\"], \"dtype\": \"uint8\"}}",
        "expected a shape of whole numbers");
    row("a struct without data", "{\"routed_experts\": {\"shape\": [2, 3]}}", "expected \"data\" in it");
    row("lists against their shape", "{\"routed_experts\": {\"data\": [[1, 2]], \"shape\": [2, 1]}}",
        "states shape [2, 1], found [1, 2]");
    row("base64 or base85", "{\"routed_experts\": {\"data\": \"AAEC\", \"shape\": [3, 1], \"dtype\": \"uint8\"}}",
        "could be base64 or base85");
    row("an encoding that is none",
        "{\"routed_experts\": {\"data\": \"AAEC\", \"shape\": [3, 1], \"dtype\": \"uint8\", \"encoding\": \"hex\"}}",
        "expected encoding base64 or base85");
    row("base85 beyond 32 bits", "{\"routed_experts\": {\"data\": \"~~~~~\", \"shape\": [4, 1], \"dtype\": \"uint8\"}}",
        "beyond 32 bits");
    row("bytes taken as int32", "{\"routed_experts\": \"AAECAwMCAQABAgMAAwIBAA==\", \"routed_experts_shape\": [4, 1]}",
        "taken as int32");
    row("a damaged .npy in base64", "{\"routed_experts\": \"k05VTVBZAQB2AA==\"}", "ends inside the .npy header");
    row("sequences that differ", "[{\"routed_experts\": [[[1]]]}, {\"routed_experts\": [[[1],[2]]]}]", "the same layers and k");
  }
  void each_fault_gets_one_line() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    const std::string said = complaint(bytes.toStdString());
    QVERIFY2(QString::fromStdString(said).contains(expected) && said.rfind("x", 0) == 0 && said.find('\n') == std::string::npos,
             said.c_str());
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
