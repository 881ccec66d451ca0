#include "app/reproduce_lab.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/data/corpus.h"
#include "core/experiments/planted_trainer.h"

namespace moescope {
namespace {

constexpr std::uint64_t kTuningSeed = 1001;  // learning rates are chosen on this seed, never on those that are reported

double meanOf(const RunValues& result, const std::string& field) {
  const auto found = result.find(field);
  if (found == result.end()) return NAN;
  double sum = 0.0;
  int count = 0;
  for (const double value : found->second)
    if (std::isfinite(value)) {
      sum += value;
      ++count;
    }
  return count > 0 ? sum / count : NAN;
}

Arm oracleArm() {
  Arm oracle{kOracle, {}, true};
  oracle.knobs.topK = 1;
  oracle.knobs.device = "cpu";
  return oracle;
}

std::vector<double> combined(std::vector<double> first, const std::vector<double>& second,
                             const std::function<double(double, double)>& combine) {
  std::transform(first.begin(), first.end(), second.begin(), first.begin(), combine);
  return first;
}

}  // namespace

void Lab::addOracle(std::vector<Arm>& arms) const {
  if (options_.task == ExperimentTask::Planted) arms.push_back(oracleArm());
}

std::vector<PlannedRun> Lab::tuningOf(const std::vector<Arm>& arms) const {
  std::vector<PlannedRun> tuning;
  for (const Arm& arm : arms)
    for (const double rate : kLearningRates) tuning.push_back(planned(arm, rate, kTuningSeed));
  return tuning;
}

void Lab::train(std::vector<Arm> arms) {
  addOracle(arms);
  const std::vector<PlannedRun> tuning = tuningOf(arms);
  std::vector<PlannedRun> reported;
  RunProgress progress(nameOf(options_.task) + " task", tuning.size() + arms.size() * static_cast<std::size_t>(options_.seeds));
  const auto obtain = [&](const std::vector<PlannedRun>& runs) {
    if (options_.merged) requireResults(runs, folder_);
    else runAll(runs, folder_, options_.jobs, progress);
  };
  obtain(tuning);
  for (const Arm& arm : arms) {
    arms_.push_back(arm.name);
    results_[arm.name].learningRate = bestRate(arm);
    for (int seed = 1; seed <= options_.seeds; ++seed)
      reported.push_back(planned(arm, results_[arm.name].learningRate, static_cast<std::uint64_t>(seed)));
  }
  obtain(reported);
  auto run = reported.begin();
  for (const Arm& arm : arms)
    for (int seed = 1; seed <= options_.seeds; ++seed) results_[arm.name].seeds.push_back(resultOf(folder_, *run++));
}

void Lab::trainPart(std::vector<Arm> arms, const Shard& shard) const {
  addOracle(arms);
  const auto seeds = static_cast<std::size_t>(options_.seeds);
  const auto [first, last] = partOf(shard, arms.size() * seeds);
  if (first == last) return;
  const std::vector<Arm> own(arms.begin() + static_cast<std::ptrdiff_t>(first / seeds),
                             arms.begin() + static_cast<std::ptrdiff_t>((last - 1) / seeds + 1));
  const std::vector<PlannedRun> tuning = tuningOf(own);
  RunProgress progress(nameOf(options_.task) + " task", tuning.size() + last - first);
  runAll(tuning, folder_, options_.jobs, progress);
  std::vector<PlannedRun> reported;
  for (std::size_t i = first; i < last; ++i)
    reported.push_back(planned(arms[i / seeds], bestRate(arms[i / seeds]), i % seeds + 1));
  runAll(reported, folder_, options_.jobs, progress);
}

double Lab::bestRate(const Arm& arm) const {
  double least = INFINITY, best = 0.0;
  for (const double rate : kLearningRates) {
    const double loss = meanOf(resultOf(folder_, planned(arm, rate, kTuningSeed)), "held_out_loss");
    if (!(loss < least)) continue;
    least = loss;
    best = rate;
  }
  if (best == 0.0) throw std::runtime_error("no learning rate of the grid trained " + arm.name);
  return best;
}

std::vector<double> Lab::values(const std::string& arm, const std::string& field) const {
  std::vector<double> list;
  for (const RunValues& result : results_.at(arm).seeds) list.push_back(meanOf(result, field));
  return list;
}

std::vector<double> Lab::paired(const std::string& a, const std::string& b, const std::string& field,
                                const std::function<double(double, double)>& combine) const {
  return across(a, field, b, field, combine);
}

std::vector<double> Lab::pairedFields(const std::string& arm, const std::string& a, const std::string& b,
                                      const std::function<double(double, double)>& combine) const {
  return across(arm, a, arm, b, combine);
}

std::vector<double> Lab::across(const std::string& a, const std::string& field, const std::string& b, const std::string& other,
                                const std::function<double(double, double)>& combine) const {
  return combined(values(a, field), values(b, other), combine);
}

std::vector<double> Lab::collapsed(const std::string& arm, const std::string& field) const {
  std::vector<double> list;
  for (const RunValues& result : results_.at(arm).seeds) {
    const auto found = result.find(field);
    if (found == result.end())
      list.push_back(NAN);
    else
      list.push_back(std::any_of(found->second.begin(), found->second.end(), [](double dead) { return dead > 0.0; }) ? 1.0 : 0.0);
  }
  return list;
}

PlannedRun Lab::planned(const Arm& arm, double rate, std::uint64_t seed) const {
  PlannedRun run{arm.knobs, options_.steps, options_.task, arm.oracle};
  run.knobs.learningRate = rate;
  run.knobs.seed = seed;
  if (options_.task == ExperimentTask::Planted)
    run.knobs = plantedKnobs(run.knobs);
  else
    run.knobs.corpus = options_.corpus;
  return run;
}

}  // namespace moescope
