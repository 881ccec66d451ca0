// Keys that the user changes: conflicts are said, the settings keep them, and they can be had back.

#include <QAction>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

#include "app/window/main_window.h"
#include "app/window/shortcut_sheet.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestShortcuts : public QObject {
  Q_OBJECT
  QTemporaryDir settings_;
  std::unique_ptr<MainWindow> window_;

  void open(bool remembers) {
    window_ = std::make_unique<MainWindow>(documentOf(smallKnobs()));
    if (remembers) window_->rememberOnClose();
    window_->show();
    QVERIFY(becomes([&] { return window_->controller().scene().routing != nullptr; }));
  }
  ShortcutSheet& sheet() {
    window_->findChild<QAction*>("actionKeys")->trigger();
    return *window_->findChild<ShortcutSheet*>();
  }
  QTreeWidgetItem* row(const QString& command) {
    const QList<QTreeWidgetItem*> found = sheet().findChild<QTreeWidget*>()->findItems(command, Qt::MatchExactly);
    return found.isEmpty() ? nullptr : found.first();
  }
  void choose(const QString& command) { sheet().findChild<QTreeWidget*>()->setCurrentItem(row(command)); }
  void press(const char* keys) { sheet().findChild<QKeySequenceEdit*>()->setKeySequence(QKeySequence(keys)); }
  void click(const char* button) { QTest::mouseClick(sheet().findChild<QPushButton*>(button), Qt::LeftButton); }
  QString line() { return sheet().findChild<QLabel*>("shortcutLine")->text(); }
  QAction* named(const QString& text) {
    for (QAction* action : window_->findChildren<QAction*>())
      if (action->text().remove('&') == text) return action;
    return nullptr;
  }

 private Q_SLOTS:
  void init() {
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
    QSettings(QSettings::IniFormat, QSettings::UserScope, "moescope", "moescope").clear();
    open(false);
  }
  void cleanup() { window_.reset(); }

  void a_free_key_is_given_and_works() {
    choose("Dark or light");
    press("Ctrl+Alt+L");
    QVERIFY2(line().contains("is free"), qPrintable(line()));
    click("shortcutGive");
    QCOMPARE(named("Dark or light")->shortcut(), QKeySequence("Ctrl+Alt+L"));
    QCOMPARE(row("Dark or light")->text(2), QKeySequence("Ctrl+Alt+L").toString(QKeySequence::NativeText));
    const bool dark = window_->controller().document().dark;
    sheet().hide();
    window_->activateWindow();
    QVERIFY(becomes([&] { return window_->isActiveWindow(); }));
    QTest::keyClick(window_.get(), Qt::Key_L, Qt::ControlModifier | Qt::AltModifier);
    QCOMPARE(window_->controller().document().dark, !dark);
  }

  void whose_key_it_is_is_said_before_it_is_taken() {
    choose("Dark or light");
    press("Space");
    QVERIFY2(line().contains("Play") && line().contains("would have none"), qPrintable(line()));
    click("shortcutGive");
    QCOMPARE(named("Dark or light")->shortcut(), QKeySequence("Space"));
    QVERIFY(window_->findChild<QAction*>("actionPlay")->shortcut().isEmpty());
    QVERIFY(!window_->findChild<QAction*>("actionPlay")->toolTip().contains("Space"));
    click("shortcutAllInitial");
    QCOMPARE(window_->findChild<QAction*>("actionPlay")->shortcut(), QKeySequence("Space"));
    QVERIFY(window_->findChild<QAction*>("actionPlay")->toolTip().endsWith("(Space)"));
    QCOMPARE(named("Dark or light")->shortcut(), QKeySequence("Ctrl+T"));
  }

  void no_two_commands_have_one_key() {
    std::map<QString, QString> holders;
    for (const MenuCommand& command : commandsIn(*window_->menuBar(), false)) {
      if (command.action->objectName().startsWith("present") && !command.action->isEnabled())
        continue;  // while presenting the key is theirs alone
      for (const QKeySequence& key : command.action->shortcuts()) {
        const auto [holder, fresh] = holders.emplace(key.toString(), command.title());
        QVERIFY2(fresh, qPrintable(key.toString() + ": " + holder->second + " and " + command.title()));
      }
    }
    QVERIFY(holders.size() > 20);
  }

  void the_sheet_is_searched_by_command_place_and_key() {
    auto* table = sheet().findChild<QTreeWidget*>();
    const auto shown = [&](const QString& words) {
      sheet().findChild<QLineEdit*>("shortcutSearch")->setText(words);
      QStringList left;
      for (int i = 0; i < table->topLevelItemCount(); ++i)
        if (!table->topLevelItem(i)->isHidden()) left.append(table->topLevelItem(i)->text(0));
      return left;
    };
    QCOMPARE(shown("ctrl+shift+p"), QStringList{"Commands…"});
    QVERIFY(shown("undo edit").contains("Undo"));
    QVERIFY(shown("time line focus").contains("Play the recording"));
    QVERIFY(shown("no such words").isEmpty());
  }

  void they_are_there_at_the_next_start_until_they_are_reset() {
    open(true);
    choose("Dark or light");
    press("Space");
    click("shortcutGive");
    open(true);
    QCOMPARE(named("Dark or light")->shortcut(), QKeySequence("Space"));
    QVERIFY(window_->findChild<QAction*>("actionPlay")->shortcut().isEmpty());
    choose("Dark or light");
    click("shortcutInitial");
    QCOMPARE(named("Dark or light")->shortcut(), QKeySequence("Ctrl+T"));
    click("shortcutAllInitial");
    open(true);
    QCOMPARE(window_->findChild<QAction*>("actionPlay")->shortcut(), QKeySequence("Space"));
  }

  void what_the_settings_say_and_nobody_understands_is_said() {
    {
      QSettings stored(QSettings::IniFormat, QSettings::UserScope, "moescope", "moescope");
      stored.setValue("shortcuts/actionPlay", QStringList{"Hyper+Nonsense"});
      stored.setValue("shortcuts/actionGone", QStringList{"Ctrl+9"});
    }
    open(true);
    const QString said = window_->findChild<QLabel*>("statusMessage")->text();
    QVERIFY2(said.contains("actionGone") && said.contains("Hyper+Nonsense"), qPrintable(said));
    QCOMPARE(window_->findChild<QAction*>("actionPlay")->shortcut(), QKeySequence("Space"));
  }
};

MOESCOPE_TEST(TestShortcuts)
#include "test_shortcuts.moc"
