#include "core/training/model_memory.h"

#include <utility>

namespace moescope {
namespace {

/// Of one generation. With one every ten seconds memory is at its height after two minutes, whatever a model takes; thinning
/// leaves six or more along a run of any length, to branch from.
constexpr std::size_t kMost = 12;

}  // namespace

void ModelMemory::keep(const StoredModel& which, TrainerStatePointer state) {
  std::shared_ptr<const TimelineMark> mark = timeline_->mark(which.generation);
  const std::size_t bytes = state->bytes() + mark->steps.bytes();
  const std::lock_guard lock(mutex_);
  ThinnedList<Entry>& list = generations_[which.generation];
  Entry entry{which, std::move(state), std::move(mark)};
  if (!list.empty() && list.back().which.step == which.step)
    list.replaceLast(std::move(entry), bytes);
  else
    list.append(std::move(entry), bytes, kMost);
  while (held() > budget_ && !generations_.empty()) shed();
}

std::uint64_t ModelMemory::held() const {
  std::uint64_t sum = 0;
  for (const auto& [generation, list] : generations_) sum += list.bytes();
  return sum;
}

void ModelMemory::shed() {
  auto largest = generations_.begin();
  for (auto each = generations_.begin(); each != generations_.end(); ++each)
    if (each->second.size() > largest->second.size()) largest = each;
  if (largest->second.thin()) return;
  if (generations_.size() == 1 && largest->second.keepLast()) return;
  gone_ += generations_.begin()->second.size() + generations_.begin()->second.dropped();
  generations_.erase(generations_.begin());
}

const ModelMemory::Entry* ModelMemory::entryOf(std::uint64_t generation, std::int64_t step) const {
  const auto list = generations_.find(generation);
  if (list == generations_.end()) return nullptr;
  for (std::size_t i = 0; i < list->second.size(); ++i)
    if (list->second[i].which.step == step) return &list->second[i];
  return nullptr;
}

std::vector<StoredModel> ModelMemory::list() const {
  const std::lock_guard lock(mutex_);
  std::vector<StoredModel> all;
  for (const auto& [generation, list] : generations_)
    for (std::size_t i = 0; i < list.size(); ++i) all.push_back(list[i].which);
  return all;
}

std::optional<ModelToContinue> ModelMemory::find(std::uint64_t generation, std::int64_t step) const {
  const std::lock_guard lock(mutex_);
  const Entry* entry = entryOf(generation, step);
  if (!entry) return std::nullopt;
  return ModelToContinue{entry->which, [state = entry->state] { return state; }, entry->mark};
}

std::optional<Knobs> ModelMemory::knobs(std::uint64_t generation, std::int64_t step) const {
  const std::lock_guard lock(mutex_);
  const Entry* entry = entryOf(generation, step);
  return entry ? std::optional(entry->state->knobs()) : std::nullopt;
}

std::uint64_t ModelMemory::bytes() const {
  const std::lock_guard lock(mutex_);
  return held();
}

std::size_t ModelMemory::dropped() const {
  const std::lock_guard lock(mutex_);
  std::size_t sum = gone_;
  for (const auto& [generation, list] : generations_) sum += list.dropped();
  return sum;
}

}  // namespace moescope
