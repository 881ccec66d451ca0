// Which model, checkpoint or session a side shows, and how it comes to show another.

#include <QThreadPool>
#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/window/side_controller.h"
#include "core/training/model_state.h"
#include "core/words/words.h"

namespace moescope {

std::vector<ModelMoment> SideController::models() const {
  std::vector<ModelMoment> moments;
  if (session_) {
    for (const RecordedModel& model : session_->reader()->models()) moments.push_back({model.generation, model.step});
    return moments;
  }
  for (const StoredModel& model : models_->list()) moments.push_back({model.generation, model.step});
  return moments;
}

std::optional<Knobs> SideController::prepare(const ModelMoment& model, std::uint64_t number) {
  if (session_) return prepareRecorded(model, number);
  const std::optional<ModelToContinue> found = models_->find(model.generation, model.step);
  if (!found) return std::nullopt;
  prepared_.emplace(number, *found);
  return models_->knobs(model.generation, model.step);
}

/// A model of the shown session goes on in a new run here, which begins with what the session knows of it. Throws
/// std::runtime_error where it cannot be read.
std::optional<Knobs> SideController::prepareRecorded(const ModelMoment& model, std::uint64_t number) {
  const std::shared_ptr<SessionReader> reader = session_->reader();
  const std::vector<RecordedModel> all = reader->models();
  const auto found = std::find_if(all.begin(), all.end(), [&](const RecordedModel& each) {
    return each.generation == model.generation && each.step == model.step;
  });
  if (found == all.end()) return std::nullopt;
  auto mark = std::make_shared<TimelineMark>(reader->mark(model.generation, model.step));
  if (mark->knobs.empty()) return std::nullopt;
  const Knobs knobs = mark->knobs.back().knobs;
  const std::string place = translated("%1: model of step %2", reader->path().string(), std::to_string(model.step));
  const auto load = [reader, model, place] { return readModelState(reader->model(model.generation, model.step), place); };
  prepared_.emplace(number, ModelToContinue{{0, model.step, found->trainedSeconds}, load, std::move(mark)});
  return knobs;
}

/// While two sides are compared at the same step another router begins at step 0: it would else go on with what the one before
/// learned.
void SideController::followModel() {
  const Side& after = side();
  const Knobs before = engine_->knobs();
  if (after.model == model_) {
    if (!(after.knobs == before)) engine_->setKnobs(after.knobs);
    return;
  }
  model_ = after.model;
  if (const auto onwards = std::exchange(prepared_, std::nullopt); onwards && onwards->first == after.model) {
    engine_->pause();
    return engine_->continueFrom(onwards->second, after.model);
  }
  if (engine_->canGoTo(after.model)) {
    engine_->goTo(after.model);
    if (!(after.knobs == engine_->knobs())) engine_->setKnobs(after.knobs);
    return;
  }
  const bool rebuilds = needsNewModel(before, after.knobs),
             goesOn = before.router != after.knobs.router && !(document_->compares && document_->links.time);
  if (std::exchange(anew_, 0) == after.model || (!rebuilds && !goesOn)) return engine_->reset(after.model, after.knobs);
  engine_->setKnobs(after.knobs, after.model);
}

SideSource SideController::shownSource() const {
  if (session_) return {SideSource::Kind::Session, "", "", session_->reader()->path().string()};
  if (!checkpoint_) return {};
  const auto absolute = [](const std::filesystem::path& path) {
    return path.empty() ? std::string() : std::filesystem::absolute(path).lexically_normal().string();
  };
  return {SideSource::Kind::Checkpoint, absolute(checkpoint_->folder()), absolute(checkpoint_->trace()), "",
          checkpoint_->reading()};
}

void SideController::followSource(const SideSource& wanted) {
  if (wanted == shownSource()) return;
  if (wanted.kind == SideSource::Kind::Checkpoint)
    return Q_EMIT checkpointWanted(QString::fromStdString(wanted.folder), QString::fromStdString(wanted.trace), wanted.reading);
  if (wanted.kind == SideSource::Kind::Session) return Q_EMIT sessionWanted(QString::fromStdString(wanted.file));
  retire(std::exchange(checkpoint_, nullptr));
  session_.reset();
  takeNews();
}

void SideController::adopt(std::unique_ptr<CheckpointSource> opened) {
  engine_->pause();
  session_.reset();
  retire(std::exchange(checkpoint_, std::move(opened)));
  listenTo(*checkpoint_);
}

void SideController::adopt(std::shared_ptr<SessionSource> opened) {
  engine_->pause();
  retire(std::exchange(checkpoint_, nullptr));
  session_ = std::move(opened);
  assemble();
}

void SideController::settleCheckpoint() {
  source().setAnalysis(analysisRequest());
  takeNews();
}

void retire(std::unique_ptr<CheckpointSource> session) {
  if (!session) return;
  session->setListener(nullptr);
  QThreadPool::globalInstance()->start(
      [ended = std::shared_ptr<CheckpointSource>(std::move(session))]() mutable { ended.reset(); });
}

}  // namespace moescope
