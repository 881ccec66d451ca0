#pragma once
// What was read last, within a budget of memory; the least recently used goes first.

#include <cstdint>
#include <list>
#include <map>
#include <utility>

namespace moescope {

template <typename Value>
class MomentCache {
 public:
  explicit MomentCache(std::size_t budget) : budget_(budget) {}

  /// Null: it is not here.
  const Value* find(std::int64_t row) {
    const auto found = places_.find(row);
    if (found == places_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return &entries_.front().value;
  }
  /// The one that was put last stays, however large it is.
  const Value& put(std::int64_t row, Value value, std::size_t bytes) {
    entries_.push_front({row, std::move(value), bytes});
    places_[row] = entries_.begin();
    held_ += bytes;
    while (held_ > budget_ && entries_.size() > 1) {
      held_ -= entries_.back().bytes;
      places_.erase(entries_.back().row);
      entries_.pop_back();
    }
    return entries_.front().value;
  }

 private:
  struct Entry {
    std::int64_t row;
    Value value;
    std::size_t bytes;
  };
  const std::size_t budget_;
  std::size_t held_ = 0;
  std::list<Entry> entries_;
  std::map<std::int64_t, typename std::list<Entry>::iterator> places_;
};

}  // namespace moescope
