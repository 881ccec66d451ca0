// The command palette: what is found by which words, and that it does what its line says.

#include <QAction>
#include <QComboBox>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>
#include <algorithm>
#include <fstream>

#include "app/window/command_palette.h"
#include "app/window/main_window.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"
#include "views/domain_groups.h"

using namespace moescope;

class TestCommandPalette : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  CommandPalette& palette() { return *window_->findChild<CommandPalette*>(); }
  QTreeWidget& list() { return *palette().findChild<QTreeWidget*>(); }
  QString help() { return palette().findChild<QLabel*>("paletteHelp")->text(); }
  /// Types into the open palette.
  void seek(const QString& words) {
    window_->findChild<QAction*>("actionCommands")->trigger();
    auto* search = palette().findChild<QLineEdit*>();
    QCOMPARE(search->accessibleName(), QString("Search commands"));
    search->clear();
    QTest::keyClicks(search, words);
  }
  void enter() { QTest::keyClick(palette().findChild<QLineEdit*>(), Qt::Key_Return); }
  QString first() { return list().topLevelItemCount() > 0 ? list().topLevelItem(0)->text(0) : QString(); }

 private Q_SLOTS:
  void init() {
    QVERIFY(showWindow(window_, documentOf(smallKnobs()), {1280, 800}));
  }
  void cleanup() { window_.reset(); }

  void its_keys_open_it_and_escape_closes_it() {
    window_->activateWindow();
    QVERIFY(becomes([&] { return window_->isActiveWindow(); }));
    QTest::keyClick(window_.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(palette().isVisible());
    QTest::keyClick(palette().findChild<QLineEdit*>(), Qt::Key_Escape);
    QVERIFY(!palette().isVisible());
  }

  void a_setting_and_a_number_set_it() {
    seek("experts 4");
    QCOMPARE(first(), QString("Set Experts to 4"));
    enter();
    QVERIFY(!palette().isVisible());
    QCOMPARE(controller().side().knobs.experts, 4);
    seek("concentration 0,5");
    enter();
    QCOMPARE(controller().side().lens.concentration, 0.5f);
    seek("learning rate 1e-3");
    enter();
    QCOMPARE(controller().side().knobs.learningRate, 1e-3);
  }

  void a_setting_without_a_number_says_its_range_and_waits() {
    seek("set experts");
    QCOMPARE(first(), QString("Set Experts to …"));
    QVERIFY2(help().contains("now 8") && help().contains("starts a new model"), qPrintable(help()));
    enter();
    QVERIFY(palette().isVisible());
    QTest::keyClicks(palette().findChild<QLineEdit*>(), "6");
    enter();
    QCOMPARE(controller().side().knobs.experts, 6);
  }

  void a_number_out_of_range_is_refused_in_the_status_line() {
    seek("experts 100000");
    enter();
    QCOMPARE(controller().side().knobs.experts, 8);
    QVERIFY2(window_->findChild<QLabel*>("statusMessage")->text().contains("experts is 100000; expected a whole number from"),
             qPrintable(window_->findChild<QLabel*>("statusMessage")->text()));
  }

  void choices_views_experts_domains_presets_and_lessons_are_found() {
    const QMap<QString, QString> wanted = {{"router online k", "Set Router to Online K-Means"},
                                           {"select expert 3", "Select expert 3"},
                                           {"fill heat", "Fill the window with Score heat map"},
                                           {"dark or light", "Dark or light"}};
    for (auto each = wanted.begin(); each != wanted.end(); ++each) {
      seek(each.key());
      QCOMPARE(first(), each.value());
      palette().reject();
    }
    for (const char* place : {"File › Presets", "Lessons", "View", "Selection"}) {
      seek(QString(place).remove("›"));  // on no keyboard
      bool found = false;
      for (int row = 0; row < list().topLevelItemCount(); ++row)
        found = found || list().topLevelItem(row)->text(1).startsWith(place);
      QVERIFY2(found, place);
      palette().reject();
    }
  }

  void what_it_finds_it_does() {
    seek("select expert 3");
    enter();
    QCOMPARE(controller().selection().experts, std::vector<int>{3});
    seek("select token 12");
    QCOMPARE(first(), QString("Select token 12"));
    enter();
    QCOMPARE(controller().selection().tokens, std::vector<int>{12});
    seek("select token 1e9");
    enter();
    QVERIFY(window_->findChild<QLabel*>("statusMessage")->text().contains("there is no token 1e+09"));
    QCOMPARE(controller().selection().tokens, std::vector<int>{12});
    seek("fill load");
    enter();
    QCOMPARE(controller().document().layout.filling, std::string("load_bars"));
    const bool dark = controller().document().dark;
    seek("dark or light");
    QCOMPARE(list().topLevelItem(0)->text(2), QKeySequence("Ctrl+T").toString(QKeySequence::NativeText));
    enter();
    QCOMPARE(controller().document().dark, !dark);
  }

  void one_of_forty_domains_is_found_by_its_name_and_followed() {
    const QTemporaryDir text;
    for (int d = 0; d < 40; ++d) {
      std::ofstream file(text.filePath("genre %1.txt").arg(d + 100).toStdString());
      for (int i = 0; i < 400; ++i) file << "line " << i * (d + 1) % 97 << " of genre " << d << "\n";
    }
    Knobs knobs = smallKnobs();
    knobs.corpus = text.path().toStdString();
    knobs.probeTokens = 2048;
    QVERIFY(showWindow(window_, documentOf(knobs), {1280, 800}));
    QCOMPARE(controller().scene().snapshot->probe->domainNames.size(), std::size_t(40));
    window_->findChild<QAction*>("actionFindDomain")->trigger();
    QCOMPARE(list().topLevelItemCount(), 40);
    QTest::keyClicks(palette().findChild<QLineEdit*>(), "131");
    QCOMPARE(first(), QString("Select domain genre 131"));
    const int domain = 31, tokens = static_cast<int>(std::count(controller().scene().snapshot->probe->domain.begin(),
                                                                controller().scene().snapshot->probe->domain.end(), domain));
    QVERIFY2(tokens > 0 &&
                 help().contains(
                     QString("Follow its %1 of %2 tokens").arg(tokens).arg(controller().scene().snapshot->probe->domain.size())),
             qPrintable(help()));
    enter();
    QCOMPARE(controller().selection().domains, std::vector<int>{domain});
    QCOMPARE(window_->findChild<QComboBox*>("stripDomain")->currentIndex(), domain);
    const DomainGroups groups = groupDomains(*controller().scene().snapshot->probe, controller().selection().domains);
    QCOMPARE(groups.domains[static_cast<std::size_t>(groups.of[domain])],
             std::vector<int>{domain});  // alone in the legend, with a colour of its own
  }

  void letters_in_their_order_are_enough_and_strangers_are_not() {
    seek("slct expert 5");
    QCOMPARE(first(), QString("Select expert 5"));
    palette().reject();
    seek("qqqzzz");
    QCOMPARE(list().topLevelItemCount(), 0);
    QCOMPARE(help(), QString("Nothing is called so"));
    enter();
    QVERIFY(palette().isVisible());
  }

  void the_arrows_choose_while_the_field_keeps_the_focus() {
    seek("select expert");
    const QString second = list().topLevelItem(1)->text(0);
    QTest::keyClick(palette().findChild<QLineEdit*>(), Qt::Key_Down);
    QCOMPARE(list().currentItem()->text(0), second);
    enter();
    QCOMPARE("Select expert " + QString::number(controller().selection().expert()), second);
  }

  void what_cannot_be_done_now_says_why_and_stays() {
    seek("Stop recording");
    QCOMPARE(first(), QString("Stop recording"));
    QVERIFY2(help().startsWith("Not now"), qPrintable(help()));
    enter();
    QVERIFY(palette().isVisible());
  }
};

MOESCOPE_TEST(TestCommandPalette)
#include "test_command_palette.moc"
