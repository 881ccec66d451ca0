#pragma once
// Undo and redo: earlier Documents. One drag is one step.

#include <QUndoStack>
#include <functional>
#include <string>

#include "app/document/document.h"

namespace moescope {

class DocumentHistory {
 public:
  /// Brings a document into force, when a step is taken, undone or done again. `movesTime`: the step moved a cursor; else the
  /// moment that is shown stays, wherever playing has brought it since.
  using Show = std::function<void(const DocumentPointer& document, bool movesTime)>;
  explicit DocumentHistory(Show show);

  /// Takes the step from `before` to `after` and shows it. Steps in a row of one gesture (not empty) become one, until
  /// endGesture().
  void take(const DocumentPointer& before, const DocumentPointer& after, const std::string& name, const std::string& gesture);
  /// What comes next is a step of its own, whatever its gesture.
  void endGesture() { ++gestures_; }
  QUndoStack& stack() { return stack_; }

 private:
  QUndoStack stack_;
  Show show_;
  int gestures_ = 0;
};

}  // namespace moescope
