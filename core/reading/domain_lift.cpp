#include "core/reading/domain_lift.h"
#include "core/words/words.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <stdexcept>
#include <utility>

namespace moescope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Tokens that share their domain in every permutation.
struct Units {
  std::int64_t size = 1;  ///< tokens of each
  std::vector<int> domain;
};

Units unitsOf(const std::vector<int>& domain, int run) {
  Units units{run, {}};
  for (std::size_t t = 0; t < domain.size(); t += static_cast<std::size_t>(run)) units.domain.push_back(domain[t]);
  return units;
}

bool hasOneDomainEach(const std::vector<int>& domain, std::size_t run) {
  bool whole = domain.size() % run == 0;
  for (std::size_t t = 0; whole && t < domain.size(); ++t) whole = domain[t] == domain[t - t % run];
  return whole;
}

/// How often each unit chose each expert, only where it did.
class Counts {
 public:
  Counts(const ChosenExperts& chosen, const Units& units) : begins_(units.domain.size() + 1) {
    std::vector<int> counts(static_cast<std::size_t>(chosen.experts), 0);
    for (std::size_t u = 0; u < units.domain.size(); ++u) {
      begins_[u] = entries_.size();
      const auto first = static_cast<std::int64_t>(u) * units.size;
      for (std::int64_t t = first; t < first + units.size; ++t)
        for (const std::int32_t e : chosen.of(t)) ++counts[static_cast<std::size_t>(e)];
      for (int e = 0; e < chosen.experts; ++e)
        if (const int count = std::exchange(counts[static_cast<std::size_t>(e)], 0); count > 0) entries_.push_back({e, count});
    }
    begins_.back() = entries_.size();
  }
  /// D x N: of the units of each domain.
  void countInto(const std::vector<int>& domain, Eigen::MatrixXd& counts) const {
    counts.setZero();
    for (std::size_t u = 0; u < domain.size(); ++u)
      for (std::size_t i = begins_[u]; i < begins_[u + 1]; ++i) counts(domain[u], entries_[i].expert) += entries_[i].count;
  }

 private:
  struct Entry {
    int expert, count;
  };
  std::vector<std::size_t> begins_;
  std::vector<Entry> entries_;
};

/// Mean and standard deviation of a count of tokens when n of T tokens, of which m chose the expert, are drawn without return
/// (hypergeometric). Only a scale where sequences are dealt: the permutations give the distribution.
struct Expected {
  Eigen::MatrixXd mean, deviation;
};

Expected expectedOf(const Eigen::VectorXd& ofDomain, const Eigen::VectorXd& ofExpert, double tokens) {
  Expected expected;
  expected.mean = ofDomain * ofExpert.transpose() / tokens;
  const Eigen::VectorXd domainRest = tokens - ofDomain.array(), expertRest = tokens - ofExpert.array();
  expected.deviation =
      (ofDomain.cwiseProduct(domainRest) * ofExpert.cwiseProduct(expertRest).transpose() / (tokens * tokens * (tokens - 1.0)))
          .cwiseSqrt();
  return expected;
}

/// Greatest |z| of the cells that can vary; 0 without one.
double greatest(const Eigen::MatrixXd& counts, const Expected& expected) {
  double most = 0.0;
  for (Eigen::Index i = 0; i < counts.size(); ++i)
    if (const double deviation = expected.deviation.data()[i]; deviation > 0.0)
      most = std::max(most, std::abs(counts.data()[i] - expected.mean.data()[i]) / deviation);
  return most;
}

DomainLift liftOf(const Eigen::MatrixXd& counts, const Expected& expected) {
  DomainLift result;
  const Eigen::VectorXd ofDomain = counts.rowwise().sum(), ofExpert = counts.colwise().sum().transpose();
  const double all = counts.sum();
  result.lift = result.z = Eigen::MatrixXd::Constant(counts.rows(), counts.cols(), kNone);
  for (Eigen::Index d = 0; d < counts.rows(); ++d)
    for (Eigen::Index e = 0; e < counts.cols(); ++e) {
      if (ofDomain[d] > 0.0 && ofExpert[e] > 0.0) result.lift(d, e) = std::log2(counts(d, e) / ofDomain[d] / (ofExpert[e] / all));
      if (expected.deviation(d, e) > 0.0) result.z(d, e) = (counts(d, e) - expected.mean(d, e)) / expected.deviation(d, e);
    }
  return result;
}

}  // namespace

DomainLifts domainLifts(const std::vector<const RowMatrix*>& gates, const std::vector<int>& domain, int domains, int run,
                        int permutations, std::uint64_t seed) {
  std::vector<ChosenExperts> choices;
  for (const RowMatrix* layer : gates) choices.push_back(chosenExperts(*layer));
  std::vector<const ChosenExperts*> layers;
  for (const ChosenExperts& layer : choices) layers.push_back(&layer);
  return domainLiftsOf(layers, domain, domains, run, permutations, seed);
}

DomainLifts domainLiftsOf(const std::vector<const ChosenExperts*>& layers, const std::vector<int>& domain, int domains, int run,
                          int permutations, std::uint64_t seed, const std::function<bool(int)>& progress) {
  if (run < 1 || !hasOneDomainEach(domain, static_cast<std::size_t>(run)))
    throw std::invalid_argument("runs to permute need one domain each");
  Units units = unitsOf(domain, run);
  const auto tokens = static_cast<double>(domain.size());
  DomainLifts result;
  result.permutations = permutations;
  result.units = static_cast<std::int64_t>(units.domain.size());
  result.unitTokens = units.size;
  Eigen::VectorXd ofDomain = Eigen::VectorXd::Zero(domains);
  for (const int d : domain) ofDomain[d] += 1.0;
  struct Tested {
    Counts counts;
    Expected expected;
    Eigen::MatrixXd scratch;
    std::size_t layer;
  };
  std::vector<Tested> tested;
  for (const ChosenExperts* layer : layers) {
    const Eigen::MatrixXd none = Eigen::MatrixXd::Constant(domains, layer->experts, kNone);
    result.layers.push_back({none, none, none});
    if (layer->tokens() == 0) continue;
    if (layer->tokens() != static_cast<std::int64_t>(domain.size()))
      throw std::invalid_argument("lifts over domains need the same tokens in every layer");
    Eigen::VectorXd ofExpert = Eigen::VectorXd::Zero(layer->experts);
    for (const std::int32_t e : layer->ids) ofExpert[e] += 1.0;
    tested.push_back({Counts(*layer, units), expectedOf(ofDomain, ofExpert, tokens), Eigen::MatrixXd(domains, layer->experts),
                      result.layers.size() - 1});
    Tested& last = tested.back();
    last.counts.countInto(units.domain, last.scratch);
    DomainLift& lift = result.layers.back();
    lift = liftOf(last.scratch, last.expected);
    lift.p = none;
    result.tests += lift.z.array().isFinite().count();
  }
  result.threshold = kNone;
  if (result.tests == 0) return result;
  std::mt19937_64 dice(seed);
  std::vector<double> maxima;
  for (int i = 0; i < permutations; ++i) {
    if (progress && !progress(i)) throw std::runtime_error("stopped");
    for (std::size_t u = units.domain.size(); u > 1; --u)
      std::swap(units.domain[u - 1], units.domain[dice() % u]);  // not std::shuffle, which differs between libraries
    double most = 0.0;
    for (Tested& each : tested) {
      each.counts.countInto(units.domain, each.scratch);
      most = std::max(most, greatest(each.scratch, each.expected));
    }
    maxima.push_back(most);
  }
  std::sort(maxima.begin(), maxima.end());
  constexpr double rounding = 1e-9;  // the same counts give the same z
  for (const Tested& each : tested) {
    DomainLift& lift = result.layers[each.layer];
    for (Eigen::Index i = 0; i < lift.z.size(); ++i)
      if (const double z = std::abs(lift.z.data()[i]); std::isfinite(z))
        lift.p.data()[i] =
            (1.0 + static_cast<double>(maxima.end() - std::lower_bound(maxima.begin(), maxima.end(), z - rounding))) /
            (1.0 + permutations);
  }
  const auto above =
      static_cast<std::size_t>(std::max(0.0, std::ceil(0.05 * (permutations + 1)) - 1.0));  // maxima that may lie above
  if (above <= maxima.size() && above > 0) result.threshold = maxima[maxima.size() - above];
  return result;
}

int runToPermute(const std::vector<int>& domain, int context) {
  const auto tokens = static_cast<int>(domain.size());
  if (context > 1 && context < tokens && hasOneDomainEach(domain, static_cast<std::size_t>(context))) return context;
  int common = 0, run = 0;
  for (std::size_t t = 0; t < domain.size(); ++t) {
    ++run;
    if (t + 1 < domain.size() && domain[t + 1] == domain[t]) continue;
    common = std::gcd(common, run);
    run = 0;
  }
  for (int length = std::min(kLongestRun, common); length > 1; --length)
    if (common % length == 0 && length < tokens) return length;
  return 1;
}

std::string describe(const DomainLifts& lifts) {
  const std::string permutations = std::to_string(lifts.permutations), units = std::to_string(lifts.units),
                    tests = std::to_string(lifts.tests);
  return lifts.unitTokens > 1
             ? translated("%1 permutations of %2 runs of %3 tokens, the greatest |z| of %4 tests", permutations, units,
                          std::to_string(lifts.unitTokens), tests)
             : translated("%1 permutations of %2 tokens, the greatest |z| of %3 tests", permutations, units, tests);
}

}  // namespace moescope
