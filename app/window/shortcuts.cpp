#include "app/window/shortcuts.h"

#include <QMenu>
#include <algorithm>

#include "app/window/language.h"
#include "app/window/settings_file.h"

namespace moescope {
namespace {

constexpr const char* kGroup = "shortcuts";

QString plain(QString text) {
  text.replace("&&", QChar(1));
  return text.remove('&').replace(QChar(1), '&');
}

void collect(const QWidget& menu, const QString& place, bool listed, std::vector<MenuCommand>& all) {
  for (QAction* action : menu.actions()) {
    if (action->isSeparator() || !action->isVisible()) continue;
    QMenu* below = action->menu();
    if (!below) {
      all.push_back({action, place});
      continue;
    }
    if (!listed && below->property("listedAnew").toBool()) continue;
    if (listed) Q_EMIT below->aboutToShow();  // what it lists, and what of it can be done now
    collect(*below, place.isEmpty() ? plain(action->text()) : place + " › " + plain(action->text()), listed, all);
  }
}

}  // namespace

QString MenuCommand::title() const { return plain(action->text()); }

std::vector<MenuCommand> commandsIn(const QMenuBar& bar, bool listed) {
  std::vector<MenuCommand> all;
  collect(bar, {}, listed, all);
  return all;
}

Shortcuts::Shortcuts(const QMenuBar& bar, QObject* parent) : QObject(parent) {
  for (const MenuCommand& command : commandsIn(bar, false)) {
    const QString named = command.action->objectName();
    entries_.push_back({command, named.isEmpty() ? command.path() : named, command.action->shortcuts()});
  }
}

const Shortcuts::Entry* Shortcuts::holderOf(const QKeySequence& key) const {
  for (const Entry& entry : entries_)
    if (!key.isEmpty() && entry.command.action->shortcuts().contains(key)) return &entry;
  return nullptr;
}

/// Takes the keys from whoever has them.
void Shortcuts::give(const Entry& entry, const QList<QKeySequence>& keys) {
  for (const QKeySequence& key : keys)
    while (const Entry* holder = holderOf(key)) {
      if (holder->command.action == entry.command.action) break;
      QList<QKeySequence> left = holder->command.action->shortcuts();
      left.removeAll(key);
      holder->command.action->setShortcuts(left);
    }
  entry.command.action->setShortcuts(keys);
}

void Shortcuts::assign(QAction* action, const QKeySequence& key) {
  for (const Entry& entry : entries_)
    if (entry.command.action == action) give(entry, key.isEmpty() ? QList<QKeySequence>{} : QList{key});
  if (remember_) store();
  Q_EMIT changed();
}

void Shortcuts::reset(QAction* action) {
  for (const Entry& entry : entries_)
    if (entry.command.action == action) give(entry, entry.initial);
  if (remember_) store();
  Q_EMIT changed();
}

void Shortcuts::resetAll() {
  for (const Entry& entry : entries_) entry.command.action->setShortcuts(entry.initial);
  if (remember_) store();
  Q_EMIT changed();
}

QString Shortcuts::remember() {
  remember_ = true;
  QSettings stored = settingsFile();
  stored.beginGroup(kGroup);
  QStringList wrong;
  for (const QString& name : stored.childKeys()) {
    const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& each) { return each.name == name || each.command.path() == name; });
    const QStringList words = stored.value(name).toStringList();
    QList<QKeySequence> keys;
    for (const QString& word : words)
      if (const QKeySequence key(word, QKeySequence::PortableText); !key.isEmpty() && key[0].key() != Qt::Key_unknown)
        keys.append(key);
    const bool read = keys.size() == words.count() - words.count(QString());
    entry != entries_.end() && read ? give(*entry, keys) : wrong.append(name + ": " + words.join(", "));
  }
  Q_EMIT changed();
  return wrong.isEmpty() ? QString()
                         : tr("The settings have keys that are no longer understood, and are left out: ") + wrong.join("; ");
}

/// Those that are not as on the first day.
void Shortcuts::store() const {
  QSettings stored = settingsFile();
  stored.beginGroup(kGroup);
  stored.remove("");
  for (const Entry& entry : entries_) {
    const QList<QKeySequence> keys = entry.command.action->shortcuts();
    if (keys == entry.initial) continue;
    QStringList words;
    for (const QKeySequence& key : keys) words.append(key.toString(QKeySequence::PortableText));
    stored.setValue(entry.name, words.isEmpty() ? QStringList{""} : words);
  }
}

}  // namespace moescope
