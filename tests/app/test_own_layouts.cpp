// Layouts that people keep: files of their own, and what they bring back.

#include <QAction>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "app/window/main_window.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

std::string refusal(const std::function<void()>& work) {
  try {
    work();
    return "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::string stateOf(const std::string& group) {
  Document document;
  document.layout.group = group;
  document.layout.filling = "coupling_matrix";
  return toJson(document);
}

}  // namespace

class TestOwnLayouts : public QObject {
  Q_OBJECT
  QTemporaryDir home_;

 private Q_SLOTS:
  void initTestCase() { qputenv("XDG_DATA_HOME", home_.path().toUtf8()); }

  void any_name_is_kept_found_renamed_and_deleted() {
    QTemporaryDir folder;
    const OwnLayouts layouts((folder.path() + "/new").toStdString());
    QVERIFY(layouts.names().empty());
    const std::vector<std::string> names = {"../hall", "Größe/大", "talk", "100 %"};
    for (const std::string& name : names) layouts.keep(name, stateOf("Experts"));
    QCOMPARE(layouts.names(), (std::vector<std::string>{"../hall", "100 %", "Größe/大", "talk"}));
    for (const auto& each : std::filesystem::recursive_directory_iterator(folder.path().toStdString()))
      QVERIFY(each.path().string().find("/new") != std::string::npos);
    QCOMPARE(layouts.read("../hall").layout.group, std::string("Experts"));
    layouts.keep("talk", stateOf("Routing"));
    QCOMPARE(layouts.read("talk").layout.group, std::string("Routing"));
    QCOMPARE(refusal([&] { layouts.rename("talk", "100 %"); }), std::string("there is a layout called '100 %' already"));
    layouts.rename("talk", "lecture");
    QVERIFY(refusal([&] { layouts.read("talk"); }).find("No such file") != std::string::npos);
    layouts.remove("lecture");
    QCOMPARE(layouts.names().size(), std::size_t(3));
    QVERIFY(!refusal([&] { layouts.remove("lecture"); }).empty());
    for (const std::string& bad : {std::string(), std::string(61, 'x'), std::string("two\nlines")})
      QVERIFY(refusal([&] { layouts.keep(bad, stateOf("")); }).find("must be one line") != std::string::npos);
  }

  void a_broken_file_says_which_and_where() {
    QTemporaryDir folder;
    const OwnLayouts layouts(folder.path().toStdString());
    std::ofstream(folder.filePath("broken.layout.json").toStdString()) << R"({"moescope_state": 2, "layout": {"filling": 7}})";
    const std::string line = refusal([&] { layouts.read("broken"); });
    QVERIFY2(line.find("broken.layout.json: ") != std::string::npos && line.find("/layout/filling") != std::string::npos,
             line.c_str());
  }

  void a_kept_layout_comes_back_in_the_window_and_nothing_else_changes() {
    MainWindow window(documentOf(smallKnobs()));
    window.resize(1440, 900);
    window.show();
    Controller& controller = window.controller();
    QVERIFY(becomes([&] { return window.revealed() && controller.scene().routing; }));
    auto* menu = window.findChild<LayoutMenu*>("layouts");
    window.openGroup("Experts");
    window.findChild<QDockWidget*>("dock-asymmetry")->hide();
    controller.perform({"Drawer", "", [](Document& document) { document.layout.drawer = true; }});
    menu->keep("mine");
    QVERIFY(becomes([&] { return menu->findChild<QAction*>("layout-mine") != nullptr; }));
    QVERIFY(!menu->findChild<QAction*>("layout-mine")->shortcut().isEmpty());
    window.openGroup("Explore");
    window.findChild<QDockWidget*>("dock-asymmetry")->show();
    controller.perform(setNumber(0, "concentration", 3.0));
    menu->findChild<QAction*>("layout-mine")->trigger();
    QCOMPARE(controller.document().layout.group, std::string("Experts"));
    QVERIFY(controller.document().layout.drawer && controller.lens().concentration == 3.0f);
    QVERIFY(window.findChild<QDockWidget*>("dock-asymmetry")->isHidden());
    window.findChild<QAction*>("actionUndo")->trigger();
    QCOMPARE(controller.document().layout.group, std::string("Routing"));
    menu->rename("mine", "yours");
    QVERIFY(becomes([&] { return menu->findChild<QAction*>("layout-yours") != nullptr; }));
    menu->remove("yours");
    QVERIFY(becomes([&] { return menu->findChild<QAction*>("layout-yours") == nullptr; }));
    QVERIFY(LayoutMenu::ofTheUser().names().empty());
  }

  void compare_is_a_layout_with_a_key() {
    MainWindow window(documentOf(smallKnobs()));
    window.resize(1440, 900);
    window.show();
    Controller& controller = window.controller();
    QVERIFY(becomes([&] { return window.revealed() && controller.scene().routing; }));
    for (QAction* action : window.findChildren<QAction*>())
      if (action->shortcut() == QKeySequence("Ctrl+4")) action->trigger();
    QVERIFY(controller.compares());
    QCOMPARE(controller.document().layout.group, std::string("Stage"));
    QVERIFY(becomes([&] { return controller.on(1).scene().routing != nullptr; }));
    window.findChild<QAction*>("actionUndo")->trigger();
    QVERIFY(!controller.compares());
  }
};

MOESCOPE_TEST(TestOwnLayouts)
#include "test_own_layouts.moc"
