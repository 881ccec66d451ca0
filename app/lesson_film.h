#pragma once
// A lesson as a film: each page's pictures, its words below, what it trains, and its task with the answer.

#include "app/document/lesson.h"
#include "app/render_film.h"

namespace moescope {

/// `request`: its script is not read. Throws as renderFilm(), and std::runtime_error for a lesson that cannot be shown.
void renderLesson(const Lesson& lesson, bool dark, const FilmRequest& request);

}  // namespace moescope
