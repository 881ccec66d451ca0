// Online K-Means: a router that no gradient trains (math specification, section 7).

#include "core/routers/router.h"

namespace moescope {
namespace {

constexpr double kCentroidRate = 0.01;

/// Each expert keeps a running mean of the unit tokens routed to it; the logit is the cosine to it.
class OnlineKMeansRouter : public Router {
 public:
  OnlineKMeansRouter(const Knobs& knobs, at::Generator& random) : chosen_(knobs.topK) {
    centroids_ = register_buffer("centroids", unitRows(torch::randn({knobs.experts, knobs.width}, random)));
  }

  RouterOutput route(const RouterInput& input) override {
    const torch::Tensor tokens = unitRows(input.tokens);
    const bool recording = is_training() && torch::GradMode::is_enabled();
    RouterOutput output;
    output.logits = tempered(torch::mm(tokens, unitRows(recording ? startOn(tokens.detach()) : centroids_).t()), input);
    output.probabilities = probabilitiesOf(output.logits);
    chooseTopK(output, chosen_);
    return output;
  }

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    layer.scores = toMatrix(torch::mm(unitRows(input.tokens), unitRows(centroids_).t()));
    layer.logPrior = Eigen::VectorXd::Zero(centroids_.size(0));
    layer.routerDirections = toMatrix(centroids_).rowwise().normalized();
    layer.rule = topKRule(chosen_);
  }

  void adopt(const Knobs& knobs) override { chosen_ = knobs.topK; }
  torch::Tensor rows() const override { return centroids_; }

  void afterStep(const RouterInput& input, const RouterOutput& output) override {
    const torch::Tensor tokens = unitRows(input.tokens.detach());
    centroids_.copy_(startOn(tokens));
    placed_ = tokens.size(0) >= centroids_.size(0) ? 1 : placed_;
    const torch::Tensor routed = torch::zeros({tokens.size(0), centroids_.size(0)}, tokens.options()).scatter_(1, output.experts, 1.0);
    const torch::Tensor counts = routed.sum(0).unsqueeze(1);
    const torch::Tensor means = torch::mm(routed.t(), tokens) / counts.clamp_min(1.0);
    centroids_.copy_(torch::where(counts > 0, centroids_.lerp(means, kCentroidRate), centroids_));
  }

  std::string fault() const override {
    return (centroids_.norm(2, 1) > 0).all().item<bool>() ? "" : "centroids: one is zero and has no direction";
  }
  std::int64_t* counter() override { return &placed_; }

 private:
  /// What a step begins with: in the first one its tokens, evenly spread over it, since neighbours in a text are too much alike to
  /// start from. Stored after the step, so that one that fails moves nothing.
  torch::Tensor startOn(const torch::Tensor& tokens) const {
    const int64_t experts = centroids_.size(0);
    if (placed_ || tokens.size(0) < experts) return centroids_;
    return tokens.index_select(0, torch::arange(experts, torch::TensorOptions(torch::kInt64).device(tokens.device())) * (tokens.size(0) / experts));
  }

  int chosen_;
  std::int64_t placed_ = 0;  // 1: the centroids have started on tokens
  torch::Tensor centroids_;
};

}  // namespace

RouterDeclaration declareOnlineKMeansRouter() {
  return declare<OnlineKMeansRouter>({"online_kmeans", "Online K-Means", "Cosine to a running mean of each expert's tokens; no parameters", true, {"top-k", "capacity", "centre-tokens"}});
}

}  // namespace moescope
