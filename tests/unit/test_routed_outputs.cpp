// Lengths of shared and routed outputs, token by token, of checkpoints that Hugging Face transformers wrote (tests/oracle).

#include <QTest>
#include <cmath>

#include "core/checkpoint/layer_analysis.h"
#include "core/checkpoint/shared_norms.h"
#include "core/checkpoint/traced_routing.h"
#include "tests/support/test_class.h"

using namespace moescope;

class TestRoutedOutputs : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void the_shared_expert_s_length_over_the_routed_sum_is_the_mean_of_each_token_s() {
    for (const char* family : {"deepseek_v3", "qwen2_moe", "llama4"}) {
      const std::filesystem::path folder = std::filesystem::path(qgetenv("MOESCOPE_ORACLE").toStdString()) / family;
      const MoeCheckpoint checkpoint(folder);
      const RoutingTrace trace(folder / "oracle.safetensors");
      const int number = checkpoint.moeLayers().back();
      LayerAnalysisSettings settings;
      settings.jacobianBytes = 0;
      settings.threads = 2;
      const LayerReport report = analyseLayer(checkpoint, number, &trace, settings, [](int) { return true; });
      QVERIFY2(report.shared && report.shared->normRatio.size() > 0, family);
      const RouterWeights router = checkpoint.router(number);
      const TraceLayer tokens = trace.layer(number, checkpoint.experts(number), checkpoint.width(), settings.tokens);
      const RowMatrix weights = routeAsTraced(router, tokens).weights;
      const std::optional<SharedExpert> shared = checkpoint.sharedExpert(number);
      QCOMPARE(report.shared->normRatio.size(), std::min<Eigen::Index>(256, tokens.hidden.rows()));
      const std::optional<SharedNorms> alone = sharedNorms(checkpoint, number, trace, settings.tokens, [](int) { return true; });
      QVERIFY2(alone && (alone->ratio - report.shared->normRatio).cwiseAbs().maxCoeff() < 1e-5 * alone->ratio.maxCoeff(), family);
      Eigen::VectorXd sums = Eigen::VectorXd::Zero(weights.cols()), counts = sums;
      for (Eigen::Index t = 0; t < report.shared->normRatio.size(); ++t) {
        const RowMatrix token = tokens.hidden.row(t * tokens.hidden.rows() / report.shared->normRatio.size());
        const Eigen::Index at = t * tokens.hidden.rows() / report.shared->normRatio.size();
        Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(token.cols());
        for (Eigen::Index e = 0; e < weights.cols(); ++e) {
          if (weights(at, e) == 0.0f) continue;
          sums[e] += alone->ratio[t];
          counts[e] += 1.0;
          const ExpertWeights expert = checkpoint.expert(number, static_cast<int>(e));
          const bool onInput = router.scheme.rule == RouterRule::InputSigmoid;
          const RowMatrix out = onInput ? expert(weights(at, e) * token) : RowMatrix(weights(at, e) * expert(token));
          sum += out.row(0).cast<double>();
        }
        const double ratio = (*shared)(token).cast<double>().norm() / sum.norm();
        QVERIFY2(
            std::abs(report.shared->normRatio[t] - ratio) < 1e-4 * ratio,
            qPrintable(QString("%1 token %2: %3, expected %4").arg(family).arg(t).arg(report.shared->normRatio[t]).arg(ratio)));
      }
      for (Eigen::Index e = 0; e < weights.cols(); ++e)
        QVERIFY(counts[e] == 0.0 ? std::isnan(alone->ofExpert[e])
                                 : std::abs(alone->ofExpert[e] - sums[e] / counts[e]) < 1e-5 * sums[e]);
      QVERIFY_THROWS_EXCEPTION(std::runtime_error,
                               sharedNorms(checkpoint, number, trace, settings.tokens, [](int done) { return done < 2; }));
    }
    const MoeCheckpoint without(std::filesystem::path(qgetenv("MOESCOPE_ORACLE").toStdString()) / "mixtral");
    QVERIFY(!sharedNorms(
        without, 0,
        RoutingTrace(std::filesystem::path(qgetenv("MOESCOPE_ORACLE").toStdString()) / "mixtral" / "oracle.safetensors"), 8,
        [](int) { return true; }));
  }
};

MOESCOPE_TEST(TestRoutedOutputs)
#include "test_routed_outputs.moc"
