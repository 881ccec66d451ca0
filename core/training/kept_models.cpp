#include "core/training/kept_models.h"

#include <algorithm>
#include <set>

namespace moescope {

std::uint64_t KeptModels::bytes() const {
  std::uint64_t sum = 0;
  std::set<const TrainingText*> texts;
  for (const Entry& entry : entries_) {
    sum += entry.model.state->bytes() + (entry.model.mark ? entry.model.mark->steps.bytes() : 0);
    const TrainingTextPointer& text = entry.model.state->text();
    if (texts.insert(text.get()).second) sum += text->bytes;
  }
  return sum;
}

std::uint64_t KeptModels::put(LeftModel model) {
  entries_.push_back({++lastId_, std::move(model)});
  while (!entries_.empty() && bytes() > budget_) {
    entries_.erase(entries_.begin());
    ++forgotten_;
  }
  return entries_.empty() ? 0 : lastId_;
}

void KeptModels::leaveAgain(std::uint64_t id) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [id](const Entry& entry) { return entry.id == id; });
  if (found != entries_.end()) std::rotate(found, found + 1, entries_.end());
}

const LeftModel* KeptModels::find(std::uint64_t id) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [id](const Entry& entry) { return entry.id == id; });
  return found == entries_.end() ? nullptr : &found->model;
}

std::uint64_t KeptModels::labelled(std::uint64_t label) const {
  const auto found =
      std::find_if(entries_.rbegin(), entries_.rend(), [label](const Entry& entry) { return entry.model.label == label; });
  return found == entries_.rend() ? 0 : found->id;
}

std::vector<KeptModel> KeptModels::list() const {
  std::vector<KeptModel> all;
  for (const auto& [id, model] : entries_)
    all.push_back({id, model.generation, model.state->step(), model.state->knobs(), model.state->bytes()});
  return all;
}

}  // namespace moescope
