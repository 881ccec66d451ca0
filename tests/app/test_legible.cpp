// What stands in the window is whole, at every size of window and text and at the scale factors that ctest runs this with: no
// label, button, tab or title is cut or lies on another.

#include <QAbstractButton>
#include <QGroupBox>
#include <QLabel>
#include <QTabBar>
#include <QTest>
#include <QToolButton>

#include "app/window/main_window.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

QString nameOf(const QWidget* widget) {
  return QString("%1 '%2', %3x%4")
      .arg(widget->metaObject()->className(), widget->objectName())
      .arg(widget->width())
      .arg(widget->height());
}

int widthOf(const QWidget* widget, const QString& text) { return widget->fontMetrics().size(Qt::TextShowMnemonic, text).width(); }

/// Width of the text that a widget shows and the room that it has for it; room below 0: it shows none that must be whole.
std::pair<int, int> textAndRoom(const QWidget* widget) {
  if (qobject_cast<const ElidedLabel*>(widget)) return {0, -1};  // a status of any length: whole in its tool tip
  if (const auto* label = qobject_cast<const QLabel*>(widget))
    return label->wordWrap() || label->text().isEmpty() ? std::pair{0, -1}
                                                        : std::pair{widthOf(label, label->text()), label->contentsRect().width()};
  if (const auto* tool = qobject_cast<const QToolButton*>(widget);
      tool && tool->toolButtonStyle() == Qt::ToolButtonIconOnly && !tool->icon().isNull())
    return {0, -1};  // a picture
  if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
    return button->text().isEmpty() ? std::pair{0, -1} : std::pair{widthOf(button, button->text()), button->width()};
  if (const auto* box = qobject_cast<const QGroupBox*>(widget)) return {widthOf(box, box->title()), box->width()};
  return {0, -1};
}

/// The first label, button or tab that is cut, or lies on one beside it. Empty: none.
QString faultIn(QWidget* window) {
  std::vector<const QWidget*> words;
  for (const QWidget* widget : window->findChildren<QWidget*>()) {
    if (!widget->isVisible() || widget->visibleRegion().isEmpty() || widget->window() != window) continue;
    if (const auto [text, room] = textAndRoom(widget); room >= 0) {
      if (text > room + 1) return nameOf(widget) + QString(" needs %1 for its text").arg(text);
      words.push_back(widget);
    }
    if (const auto* label = qobject_cast<const QLabel*>(widget);
        label && label->wordWrap() && !label->text().isEmpty() && label->heightForWidth(label->width()) > label->height() + 1)
      return nameOf(label) + QString(" needs a height of %1: %2").arg(label->heightForWidth(label->width())).arg(label->text());
    if (const auto* tabs = qobject_cast<const QTabBar*>(widget))
      for (int tab = 0; tab < tabs->count(); ++tab)
        if (widthOf(tabs, tabs->tabText(tab)) > tabs->tabRect(tab).width()) return nameOf(tabs) + " cuts " + tabs->tabText(tab);
  }
  for (std::size_t i = 0; i < words.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (words[i]->parentWidget() == words[j]->parentWidget() && words[i]->geometry().intersects(words[j]->geometry()))
        return nameOf(words[i]) + " lies on " + nameOf(words[j]);
  return {};
}

}  // namespace

class TestLegible : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() { applyPalette(Theme{}); }

  void nothing_is_cut_and_nothing_lies_on_anything_data() {
    QTest::addColumn<double>("scale");
    for (const double scale : {1.0, 1.5, 2.0, 2.5}) QTest::addRow("text %g", scale) << scale;
  }
  void nothing_is_cut_and_nothing_lies_on_anything() {
    QFETCH(double, scale);
    MainWindow window(documentOf(smallKnobs(), true, scale));
    const double factor = window.devicePixelRatioF();
    window.resize(1024, 640);
    window.show();
    QVERIFY(becomes([&] { return window.revealed() && window.controller().scene().routing; }));
    for (const QSize& size : {QSize(1024, 640), QSize(1280, 720), QSize(1440, 900), QSize(1920, 1080), QSize(3840, 2160)}) {
      if (size.width() * factor > 3840) continue;
      if (scale > 1.5 && size.width() < 640 * scale) continue;  // so large a text in so small a window scrolls
      window.resize(size);
      for (const char* layout : {"Stage", "Explore", "Experts"}) {
        window.openGroup(layout);
        QTest::qWait(50);
        const QString fault = faultIn(&window);
        QVERIFY2(fault.isEmpty(), qPrintable(QString("%1x%2, %3: ").arg(size.width()).arg(size.height()).arg(layout) + fault));
      }
    }
  }

  void nothing_of_a_lessons_page_is_cut_data() { nothing_is_cut_and_nothing_lies_on_anything_data(); }
  /// A page with every kind of control and a task; its words are many.
  void nothing_of_a_lessons_page_is_cut() {
    QFETCH(double, scale);
    std::string words;
    for (int i = 0; i < 40; ++i) words += "some words of the page ";
    const Lesson lesson = lessonFromMarkdown(
        "a.en.md",
        "---\ntitle: A lesson with a title of some length\nshows: something\n---\n# What a page of some length is called\n" +
            words +
            "\n```json\n{\"state\": {\"sides\": [{\"knobs\": {\"corpus\": \"procedural\", \"width\": 32, \"experts\": 4}, \"lens\": {\"gating\": \"top-k\"}}]}, "
            "\"views\": [\"score_polygon\", \"load_bars\", \"training_metrics\"], \"controls\": [\"concentration\", \"gating\", \"gating-k\", \"layer\", \"router\"], "
            "\"task\": {\"predict\": \"effective_experts\", \"within\": 1, \"concentration\": 4}}\n```\n");
    MainWindow window(documentOf(smallKnobs(), true, scale));
    const double factor = window.devicePixelRatioF();
    window.resize(1024, 640);
    window.show();
    QVERIFY(becomes([&] { return window.revealed() && window.controller().scene().routing; }));
    window.lessons().start(lesson);
    for (const bool presents : {false, true}) {
      if (presents) window.presenter().begin();
      window.setWindowState(Qt::WindowNoState);
      for (const QSize& size : {QSize(1024, 640), QSize(1440, 900), QSize(1920, 1080)}) {
        if (size.width() * factor > 3840 || (scale > 1.0 && size.width() < 1280)) continue;
        if (scale > 2.0 && size.width() < 1920) continue;  // every kind of control and the largest text want a screen
        if (presents && scale > 1.5 && size.width() < 1920)
          continue;  // twice the text, and a hall's on top, is for a hall's screen
        window.resize(size);
        QTest::qWait(100);
        const QString fault = faultIn(&window),
                      where = QString("%1x%2%3: ").arg(size.width()).arg(size.height()).arg(presents ? ", presented" : "");
        QVERIFY2(fault.isEmpty(), qPrintable(where + fault));
        QVERIFY2(window.size() == size,
                 qPrintable(where + QString("the window takes %1x%2").arg(window.width()).arg(window.height())));
        for (const ViewTile* tile : window.lessons().views()->tiles())
          QVERIFY2(tile->width() >= 150 && tile->height() >= 120,
                   qPrintable(where + QString("%1 has %2x%3").arg(tile->objectName()).arg(tile->width()).arg(tile->height())));
      }
    }
  }
};

MOESCOPE_TEST(TestLegible)
#include "test_legible.moc"
