// A GPU that has too little memory or is lost: training goes on on the CPU from where it was.

#include <c10/util/Exception.h>

#include <QTest>
#include <cmath>
#include <utility>

#include "core/training/engine.h"
#include "core/training/gpu_fault.h"
#include "core/training/sturdy_trainer.h"
#include "core/training/trainer.h"
#include "tests/support/source_reading.h"
#include "tests/support/test_class.h"
#include "tests/support/training_runs.h"

using namespace moescope;
using testing::steps;

namespace {

constexpr std::int64_t kLast = 12, kFaultAfter = 5;

bool becomes(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 60000); }

[[noreturn]] void throwOutOfMemory() {
  throw c10::OutOfMemoryError({__func__, __FILE__, __LINE__}, "CUDA out of memory. Tried to allocate 2.00 GiB.\nstack");
}
[[noreturn]] void throwLost() {
  throw c10::AcceleratorError({__func__, __FILE__, __LINE__}, 719, "CUDA error: unspecified launch failure\nstack");
}

/// A store that is told of the model after a step, and at which the GPU fails so many times: the engine's thread is then where a
/// step of its own would fail.
class FailingStore : public ModelStore {
 public:
  FailingStore(void (*fault)(), int times) : fault_(fault), left_(times) {}
  void keep(const StoredModel& which, TrainerStatePointer) override {
    if (which.step >= kFaultAfter && left_-- > 0) fault_();
  }

 private:
  void (*fault_)();
  int left_;
};

std::vector<double> lossesOf(const Engine& engine) {
  std::vector<double> losses;
  for (std::int64_t step = 1; step <= kLast; ++step)
    losses.push_back(steps(engine).measuredAt(stepQuantity("loss_nats_per_byte"), 0, step).value_or(-1.0));
  return losses;
}

bool arrives(Engine& engine, std::int64_t step) {
  engine.playUntil(step);
  return becomes([&] { return engine.status().trainedSteps == step && engine.status().state == EngineState::Paused; });
}

}  // namespace

class TestGpuFaults : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void training_goes_on_from_where_it_was_data() {
    QTest::addColumn<bool>("lost");
    QTest::newRow("too little memory") << false;
    QTest::newRow("lost") << true;
  }
  void training_goes_on_from_where_it_was() {
    QFETCH(bool, lost);
    Engine whole(testing::smallKnobs("grmoe"), 1), hurt(testing::smallKnobs("grmoe"), 1);
    hurt.setModelStore(std::make_shared<FailingStore>(lost ? throwLost : throwOutOfMemory, 1));
    QVERIFY(arrives(whole, kFaultAfter) && arrives(hurt, kFaultAfter));
    QVERIFY(becomes([&] { return !hurt.status().message.empty(); }));
    QVERIFY(arrives(whole, kLast) && arrives(hurt, kLast));
    QVERIFY(lossesOf(whole).front() > 0.0);
    QVERIFY(lossesOf(hurt) == lossesOf(whole));
    const std::string said = lost ? "the GPU failed (CUDA error: unspecified launch failure): training goes on on the CPU"
                                  : "the GPU has too little memory: training goes on on the CPU";
    QVERIFY2(hurt.status().message.starts_with(said) && hurt.status().message.find('\n') == std::string::npos,
             hurt.status().message.c_str());
    QCOMPARE(hurt.status().device, std::string("cpu"));
    hurt.reset();
    QVERIFY(becomes([&] { return hurt.status().trainedSteps == 0 && hurt.status().state == EngineState::Paused; }));
    QCOMPARE(hurt.status().message.starts_with(said), lost);  // a GPU whose memory was too little is asked again
  }

  void what_fails_on_the_cpu_too_stops_training_with_a_line_and_the_model_kept() {
    Engine engine(testing::smallKnobs("grmoe"), 1);
    engine.setModelStore(std::make_shared<FailingStore>(throwLost, 2));
    QVERIFY(arrives(engine, kFaultAfter));
    engine.playUntil(kFaultAfter + 2);
    QVERIFY(becomes([&] { return engine.status().state == EngineState::Failed; }));
    QCOMPARE(engine.status().message, std::string("CUDA error: unspecified launch failure"));
    QCOMPARE(engine.status().trainedSteps, kFaultAfter + 2);
    QVERIFY(arrives(engine, kLast));
  }

  void faults_of_a_gpu_are_told_from_others() {
    const auto caught = [](auto&& raise) {
      try {
        raise();
      } catch (const std::exception& error) {
        return isGpuFault(error);
      }
      return false;
    };
    QVERIFY(caught(throwOutOfMemory) && caught(throwLost));
    QVERIFY(caught([] { throw std::runtime_error("GPU: no 512 MiB of memory left (out of memory)"); }));
    QVERIFY(caught([] { TORCH_CHECK(false, "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"); }));
    QVERIFY(!caught([] { TORCH_CHECK(false, "a state of another model"); }));
    QVERIFY(!caught([] { throw std::bad_alloc(); }));
    QVERIFY(!caught([] { throw NonFiniteLoss("step 3: the loss is not finite"); }));
  }

  void a_trainer_without_a_window_goes_on_too() {
    for (void (*fault)() : {throwOutOfMemory, throwLost}) {
      std::vector<std::string> said;
      Trainer whole(testing::smallKnobs("grmoe"), Dispatch::Fused, 1);
      SturdyTrainer hurt(testing::smallKnobs("grmoe"), [&](const std::string& line) { said.push_back(line); }, 1);
      for (int i = 1; i <= 8; ++i) {
        const double right = whole.step().loss;
        bool failed = i != kFaultAfter;
        const double loss = hurt.with([&](Trainer& trainer) {
          if (!std::exchange(failed, true)) fault();
          return trainer.step().loss;
        });
        QCOMPARE(loss, right);
      }
      QCOMPARE(said.size(), std::size_t{1});
      QVERIFY2(said[0].starts_with("the GPU failed after step 4 (CUDA ") && said[0].find('\n') == std::string::npos, said[0].c_str());
      QVERIFY_THROWS_EXCEPTION(std::exception, hurt.with([&](Trainer&) { fault(); }));  // it has no other place to go
      QCOMPARE(said.size(), std::size_t{1});
    }
  }

  void the_state_of_a_model_for_the_gpu_goes_on_on_the_cpu() {
    Knobs knobs = testing::smallKnobs("topk");
    knobs.device = "auto";
    Trainer trainer(knobs, Dispatch::Fused, 1);
    trainer.step();
    Trainer again(*onCpu(*trainer.save()), Dispatch::Fused, 1);
    QCOMPARE(again.device(), std::string("cpu"));
    QCOMPARE(again.knobs().device, std::string("cpu"));
    QCOMPARE(again.stepNumber(), std::int64_t{1});
    QVERIFY(std::abs(again.step().loss - trainer.step().loss) < 1e-4);
  }
};

MOESCOPE_TEST(TestGpuFaults)
#include "test_gpu_faults.moc"
