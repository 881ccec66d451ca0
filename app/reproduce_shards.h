#pragma once
// A reproduction cut into parts for many machines, each of which trains its own runs, and put together again from their folders.

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/experiments/planned_run.h"

namespace moescope {

/// Part `number` of `of`, counted from 1.
struct Shard {
  int number = 1, of = 1;
};

/// From "3/8". Throws std::invalid_argument saying what was expected.
Shard shardNamed(const std::string& text);

/// First and one past the last of `count` things in a row that are the shard's; the shards' parts differ by one at most.
std::pair<std::size_t, std::size_t> partOf(const Shard& shard, std::size_t count);
/// Those of the runs that are the shard's; all where there is none.
std::vector<PlannedRun> partOf(const std::optional<Shard>& shard, const std::vector<PlannedRun>& runs);

/// Copies the results in FOLDER/runs of every folder into `output`/runs, each written atomically; what is there already stays. A
/// file that is no result of this version is named on standard error and left out. Throws std::runtime_error for a folder without
/// runs.
void mergeRuns(const std::vector<std::string>& folders, const std::string& output);

}  // namespace moescope
