// Every lesson is driven to its end on the real window; files that are none are refused with their line.

#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "app/document/lesson_file.h"
#include "app/window/concentration_slider.h"
#include "app/window/highlight.h"
#include "app/window/lesson_menu.h"
#include "app/window/main_window.h"
#include "core/reading/lens_table.h"
#include "core/reading/metric_table.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"

using namespace moescope;

namespace {

const std::string kHead = "---\ntitle: A lesson\nshows: something\n---\n";

/// The complaint about a file; empty: none.
std::string complaint(const std::string& text, const std::string& name = "a.en.md") {
  try {
    lessonFromMarkdown(name, text);
    return {};
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

std::string page(const std::string& block) { return kHead + "# One\nwords\n```json\n" + block + "\n```\n"; }

}  // namespace

class TestLessons : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  LessonPlayer& player() { return window_->lessons(); }
  template <typename Widget>
  Widget* find(const char* name) { return window_->findChild<Widget*>(name); }

  void open() {
    Document document = documentOf(smallKnobs());
    QVERIFY(showWindow(window_, document, {1440, 900}));
  }

  /// Views that anybody sees, by name.
  std::set<std::string> shownViews() {
    std::set<std::string> names;
    for (const ViewTile* tile : window_->findChildren<ViewTile*>())
      if (tile->isVisible()) names.insert(tile->declaration().name);
    return names;
  }

  /// Knobs and settings of the lens whose editors anybody sees.
  std::set<std::string> shownControls() {
    std::set<std::string> names;
    for (const QWidget* widget : player().views()->findChildren<QWidget*>()) {
      const QString name = widget->objectName();
      if (!widget->isVisible() || !name.startsWith("page-")) continue;
      const std::string control = name.mid(name.startsWith("page-knob-") ? 10 : 5).toStdString();
      for (const auto& knob : knobSettings())
        if (knob.name == control) names.insert(control);
      for (const auto& setting : lensTable())
        if (setting.name == control) names.insert(control);
    }
    return names;
  }

  /// What a page leaves; of the numbers of gating policies only the one in force means something.
  std::set<std::string> leftControls(const Document& document) {
    std::set<std::string> left;
    for (const auto& knob : knobSettings()) left.insert(knob.name);
    for (const auto& setting : lensTable()) left.insert(setting.name);
    for (const std::string& hidden : document.hiddenControls) left.erase(hidden);
    const LensSetting* inForce = parameterOf(controller().lens().gating.policy);
    for (const char* number : {"gating-k", "gating-mass", "gating-threshold"})
      if (!inForce || inForce->name != number) left.erase(number);
    return left;
  }

  /// As a learner would: the slider along its whole way until the number is there.
  void reach(const LessonTask& task) {
    QVERIFY2(!player().isReady(), "the task is done before anybody did anything");
    for (double concentration = 1.0 / 64; concentration <= 256 && !player().isReady(); concentration *= 1.5)
      QVERIFY(controller().perform(setNumber(0, "concentration", concentration)));
    QVERIFY2(player().isReady(), (task.measure + " cannot be brought there").c_str());
  }

  void predict(const LessonTask& task) {
    const double value = measured(controller().scene(), task.measure, task.lens);
    QVERIFY2(std::isfinite(value), task.measure.c_str());
    find<QDoubleSpinBox>("lessonGuess")->setValue(value + 3.0 * task.within);
    QTest::mouseClick(find<QPushButton>("lessonJudge"), Qt::LeftButton);
    const QString verdict = find<QLabel>("lessonTask")->text();
    QVERIFY2(verdict.contains("Not quite") && verdict.contains(QString::number(value, 'g', 4)), qPrintable(verdict));
    QCOMPARE(controller().lens(), task.lens);  // and it is on show
    QVERIFY(player().isReady());
  }

  /// Whether words stand in a view that begin so.
  static bool says(ViewTile* tile, const std::string& beginning) {
    const auto* view = dynamic_cast<FlatView*>(&tile->view());
    if (!view) return false;
    const std::vector<DrawnText> texts = view->texts();
    return std::any_of(texts.begin(), texts.end(), [&](const DrawnText& text) { return text.words.rfind(beginning, 0) == 0; });
  }

  /// Every view of the page draws what the page's model has, and none tells the number that the page asks for.
  void viewsOf(const LessonPage& page, const std::string& where) {
    for (ViewTile* tile : player().views()->tiles()) {
      if (!tile->isVisible()) continue;
      const std::string view = where + ", " + tile->declaration().name;
      const bool analysed = tile->declaration().group == "Experts";
      QVERIFY2(!analysed || QTest::qWaitFor([&] { return controller().scene().analysis != nullptr; }, 600000),
               (view + ": no analysis").c_str());
      const bool draws = QTest::qWaitFor([&] {  // the model before this page's may be the last that was analysed
        tile->drawNow();
        return !says(tile, "needs ");
      }, 600000);
      QVERIFY2(draws, (view + ": needs what the page's model has not").c_str());
      if (!page.task || page.task->kind != LessonTask::Kind::Predict || !(page.task->lens == controller().lens())) continue;
      const std::string number =
          QString::number(measured(controller().scene(), page.task->measure, page.task->lens), 'f', 2).toStdString();
      const auto* flat = dynamic_cast<FlatView*>(&tile->view());
      QVERIFY(flat);
      for (const DrawnText& text : flat->texts())
        QVERIFY2(text.words.size() == number.size() || text.words.find(number) == std::string::npos,
                 (view + " tells the answer: " + text.words).c_str());
    }
  }

 private Q_SLOTS:
  void cleanup() { window_.reset(); }

  void the_lessons_of_the_program_are_whole() {
    QVERIFY(lessons().size() >= 8);
    std::map<std::string, const Lesson*> english;
    for (const Lesson& lesson : lessons())
      if (lesson.language == "en") english[lesson.name] = &lesson;
    for (const Lesson& lesson : lessons()) {
      QVERIFY2(lesson.pages.size() >= 5 && lesson.pages.size() <= 12, lesson.name.c_str());
      QVERIFY2(english.count(lesson.name), lesson.name.c_str());
      const Lesson& original = *english[lesson.name];
      QCOMPARE(lesson.pages.size(), original.pages.size());
      QCOMPARE(lesson.order, original.order);
      for (std::size_t i = 0; i < lesson.pages.size(); ++i) {  // a translation says other words, and does the same
        QVERIFY2(lesson.pages[i].document == original.pages[i].document,
                 (lesson.name + "." + lesson.language + ", page " + std::to_string(i + 1)).c_str());
        QCOMPARE(lesson.pages[i].highlighted, original.pages[i].highlighted);
        QCOMPARE(lesson.pages[i].trainTo, original.pages[i].trainTo);
        QVERIFY(lesson.pages[i].task == original.pages[i].task);
        QVERIFY(!lesson.pages[i].notes.empty());
      }
    }
  }

  void what_is_no_lesson_is_refused_with_its_line() {
    QCOMPARE(complaint(page("{}")), std::string());
    const std::vector<std::pair<std::string, std::string>> wrong = {
        {"", "line 1: expected '---'"},
        {"---\ntitle A\n", "line 2: expected KEY: VALUE"},
        {"---\ncolour: red\n", "line 2: 'colour: red'; expected title, shows or order"},
        {"---\ntitle: A\n---\n# One\nwords\n", "line 3: expected title, shows"},
        {kHead, "a lesson without pages"},
        {kHead + "words\n", "line 5: expected a page"},
        {kHead + "# One\n", "line 5: a page without title or words"},
        {kHead + "# One\nwords\n```json\n{", "line 8: the block of JSON of line 7 has no end"},
        {page("{"), "line 7: in the block of this page"},
        {page("[]"), "expected an object"},
        {page("{\"views\": []}"), "a list of views"},
        {page("{\"views\": [\"none\"]}"), "a list of views"},
        {page("{\"controls\": [\"none\"]}"), "a list of knobs and settings"},
        {page("{\"train_to\": -1}"), "0 to 100000"},
        {page("{\"task\": {\"reach\": \"entropy\"}}"), "at_least, at_most or both"},
        {page("{\"task\": {\"reach\": \"none\", \"at_most\": 1}}"), "the name of a measure"},
        {page("{\"task\": {\"predict\": \"entropy\"}}"), "a number above 0"},
        {page("{\"task\": {\"predict\": \"entropy\", \"within\": 1, \"concentration\": -1}}"), "concentration"},
        {page("{\"state\": {\"sides\": [{\"knobs\": {\"experts\": 5000}}]}}"), "experts"},
        {page("{\"state\": {\"colour\": 1}}"), "/state/colour is no key of a state"},
        {page("{}\n```\n```json\n{}"), "a second block of JSON"},
        {page("{\"session\": \"../run.moescope\"}"), "the name of a .moescope beside the lesson"},
        {page("{\"session\": \"run.txt\"}"), "the name of a .moescope beside the lesson"},
        {page("{\"session\": \"run.moescope\", \"checkpoint\": \"synthetic\"}"), "not both"},
        {kHead + "# One\n![x](/etc/x.png)\n", "line 5: the picture '/etc/x.png'"},
        {kHead + "# One\n![x](a.gif)\n", "a .png or .jpg beside the lesson"},
        {kHead + "# One\nwords\n<!-- for me\n", "line 7: the notes of line 7 have no end"},
    };
    for (const auto& [text, expected] : wrong) {
      const std::string said = complaint(text);
      QVERIFY2(said.find(expected) != std::string::npos && said.find('\n') == std::string::npos,
               (expected + " | " + said).c_str());
      QVERIFY(said.rfind("a.en.md, line ", 0) == 0);
    }
    QVERIFY(complaint(page("{}"), "a.md").find("NAME.LANGUAGE.md") != std::string::npos);
    QVERIFY(complaint(std::string(2 << 20, ' ')).find("bytes") != std::string::npos);
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, lessonGiven("/none/such.en.md"));
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, lessonGiven("/none/such.moelesson"));
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, lessonGiven("/dev/zero.md"));
  }

  void every_lesson_is_driven_to_its_end_data() {
    QTest::addColumn<QString>("name");
    for (const Lesson& lesson : lessons())
      if (lesson.language == "en") QTest::newRow(lesson.name.c_str()) << QString::fromStdString(lesson.name);
  }
  void every_lesson_is_driven_to_its_end() {
    QFETCH(QString, name);
    open();
    const Document before = controller().document();
    player().start(requireLesson(name.toStdString(), "en"));
    QVERIFY(player().isVisible());
    const int pages = static_cast<int>(player().lesson().pages.size());
    for (int i = 0; i < pages; ++i) {
      QCOMPARE(player().page(), i);
      const LessonPage page = player().lesson().pages[static_cast<std::size_t>(i)];
      QVERIFY(QTest::qWaitFor(
          [&] {
            return controller().scene().snapshot && controller().scene().snapshot->step >= page.trainTo &&
                   controller().scene().routing &&
                   (page.syntheticCheckpoint
                        ? controller().scene().snapshot->checkpoint != nullptr && controller().scene().snapshot->probe->synthetic
                        : controller().scene().snapshot->router == page.document.sides[0].knobs.router);
          },
          600000));
      QCOMPARE(find<QLabel>("lessonWait")->isVisible(), false);
      QCOMPARE(shownViews(), std::set<std::string>(page.document.layout.alone.begin(), page.document.layout.alone.end()));
      QCOMPARE(shownControls(), leftControls(page.document));
      viewsOf(page, name.toStdString() + ", page " + std::to_string(i + 1));
      if (QTest::currentTestFailed()) return;
      if (name == "why-top-k-collapses" && i == 2) {  // the next lesson says "about 0.9"; machines differ in the last digits
        const double variation = measured(controller().scene(), "load_cv", controller().lens());
        QVERIFY2(std::abs(variation - 0.9) < 0.15, qPrintable(QString::number(variation)));
      }
      if (page.task) page.task->kind == LessonTask::Kind::Reach ? reach(*page.task) : predict(*page.task);
      QVERIFY(player().isReady());
      QTest::mouseClick(find<QPushButton>("lessonNext"), Qt::LeftButton);
    }
    QVERIFY(!player().runs() && !player().isVisible());
    const Document after = controller().document();
    QCOMPARE(after.sides[0].knobs, before.sides[0].knobs);
    QVERIFY(after.hiddenControls == before.hiddenControls && after.layout.group == before.layout.group &&
            after.sides[0].model == before.sides[0].model);
  }

  void notes_in_a_comment_are_not_shown() {
    const Lesson lesson = lessonFromMarkdown(
        "a.en.md", kHead + "# One\nwords\n<!-- say\nthis -->\nmore\n```json\n{\"notes\": \"and that\"}\n```\n");
    QCOMPARE(lesson.pages[0].words, std::string("words\nmore"));
    QCOMPARE(lesson.pages[0].notes, std::string("say\nthis\n\nand that"));
  }

  void a_page_is_trained_as_far_as_the_pages_of_its_model_before_it() {
    const std::string knobs = "{\"state\": {\"sides\": [{\"knobs\": {\"router\": \"";
    const Lesson lesson = lessonFromMarkdown(
        "a.en.md",
        kHead + "# One\nwords\n```json\n" + knobs +
            "topk\"}}]}, \"train_to\": 40}\n```\n# Two\nwords\n# Three\nwords\n```json\n{}\n```\n# Four\nwords\n```json\n" +
            knobs + "soft\"}}]}}\n```\n");
    std::vector<std::int64_t> steps;
    for (const LessonPage& page : lesson.pages) steps.push_back(page.trainTo);
    QCOMPARE(steps, (std::vector<std::int64_t>{40, 40, 40, 0}));
  }

  void what_surrounds_the_views_goes_and_comes_back() {
    open();
    const auto visible = [&] {
      std::map<QString, bool> all;
      for (const char* name : {"bar-groups", "bar-time", "bar-tokens", "bar-prompt", "dock-panel"})
        all[name] = find<QWidget>(name)->isVisible();
      return all;
    };
    const auto before = visible();
    player().start(requireLesson("concentration", "en"));
    for (const auto& [name, shown] : visible()) QVERIFY2(!shown, qPrintable(name));
    window_->resize(1024, 640);  // where the window decides anew which bars it has room for
    QTest::qWait(20);
    for (const auto& [name, shown] : visible()) QVERIFY2(!shown, qPrintable(name));
    window_->resize(1440, 900);
    player().end();
    QVERIFY(visible() == before);
    QCOMPARE(shownViews().count("score_polygon"), 1u);
  }

  void an_answer_is_not_told_before_it_is_said() {
    open();
    player().start(lessonFromMarkdown(
        "a.en.md",
        kHead +
            "# One\nwords\n```json\n{\"state\": {\"sides\": [{\"knobs\": {\"corpus\": \"procedural\", \"width\": 32}}]}, \"views\": [\"load_bars\"], \"train_to\": 2, \"task\": "
            "{\"predict\": \"load_cv\", \"within\": 0.1}}\n```\n"));
    QVERIFY(becomes([&] { return player().isThere(); }));
    const QString number = QString::number(measured(controller().scene(), "load_cv", controller().lens()), 'f', 3);
    QCOMPARE(player().views()->number()->number(), QString("?"));
    QVERIFY(!find<QLabel>("lessonTask")->text().contains(number.left(4)));
    QTest::keyClick(find<QDoubleSpinBox>("lessonGuess"), Qt::Key_Return);  // without a mouse; the drive of all lessons clicks
    QCOMPARE(player().views()->number()->number(), number);
  }

  void a_frame_around_the_slider_is_whole() {
    open();
    player().start(lessonFromMarkdown(
        "a.en.md",
        kHead +
            "# One\nwords\n```json\n{\"state\": {\"sides\": [{\"knobs\": {\"corpus\": \"procedural\", \"width\": 32}}]}, \"views\": [\"load_bars\"], "
            "\"controls\": [\"concentration\"], \"highlight\": [\"concentration\"]}\n```\n"));
    QTest::qWait(100);
    const auto* frame = window_->findChild<Highlight*>();
    const QWidget* slider = player().views()->findChild<ConcentrationSlider*>();
    QVERIFY(frame && wholeInSight(frame));
    QCOMPARE(frame->geometry(), slider->geometry().adjusted(-3, -3, 3, 3));  // it lies on none of its words
    const QImage picture = frame->parentWidget()->grab().toImage();
    for (const int x : {frame->geometry().left() + 1, frame->geometry().right() - 1})
      QCOMPARE(picture.pixel(x, frame->geometry().center().y()), qRgb(255, 176, 0));
  }

  void the_number_is_never_cut() {
    QVERIFY(showWindow(window_, documentOf(smallKnobs(), true, 1.5), {1024, 640}));
    player().start(lessonFromMarkdown(
        "a.en.md",
        kHead +
            "# One\nwords\n```json\n{\"state\": {\"sides\": [{\"knobs\": {\"corpus\": \"procedural\", \"width\": 32}}]}, \"views\": [\"load_bars\"], "
            "\"controls\": [\"concentration\"], \"task\": {\"predict\": \"effective_experts\", \"within\": 1, \"concentration\": 4}}\n```\n"));
    QVERIFY(becomes([&] { return player().isThere(); }));
    const KeyNumber* number = player().views()->number();
    QTest::qWait(100);
    QVERIFY(wholeInSight(number));
    QVERIFY2(number->width() >= QFontMetrics(number->numberFont()).horizontalAdvance(number->number()),
             qPrintable(number->number() + QString(" in %1 pixels").arg(number->width())));
    QVERIFY(QFontMetrics(number->numberFont()).height() > number->fontMetrics().height());
  }

  void a_lesson_in_one_file_opens_where_it_is_dropped() {
    const QTemporaryDir folder;
    const std::filesystem::path own = folder.filePath("own").toStdString(),
                                archive = folder.filePath("a.moelesson").toStdString();
    std::filesystem::create_directory(own);
    for (const char* language : {"en", "fr"})
      std::ofstream(own / (std::string("a.") + language + ".md")) << kHead << "# One\nwords ![a box](red.png)\n";
    QImage red(30, 20, QImage::Format_RGB32);
    red.fill(Qt::red);
    QVERIFY(red.save(QString::fromStdString((own / "red.png").string())));
    QCOMPARE(packLessonFolder(own, archive).files.size(), 3u);
    QCOMPARE(readLessonFile(archive, "fr").language, std::string("fr"));
    QCOMPARE(readLessonFile(archive, "it").language, std::string("en"));
    open();
    drop(window_.get(), QString::fromStdString(archive.string()));
    QVERIFY(player().runs());
    QCOMPARE(find<QTextBrowser>("lessonWords")
                 ->document()
                 ->resource(QTextDocument::ImageResource, QUrl("red.png"))
                 .value<QImage>()
                 .size(),
             red.size());
    const std::filesystem::path unpacked = player().lesson().folder;
    QVERIFY(std::filesystem::exists(unpacked / "red.png"));
    player().end();
    QVERIFY(!std::filesystem::exists(unpacked));
    std::ofstream(archive) << "no archive";
    drop(window_.get(), QString::fromStdString(archive.string()));
    QVERIFY(!player().runs());
    QVERIFY(find<QLabel>("statusMessage")->text().contains("a.moelesson: no lesson in a ZIP archive"));
  }

  void going_back_a_page_goes_back_to_its_model() {
    open();
    const Lesson lesson = lessonFromMarkdown(
        "a.en.md",
        kHead +
            "# One\nwords\n```json\n{\"state\": {\"sides\": [{\"knobs\": {\"corpus\": \"procedural\", \"width\": 32, \"router\": \"topk\"}}]}, \"train_to\": 12}\n```\n"
            "# Two\nwords\n```json\n{\"state\": {\"sides\": [{\"knobs\": {\"router\": \"soft\"}}]}, \"train_to\": 3}\n```\n");
    player().start(lesson);
    const auto step = [&](const char* router) {
      const SnapshotPointer shown = controller().scene().snapshot;
      return shown && shown->router == router ? shown->step : -1;
    };
    QVERIFY(becomes([&] { return step("topk") == 12; }));
    player().next();
    QVERIFY(becomes([&] { return step("soft") >= 3; }));
    QVERIFY(step("soft") == 3);  // it does not go on from the model before
    const RowMatrix scores = controller().scene().snapshot->layers.front().scores;
    player().back();
    QVERIFY(becomes([&] { return step("topk") == 12; }));
    player().next();
    QVERIFY(becomes([&] { return step("soft") == 3; }));
    QVERIFY(controller().scene().snapshot->layers.front().scores == scores);
    open();  // and it is the model that the page has by itself
    player().start(lesson, 1);
    QVERIFY(becomes([&] { return step("soft") == 3; }));
    QVERIFY(controller().scene().snapshot->layers.front().scores == scores);
  }

  /// A lesson's pictures are the same whatever the window has trained before.
  void a_lesson_s_model_begins_anew() {
    open();
    const std::uint64_t own = controller().side().model;
    controller().playUntil(30);
    QVERIFY(becomes([&] { return controller().scene().snapshot->step == 30; }));
    Lesson lesson = lessonFromMarkdown("a.en.md", kHead + "# One\nwords\n```json\n{\"train_to\": 4}\n```\n# Two\nwords\n");
    for (LessonPage& page : lesson.pages) page.document.sides[0].knobs = controller().side().knobs;
    player().start(lesson);
    QVERIFY(becomes([&] { return controller().scene().snapshot->step == 4; }));
    player().next();  // the same model
    QTest::qWait(300);
    QVERIFY(controller().scene().snapshot->step == 4);
    player().end();
    QVERIFY(becomes([&] { return controller().scene().snapshot->step == 30; }));
    QCOMPARE(controller().side().model, own);
  }
};

MOESCOPE_TEST(TestLessons)
#include "test_lessons.moc"
