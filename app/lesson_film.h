#pragma once
// A lesson as a film: each page's pictures, its words below, what it trains, and its task with the answer.

#include "app/document/lesson.h"
#include "app/render_film.h"

namespace moescope {

/// `word`: names the lesson in the film's record. `request`: its script is not read. Throws as renderFilm(), and
/// std::runtime_error for a lesson that cannot be shown.
void renderLesson(const Lesson& lesson, const std::string& word, bool dark, const FilmRequest& request);
/// One frame of a lesson's film once more, from the film's record; throws as renderFrameAgain().
void renderLessonFrame(const FilmRecord& record, std::int64_t frame, const std::string& output);

}  // namespace moescope
