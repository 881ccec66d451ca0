// Activations and their derivatives against the same formulas in double precision and their differences.

#include <QTest>
#include <cmath>
#include <numbers>

#include "core/geometry/activation.h"
#include "tests/support/test_class.h"

using namespace moescope;

namespace {

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

double expected(const Activation& activation, double a, double u) {
  switch (activation.kind) {
    case ActivationKind::Silu: return a * sigmoid(a) * u;
    case ActivationKind::Gelu: return a * 0.5 * std::erfc(-a / std::numbers::sqrt2) * u;
    case ActivationKind::GeluTanh:
      return 0.5 * a * (1.0 + std::tanh(std::sqrt(2.0 / std::numbers::pi) * (a + 0.044715 * a * a * a))) * u;
    case ActivationKind::QuickGelu: return a * sigmoid(1.702 * a) * u;
    case ActivationKind::Relu: return std::max(a, 0.0) * u;
    case ActivationKind::SquaredRelu: return std::pow(std::max(a, 0.0), 2) * u;
    case ActivationKind::ClampedSwiGlu: {
      const double limit = activation.limit, gate = std::min(a, limit);
      return (std::clamp(u, -limit, limit) + 1.0) * gate * sigmoid(activation.alpha * gate);
    }
  }
  return 0.0;
}

}  // namespace

class TestActivation : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void values_and_derivatives_equal_the_formula_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<double>("alpha");
    QTest::addColumn<double>("limit");
    for (const char* name : {"silu", "gelu", "gelu_pytorch_tanh", "gelu_new", "quick_gelu", "relu", "relu2"})
      QTest::newRow(name) << static_cast<int>(activationNamed(name).value()) << 1.702 << 7.0;
    QTest::newRow("clamped, usual") << static_cast<int>(ActivationKind::ClampedSwiGlu) << 1.702 << 7.0;
    QTest::newRow("clamped at 1.25") << static_cast<int>(ActivationKind::ClampedSwiGlu) << 1.3 << 1.25;
  }
  void values_and_derivatives_equal_the_formula() {
    QFETCH(int, kind);
    QFETCH(double, alpha);
    QFETCH(double, limit);
    const Activation activation{static_cast<ActivationKind>(kind), static_cast<float>(alpha), static_cast<float>(limit)};
    constexpr int count = 41;
    UnitArray gate(count, count), up(count, count);
    for (int i = 0; i < count; ++i)
      for (int j = 0; j < count; ++j) {
        gate(i, j) = 0.407f * static_cast<float>(i - count / 2) + 0.013f;  // no corner among them
        up(i, j) = 0.393f * static_cast<float>(j - count / 2) + 0.017f;
      }
    const UnitArray value = activated(activation, gate, up);
    const ActivationDerivatives by = derivatives(activation, gate, up);
    constexpr double h = 1e-6;
    for (int i = 0; i < count; ++i)
      for (int j = 0; j < count; ++j) {
        const double a = gate(i, j), u = up(i, j), scale = 1.0 + std::abs(u) + std::abs(a * u);
        const double byGate = (expected(activation, a + h, u) - expected(activation, a - h, u)) / (2 * h),
                     byUp = (expected(activation, a, u + h) - expected(activation, a, u - h)) / (2 * h);
        QVERIFY2(std::abs(value(i, j) - expected(activation, a, u)) < 1e-5 * scale * (1.0 + std::abs(a)),
                 qPrintable(QString("value at %1, %2").arg(a).arg(u)));
        QVERIFY2(std::abs(by.byGate(i, j) - byGate) < 1e-5 * scale,
                 qPrintable(QString("by gate at %1, %2: %3, not %4").arg(a).arg(u).arg(by.byGate(i, j)).arg(byGate)));
        QVERIFY2(std::abs(by.byUp(i, j) - byUp) < 1e-5 * scale * (1.0 + std::abs(a)),
                 qPrintable(QString("by up at %1, %2").arg(a).arg(u)));
      }
  }

  void what_is_not_a_number_stays_so() {
    const UnitArray none = UnitArray::Constant(1, 9, std::nanf("")), one = UnitArray::Ones(1, 9);
    for (const ActivationKind kind :
         {ActivationKind::Silu, ActivationKind::Gelu, ActivationKind::GeluTanh, ActivationKind::QuickGelu, ActivationKind::Relu,
          ActivationKind::SquaredRelu, ActivationKind::ClampedSwiGlu}) {
      const Activation activation{kind};
      QVERIFY(activated(activation, none, one).isNaN().all() && activated(activation, one, none).isNaN().all());
      QVERIFY(derivatives(activation, none, one).byGate.isNaN().all() && derivatives(activation, none, one).byUp.isNaN().all());
    }
  }

  void other_names_are_not_guessed() {
    for (const char* name : {"mish", "SiLU", "", "gelu_10", "xielu"}) QVERIFY(!activationNamed(name).has_value());
  }
};

MOESCOPE_TEST(TestActivation)
#include "test_activation.moc"
