// Online K-Means: a router that no gradient trains (math specification, section 7).

#include "core/routers/router.h"

namespace moescope {
namespace {

/// N tokens of T drawn as k-means++ draws them (Arthur and Vassilvitskii 2007): the first evenly, each further one in proportion
/// to its squared distance from the nearest that is drawn. On the CPU, whose generator draws.
torch::Tensor drawnApart(const torch::Tensor& tokens, std::int64_t count, at::Generator& random) {
  const torch::Tensor all = tokens.to(torch::kCPU, torch::kFloat64);
  torch::Tensor nearest = torch::ones({all.size(0)}, torch::kFloat64);
  std::vector<torch::Tensor> drawn;
  for (std::int64_t e = 0; e < count; ++e) {
    if (!(nearest.sum().item<double>() > 0.0)) nearest = torch::ones_like(nearest);  // fewer different tokens than experts
    drawn.push_back(torch::multinomial(nearest, 1, false, random));
    const torch::Tensor distance = (all - all.index_select(0, drawn.back())).square().sum(1);
    nearest = e == 0 ? distance : torch::minimum(nearest, distance);
  }
  return tokens.index_select(0, torch::cat(drawn).to(tokens.device()));
}

/// The mean token, once for each expert, with noise as wide as the tokens spread about it in each coordinate.
torch::Tensor meanWithNoise(const torch::Tensor& tokens, std::int64_t count, at::Generator& random) {
  const torch::Tensor noise = torch::randn({count, tokens.size(1)}, random).to(tokens.options());
  return tokens.mean(0, true) + noise * tokens.std(0, false, true);
}

/// Neighbours in a text are too much alike to start from: evenly spread over the tokens.
torch::Tensor spreadOver(const torch::Tensor& tokens, std::int64_t count) {
  return tokens.index_select(
      0, torch::arange(count, torch::TensorOptions(torch::kInt64).device(tokens.device())) * (tokens.size(0) / count));
}

/// Each expert keeps a running mean of the tokens routed to it, of unit length or as they are; the logit is the cosine to it.
class OnlineKMeansRouter : public Router {
 public:
  OnlineKMeansRouter(const Knobs& knobs, at::Generator& random) : start_(knobs.centroidStart) {
    adopt(knobs);
    centroids_ = register_buffer("centroids", unitRows(torch::randn({knobs.experts, knobs.width}, random)));
  }

  RouterOutput route(const RouterInput& input) override {
    const bool recording = is_training() && torch::GradMode::is_enabled();
    if (recording) begun_ = startOn(input);
    RouterOutput output;
    output.logits = tempered(torch::mm(unitRows(input.tokens), unitRows(recording ? begun_ : centroids_).t()), input);
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

  void adopt(const Knobs& knobs) override {
    chosen_ = knobs.topK;
    rate_ = knobs.centroidRate;
    unit_ = knobs.unitCentroids;
  }
  torch::Tensor rows() const override { return centroids_; }

  void afterStep(const RouterInput& input, const RouterOutput& output) override {
    const torch::Tensor tokens = followed(input);
    if (!placed_) centroids_.copy_(begun_);
    placed_ = tokens.size(0) >= centroids_.size(0) ? 1 : placed_;
    const torch::Tensor routed =
        torch::zeros({tokens.size(0), centroids_.size(0)}, tokens.options()).scatter_(1, output.experts, 1.0);
    const torch::Tensor counts = routed.sum(0).unsqueeze(1);
    const torch::Tensor means = torch::mm(routed.t(), tokens) / counts.clamp_min(1.0);
    centroids_.copy_(torch::where(counts > 0, centroids_.lerp(means, rate_), centroids_));
  }

  std::string fault() const override {
    return (centroids_.norm(2, 1) > 0).all().item<bool>() ? "" : "centroids: one is zero and has no direction";
  }
  std::int64_t* counter() override { return &placed_; }

 private:
  torch::Tensor followed(const RouterInput& input) const {
    return unit_ ? unitRows(input.tokens.detach()) : input.tokens.detach();
  }

  /// What a step begins with: the centroids, in the first one placed by its tokens. Stored after the step, so that one that fails
  /// moves nothing.
  torch::Tensor startOn(const RouterInput& input) const {
    const torch::NoGradGuard guard;
    const std::int64_t experts = centroids_.size(0);
    if (placed_ || input.tokens.size(0) < experts) return centroids_;
    const torch::Tensor tokens = followed(input);
    at::Generator random = input.noise ? *input.noise : seededGenerator(0);
    if (start_ == "plusplus") return drawnApart(tokens, experts, random);
    if (start_ == "noise") return meanWithNoise(tokens, experts, random);
    return spreadOver(tokens, experts);
  }

  std::string start_;
  int chosen_ = 1;
  double rate_ = 0.01;
  bool unit_ = true;
  std::int64_t placed_ = 0;  // 1: the centroids have started on tokens
  torch::Tensor centroids_, begun_;
};

}  // namespace

RouterDeclaration declareOnlineKMeansRouter() {
  return declare<OnlineKMeansRouter>(
      {"online_kmeans",
       "Online K-Means",
       "Cosine to a running mean of each expert's tokens; no parameters",
       true,
       {"top-k", "capacity", "centre-tokens", "centroid-rate", "centroid-start", "unit-centroids"}});
}

}  // namespace moescope
