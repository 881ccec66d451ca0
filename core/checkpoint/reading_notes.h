#pragma once
// The one place where readers of checkpoints, traces and captures say what they did not take as it stands in the file.

#include <string>
#include <vector>

namespace moescope {

enum class ReadingNoteKind {
  NotRead,    ///< in the file and left aside
  Missing,    ///< expected and not in the file
  NotFinite,  ///< NaN or infinite values
  Repeated,   ///< the same more than once where that is all but impossible, or known to repeat
  Padded,     ///< stands for no token
  Assumed,    ///< not said by the file: what was taken instead
  Contradicting,  ///< two parts of what was read that cannot both hold
};

/// "not read", "missing", "not finite", "repeated", "padded", "assumed", "contradicting".
std::string nameOf(ReadingNoteKind kind);

/// A name from a file as it can stand in a line for a person: at most 60 characters, others than printable ASCII as '?'.
std::string printable(const std::string& name);

struct ReadingNote {
  ReadingNoteKind kind;
  std::string text;  ///< one line for a person: the tensor or place, what was found, what follows

  bool operator==(const ReadingNote&) const = default;
};

/// In the order in which they were found, each once.
class ReadingNotes {
 public:
  void add(ReadingNoteKind kind, const std::string& text);
  void add(const ReadingNotes& more);
  const std::vector<ReadingNote>& all() const { return notes_; }
  /// Each as one line in the window's language: "not finite: tensor ...".
  std::vector<std::string> lines() const;
  bool empty() const { return notes_.empty(); }

 private:
  std::vector<ReadingNote> notes_;
};

}  // namespace moescope
