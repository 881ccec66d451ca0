#pragma once
// The words of a window: what each of its widgets says.

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTabBar>
#include <QTableWidget>
#include <QTreeWidget>
#include <vector>

#include "app/document/lesson.h"
#include "tests/support/pseudo_language.h"

namespace moescope::testing {

/// Names that are the same in every language, and words that are no one's but the user's.
inline const char* const kNames =
    "Moescope|GrMoE|grmoe|Routing A|PNG|SVG|PDF|CSV|JSON|log N|(Ctrl|Shift|Alt|Space|PgUp|PgDown|Home|End|Return|Enter|Escape|Esc|Tab|Del|Ins)\\b|F\\d+|/[^ ]*|"
    "procedural|cpu|English|Deutsch|nested|words|arithmetic|Python|text|code|numbers|exp|softmax|auto|GPU|CUDA|moescope [a-z]+|debian|Lambda|alpha|log|psi|l_max";

struct Word {
  QString where, text;
};

inline QString nameOf(const QObject* object) {
  return QString("%1 '%2'").arg(object->metaObject()->className(), object->objectName());
}

inline void addAction(const QAction* action, std::vector<Word>& all) {
  for (const QString& text : {action->text(), action->toolTip(), action->statusTip()})
    all.push_back({"action " + nameOf(action), text});
}

inline void addItems(const QTreeWidgetItem* item, const QString& where, std::vector<Word>& all) {
  for (int column = 0; column < item->columnCount(); ++column)
    for (const QString& text : {item->text(column), item->toolTip(column)}) all.push_back({where, text});
  for (int i = 0; i < item->childCount(); ++i) addItems(item->child(i), where, all);
}

/// All that a widget says itself, its children apart.
inline void addWidget(const QWidget* widget, std::vector<Word>& all) {
  const QString where = nameOf(widget);
  const auto add = [&](const QString& text) { all.push_back({where, text}); };
  for (const QString& text : {widget->toolTip(), widget->accessibleName(), widget->accessibleDescription(),
                              widget->isWindow() || qobject_cast<const QDockWidget*>(widget) ? widget->windowTitle() : QString()})
    add(text);
  if (const auto* label = qobject_cast<const QLabel*>(widget)) add(label->text());
  if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) add(button->text());
  if (const auto* box = qobject_cast<const QGroupBox*>(widget)) add(box->title());
  if (const auto* tabs = qobject_cast<const QTabBar*>(widget))
    for (int tab = 0; tab < tabs->count(); ++tab) add(tabs->tabText(tab)), add(tabs->tabToolTip(tab));
  if (const auto* box = qobject_cast<const QComboBox*>(widget))
    for (int item = 0; item < box->count(); ++item)
      add(box->itemText(item)), add(box->itemData(item, Qt::ToolTipRole).toString());
  if (const auto* number = qobject_cast<const QDoubleSpinBox*>(widget))
    add(number->prefix() + number->suffix()), add(number->specialValueText());
  if (const auto* number = qobject_cast<const QSpinBox*>(widget))
    add(number->prefix() + number->suffix()), add(number->specialValueText());
  if (const auto* line = qobject_cast<const QLineEdit*>(widget)) add(line->placeholderText());
  if (const auto* text = qobject_cast<const QPlainTextEdit*>(widget))
    add(text->placeholderText()), add(text->isReadOnly() ? text->toPlainText() : QString());
  if (const auto* menu = qobject_cast<const QMenu*>(widget)) add(menu->title());
  if (const auto* table = qobject_cast<const QTableWidget*>(widget)) {
    for (int column = 0; column < table->columnCount(); ++column)
      if (const QTableWidgetItem* head = table->horizontalHeaderItem(column)) add(head->text());
    for (int row = 0; row < table->rowCount(); ++row)
      for (int column = 0; column < table->columnCount(); ++column)
        if (const QTableWidgetItem* item = table->item(row, column)) add(item->text()), add(item->toolTip());
  }
  if (const auto* tree = qobject_cast<const QTreeWidget*>(widget)) {
    addItems(tree->headerItem(), where, all);
    for (int i = 0; i < tree->topLevelItemCount(); ++i) addItems(tree->topLevelItem(i), where, all);
  }
  for (const QAction* action : widget->actions()) addAction(action, all);
}

/// A text without what it says in the words of a lesson, which is in a language already.
inline QString withoutLessons(QString text) {
  for (const Lesson& lesson : lessons()) {
    text.remove(QString::fromStdString(lesson.title)).remove(QString::fromStdString(lesson.shows));
    for (const LessonPage& page : lesson.pages) text.remove(QString::fromStdString(page.title));
  }
  return text;
}

/// Whether a widget shows words that are the user's or a lesson's.
inline bool isOfTheUser(const QWidget* widget) {
  for (const QObject* each = widget; each; each = each->parent())
    if (QStringList{"lessonTitle", "lessonWords", "lessonTask", "promptText", "promptWritten", "tokenStrip", "recentSessions",
                    "recentCheckpoints", "knob-corpus", "settingsFolder"}
            .contains(each->objectName()))
      return true;
  return false;
}

inline bool isOfTheUser(const QString& where) {
  return QRegularExpression("'(lesson-.*|promptText|promptWritten|qt_.*)'").match(where).hasMatch();
}

/// Each text of the window and its dialogs that is no one's but the program's, without the words of lessons.
inline std::vector<Word> wordsOf(const QWidget* window) {
  std::vector<Word> all;
  addWidget(window, all);
  for (const QWidget* widget : window->findChildren<QWidget*>())
    if (!isOfTheUser(widget)) addWidget(widget, all);
  std::erase_if(all, [](const Word& word) { return isOfTheUser(word.where); });
  for (Word& word : all) word.text = withoutLessons(word.text);
  return all;
}

/// Each word among them that no translation gave, with where it stands.
inline QStringList untranslatedIn(const QWidget* window) {
  QStringList faults;
  for (const auto& [where, text] : wordsOf(window)) {
    QString plain = text;
    plain.remove(QRegularExpression("<[^>]*>|&(?=\\w)"));
    if (const std::string word = untranslatedIn(plain.toStdString(), kNames); !word.empty())
      faults.append(QString("%1: '%2' in \"%3\"").arg(where, QString::fromStdString(word), text));
  }
  faults.removeDuplicates();
  return faults;
}

}  // namespace moescope::testing
