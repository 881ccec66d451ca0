#include "core/timeline/timeline.h"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

#include "core/timeline/memory.h"

namespace moescope {
namespace {

template <typename Number>
void sortAndUnite(std::vector<Number>& numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

}  // namespace

std::size_t Timeline::Chapter::bytes() const {
  std::size_t sum = steps.bytes() + knobs.size() * sizeof(KnobChange) + snapshots.bytes();
  for (const auto& [number, layer] : layers) sum += layer.analyses.bytes() + layer.failures.bytes();
  return sum;
}

/// The chapter of a generation, a new one where there is none yet. Call it, as all below, with the lock held.
Timeline::Chapter& Timeline::write(std::uint64_t generation) {
  std::shared_ptr<Chapter>& chapter = chapters_[generation];
  if (!chapter) chapter = std::make_shared<Chapter>();
  chapter->written = ++writes_;
  return *chapter;
}

const Timeline::Chapter* Timeline::find(std::uint64_t generation) const {
  const auto found = chapters_.find(generation);
  return found == chapters_.end() ? nullptr : found->second.get();
}

void Timeline::append(std::uint64_t generation, const StepMetrics& step) {
  std::shared_ptr<Chapter> chapter;
  std::vector<std::shared_ptr<const StepChunk>> halved;
  {
    const std::lock_guard lock(mutex_);
    write(generation);
    chapter = chapters_[generation];
  }
  const bool full = chapter->steps.full();
  if (full) halved = chapter->steps.halved();  // without the lock: this thread alone changes it
  {
    const std::lock_guard lock(mutex_);
    if (full) chapter->steps.take(std::move(halved));
    chapter->steps.append(step);
    chapter->series = nullptr;
    keepBudget();
  }
  for (const auto& follower : *followers()) follower->step(generation, step);
}

void Timeline::append(std::uint64_t generation, const KnobChange& change) {
  {
    const std::lock_guard lock(mutex_);
    std::vector<KnobChange>& knobs = write(generation).knobs;
    if (!knobs.empty() && knobs.back().knobs == change.knobs) return;
    if (!knobs.empty() && knobs.back().step == change.step)
      knobs.back() = change;
    else
      knobs.push_back(change);
    keepBudget();
  }
  for (const auto& follower : *followers()) follower->knobs(generation, change);
}

void Timeline::append(const SnapshotPointer& snapshot) {
  TimelineMoment before;
  std::vector<bool> wantsCompared(snapshot->layers.size(), true);  // where no analysis has better
  {
    const std::lock_guard lock(mutex_);
    const Chapter& chapter = write(snapshot->generation);
    if (!chapter.snapshots.empty()) before = chapter.snapshots.back();
    for (const auto& [number, layer] : chapter.layers)
      if (!layer.analyses.empty() && layer.analyses.back().compared && static_cast<std::size_t>(number) < wantsCompared.size())
        wantsCompared[static_cast<std::size_t>(number)] = false;
  }
  if (before.snapshot && snapshot->step < before.snapshot->step)
    throw std::invalid_argument("a snapshot of step " + std::to_string(snapshot->step) + " does not follow one of step " +
                                std::to_string(before.snapshot->step) + " on the time line");
  const bool replaces = before.snapshot && before.snapshot->step == snapshot->step;
  const TimelineMoment now{snapshot, std::make_shared<const SnapshotTracks>(tracksOf(
                                         *snapshot, before.snapshot.get(), before.tracks.get(), replaces, wantsCompared))};
  put(now, replaces);
  for (const auto& follower : *followers()) follower->snapshot(now);
}

void Timeline::put(const TimelineMoment& moment, bool replaces) {
  const std::size_t bytes = bytesOf(*moment.snapshot) + bytesOf(*moment.tracks);
  const std::lock_guard lock(mutex_);
  Chapter& chapter = write(moment.snapshot->generation);
  if (replaces && !chapter.snapshots.empty())
    chapter.snapshots.replaceLast(moment, bytes);
  else
    chapter.snapshots.append(moment, bytes, kMostKept);
  current_ = moment.snapshot->generation;
  keepBudget();
}

void Timeline::restore(const TimelineMoment& moment) { put(moment, false); }

void Timeline::append(const AnalysisPointer& analysis) {
  AnalysisEntry before;
  {
    const std::lock_guard lock(mutex_);
    const ThinnedList<AnalysisEntry>& list = write(analysis->generation).layers[analysis->layer].analyses;
    if (!list.empty()) before = list.back();
  }
  AnalysisEntry now{analysis, comparedEmbeddings(*analysis, before.compared.get())};
  const std::size_t bytes = bytesOf(*analysis) + (now.compared ? bytesOf(*now.compared) : 0);
  {
    const std::lock_guard lock(mutex_);
    Chapter& chapter = write(analysis->generation);
    Layer& layer = chapter.layers[analysis->layer];
    now.order = layer.order = ++chapter.entries;
    if (!layer.analyses.empty() && layer.analyses.back().analysis->step == analysis->step)
      layer.analyses.replaceLast(now, bytes);
    else
      layer.analyses.append(now, bytes, kMostKept);
    layer.history = nullptr;
    keepBudget();
  }
  for (const auto& follower : *followers()) follower->analysis(now.analysis, now.compared);
}

void Timeline::append(const AnalysisFailure& failure) {
  {
    const std::lock_guard lock(mutex_);
    Chapter& chapter = write(failure.generation);
    Layer& layer = chapter.layers[failure.layer];
    layer.order = ++chapter.entries;
    const FailureEntry now{std::make_shared<const AnalysisFailure>(failure), layer.order};
    const std::size_t bytes = sizeof failure + failure.what.size();
    if (!layer.failures.empty() && layer.failures.back().failure->step == failure.step)
      layer.failures.replaceLast(now, bytes);
    else
      layer.failures.append(now, bytes, kMostKept);
    keepBudget();
  }
  for (const auto& follower : *followers()) follower->failure(failure);
}

void Timeline::follow(std::shared_ptr<TimelineFollower> follower) {
  const std::lock_guard lock(mutex_);
  auto more = std::make_shared<Followers>(*followers_);
  more->push_back(std::move(follower));
  followers_ = std::move(more);
}

std::shared_ptr<const Timeline::Followers> Timeline::followers() const {
  const std::lock_guard lock(mutex_);
  return followers_;
}

void Timeline::setArchive(std::shared_ptr<const MomentArchive> archive) {
  const std::lock_guard lock(mutex_);
  archive_ = std::move(archive);
}

std::shared_ptr<const MomentArchive> Timeline::archive() const {
  const std::lock_guard lock(mutex_);
  return archive_;
}

std::shared_ptr<const TimelineMark> Timeline::mark(std::uint64_t generation) const {
  const std::lock_guard lock(mutex_);
  const Chapter* chapter = find(generation);
  return std::make_shared<const TimelineMark>(chapter ? TimelineMark{chapter->steps, chapter->knobs} : TimelineMark{});
}

void Timeline::branch(std::uint64_t generation, std::uint64_t from, std::int64_t step, const TimelineMark& mark) {
  {
    const std::lock_guard lock(mutex_);
    auto chapter = std::make_shared<Chapter>();
    chapter->steps = mark.steps;
    chapter->knobs = mark.knobs;
    if (const Chapter* old = find(from)) {
      chapter->snapshots = old->snapshots.whileTrue([&](const TimelineMoment& moment) { return moment.snapshot->step <= step; });
      chapter->entries = old->entries;
      for (const auto& [number, layer] : old->layers) {
        Layer& head = chapter->layers[number];
        head.analyses = layer.analyses.whileTrue([&](const AnalysisEntry& entry) { return entry.analysis->step <= step; });
        head.failures = layer.failures.whileTrue([&](const FailureEntry& entry) { return entry.failure->step <= step; });
        for (const std::size_t order :
             {head.analyses.empty() ? 0 : head.analyses.back().order, head.failures.empty() ? 0 : head.failures.back().order})
          head.order = std::max(head.order, order);
      }
    }
    chapter->written = ++writes_;
    chapter->origin = BranchPoint{from, step};
    chapters_[generation] = std::move(chapter);
    keepBudget();
  }
  for (const auto& follower : *followers()) follower->branch(generation, from, step, mark);
}

std::int64_t Timeline::lastStep(std::uint64_t generation) const {
  const auto archive = this->archive();
  const std::int64_t archived = archive ? archive->lastStep(generation) : -1;
  const std::lock_guard lock(mutex_);
  const Chapter* chapter = find(generation);
  if (!chapter) return archived;
  const std::int64_t recorded = chapter->steps.steps() > 0 ? chapter->steps.last() : -1;
  return std::max({archived, recorded, chapter->snapshots.empty() ? -1 : chapter->snapshots.back().snapshot->step});
}

std::uint64_t Timeline::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

std::vector<std::uint64_t> Timeline::generations() const {
  const auto archive = this->archive();
  std::vector<std::uint64_t> numbers = archive ? archive->generations() : std::vector<std::uint64_t>{};
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [generation, chapter] : chapters_) numbers.push_back(generation);
  }
  sortAndUnite(numbers);
  return numbers;
}

std::optional<BranchPoint> Timeline::branchPoint(std::uint64_t generation) const {
  {
    const std::lock_guard lock(mutex_);
    if (const Chapter* chapter = find(generation); chapter && chapter->origin) return chapter->origin;
  }
  const auto archive = this->archive();
  return archive ? archive->branchPoint(generation) : std::nullopt;
}

TimelineMoment Timeline::latest() const {
  const std::lock_guard lock(mutex_);
  const Chapter* chapter = find(current_);
  return chapter && !chapter->snapshots.empty() ? chapter->snapshots.back() : TimelineMoment{};
}

TimelineMoment Timeline::at(std::uint64_t generation, std::int64_t step) const {
  const TimelineMoment held = heldAt(generation, step);
  const auto archive = this->archive();
  if (!archive) return held;
  const std::int64_t archived = archive->snapshotStepAt(generation, step);
  if (archived < 0) return held;
  if (!held.snapshot) return archive->at(generation, step);
  // The later of two that are not after `step`; of two that are, the earlier: both sides give their first then.
  const std::int64_t inMemory = held.snapshot->step;
  const bool nearer = archived <= step ? inMemory > step || archived > inMemory : inMemory > step && archived < inMemory;
  return nearer ? archive->at(generation, step) : held;
}

TimelineMoment Timeline::heldAt(std::uint64_t generation, std::int64_t step) const {
  const std::lock_guard lock(mutex_);
  const Chapter* chapter = find(generation);
  if (!chapter || chapter->snapshots.empty()) return {};
  std::size_t last = 0;
  for (std::size_t low = 0, high = chapter->snapshots.size(); low < high;) {
    const std::size_t middle = (low + high) / 2;
    if (chapter->snapshots[middle].snapshot->step <= step)
      last = middle, low = middle + 1;
    else
      high = middle;
  }
  return chapter->snapshots[last];
}

std::vector<std::int64_t> Timeline::snapshotSteps(std::uint64_t generation) const {
  const auto archive = this->archive();
  std::vector<std::int64_t> steps = archive ? archive->snapshotSteps(generation) : std::vector<std::int64_t>{};
  {
    const std::lock_guard lock(mutex_);
    if (const Chapter* chapter = find(generation))
      for (std::size_t i = 0; i < chapter->snapshots.size(); ++i) steps.push_back(chapter->snapshots[i].snapshot->step);
  }
  sortAndUnite(steps);
  return steps;
}

std::shared_ptr<const StepSeries> Timeline::steps(std::uint64_t generation) const {
  static const auto none = std::make_shared<const StepSeries>();
  const auto archive = this->archive();
  std::unique_lock lock(mutex_);
  const Chapter* chapter = find(generation);
  if (!chapter || chapter->steps.steps() == 0) {
    lock.unlock();
    return archive ? archive->steps(generation) : none;
  }
  if (!chapter->series) chapter->series = std::make_shared<const StepSeries>(chapter->steps.series());
  return chapter->series;
}

std::vector<KnobChange> Timeline::knobChanges(std::uint64_t generation) const {
  const auto archive = this->archive();
  std::unique_lock lock(mutex_);
  if (const Chapter* chapter = find(generation); chapter && !chapter->knobs.empty()) return chapter->knobs;
  lock.unlock();
  return archive ? archive->knobChanges(generation) : std::vector<KnobChange>{};
}

LayerAnalyses Timeline::analyses(std::uint64_t generation, int layer, std::int64_t upToStep) const {
  LayerAnalyses held = heldAnalyses(generation, layer, upToStep);
  const auto archive = this->archive();
  if (!archive) return held;
  const std::int64_t inMemory = std::max(held.latest ? held.latest->step : -1, held.failure ? held.failure->step : -1);
  return archive->analysisStepAt(generation, layer, upToStep) > inMemory ? archive->analyses(generation, layer, upToStep) : held;
}

LayerAnalyses Timeline::heldAnalyses(std::uint64_t generation, int layer, std::int64_t upToStep) const {
  static const auto none = std::make_shared<const std::vector<AnalysisPointer>>();
  LayerAnalyses result{nullptr, nullptr, none, nullptr};
  const std::lock_guard lock(mutex_);
  const Chapter* chapter = find(generation);
  if (!chapter || !chapter->layers.contains(layer)) return result;
  const Layer& held = chapter->layers.at(layer);
  std::size_t order = 0;
  if (!held.history) {
    auto history = std::make_shared<std::vector<AnalysisPointer>>();
    for (std::size_t i = 0; i < held.analyses.size(); ++i) history->push_back(held.analyses[i].analysis);
    held.history = std::move(history);
  }
  result.history = held.history;
  std::size_t count = held.analyses.size();
  while (count > 0 && held.analyses[count - 1].analysis->step > upToStep) --count;
  if (count < held.analyses.size())
    result.history = std::make_shared<const std::vector<AnalysisPointer>>(
        held.history->begin(), held.history->begin() + static_cast<std::ptrdiff_t>(count));
  if (count > 0) {
    const AnalysisEntry& last = held.analyses[count - 1];
    result.latest = last.analysis;
    result.compared = last.compared;
    order = last.order;
  }
  for (std::size_t i = 0; i < held.failures.size(); ++i)
    if (const FailureEntry& each = held.failures[i]; each.failure->step <= upToStep && each.order > order)
      result.failure = each.failure;
  return result;
}

std::size_t Timeline::bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t sum = 0;
  for (const auto& [generation, chapter] : chapters_) sum += chapter->bytes();
  return sum;
}

std::size_t Timeline::dropped() const {
  const std::lock_guard lock(mutex_);
  std::size_t sum = 0;
  for (const auto& [generation, chapter] : chapters_) {
    sum += chapter->snapshots.dropped();
    for (const auto& [number, layer] : chapter->layers) sum += layer.analyses.dropped();
  }
  return sum;
}

void Timeline::keepBudget() {
  const auto held = [&] {
    std::size_t sum = 0;
    for (const auto& [generation, chapter] : chapters_) sum += chapter->bytes();
    return sum;
  };
  while (held() > budget_ && shed())
    for (const auto& [generation, chapter] : chapters_)
      for (const auto& [number, layer] : chapter->layers) layer.history = nullptr;
}

/// One thing less, the least missed first. False: what is left has to stay.
bool Timeline::shed() { return thinLargest() || forgetOldest() || keepLastOfLargest() || forgetLayer(); }

bool Timeline::thinLargest() {
  std::function<void()> thin;
  std::size_t most = 0;
  const auto consider = [&](auto& list) {
    if (list.size() > 2 && list.bytes() > most) most = list.bytes(), thin = [&list] { list.thin(); };
  };
  for (const auto& [generation, chapter] : chapters_) {
    consider(chapter->snapshots);
    for (auto& [number, layer] : chapter->layers) consider(layer.analyses);
  }
  if (thin) thin();
  return most > 0;
}

/// The generation that was written longest ago.
bool Timeline::forgetOldest() {
  auto oldest = chapters_.end();
  for (auto each = chapters_.begin(); each != chapters_.end(); ++each)
    if (each->first != current_ && each->second->written != writes_ &&
        (oldest == chapters_.end() || each->second->written < oldest->second->written))
      oldest = each;
  if (oldest == chapters_.end()) return false;
  chapters_.erase(oldest);
  return true;
}

bool Timeline::keepLastOfLargest() {
  std::function<void()> keep;
  std::size_t most = 0;
  const auto consider = [&](auto& list) {
    if (list.size() > 1 && list.bytes() > most) most = list.bytes(), keep = [&list] { list.keepLast(); };
  };
  for (const auto& [generation, chapter] : chapters_) {
    consider(chapter->snapshots);
    for (auto& [number, layer] : chapter->layers) consider(layer.analyses);
  }
  if (keep) keep();
  return most > 0;
}

/// The analysis of the layer that was analysed longest ago, if another one was since.
bool Timeline::forgetLayer() {
  for (const auto& [generation, chapter] : chapters_) {
    if (chapter->layers.size() < 2) continue;
    const auto oldest = std::min_element(chapter->layers.begin(), chapter->layers.end(),
                                         [](const auto& a, const auto& b) { return a.second.order < b.second.order; });
    chapter->layers.erase(oldest);
    return true;
  }
  return false;
}

}  // namespace moescope
