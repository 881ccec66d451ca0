// Sets under a hand: an outline drawn over a view, what joins and leaves, the numbers beside everybody's, names, and the way down
// to a number.

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <set>

#include "app/window/main_window.h"
#include "core/reading/derivation.h"
#include "tests/app/shown_window.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestSets : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;

  Controller& controller() { return window_->controller(); }
  const Selection& selection() { return controller().selection(); }
  ViewTile* polygon() { return window_->tile("score_polygon"); }

  /// Around the rectangle, by hand.
  void drawAround(ViewTile* tile, const QRect& box, Qt::KeyboardModifiers keys = {}) {
    QTest::mousePress(tile, Qt::LeftButton, keys, box.topLeft());
    for (const QPoint& corner : {box.topRight(), box.bottomRight(), box.bottomLeft()}) {
      QMouseEvent move(QEvent::MouseMove, corner, tile->mapToGlobal(corner), Qt::NoButton, Qt::LeftButton, keys);
      QApplication::sendEvent(tile, &move);
    }
    QTest::mouseRelease(tile, Qt::LeftButton, keys, box.bottomLeft());
  }
  std::set<int> tokens() { return {selection().tokens.begin(), selection().tokens.end()}; }
  QToolBar* bar() { return window_->findChild<QToolBar*>("bar-set"); }

 private Q_SLOTS:
  void init() {
    QVERIFY(showWindow(window_, documentOf(smallKnobs()), {1440, 900}));
    polygon()->drawNow();
  }
  void cleanup() { window_.reset(); }

  void an_outline_takes_the_tokens_inside_it_and_keys_add_and_take_away() {
    const QRect all = polygon()->rect().adjusted(2, 2, -2, -2), left(2, 2, all.width() / 2, all.height()),
                right(left.right(), 2, all.width() / 2 + 4, all.height());
    drawAround(polygon(), all);
    const std::set<int> everybody = tokens();
    QCOMPARE(everybody.size(), static_cast<std::size_t>(controller().scene().routing->gates.rows()));
    QVERIFY(selection().experts.empty() && selection().domains.empty());  // tokens alone, though corners lie inside as well
    drawAround(polygon(), left);
    const std::set<int> some = tokens();
    QVERIFY2(some.size() > 20 && some.size() < everybody.size() - 20, qPrintable(QString::number(some.size())));
    drawAround(polygon(), right, Qt::ShiftModifier);
    QCOMPARE(tokens(), everybody);
    drawAround(polygon(), right, Qt::ControlModifier);
    QCOMPARE(tokens(), some);
    window_->findChild<QAction*>("actionInvertSet")->trigger();
    QCOMPARE(tokens().size(), everybody.size() - some.size());
    for (const int token : some) QVERIFY(!tokens().contains(token));
    window_->findChild<QAction*>("actionUndo")->trigger();
    QCOMPARE(tokens(), some);
    drawAround(polygon(), QRect(1, 1, 9, 9));  // nothing lies there
    QCOMPARE(tokens(), some);
    QVERIFY(window_->findChild<QLabel*>("statusMessage")->text().contains("inside the outline"));
  }

  void in_a_view_that_turns_an_outline_needs_a_key() {
    ViewTile* cloud = window_->tile("expert_subspaces");
    cloud->drawNow();
    const QRect all = cloud->rect().adjusted(2, 2, -2, -2);
    const Camera before = cloud->camera();
    drawAround(cloud, all, Qt::ShiftModifier);
    QCOMPARE(tokens().size(), static_cast<std::size_t>(controller().scene().routing->gates.rows()));
    QVERIFY(seesAlike(cloud->camera(), before));
    drawAround(cloud, all);
    QVERIFY(!seesAlike(cloud->camera(), before));
  }

  void the_numbers_of_a_set_stand_beside_everybodys_as_they_are_computed_here() {
    QVERIFY(!bar()->isVisible());
    controller().select({3, -1, -1, {}});
    QVERIFY(!bar()->isVisible());  // one expert is no set
    controller().setSelection({{}, {}, {1}});
    QVERIFY(bar()->isVisible());
    const Scene& scene = controller().scene();
    double entropy = 0.0, loss = 0.0, allEntropy = 0.0;
    const int total = static_cast<int>(scene.routing->gates.rows());
    int count = 0, known = 0;
    for (int t = 0; t < total; ++t) {
      allEntropy += scene.routing->probability.tokenEntropy[t] / total;
      if (scene.snapshot->probe->domain[static_cast<std::size_t>(t)] != 1) continue;
      ++count;
      entropy += scene.routing->probability.tokenEntropy[t];
      if (std::isfinite(scene.snapshot->tokenLoss[t])) loss += scene.snapshot->tokenLoss[t], ++known;
    }
    const QString line = window_->findChild<QLabel*>("setNumbers")->text();
    QVERIFY2(line.contains(QString("%1 of %2 tokens").arg(count).arg(total)), qPrintable(line));
    QVERIFY2(line.contains(QString("entropy %1 (%2) nats").arg(entropy / count, 0, 'f', 3).arg(allEntropy, 0, 'f', 3)),
             qPrintable(line));
    QVERIFY2(line.contains(QString("loss as trained %1 (").arg(loss / known, 0, 'f', 3)), qPrintable(line));
    QVERIFY(becomes([&] { return controller().shownLoss().step >= 0; }));
    QVERIFY2(std::abs(numbersOfSet(*scene.snapshot, *scene.routing, {}).all.loss - controller().engine().lensLoss().loss) < 1e-4,
             "the tokens' losses are the held-out loss");
  }

  void a_set_is_kept_renamed_and_deleted_in_the_document() {
    controller().setSelection({{}, {1, 2, 3}, {}});
    QVERIFY(controller().perform(keepSet("three", selection())));
    QVERIFY(documentFromJson(toJson(controller().document())).sets == controller().document().sets);
    QVERIFY(controller().perform(renameSet("three", "first three")));
    controller().select({});
    auto* menu = window_->findChild<QMenu*>("sets");
    Q_EMIT menu->aboutToShow();
    auto* own = menu->findChild<QMenu*>("set-first three");
    QVERIFY(own);
    own->actions().front()->trigger();
    QCOMPARE(tokens(), (std::set<int>{1, 2, 3}));
    controller().setSelection({{}, {3, 9}, {}});
    own->actions()[1]->trigger();
    QCOMPARE(tokens(), (std::set<int>{1, 2, 3, 9}));
    own->actions()[2]->trigger();
    QCOMPARE(tokens(), (std::set<int>{9}));
    QVERIFY(controller().perform(keepSet("first three", {{}, {7}, {}})));  // takes its place
    QCOMPARE(controller().document().sets.size(), std::size_t(1));
    QVERIFY(!controller().perform(keepSet("", {{}, {7}, {}})));
    QVERIFY(controller().perform(removeSet("first three")));
    QVERIFY(controller().document().sets.empty());
    window_->findChild<QAction*>("actionUndo")->trigger();
    QCOMPARE(controller().document().sets.front().members.tokens, std::vector<int>{7});
  }

  void the_selection_leads_down_to_a_gate_that_is_copied_with_one_click() {
    auto* page = window_->findChild<NumberPage*>();
    QVERIFY(!page->isVisible());
    page->toggleViewAction()->trigger();
    auto* text = window_->findChild<QPlainTextEdit*>("numberText");
    QVERIFY(becomes([&] { return text->toPlainText().contains("Click a token"); }));
    controller().setSelection({{3}, {17}, {}});
    const Scene& scene = controller().scene();
    for (const std::string& line : derivationOf(*scene.snapshot, *scene.routing, scene.lens, 17, 3))
      QVERIFY2(text->toPlainText().contains(QString::fromStdString(line)), line.c_str());
    for (const std::string& line : wayOf(*scene.snapshot, scene.lens, 17))
      QVERIFY2(text->toPlainText().contains(QString::fromStdString(line)), line.c_str());
    QVERIFY(text->toPlainText().contains("Expert E3: load") && text->toPlainText().contains("token 17"));
    QTest::mouseClick(window_->findChild<QPushButton*>("numberCopy"), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), text->toPlainText());
    QVERIFY(controller().perform(setNumber(0, "concentration", 4.0)));
    QVERIFY(text->toPlainText().contains("concentration 4:"));
    controller().perform({"Own text", "", [](Document& document) { document.prompt = "way"; }});
    QVERIFY(becomes([&] { return text->toPlainText().contains("Your own text, byte 3, 'y'"); }));
    controller().perform({"Place", "", [](Document& document) { document.promptPlace = 0; }});
    QVERIFY(becomes([&] { return text->toPlainText().contains("Your own text, byte 1, 'w'"); }));
  }
};

MOESCOPE_TEST(TestSets)
#include "test_sets.moc"
