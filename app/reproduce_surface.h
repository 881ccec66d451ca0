#pragma once
// `moescope reproduce coupling --surface`: how similar Switch's auxiliary loss makes router rows, by its weight, the steps
// trained, the number of experts, top-k and centring: a claim about "the auxiliary loss" is one about a region of this surface.

#include <optional>
#include <string>
#include <vector>

#include "app/reproduce_shards.h"
#include "core/experiments/statistics.h"

namespace moescope {

struct SurfaceOptions {
  std::string output = "output/reproduce", corpus = "debian";
  int seeds = 5, jobs = 0;
  long steps = 8000;                           ///< of every run; kRowSteps on the way are measured too
  std::vector<int> experts = {8, 16, 32, 64}, topK = {1, 2};
  std::vector<double> weights = {0.001, 0.01, 0.1, 1.0};
  std::optional<Shard> shard;                  ///< train this part alone
  bool merged = false;                         ///< train nothing: every result must be there
};

/// One setting, in which the loss is given several weights for several steps.
struct Region {
  int experts = 8, topK = 2;
  bool centred = true;
};

/// Rows with the loss against rows without, at one weight after so many steps, over seeds.
struct SurfaceCell {
  Region region;
  double weight = 0.0;
  long step = 0;
  Interval ratio;         ///< of mean |cos|
  Interval ratioCentred;  ///< of mean |cos| after the mean row is taken out: what routing depends on
  Interval difference;    ///< of mean cos, with less without
  Interval differenceCentred;  ///< the same after the mean row is taken out; about 0 whatever the rows are, since those sum to 0
  Interval with, without;      ///< mean |cos| itself, mean row out
  Interval maxViolation;  ///< difference of MaxVio on the probe
};

/// Trains what is not there yet, having said how long that takes, and writes coupling_surface.json, .csv and .png into the output
/// folder. With a shard nothing but its runs. Throws as runAll() does.
void reproduceSurface(const SurfaceOptions& options, bool json);

/// "more similar in 7 of 20 cells (weight 0.1 to 1), less in 3; with the mean row in them more in 9, at most 5.38 times": by
/// intervals of the ratio, centred and not, that lie above or below 1; the last is a mean.
std::string verdictOf(const std::vector<SurfaceCell>& cells);

}  // namespace moescope
