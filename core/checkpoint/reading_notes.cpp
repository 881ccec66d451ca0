#include "core/checkpoint/reading_notes.h"

#include <algorithm>

#include "core/words/words.h"

namespace moescope {

std::string nameOf(ReadingNoteKind kind) {
  switch (kind) {
    case ReadingNoteKind::NotRead: return translatable("not read");
    case ReadingNoteKind::Missing: return translatable("missing");
    case ReadingNoteKind::NotFinite: return translatable("not finite");
    case ReadingNoteKind::Repeated: return translatable("repeated");
    case ReadingNoteKind::Padded: return translatable("padded");
    case ReadingNoteKind::Assumed: return translatable("assumed");
    case ReadingNoteKind::Contradicting: return translatable("contradicting");
  }
  return {};
}

std::string printable(const std::string& name) {
  std::string text = name.substr(0, 60);
  std::replace_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

void ReadingNotes::add(ReadingNoteKind kind, const std::string& text) {
  if (const ReadingNote note{kind, text}; std::find(notes_.begin(), notes_.end(), note) == notes_.end()) notes_.push_back(note);
}

void ReadingNotes::add(const ReadingNotes& more) {
  for (const ReadingNote& note : more.notes_) add(note.kind, note.text);
}

std::vector<std::string> ReadingNotes::lines() const {
  std::vector<std::string> lines;
  for (const ReadingNote& note : notes_) lines.push_back(translated(nameOf(note.kind)) + ": " + note.text);
  return lines;
}

}  // namespace moescope
