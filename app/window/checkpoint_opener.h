#pragma once
// Opens checkpoints and traces off the UI thread; what is shown stays until the first layer is read.

#include <QObject>
#include <QString>
#include <functional>
#include <memory>
#include <optional>

#include "app/window/controller.h"

namespace moescope {

class CheckpointOpener : public QObject {
  Q_OBJECT
 public:
  explicit CheckpointOpener(Controller& controller) : controller_(controller) {}
  ~CheckpointOpener() override;

  /// For the active side. `trace` empty: trace.safetensors in the folder, where there is one. Takes the place of an opening under
  /// way.
  void open(const QString& folder, const QString& trace = {}, const CaptureReading& reading = {}) {
    openFor(controller_.active(), folder, trace, reading);
  }
  /// For a side; one that is being opened for the other side comes first.
  void openFor(int side, const QString& folder, const QString& trace, const CaptureReading& reading);
  /// Asks a person for the shape of a capture that tells it nowhere. No value: they do not say.
  using Question = std::function<std::optional<CaptureReading>(const CaptureShapeUntold& untold, const CaptureReading& before)>;
  /// Without one such a capture is refused.
  void setQuestion(Question question) { question_ = std::move(question); }
  /// Whatever a person named or dropped (locateCheckpoint). A trace or capture goes to the checkpoint that is shown, if any.
  void openPath(const QString& path);
  bool opening() const { return pending_ != nullptr; }
  /// For which side it opens, or opened last.
  int side() const { return side_; }
  /// False: nothing was being opened.
  bool cancel();

 Q_SIGNALS:
  void progressed(const QString& line);
  void cancelled();
  void opened(const QString& folder, const QString& trace);
  void failed(const QString& line);

 private:
  void takeNews();
  void openNext();
  void giveUp();

  struct Wanted {
    int side = 0;
    QString folder, trace;
    CaptureReading reading;
  };
  Controller& controller_;
  int side_ = 0;
  std::optional<Wanted> next_;  ///< for the other side
  std::unique_ptr<CheckpointSource> pending_;
  Question question_;
  std::uint64_t opened_ = 0;
};

}  // namespace moescope
