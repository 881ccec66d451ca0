#include "core/checkpoint/reading_notes.h"
#include "core/words/words.h"

#include <algorithm>

namespace moescope {

std::string nameOf(ReadingNoteKind kind) {
  switch (kind) {
    case ReadingNoteKind::NotRead: return translatable("not read");
    case ReadingNoteKind::Missing: return translatable("missing");
    case ReadingNoteKind::NotFinite: return translatable("not finite");
    case ReadingNoteKind::Repeated: return translatable("repeated");
    case ReadingNoteKind::Padded: return translatable("padded");
    case ReadingNoteKind::Assumed: return translatable("assumed");
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

}  // namespace moescope
