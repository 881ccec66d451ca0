// Text of one's own through the model: what is read is what the model does with any text.

#include <QTest>
#include <cmath>

#include "core/training/trainer.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

Knobs smallModel(const std::string& router) {
  Knobs knobs;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  knobs.router = router;
  knobs.width = 32;
  knobs.expertWidth = 32;
  knobs.context = 32;
  knobs.probeTokens = 512;
  return knobs;
}

/// Mean of -log of what was expected of each byte but the first of its part, nats.
double lossOf(const PromptReading& reading) {
  double sum = 0.0;
  int count = 0;
  const std::vector<std::uint8_t>& bytes = reading.snapshot->probe->bytes;
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i)
    if ((i + 1) % static_cast<std::size_t>(reading.part) != 0)
      sum -= std::log(static_cast<double>(reading.next(static_cast<Eigen::Index>(i), bytes[i + 1]))), ++count;
  return sum / count;
}

}  // namespace

class TestPrompt : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_probe_typed_by_hand_is_the_probe_data() {
    QTest::addColumn<QString>("router");
    for (const char* router : {"topk", "grmoe", "expert_choice", "soft", "online_kmeans", "hash"})
      QTest::newRow(router) << router;
  }
  void the_probe_typed_by_hand_is_the_probe() {
    QFETCH(QString, router);
    Trainer trainer(smallModel(router.toStdString()), Dispatch::Fused, 1);
    for (int i = 0; i < 5; ++i) trainer.step();
    const SnapshotPointer probe = trainer.snapshot();
    PromptRequest request;
    request.text.assign(probe->probe->bytes.begin(), probe->probe->bytes.end());
    const PromptReading reading = trainer.read(request);
    QCOMPARE(reading.first, 0);
    QCOMPARE(reading.part, 32);
    QCOMPARE(reading.step, std::int64_t{5});
    for (std::size_t layer = 0; layer < probe->layers.size(); ++layer) {
      QVERIFY((reading.snapshot->layers[layer].scores - probe->layers[layer].scores).cwiseAbs().maxCoeff() < 1e-5f);
      QVERIFY((reading.snapshot->layers[layer].trainedGates - probe->layers[layer].trainedGates).cwiseAbs().maxCoeff() < 1e-5f);
    }
    QVERIFY(std::abs(reading.lossAsTrained - trainer.heldOutLoss()) < 1e-6);
    QVERIFY(std::abs(reading.loss - trainer.heldOutLoss(request.lens)) < 1e-6);
    QVERIFY(std::abs(reading.loss - lossOf(reading)) < 1e-5);
  }

  void the_lens_is_what_the_text_is_read_through() {
    Trainer trainer(smallModel("topk"), Dispatch::Fused, 1);
    for (int i = 0; i < 20; ++i) trainer.step();
    PromptRequest request;
    request.text = "int main() { return 0; }";
    request.lens.gating.policy = GatingPolicy::Soft;
    request.lens.concentration = 0.0f;
    const PromptReading uniform = trainer.read(request);
    QVERIFY(std::abs(uniform.loss - uniform.lossAsTrained) > 1e-4);
    QVERIFY(std::abs(uniform.loss - lossOf(uniform)) < 1e-5);
    PromptReading trained = uniform;
    trained.next = uniform.nextAsTrained;
    QVERIFY(std::abs(uniform.lossAsTrained - lossOf(trained)) < 1e-5);
    QCOMPARE(uniform.snapshot->probe->bytes.size(), request.text.size());
  }

  void it_goes_on_the_same_for_the_same_seed() {
    Trainer trainer(smallModel("topk"), Dispatch::Fused, 1);
    for (int i = 0; i < 30; ++i) trainer.step();
    PromptRequest request;
    request.text = "ab";
    request.more = 70;  // more than the context holds
    const PromptReading first = trainer.read(request), again = trainer.read(request);
    QCOMPARE(first.continuation.size(), std::size_t{70});
    QVERIFY(first.continuation == again.continuation);
    request.seed = 2;
    QVERIFY(trainer.read(request).continuation != first.continuation);
    request.temperature = 0.0;  // the likeliest byte, which is what `next` says of the text alone
    const std::string greedy = trainer.read(request).continuation;
    request.seed = 3;
    QVERIFY(trainer.read(request).continuation == greedy);
    request.more = 0;
    const PromptReading text = trainer.read(request);
    Eigen::Index likeliest = 0;
    text.next.row(text.next.rows() - 1).maxCoeff(&likeliest);
    QCOMPARE(static_cast<int>(static_cast<std::uint8_t>(greedy[0])), static_cast<int>(likeliest));
  }

  void what_is_long_is_cut_and_says_so() {
    Trainer trainer(smallModel("topk"), Dispatch::Fused, 1);
    PromptRequest request;
    const PromptReading nothing = trainer.read(request);
    QVERIFY(!nothing.snapshot && std::isnan(nothing.loss) && nothing.step == 0);
    request.text = "x";
    const PromptReading one = trainer.read(request);
    QVERIFY(one.snapshot && std::isnan(one.loss) && one.next.rows() == 1);
    request.text = std::string(67, 'y');  // three parts of 22 bytes
    const PromptReading parts = trainer.read(request);
    QCOMPARE(parts.part, 22);
    QCOMPARE(parts.first, 1);
    QCOMPARE(static_cast<int>(parts.next.rows()), 66);
    request.text = std::string(100000, '\xff');
    const PromptReading cut = trainer.read(request);
    QCOMPARE(cut.first, 100000 - kLongestPrompt);
    QVERIFY(std::abs(cut.next.row(7).sum() - 1.0f) < 1e-5f);
    request.more = kMostBytesMore + 1;
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, trainer.read(request));
    request.more = 0;
    request.temperature = std::nan("");
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, trainer.read(request));
  }

  void training_does_not_notice() {
    Trainer alone(smallModel("grmoe"), Dispatch::Fused, 1), asked(smallModel("grmoe"), Dispatch::Fused, 1);
    PromptRequest request;
    request.text = "what is this?";
    request.more = 3;
    for (int i = 0; i < 10; ++i) {
      asked.read(request);
      QCOMPARE(asked.step().loss, alone.step().loss);
    }
  }
};

MOESCOPE_TEST(TestPrompt)
#include "test_prompt.moc"
