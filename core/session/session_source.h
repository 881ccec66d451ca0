#pragma once
// A recorded session that is being looked at: its time line is the one that the run had.

#include <filesystem>
#include <memory>

#include "core/session/session_reader.h"
#include "core/timeline/snapshot_source.h"

namespace moescope {

class SessionSource : public SnapshotSource {
 public:
  /// Opens the file and shows its newest moment. Throws std::runtime_error, one line: as SessionReader does, or there is no
  /// snapshot in it that can be read.
  explicit SessionSource(const std::filesystem::path& file);

  const std::shared_ptr<SessionReader>& reader() const { return reader_; }
  std::shared_ptr<const Timeline> timeline() const override { return timeline_; }
  /// Paused; `message`: what of the file cannot be read.
  EngineStatus status() const override;
  /// Analyses are those that the run made: nothing is measured anew.
  void setAnalysis(const AnalysisRequest&) override {}
  void setListener(std::function<void()>) override {}

 private:
  std::shared_ptr<SessionReader> reader_;
  std::shared_ptr<Timeline> timeline_;
};

/// A time line that gives what the session holds, at its newest moment that can be read. Throws as SessionSource does.
std::shared_ptr<Timeline> timelineOf(const std::shared_ptr<SessionReader>& session);

}  // namespace moescope
