// The language changes while the window runs: another window goes on with the same document, run and undo, and none of its words
// is left behind.

#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLibraryInfo>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "app/window/application.h"
#include "app/window/film_menu.h"
#include "app/window/language.h"
#include "app/window/language_switch.h"
#include "tests/app/window_fixture.h"
#include "tests/app/window_words.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// A language of « and », as a file: what German has words for.
void writeMarkingLanguage() {
  QDir().mkpath(folderOfLanguages());
  QFile file(folderOfLanguages() + "/moescope_qq.ts");
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write("<TS version='2.1' language='qq'><context><name>moescope</name>");
  for (const auto& [source, words] : readCatalogue(":/languages/moescope_de.ts")) {
    const QString english = QString::fromStdString(source).toHtmlEscaped();
    file.write(("<message><source>" + english + "</source><translation>«" + english + "»</translation></message>").toUtf8());
  }
  file.write("</context></TS>");
}

int windowsThatAreThere() {
  const QWidgetList all = QApplication::topLevelWidgets();
  return static_cast<int>(std::count_if(all.begin(), all.end(),
                                        [](const QWidget* each) { return qobject_cast<const MainWindow*>(each) != nullptr; }));
}

/// The docks and bars that are in sight, by name; how wide they are follows from the words in them.
QStringList shownAround(const MainWindow& window) {
  QStringList names;
  for (const QWidget* widget : window.findChildren<QWidget*>(Qt::FindDirectChildrenOnly))
    if (widget->isVisible() && (qobject_cast<const QDockWidget*>(widget) || qobject_cast<const QToolBar*>(widget)))
      names.append(widget->objectName());
  names.sort();
  return names;
}

/// Steps of undo are called as they were when they were taken, domains as their corpus has them, and Qt has no words of this
/// language.
QStringList untranslatedOf(MainWindow& window) {
  QStringList faults = testing::untranslatedIn(&window);
  faults.removeIf([](const QString& fault) {
    return QRegularExpression("actionUndo|actionRedo|«(Undo|Redo)»|stripDomain|'Scroll(Left|Right)Button'")
        .match(fault)
        .hasMatch();
  });
  return faults;
}

}  // namespace

class TestLanguageSwitch : public QObject {
  Q_OBJECT
  std::unique_ptr<LanguageSwitch> shown_;

  MainWindow& window() { return shown_->window(); }
  Controller& controller() { return window().controller(); }
  void open(const Document& document) {
    shown_ = std::make_unique<LanguageSwitch>(std::make_unique<MainWindow>(document));
    window().resize(1280, 800);
    window().show();
    QVERIFY(becomes([&] { return controller().scene().routing && window().revealed(); }));
  }
  void choose(const std::string& code) {
    window().findChild<QAction*>("language-" + QString::fromStdString(code))->trigger();
    QVERIFY(becomes([&] { return spokenLanguage() == code && window().revealed(); }));
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    writeMarkingLanguage();
  }
  void init() { speak("en"); }
  void cleanup() { shown_.reset(); }
  void cleanupTestCase() {
    QFile::remove(folderOfLanguages() + "/moescope_qq.ts");
    speak("en");
  }

  void another_window_goes_on_with_the_same_run_and_none_of_its_words_is_left() {
    open(documentOf(smallKnobs()));
    controller().playUntil(6);
    QVERIFY(becomes([&] { return !controller().playing() && controller().scene().snapshot->step >= 6; }));
    controller().select({1, 3, -1, "", -1});
    window().setTheme(false, 1.15);
    window().findChild<FilmMenu*>()->keyFrames().addKeyFrame();
    QVERIFY(becomes([&] { return controller().settled(); }));
    const Controller* before = &controller();
    const std::string document = toJson(controller().document());
    const SnapshotPointer snapshot = controller().scene().snapshot;
    const int steps = controller().history().stack().count();
    const QStringList places = shownAround(window());
    QVERIFY(steps > 0);

    choose("qq");
    QCOMPARE(windowsThatAreThere(), 1);
    QCOMPARE(&controller(), before);
    QCOMPARE(toJson(controller().document()), document);
    QCOMPARE(controller().scene().snapshot.get(), snapshot.get());
    QCOMPARE(controller().history().stack().count(), steps);
    QCOMPARE(window().size(), QSize(1280, 800));
    QCOMPARE(shownAround(window()), places);
    QCOMPARE(window().findChild<FilmMenu*>()->keyFrames().keys().size(), std::size_t{1});
    for (const char* name : {"actionCommands", "actionKeys", "actionSettings", "actionStart"})
      window().findChild<QAction*>(name)->trigger();
    QTest::qWait(50);
    const QStringList english = untranslatedOf(window());
    QVERIFY2(english.isEmpty(), qPrintable("\n" + english.join('\n')));

    auto* language = window().findChild<QComboBox*>("settingsLanguage");
    const int wanted = language->findData("en");
    QVERIFY(wanted >= 0);
    language->setCurrentIndex(wanted);
    Q_EMIT language->activated(wanted);
    QVERIFY(becomes([&] { return spokenLanguage() == "en" && window().revealed(); }));
    QVERIFY(window().findChild<QWidget*>("settingsDialog")->isVisible());
    QCOMPARE(window().findChild<QComboBox*>("settingsLanguage")->currentIndex(), wanted);
    for (const auto& [where, text] : testing::wordsOf(&window()))
      QVERIFY2(!text.contains(QString::fromUtf8("«")), qPrintable(where + ": " + text));
    controller().history().stack().undo();
    QVERIFY(toJson(controller().document()) != document);
    controller().playUntil(8);
    QVERIFY(becomes([&] { return controller().scene().snapshot->step >= 8; }));
  }

  void a_lesson_goes_on_at_its_page_and_leaves_what_was_before_it() {
    open(documentOf(smallKnobs()));
    const std::string document = toJson(controller().document());
    const bool bars = window().findChild<QWidget*>("bar-groups")->isVisible();
    window().lessons().start(requireLesson(lessons().front().name, "en"), 1);
    choose("de");
    QVERIFY(window().lessons().runs());
    QCOMPARE(window().lessons().lesson().language, std::string("de"));
    QCOMPARE(window().lessons().page(), 1);
    QVERIFY(window().findChild<QWidget*>("dock-lesson")->isVisible());
    QVERIFY(!window().findChild<QWidget*>("bar-groups")->isVisible());
    window().lessons().end();
    QCOMPARE(window().findChild<QWidget*>("bar-groups")->isVisible(), bars);
    QCOMPARE(toJson(controller().document()), document);
  }

  void qt_s_own_dialogs_speak_it_too() {
    if (!QFile::exists(QLibraryInfo::path(QLibraryInfo::TranslationsPath) + "/qtbase_de.qm"))
      QSKIP("Qt's translations are not installed here");
    auto* application = qobject_cast<Application*>(qApp);
    QVERIFY(application);
    speak("de");
    application->sayQtWords();
    QCOMPARE(QCoreApplication::translate("QFileDialog", "Look in:"), QString("Suchen in:"));
    QCOMPARE(QCoreApplication::translate("QPlatformTheme", "Cancel"), QString("Abbrechen"));
    speak("en");
    application->sayQtWords();
    QCOMPARE(QCoreApplication::translate("QFileDialog", "Look in:"), QString("Look in:"));
  }

  void what_would_be_lost_keeps_the_window_and_says_so() {
    open(documentOf(smallKnobs()));
    QString said;
    connect(&controller(), &Controller::noticed, this, [&said](const QString& line) { said = line; });
    const MainWindow* before = &window();
    QTemporaryDir folder;
    auto* film = window().findChild<FilmMenu*>();
    film->record(folder.filePath("film.gif").toStdString());
    shown_->change("de");
    QCOMPARE(&window(), before);
    QCOMPARE(spokenLanguage(), std::string("en"));
    QVERIFY2(said.contains("film"), qPrintable(said));
    film->stop();
    QFile broken(folderOfLanguages() + "/moescope_zz.ts");
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("<TS");
    broken.close();
    shown_->change("zz");
    broken.remove();
    QCOMPARE(&window(), before);
    QCOMPARE(spokenLanguage(), std::string("en"));
    QVERIFY2(said.contains("moescope_zz.ts, line 1"), qPrintable(said));
  }
};

MOESCOPE_TEST(TestLanguageSwitch)
#include "test_language_switch.moc"
