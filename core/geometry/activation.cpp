#include "core/geometry/activation.h"

#include <cmath>
#include <numbers>
#include <utility>

namespace moescope {
namespace {

constexpr float kQuickGelu = 1.702f, kGeluCubic = 0.044715f;
constexpr float kRootTwo = std::numbers::sqrt2_v<float>;
const float kRootTwoOverPi = std::sqrt(2.0f / std::numbers::pi_v<float>);

constexpr std::pair<const char*, ActivationKind> kNames[] = {{"silu", ActivationKind::Silu},
                                                             {"swish", ActivationKind::Silu},
                                                             {"gelu", ActivationKind::Gelu},
                                                             {"gelu_python", ActivationKind::Gelu},
                                                             {"gelu_pytorch_tanh", ActivationKind::GeluTanh},
                                                             {"gelu_python_tanh", ActivationKind::GeluTanh},
                                                             {"gelu_new", ActivationKind::GeluTanh},
                                                             {"gelu_fast", ActivationKind::GeluTanh},
                                                             {"gelu_accurate", ActivationKind::GeluTanh},
                                                             {"quick_gelu", ActivationKind::QuickGelu},
                                                             {"relu", ActivationKind::Relu},
                                                             {"relu2", ActivationKind::SquaredRelu}};

UnitArray normalDistribution(const UnitArray& a) {
  return a.unaryExpr([](float x) { return 0.5f * (1.0f + std::erf(x / kRootTwo)); });
}

UnitArray tanhOfCubic(const UnitArray& a) { return (kRootTwoOverPi * (a + kGeluCubic * a.cube())).tanh(); }

/// max(a, 0) that keeps what is not a number.
UnitArray positive(const UnitArray& a) {
  return a.unaryExpr([](float x) { return x < 0.0f ? 0.0f : x; });
}

UnitArray valueOf(ActivationKind kind, const UnitArray& a) {
  switch (kind) {
    case ActivationKind::Gelu: return a * normalDistribution(a);
    case ActivationKind::GeluTanh: return 0.5f * a * (1.0f + tanhOfCubic(a));
    case ActivationKind::QuickGelu: return a * (kQuickGelu * a).logistic();
    case ActivationKind::Relu: return positive(a);
    case ActivationKind::SquaredRelu: return positive(a).square();
    default: return a * a.logistic();
  }
}

/// d/da of a sigmoid(alpha a), with s = sigmoid(alpha a).
UnitArray slopeOfSwish(const UnitArray& a, const UnitArray& s, float alpha) { return s * (1.0f + alpha * a * (1.0f - s)); }

UnitArray slopeOf(ActivationKind kind, const UnitArray& a) {
  switch (kind) {
    case ActivationKind::Gelu:
      return normalDistribution(a) + a * (-0.5f * a.square()).exp() / (kRootTwo / std::numbers::inv_sqrtpi_v<float>);
    case ActivationKind::GeluTanh: {
      const UnitArray t = tanhOfCubic(a);
      return 0.5f * (1.0f + t) + 0.5f * a * (1.0f - t.square()) * kRootTwoOverPi * (1.0f + 3.0f * kGeluCubic * a.square());
    }
    case ActivationKind::QuickGelu: return slopeOfSwish(a, (kQuickGelu * a).logistic(), kQuickGelu);
    case ActivationKind::Relu: return a.unaryExpr([](float x) { return x > 0.0f ? 1.0f : x <= 0.0f ? 0.0f : x; });
    case ActivationKind::SquaredRelu: return 2.0f * positive(a);
    default: return slopeOfSwish(a, a.logistic(), 1.0f);
  }
}

/// Clamped from above and, for `up`, from below; what is not a number stays so.
float clamped(float x, float least, float most) { return x > most ? most : x < least ? least : x; }

UnitArray clampedGate(const UnitArray& a, float limit) {
  return a.unaryExpr([limit](float x) { return clamped(x, -INFINITY, limit); });
}
UnitArray clampedUp(const UnitArray& u, float limit) {
  return u.unaryExpr([limit](float x) { return clamped(x, -limit, limit); });
}

/// The parts of the soft-capped SwiGLU: tanh(a / alpha), sigmoid(a) and tanh(u / limit).
struct SoftCapped {
  SoftCapped(const Activation& activation, const UnitArray& a, const UnitArray& u)
      : gate((a / activation.alpha).tanh()), open(a.logistic()), up((u / activation.limit).tanh()) {}
  UnitArray gate, open, up;
};

}  // namespace

std::optional<ActivationKind> activationNamed(const std::string& name) {
  for (const auto& [known, kind] : kNames)
    if (name == known) return kind;
  return std::nullopt;
}

std::string knownActivations() {
  std::string all;
  for (const auto& [known, kind] : kNames) all += (all.empty() ? "" : ", ") + std::string(known);
  return all;
}

UnitArray activated(const Activation& activation, const UnitArray& gate, const UnitArray& up) {
  if (activation.kind == ActivationKind::SoftCappedSwiGlu) {
    const SoftCapped parts(activation, gate, up);
    return activation.alpha * activation.limit * parts.gate * parts.open * parts.up;
  }
  if (activation.clamping == Clamping::BeforeActivation)
    return valueOf(activation.kind, clampedGate(gate, activation.limit)) * clampedUp(up, activation.limit);
  if (activation.clamping == Clamping::AfterActivation)
    return clampedGate(valueOf(activation.kind, gate), activation.limit) * clampedUp(up, activation.limit);
  if (activation.kind != ActivationKind::ClampedSwiGlu) return valueOf(activation.kind, gate) * up;
  const UnitArray a = clampedGate(gate, activation.limit);
  return (clampedUp(up, activation.limit) + 1.0f) * a * (activation.alpha * a).logistic();
}

ActivationDerivatives derivatives(const Activation& activation, const UnitArray& gate, const UnitArray& up) {
  const float limit = activation.limit;
  const bool swiGlu = activation.kind == ActivationKind::ClampedSwiGlu;
  if (activation.kind == ActivationKind::SoftCappedSwiGlu) {
    const auto [g, s, u] = SoftCapped(activation, gate, up);
    return {((1.0f - g.square()) * s + activation.alpha * g * s * (1.0f - s)) * limit * u,
            activation.alpha * g * s * (1.0f - u.square())};
  }
  if (activation.clamping == Clamping::AfterActivation) {
    const UnitArray value = valueOf(activation.kind, gate);
    return {(value <= limit).cast<float>() * slopeOf(activation.kind, gate) * clampedUp(up, limit),
            (up.abs() <= limit).cast<float>() * clampedGate(value, limit)};
  }
  if (!swiGlu && activation.clamping == Clamping::None)
    return {slopeOf(activation.kind, gate) * up, valueOf(activation.kind, gate)};
  const UnitArray a = clampedGate(gate, limit), freeGate = (gate <= limit).cast<float>(),
                  freeUp = (up.abs() <= limit).cast<float>();
  if (!swiGlu) return {freeGate * slopeOf(activation.kind, a) * clampedUp(up, limit), freeUp * valueOf(activation.kind, a)};
  const UnitArray s = (activation.alpha * a).logistic();
  return {freeGate * (clampedUp(up, limit) + 1.0f) * slopeOfSwish(a, s, activation.alpha), freeUp * a * s};
}

}  // namespace moescope
