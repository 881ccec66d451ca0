#pragma once
// A list that grows at its end and keeps an even spread of what is older: of a stride of 4 the first, every fourth and the last.

#include <cstddef>
#include <utility>
#include <vector>

namespace moescope {

template <typename Entry>
class ThinnedList {
 public:
  bool empty() const { return kept_.empty(); }
  std::size_t size() const { return kept_.size(); }
  std::size_t bytes() const { return bytes_; }
  std::size_t dropped() const { return count_ - kept_.size(); }  ///< entries that were put here and are no more
  const Entry& back() const { return kept_.back().entry; }
  const Entry& operator[](std::size_t index) const { return kept_[index].entry; }

  /// O(1). `most`: entries that are kept, 2 or more; more are thinned.
  void append(Entry entry, std::size_t bytes, std::size_t most) {
    if (!kept_.empty() && kept_.back().number % stride_ != 0) removeLast();
    kept_.push_back({std::move(entry), bytes, count_++});
    bytes_ += bytes;
    while (kept_.size() > most) thin();
  }

  void replaceLast(Entry entry, std::size_t bytes) {
    bytes_ = bytes_ - kept_.back().bytes + bytes;
    kept_.back().entry = std::move(entry);
    kept_.back().bytes = bytes;
  }

  /// Doubles the stride; the first and the last stay. False: there is nothing between them.
  bool thin() {
    if (kept_.size() <= 2) return false;
    for (std::size_t before = kept_.size(); kept_.size() == before;) {
      stride_ *= 2;
      std::erase_if(kept_, [&](const Kept& each) { return each.number % stride_ != 0 && each.number + 1 != count_; });
    }
    bytes_ = 0;
    for (const Kept& each : kept_) bytes_ += each.bytes;
    return true;
  }

  /// The entries before the first one for which this is false.
  template <typename Predicate>
  ThinnedList whileTrue(const Predicate& holds) const {
    ThinnedList head = *this;
    while (!head.empty() && !holds(head.back())) head.removeLast();
    head.count_ = head.empty() ? 0 : head.kept_.back().number + 1;
    return head;
  }

  /// Everything but the last goes. False: there is no more than that.
  bool keepLast() {
    if (kept_.size() <= 1) return false;
    kept_.erase(kept_.begin(), kept_.end() - 1);
    bytes_ = kept_.back().bytes;
    return true;
  }

 private:
  struct Kept {
    Entry entry;
    std::size_t bytes = 0, number = 0;  ///< number: of all that were put here, from 0
  };
  void removeLast() {
    bytes_ -= kept_.back().bytes;
    kept_.pop_back();
  }

  std::vector<Kept> kept_;
  std::size_t stride_ = 1, count_ = 0, bytes_ = 0;
};

}  // namespace moescope
