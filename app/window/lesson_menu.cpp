#include "app/window/lesson_menu.h"

#include <QFileDialog>
#include <QMenu>
#include <algorithm>

#include "app/document/lesson_file.h"
#include "app/window/language.h"

namespace moescope {

Lesson lessonGiven(const QString& nameOrFile) {
  const std::string given = nameOrFile.toStdString();
  return isLessonFile(given) ? readLessonFile(given, spokenLanguage()) : requireLesson(given, spokenLanguage());
}

void addLessonMenu(QMenuBar* bar, LessonPlayer& player, const std::vector<QAction*>& given, Controller& controller,
                   QWidget* window) {
  QMenu* menu = bar->addMenu(LessonPlayer::tr("&Lessons"));
  menu->setObjectName("lessons");
  menu->setToolTipsVisible(true);
  std::vector<std::string> names;
  for (const Lesson& each : lessons())
    if (std::find(names.begin(), names.end(), each.name) == names.end()) names.push_back(each.name);
  for (const std::string& name : names) {
    const Lesson& lesson = requireLesson(name, spokenLanguage());
    QAction* action = menu->addAction(QString::fromStdString(lesson.title));
    action->setObjectName("lesson-" + QString::fromStdString(name));
    action->setToolTip(QString::fromStdString(lesson.shows));
    QObject::connect(action, &QAction::triggered, window, [&player, &lesson] { player.start(lesson); });
  }
  menu->addSeparator();
  QAction* open = menu->addAction(LessonPlayer::tr("&Open a lesson…"));
  open->setObjectName("openLesson");
  QObject::connect(open, &QAction::triggered, window, [&player, &controller, window] {
    const QString path = QFileDialog::getOpenFileName(window, LessonPlayer::tr("Open a lesson"), {},
                                                      LessonPlayer::tr("Lessons (*.moelesson *.md)"));
    if (path.isEmpty()) return;
    try {
      player.start(lessonGiven(path));
    } catch (const std::exception& error) {
      controller.notice(QString::fromStdString(error.what()));
    }
  });
  menu->addSeparator();
  const auto entry = [&](const QString& text, const char* name, const QKeySequence& keys, auto action) {
    QAction* made = menu->addAction(text);
    made->setObjectName(name);
    made->setShortcut(keys);
    made->setEnabled(false);
    QObject::connect(made, &QAction::triggered, &player, action);
    QObject::connect(&player, &QDockWidget::visibilityChanged, made, [made, &player] { made->setEnabled(player.runs()); });
  };
  entry(LessonPlayer::tr("&Next page"), "lessonNextPage", Qt::Key_PageDown, &LessonPlayer::next);
  entry(LessonPlayer::tr("&Page before"), "lessonPageBefore", Qt::Key_PageUp, &LessonPlayer::back);
  entry(LessonPlayer::tr("&Leave the lesson"), "lessonLeave", {}, &LessonPlayer::end);
  menu->addSeparator();
  for (QAction* action : given) menu->addAction(action);
}

}  // namespace moescope
