#include "app/window/checkpoint_opener.h"

#include <utility>

#include "app/window/language.h"
#include "core/checkpoint/capture_reader.h"
#include "core/checkpoint/checkpoint_reader.h"

namespace moescope {
namespace {

constexpr std::uint64_t kFirstGeneration = std::uint64_t{1} << 32;  // those of the model in training count from 1

}  // namespace

CheckpointOpener::~CheckpointOpener() { retire(std::move(pending_)); }

void CheckpointOpener::openFor(int side, const QString& folder, const QString& trace, const CaptureReading& reading) {
  if (pending_ && side != side_) {
    next_ = Wanted{side, folder, trace, reading};
    return;
  }
  side_ = side;
  retire(std::move(pending_));
  pending_ = std::make_unique<CheckpointSource>(folder.toStdString(), trace.toStdString(), kFirstGeneration + ++opened_, reading);
  Q_EMIT progressed(tr("opening ") + folder);
  // On the session's thread: only post.
  pending_->setListener([this] { QMetaObject::invokeMethod(this, &CheckpointOpener::takeNews, Qt::QueuedConnection); });
  QMetaObject::invokeMethod(this, &CheckpointOpener::takeNews, Qt::QueuedConnection);  // it may have been quicker
}

void CheckpointOpener::openPath(const QString& path) {
  try {
    const CheckpointPlace place = locateCheckpoint(path.toStdString());
    const CheckpointSource* shown = controller_.checkpoint();
    if (shown && looksLikeCapture(place.folder) &&
        !looksLikeCapture(shown->folder()))  // the checkpoint may tell what the capture does not
      return open(QString::fromStdString(shown->folder().string()), QString::fromStdString(place.folder.string()));
    if (!place.trace.empty() && shown)
      return open(QString::fromStdString(shown->folder().string()), QString::fromStdString(place.trace.string()));
    if (place.folder.empty())
      throw std::runtime_error(place.trace.string() + translated(": a routing trace; open its checkpoint first"));
    open(QString::fromStdString(place.folder.string()), QString::fromStdString(place.trace.string()));
  } catch (const std::exception& error) {
    Q_EMIT failed(QString::fromStdString(error.what()));
  }
}

bool CheckpointOpener::cancel() {
  if (!pending_) return false;
  retire(std::move(pending_));
  Q_EMIT cancelled();
  openNext();
  return true;
}

void CheckpointOpener::openNext() {
  if (const auto next = std::exchange(next_, std::nullopt)) openFor(next->side, next->folder, next->trace, next->reading);
}

/// What cannot be read; once more, where a person tells what was missing.
void CheckpointOpener::giveUp() {
  const std::unique_ptr<CheckpointSource> refused = std::move(pending_);  // its thread has ended
  if (const auto untold = refused->untoldShape(); untold && question_)
    if (const auto told = question_(*untold, refused->reading()))
      return openFor(side_, QString::fromStdString(refused->folder().string()), QString::fromStdString(refused->trace().string()),
                     *told);
  Q_EMIT failed(QString::fromStdString(refused->status().message));
  openNext();
}

void CheckpointOpener::takeNews() {
  if (!pending_) return;
  const EngineStatus status = pending_->status();
  if (status.state == EngineState::Failed) {
    giveUp();
  } else if (pending_->latest()) {
    pending_->setListener(nullptr);
    const QString folder = QString::fromStdString(pending_->folder().string()),
                  trace = QString::fromStdString(pending_->trace().string());
    controller_.showCheckpoint(side_, std::move(pending_));
    Q_EMIT opened(folder, trace);
    openNext();
  } else if (!status.message.empty()) {  // its thread has begun
    Q_EMIT progressed(QString::fromStdString(status.message));
  }
}

}  // namespace moescope
