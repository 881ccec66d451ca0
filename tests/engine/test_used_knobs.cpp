// Which router uses which knob, as the table says, against what three steps of training do.

#include <QTest>
#include <map>

#include "core/routers/registry.h"
#include "tests/support/test_class.h"
#include "tests/support/training_runs.h"

using namespace moescope;

namespace {

constexpr int kSteps = 3;

/// Knobs that not every router uses, and what they are changed to: such that a router that uses it does something else.
const std::map<std::string, double> kOther = {
    {"top-k", 1},          {"capacity", 0.5},       {"auxiliary-weight", 5}, {"z-loss-weight", 5},    {"balance-weight", 5},
    {"posterior", 0},      {"posterior-weight", 5}, {"spectrum-weight", 1},  {"diversity-weight", 5}, {"centre-tokens", 0},
    {"coupling-aware", 1}, {"frame-rank", 2},       {"sequence-weight", 5},  {"bias-rate", 1},        {"centroid-rate", 0.9},
    {"unit-centroids", 0}, {"centroid-start", 0}};

/// Three steps, then what the model makes of the probe.
struct Run {
  std::vector<StepMetrics> steps;
  SnapshotPointer after;
};

Run runOf(const Knobs& knobs) {
  Trainer trainer(knobs, Dispatch::Fused, 1);
  Run run{testing::stepsOf(trainer, kSteps), nullptr};
  run.after = trainer.snapshot();
  return run;
}

bool differ(const Run& a, const Run& b) {
  for (int i = 0; i < kSteps; ++i)
    if (!testing::difference(a.steps[static_cast<std::size_t>(i)], b.steps[static_cast<std::size_t>(i)]).isEmpty()) return true;
  for (std::size_t layer = 0; layer < a.after->layers.size(); ++layer)
    if (a.after->layers[layer].scores != b.after->layers[layer].scores ||
        a.after->layers[layer].trainedGates != b.after->layers[layer].trainedGates)
      return true;
  return false;
}

}  // namespace

class TestUsedKnobs : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_knob_that_a_router_is_said_not_to_use_changes_nothing_and_one_that_it_uses_does_data() {
    QTest::addColumn<QString>("router");
    for (const RouterChoice& router : routerChoices()) QTest::newRow(router.name.c_str()) << QString::fromStdString(router.name);
  }
  void a_knob_that_a_router_is_said_not_to_use_changes_nothing_and_one_that_it_uses_does() {
    QFETCH(QString, router);
    Knobs knobs = testing::smallKnobs(router.toStdString());
    knobs.posterior = true;  // else its weight could do nothing
    const Run plain = runOf(knobs);
    int told = 0;
    const std::vector<std::string>& uses = requireRouter(knobs.router).uses;
    for (const KnobDeclaration& knob : knobTable()) {
      if (!kOther.contains(knob.name)) continue;
      ++told;
      const bool used = std::find(uses.begin(), uses.end(), knob.name) != uses.end();
      Knobs changed = knobs;
      if (knob.set) knob.set(changed, kOther.at(knob.name));
      else knob.setText(changed, knob.choices.back().name);
      QVERIFY(!(changed == knobs));
      const bool does = differ(plain, runOf(changed));
      QVERIFY2(does == used, qPrintable(router + (does ? " uses " : " does not use ") + QString::fromStdString(knob.name)));
    }
    QCOMPARE(told, static_cast<int>(kOther.size()));
  }

  void every_name_that_a_router_gives_is_one_of_them() {
    for (const RouterChoice& router : routerChoices())
      for (const std::string& name : router.uses)
        QVERIFY2(kOther.contains(name), (router.name + ": " + name).c_str());
  }
};

MOESCOPE_TEST(TestUsedKnobs)
#include "test_used_knobs.moc"
