#pragma once
// Opens checkpoints and traces off the UI thread; what is shown stays until the first layer is read.

#include <QObject>
#include <QString>
#include <memory>

#include "app/window/controller.h"

namespace moescope {

class CheckpointOpener : public QObject {
  Q_OBJECT
 public:
  explicit CheckpointOpener(Controller& controller) : controller_(controller) {}
  ~CheckpointOpener() override;

  /// `trace` empty: trace.safetensors in the folder, where there is one. Takes the place of an opening under way.
  void open(const QString& folder, const QString& trace = {});
  /// Whatever a person named or dropped (locateCheckpoint). A trace goes to the checkpoint that is shown, if any.
  void openPath(const QString& path);
  bool opening() const { return pending_ != nullptr; }
  /// False: nothing was being opened.
  bool cancel();

 Q_SIGNALS:
  void progressed(const QString& line);
  void cancelled();
  void opened(const QString& folder, const QString& trace);
  void failed(const QString& line);

 private:
  void takeNews();

  Controller& controller_;
  std::unique_ptr<CheckpointSource> pending_;
  std::uint64_t opened_ = 0;
};

}  // namespace moescope
