#pragma once
// The laboratory of `moescope reproduce`: arms (a router in a setting), trained on equal terms, and their values by seed.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/reproduce_runs.h"
#include "app/reproduce_shards.h"

namespace moescope {

/// A router in a setting; everything else (data, initial experts, steps) is the same for all.
struct Arm {
  std::string name;
  Knobs knobs;
  bool oracle = false;  ///< the true cluster routes; for the planted task only
};

/// The name of the arm that a lab adds to the planted task: each token to the expert of its true cluster, trained like all
/// others.
inline constexpr const char* kOracle = "oracle";

/// Every arm is tried with each of these on the tuning seed.
inline constexpr double kLearningRates[] = {1e-3, 3e-3, 1e-2, 3e-2};

struct LabOptions {
  std::string output = "output/reproduce", corpus = "debian";
  ExperimentTask task = ExperimentTask::Corpus;
  int seeds = 8, jobs = 0;
  long steps = 400;
  bool merged = false;  ///< train nothing: every result must be there
};

class Lab {
 public:
  explicit Lab(const LabOptions& options)
      : options_(options), folder_(runFolder(options.output + "/runs", options.task, options.corpus)) {}

  /// Trains every arm, and on the planted task the oracle, with each learning rate of the grid on a seed of its own, then with
  /// the best (lowest held-out loss) on all seeds. Throws std::runtime_error naming an arm that no learning rate could train.
  void train(std::vector<Arm> arms);

  /// Trains one part of the runs that train() reports, cut by arm and seed, and what chooses the learning rates of its arms:
  /// parts on machines that do not know of each other give together what train() gives.
  void trainPart(std::vector<Arm> arms, const Shard& shard) const;

  /// Names of what was trained, in the order of the table, the oracle last.
  const std::vector<std::string>& arms() const { return arms_; }

  /// One value for each seed: the mean over layers of a field, NaN where a run is missing.
  std::vector<double> values(const std::string& arm, const std::string& field) const;
  /// The same by seed, `combine` of two arms, of two fields of one, or of a field of one and another field of another.
  std::vector<double> paired(const std::string& a, const std::string& b, const std::string& field,
                             const std::function<double(double, double)>& combine) const;
  std::vector<double> pairedFields(const std::string& arm, const std::string& a, const std::string& b,
                                   const std::function<double(double, double)>& combine) const;
  std::vector<double> across(const std::string& a, const std::string& field, const std::string& b, const std::string& other,
                             const std::function<double(double, double)>& combine) const;
  /// One for each seed: 1 where a layer has a dead expert in all of the last three evaluations. `field`: dead_hard or dead_soft.
  std::vector<double> collapsed(const std::string& arm, const std::string& field) const;

  double learningRate(const std::string& arm) const { return results_.at(arm).learningRate; }
  const LabOptions& options() const { return options_; }

 private:
  struct ArmResults {
    double learningRate = 0.0;
    std::vector<RunValues> seeds;
  };

  void addOracle(std::vector<Arm>& arms) const;
  std::vector<PlannedRun> tuningOf(const std::vector<Arm>& arms) const;
  PlannedRun planned(const Arm& arm, double rate, std::uint64_t seed) const;
  double bestRate(const Arm& arm) const;

  LabOptions options_;
  RunFolder folder_;
  std::vector<std::string> arms_;
  std::map<std::string, ArmResults> results_;
};

}  // namespace moescope
