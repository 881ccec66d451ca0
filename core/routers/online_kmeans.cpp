// Online K-Means: a router that no gradient trains (math specification, section 7).

#include "core/routers/router.h"

namespace moescope {
namespace {

constexpr double kCentroidRate = 0.01;

/// Each expert keeps a running mean of the unit tokens routed to it; the logit is the cosine to it.
class OnlineKMeansRouter : public Router {
 public:
  explicit OnlineKMeansRouter(const Knobs& knobs) : chosen_(knobs.topK) {
    centroids_ = register_buffer("centroids", unitRows(torch::randn({knobs.experts, knobs.width})));
  }

  RouterOutput route(const RouterInput& input) override {
    const torch::Tensor tokens = unitRows(input.tokens);
    if (!placed_ && is_training() && torch::GradMode::is_enabled()) placeOn(tokens.detach());
    RouterOutput output;
    output.logits = torch::mm(tokens, unitRows(centroids_).t());
    output.probabilities = probabilitiesOf(output.logits);
    chooseTopK(output, chosen_);
    return output;
  }

  void describe(const RouterInput& input, LayerSnapshot& layer) const override {
    layer.scores = toMatrix(torch::mm(unitRows(input.tokens), unitRows(centroids_).t()));
    layer.logPrior = Eigen::VectorXd::Zero(centroids_.size(0));
    layer.routerDirections = toMatrix(centroids_).rowwise().normalized();
  }

  void adopt(const Knobs& knobs) override { chosen_ = knobs.topK; }
  torch::Tensor rows() const override { return centroids_; }

  void afterStep(const RouterInput& input, const RouterOutput& output) override {
    const torch::Tensor tokens = unitRows(input.tokens.detach());
    const torch::Tensor routed = torch::zeros({tokens.size(0), centroids_.size(0)}, tokens.options()).scatter_(1, output.experts, 1.0);
    const torch::Tensor counts = routed.sum(0).unsqueeze(1);
    const torch::Tensor means = torch::mm(routed.t(), tokens) / counts.clamp_min(1.0);
    centroids_.copy_(torch::where(counts > 0, centroids_.lerp(means, kCentroidRate), centroids_));
  }

 private:
  /// The first batch's tokens, evenly spread over it: neighbours in a text are too much alike to start from.
  void placeOn(const torch::Tensor& tokens) {
    const int64_t experts = centroids_.size(0);
    if (tokens.size(0) < experts) return;
    centroids_.copy_(tokens.index_select(0, torch::arange(experts, torch::TensorOptions(torch::kInt64).device(tokens.device())) *
                                                (tokens.size(0) / experts)));
    placed_ = true;
  }

  int chosen_;
  bool placed_ = false;
  torch::Tensor centroids_;
};

}  // namespace

RouterDeclaration declareOnlineKMeansRouter() {
  return declare<OnlineKMeansRouter>({"online_kmeans", "Online K-Means", "Cosine to a running mean of each expert's tokens; no parameters"});
}

}  // namespace moescope
