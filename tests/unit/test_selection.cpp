#include <QTest>

#include "core/reading/selection.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestSelection : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void what_there_is_not_is_dropped() {
    Selection selection = withinShape({{3, 7}, {99}, {1, 2}}, 8, 100, 2);
    QCOMPARE(selection.expert(), 3);
    QCOMPARE(selection.other(), 7);
    QCOMPARE(selection.token(), 99);
    QCOMPARE(selection.domains, std::vector<int>({1}));
    selection = withinShape({{3, 8}, {100}, {}}, 8, 100, 1);
    QCOMPARE(selection.expert(), 3);
    QCOMPARE(selection.other(), -1);
    QCOMPARE(selection.token(), -1);
  }

  void what_is_left_of_a_pair_is_the_selected_expert() {
    const Selection selection = withinShape({{12, 2}, {}, {}}, 8, 0, 0);
    QCOMPARE(selection.expert(), 2);
    QCOMPARE(selection.other(), -1);
    QVERIFY(withinShape({{-5, -9}, {-1}, {-1}}, 8, 10, 10).empty());
    QCOMPARE(withinShape({{4, 4}, {}, {}}, 8, 0, 0).experts, std::vector<int>({4}));
  }

  void sets_are_added_taken_away_and_inverted() {
    const Selection now{{1}, {5, 2, 9}, {}}, more{{}, {9, 7, 5}, {3}};
    QVERIFY(combined(now, more, Combine::Replace) == more);
    QVERIFY((combined(now, more, Combine::Add) == Selection{{1}, {5, 2, 9, 7}, {3}}));
    QVERIFY((combined(now, more, Combine::Subtract) == Selection{{1}, {2}, {}}));
    QVERIFY((inverted(now, 3, 10, 4) == Selection{{0, 2}, {0, 1, 3, 4, 6, 7, 8}, {}}));  // of domains nothing was selected
    QVERIFY(inverted(Selection{}, 3, 10, 4).empty());
  }

  void a_set_selects_its_own_and_leaves_out_the_rest() {
    const Selection pair{{1, 4}, {}, {}}, three{{1, 4, 5}, {}, {2}}, none;
    for (int e = 0; e < 6; ++e) {
      QCOMPARE(pair.hasExpert(e), e == 1 || e == 4);
      QCOMPARE(pair.leavesOutExpert(e), e != 1 && e != 4);
      QVERIFY(!none.hasExpert(e) && !none.leavesOutExpert(e));
    }
    QVERIFY(!none.hasExpert(-1));
    QVERIFY(pair.isPair() && !three.isPair() && !none.isPair());
    QVERIFY(three.leavesOutDomain(1) && !three.leavesOutDomain(2) && !pair.leavesOutDomain(1));
  }
};

MOESCOPE_TEST(TestSelection)
#include "test_selection.moc"
