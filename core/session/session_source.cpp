#include "core/session/session_source.h"

#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

/// The newest snapshot, or where that is damaged the newest of the newest generation that has a whole one.
TimelineMoment newestWhole(const SessionReader& session) {
  std::string why = translated("%1: holds no snapshot", session.path().string());
  try {
    if (TimelineMoment latest = session.latest(); latest.snapshot) return latest;
  } catch (const std::runtime_error& error) {
    why = error.what();
  }
  const std::vector<std::uint64_t> generations = session.generations();
  for (auto generation = generations.rbegin(); generation != generations.rend(); ++generation) {
    const std::vector<std::int64_t> steps = session.snapshotSteps(*generation);
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) try {
        return session.at(*generation, *step);
      } catch (const std::runtime_error&) {
        continue;  // readAll() names each
      }
  }
  throw std::runtime_error(why);
}

}  // namespace

std::shared_ptr<Timeline> timelineOf(const std::shared_ptr<SessionReader>& session) {
  auto timeline = std::make_shared<Timeline>();
  timeline->restore(newestWhole(*session));
  timeline->setArchive(session);
  return timeline;
}

SessionSource::SessionSource(const std::filesystem::path& file)
    : reader_(std::make_shared<SessionReader>(file)), timeline_(timelineOf(reader_)) {}

EngineStatus SessionSource::status() const {
  EngineStatus status;
  for (const std::string& note : reader_->notes()) status.message += (status.message.empty() ? "" : "; ") + note;
  return status;
}

}  // namespace moescope
