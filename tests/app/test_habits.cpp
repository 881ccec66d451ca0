// What people expect of any program: names and help on every control, settings that apply, a wheel that only scrolls, numbers as
// they are typed, a page to start from, and an Escape that loses nothing.

#include <QAbstractButton>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSettings>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QToolTip>
#include <QTreeWidget>
#include <QWheelEvent>

#include "app/window/main_window.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

/// A control of ours: not a part that Qt makes inside one.
bool isControl(const QWidget* widget) {
  const bool control = qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QComboBox*>(widget) ||
                       qobject_cast<const QAbstractSpinBox*>(widget) ||
                       (qobject_cast<const QAbstractSlider*>(widget) && !qobject_cast<const QScrollBar*>(widget)) ||
                       qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QPlainTextEdit*>(widget);
  if (!control || widget->objectName().startsWith("qt_") ||
      QString(widget->metaObject()->className()).startsWith("QDockWidgetTitleButton"))
    return false;
  for (const QWidget* above = widget->parentWidget(); above; above = above->parentWidget())
    if (qobject_cast<const QComboBox*>(above) || qobject_cast<const QAbstractSpinBox*>(above) ||
        qobject_cast<const QTabBar*>(above) || qobject_cast<const QLineEdit*>(above) || qobject_cast<const QMenuBar*>(above) ||
        QString(above->metaObject()->className()) == "QKeySequenceEdit" ||
        QString(above->metaObject()->className()) == "QDialogButtonBox")
      return false;
  return !QString(widget->metaObject()->className()).startsWith("QToolBarExtension") &&
         !QString(widget->metaObject()->className()).startsWith("QTableCornerButton");
}

/// What a screen reader says; Qt gives a combo box's value where it has no name.
QString nameOf(QWidget* widget) {
  return qobject_cast<QComboBox*>(widget) ? widget->accessibleName()
                                          : QAccessible::queryAccessibleInterface(widget)->text(QAccessible::Name);
}

QString placeOf(const QWidget* widget) {
  QString place;
  for (const QWidget* each = widget; each; each = each->parentWidget())
    place = QString(each->metaObject()->className()) + '#' + each->objectName() + ' ' + place;
  return place;
}

}  // namespace

class TestHabits : public QObject {
  Q_OBJECT
  QTemporaryDir settings_;
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  void open(const Document& document) {
    QVERIFY(showWindow(window_, document, {1440, 900}));
  }
  template <typename Widget>
  Widget* named(const QString& name) {
    for (Widget* widget : window_->findChildren<Widget*>())
      if (nameOf(widget) == name) return widget;
    return nullptr;
  }
  void trigger(const char* action) { window_->findChild<QAction*>(action)->trigger(); }

 private Q_SLOTS:
  void initTestCase() { QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path()); }
  void init() {
    Document first = documentOf(smallKnobs());
    first.layout = {};
    open(first);
  }
  void cleanup() {
    window_.reset();
    applyPalette(Theme{});
  }

  void whatever_can_have_the_focus_has_a_name() {
    controller().perform(compare(true));
    int seen = 0;
    for (QWidget* widget = window_->nextInFocusChain(); widget != window_.get(); widget = widget->nextInFocusChain()) {
      if (!isControl(widget) && !qobject_cast<ViewTile*>(widget)) continue;
      ++seen;
      QVERIFY2(!nameOf(widget).trimmed().isEmpty(), qPrintable(placeOf(widget)));
    }
    QVERIFY2(seen > 100, qPrintable(QString::number(seen)));
  }

  void every_control_says_what_it_is_for() {
    controller().perform(compare(true));
    trigger("actionStart");
    int seen = 0;
    for (QWidget* widget : window_->findChildren<QWidget*>())
      if (isControl(widget)) {
        ++seen;
        QVERIFY2(!widget->toolTip().trimmed().isEmpty(), qPrintable(placeOf(widget)));
      }
    QVERIFY2(seen > 100, qPrintable(QString::number(seen)));
  }

  /// As one reads: the bar of groups, what is shown, the time line, the text at the foot.
  void the_focus_goes_from_the_top_to_the_foot() {
    QStringList order;
    for (QWidget* widget = window_->nextInFocusChain(); widget != window_.get(); widget = widget->nextInFocusChain())
      for (const char* landmark :
           {"groups", "stageRouter", "stage-concentration", "stage-score_polygon", "knob-router", "timeBackButton", "promptText"})
        if (widget->objectName() == landmark) order.append(landmark);
    QCOMPARE(order, (QStringList{"groups", "stageRouter", "stage-concentration", "stage-score_polygon", "knob-router",
                                 "timeBackButton", "promptText"}));
  }

  void the_wheel_changes_no_editor_anywhere_that_one_is_not_at_work_in() {
    int tried = 0;
    for (QWidget* editor : window_->findChildren<QWidget*>()) {
      const bool slider = qobject_cast<QAbstractSlider*>(editor) && !qobject_cast<QScrollBar*>(editor);
      if (!slider && !qobject_cast<QComboBox*>(editor) && !qobject_cast<QAbstractSpinBox*>(editor)) continue;
      if (!editor->isVisible() || editor->hasFocus()) continue;
      ++tried;
      const auto value = [&] {
        if (auto* box = qobject_cast<QComboBox*>(editor)) return box->currentText();
        if (auto* box = qobject_cast<QAbstractSpinBox*>(editor)) return box->text();
        return QString::number(static_cast<QAbstractSlider*>(editor)->value());
      };
      const QString before = value();
      for (const int notch : {120, -120}) {
        const QPointF middle = editor->rect().center();
        QWheelEvent event(middle, editor->mapToGlobal(middle), {}, {0, notch}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                          false);
        QSpontaneKeyEvent::setSpontaneous(&event);
        qApp->notify(editor, &event);
        QVERIFY2(value() == before && !editor->hasFocus(), qPrintable(placeOf(editor)));
      }
    }
    QVERIFY2(tried >= 5, qPrintable(QString::number(tried)));
  }

  void a_number_is_taken_as_people_type_it() {
    NumberBox box;
    box.setRange(0.0, 10.0);
    box.setDecimals(4);
    box.setSuffix(" s");
    box.show();
    const auto type = [&](const char* text) {
      box.selectAll();
      QTest::keyClicks(box.findChild<QLineEdit*>(), text);
      QTest::keyClick(&box, Qt::Key_Return);
      return box.value();
    };
    QCOMPARE(type("0,05"), 0.05);
    QCOMPARE(type("1e-3"), 0.001);
    QVERIFY2(QToolTip::text().contains("Taken: 0.0010 s"), qPrintable(QToolTip::text()));
    QCOMPARE(type("2,5E0"), 2.5);
    QCOMPARE(type("4e-5"), 0.0);
    QVERIFY2(QToolTip::text().contains("Taken: 0.0000 s") && QToolTip::text().contains("4 decimals"),
             qPrintable(QToolTip::text()));
    QCOMPARE(type("3"), 3.0);
    QCOMPARE(type("1e9"), 3.0);  // beyond the range: stays
    QVERIFY2(QToolTip::text().contains("Taken: 3.0000 s") && QToolTip::text().contains("of 0.0000 to 10.0000"),
             qPrintable(QToolTip::text()));
    QToolTip::hideText();
    QCOMPARE(type("99999999"), 3.0);  // no digit is swallowed
    QVERIFY2(QToolTip::text().contains("Taken: 3.0000 s"), qPrintable(QToolTip::text()));
    QCOMPARE(type("1.234567"), 1.2346);
    QVERIFY2(QToolTip::text().contains("Taken: 1.2346 s"), qPrintable(QToolTip::text()));
    QCOMPARE(type("2abc"), 2.0);
  }

  void settings_apply_at_once_and_can_be_had_back() {
    trigger("actionSettings");
    auto* theme = named<QComboBox>("Theme");
    QTest::keyClick(theme, Qt::Key_Down);
    QVERIFY(!controller().document().dark);
    auto* scale = named<QDoubleSpinBox>("Size of text");
    scale->setValue(1.5);
    QCOMPARE(controller().document().textScale, 1.5);
    auto* motion = named<QCheckBox>("Motion");
    motion->click();
    QVERIFY(!controller().document().motion);
    named<QSpinBox>("Threads of training")->setValue(1);
    QCOMPARE(controller().threads(), 1);
    QVERIFY(controller().history().stack().canUndo());
    window_->findChild<QPushButton*>("settingsReset")->click();
    const Document first;
    QCOMPARE(controller().document().dark, first.dark);
    QCOMPARE(controller().document().textScale, first.textScale);
    QCOMPARE(controller().document().motion, first.motion);
    QCOMPARE(controller().threads(), 0);
    QVERIFY(theme->currentIndex() == 0 && scale->value() == 1.0 && motion->isChecked());
  }

  void settings_show_what_is_changed_elsewhere() {
    trigger("actionSettings");
    controller().perform(setTheme(false, 1.3));
    QCOMPARE(named<QComboBox>("Theme")->currentText(), QString("light"));
    QCOMPARE(named<QDoubleSpinBox>("Size of text")->value(), 1.3);
  }

  void threads_are_there_at_the_next_start() {
    window_->rememberOnClose();
    trigger("actionSettings");
    named<QSpinBox>("Threads of training")->setValue(1);
    open(documentOf(smallKnobs()));
    QCOMPARE(controller().threads(), 0);
    window_->rememberOnClose();
    QCOMPARE(controller().threads(), 1);
    Preferences::forget();
  }

  void the_sheet_to_start_from_comes_when_asked_for_and_goes_when_one_begins() {
    auto* sheet = window_->findChild<QDockWidget*>("dock-start");
    QVERIFY(!sheet->isVisible());
    trigger("actionStart");
    QVERIFY(sheet->isVisible());
    auto* preset = sheet->findChild<QToolButton*>("start-preset-collapse");
    QVERIFY(preset && !preset->icon().isNull() && !preset->text().isEmpty());
    QVERIFY(sheet->findChild<QToolButton*>("start-lesson-subspaces"));
    controller().askFrom(1e9);
    QTest::mouseClick(preset, Qt::LeftButton);
    QVERIFY(!sheet->isVisible());
    QVERIFY(controller().document().sides[0].knobs.router != smallKnobs().router);
    controller().pause();
  }

  void escape_loses_no_work() {
    controller().perform({"Prompt", "", [](Document& document) { document.prompt = "my own words"; }});
    controller().select({2, -1, -1, "", -1});
    auto* number = named<QDoubleSpinBox>("Concentration alpha, number");
    number->setValue(3.0);
    for (int i = 0; i < 3; ++i) trigger("actionEscape");
    QCOMPARE(controller().document().prompt, std::string("my own words"));
    QCOMPARE(controller().side().lens.concentration, 3.0f);
    QVERIFY(controller().selection().empty());
    controller().history().stack().undo();
    QCOMPARE(controller().selection().experts, std::vector<int>{2});
  }
};

MOESCOPE_TEST(TestHabits)
#include "test_habits.moc"
