#pragma once
// Opens checkpoints and traces off the UI thread; what is shown stays until the first layer is read.

#include <QObject>
#include <QString>
#include <memory>
#include <optional>

#include "app/window/controller.h"

namespace moescope {

class CheckpointOpener : public QObject {
  Q_OBJECT
 public:
  explicit CheckpointOpener(Controller& controller) : controller_(controller) {}
  ~CheckpointOpener() override;

  /// For the active side. `trace` empty: trace.safetensors in the folder, where there is one. Takes the place of an opening under way.
  void open(const QString& folder, const QString& trace = {}) { openFor(controller_.active(), folder, trace); }
  /// For a side; one that is being opened for the other side comes first.
  void openFor(int side, const QString& folder, const QString& trace);
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

  struct Wanted {
    int side = 0;
    QString folder, trace;
  };
  Controller& controller_;
  int side_ = 0;
  std::optional<Wanted> next_;  ///< for the other side
  std::unique_ptr<CheckpointSource> pending_;
  std::uint64_t opened_ = 0;
};

}  // namespace moescope
