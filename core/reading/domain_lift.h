#pragma once
// Which experts a domain uses more, or less, than the whole text does, and which of that is chance. Definitions: docs/layers.md.

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/metrics/row_matrix.h"
#include "core/reading/choice_statistics.h"

namespace moescope {

/// D domains by N experts of one layer.
struct DomainLift {
  Eigen::MatrixXd lift;  ///< log2 of P(e | d) / P(e), P: share of the assignments; -inf where the domain never chose it; NaN
                         ///< without tokens or assignments
  Eigen::MatrixXd z;  ///< (n - E n) / sd n of the tokens n of the domain that chose the expert, were domains dealt to tokens by
                      ///< chance; NaN where that cannot vary
  Eigen::MatrixXd p;  ///< chance of a |z| as great anywhere, in any layer, domain or expert, under the permutations: corrected
                      ///< for the number of tests; NaN where z is
};

inline constexpr int kLiftPermutations = 999;  ///< of all layers together

/// Of all layers that were tested together.
struct DomainLifts {
  std::vector<DomainLift> layers;
  int permutations = 0;
  std::int64_t units = 0;   ///< that were permuted
  std::int64_t unitTokens = 1;  ///< tokens in a row that each unit is
  std::int64_t tests = 0;   ///< cells with a z
  double threshold = 0.0;   ///< the smallest |z| whose p is below 0.05; NaN without tests
};

/// `layers`: the choices of the same T tokens in each; `domain`: T, in [0, domains). Runs of `run` tokens are permuted
/// whole, since neighbouring tokens are alike (runToPermute()); each has one domain, and they cover the tokens. p by the maximum
/// of |z| over all tests (Westfall and Young 1993, single step): (1 + permutations whose maximum is at least |z|) / (1 +
/// permutations). The same seed gives the same. A layer whose choices are not known is all NaN. `progress` gets the permutations
/// done and returns false to stop; then std::runtime_error("stopped") is thrown.
DomainLifts domainLiftsOf(const std::vector<const ChosenExperts*>& layers, const std::vector<int>& domain, int domains, int run,
                          int permutations, std::uint64_t seed, const std::function<bool(int)>& progress = {});
/// Of T x N gates of each layer, an expert chosen where its gate is not 0.
DomainLifts domainLifts(const std::vector<const RowMatrix*>& gates, const std::vector<int>& domain, int domains, int run,
                        int permutations, std::uint64_t seed);

/// The length of runs to permute: `context` where that divides the tokens into runs of one domain each; else, where every run of
/// tokens of one domain divides alike, at most kLongestRun of them; else 1.
int runToPermute(const std::vector<int>& domain, int context);
inline constexpr int kLongestRun = 32;

/// "199 permutations of 32 runs of 16 tokens, the greatest |z| of 64 tests"
std::string describe(const DomainLifts& lifts);

}  // namespace moescope
