#include "core/routers/balanced_assignment.h"

#include <functional>
#include <limits>
#include <queue>

namespace moescope {
namespace {

struct Bid {
  double price = 0.0;
  int token = 0;
  bool operator>(const Bid& other) const { return price > other.price; }
};

using Bids = std::priority_queue<Bid, std::vector<Bid>, std::greater<>>;  // the lowest on top: it goes first

/// What the token gains most by, and what it would pay for it at the most.
std::pair<int, double> bidOf(const RowMatrix& scores, Eigen::Index token, const std::vector<double>& prices, double epsilon) {
  double best = -std::numeric_limits<double>::infinity(), second = best;
  int expert = 0;
  for (Eigen::Index e = 0; e < scores.cols(); ++e) {
    const double gain = scores(token, e) - prices[static_cast<std::size_t>(e)];
    if (gain > best) {
      second = best;
      best = gain;
      expert = static_cast<int>(e);
    } else if (gain > second) {
      second = gain;
    }
  }
  const double margin = scores.cols() > 1 ? best - second : 0.0;
  return {expert, prices[static_cast<std::size_t>(expert)] + margin + epsilon};
}

}  // namespace

std::vector<int> balancedAssignment(const RowMatrix& scores, double epsilon) {
  const Eigen::Index tokens = scores.rows(), experts = scores.cols();
  const auto capacity = static_cast<std::size_t>((tokens + experts - 1) / experts);
  std::vector<Bids> held(static_cast<std::size_t>(experts));
  std::vector<double> prices(static_cast<std::size_t>(experts), 0.0);
  std::vector<int> expertOf(static_cast<std::size_t>(tokens), -1), free;
  for (Eigen::Index t = tokens; t-- > 0;) free.push_back(static_cast<int>(t));
  while (!free.empty()) {
    const int token = free.back();
    free.pop_back();
    const auto [expert, price] = bidOf(scores, token, prices, epsilon);
    Bids& bids = held[static_cast<std::size_t>(expert)];
    bids.push({price, token});
    expertOf[static_cast<std::size_t>(token)] = expert;
    if (bids.size() > capacity) {
      free.push_back(bids.top().token);
      bids.pop();
    }
    if (bids.size() == capacity) prices[static_cast<std::size_t>(expert)] = bids.top().price;
  }
  return expertOf;
}

}  // namespace moescope
