// Copy state and Paste state: a pasted checkpoint is opened first, and its lens follows when it is there.

#include <filesystem>
#include <utility>

#include "app/window/main_window.h"
#include "core/routers/registry.h"

namespace moescope {

QString MainWindow::state() const {
  WindowState state{controller_.lens(), controller_.selection(), controller_.engine().knobs()};
  if (const CheckpointSource* shown = controller_.checkpoint()) {
    state.checkpoint = std::filesystem::absolute(shown->folder()).lexically_normal().string();
    if (!shown->trace().empty()) state.trace = std::filesystem::absolute(shown->trace()).lexically_normal().string();
  }
  return stateToJson(state);
}

void MainWindow::restoreStateText(const QString& json) {
  const WindowState state = stateFromJson(json);  // throws before anything changed
  awaited_.reset();
  if (!state.checkpoint.empty() && !shows(state)) {
    awaited_ = state;
    return opener_.open(QString::fromStdString(state.checkpoint), QString::fromStdString(state.trace));
  }
  const SnapshotPointer shown = controller_.scene().snapshot;
  requireExperts(state.selection, controller_.trains() || !shown || !shown->checkpoint ? state.knobs.experts : shown->checkpoint->experts);
  requireRouter(state.knobs.router);
  controller_.evaluated(state.lens);  // throws before anything changed
  if (controller_.trains() && !controller_.setKnobs(state.knobs))
    return say("The state was not pasted: the training goes on");  // a checkpoint has none
  controller_.setLens(state.lens);
  controller_.restoreSelection(state.selection);
}

bool MainWindow::shows(const WindowState& state) const {
  const CheckpointSource* shown = controller_.checkpoint();
  const auto same = [](const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code failed;
    return (a.empty() && b.empty()) || std::filesystem::equivalent(a, b, failed);
  };
  return shown && same(shown->folder(), state.checkpoint) && same(shown->trace(), state.trace);
}

/// Once the checkpoint of a pasted state is there: its lens.
void MainWindow::takeAwaited() {
  const std::optional<WindowState> state = std::exchange(awaited_, std::nullopt);
  if (!state || !shows(*state)) return;
  try {
    requireExperts(state->selection, controller_.scene().snapshot->checkpoint->experts);
    controller_.setLens(state->lens);
    controller_.restoreSelection(state->selection);
  } catch (const std::exception& error) {
    say(QString::fromStdString(error.what()));
  }
}

}  // namespace moescope
