#pragma once
// The menu of lessons, and the keys that turn their pages.

#include <QMenuBar>

#include "app/window/lesson_player.h"

namespace moescope {

/// Lessons of the program in the language of the machine, a file of one's own, next, back and leave, and what else is `given`.
/// `window` owns what is made.
void addLessonMenu(QMenuBar* bar, LessonPlayer& player, const std::vector<QAction*>& given, Controller& controller,
                   QWidget* window);

/// A lesson of the program by name, or a file NAME.LANGUAGE.md or NAME.moelesson. Throws std::runtime_error or
/// std::invalid_argument with one line.
Lesson lessonGiven(const QString& nameOrFile);

}  // namespace moescope
