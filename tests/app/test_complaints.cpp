// What the window says of files, states and settings that are not right is in its language: none of the program's own words stays
// English.

#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <functional>

#include "app/document/document_json.h"
#include "app/document/lesson_file.h"
#include "app/document/own_layouts.h"
#include "app/document/presets.h"
#include "app/film/film_script.h"
#include "app/window/language.h"
#include "core/checkpoint/capture_reader.h"
#include "core/checkpoint/checkpoint_reader.h"
#include "core/checkpoint/safetensors.h"
#include "core/data/corpus.h"
#include "core/data/files.h"
#include "core/data/npy.h"
#include "core/data/output_file.h"
#include "core/knobs/knobs.h"
#include "core/routers/registry.h"
#include "core/session/session_reader.h"
#include "tests/support/pseudo_language.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

namespace fs = std::filesystem;

/// Paths, names of keys and files, and what the operating system says itself.
const char* const kOthersWords =
    "/[^ ,;]*|[A-Za-z0-9_-]+\\.(md|json|safetensors|moescope|gguf|npy)|'[^']*'|No such file or directory|Is a directory|NUMPY|capacity|balance|grmoe|"
    "\\b(debian|procedural|router|steps?|theme|dark|light|width|heads|top-k|experts)\\b";

}  // namespace

class TestComplaints : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  std::string path(const std::string& name) const { return folder_.filePath(QString::fromStdString(name)).toStdString(); }
  std::string written(const std::string& name, const std::string& text) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  static std::string lesson(const std::string& page) { return "---\ntitle: T\nshows: S\n---\n" + page; }

 private Q_SLOTS:
  void a_complaint_speaks_the_language_of_the_window_data() {
    QTest::addColumn<std::function<void()>>("attempt");
    const auto add = [](const char* name, std::function<void()> attempt) { QTest::newRow(name) << std::move(attempt); };
    add("no file", [this] { requireRegularFile(path("none")); });
    add("a folder as a file", [this] { requireRegularFile(folder_.path().toStdString()); });
    add("a named pipe as a file", [this] {
      ::mkfifo(path("pipe").c_str(), 0600);
      requireRegularFile(path("pipe"));
    });
    add("a file that cannot be written", [this] { writeFileAtomically(path("no folder/file"), "x"); });
    add("no corpus", [this] { loadCorpus(path("no corpus")); });
    add("a corpus without text", [this] {
      fs::create_directories(path("empty"));
      loadCorpus(path("empty"));
    });
    add("an array that is none", [this] { readNpy(written("a.npy", "no array")); });
    add("a state that is none", [] { documentFromJson("[]"); });
    add("a state of another version", [] { documentFromJson(R"({"moescope_state": 99})"); });
    add("a state with a wrong choice", [] { documentFromJson(R"({"moescope_state": 2, "theme": "blue"})"); });
    add("a state with a wrong kind of value", [] { documentFromJson(R"({"moescope_state": 2, "text_scale": "large"})"); });
    add("a state with a number out of range", [] { documentFromJson(R"({"moescope_state": 2, "text_scale": 7})"); });
    add("a state with a knob out of range",
        [] { documentFromJson(R"({"moescope_state": 2, "sides": [{"knobs": {"experts": 100000}}]})"); });
    add("a state with a broken number of a knob",
        [] { documentFromJson(R"({"moescope_state": 2, "sides": [{"knobs": {"experts": 4.5}}]})"); });
    add("a state with a word that a knob does not know",
        [] { documentFromJson(R"({"moescope_state": 2, "sides": [{"knobs": {"schedule": "never"}}]})"); });
    add("a state with a lens out of range",
        [] { documentFromJson(R"({"moescope_state": 2, "sides": [{"lens": {"concentration": -1}}]})"); });
    add("knobs that do not fit", [] {
      Knobs knobs;
      knobs.topK = knobs.experts + 1;
      requireValid(knobs);
    });
    add("a router that is none", [] { requireRouter("best"); });
    add("a preset that is none", [] { requirePreset("best"); });
    add("a lesson without a beginning", [this] { readLessonFile(written("begin.en.md", "# Title\n"), "en"); });
    add("a page without words", [this] { readLessonFile(written("page.en.md", lesson("# Title\n")), "en"); });
    add("a page whose block has no end",
        [this] { readLessonFile(written("block.en.md", lesson("# Title\nwords\n```json\n{")), "en"); });
    add("a lesson's name", [this] { readLessonFile(written("name.md", lesson("# Title\nwords\n")), "en"); });
    add("a layout's name", [this] { OwnLayouts(path("layouts")).keep("two\nlines", toJson(Document{})); });
    add("a film script with a wrong key frame",
        [] { filmScriptFromJson(R"({"moescope_film": 1, "views": ["load_bars"], "keys": [{"time": 3}]})"); });
    add("no session", [this] { SessionReader session(written("text.moescope", std::string(4096, 'x'))); });
    add("an empty session", [this] { SessionReader session(written("empty.moescope", "")); });
    add("a checkpoint without model_type",
        [this] { openLayers(fs::path(written("missing/config.json", "{}")).parent_path(), {}, 1); });
    add("a checkpoint of no family",
        [this] { openLayers(fs::path(written("other/config.json", R"({"model_type": "best"})")).parent_path(), {}, 1); });
    add("a safetensors that is none", [this] { Safetensors tensors(written("short.safetensors", "short")); });
    add("a GGUF that is none", [this] { Safetensors tensors(written("none.gguf", std::string(64, 'x'))); });
    add("a language that is none", [] { speak("best"); });
  }
  void a_complaint_speaks_the_language_of_the_window() {
    QFETCH(std::function<void()>, attempt);
    const testing::PseudoLanguage language;
    std::string said;
    try {
      attempt();
    } catch (const std::exception& error) {
      said = error.what();
    }
    QVERIFY(!said.empty());
    QVERIFY2(testing::untranslatedIn(said, kOthersWords).empty(), said.c_str());
    QVERIFY2(said.find('\n') == std::string::npos, said.c_str());
  }

  /// Two layers of k = 2, 64 tokens: in the first all have one id twice; of the last ones all are alike.
  void what_a_capture_says_of_itself_speaks_the_language_of_the_window() {
    std::string text;
    for (int t = 0; t < 64; ++t) {
      const int id = t < 40 ? t : 40;
      text += std::string(t ? "," : "") + "[[0,0],[" + std::to_string(id) + "," + std::to_string((7 * id + 1) % 64) + "]]";
    }
    const testing::PseudoLanguage language;
    const CaptureReader reader(written("dense.json", "[" + text + "]"), 1);
    const auto origin = reader.snapshot(0)->checkpoint;
    QCOMPARE(origin->notes.size(), std::size_t{2});
    std::vector<std::string> said = origin->notes;
    said.insert(said.end(), {origin->rule, origin->tokens});
    for (const std::string& words : said) QVERIFY2(testing::untranslatedIn(words, kOthersWords).empty(), words.c_str());
  }
};

MOESCOPE_TEST(TestComplaints)
#include "test_complaints.moc"
