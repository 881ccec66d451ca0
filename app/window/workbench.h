#pragma once
// What a window shows and does, and what outlives its widgets: the window that is made in another language goes on with it.

#include <cstdint>
#include <memory>

#include "app/window/autosaves.h"
#include "app/window/checkpoint_opener.h"
#include "app/window/controller.h"
#include "app/window/first_model.h"
#include "app/window/session_opener.h"

namespace moescope {

struct Workbench {
  /// `keptBytes`: of memory for models to go back to. `autosaves`: where runs are kept; null: nowhere. `first`: what training
  /// begins with; null: a new model.
  Workbench(const Document& document, std::uint64_t keptBytes, std::shared_ptr<Autosaves> autosaves,
            std::shared_ptr<FirstModel> first)
      : autosaves(std::move(autosaves)),
        first(std::move(first)),
        controller(document, keptBytes, this->autosaves, this->first ? this->first->toContinue() : std::nullopt) {
    if (this->first) this->first->follow(controller);
  }

  const std::shared_ptr<Autosaves> autosaves;
  const std::shared_ptr<FirstModel> first;
  Controller controller;
  CheckpointOpener opener{controller};
  SessionOpener sessions{controller};
};

}  // namespace moescope
