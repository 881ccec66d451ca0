// JSON as Python writes it, and where it breaks.

#include <QTest>
#include <cmath>

#include "core/checkpoint/config_file.h"
#include "core/data/json_text.h"
#include "core/words/words.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

nlohmann::json read(const std::string& text) {
  return readJson(text, "x", 8, [] { return std::string("x: too deep"); });
}

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

class TestJsonText : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// What python3 -c 'import json; print(json.dumps(...))' writes of float("inf"), -float("inf") and float("nan").
  void numbers_that_json_has_not_are_read_as_python_writes_them() {
    const nlohmann::json object = read(
        "{\"limit\": [0.0, Infinity], \"a\": -Infinity, \"b\": NaN, \"text\":"
        " \"NaN, Infinity \\\" NaN\", \"c\": 1e999, \"d\": -1E999, \"e\": 3, \"f\": 1e-999}");
    QCOMPARE(object["limit"][1].get<double>(), std::numeric_limits<double>::infinity());
    QCOMPARE(object["limit"][0].get<double>(), 0.0);
    QCOMPARE(object["a"].get<double>(), -std::numeric_limits<double>::infinity());
    QVERIFY(std::isnan(object["b"].get<double>()));
    QCOMPARE(object["text"].get<std::string>(), std::string("NaN, Infinity \" NaN"));
    QCOMPARE(object["c"].get<double>(), std::numeric_limits<double>::infinity());
    QCOMPARE(object["d"].get<double>(), -std::numeric_limits<double>::infinity());
    QVERIFY(object["e"].is_number_integer() && object["e"] == 3);
    QCOMPARE(object["f"].get<double>(), 0.0);
    QVERIFY(std::isinf(read("[" + std::string(400, '9') + "]")[0].get<double>()));
  }

  void what_breaks_it_is_named_with_its_place_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("a word") << "{\"a\":\n nan}"
                            << "x: not JSON at byte 9 (line 2): syntax error while parsing value - ";
    QTest::newRow("another sign") << "[+Infinity]"
                                  << "x: not JSON at byte 2 (line 1): syntax error while parsing value - ";
    QTest::newRow("cut") << "{\"a\": [1, "
                         << "x: not JSON at byte 11 (line 1): syntax error while parsing value - ";
    QTest::newRow("after a replaced one") << "{\"a\": -Infinity,\n}"
                                          << "x: not JSON at byte 18 (line 2): syntax error while parsing ";
    QTest::newRow("deep") << "[[[[[[[[[1]]]]]]]]]"
                          << "x: too deep";
  }
  void what_breaks_it_is_named_with_its_place() {
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const std::string line = refusal(text.toStdString());
    QVERIFY2(line.starts_with(expected.toStdString()) && line.find('\n') == std::string::npos && line.size() < 300, line.c_str());
  }

  void a_config_takes_an_infinity_that_nothing_reads_and_refuses_one_that_counts() {
    ReadingNotes notes;
    const ConfigFile config(R"({"time_step_limit": [0.0, Infinity], "scale": Infinity, "layers": -Infinity})", "config.json",
                            notes);
    QVERIFY(config.has("time_step_limit"));
    for (const auto& [key, expected] :
         {std::pair{"scale", "config.json: \"scale\": expected a finite number, found Infinity"},
          std::pair{"layers", "config.json: \"layers\": expected a whole number from 1 to 1000000, found -Infinity"}})
      try {
        std::string(key) == "scale" ? static_cast<void>(config.number(key, 1.0)) : static_cast<void>(config.countOf(key));
        QFAIL("accepted");
      } catch (const std::runtime_error& error) {
        QCOMPARE(std::string(error.what()), std::string(expected));
      }
  }

  void a_line_stays_one_line_and_whole() {
    QCOMPARE(oneLine(std::string("a\nb\0c\td\x1b[0m\xc3\xa4", 13)), std::string("a\\nb\\0c\\td\\x1b[0m\xc3\xa4"));
    const std::runtime_error error(translated("model_type \"%1\" is not known", std::string("qwen3\0moe", 9)));
    QCOMPARE(std::string(error.what()), std::string("model_type \"qwen3\\0moe\" is not known"));
  }
};

MOESCOPE_TEST(TestJsonText)
#include "test_json_text.moc"
