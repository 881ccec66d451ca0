#include "core/geometry/expert_source.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "core/geometry/stop_scope.h"
#include "core/geometry/stoppable_product.h"

namespace moescope {
namespace {

UnitArray preActivation(const RowMatrix& tokens, const RowMatrix& weights, const Eigen::VectorXf& bias) {
  RowMatrix units = productInPieces<RowMatrix>(tokens, weights.transpose());
  if (bias.size() > 0) units.rowwise() += bias.transpose();
  return units.array();
}

}  // namespace

UnitArray ExpertWeights::gateOf(const RowMatrix& tokens) const { return preActivation(tokens, gate, gateBias); }
UnitArray ExpertWeights::upOf(const RowMatrix& tokens) const { return preActivation(tokens, up, upBias); }
RowMatrix ExpertWeights::hiddenUnits(const RowMatrix& tokens) const {
  return activated(activation, gateOf(tokens), upOf(tokens)).matrix();
}

RowMatrix ExpertWeights::operator()(const RowMatrix& tokens) const {
  if (identity) return tokens;
  RowMatrix out = productInPieces<RowMatrix>(hiddenUnits(tokens), down.transpose());
  if (downBias.size()) out.rowwise() += downBias.transpose();
  return out;
}

ExpertsInMemory::ExpertsInMemory(std::vector<ExpertWeights> experts) : experts_(std::move(experts)) {
  if (experts_.empty()) throw std::invalid_argument("there are no experts");
  const Eigen::Index d = experts_.front().gate.cols();
  for (const ExpertWeights& e : experts_)
    if (e.gate.cols() != d || e.up.cols() != d || e.up.rows() != e.gate.rows() || e.down.rows() != d ||
        e.down.cols() != e.gate.rows())
      throw std::invalid_argument("expert weights are not I x d, I x d and d x I");
}

int threadsFor(int wanted, int experts) {
  return std::min(experts, wanted > 0 ? wanted : static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
}

void forEachExpert(const ExpertSource& experts, int threads, const std::function<bool(int)>& progress,
                   const std::function<void(int, const ExpertWeights&)>& work) {
  std::atomic<int> next = 0;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::exception_ptr failure;
  int done = 0;
  const auto unwanted = [&] {
    const std::lock_guard lock(mutex);
    return stop || !progress(done);
  };
  const auto run = [&] {
    ExpertWeights scratch;  // of this thread, used again
    const StopScope scope(unwanted);
    for (int e = next++; e < experts.count() && !stop; e = next++) {
      try {
        work(e, experts.read(e, scratch));
        const std::lock_guard lock(mutex);
        if (!progress(++done)) throw std::runtime_error("stopped");
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = std::current_exception();
        stop = true;
      }
    }
  };
  std::vector<std::thread> pool;
  for (int i = 1; i < threadsFor(threads, experts.count()); ++i) pool.emplace_back(run);
  run();
  for (std::thread& thread : pool) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace moescope
