#include "core/geometry/grassmann_pairs.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <utility>

#include "core/cuda/gpu_kernels.h"
#include "core/geometry/grassmann.h"
#include "core/geometry/pair_kernels.h"
#include "core/geometry/stop_scope.h"

namespace moescope {
namespace {

/// Above this cosine the angle is taken from its sine: below, acos widens the cosine's rounding threefold at most.
constexpr double kNearOne = 0.95;

/// Up to kPairLanes subspaces of one rank, one in each lane.
struct Group {
  int first = 0, count = 0, rank = 0;  ///< positions first, first + 1, ... in the order of falling rank
  std::vector<double> packed;          ///< lane matrix, d x rank; lanes beyond `count` repeat the last subspace
};

/// One subspace against a group of equal or smaller rank.
struct Task {
  int wide = 0;  ///< position
  const Group* group = nullptr;
};

std::size_t pairIndex(int subspaces, int first, int second) {
  const auto [low, high] = std::minmax(first, second);
  return static_cast<std::size_t>(low) * static_cast<std::size_t>(2 * subspaces - low - 1) / 2 +
         static_cast<std::size_t>(high - low - 1);
}

void requireOneSpace(const std::vector<Eigen::MatrixXd>& bases) {
  for (const auto& basis : bases) {
    if (basis.size() == 0) throw std::invalid_argument("principal angles need subspaces that are not empty");
    if (basis.rows() != bases[0].rows())
      throw std::invalid_argument("principal angles need subspaces of one space: the numbers of rows differ");
  }
}

Group pack(const std::vector<Eigen::MatrixXd>& bases, const std::vector<int>& order, int first, int count) {
  const auto at = [&](int position) -> const Eigen::MatrixXd& {
    return bases[static_cast<std::size_t>(order[static_cast<std::size_t>(position)])];
  };
  Group group{first, count, static_cast<int>(at(first).cols()), {}};
  group.packed.resize(static_cast<std::size_t>(at(first).size()) * kPairLanes);
  for (int lane = 0; lane < kPairLanes; ++lane) {
    const double* source = at(first + std::min(lane, count - 1)).data();
    for (std::size_t i = 0; i < group.packed.size() / kPairLanes; ++i)
      group.packed[i * kPairLanes + static_cast<std::size_t>(lane)] = source[i];
  }
  return group;
}

std::vector<Group> groupsOf(const std::vector<Eigen::MatrixXd>& bases, const std::vector<int>& order) {
  std::vector<Group> groups;
  const int count = static_cast<int>(order.size());
  const auto rank = [&](int position) {
    return bases[static_cast<std::size_t>(order[static_cast<std::size_t>(position)])].cols();
  };
  for (int first = 0, next = 0; first < count; first = next) {
    while (next < count && next < first + kPairLanes && rank(next) == rank(first)) ++next;
    groups.push_back(pack(bases, order, first, next - first));
  }
  return groups;
}

/// Memory of one thread.
struct Workspace {
  std::vector<double> inner, turned, residual, cosines, sines;
};

/// Every lane's values, sorted: lane l's at [l * rank].
std::vector<double> sortedByLane(const std::vector<double>& values, int rank, bool falling) {
  std::vector<double> sorted(static_cast<std::size_t>(rank) * kPairLanes);
  for (int lane = 0; lane < kPairLanes; ++lane) {
    const auto begin = sorted.begin() + lane * rank, end = begin + rank;
    for (int i = 0; i < rank; ++i) begin[i] = values[static_cast<std::size_t>(i * kPairLanes + lane)];
    falling ? std::sort(begin, end, std::greater<>()) : std::sort(begin, end);
  }
  return sorted;
}

class AllPairs {
 public:
  AllPairs(const std::vector<Eigen::MatrixXd>& bases, PairAngles& result) : bases_(bases), result_(result), order_(bases.size()) {
    std::iota(order_.begin(), order_.end(), 0);
    std::stable_sort(order_.begin(), order_.end(), [&](int a, int b) { return basis(a).cols() > basis(b).cols(); });
    groups_ = groupsOf(bases, order_);
    for (const Group& group : groups_)
      for (int wide = 0; wide + 1 < group.first + group.count; ++wide) tasks_.push_back({wide, &group});
  }

  void run(int threads) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      Workspace space;
      for (std::size_t i = next++; i < tasks_.size(); i = next++) measure(tasks_[i], space);
    };
    std::vector<std::jthread> helpers;
    const int wanted = threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    for (int t = 1; t < std::min(wanted, static_cast<int>(tasks_.size())); ++t) helpers.emplace_back(work);
    try {  // this thread alone knows who wants it to stop
      Workspace space;
      for (std::size_t i = next++; i < tasks_.size(); i = next++) stopIfWanted(), measure(tasks_[i], space);
    } catch (...) {
      next = tasks_.size();
      throw;
    }
  }

 private:
  const Eigen::MatrixXd& basis(int subspace) const { return bases_[static_cast<std::size_t>(subspace)]; }

  void measure(const Task& task, Workspace& space) {
    const Eigen::MatrixXd& wide = basis(order_[static_cast<std::size_t>(task.wide)]);
    const Group& group = *task.group;
    const int d = static_cast<int>(wide.rows()), r = static_cast<int>(wide.cols());
    space.inner.resize(static_cast<std::size_t>(r * group.rank) * kPairLanes);
    space.cosines.resize(static_cast<std::size_t>(group.rank) * kPairLanes);
    const PairKernels& kernels = pairKernels();
    kernels.multiply({wide.data(), r, d, d, 1}, group.packed.data(), group.rank, nullptr, space.inner.data());
    space.turned = space.inner;
    unsigned failed = kernels.singularValues(space.turned.data(), r, group.rank, space.cosines.data());
    const std::vector<double> cosines = sortedByLane(space.cosines, group.rank, true);
    const int firstLane = std::max(0, task.wide + 1 - group.first);
    bool near = false;
    for (int lane = firstLane; lane < group.count; ++lane)
      near |= cosines[static_cast<std::size_t>(lane * group.rank)] > kNearOne;
    std::vector<double> sines;
    if (near) {  // a cosine near 1 says little about a small angle: take the lengths of the residual
      space.residual.resize(group.packed.size());
      space.sines.resize(space.cosines.size());
      kernels.multiply({wide.data(), d, r, 1, d}, space.inner.data(), group.rank, group.packed.data(), space.residual.data());
      failed |= kernels.singularValues(space.residual.data(), d, group.rank, space.sines.data());
      sines = sortedByLane(space.sines, group.rank, false);
    }
    for (int lane = firstLane; lane < group.count; ++lane) {
      const int first = order_[static_cast<std::size_t>(task.wide)],
                second = order_[static_cast<std::size_t>(group.first + lane)];
      Eigen::VectorXd& angles = result_.angles[pairIndex(result_.subspaces, first, second)];
      if (failed >> lane & 1u) {
        angles = principalAngles(basis(first), basis(second));
        continue;
      }
      angles.resize(group.rank);
      for (int i = 0; i < group.rank; ++i) {
        const auto at = static_cast<std::size_t>(lane * group.rank + i);
        angles[i] = cosines[at] > kNearOne ? std::asin(std::min(sines[at], 1.0)) : std::acos(cosines[at]);
      }
    }
  }

  const std::vector<Eigen::MatrixXd>& bases_;
  PairAngles& result_;
  std::vector<int> order_;  ///< subspaces by falling rank
  std::vector<Group> groups_;
  std::vector<Task> tasks_;
};

constexpr double kWorthSending = 1 << 26;  // multiplications: fewer are done before the GPU has the bases

/// The GPU's kernels where they are used, take subspaces like these and have enough to do; else null.
const GpuKernels* kernelsForPairs(const std::vector<Eigen::MatrixXd>& bases) {
  const Eigen::Index rank = bases[0].cols();
  const bool oneRank =
      std::all_of(bases.begin(), bases.end(), [&](const Eigen::MatrixXd& basis) { return basis.cols() == rank; });
  const double work =
      0.5 * static_cast<double>(bases.size()) * static_cast<double>(bases.size()) * static_cast<double>(bases[0].size() * rank);
  return oneRank && rank <= kLargestPairRank && bases.size() <= 65535 && work >= kWorthSending ? gpuKernels() : nullptr;
}

void measureOnGpu(const GpuKernels& kernels, const std::vector<Eigen::MatrixXd>& bases, PairAngles& result) {
  const Eigen::Index size = bases[0].size(), rank = bases[0].cols();
  Eigen::MatrixXd packed(size, static_cast<Eigen::Index>(bases.size())),
      angles(rank, static_cast<Eigen::Index>(result.angles.size()));
  for (std::size_t i = 0; i < bases.size(); ++i) packed.col(static_cast<Eigen::Index>(i)) = bases[i].reshaped();
  const auto bytes = [](const Eigen::MatrixXd& matrix) { return static_cast<std::size_t>(matrix.size()) * sizeof(double); };
  GpuMemory sent(bytes(packed)), made(bytes(angles));
  sent.upload(packed.data(), bytes(packed));
  kernels.pairAngles(static_cast<const double*>(sent.data()), result.subspaces, static_cast<int>(bases[0].rows()),
                     static_cast<int>(rank), static_cast<double*>(made.data()));
  made.download(angles.data(), bytes(angles));
  for (std::size_t pair = 0; pair < result.angles.size(); ++pair)
    result.angles[pair] = angles.col(static_cast<Eigen::Index>(pair));
}

}  // namespace

const Eigen::VectorXd& PairAngles::of(int first, int second) const { return angles.at(pairIndex(subspaces, first, second)); }

PairAngles principalAnglesOfAllPairs(const std::vector<Eigen::MatrixXd>& bases, int threads) {
  requireOneSpace(bases);
  const int count = static_cast<int>(bases.size());
  PairAngles result{count, std::vector<Eigen::VectorXd>(static_cast<std::size_t>(count) *
                                                        static_cast<std::size_t>(std::max(count - 1, 0)) / 2)};
  if (count < 2) return result;
  if (const GpuKernels* kernels = threads == 0 ? kernelsForPairs(bases) : nullptr) {
    try {
      measureOnGpu(*kernels, bases, result);
      return result;
    } catch (const std::runtime_error&) {
      // no memory left there: the CPU has the same angles
    }
  }
  AllPairs(bases, result).run(threads);
  return result;
}

}  // namespace moescope
