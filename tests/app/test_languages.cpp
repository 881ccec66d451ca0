// The languages of the interface: every word of the window passes a translation, every translation is there and keeps what its
// source fills in, and a language is one file.

#include <QAction>
#include <QDir>
#include <QFile>
#include <QMenuBar>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/document/presets.h"
#include "app/film/film_script.h"
#include "app/window/command_palette.h"
#include "app/window/language.h"
#include "app/window/main_window.h"
#include "app/window/shortcuts.h"
#include "core/reading/lens_table.h"
#include "core/reading/metric_table.h"
#include "core/timeline/step_quantities.h"
#include "tests/app/shown_window.h"
#include "tests/app/window_words.h"
#include "tests/support/pseudo_language.h"
#include "tests/support/test_class.h"
#include "tests/support/translated_sources.h"

using namespace moescope;

namespace {

const std::filesystem::path kRoot = std::filesystem::path(MOESCOPE_TEST_DATA).parent_path().parent_path();
const std::filesystem::path kLanguages = kRoot / "resources/languages";

/// Words of tables: where they stand they are translated by what they are.
std::map<std::string, std::string> tableSources() {
  std::map<std::string, std::string> all;
  const auto add = [&](const std::string& source, const char* table) {
    if (testing::hasWords(source)) all.emplace(source, table);
  };
  const auto addChoices = [&](const std::vector<Choice>& choices, const char* table) {
    for (const Choice& choice : choices) add(choice.words(), table), add(choice.help, table);
  };
  const auto addSettings = [&](const auto& settings, const char* table) {
    for (const auto& row : settings)
      add(row.label, table), add(row.unit, table), add(row.help, table), addChoices(row.choices, table);
  };
  addSettings(knobSettings(), "knobs");
  addSettings(lensTable(), "lens");
  for (const Metric& metric : metricTable())
    for (const std::string& source : {metric.label, metric.unit, metric.ideal, metric.formula, channelName(metric.channel)})
      add(source, "measures");
  for (const StepQuantity& quantity : stepQuantities()) add(quantity.label, "quantities"), add(quantity.brief, "quantities");
  for (const ViewDeclaration& view : viewRegistry()) {
    for (const std::string& source : {view.title, view.help, view.about.definition, view.about.lookFor}) add(source, "views");
    for (const ViewOption& option : view.options)
      add(option.label, "views"), add(option.help, "views"), addChoices(option.choices, "views");
  }
  add(Probe{}.syntheticMark, "probe");
  add(kNotInCaptures, "captures"), add(kNoConcentrationInCaptures, "captures");
  for (const Preset& preset : presets()) {
    add(preset.title, "presets"), add(preset.shows, "presets");
    for (const FilmKey& key : filmOf(preset).keys) add(key.title, "films of presets"), add(key.caption, "films of presets");
  }
  return all;
}

/// What a translation must have as well: places of values and conversions, in order of their text.
std::vector<std::string> placesIn(const std::string& words) {
  static const std::regex place("%[0-9]|%[-+]?[0-9]*\\.?[0-9]*[eflg]\\b|%%");
  std::vector<std::string> all;
  for (auto each = std::sregex_iterator(words.begin(), words.end(), place); each != std::sregex_iterator(); ++each)
    all.push_back(each->str());
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

class TestLanguages : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  void open(const Document& document) {
    QVERIFY(showWindow(window_, document, {1440, 900}));
  }

 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
  void cleanup() {
    window_.reset();
    sayThrough(nullptr);
  }
  void cleanupTestCase() { speak("en"); }

  void literals_of_a_source_are_read() {
    const auto found =
        testing::SourceText(
            "f(tr(\"one %1\"), yes ? x(\"no\") : translated(a == \"id\" ? \"two\" \" 2\" : \"three\", \"value\"), '\"', formatted(\"\\xce\\xb1 %g\", 1))")
            .translated();
    QVERIFY((found == std::set<std::string>{"one %1", "two 2", "three", "α %g"}));
  }

  void complaints_of_a_source_are_read() {
    const auto found =
        testing::SourceText(
            "throw std::runtime_error(path + \": no\" + translated(\"yes %1\", \"never\")); fail(\"other\"); throw Error(f(\"deep\"));"
            "origin->notes.push_back(\"a note\"); notes_.add(Kind::Padded, translated(\"yes\")); setStatus(State::Failed, \"a state\");"
            "status.message = done ? \"an end\" : translated(\"yes\"); other = \"no message\"")
            .saidUntranslated();
    QVERIFY((found == std::set<std::string>{": no", "deep", "a note", "a state", "an end"}));
  }

  /// What core and app throw at, or note of, a file, a setting or a state that is not right ends in the window. Left out: what a
  /// programmer alone meets (metrics, geometry, the time line), and commands, which speak English.
  void every_complaint_that_the_window_shows_is_translated() {
    QStringList left;
    for (const char* folder : {"core/data", "core/knobs", "core/session", "core/training", "core/checkpoint", "app/document",
                               "app/film", "app/window"})
      for (const auto& entry : std::filesystem::directory_iterator(kRoot / folder)) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
        std::ifstream file(entry.path());
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        for (const std::string& source : testing::SourceText(text).saidUntranslated())  // one word is a name
          if (testing::hasWords(source) && source.find(' ') != std::string::npos)
            left.append(
                QString("%1/%2: \"%3\"")
                    .arg(folder, QString::fromStdString(entry.path().filename().string()), QString::fromStdString(source)));
      }
    QVERIFY2(left.isEmpty(), qPrintable(QString::number(left.size()) + " left:\n" + left.join('\n')));
  }

  /// Source words without translation, as entries that can be pasted into the file.
  void every_language_has_every_source_data() {
    QTest::addColumn<QString>("file");
    for (const auto& entry : std::filesystem::directory_iterator(kLanguages))
      QTest::addRow("%s", entry.path().filename().c_str()) << QString::fromStdString(entry.path().string());
  }
  void every_language_has_every_source() {
    QFETCH(QString, file);
    const Catalogue catalogue = readCatalogue(file);
    std::map<std::string, std::string> sources = testing::translatedSources(kRoot);
    QVERIFY(sources.size() > 900);
    sources.merge(tableSources());
    QString missing;
    for (const auto& [source, where] : sources)
      if (!catalogue.contains(source))
        missing += QString("\n<message><source>%1</source><translation></translation></message> <!-- %2 -->")
                       .arg(QString::fromStdString(source).toHtmlEscaped(), QString::fromStdString(where));
    QVERIFY2(missing.isEmpty(), qPrintable(missing));
  }

  void every_translation_is_finished_and_keeps_what_is_filled_in_data() { every_language_has_every_source_data(); }
  void every_translation_is_finished_and_keeps_what_is_filled_in() {
    QFETCH(QString, file);
    QFile bytes(file);
    QVERIFY(bytes.open(QIODevice::ReadOnly));
    QVERIFY(!bytes.readAll().contains("<translation type="));
    for (const auto& [source, words] : readCatalogue(file)) {
      const QString both = QString("'%1': '%2'").arg(source.c_str(), words.c_str());
      QVERIFY2(placesIn(source) == placesIn(words), qPrintable(both));
      const auto ends = [](const std::string& text) {
        return std::pair(text.front() == ' ' || text.front() == '\n', text.back() == ' ' || text.back() == '\n');
      };
      QVERIFY2(ends(source) == ends(words), qPrintable(both));
    }
  }

  void a_language_is_one_file_and_a_broken_one_says_where() {
    const QString folder = folderOfLanguages();
    QDir().mkpath(folder);
    const QString path = folder + "/moescope_eo.ts";
    const auto write = [&](const QByteArray& text) {
      QFile file(path);
      QVERIFY(file.open(QIODevice::WriteOnly));
      file.write(text);
    };
    write(
        "<TS version='2.1' language='eo'><context><name>moescope</name><message><source>Settings</source><translation>Agordoj</translation></message>"
        "<message><source>Keys</source><translation type='unfinished'>Klavoj</translation></message></context></TS>");
    speak("eo");
    QCOMPARE(spokenLanguage(), std::string("eo"));
    QCOMPARE(tr("Settings"), QString("Agordoj"));
    QCOMPARE(QObject::tr("Settings"), QString("Agordoj"));
    QCOMPARE(tr("Keys"), QString("Keys"));
    write("<TS version='2.1'>\n<context>");
    QVERIFY_EXCEPTION_THROWN(speak("eo"), std::runtime_error);
    try {
      speak("eo");
    } catch (const std::runtime_error& error) {
      QVERIFY2(QString(error.what()).contains("moescope_eo.ts, line 2"), error.what());
    }
    QFile::remove(path);
    QVERIFY_EXCEPTION_THROWN(speak("eo"), std::invalid_argument);
    speak("en");
    QCOMPARE(tr("Settings"), QString("Settings"));
  }

  void german_is_in_the_program() {
    speak("de");
    QCOMPARE(tr("Settings"), QString("Einstellungen"));
    QCOMPARE(translated("%1 of %2 linked", "3", "5"), std::string("3 von 5 gekoppelt"));
    speak("en");
  }

  /// Entries that cannot be chosen say that there are none yet, and need no key.
  void every_command_has_a_name_that_no_language_changes() {
    open(documentOf(smallKnobs()));
    QStringList unnamed;
    for (const MenuCommand& command : commandsIn(*window_->menuBar(), false))
      if (command.action->objectName().isEmpty() && command.action->isEnabled()) unnamed.append(command.path());
    QVERIFY2(unnamed.isEmpty(), qPrintable(unnamed.join('\n')));
  }

  void every_word_of_the_window_is_translated_data() {
    QTest::addColumn<QString>("state");
    for (const char* state : {"Stage", "Routing", "Experts", "A|B", "lesson", "past"}) QTest::newRow(state) << state;
  }
  void every_word_of_the_window_is_translated() {
    QFETCH(QString, state);
    const testing::PseudoLanguage language;
    Document document = documentOf(smallKnobs());
    if (state == "Stage" || state == "Experts") document.layout.group = state.toStdString();
    open(document);
    if (state == "A|B") controller().perform(compare(true));
    if (state == "lesson") window_->lessons().start(lessons().front(), 0);
    if (state == "past") {
      controller().playUntil(4);
      QVERIFY(becomes([&] { return !controller().playing() && controller().scene().snapshot->step >= 4; }));
      controller().perform(moveCursor(0, {false, controller().timeline()->current(), 0}));
      controller().select({1, 3, -1, "", -1});
      QVERIFY(becomes([&] { return controller().scene().past; }));
    }
    for (const char* name : {"actionCommands", "actionKeys", "actionSettings", "actionStart"})
      window_->findChild<QAction*>(name)->trigger();
    window_->findChild<NumberPage*>()->show();
    QTest::qWait(50);
    const QStringList faults = testing::untranslatedIn(window_.get());
    QVERIFY2(faults.isEmpty(), qPrintable("\n" + faults.join('\n')));
  }
};

MOESCOPE_TEST(TestLanguages)
#include "test_languages.moc"
