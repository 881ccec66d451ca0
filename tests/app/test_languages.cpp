// The languages of the interface: every word of the window passes a translation, every translation is there and keeps what its source
// fills in, and a language is one file.

#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTreeWidget>
#include <algorithm>
#include <filesystem>

#include "app/document/presets.h"
#include "app/window/command_palette.h"
#include "app/window/language.h"
#include "app/window/main_window.h"
#include "app/window/shortcuts.h"
#include "core/reading/lens_table.h"
#include "core/reading/metric_table.h"
#include "core/timeline/step_quantities.h"
#include "tests/app/shown_window.h"
#include "tests/support/pseudo_language.h"
#include "tests/support/test_class.h"
#include "tests/support/translated_sources.h"

using namespace moescope;

namespace {

const std::filesystem::path kRoot = std::filesystem::path(MOESCOPE_TEST_DATA).parent_path().parent_path();
const std::filesystem::path kLanguages = kRoot / "resources/languages";

/// Names that are the same in every language, and words that are no one's but the user's.
const char* const kNames =
    "Moescope|GrMoE|grmoe|Routing A|PNG|SVG|PDF|CSV|JSON|log N|(Ctrl|Shift|Alt|Space|PgUp|PgDown|Home|End|Return|Enter|Escape|Esc|Tab|Del|Ins)\\b|F\\d+|/[^ ]*|"
    "procedural|cpu|English|Deutsch|nested|words|arithmetic|Python|text|code|numbers|exp|softmax|auto|GPU|CUDA|moescope [a-z]+|debian|Lambda|alpha|log|psi|l_max";

struct Word {
  QString where, text;
};

QString nameOf(const QObject* object) { return QString("%1 '%2'").arg(object->metaObject()->className(), object->objectName()); }

void addAction(const QAction* action, std::vector<Word>& all) {
  for (const QString& text : {action->text(), action->toolTip(), action->statusTip()}) all.push_back({"action " + nameOf(action), text});
}

void addItems(const QTreeWidgetItem* item, const QString& where, std::vector<Word>& all) {
  for (int column = 0; column < item->columnCount(); ++column)
    for (const QString& text : {item->text(column), item->toolTip(column)}) all.push_back({where, text});
  for (int i = 0; i < item->childCount(); ++i) addItems(item->child(i), where, all);
}

/// All that a widget says itself, its children apart.
void addWidget(const QWidget* widget, std::vector<Word>& all) {
  const QString where = nameOf(widget);
  const auto add = [&](const QString& text) { all.push_back({where, text}); };
  for (const QString& text : {widget->toolTip(), widget->accessibleName(), widget->accessibleDescription(), widget->isWindow() || qobject_cast<const QDockWidget*>(widget) ? widget->windowTitle() : QString()}) add(text);
  if (const auto* label = qobject_cast<const QLabel*>(widget)) add(label->text());
  if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) add(button->text());
  if (const auto* box = qobject_cast<const QGroupBox*>(widget)) add(box->title());
  if (const auto* tabs = qobject_cast<const QTabBar*>(widget))
    for (int tab = 0; tab < tabs->count(); ++tab) add(tabs->tabText(tab)), add(tabs->tabToolTip(tab));
  if (const auto* box = qobject_cast<const QComboBox*>(widget))
    for (int item = 0; item < box->count(); ++item) add(box->itemText(item)), add(box->itemData(item, Qt::ToolTipRole).toString());
  if (const auto* number = qobject_cast<const QDoubleSpinBox*>(widget)) add(number->prefix() + number->suffix()), add(number->specialValueText());
  if (const auto* number = qobject_cast<const QSpinBox*>(widget)) add(number->prefix() + number->suffix()), add(number->specialValueText());
  if (const auto* line = qobject_cast<const QLineEdit*>(widget)) add(line->placeholderText());
  if (const auto* text = qobject_cast<const QPlainTextEdit*>(widget)) add(text->placeholderText()), add(text->isReadOnly() ? text->toPlainText() : QString());
  if (const auto* menu = qobject_cast<const QMenu*>(widget)) add(menu->title());
  if (const auto* table = qobject_cast<const QTableWidget*>(widget)) {
    for (int column = 0; column < table->columnCount(); ++column)
      if (const QTableWidgetItem* head = table->horizontalHeaderItem(column)) add(head->text());
    for (int row = 0; row < table->rowCount(); ++row)
      for (int column = 0; column < table->columnCount(); ++column)
        if (const QTableWidgetItem* item = table->item(row, column)) add(item->text()), add(item->toolTip());
  }
  if (const auto* tree = qobject_cast<const QTreeWidget*>(widget)) {
    addItems(tree->headerItem(), where, all);
    for (int i = 0; i < tree->topLevelItemCount(); ++i) addItems(tree->topLevelItem(i), where, all);
  }
  for (const QAction* action : widget->actions()) addAction(action, all);
}

/// A text without what it says in the words of a lesson, which is in a language already.
QString withoutLessons(QString text) {
  for (const Lesson& lesson : lessons()) {
    text.remove(QString::fromStdString(lesson.title)).remove(QString::fromStdString(lesson.shows));
    for (const LessonPage& page : lesson.pages) text.remove(QString::fromStdString(page.title));
  }
  return text;
}

/// Whether a widget shows words that are the user's or a lesson's.
bool isOfTheUser(const QWidget* widget) {
  for (const QObject* each = widget; each; each = each->parent())
    if (QStringList{"lessonTitle", "lessonWords", "lessonTask", "promptText", "promptWritten", "tokenStrip", "recentSessions", "recentCheckpoints", "knob-corpus", "settingsFolder"}.contains(each->objectName())) return true;
  return false;
}

bool isOfTheUser(const QString& where) {
  return QRegularExpression("'(lesson-.*|promptText|promptWritten|qt_.*)'").match(where).hasMatch();
}

/// Each word of the window and its dialogs that no translation gave, with where it stands.
QStringList untranslatedIn(const QWidget* window) {
  std::vector<Word> all;
  addWidget(window, all);
  for (const QWidget* widget : window->findChildren<QWidget*>())
    if (!isOfTheUser(widget)) addWidget(widget, all);
  QStringList faults;
  for (const auto& [where, text] : all) {
    if (isOfTheUser(where)) continue;
    QString plain = withoutLessons(text);
    plain.remove(QRegularExpression("<[^>]*>|&(?=\\w)"));
    if (const std::string word = testing::untranslatedIn(plain.toStdString(), kNames); !word.empty()) faults.append(QString("%1: '%2' in \"%3\"").arg(where, QString::fromStdString(word), text));
  }
  faults.removeDuplicates();
  return faults;
}

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
    for (const auto& row : settings) add(row.label, table), add(row.unit, table), add(row.help, table), addChoices(row.choices, table);
  };
  addSettings(knobSettings(), "knobs");
  addSettings(lensTable(), "lens");
  for (const Metric& metric : metricTable())
    for (const std::string& source : {metric.label, metric.unit, metric.ideal, metric.formula, channelName(metric.channel)}) add(source, "measures");
  for (const StepQuantity& quantity : stepQuantities()) add(quantity.label, "quantities"), add(quantity.brief, "quantities");
  for (const ViewDeclaration& view : viewRegistry()) {
    for (const std::string& source : {view.title, view.help, view.about.definition, view.about.lookFor}) add(source, "views");
    for (const ViewOption& option : view.options) add(option.label, "views"), add(option.help, "views"), addChoices(option.choices, "views");
  }
  add(Probe{}.syntheticMark, "probe");
  add(kNotInCaptures, "captures");
  add("loading the corpus and building the model", "engine");
  for (const Preset& preset : presets()) add(preset.title, "presets"), add(preset.shows, "presets");
  return all;
}

/// What a translation must have as well: places of values and conversions, in order of their text.
std::vector<std::string> placesIn(const std::string& words) {
  static const std::regex place("%[0-9]|%[-+]?[0-9]*\\.?[0-9]*[eflg]\\b|%%");
  std::vector<std::string> all;
  for (auto each = std::sregex_iterator(words.begin(), words.end(), place); each != std::sregex_iterator(); ++each) all.push_back(each->str());
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
    const auto found = testing::SourceText("f(tr(\"one %1\"), yes ? x(\"no\") : translated(a == \"id\" ? \"two\" \" 2\" : \"three\", \"value\"), '\"', formatted(\"\\xce\\xb1 %g\", 1))").translated();
    QVERIFY((found == std::set<std::string>{"one %1", "two 2", "three", "α %g"}));
  }

  /// Source words without translation, as entries that can be pasted into the file.
  void every_language_has_every_source_data() {
    QTest::addColumn<QString>("file");
    for (const auto& entry : std::filesystem::directory_iterator(kLanguages)) QTest::addRow("%s", entry.path().filename().c_str()) << QString::fromStdString(entry.path().string());
  }
  void every_language_has_every_source() {
    QFETCH(QString, file);
    const Catalogue catalogue = readCatalogue(file);
    std::map<std::string, std::string> sources = testing::translatedSources(kRoot);
    QVERIFY(sources.size() > 900);
    sources.merge(tableSources());
    QString missing;
    for (const auto& [source, where] : sources)
      if (!catalogue.contains(source)) missing += QString("\n<message><source>%1</source><translation></translation></message> <!-- %2 -->").arg(QString::fromStdString(source).toHtmlEscaped(), QString::fromStdString(where));
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
      const auto ends = [](const std::string& text) { return std::pair(text.front() == ' ' || text.front() == '\n', text.back() == ' ' || text.back() == '\n'); };
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
    write("<TS version='2.1' language='eo'><context><name>moescope</name><message><source>Settings</source><translation>Agordoj</translation></message>"
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
    for (const char* name : {"actionCommands", "actionKeys", "actionSettings", "actionStart"}) window_->findChild<QAction*>(name)->trigger();
    window_->findChild<NumberPage*>()->show();
    QTest::qWait(50);
    const QStringList faults = untranslatedIn(window_.get());
    QVERIFY2(faults.isEmpty(), qPrintable("\n" + faults.join('\n')));
  }
};

MOESCOPE_TEST(TestLanguages)
#include "test_languages.moc"
