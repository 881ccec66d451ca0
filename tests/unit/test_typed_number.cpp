// Numbers as people type them.

#include <QTest>

#include "core/knobs/typed_number.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestTypedNumber : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void one_comma_in_a_number_becomes_a_point() {
    for (const auto& [typed, taken] :
         {std::pair{"0,05", "0.05"}, {"-1,5e-3", "-1.5e-3"}, {",5", ".5"}, {"3,", "3."}, {" 2,25 ", " 2.25 "}})
      QCOMPARE(withDecimalPoint(typed), std::string(taken));
  }
  void what_is_no_number_with_one_comma_stays() {
    for (const char* typed : {"0.05", "1e-3", "1,2,3", "1,000.5", "1.000,5", "a,5", ",", "5,b", "", "1, 5"})
      QCOMPARE(withDecimalPoint(typed), std::string(typed));
  }
  void a_comma_before_three_digits_may_part_thousands_unless_a_zero_leads() {
    for (const char* both : {"1,000", "-12,345", "100,250"}) QVERIFY2(mayPartThousands(both), both);
    for (const char* decimal : {"0,125", "1,5", "1,0000", "1234,567", "1,25e3", "0,050"})
      QVERIFY2(!mayPartThousands(decimal), decimal);
  }
};

MOESCOPE_TEST(TestTypedNumber)
#include "test_typed_number.moc"
