#include <QTest>

#include "core/engine/lens.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

Lens selecting(int expert, int other, int token = -1) {
  Lens lens;
  lens.selectedExpert = expert;
  lens.selectedOther = other;
  lens.selectedToken = token;
  return lens;
}

}  // namespace

class TestLens : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void a_selection_that_the_layer_has_not_is_dropped() {
    Lens lens = withinShape(selecting(3, 7, 99), 8, 100);
    QCOMPARE(lens.selectedExpert, 3);
    QCOMPARE(lens.selectedOther, 7);
    QCOMPARE(lens.selectedToken, 99);
    lens = withinShape(selecting(3, 8, 100), 8, 100);
    QCOMPARE(lens.selectedExpert, 3);
    QCOMPARE(lens.selectedOther, -1);
    QCOMPARE(lens.selectedToken, -1);
  }

  void what_is_left_of_a_pair_is_the_selected_expert() {
    const Lens lens = withinShape(selecting(12, 2), 8, 0);
    QCOMPARE(lens.selectedExpert, 2);
    QCOMPARE(lens.selectedOther, -1);
    QCOMPARE(withinShape(selecting(-5, -9), 8, 0).selectedExpert, -1);
    QCOMPARE(withinShape(selecting(4, 4), 8, 0).selectedOther, -1);
  }

  void a_pair_selects_both_and_leaves_out_the_rest() {
    const Lens pair = selecting(1, 4), none;
    for (int e = 0; e < 6; ++e) {
      QCOMPARE(selects(pair, e), e == 1 || e == 4);
      QCOMPARE(leavesOut(pair, e), e != 1 && e != 4);
      QVERIFY(!selects(none, e) && !leavesOut(none, e));
    }
    QVERIFY(!selects(none, -1));
    QVERIFY(selectsPair(pair) && !selectsPair(selecting(1, -1)) && !selectsPair(none));
  }
};

MOESCOPE_TEST(TestLens)
#include "test_lens.moc"
