// Tables and archives for other programs: what is written reads back, by readers that were written for other programs' files.

#include <QTest>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/data/npy_header.h"
#include "core/data/npz_writer.h"
#include "core/data/zip.h"
#include "core/timeline/export.h"
#include "core/timeline/step_quantities.h"
#include "tests/support/planted_snapshot.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

struct Array {
  NpyHeader header;
  std::string data;

  template <typename Number>
  Number at(std::size_t index) const {
    Number value{};
    std::memcpy(&value, data.data() + index * sizeof(Number), sizeof(Number));
    return value;
  }
};

/// Every array of an archive whose numbers this program's own reader knows, by name.
std::map<std::string, Array> arraysOf(const std::string& npz, NpyNumbers numbers) {
  const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(npz.data()), npz.size());
  std::map<std::string, Array> arrays;
  for (const ZipMember& member : zipMembers(bytes, "test.npz")) {
    ZipReader reader(bytes, member, "test.npz");
    const ReadBytes read = [&](std::uint64_t count, const std::string&) {
      std::string text(count, '\0');
      reader.read({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
      return text;
    };
    Array array;
    try {
      array.header = readNpyHeader(read, numbers, member.name);
    } catch (const std::runtime_error&) {
      continue;  // of the other kind
    }
    array.data = read(reader.left(), "data");
    reader.finish();  // the checksum holds
    arrays[member.name.substr(0, member.name.find(".npy"))] = array;
  }
  return arrays;
}

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

class TestExport : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void csv_quotes_words_and_keeps_every_number() {
    DataTable table{{{"name", ""}, {"load", "%"}}, {}};
    table.add({"plain", 0.1});
    table.add({"a \"b\", c", std::numeric_limits<double>::quiet_NaN()});
    table.add({Cell(), -std::numeric_limits<double>::infinity()});
    table.add({7, 1.0 / 3.0});
    const std::vector<std::string> lines = linesOf(csvOf(table));
    QCOMPARE(lines.size(), std::size_t(5));
    QCOMPARE(lines[0], std::string("name,load [%]"));
    QCOMPARE(lines[1], std::string("plain,0.1"));
    QCOMPARE(lines[2], std::string("\"a \"\"b\"\", c\",nan"));
    QCOMPARE(lines[3], std::string(",-inf"));
    QCOMPARE(std::stod(lines[4].substr(2)), 1.0 / 3.0);
    QVERIFY_THROWS_EXCEPTION(std::logic_error, table.add({1}));
  }

  void json_counts_what_it_cannot_hold() {
    DataTable table{{{"x", "nats"}, {"y", ""}}, {}, {{"view", "planted"}}};
    table.add({std::numeric_limits<double>::infinity(), 2});
    table.add({0.5, Cell()});
    const auto whole = nlohmann::json::parse(jsonOf(table));
    QCOMPARE(whole["about"]["view"].get<std::string>(), std::string("planted"));
    QCOMPARE(whole["columns"][0]["not_finite"].get<int>(), 1);
    QCOMPARE(whole["columns"][0]["unit"].get<std::string>(), std::string("nats"));
    QVERIFY(!whole["columns"][1].contains("not_finite"));  // nothing is no number that is not finite
    QVERIFY(whole["rows"][0][0].is_null() && whole["rows"][1][1].is_null());
    QCOMPARE(whole["rows"][1][0].get<double>(), 0.5);
    const std::vector<std::string> lines = linesOf(jsonLinesOf(table));
    QCOMPARE(lines.size(), std::size_t(3));
    QVERIFY(nlohmann::json::parse(lines[0])["columns"] == whole["columns"]);
    QCOMPARE(nlohmann::json::parse(lines[2])["x"].get<double>(), 0.5);
  }

  void metrics_have_a_column_for_each_quantity_and_layer() {
    std::vector<StepMetrics> steps(2);
    steps[0] = {1, 2.5, NAN, {1.5, 1.25}, {4.0, 3.0}, {0.5, 0.25}, {0.75, 0.5}, {0.01, 0.02}, {0.0, 0.125}, "grmoe"};
    steps[1] = {2, NAN, 2.25, {1.0}, {2.0}, {0.5}, {0.5}, {0.0}, {0.0}, "topk"};
    const DataTable table = metricsTable(steps);
    std::size_t columns = 2;
    for (const StepQuantity& quantity : stepQuantities()) columns += quantity.perLayer ? 2 : 1;
    QCOMPARE(table.columns.size(), columns);
    const std::vector<std::string> lines = linesOf(csvOf(table));
    QVERIFY(lines[0].starts_with(
        "step,router,loss_nats_per_byte [nats per byte],held_out_loss_nats_per_byte [nats per byte],entropy_nats_layer_1 [nats],entropy_nats_layer_2 [nats],"));
    QVERIFY2(lines[1].starts_with("1,grmoe,2.5,,1.5,1.25,"), lines[1].c_str());  // not held out at this step: nothing
    QVERIFY2(lines[2].starts_with("2,topk,nan,2.25,1,,"),
             lines[2].c_str());  // a loss that is not a number is one; no second layer
  }

  void a_series_tells_mean_minimum_and_maximum_of_its_buckets() {
    StepRecorder recorder;
    for (int step = 1; step <= 4000; ++step) {
      StepMetrics metrics{step, static_cast<double>(step), NAN, {1.0}, {2.0}, {0.5}, {0.5}, {0.0}, {0.0}, "topk"};
      if (step == 10) metrics.loss = INFINITY;
      recorder.append(metrics);
    }
    const DataTable table = metricsTable(recorder.series());
    QVERIFY(recorder.series().stride() > 1);
    double notFinite = 0.0;
    for (const auto& row : table.rows) {
      const auto first = std::get<std::int64_t>(row[0].value), last = std::get<std::int64_t>(row[1].value);
      if (first > 10) QCOMPARE(std::get<double>(row[2].value), 0.5 * static_cast<double>(first + last));
      if (first > 10) QCOMPARE(std::get<double>(row[4].value), static_cast<double>(last));
      notFinite += static_cast<double>(std::get<std::int64_t>(row[5].value));
      QVERIFY(std::holds_alternative<std::monostate>(row[6].value));  // never held out
    }
    QCOMPARE(notFinite, 1.0);
    QCOMPARE(table.columns[2].name, std::string("loss_nats_per_byte_mean"));
  }

  void a_snapshot_reads_back_array_by_array() {
    const auto snapshot = testing::plantedSnapshot();
    const std::string npz = snapshotNpz(*snapshot);
    const auto real = arraysOf(npz, NpyNumbers::Real), whole = arraysOf(npz, NpyNumbers::Integer);
    const LayerSnapshot& layer = snapshot->layers[1];
    const Array& scores = real.at("layer_2_scores");
    QCOMPARE(scores.header.shape, (std::vector<std::uint64_t>{512, 8}));
    QCOMPARE(scores.header.itemBytes, 4);
    for (Eigen::Index t = 0; t < 512; t += 37)
      QCOMPARE(scores.at<float>(static_cast<std::size_t>(8 * t + 3)), layer.scores(t, 3));
    const Array& frames = real.at("layer_2_frames");
    QCOMPARE(frames.header.shape, (std::vector<std::uint64_t>{8, 32, 4}));
    QCOMPARE(frames.at<float>(5 * 32 * 4 + 7 * 4 + 2), layer.frames[5](7, 2));
    const Array& spectra = real.at("layer_2_spectra");
    QCOMPARE(spectra.header.shape, (std::vector<std::uint64_t>{8, 4}));
    QCOMPARE(spectra.at<double>(4 * 6 + 1), layer.spectra(6, 1));
    QCOMPARE(whole.at("step").at<std::int64_t>(0), std::int64_t(100));
    QVERIFY(whole.at("step").header.shape.empty());
    QCOMPARE(whole.at("probe_domain").at<std::int64_t>(70), std::int64_t(snapshot->probe->domain[70]));
    QVERIFY(!real.contains("layer_2_trained_gates"));  // that router's rule says them
  }

  void equal_arrays_give_equal_bytes_and_a_name_is_given_once() {
    NpzWriter first, second;
    for (NpzWriter* each : {&first, &second}) each->add("words", std::vector<std::string>{"a", "\xc3\xa4\xff"});
    QCOMPARE(first.bytes(), second.bytes());
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, first.add("words", 1.0));
    // "ä" is U+00E4; the byte after it is no UTF-8 and becomes U+FFFD. Each element has two code points of 4 bytes.
    const std::string bytes = first.bytes(), expected("a\0\0\0\0\0\0\0\xe4\0\0\0\xfd\xff\0\0", 16);
    QVERIFY(bytes.find(expected) != std::string::npos && bytes.find("'<U2'") != std::string::npos);
  }
};

MOESCOPE_TEST(TestExport)
#include "test_export.moc"
