#include "core/routers/registry.h"

#include <algorithm>
#include <stdexcept>

#include <ATen/CPUGeneratorImpl.h>

#include "core/routers/router.h"
#include "core/words/words.h"

// One line for each router, in the order in which they are offered; declareNameRouter() is defined in the router's own file.
#define MOESCOPE_ROUTERS(ROUTER) \
  ROUTER(Grassmannian) \
  ROUTER(TopK) \
  ROUTER(Soft) \
  ROUTER(NoisyTopK) \
  ROUTER(Switch) \
  ROUTER(LogSum) \
  ROUTER(Standardised) \
  ROUTER(TokenStandardised) \
  ROUTER(SignBias) \
  ROUTER(ProportionalBias) \
  ROUTER(LogitBias) \
  ROUTER(Sigmoid) \
  ROUTER(Sinkhorn) \
  ROUTER(Base) \
  ROUTER(ExpertChoice) \
  ROUTER(Relu) \
  ROUTER(VonMisesFisher) \
  ROUTER(OnlineKMeans) \
  ROUTER(Hash) \
  ROUTER(Dense)

namespace moescope {

#define MOESCOPE_DECLARE_ROUTER(name) RouterDeclaration declare##name##Router();
MOESCOPE_ROUTERS(MOESCOPE_DECLARE_ROUTER)
#undef MOESCOPE_DECLARE_ROUTER

const std::vector<RouterDeclaration>& routerRegistry() {
#define MOESCOPE_ROUTER(name) declare##name##Router(),
  static const std::vector<RouterDeclaration> registry = {MOESCOPE_ROUTERS(MOESCOPE_ROUTER)};
#undef MOESCOPE_ROUTER
  return registry;
}

const std::vector<RouterChoice>& routerChoices() {
  static const std::vector<RouterChoice> choices = [] {
    std::vector<RouterChoice> all;
    for (const RouterDeclaration& router : routerRegistry()) all.push_back(router.choice);
    return all;
  }();
  return choices;
}

const RouterChoice& requireRouter(const std::string& name) {
  const std::vector<RouterChoice>& choices = routerChoices();
  const auto found =
      std::find_if(choices.begin(), choices.end(), [&](const RouterChoice& choice) { return choice.name == name; });
  if (found != choices.end()) return *found;
  std::string known;
  for (const RouterChoice& choice : choices) known += (known.empty() ? "" : ", ") + choice.name;
  throw std::invalid_argument(translated("router '%1' is not known; expected one of %2", name, known));
}

std::shared_ptr<Router> createRouter(const Knobs& knobs, at::Generator& random) {
  requireRouter(knobs.router);
  const std::vector<RouterDeclaration>& all = routerRegistry();
  return std::find_if(all.begin(), all.end(), [&](const RouterDeclaration& router) { return router.choice.name == knobs.router; })
      ->make(knobs, random);
}

std::vector<std::string> knobsOfRows(std::vector<std::string> more) {
  more.insert(more.begin(), {"top-k", "capacity", "centre-tokens", "coupling-aware"});
  return more;
}

at::Generator seededGenerator(std::uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

torch::Tensor tempered(const torch::Tensor& logits, const RouterInput& input) {
  return input.concentration == 1.0 ? logits : logits * input.concentration;
}

torch::Tensor switchLoss(const RouterOutput& output, std::int64_t sequence) {
  const std::int64_t tokens = output.probabilities.size(0), experts = output.probabilities.size(1),
                     length = tokens % sequence == 0 ? sequence : tokens;
  const auto byRun = [&](const torch::Tensor& rows) { return rows.view({tokens / length, length, experts}).mean(1); };
  const torch::Tensor chosen = torch::zeros_like(output.probabilities.detach())
                                   .scatter_(1, output.experts, 1.0 / static_cast<double>(output.experts.size(1)));
  return static_cast<double>(experts) * (byRun(chosen) * byRun(output.probabilities)).sum(1).mean();
}

torch::Tensor workedOn(const RouterOutput& output) {
  if (!output.experts.defined()) return output.gates.detach().gt(0).to(output.gates.scalar_type());
  const torch::Tensor kept = output.kept.defined() ? output.kept : torch::ones_like(output.experts, torch::kBool);
  return torch::zeros_like(output.logits).scatter_(1, output.experts, kept.to(output.logits.scalar_type()));
}

TrainedRule topKRule(int k) {
  TrainedRule rule;
  rule.choice = TrainedRule::Choice::PerToken;
  rule.chosen = k;
  rule.renormalised = k >= 2;
  return rule;
}

torch::Tensor unitRows(const torch::Tensor& rows) { return rows / (rows.norm(2, -1, true) + 1e-6); }

torch::Tensor randomFrame(int rows, int columns, at::Generator& random) {
  return std::get<0>(torch::linalg_qr(torch::randn({rows, columns}, random, torch::kFloat64))).to(torch::kFloat32);
}

RowMatrix toMatrix(const torch::Tensor& tensor) {
  const torch::Tensor host = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  return Eigen::Map<const RowMatrix>(host.data_ptr<float>(), host.size(0), host.size(1));
}

torch::Tensor toTensor(const RowMatrix& matrix) {
  return torch::from_blob(const_cast<float*>(matrix.data()), {matrix.rows(), matrix.cols()}, torch::kFloat32).clone();
}

}  // namespace moescope
