#include "core/training/analyst.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace moescope {
namespace {

constexpr std::size_t kHistory = 200;

}  // namespace

struct Analyst::State {
  mutable std::mutex mutex;
  std::condition_variable wake;
  std::optional<std::pair<AnalysisInput, AnalysisSettings>> wanted;
  bool stopping = false, working = false;
  std::uint64_t generation = 0;
  std::map<int, std::vector<AnalysisPointer>> results;
  std::string failure;
  std::function<void()> listener;
  std::thread thread;

  void run();
  void keep(AnalysisPointer result);
};

void Analyst::State::keep(AnalysisPointer result) {
  if (result->generation < generation) return;  // of a model that is gone
  std::vector<AnalysisPointer>& list = results[result->layer];
  if (!list.empty() && list.back()->step == result->step) list.pop_back();  // measured again with other settings
  if (list.size() == kHistory) list.erase(list.begin());
  list.push_back(std::move(result));
}

void Analyst::State::run() {
  for (;;) {
    std::pair<AnalysisInput, AnalysisSettings> job;
    {
      std::unique_lock lock(mutex);
      working = false;
      wake.wait(lock, [&] { return stopping || wanted; });
      if (stopping) return;
      job = std::move(*wanted);
      wanted.reset();
      working = true;
    }
    AnalysisPointer result;
    std::string trouble;
    try {
      result = std::make_shared<const ExpertAnalysis>(analyse(job.first, job.second));
    } catch (const std::exception& error) {
      trouble = error.what();
    }
    std::function<void()> call;
    {
      const std::lock_guard lock(mutex);
      failure = trouble;
      if (result) keep(std::move(result));
      call = listener;
    }
    if (call) call();
  }
}

Analyst::Analyst() : state_(std::make_unique<State>()) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Analyst::~Analyst() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->listener = nullptr;
  }
  state_->wake.notify_one();
  state_->thread.join();
}

void Analyst::submit(AnalysisInput input, AnalysisSettings settings) {
  {
    const std::lock_guard lock(state_->mutex);
    if (input.generation != state_->generation) {
      state_->generation = input.generation;
      state_->results.clear();
    }
    state_->wanted.emplace(std::move(input), settings);
  }
  state_->wake.notify_one();
}

bool Analyst::idle() const {
  const std::lock_guard lock(state_->mutex);
  return !state_->working && !state_->wanted;
}

AnalysisPointer Analyst::latest(int layer) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->results.find(layer);
  return found == state_->results.end() || found->second.empty() ? nullptr : found->second.back();
}

std::vector<AnalysisPointer> Analyst::history(int layer) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->results.find(layer);
  return found == state_->results.end() ? std::vector<AnalysisPointer>{} : found->second;
}

std::string Analyst::failure() const {
  const std::lock_guard lock(state_->mutex);
  return state_->failure;
}

void Analyst::setListener(std::function<void()> listener) {
  const std::lock_guard lock(state_->mutex);
  state_->listener = std::move(listener);
}

}  // namespace moescope
