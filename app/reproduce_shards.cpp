#include "app/reproduce_shards.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "app/reproduce_runs.h"
#include "core/data/output_file.h"

namespace moescope {
namespace {

namespace fs = std::filesystem;

std::string contentOf(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<fs::path> resultsIn(const fs::path& runs) {
  if (!fs::is_directory(runs))
    throw std::runtime_error(runs.string() + ": expected a folder of results, which reproduce --shard makes");
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(runs))
    if (entry.is_regular_file() && entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Shard shardNamed(const std::string& text) {
  Shard shard;
  int read = 0;
  const bool two = std::sscanf(text.c_str(), "%6d/%6d%n", &shard.number, &shard.of, &read) == 2 &&
                   static_cast<std::size_t>(read) == text.size();
  if (!two || shard.number < 1 || shard.number > shard.of)
    throw std::invalid_argument("'" + text + "': expected a part like 3/8, from 1/8 to 8/8");
  return shard;
}

std::pair<std::size_t, std::size_t> partOf(const Shard& shard, std::size_t count) {
  const auto before = [&](int parts) { return count * static_cast<std::size_t>(parts) / static_cast<std::size_t>(shard.of); };
  return {before(shard.number - 1), before(shard.number)};
}

std::vector<PlannedRun> partOf(const std::optional<Shard>& shard, const std::vector<PlannedRun>& runs) {
  if (!shard) return runs;
  const auto [first, last] = partOf(*shard, runs.size());
  return {runs.begin() + static_cast<std::ptrdiff_t>(first), runs.begin() + static_cast<std::ptrdiff_t>(last)};
}

void mergeRuns(const std::vector<std::string>& folders, const std::string& output) {
  std::size_t taken = 0, there = 0, leftOut = 0;
  for (const std::string& folder : folders)
    for (const fs::path& file : resultsIn(fs::path(folder) / "runs")) {
      const fs::path target = fs::path(output) / "runs" / file.filename();
      const std::string content = contentOf(file);
      if (runValuesOf(content).empty()) {
        std::fprintf(stderr, "left out: %s: expected a result of version %d\n", file.c_str(), kResultVersion);
        ++leftOut;
      } else if (fs::exists(target) && !runValuesOf(contentOf(target)).empty()) {
        ++there;
      } else {
        writeFileAtomically(target.string(), content);
        ++taken;
      }
    }
  std::fprintf(stderr, "%zu results taken, %zu were there already, %zu left out\n", taken, there, leftOut);
}

}  // namespace moescope
