// Checkpoints in the real window, driven through its real widgets. Hugging Face transformers made them (tests/oracle).

#include <QApplication>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStatusBar>
#include <QSurfaceFormat>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>

#include "app/window/main_window.h"
#include "app/window/recent_checkpoints.h"
#include "core/checkpoint/safetensors.h"
#include "core/reading/routing_by_layer.h"
#include "tests/support/checkpoint_files.h"
#include "tests/support/hollow_files.h"
#include "tests/support/test_class.h"
#include "views/flat_view.h"
#include "tests/app/shown_window.h"

using namespace moescope;

namespace {

/// Six layers of DeepSeek's names, each with 3 routed experts, all chosen, and a shared one: 100 MB an expert, all of them holes.
/// And a trace of it.
void writeHollowWithSharedExperts(const std::string& folder) {
  constexpr int width = 2048, units = 8192, tokens = 4;
  std::ofstream(folder + "/config.json")
      << R"({"model_type":"deepseek_v3","hidden_size":2048,"moe_intermediate_size":8192,"n_routed_experts":3,"num_experts_per_tok":3,"num_hidden_layers":6,"norm_topk_prob":true,"n_group":1,)"
      << R"("topk_group":1,"scoring_func":"sigmoid","topk_method":"noaux_tc","routed_scaling_factor":1.0,"first_k_dense_replace":0,"hidden_act":"silu","n_shared_experts":1})";
  testing::HollowFile file;
  testing::FileTensors trace;
  for (int l = 0; l < 6; ++l) {
    const std::string block = "model.layers." + std::to_string(l) + ".mlp.";
    file.add(block + "gate.weight", 3, width);
    file.add(block + "gate.e_score_correction_bias", 1, 3);
    for (const char* expert : {"experts.0.", "experts.1.", "experts.2.", "shared_experts."})
      for (const char* part : {"gate_proj", "up_proj", "down_proj"})
        std::string(part) == "down_proj" ? file.add(block + expert + part + ".weight", width, units)
                                         : file.add(block + expert + part + ".weight", units, width);
    trace["hidden." + std::to_string(l)] = testing::floats({tokens, width}, std::vector<float>(tokens * width, 0.5f));
  }
  file.save(folder + "/model.safetensors");
  testing::writeSafetensors(folder + "/trace.safetensors", trace);
}

QString folderOf(const char* family) { return qEnvironmentVariable("MOESCOPE_ORACLE") + "/" + family; }
QString traceOf(const char* family) { return folderOf(family) + "/oracle.safetensors"; }

/// Share of each expert among the choices that Hugging Face's model made.
Eigen::VectorXd oracleLoad(const char* family, int layer) {
  const Safetensors oracle(traceOf(family).toStdString());
  const std::string name = "weights." + std::to_string(layer);
  const auto numbers = oracle.read(name);
  const auto& shape = oracle.entry(name).shape;
  const Eigen::MatrixXd chosen =
      (Eigen::Map<const RowMatrix>(numbers.data(), shape.at(0), shape.at(1)).array() != 0.0f).cast<double>();
  return chosen.colwise().sum().transpose() / chosen.sum();
}

}  // namespace

class TestCheckpointWindow : public QObject {
  Q_OBJECT
  std::unique_ptr<MainWindow> window_;
  QTemporaryDir settings_;

  Controller& controller() { return window_->controller(); }
  const Snapshot& snapshot() { return *controller().scene().snapshot; }
  QString message() { return window_->findChild<QLabel*>("statusMessage")->text(); }
  QString state() { return window_->findChild<QLabel*>("statusState")->text(); }
  double entropy() { return window_->findChild<QLabel*>("entropy")->text().split(' ').first().toDouble(); }
  QPushButton* button(const char* name) { return window_->findChild<QPushButton*>(name); }

  /// The menu entry of a key. (Without a window manager no window is active, and keys reach no menu.)
  QAction* shortcut(Qt::Key key) {
    for (QAction* action : window_->findChildren<QAction*>())
      if (action->shortcut() == QKeySequence(key)) return action;
    return nullptr;
  }
  bool shows(const char* name) {
    return becomes([&] {
      return controller().checkpoint() && snapshot().checkpoint && snapshot().checkpoint->name == name &&
             controller().scene().curve;
    });
  }
  bool open(const char* family) {
    window_->opener().open(folderOf(family), traceOf(family));
    return shows(family);
  }

 private Q_SLOTS:
  void initTestCase() {
    QVERIFY2(qEnvironmentVariableIsSet("MOESCOPE_ORACLE"), "run this test through ctest, which makes the oracle's checkpoints");
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings_.path());
  }
  void init() {
    QVERIFY(showWindow(window_, documentOf(smallKnobs()), {1280, 800}));
  }
  void cleanup() { window_.reset(); }

  void the_slider_works_on_the_real_router() {
    QVERIFY(open("qwen3_moe"));
    QVERIFY(controller().lens().gating.policy == GatingPolicy::AsTrained);
    QCOMPARE(window_->findChild<QComboBox*>("policy")->currentText(), QString("as trained"));
    QVERIFY(!window_->findChild<QDoubleSpinBox*>("policyParameter")->isEnabled());  // the rule has its own number of experts
    QVERIFY((controller().scene().routing->gates - snapshot().layers[0].trainedGates).cwiseAbs().maxCoeff() == 0.0f);
    auto* number = window_->findChild<QDoubleSpinBox*>("concentrationNumber");
    double before = INFINITY;
    for (const double concentration : {0.0, 0.25, 1.0, 4.0, 16.0}) {
      number->setValue(concentration);
      if (concentration == 0.0) QVERIFY(std::abs(entropy() - std::log(8.0)) < 1e-3);
      QVERIFY(entropy() < before);
      before = entropy();
    }
    QVERIFY((snapshot().layers[0].trainingLoad - oracleLoad("qwen3_moe", 0)).cwiseAbs().maxCoeff() < 1e-12);
    QVERIFY2(state().contains("qwen3_moe") && state().contains("2 MoE layers, 8 experts, width 24") &&
                 state().contains("recorded trace, 48 tokens"),
             qPrintable(state()));
    QVERIFY2(state().contains("1 note"), qPrintable(state()));  // the oracle's trace holds more than a trace has
    const QString tip = window_->findChild<QLabel*>("statusState")->toolTip();
    QVERIFY2(tip.contains("not read: ") && tip.contains("block.0") && tip.contains("The model's own rule: "), qPrintable(tip));
    QCOMPARE(window_->findChild<QLabel*>("lensLoss")->text(), QString("–"));
  }

  void layers_have_the_checkpoint_s_own_numbers_and_are_read_when_chosen() {
    QVERIFY(open("deepseek_v3"));
    QCOMPARE(window_->findChild<QComboBox*>("layer")->currentText(), QString("1"));  // layer 0 is dense
    QVERIFY(open("mixtral"));
    auto* layer = window_->findChild<QComboBox*>("layer");
    QCOMPARE(layer->currentText(), QString("0"));
    layer->setCurrentIndex(1);
    QVERIFY(becomes([&] { return snapshot().layers[1].scores.size() > 0 && controller().scene().routing->layer == 1; }));
    QVERIFY((snapshot().layers[1].trainingLoad - oracleLoad("mixtral", 1)).cwiseAbs().maxCoeff() < 1e-12);
    QVERIFY(becomes([&] { return controller().scene().analysis && controller().scene().analysis->layer == 1; }));
  }

  void a_dropped_folder_opens_and_a_dropped_trace_is_added() {
    drop(window_.get(), folderOf("olmoe"));
    QVERIFY(shows("olmoe"));
    QVERIFY(state().contains("SYNTHETIC TOKENS (no trace)"));
    controller().setLens([&] { Lens lens = controller().lens(); lens.concentration = 2.0f; return lens; }());
    drop(window_.get(), traceOf("olmoe"));
    QVERIFY(becomes([&] { return !snapshot().probe->synthetic && state().contains("recorded trace"); }));
    QCOMPARE(controller().lens().concentration, 2.0f);  // the same checkpoint: the lens stays
    drop(window_.get(), folderOf("mixtral") + "/config.json");
    QVERIFY(shows("mixtral"));
    QCOMPARE(controller().lens().concentration, 1.0f);
  }

  void a_broken_folder_gives_one_line_and_keeps_the_scene() {
    QVERIFY(open("mixtral"));
    const SnapshotPointer before = controller().scene().snapshot;
    QTemporaryDir broken;
    std::ofstream(broken.path().toStdString() + "/config.json") << "{\"model_type\": \"gpt2\"}";
    drop(window_.get(), broken.path());
    QVERIFY(becomes([&] { return !window_->opener().opening() && message().contains(broken.path()); }));
    QVERIFY(!message().contains('\n'));
    QVERIFY(controller().scene().snapshot == before && controller().checkpoint());
    drop(window_.get(), broken.path() + "/nothing");
    QVERIFY(becomes([&] { return message().contains("no such file"); }));
    QVERIFY(!window_->opener().opening());
    shortcut(Qt::Key_Escape)->trigger();
    QVERIFY(becomes([&] { return !message().contains("no such file"); }));
  }

  void training_is_paused_disabled_and_comes_back_unharmed() {
    QTest::mouseClick(button("play"), Qt::LeftButton);
    QVERIFY(becomes([&] { return snapshot().step > 5; }));
    Lens own = controller().lens();
    own.concentration = 0.5f;
    controller().setLens(own);
    QVERIFY(open("mixtral"));
    QVERIFY(becomes([&] { return controller().engine().status().state == EngineState::Paused; }));
    for (const char* name : {"play", "step", "reset"}) {
      QVERIFY(!button(name)->isEnabled());
      QVERIFY(button(name)->toolTip().contains("Back to training"));
    }
    QVERIFY(!window_->findChild<QWidget*>("knob-experts")->isEnabled());
    QVERIFY(!shortcut(Qt::Key_Space)->isEnabled());
    QVERIFY(button("backToTraining")->isVisible());
    const SnapshotPointer left = controller().engine().latest();
    QTest::mouseClick(button("backToTraining"), Qt::LeftButton);
    QVERIFY(becomes([&] { return !controller().checkpoint() && controller().scene().snapshot->generation == left->generation; }));
    QVERIFY(snapshot().step >= left->step);
    QCOMPARE(controller().lens().concentration, 0.5f);
    QVERIFY(controller().lens().gating.policy == own.gating.policy);
    QVERIFY(button("play")->isEnabled() && !button("backToTraining")->isVisible());
    const std::int64_t step = snapshot().step;
    QTest::mouseClick(button("play"), Qt::LeftButton);
    QVERIFY(becomes([&] { return snapshot().step > step + 5; }));
  }

  void recent_checkpoints_open_again_and_can_be_cleared() {
    window_->rememberOnClose();
    QTemporaryDir gone;
    rememberCheckpoint(gone.path() + "/was-here", {}, {});
    QVERIFY(open("gpt_oss"));
    QVERIFY(open("mixtral"));
    auto* menu = window_->findChild<QMenu*>("recentCheckpoints");
    QMetaObject::invokeMethod(menu, "aboutToShow");
    QCOMPARE(menu->actions().at(0)->text(), QString("mixtral with oracle.safetensors"));
    QVERIFY(menu->actions().at(0)->isEnabled() && !menu->actions().at(2)->isEnabled());
    QCOMPARE(menu->actions().at(2)->text(), QString("was-here (gone)"));
    menu->actions().at(1)->trigger();
    QVERIFY(shows("gpt_oss"));
    QVERIFY(!snapshot().probe->synthetic);  // its trace was remembered too
    QMetaObject::invokeMethod(menu, "aboutToShow");
    menu->actions().last()->trigger();
    QVERIFY(recentCheckpoints().isEmpty());
  }

  void a_copied_state_opens_its_checkpoint_with_its_lens() {
    QVERIFY(open("mixtral"));
    Lens lens = controller().lens();
    lens.concentration = 3.0f;
    lens.layer = 1;
    controller().setLens(lens);
    controller().select({4, -1, -1, {}});
    const QString copied = window_->state();
    QTest::mouseClick(button("backToTraining"), Qt::LeftButton);
    QVERIFY(becomes([&] { return !controller().checkpoint(); }));
    const Knobs knobs = controller().engine().knobs();
    window_->restoreStateText(copied);
    QVERIFY(shows("mixtral"));
    QCOMPARE(controller().lens().concentration, 3.0f);
    QCOMPARE(controller().lens().layer, 1);
    QCOMPARE(controller().selection().expert(), 4);
    QVERIFY(!snapshot().probe->synthetic);  // with its trace
    QVERIFY(controller().engine().knobs().router == knobs.router && controller().engine().knobs().seed == knobs.seed);
    lens.concentration = 0.25f;
    controller().setLens(lens);
    window_->restoreStateText(copied);  // shown already: at once
    QCOMPARE(controller().lens().concentration, 3.0f);
    QString gone = copied;
    window_->restoreStateText(gone.replace("/mixtral", "/nothing-here"));
    QVERIFY(becomes([&] { return message().contains("nothing-here"); }));
    QVERIFY(shows("mixtral"));
    QString relative = copied;
    relative.replace("\"folder\": \"/", "\"folder\": \"");
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, window_->restoreStateText(relative));
  }

  void closing_or_cancelling_while_loading_does_not_hang() {
    window_->opener().open(folderOf("mixtral"));
    QVERIFY(window_->opener().opening());
    QVERIFY(button("cancelOpening")->isVisible());
    shortcut(Qt::Key_Escape)->trigger();
    QVERIFY(!window_->opener().opening() && !button("cancelOpening")->isVisible());
    QTest::qWait(100);
    QVERIFY(controller().trains());
    for (int i = 0; i < 4; ++i) {
      window_->opener().open(folderOf(i % 2 ? "mixtral" : "olmoe"));
      QTest::qWait(3 * i);
      window_ = std::make_unique<MainWindow>(documentOf(smallKnobs()));
      window_->show();
    }
  }

  void escape_ends_the_reading_of_shared_experts_and_the_window_says_where() {
    const QTemporaryDir folder;
    writeHollowWithSharedExperts(folder.path().toStdString());
    window_->openGroup("Layers");
    window_->opener().open(folder.path(), folder.path() + "/trace.safetensors");
    QVERIFY(becomes([&] {
      return controller().checkpoint() && snapshot().byLayer && snapshot().byLayer->size() == 6 &&
             controller().checkpoint()->status().work == SourceWork::None;
    }));
    controller().perform(setWords(0, "layer_map/quantity", "shared"));
    QVERIFY2(
        becomes([&] { return message().contains("shared against routed experts, layer") && message().contains("Escape stops"); }),
        qPrintable(message()));
    shortcut(Qt::Key_Escape)->trigger();
    QVERIFY2(becomes([&] { return message().contains("shared against routed experts: stopped at layer"); }),
             qPrintable(message()));
    QVERIFY(controller().checkpoint()->status().work == SourceWork::None);
    QVERIFY(snapshot().byLayer->back().sharedTokens == 0);  // what was not measured is not shown
    for (const LayerOfExperts& layer : *snapshot().byLayer) QVERIFY(layer.sharedFailure.empty());
  }

  void tokens_are_not_called_bytes() {
    QVERIFY(open("mixtral"));
    QCOMPARE(QString::fromStdString(describeToken(controller().scene(), 5)).left(20), QString("token 5 (oracle): ap"));
    QCOMPARE(charactersOf(*snapshot().probe, 10, 2).at(1).text, QString("11"));
  }
};

MOESCOPE_TEST(TestCheckpointWindow)
#include "test_checkpoint_window.moc"
