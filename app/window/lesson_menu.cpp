#include "app/window/lesson_menu.h"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMenu>

namespace moescope {
namespace {

constexpr qint64 kLargest = 1 << 20;  // bytes of a lesson

std::string language() { return QLocale().name().section('_', 0, 0).toStdString(); }

}  // namespace

Lesson lessonGiven(const QString& nameOrFile) {
  if (!nameOrFile.endsWith(".md")) return requireLesson(nameOrFile.toStdString(), language());
  const QFileInfo info(nameOrFile);
  QFile file(nameOrFile);
  const std::string path = nameOrFile.toStdString();
  if (!info.isFile()) throw std::runtime_error(path + ": there is no such file");
  if (!file.open(QIODevice::ReadOnly)) throw std::runtime_error(path + ": this file cannot be read: " + file.errorString().toStdString());
  if (info.size() > kLargest) throw std::runtime_error(path + ": " + std::to_string(info.size()) + " bytes; expected at most " + std::to_string(kLargest) + " of a lesson");
  return lessonFromMarkdown(info.fileName().toStdString(), file.readAll().toStdString());
}

void addLessonMenu(QMenuBar* bar, LessonPlayer& player, Controller& controller, QWidget* window) {
  QMenu* menu = bar->addMenu(LessonPlayer::tr("&Lessons"));
  menu->setObjectName("lessons");
  menu->setToolTipsVisible(true);
  std::vector<std::string> names;
  for (const Lesson& each : lessons())
    if (std::find(names.begin(), names.end(), each.name) == names.end()) names.push_back(each.name);
  for (const std::string& name : names) {
    const Lesson& lesson = requireLesson(name, language());
    QAction* action = menu->addAction(QString::fromStdString(lesson.title));
    action->setObjectName("lesson-" + QString::fromStdString(name));
    action->setToolTip(QString::fromStdString(lesson.shows));
    QObject::connect(action, &QAction::triggered, window, [&player, &lesson] { player.start(lesson); });
  }
  menu->addSeparator();
  QAction* open = menu->addAction(LessonPlayer::tr("&Open a lesson…"));
  QObject::connect(open, &QAction::triggered, window, [&player, &controller, window] {
    const QString path = QFileDialog::getOpenFileName(window, LessonPlayer::tr("Open a lesson"), {}, LessonPlayer::tr("Lessons (*.md)"));
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
}

}  // namespace moescope
