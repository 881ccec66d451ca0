#include "core/training/analyst.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

namespace moescope {

struct Analyst::State {
  /// What the thread is to do next: measure, or note that it could not be.
  using Job = std::variant<std::monostate, std::pair<AnalysisInput, AnalysisSettings>, AnalysisFailure>;

  mutable std::mutex mutex;
  std::condition_variable wake;
  Job wanted;
  bool stopping = false, working = false;
  std::function<void()> listener;
  std::shared_ptr<Timeline> timeline;  // what analyses it holds, this thread alone has put there
  std::thread thread;

  void run();
  void perform(const Job& job);
  void want(Job job);
};

void Analyst::State::perform(const Job& job) {
  if (const auto* failure = std::get_if<AnalysisFailure>(&job)) return timeline->append(*failure);
  const auto& [input, settings] = std::get<std::pair<AnalysisInput, AnalysisSettings>>(job);
  try {
    timeline->append(std::make_shared<const ExpertAnalysis>(analyse(input, settings)));
  } catch (const std::exception& error) {
    timeline->append(AnalysisFailure{input.layer, input.step, input.generation, error.what()});
  }
}

void Analyst::State::run() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex);
      working = false;
      wake.wait(lock, [&] { return stopping || wanted.index() > 0; });
      if (stopping) return;
      job = std::exchange(wanted, {});
      working = true;
    }
    perform(job);
    std::function<void()> call;
    {
      const std::lock_guard lock(mutex);
      call = listener;
    }
    if (call) call();
  }
}

void Analyst::State::want(Job job) {
  {
    const std::lock_guard lock(mutex);
    wanted = std::move(job);
  }
  wake.notify_one();
}

Analyst::Analyst(std::shared_ptr<Timeline> timeline) : state_(std::make_unique<State>()) {
  state_->timeline = std::move(timeline);
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

void Analyst::submit(AnalysisInput input, AnalysisSettings settings) { state_->want(std::pair(std::move(input), settings)); }

void Analyst::fail(AnalysisFailure failure) { state_->want(std::move(failure)); }

bool Analyst::idle() const {
  const std::lock_guard lock(state_->mutex);
  return !state_->working && state_->wanted.index() == 0;
}

void Analyst::setListener(std::function<void()> listener) {
  const std::lock_guard lock(state_->mutex);
  state_->listener = std::move(listener);
}

}  // namespace moescope
