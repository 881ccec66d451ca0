// A model's state as a file: what is read goes on as what was written, and what is no such state is refused by name.

#include <QTest>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/data/corpus.h"
#include "core/routers/registry.h"
#include "core/training/model_state.h"
#include "core/training/trainer.h"
#include "tests/support/model_state_parts.h"
#include "tests/support/test_class.h"
#include "tests/support/training_runs.h"

using namespace moescope;
using namespace moescope::testing;

class TestModelState : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void every_router_goes_on_bit_for_bit_for_200_steps_data() {
    QTest::addColumn<QString>("router");
    for (const RouterChoice& router : routerChoices())
      QTest::addRow("%s", router.name.c_str()) << QString::fromStdString(router.name);
  }
  void every_router_goes_on_bit_for_bit_for_200_steps() {
    QFETCH(QString, router);
    Knobs knobs = smallKnobs(router.toStdString());
    knobs.sharedExpertWidth = 16;
    knobs.capacityFactor = 1.25;
    Trainer undisturbed(knobs, Dispatch::Fused, 1);
    stepsOf(undisturbed, 25);
    const std::string bytes = modelStateBytes(*undisturbed.save());
    const std::vector<StepMetrics> expected = stepsOf(undisturbed, 200);
    Trainer again(*readModelState(bytes, "FILE"), Dispatch::Fused, 1);
    QVERIFY(again.notes().empty() || again.notes().front().find("trained") == std::string::npos);
    const std::vector<StepMetrics> found = stepsOf(again, 200);
    for (std::size_t i = 0; i < expected.size(); ++i) QCOMPARE(difference(found[i], expected[i]), QString());
    QVERIFY(modelStateBytes(*again.save()) == modelStateBytes(*undisturbed.save()));
  }

  void what_is_read_is_written_as_it_was_and_shows_the_same() {
    Knobs knobs = smallKnobs("topk");
    Trainer trainer(knobs, Dispatch::Fused, 1);
    stepsOf(trainer, 3);
    knobs.router = "grmoe";  // its parameters count their own steps
    trainer.setKnobs(knobs);
    stepsOf(trainer, 4);
    const std::string bytes = modelStateBytes(*trainer.save());
    Trainer again(*readModelState(bytes, "FILE"), Dispatch::Fused, 1);
    QVERIFY(modelStateBytes(*again.save()) == bytes);
    QVERIFY(again.snapshot()->layers[1].scores == trainer.snapshot()->layers[1].scores);
    QVERIFY(again.snapshot()->layers[1].trainingLoad == trainer.snapshot()->layers[1].trainingLoad);
    const AnalysisInput a = again.analysisInput(0), b = trainer.analysisInput(0);
    QVERIFY(a.routerGradient == b.routerGradient && a.routerMovement == b.routerMovement);
    QCOMPARE(again.heldOutLoss(), trainer.heldOutLoss());
  }

  void a_state_of_step_0_goes_on_too() {
    const Knobs knobs = smallKnobs("online_kmeans");
    Trainer undisturbed(knobs, Dispatch::Fused, 1);
    Trainer again(*readModelState(stateAfter(knobs, 0), "FILE"), Dispatch::Fused, 1);
    QCOMPARE(difference(again.step(), undisturbed.step()), QString());
  }

  /// The gradients of the step that failed are of no step.
  void the_last_good_state_of_what_diverged_is_read() {
    Knobs knobs = smallKnobs("topk");
    knobs.learningRate = 1000.0;
    Trainer trainer(knobs, Dispatch::Fused, 1);
    QVERIFY_THROWS_EXCEPTION(NonFiniteLoss, stepsOf(trainer, 200));
    const TrainerStatePointer read = readModelState(modelStateBytes(*trainer.save()), "FILE");
    QCOMPARE(read->step(), trainer.stepNumber());
    QCOMPARE(trainer.analysisInput(0).routerGradient.size(), 0);
  }

  /// The same seed, corpus, device and threads.
  void two_runs_have_the_same_metrics_at_each_of_200_steps() {
    Trainer a(smallKnobs("grmoe"), Dispatch::Fused, 2), b(smallKnobs("grmoe"), Dispatch::Fused, 2);
    for (int i = 0; i < 200; ++i) QCOMPARE(difference(a.step(), b.step()), QString());
    QVERIFY(modelStateBytes(*a.save()) == modelStateBytes(*b.save()));
  }

  void another_number_of_threads_is_said() {
    Trainer trainer(*readModelState(stateAfter(smallKnobs("topk"), 1), "FILE"), Dispatch::Fused, 2);
    QVERIFY(trainer.notes().front().find("trained by 1 threads and goes on by 2") != std::string::npos);
  }

  void a_file_older_than_a_knob_has_its_default() {
    const Knobs knobs = smallKnobs("online_kmeans");
    nlohmann::json all = nlohmann::json::parse(knobsJson(knobs));
    for (const KnobDeclaration& knob : knobTable())
      if (knob.later) QCOMPARE(all.erase(knob.name), std::size_t{1});
    QVERIFY(readKnobsJson(all.dump(), "old") == knobs);
  }

  void each_fault_is_one_line_that_names_it_data() {
    QTest::addColumn<QString>("fault");
    QTest::addColumn<QString>("said");
    const auto row = [](const char* fault, const char* said) { QTest::addRow("%s", fault) << fault << said; };
    row("missing", "tensor \"head\": it is missing");
    row("extra", "tensor \"zebra\": this model has none of that name");
    row("shape", "tensor \"final_norm\": its shape is 16 x 2, expected 32");
    row("dtype", "tensor \"final_norm\": its dtype is F64, expected F32");
    row("not finite", "tensor \"blocks.1.moe.experts_down\": a value is not finite");
    row("moment", "tensor \"optimiser.second_moment.head\": a value is below 0");
    row("steps", "tensor \"optimiser.steps.head\": it is -1, expected at least 0");
    row("generator", "tensor \"batches.generator\": its last number, the place in the others, is above 312");
    row("load", "tensor \"load.blocks.0.intended\": a share is below 0");
    row("frames", "tensor \"blocks.0.moe.router.frames: their columns are not orthonormal");
    row("knob", "knobs: experts is 3; expected a whole number from 4 to 512");
    row("knob missing", "knobs: width is missing");
    row("knob unknown", "knobs: there is no knob \"zebra\"");
    row("knobs nested", "knobs: expected one flat JSON object");
    row("router", "zebra");
    row("larger knobs", "tensor \"blocks.0.moe.experts_in\": its shape is 4 x 32 x 32, expected 64 x 32 x 32");
    row("version", "a model's state of version 2; this program reads version 1");
    row("foreign", "__metadata__ has no moescope_model: this is no state of a model that this program wrote");
    row("step", "__metadata__: step is -4, expected at least 0");
    row("loss", "__metadata__: training_loss is not finite");
    row("stepped", "__metadata__: router_stepped is \"maybe\", expected true or false");
    row("corpus", "it was trained on other text of the corpus procedural (hash 0123456789abcdef)");
  }
  void each_fault_is_one_line_that_names_it() {
    QFETCH(QString, fault);
    QFETCH(QString, said);
    Parts parts(stateAfter(smallKnobs("grmoe"), 2));
    const auto knobs = [&](const std::function<void(nlohmann::json&)>& change) {
      nlohmann::json all = nlohmann::json::parse(parts.entries["knobs"]);
      change(all);
      parts.entries["knobs"] = all.dump();
    };
    if (fault == "missing") parts.tensors.erase("head");
    if (fault == "extra") parts.tensors["zebra"] = {"F32", {}, std::string(4, '\0')};
    if (fault == "shape") parts.tensors["final_norm"].shape = {16, 2};
    if (fault == "dtype") parts.tensors["final_norm"] = {"F64", {32}, std::string(256, '\0')};
    if (fault == "not finite") parts.set("blocks.1.moe.experts_down", 7, std::numeric_limits<float>::quiet_NaN());
    if (fault == "moment") parts.set("optimiser.second_moment.head", 5, -1e-9f);
    if (fault == "steps") parts.set("optimiser.steps.head", 0, std::int64_t{-1});
    if (fault == "generator") parts.set("batches.generator", 312, std::uint64_t{313});
    if (fault == "load") parts.set("load.blocks.0.intended", 1, -0.5);
    if (fault == "frames") parts.set("blocks.0.moe.router.frames", 0, 3.0f);
    if (fault == "knob") knobs([](nlohmann::json& all) { all["experts"] = 3; });
    if (fault == "knob missing") knobs([](nlohmann::json& all) { all.erase("width"); });
    if (fault == "knob unknown") knobs([](nlohmann::json& all) { all["zebra"] = 1; });
    if (fault == "knobs nested") parts.entries["knobs"] = std::string(100000, '[');
    if (fault == "router") knobs([](nlohmann::json& all) { all["router"] = "zebra"; });
    if (fault == "larger knobs") knobs([](nlohmann::json& all) { all["experts"] = 64; });
    if (fault == "version") parts.entries["moescope_model"] = "2";
    if (fault == "foreign") parts.entries.erase("moescope_model");
    if (fault == "step") parts.entries["step"] = "-4";
    if (fault == "loss") parts.entries["training_loss"] = "nan";
    if (fault == "stepped") parts.entries["router_stepped"] = "maybe";
    if (fault == "corpus") parts.entries["corpus_hash"] = "0123456789abcdef";
    const std::string text = refusal(parts.file());
    QVERIFY2(text.starts_with("FILE: "), text.c_str());
    QVERIFY2(text.find(said.toStdString()) != std::string::npos, text.c_str());
    QVERIFY2(text.find('\n') == std::string::npos, text.c_str());
  }

  void every_cut_is_refused() {
    const std::string whole = stateAfter(smallKnobs("topk"), 1);
    for (std::size_t length = 0; length < whole.size(); length += std::max<std::size_t>(1, whole.size() / 97))
      QVERIFY(!refusal(whole.substr(0, length)).empty());
  }

  void other_text_that_is_accepted_is_said() {
    Parts parts(stateAfter(smallKnobs("topk"), 1));
    parts.entries["corpus_hash"] = "0123456789abcdef";
    QVERIFY_THROWS_EXCEPTION(CorpusError, readModelState(parts.file(), "FILE"));
    const TrainerStatePointer state = readModelState(parts.file(), "FILE", OtherText::Accepted);
    QVERIFY(state->text()->notes.front().starts_with(
        "FILE: it was trained on other text of the corpus procedural (hash 0123456789abcdef)"));
  }
};

MOESCOPE_TEST(TestModelState)
#include "test_model_state.moc"
