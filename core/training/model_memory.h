#pragma once
// Models along a run, kept in memory to branch from: an even spread of them within a budget.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/timeline/thinned_list.h"
#include "core/timeline/timeline.h"
#include "core/training/model_store.h"

namespace moescope {

/// Any thread may ask; the engine's keeps.
class ModelMemory : public ModelStore {
 public:
  static constexpr std::uint64_t kBudget = std::uint64_t{256} << 20;  ///< bytes: some forty models of the default size

  /// `timeline`: of the engine.
  explicit ModelMemory(std::shared_ptr<const Timeline> timeline, std::uint64_t budget = kBudget)
      : timeline_(std::move(timeline)), budget_(budget) {}

  /// With what its generation has recorded by now. Beyond the budget, of the generation with most models some between the others
  /// go; where none lies between others, the oldest generation, and of the only one all but the last.
  void keep(const StoredModel& which, TrainerStatePointer state) override;

  std::vector<StoredModel> list() const;  ///< by generation and step, rising
  /// None: it is not kept.
  std::optional<ModelToContinue> find(std::uint64_t generation, std::int64_t step) const;
  /// Its knobs; none: it is not kept.
  std::optional<Knobs> knobs(std::uint64_t generation, std::int64_t step) const;
  std::uint64_t bytes() const;  ///< without the text, which they share with the engine
  std::uint64_t budget() const { return budget_; }
  std::size_t dropped() const;  ///< that were kept and had to go

 private:
  struct Entry {
    StoredModel which;
    TrainerStatePointer state;
    std::shared_ptr<const TimelineMark> mark;
  };
  const Entry* entryOf(std::uint64_t generation, std::int64_t step) const;
  std::uint64_t held() const;
  void shed();

  const std::shared_ptr<const Timeline> timeline_;
  const std::uint64_t budget_;
  mutable std::mutex mutex_;
  std::map<std::uint64_t, ThinnedList<Entry>> generations_;
  std::size_t gone_ = 0;  ///< of generations that went as a whole
};

}  // namespace moescope
