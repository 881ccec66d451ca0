#include "app/bench_row.h"

#include <algorithm>

#include "app/bench_checkpoint.h"
#include "app/bench_subspaces.h"
#include "core/experiments/torch_angles.h"
#include "core/geometry/grassmann.h"
#include "core/geometry/grassmann_pairs.h"
#include "core/training/trainer.h"

namespace moescope {
namespace {

BenchRow stepRow(const std::string& router, Dispatch baselineDispatch, const std::string& baselineRouter,
                 const std::string& baseline, int rounds) {
  Knobs knobs, other;
  knobs.corpus = other.corpus = "procedural";
  knobs.router = router;
  other.router = baselineRouter;
  Trainer ours(knobs), theirs(other, baselineDispatch);
  BenchRow row = compare(
      "training step, " + router + ", 512 tokens, width 64, 2 layers, 8 experts", baseline, rounds, [&] { ours.step(); },
      [&] { theirs.step(); });
  row.tokens = knobs.batch * knobs.context;
  return row;
}

BenchRow snapshotRow(int rounds) {
  Knobs knobs;
  knobs.corpus = "procedural";
  Trainer trainer(knobs);
  return compare(
      "snapshot of the probe, " + tokensOf(*trainer.snapshot()), "one training step of 512 tokens", rounds,
      [&] { trainer.snapshot(); }, [&] { trainer.step(); });
}

BenchRow checkpointRow(int rounds) {
  BenchCheckpoint checkpoint;
  BenchRow row = compare(
      "all 32 experts of a bf16 checkpoint as floats, page cache, one thread",
      "read() of the same bytes into a buffer of one expert", std::min(rounds, 15), [&] { checkpoint.readExperts(); },
      [&] { checkpoint.readPlainly(); });
  row.bytes = static_cast<double>(checkpoint.bytes());
  return row;
}

}  // namespace

BenchRows trainingRows(int rounds) {
  return {stepRow("topk", Dispatch::PlainLoop, "topk", "the same model with one plain loop over experts", rounds),
          stepRow("grmoe", Dispatch::PlainLoop, "grmoe", "the same model with one plain loop over experts", rounds),
          stepRow("grmoe", Dispatch::Fused, "topk", "the same model with a linear top-k router", rounds)};
}

BenchRows snapshotRows(int rounds) { return {snapshotRow(rounds)}; }

BenchRows checkpointRows(int rounds) { return {checkpointRow(rounds)}; }

BenchRows angleRows(int rounds) {
  const std::vector<Eigen::MatrixXd> bases = benchSubspaces();
  const std::string what = "angles of all 2016 pairs of 64 subspaces, rank 16 of 128, double";
  const auto ours = [&] { principalAnglesOfAllPairs(bases); };
  const auto plainly = [&] {
    for (std::size_t i = 0; i < bases.size(); ++i)
      for (std::size_t j = i + 1; j < bases.size(); ++j) principalAngles(bases[i], bases[j]);
  };
  return {compare(what, "LibTorch's batched svdvals of cosines alone (error to 1e-8)", rounds, ours,
                  [&] { principalAnglesByTorch(bases, false); }),
          compare(what, "LibTorch's batched svdvals of cosines and sines", std::max(5, rounds / 5), ours,
                  [&] { principalAnglesByTorch(bases, true); }),
          compare(what, "the plain twin, pair by pair", std::max(5, rounds / 10), ours, plainly)};
}

}  // namespace moescope
