#include "core/reading/metric_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/reading/choice_margin.h"
#include "core/reading/posterior_agreement.h"
#include "core/metrics/bounds.h"
#include "core/metrics/load.h"

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr float kSparse = 0.01f;  // gates below count as none

const LayerSnapshot& layerOf(const MetricInput& in) { return in.snapshot.layers[static_cast<std::size_t>(in.routing.layer)]; }

double meanTopMass(const RowMatrix& probabilities, int k) {
  const Eigen::Index experts = probabilities.cols();
  if (k >= experts) return 1.0;
  std::vector<float> row(static_cast<std::size_t>(experts));
  double sum = 0.0;
  for (Eigen::Index t = 0; t < probabilities.rows(); ++t) {
    std::copy_n(probabilities.row(t).data(), experts, row.begin());
    std::nth_element(row.begin(), row.begin() + k - 1, row.end(), std::greater<>());
    for (int i = 0; i < k; ++i) sum += row[static_cast<std::size_t>(i)];
  }
  return sum / static_cast<double>(probabilities.rows());
}

/// Mean over tokens of the proven bound E4 from each token's own gap.
double meanTopMassBound(const RowMatrix& logits, int k) {
  const int experts = static_cast<int>(logits.cols());
  if (k >= experts) return 1.0;
  std::vector<float> row(static_cast<std::size_t>(experts));
  double sum = 0.0;
  for (Eigen::Index t = 0; t < logits.rows(); ++t) {
    std::copy_n(logits.row(t).data(), experts, row.begin());
    std::partial_sort(row.begin(), row.begin() + k + 1, row.end(), std::greater<>());
    sum += topKMassLowerBound(experts, k, row[static_cast<std::size_t>(k) - 1] - row[static_cast<std::size_t>(k)]);
  }
  return sum / static_cast<double>(logits.rows());
}

/// Each expert draws no token with probability prod_t (1 - p_te). The numbers of tokens are negatively associated, so that some
/// expert stays idle with at least 1 - prod_e (1 - that).
double leastIdleProbability(const RowMatrix& probabilities) {
  const Eigen::RowVectorXd idle = (-probabilities.cast<double>().array()).log1p().colwise().sum().exp();
  return -std::expm1((-idle.array()).log1p().sum());
}

/// NaN where the bound says nothing.
double idleBound(const RowMatrix& logits) {
  const double bound =
      idleExpertBound(static_cast<int>(logits.cols()), logits.rowwise().maxCoeff() - logits.rowwise().minCoeff());
  return bound < 1.0 ? bound : kNone;
}

/// KL(load || uniform), nats.
double uniformDivergence(const RoutingMeasures& measures) {
  return std::log(static_cast<double>(measures.load.size())) * (1.0 - measures.loadEntropy);
}

std::optional<PosteriorAgreement> agreementOf(const MetricInput& in) {
  return posteriorAgreement(layerOf(in), in.lens ? *in.lens : Lens{});
}

double meanRouterCosine(const RowMatrix& directions) {
  double sum = 0.0;
  int pairs = 0;
  for (Eigen::Index a = 0; a < directions.rows(); ++a)
    for (Eigen::Index b = a + 1; b < directions.rows(); ++b, ++pairs) sum += std::abs(directions.row(a).dot(directions.row(b)));
  return pairs > 0 ? sum / pairs : kNone;
}

}  // namespace

double giniCoefficient(const Eigen::VectorXd& load) {
  std::vector<double> rising(load.begin(), load.end());
  std::sort(rising.begin(), rising.end());
  double weighted = 0.0, sum = 0.0;
  for (std::size_t i = 0; i < rising.size(); ++i) {
    weighted += static_cast<double>(i + 1) * rising[i];
    sum += rising[i];
  }
  const double n = static_cast<double>(rising.size());
  return 2.0 * weighted / (n * sum) - (n + 1.0) / n;
}

double domainInformation(const RowMatrix& gates, const std::vector<int>& domain, int domains) {
  Eigen::MatrixXd joint = Eigen::MatrixXd::Zero(domains, gates.cols());
  for (Eigen::Index t = 0; t < gates.rows(); ++t) joint.row(domain[static_cast<std::size_t>(t)]) += gates.row(t).cast<double>();
  joint /= joint.sum();
  const Eigen::VectorXd byDomain = joint.rowwise().sum(), byExpert = joint.colwise().sum();
  double information = 0.0;
  for (Eigen::Index d = 0; d < joint.rows(); ++d)
    for (Eigen::Index e = 0; e < joint.cols(); ++e)
      if (joint(d, e) > 0.0) information += joint(d, e) * std::log(joint(d, e) / (byDomain[d] * byExpert[e]));
  return std::max(0.0, information);
}

double leadingExpertChurn(const RowMatrix& before, const RowMatrix& after) {
  if (before.rows() != after.rows() || before.cols() != after.cols() || before.rows() == 0) return kNone;
  int changed = 0;
  for (Eigen::Index t = 0; t < before.rows(); ++t) {
    Eigen::Index first = 0, second = 0;
    before.row(t).maxCoeff(&first);
    after.row(t).maxCoeff(&second);
    changed += first != second ? 1 : 0;
  }
  return static_cast<double>(changed) / static_cast<double>(before.rows());
}

std::string channelName(Channel channel) {
  switch (channel) {
    case Channel::Probability: return "probabilities";
    case Channel::AppliedGate: return "applied gates";
    case Channel::Assignment: return "assignments";
    case Channel::Training: return "assignments in training";
    case Channel::Router: return "router";
  }
  return {};
}

namespace {

std::vector<Metric> declaredMetrics() {
  return {
      {"entropy", "Entropy", "nats", Channel::Probability, "0…log N", "mean over tokens of H = -sum p log p",
       [](const MetricInput& in) { return in.routing.probability.meanEntropy; }},
      {"entropy_lower_bound", "  proven lower bound", "nats", Channel::Probability, "≤ entropy",
       "E2, from each token's range of logits", [](const MetricInput& in) { return in.routing.entropyLower; }},
      {"entropy_upper_bound", "  proven upper bound", "nats", Channel::Probability, "≥ entropy",
       "E3, from each token's gap of its two largest logits", [](const MetricInput& in) { return in.routing.entropyUpper; }},
      {"effective_experts", "Effective experts", "", Channel::Probability, "1…N", "mean over tokens of exp H",
       [](const MetricInput& in) { return in.routing.probability.effectiveExperts; }},
      {"top2_mass", "Top-2 mass", "", Channel::Probability, "2/N…1", "mean over tokens of the two largest probabilities",
       [](const MetricInput& in) { return meanTopMass(in.routing.probabilities, 2); }},
      {"top2_mass_lower_bound", "  proven lower bound", "", Channel::Probability, "≤ mass",
       "E4, from the gap behind the second largest logit",
       [](const MetricInput& in) { return meanTopMassBound(in.routing.logits, 2); }},
      {"least_probability_load", "Least mean probability", "of mean", Channel::Probability, "1",
       "N times the smallest mean probability of an expert",
       [](const MetricInput& in) {
         return in.routing.probability.load.minCoeff() * static_cast<double>(in.routing.probability.load.size());
       }},
      {"least_probability_load_bound", "  proven lower bound", "of mean", Channel::Probability, "≤ least",
       "C2, from KL(mean probabilities || uniform); 0: nothing is excluded",
       [](const MetricInput& in) {
         const int experts = static_cast<int>(in.routing.probability.load.size());
         return experts * leastLoadBound(experts, uniformDivergence(in.routing.probability));
       }},
      {"idle_probability", "P(an expert idle), at least", "", Channel::Probability, "0",
       "if every probe token drew one expert by its probabilities: 1 - prod_e (1 - prod_t (1 - p_te))",
       [](const MetricInput& in) { return leastIdleProbability(in.routing.probabilities); }},
      {"idle_probability_bound", "  proven upper bound", "", Channel::Probability, "≥ P",
       "C1, N prod_t (1 - p_min of the token's range of logits); – where it is 1 or more",
       [](const MetricInput& in) { return idleBound(in.routing.logits); }},
      {"posterior_divergence", "KL(posterior || prior)", "nats", Channel::Probability, "0 = same",
       "mean over tokens; only with GrMoE's posterior on",
       [](const MetricInput& in) {
         const auto both = agreementOf(in);
         return both ? both->meanDivergence : kNone;
       }},
      {"posterior_agreement", "Posterior and prior agree", "share", Channel::Probability, "1",
       "share of tokens whose leading expert is the same in both",
       [](const MetricInput& in) {
         const auto both = agreementOf(in);
         return both ? both->agreement : kNone;
       }},
      {"choice_margin", "Margin of the choice", "", Channel::Probability, "> 0",
       "mean over tokens: least of what the router's own rule ranks by among the chosen experts, less the greatest among the others; bias included",
       [](const MetricInput& in) {
         return choiceMargin(
             layerOf(in).rule, in.routing.logits, in.routing.probabilities,
             gatesAsTrained(layerOf(in), in.lens ? *in.lens : Lens{}, in.routing.logits, in.routing.probabilities));
       }},
      {"choices_without_bias", "Choices shared without bias", "share", Channel::Probability, "1 = same",
       "mean over tokens of |A and B| / |A or B|: experts that the router's own rule chooses with and without the bias that counts for the choice only",
       [](const MetricInput& in) {
         return choicesSharedWithoutBias(layerOf(in).rule, in.routing.logits, in.routing.probabilities);
       }},
      {"load_cv", "Load CV", "", Channel::AppliedGate, "0",
       "standard deviation of the loads / mean load; load: mean applied gate, each token's scaled to sum 1",
       [](const MetricInput& in) { return in.routing.applied.loadVariation; }},
      {"max_vio", "MaxVio", "", Channel::AppliedGate, "0", "largest load / mean load - 1",
       [](const MetricInput& in) { return in.routing.applied.maxViolation; }},
      {"load_gini", "Gini of loads", "", Channel::AppliedGate, "0", "mean absolute difference of loads / (2 mean load)",
       [](const MetricInput& in) { return giniCoefficient(in.routing.applied.load); }},
      {"load_entropy", "Load entropy", "of log N", Channel::AppliedGate, "1", "H(load) / log N",
       [](const MetricInput& in) { return in.routing.applied.loadEntropy; }},
      {"least_load", "Least load", "of mean", Channel::AppliedGate, "1", "N times the smallest load",
       [](const MetricInput& in) {
         return in.routing.applied.load.minCoeff() * static_cast<double>(in.routing.applied.load.size());
       }},
      {"dead_experts", "Dead experts", "", Channel::Assignment, "0",
       "experts with under a tenth of the mean number of assignments (gates above 0)",
       [](const MetricInput& in) {
         const Eigen::VectorXd load = in.snapshot.capture ? in.routing.applied.load : assignedLoad(in.routing.gates);
         return static_cast<double>(deadExperts(load));
       }},
      {"unserved_tokens", "Tokens without expert", "", Channel::Assignment, "0",
       "probe tokens without any applied gate, dropped by capacity or taken by no expert; loads and entropy of applied gates leave them out",
       [](const MetricInput& in) { return static_cast<double>(in.routing.unserved); }},
      {"gates_below_0.01", "Gates below 0.01", "share", Channel::AppliedGate, "",
       "share of all token-expert pairs with an applied gate under 0.01",
       [](const MetricInput& in) {
         return static_cast<double>((in.routing.gates.array() < kSparse).count()) / static_cast<double>(in.routing.gates.size());
       }},
      {"specialisation", "I(token; expert)", "nats", Channel::AppliedGate, "0 = none",
       "H(load) - mean H of a token's applied gates", [](const MetricInput& in) { return in.routing.applied.specialisation; }},
      {"domain_information", "I(domain; expert)", "nats", Channel::AppliedGate, "0 = none",
       "mutual information of a token's domain and expert; biased upwards by about (D-1)(N-1)/2T",
       [](const MetricInput& in) {
         return domainInformation(in.routing.gates, in.snapshot.probe->domain,
                                  static_cast<int>(in.snapshot.probe->domainNames.size()));
       }},
      {"churn", "Churn since last picture", "share", Channel::Probability, "0 = settled",
       "share of probe tokens whose leading expert changed since the snapshot before",
       [](const MetricInput& in) {
         return in.earlier ? leadingExpertChurn(in.earlier->probabilities, in.routing.probabilities) : kNone;
       }},
      {"training_intended_cv", "Intended load CV", "", Channel::Training, "0",
       "CV of the assignments that the router chose in the last ten or so training steps",
       [](const MetricInput& in) { return variationOf(layerOf(in).trainingLoad); }},
      {"training_actual_cv", "Actual load CV", "", Channel::Training, "0", "the same of what the experts' capacity let through",
       [](const MetricInput& in) {
         const LayerSnapshot& layer = layerOf(in);
         return layer.trainingDropped.size() == layer.trainingLoad.size()
                    ? variationOf(layer.trainingLoad - layer.trainingDropped)
                    : kNone;
       }},
      {"training_dropped", "Dropped by capacity", "share", Channel::Training, "0", "assignments dropped / assignments intended",
       [](const MetricInput& in) { return layerOf(in).trainingDropped.size() > 0 ? layerOf(in).trainingDropped.sum() : kNone; }},
      {"router_similarity", "Router similarity", "|cos|", Channel::Router, "0…1",
       "mean |cos| of different experts' router directions; sqrt(2/(pi d)) for random ones; – where the router has none",
       [](const MetricInput& in) { return meanRouterCosine(layerOf(in).routerDirections); }},
  };
}

/// A capture tells of loads only.
bool toldByCaptures(const std::string& name) {
  return name.starts_with("load_") || name == "max_vio" || name == "least_load" || name == "dead_experts";
}

std::vector<Metric> metricsOfCapturesToo() {
  std::vector<Metric> table = declaredMetrics();
  for (Metric& metric : table)
    metric.value = [value = metric.value, told = toldByCaptures(metric.name)](const MetricInput& in) {
      const CapturedRouting* capture = in.snapshot.capture.get();
      return capture && !(told && capture->routed()) ? kNone : value(in);
    };
  return table;
}

}  // namespace

const std::vector<Metric>& metricTable() {
  static const std::vector<Metric> table = metricsOfCapturesToo();
  return table;
}

}  // namespace moescope
