// The name of a run's result: another for everything that its numbers hang on.

#include <QTest>
#include <set>

#include "core/experiments/planned_key.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestPlannedKey : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void every_knob_but_the_device_makes_another_run() {
    const PlannedRun plain;
    std::set<std::string> keys = {keyOf(plain, "text", "program")};
    std::size_t changed = 1;
    for (const KnobDeclaration& knob : knobTable()) {
      PlannedRun run;
      if (knob.set) {
        const double had = knob.get(run.knobs);
        for (const double other : {had * (1.0 + 1e-15), had + 1.0, 0.0})  // in its last digit; a whole number; a flag
          if (run.knobs == plain.knobs) knob.set(run.knobs, other);
      } else {
        knob.setText(run.knobs, knob.text(run.knobs) + "x");
      }
      QVERIFY2(!(run.knobs == plain.knobs), knob.name.c_str());
      keys.insert(keyOf(run, "text", "program"));
      QVERIFY2(keys.size() == changed + (knob.name != "device"), knob.name.c_str());
      changed = keys.size();
    }
    QVERIFY(changed > 35);
  }

  void so_do_steps_task_oracle_text_and_program() {
    PlannedRun longer, planted, oracle;
    longer.steps += 1;
    planted.task = ExperimentTask::Planted;
    oracle.task = ExperimentTask::Planted;
    oracle.oracle = true;
    const std::set<std::string> keys = {keyOf({}, "text", "program"),       keyOf(longer, "text", "program"),
                                        keyOf(planted, "text", "program"),  keyOf(oracle, "text", "program"),
                                        keyOf({}, "other text", "program"), keyOf({}, "text", "program 2")};
    QCOMPARE(keys.size(), std::size_t(6));
    QCOMPARE(keyOf({}, "text", "program"), keyOf({}, "text", "program"));
  }

  void folders_of_one_name_are_told_apart_and_no_name_has_a_slash() {
    PlannedRun one, other;
    one.knobs.corpus = "/a/books";
    other.knobs.corpus = "/b/books";
    QVERIFY(keyOf(one, "", "") != keyOf(other, "", ""));
    QVERIFY(keyOf(one, "", "").find('/') == std::string::npos);
  }
};

MOESCOPE_TEST(TestPlannedKey)
#include "test_planned_key.moc"
