#include "core/training/live_analysis.h"

#include "core/model/capacity.h"

namespace moescope {
namespace {

/// W_gate of each expert, I x d, out of the stacked N x d x 2I.
std::vector<RowMatrix> gateHalves(const torch::Tensor& in) {
  const int64_t hidden = in.size(2) / 2;
  std::vector<RowMatrix> halves;
  for (int64_t e = 0; e < in.size(0); ++e) halves.push_back(toMatrix(in[e].narrow(1, 0, hidden).t()));
  return halves;
}

std::shared_ptr<const ExpertSource> exportExperts(const StackedExperts& weights) {
  const int64_t hidden = weights.down.size(1);
  std::vector<ExpertWeights> experts;
  for (int64_t e = 0; e < weights.in.size(0); ++e)
    experts.push_back({toMatrix(weights.in[e].narrow(1, 0, hidden).t()),
                       toMatrix(weights.in[e].narrow(1, hidden, hidden).t()),
                       toMatrix(weights.down[e].t()),
                       {},
                       {},
                       {},
                       {}});
  return std::make_shared<const ExpertsInMemory>(std::move(experts));
}

/// Of a router whose scores are no product with rows: what it says of itself.
void describeInto(const LayerPass& trace, const Router& router, AnalysisInput& input) {
  LayerSnapshot view;
  view.hidden = toMatrix(trace.input.tokens);
  router.describe(trace.input, view);
  if (view.routerDirections.cols() == trace.tokens.size(1)) input.routerRows = view.routerDirections;
  for (const Eigen::MatrixXf& frame : view.frames) input.mixture.frames.push_back(frame.cast<double>());
  if (view.frames.empty()) return;
  input.mixture.spectra = view.spectra;
  input.mixture.logPrior = view.logPrior;
}

}  // namespace

LayerStart startOf(const Router& router, const StackedExperts& experts) {
  const torch::Tensor rows = router.rows();
  return {rows.defined() ? rows.detach().clone() : torch::Tensor(), experts.in.detach().clone()};
}

AnalysisInput analysisOf(const LayerPass& trace, const Router& router, const StackedExperts& experts, const LayerStart& start,
                         bool stepped) {
  AnalysisInput input;
  input.tokens = toMatrix(trace.tokens);
  input.scores = toMatrix(trace.output.logits);
  input.gates = toMatrix(appliedGates(trace.output, experts.in.size(0)));
  input.experts = exportExperts(experts);
  const torch::Tensor rows = router.rows();
  if (!rows.defined()) {
    describeInto(trace, router, input);
    return input;
  }
  input.routerRows = toMatrix(rows);
  input.routerMovement = toMatrix(rows - start.rows);
  input.gateMovements = gateHalves(experts.in - start.in);
  if (stepped && rows.grad().defined()) {
    input.routerGradient = toMatrix(rows.grad());
    input.gateGradients = gateHalves(experts.in.grad());
  }
  return input;
}

}  // namespace moescope
