// A trace of more tokens than are drawn, in the real window: an even sample first, the numbers of all of them after.

#include <QHeaderView>
#include <QLabel>
#include <QSettings>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <random>

#include "app/window/main_window.h"
#include "tests/app/window_fixture.h"
#include "tests/support/checkpoint_files.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

constexpr std::int64_t kTokens = 60000, kDrawn = 2048;

/// What a scene said of its tokens.
struct Told {
  float concentration = 0.0f;
  std::int64_t rows = 0, measured = 0, tokens = 0;
  std::string words;
};

/// Both layers' tokens, which drift: the first of them alone say something else than all.
void saveLongTrace(const std::filesystem::path& folder) {
  testing::TinyCheckpoint().save(folder);
  std::mt19937 dice(7);
  std::normal_distribution<float> normal;
  testing::FileTensors trace;
  for (const char* name : {"hidden.0", "hidden.1"}) {
    std::vector<float> hidden;
    for (std::int64_t t = 0; t < kTokens; ++t)
      for (int i = 0; i < testing::TinyCheckpoint::kWidth; ++i)
        hidden.push_back(normal(dice) * (0.5f + static_cast<float>(t) / kTokens));
    trace[name] = testing::floats({kTokens, testing::TinyCheckpoint::kWidth}, hidden);
  }
  testing::writeSafetensors(folder / "trace.safetensors", trace);
}

}  // namespace

class TestAllTokens : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;
  QTemporaryDir settings_, folder_;
  std::vector<Told> told_;

  Controller& controller() { return window_->controller(); }
  const Routing& routing() { return *controller().scene().routing; }
  bool whole() {
    return becomes([&] {
      return controller().checkpoint() && controller().scene().routing->tokens == kTokens &&
             controller().scene().routing->measured == kTokens;
    });
  }
  void moveTo(float concentration) {
    Lens lens = controller().lens();
    lens.concentration = concentration;
    controller().setLens(lens);
  }
  /// All tokens of the shown layer by one plain whole-matrix step after another.
  Routing expected() {
    const Scene& scene = controller().scene();
    Snapshot everything;
    everything.layers.push_back(*scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)].whole);
    Lens lens = scene.lens;
    lens.layer = 0;
    return evaluatePlainly(everything, lens);
  }
  bool isOfAll() {
    const Routing all = expected();
    return std::abs(routing().probability.meanEntropy / all.probability.meanEntropy - 1.0) < 1e-5 &&
           std::abs(routing().entropyLower / all.entropyLower - 1.0) < 1e-5 &&
           (routing().applied.load - all.applied.load).cwiseAbs().maxCoeff() < 1e-6;
  }

 private Q_SLOTS:
  void initTestCase() {
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
    saveLongTrace(folder_.path().toStdString());
  }
  void init() {
    window_ = std::make_unique<MainWindow>(documentOf(smallKnobs()));
    window_->resize(1280, 800);
    window_->show();
    QVERIFY(becomes([&] { return controller().scene().routing && controller().scene().curve; }));
    told_.clear();
    connect(&controller(), &Controller::sceneChanged, this, [this] {
      const Scene& scene = controller().scene();
      if (scene.routing && scene.snapshot->checkpoint)
        told_.push_back({scene.lens.concentration, scene.routing->gates.rows(), scene.routing->measured, scene.routing->tokens,
                         tokensDrawn(scene)});
    });
    window_->opener().open(folder_.path(), folder_.path() + "/trace.safetensors");
    QVERIFY(whole());
  }
  void cleanup() { window_.reset(); }

  void an_even_sample_is_shown_first_and_the_numbers_of_all_follow() {
    QVERIFY(told_.size() >= 2);
    QCOMPARE(told_.front().rows, kDrawn);
    QCOMPARE(told_.front().measured, kDrawn);
    for (const Told& each : told_)
      if (each.measured < each.tokens) QCOMPARE(each.words, std::string("of 2048 of 60000 tokens, evenly spaced"));
    QCOMPARE(told_.back().words, std::string("2048 tokens drawn, means and loads of 60000"));
    QVERIFY(isOfAll());
    const LayerSnapshot& layer = controller().scene().snapshot->layers[0];
    for (const int t : {0, 1000, 2047}) {  // evenly: the drawn ones are among all, in their order
      const Eigen::Index at = (t * kTokens) / kDrawn;
      QVERIFY((layer.whole->scores.middleRows(std::max<Eigen::Index>(0, at - 30), std::min<Eigen::Index>(60, kTokens - at + 30))
                   .rowwise() -
               layer.scores.row(t))
                  .rowwise()
                  .norm()
                  .minCoeff() < 1e-5f);
    }
    QVERIFY(layer.whole->hidden.size() == 0 &&
            layer.whole->scores.size() == kTokens * 8);  // what lies beside the sample is scores and gates alone
  }

  void a_moved_slider_drops_what_was_measured_before_and_ends_with_all_tokens_at_its_own_place() {
    told_.clear();
    for (const float concentration : {0.3f, 0.7f, 1.9f, 3.0f}) moveTo(concentration);
    QCOMPARE(controller().scene().lens.concentration, 3.0f);
    QCOMPARE(routing().measured, kDrawn);  // at once, of the sample
    QVERIFY(whole());
    QVERIFY(isOfAll());
    for (const Told& each : told_) QVERIFY(each.measured == kDrawn || each.concentration == 3.0f);
    QVERIFY(std::any_of(told_.begin(), told_.end(),
                        [](const Told& each) { return each.measured == kDrawn && each.tokens == kTokens; }));
  }

  void rows_that_are_of_the_sample_say_so() {
    auto* measures = window_->findChild<QTableWidget*>("measures");
    QVERIFY(measures->isVisible());
    QStringList ofSample;
    for (int row = 0; row < measures->rowCount(); ++row)
      if (const QString name = measures->item(row, 0)->text(); name.endsWith("\nof a sample of 2048"))
        ofSample.append(name.section('\n', 0, 0));
    for (const char* each : {"Top-2 mass", "Gates below 0.01, share", "P(an expert idle), at least"})
      QVERIFY2(ofSample.contains(each), each);
    for (const char* each : {"Entropy, nats", "Load CV", "MaxVio"}) QVERIFY2(!ofSample.contains(each), each);
    const QString note = window_->findChild<QLabel*>("concentrationNote")->text();
    QVERIFY2(note.contains("2048 tokens drawn, means and loads of 60000"), qPrintable(note));
    QVERIFY(measures->height() >= measures->verticalHeader()->length());  // no row is cut
  }

  void another_layer_is_read_whole_too() {
    Lens lens = controller().lens();
    lens.layer = 1;
    controller().setLens(lens);
    QVERIFY(becomes([&] { return controller().scene().routing->layer == 1 && routing().measured == kTokens; }));
    QVERIFY(isOfAll());
  }
};

MOESCOPE_TEST(TestAllTokens)
#include "test_all_tokens.moc"
