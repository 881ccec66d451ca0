#pragma once
// The tables of `moescope reproduce`: which arms are trained, and the claims about them.

#include <functional>
#include <string>
#include <vector>

#include "app/reproduce_lab.h"
#include "core/experiments/finding.h"

namespace moescope {

/// Where a claim is asked.
enum class AskedOf { Both, Corpus, Planted };

/// What the papers say ("-": they do not ask; the question is ours), and how it is measured and judged here.
struct Claim {
  std::string claim, paper;
  std::function<Finding(const Lab&)> judge;
  AskedOf task = AskedOf::Both;
};

bool isAskedOf(const Claim& claim, ExperimentTask task);

struct ClaimTable {
  std::string name;
  std::vector<Arm> arms;
  std::vector<Claim> claims;
};

/// grmoe, coupling, asymmetry and collapse.
const std::vector<ClaimTable>& claimTables();

}  // namespace moescope
