#pragma once
// What a gated expert does with its pre-activations a = W_gate h and u = W_up h, and its derivatives.
// Formulas and names: the transformers library's activations.py and the gpt-oss modelling source.

#include <Eigen/Core>
#include <optional>
#include <string>

namespace moescope {

enum class ActivationKind {
  Silu,           ///< f(a) = a sigmoid(a)
  Gelu,           ///< a Phi(a), Phi the normal distribution function
  GeluTanh,       ///< its approximation a/2 (1 + tanh(sqrt(2/pi) (a + 0.044715 a^3)))
  QuickGelu,      ///< a sigmoid(1.702 a)
  Relu,           ///< max(a, 0)
  SquaredRelu,    ///< max(a, 0)^2
  ClampedSwiGlu,  ///< gpt-oss: a at most the limit, u within +- the limit, then (u + 1) a sigmoid(alpha a)
  SoftCappedSwiGlu,  ///< Inkling 2: alpha tanh(a / alpha) sigmoid(a) times limit tanh(u / limit)
};

/// What an activation's limit holds: a at most the limit (DeepSeek-V4), or f(a) at most the limit (Step 3.5); u within +- the
/// limit.
enum class Clamping { None, BeforeActivation, AfterActivation };

struct Activation {
  ActivationKind kind = ActivationKind::Silu;
  float alpha = 1.702f;  ///< of ClampedSwiGlu and SoftCappedSwiGlu
  float limit = 7.0f;    ///< above 0, of ClampedSwiGlu and SoftCappedSwiGlu, and where `clamping` holds
  Clamping clamping = Clamping::None;  ///< of the kinds f(a) u
};

/// What config.json's `hidden_act` names ("silu", "gelu_pytorch_tanh", ...); nothing for a function that is not known here.
std::optional<ActivationKind> activationNamed(const std::string& name);
/// The names that activationNamed() knows, for messages.
std::string knownActivations();

/// T x I, one row for each token.
using UnitArray = Eigen::Array<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// f(a) u, clamped or not, or one of the two SwiGLUs with limits: what W_down reads.
UnitArray activated(const Activation& activation, const UnitArray& gate, const UnitArray& up);

/// Its derivatives by a and by u. At the corner of relu 0 and at the limit itself that of the inside, as automatic
/// differentiation gives them.
struct ActivationDerivatives {
  UnitArray byGate, byUp;
};
ActivationDerivatives derivatives(const Activation& activation, const UnitArray& gate, const UnitArray& up);

}  // namespace moescope
