// Film scripts: what is shown at a time, and files that say so.

#include <QTest>
#include <cmath>

#include "app/film/film_script.h"
#include "app/document/document_json.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

const char* const kScript = R"({
  "moescope_film": 1,
  "title": "A title",
  "steps": 40,
  "views": ["load_bars", "grassmann_embedding"],
  "state": {"sides": [{"knobs": {"router": "topk"}}], "theme": "light"},
  "keys": [
    {"time": 0, "concentration": 0.25, "step": 0, "caption": "first", "ease": "linear"},
    {"time": 2, "concentration": 4, "step": 40, "caption": "second",
     "state": {"sides": [{"cameras": {"grassmann_embedding": {"position": [0, 0, 2], "focal_point": [0, 0, 0], "up": [0, 1, 0]}}}]}},
    {"time": 4, "title": "Another title", "ease": "hold",
     "state": {"sides": [{"cameras": {"grassmann_embedding": {"position": [8, 0, 0]}}}], "views": {"load_bars": {}}}},
    {"time": 6, "concentration": 1}
  ]
})";

const char* const kMarkdown = R"(# A title

Words for who reads the script.

```json
{"steps": 40, "views": ["load_bars", "grassmann_embedding"],
 "state": {"sides": [{"knobs": {"router": "topk"}}], "theme": "light"}}
```

## 0
first
```json
{"concentration": 0.25, "step": 0, "ease": "linear"}
```
## 0:02
second
```json
{"concentration": 4, "step": 40, "state": {"sides": [{"cameras": {"grassmann_embedding": {"position": [0, 0, 2], "focal_point": [0, 0, 0], "up": [0, 1, 0]}}}]}}
```
## 4
```json
{"title": "Another title", "ease": "hold", "state": {"sides": [{"cameras": {"grassmann_embedding": {"position": [8, 0, 0]}}}], "views": {"load_bars": {}}}}
```
## 6.0
```json
{"concentration": 1}
```
)";

std::string complaint(const std::string& text, bool markdown = false) {
  try {
    markdown ? filmScriptFromMarkdown(text) : filmScriptFromJson(text);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

std::string with(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

double concentrationAt(const FilmScript& script, double seconds) {
  return momentAt(script, seconds).document.sides[0].lens.concentration;
}
const Camera& cameraAt(const FilmMoment& moment) { return moment.document.sides[0].cameras.at("grassmann_embedding"); }

}  // namespace

class TestFilmScript : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void concentrations_glide_in_their_logarithm_and_time_in_steps() {
    const FilmScript script = filmScriptFromJson(kScript);
    QCOMPARE(concentrationAt(script, 0.0), 0.25);
    QVERIFY(std::abs(concentrationAt(script, 1.0) - 1.0) < 1e-6);  // the geometric mean of 1/4 and 4, half way
    QVERIFY(std::abs(concentrationAt(script, 0.5) - 0.5) < 1e-6);
    QCOMPARE(momentAt(script, 0.5).document.sides[0].cursor.step, std::int64_t(10));
    QVERIFY(!momentAt(script, 0.5).document.sides[0].cursor.live);
    QCOMPARE(concentrationAt(script, 2.0), 4.0);
    QCOMPARE(concentrationAt(script, 5.9), 4.0);  // held
    QCOMPARE(concentrationAt(script, 6.0), 1.0);
    QCOMPARE(concentrationAt(script, 99.0), 1.0);
  }

  void words_belong_to_their_key_frame() {
    const FilmScript script = filmScriptFromJson(kScript);
    QCOMPARE(momentAt(script, 1.9).caption, std::string("first"));
    QCOMPARE(momentAt(script, 2.1).caption, std::string("second"));
    QCOMPARE(momentAt(script, 3.9).title, std::string("A title"));
    QCOMPARE(momentAt(script, 4.0).title, std::string("Another title"));
    QCOMPARE(momentAt(script, 4.0).caption, std::string());
  }

  void a_camera_turns_about_what_it_looks_at() {
    const FilmScript script = filmScriptFromJson(kScript);
    const Camera half = cameraAt(momentAt(script, 3.0));  // smooth: half way at half time; from (0, 0, 2) to (8, 0, 0)
    QVERIFY(std::abs(half.position[0] - std::sqrt(8.0)) < 1e-9 && std::abs(half.position[1]) < 1e-9 &&
            std::abs(half.position[2] - std::sqrt(8.0)) < 1e-9);  // at distance 4
    QVERIFY(std::abs(half.up[1] - 1.0) < 1e-9);
    const Camera quarter = cameraAt(momentAt(script, 2.5));  // 3 u^2 - 2 u^3 at 1/4 is 5/32
    const double distance = 2.0 * std::pow(4.0, 5.0 / 32.0), angle = 5.0 / 32.0 * std::acos(0.0);
    QVERIFY(std::abs(quarter.position[0] - distance * std::sin(angle)) < 1e-9 &&
            std::abs(quarter.position[2] - distance * std::cos(angle)) < 1e-9);
  }

  void a_glide_from_zero_begins_at_zero() {
    const FilmScript script = filmScriptFromJson(with(kScript, "\"concentration\": 0.25", "\"concentration\": 0"));
    QCOMPARE(concentrationAt(script, 0.0), 0.0);
    QVERIFY(concentrationAt(script, 0.01) > 0.03 && concentrationAt(script, 0.01) < 0.04);
  }

  void a_script_survives_being_written_and_read_and_is_the_same_as_markdown() {
    const FilmScript script = filmScriptFromJson(kScript);
    QVERIFY(filmScriptFromJson(toJson(script)) == script);
    QVERIFY(filmScriptFromMarkdown(kMarkdown) == script);
  }

  void a_second_side_begins_as_the_first() {
    const FilmScript script = filmScriptFromJson(
        R"({"moescope_film": 1, "views": ["load_bars"], "state": {"compares": true, "sides": [{"knobs": {"router": "topk", "seed": 9}}, {"knobs": {"router": "soft"}}]}, "keys": [{"step": 3}]})");
    QVERIFY(script.compares());
    const Document& document = script.keys[0].document;
    QCOMPARE(document.sides[0].knobs.router, std::string("topk"));
    QCOMPARE(document.sides[1].knobs.router, std::string("soft"));
    QCOMPARE(int(document.sides[1].knobs.seed), 9);
    QCOMPARE(document.sides[1].cursor.step, std::int64_t(3));
  }

  void a_film_can_be_made_to_last_as_long_as_is_wanted() {
    const FilmScript slow = lasting(filmScriptFromJson(kScript), 12.0);
    QCOMPARE(slow.seconds(), 12.0);
    QCOMPARE(slow.keys[1].time, 4.0);
    const FilmScript still = lasting(filmScriptFromJson(R"({"moescope_film": 1, "views": ["load_bars"], "keys": [{}]})"), 3.0);
    QCOMPARE(still.seconds(), 3.0);
  }

  void what_is_wrong_is_named_with_its_place() {
    const auto says = [](const std::string& said, const std::string& wanted) {
      if (said.find(wanted) == std::string::npos) qWarning("%s", said.c_str());
      return said.find(wanted) != std::string::npos && said.find('\n') == std::string::npos;
    };
    QVERIFY(says(complaint("nothing"), "this is no film script"));
    QVERIFY(says(complaint("{}"), "/moescope_film is missing"));
    QVERIFY(says(complaint(with(kScript, "\"time\": 2", "\"time\": 0")), "/keys/1/time is 0"));
    QVERIFY(says(complaint(with(kScript, "\"time\": 0", "\"time\": 1")), "/keys/0/time is 1; expected 0"));
    QVERIFY(
        says(complaint(with(kScript, "\"linear\"", "\"fast\"")), "/keys/0/ease is \"fast\"; expected smooth, linear or hold"));
    QVERIFY(says(complaint(with(kScript, "\"load_bars\", ", "\"bars\", ")), "/views"));
    QVERIFY(says(complaint(with(kScript, "\"caption\"", "\"captoin\"")), "/keys/0/captoin is no key of a film"));
    QVERIFY(says(complaint(with(kScript, "\"theme\"", "\"them\"")), "/keys/0: /them is no key of a state"));
    QVERIFY(says(complaint(with(kScript, "\"concentration\": 4", "\"concentration\": -4")), "/keys/1: "));
    QVERIFY(says(complaint(with(kScript, "\"views\": {\"load_bars\": {}}", "\"compares\": true")),
                 "/keys/2: compares changes within the film"));
    QVERIFY(says(complaint(with(kScript, "\"ease\": \"hold\",", "\"ease\": \"hold\", \"step\": -1,")),
                 "cursor.step must be at least 0"));
    QVERIFY(says(complaint(with(kScript, "[{\"cameras\": {\"grassmann_embedding\": {\"position\": [8",
                                "[{\"knobs\": {\"seed\": 4}, \"cameras\": {\"grassmann_embedding\": {\"position\": [8")),
                 "/keys/2: knobs or source change"));
    QVERIFY(says(complaint(with(kMarkdown, "## 0:02", "## soon"), true), "line 15: 'soon' is no time"));
    QVERIFY(says(complaint(with(kMarkdown, "{\"concentration\": 1}\n```", "{\"concentration\": 1}"), true),
                 "a block of JSON does not end"));
  }

  void every_preset_has_a_film_of_under_thirty_seconds() {
    for (const Preset& preset : presets()) {
      const FilmScript film = filmOf(preset);
      QVERIFY2(film.seconds() > 3.0 && film.seconds() < 30.0, preset.name.c_str());
      QVERIFY(!film.keys[0].title.empty() && film.keys.size() > 1);
      bool moves = false;
      for (const FilmKey& key : film.keys) moves = moves || !(key.document == film.keys[0].document);
      QVERIFY2(moves, preset.name.c_str());
    }
  }
};

MOESCOPE_TEST(TestFilmScript)
#include "test_film_script.moc"
