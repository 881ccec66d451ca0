#include "app/window/document_history.h"

#include <QString>
#include <utility>

namespace moescope {
namespace {

constexpr int kMostSteps = 200;
constexpr int kMergeable = 1;  // what Qt asks first of two commands that are to become one

bool sameMoments(const Document& a, const Document& b) {
  for (std::size_t i = 0; i < a.sides.size(); ++i)
    if (!(a.sides[i].cursor == b.sides[i].cursor)) return false;
  return true;
}

/// Cursors aside.
bool alike(const Document& a, Document b) {
  for (std::size_t i = 0; i < a.sides.size(); ++i) b.sides[i].cursor = a.sides[i].cursor;
  return a == b;
}

class Step : public QUndoCommand {
 public:
  Step(DocumentPointer before, DocumentPointer after, const std::string& name, std::string gesture, int number,
       const DocumentHistory::Show& show)
      : QUndoCommand(QString::fromStdString(name)),
        before_(std::move(before)),
        after_(std::move(after)),
        gesture_(std::move(gesture)),
        number_(number),
        movesTime_(!sameMoments(*before_, *after_)),
        show_(show) {}

  void undo() override { show_(before_, movesTime_); }
  void redo() override { show_(after_, movesTime_); }
  int id() const override { return gesture_.empty() ? -1 : kMergeable; }
  bool mergeWith(const QUndoCommand* later) override {
    const auto& next = static_cast<const Step&>(*later);
    if (next.gesture_ != gesture_ || next.number_ != number_) return false;
    after_ = next.after_;
    movesTime_ = movesTime_ || next.movesTime_;
    setObsolete(movesTime_ ? *before_ == *after_ : alike(*before_, *after_));  // moved back to where it was
    return true;
  }

 private:
  DocumentPointer before_, after_;
  std::string gesture_;
  int number_;  // of the gesture
  bool movesTime_;
  const DocumentHistory::Show& show_;
};

}  // namespace

DocumentHistory::DocumentHistory(Show show) : show_(std::move(show)) { stack_.setUndoLimit(kMostSteps); }

void DocumentHistory::take(const DocumentPointer& before, const DocumentPointer& after, const std::string& name,
                           const std::string& gesture) {
  if (gesture.empty()) endGesture();
  stack_.push(new Step(before, after, name, gesture, gestures_, show_));
}

}  // namespace moescope
