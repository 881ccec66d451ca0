// Text of one's own in the real window.

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <QToolTip>

#include "app/window/main_window.h"
#include "tests/app/window_fixture.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestPromptBar : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_is_typed_is_read_coloured_and_written_on() {
    MainWindow window(documentOf(smallKnobs()));
    window.resize(1440, 1000);
    window.show();
    Controller& controller = window.controller();
    QVERIFY(becomes([&] { return window.revealed() && controller.scene().routing; }));
    auto* text = window.findChild<QPlainTextEdit*>("promptText");
    auto* written = window.findChild<QPlainTextEdit*>("promptWritten");
    QVERIFY(text->isVisible() && !window.findChild<QPushButton*>("promptContinue")->isEnabled());
    text->setPlainText(QString::fromUtf8("für (a+b)"));
    QCOMPARE(controller.document().prompt, std::string("f\xc3\xbcr (a+b)"));
    QVERIFY(becomes([&] { return controller.scene().prompt && controller.scene().promptRouting; }));
    QCOMPARE(static_cast<int>(controller.scene().promptRouting->gates.rows()), 10);  // bytes
    QVERIFY(becomes([&] { return text->extraSelections().size() == 9; }));           // characters
    QVERIFY(window.findChild<QLabel*>("promptNumbers")->text().contains("perplexity a byte"));
    text->setFocus();
    QTest::keyClick(text, Qt::Key_Home);  // to the first character, whose way is told
    QCOMPARE(controller.document().promptPlace, 0);
    QVERIFY2(QToolTip::text().contains('\n') && QToolTip::text().contains("E"), qPrintable(QToolTip::text()));
    QTest::mouseClick(window.findChild<QPushButton*>("promptContinue"), Qt::LeftButton);
    QVERIFY(becomes([&] { return !written->toPlainText().isEmpty(); }));
    const QString first = written->toPlainText();
    QTest::mouseClick(window.findChild<QPushButton*>("promptContinue"), Qt::LeftButton);  // another seed
    QVERIFY(becomes([&] { return written->toPlainText() != first; }));
    controller.history().stack().undo();
    QVERIFY(becomes([&] { return written->toPlainText() == first; }));
    QVERIFY(controller.perform(setNumber(0, "concentration", 0.0)));
    QVERIFY(becomes([&] { return controller.scene().prompt && controller.scene().prompt->request.lens.concentration == 0.0f; }));
    QTest::mouseClick(window.findChild<QPushButton*>("promptClear"), Qt::LeftButton);
    QVERIFY(becomes([&] { return written->toPlainText().isEmpty(); }));
    text->clear();
    QVERIFY(becomes([&] { return !controller.scene().prompt; }));
  }

  void bytes_of_characters_are_those_of_utf_8() {
    QCOMPARE(lastBytes(QString::fromUtf8("a\xc3\xbc\xf0\x9f\x98\x80z")), (std::vector<int>{0, 2, 6, 6, 7}));
    QVERIFY(lastBytes("").empty());
  }
};

MOESCOPE_TEST(TestPromptBar)
#include "test_prompt_bar.moc"
