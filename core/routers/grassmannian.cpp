// GrMoE: each expert is a Bingham distribution on the sphere of routing tokens, with a frame U_e and a spectrum Lambda_e;
// the prior gate p is the exact posterior of that mixture, and on request an amortised variational posterior q corrects it by a
// small network that the language model's loss trains (math specification, section 3).

#include <cmath>

#include "core/geometry/bingham.h"
#include "core/kernels/dense.h"
#include "core/kernels/gpu_operations.h"
#include "core/routers/router.h"

namespace moescope {
namespace {

constexpr double kSpectrumCap = 40.0;       // lambda_cap: makes theorem C1's gate floor hold by construction
constexpr double kInitialSpectrumLogit = -1.0;
constexpr int kPosteriorUnits = 64;         // hidden units of the network of q
constexpr int kReorthonormaliseEvery = 100; // in float64; single steps keep frames orthonormal to float32
constexpr double kOrthonormal = 1e-3;       // how far a state that is read may be from it

/// phi_e = log 1F1(1/2; d/2; Lambda_e) for each row of spectra (N x r), with its closed-form gradient. Once per step, in double:
/// on the GPU that has the spectra, where our kernels are there, else on the host.
class LogNormaliser : public torch::autograd::Function<LogNormaliser> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& spectra, int64_t dimension) {
    if (const GpuKernels* kernels = kernelsFor(spectra)) {
      const Normalisers made = binghamNormalisers(*kernels, spectra, dimension);
      context->save_for_backward({made.gradient});
      return made.value;
    }
    const torch::Tensor host = spectra.detach().to(torch::kCPU, torch::kFloat64).contiguous();
    torch::Tensor value = torch::empty({host.size(0)}, torch::kFloat64);
    torch::Tensor gradient = torch::empty_like(host);
    const Eigen::Index rank = host.size(1);
    for (int64_t e = 0; e < host.size(0); ++e) {
      const Eigen::Map<const Eigen::VectorXd> eigenvalues(host.data_ptr<double>() + e * rank, rank);
      const BinghamNormaliser normaliser = binghamNormaliser(eigenvalues, static_cast<int>(dimension));
      value.data_ptr<double>()[e] = normaliser.logValue;
      Eigen::Map<Eigen::VectorXd>(gradient.data_ptr<double>() + e * rank, rank) = normaliser.gradient;
    }
    context->save_for_backward({gradient.to(spectra.options())});
    return value.to(spectra.options());
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    return {context->get_saved_variables()[0] * upstream[0].unsqueeze(-1), torch::Tensor()};
  }
};

class GrassmannianRouter : public Router {
 public:
  GrassmannianRouter(const Knobs& knobs, at::Generator& random)
      : experts_(knobs.experts), dimension_(knobs.width), rank_(knobs.frameRank) {
    adopt(knobs);
    std::vector<torch::Tensor> frames;
    for (int e = 0; e < experts_; ++e) frames.push_back(randomFrame(dimension_, rank_, random));
    frames_ = register_parameter("frames", torch::stack(frames));
    spectrumLogits_ = register_parameter("spectrum_logits", torch::full({experts_, rank_}, kInitialSpectrumLogit));
    networkIn_ = register_parameter("network_in",
                                    torch::randn({dimension_, kPosteriorUnits}, random));  // of a unit token: units of size 1
    networkBias_ = register_parameter("network_bias", torch::zeros({kPosteriorUnits}));
    networkOut_ = register_parameter("network_out", torch::zeros({kPosteriorUnits, experts_}));  // q starts as p
    firstMoment_ = register_buffer("first_moment", torch::zeros_like(frames_));
    secondMoment_ = register_buffer("second_moment", torch::zeros({experts_, 1, 1}));
  }

  RouterOutput route(const RouterInput& input) override {
    RouterOutput output;
    const torch::Tensor tokens = unitRows(input.tokens), lambda = spectra();
    const torch::Tensor prior = alignment(tokens, lambda) - LogNormaliser::apply(lambda, dimension_) - std::log(experts_);
    output.logits = tempered(posterior_ ? prior + correction(tokens) : prior, input);
    output.probabilities = probabilitiesOf(output.logits);
    chooseTopK(output, chosen_);
    if (posterior_) add(output, weights_.posterior, [&] { return divergence(output.logits, prior); });
    add(output, weights_.balance, [&] {
      const torch::Tensor mean = output.probabilities.mean(0);
      return (mean * (mean * experts_).log()).sum();  // KL(mean gate || uniform)
    });
    add(output, weights_.spectrum, [&] { return lambda.mean(); });
    add(output, weights_.diversity, [&] { return overlapOfFrames(); });
    return output;
  }

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    const torch::Tensor tokens = unitRows(input.tokens), lambda = spectra(), scores = alignment(tokens, lambda);
    layer.scores = toMatrix(scores);
    layer.posteriorScores = posterior_ ? toMatrix(scores + correction(tokens)) : RowMatrix();
    layer.logPrior = Eigen::VectorXd::Constant(experts_, -std::log(experts_));
    layer.spectra = toMatrix(lambda).cast<double>();
    layer.routerDirections.resize(experts_, dimension_);
    layer.frames.clear();
    for (int e = 0; e < experts_; ++e) {
      layer.frames.push_back(toMatrix(frames_[e]));
      Eigen::Index leading = 0;
      layer.spectra.row(e).maxCoeff(&leading);
      layer.routerDirections.row(e) = layer.frames.back().col(leading).transpose();
    }
    layer.rule = topKRule(chosen_);
  }

  void adopt(const Knobs& knobs) override {
    chosen_ = knobs.topK;
    posterior_ = knobs.posterior;
    weights_ = {knobs.balanceWeight, knobs.posteriorWeight, knobs.spectrumWeight, knobs.diversityWeight};
  }

  std::vector<torch::Tensor> ownParameters() override { return {frames_}; }
  std::int64_t* counter() override { return &updates_; }

  std::string fault() const override {
    const torch::Tensor frames = frames_.detach().to(torch::kFloat64);
    const torch::Tensor off = torch::bmm(frames.transpose(1, 2), frames) - torch::eye(rank_, frames.options());
    if (off.abs().max().item<double>() > kOrthonormal) return "frames: their columns are not orthonormal";
    return (secondMoment_ >= 0).all().item<bool>() ? "" : "second_moment: a value is below 0";
  }

  /// Riemannian Adam on the Stiefel manifold with a scalar second moment per frame (Becigneul and Ganea 2019), retraction
  /// by QR.
  void updateOwn(double learningRate) override {
    if (!frames_.grad().defined()) return;
    const torch::NoGradGuard guard;
    constexpr double first = 0.9, second = 0.999;
    ++updates_;
    const torch::Tensor tangent = tangentPart(frames_, frames_.grad());
    firstMoment_.mul_(first).add_(tangent, 1.0 - first);
    secondMoment_.mul_(second).add_(tangent.square().sum({1, 2}, true), 1.0 - second);
    const double entries = static_cast<double>(dimension_) * rank_;
    const torch::Tensor scale = (secondMoment_ / ((1.0 - std::pow(second, updates_)) * entries)).sqrt_().add_(1e-8);
    const torch::Tensor moved = frames_ - learningRate / (1.0 - std::pow(first, updates_)) * firstMoment_ / scale;
    const bool inDouble = updates_ % kReorthonormaliseEvery == 0 && !kernelsFor(moved);  // the kernel sums in double always
    frames_.copy_(retract(inDouble ? moved.to(torch::kFloat64) : moved));
    firstMoment_.copy_(tangentPart(frames_, firstMoment_));
  }

 private:
  torch::Tensor spectra() const { return kSpectrumCap * torch::sigmoid(spectrumLogits_); }

  /// q_e = sum_j lambda_ej (u_ej . token)^2, T x N, by one product of T x d with d x (N r).
  torch::Tensor alignment(const torch::Tensor& tokens, const torch::Tensor& lambda) const {
    const torch::Tensor columns = frames_.permute({1, 0, 2}).reshape({dimension_, experts_ * rank_});
    return weightedSquares(product(tokens, columns, Dispatch::Fused), lambda, Dispatch::Fused);
  }

  /// What the network adds to the prior's logits, T x N.
  torch::Tensor correction(const torch::Tensor& tokens) const {
    return torch::mm(torch::silu(torch::mm(tokens, networkIn_) + networkBias_), networkOut_);
  }

  /// Mean over tokens of KL(softmax(a) || softmax(b)), nats.
  static torch::Tensor divergence(const torch::Tensor& a, const torch::Tensor& b) {
    const torch::Tensor first = torch::log_softmax(a, -1);
    return (first.exp() * (first - torch::log_softmax(b, -1))).sum(-1).mean();
  }

  /// Mean over pairs e != f of |U_e' U_f|_F^2 / r, in [0, 1].
  torch::Tensor overlapOfFrames() const {
    const torch::Tensor columns = frames_.permute({1, 0, 2}).reshape({dimension_, experts_ * rank_});
    const torch::Tensor all = torch::mm(columns.t(), columns).square().sum();
    const torch::Tensor own = torch::bmm(frames_.transpose(1, 2), frames_).square().sum();
    return (all - own) / static_cast<double>(experts_ * (experts_ - 1) * rank_);
  }

  template <typename Term>
  static void add(RouterOutput& output, double weight, const Term& term) {
    if (weight <= 0.0) return;
    const torch::Tensor loss = weight * term();
    output.auxiliaryLoss = output.auxiliaryLoss.defined() ? output.auxiliaryLoss + loss : loss;
  }

  static torch::Tensor tangentPart(const torch::Tensor& frame, const torch::Tensor& ambient) {
    const torch::Tensor product = torch::bmm(frame.transpose(1, 2), ambient);
    return ambient - torch::bmm(frame, (product + product.transpose(1, 2)) / 2);
  }

  static torch::Tensor retract(const torch::Tensor& moved) {
    if (const GpuKernels* kernels = kernelsFor(moved)) return orthonormalised(*kernels, moved);
    const auto [q, r] = torch::linalg_qr(moved);
    const torch::Tensor sign = torch::where(r.diagonal(0, 1, 2) < 0, -1.0, 1.0).to(q.scalar_type());
    return q * sign.unsqueeze(1);
  }

  struct Weights {
    double balance = 0.0, posterior = 0.0, spectrum = 0.0, diversity = 0.0;
  };

  int experts_, dimension_, rank_, chosen_ = 1;
  bool posterior_ = false;
  Weights weights_;
  std::int64_t updates_ = 0;
  torch::Tensor frames_, spectrumLogits_, networkIn_, networkBias_, networkOut_, firstMoment_, secondMoment_;
};

}  // namespace

RouterDeclaration declareGrassmannianRouter() {
  return declare<GrassmannianRouter>(
      {"grmoe",
       "Grassmannian (GrMoE)",
       "Gates are the posterior of Bingham distributions around learned subspaces; with the posterior knob, corrected by a small network",
       true,
       {"top-k", "capacity", "centre-tokens", "balance-weight", "posterior", "posterior-weight", "spectrum-weight",
        "diversity-weight", "frame-rank"}});
}

}  // namespace moescope
