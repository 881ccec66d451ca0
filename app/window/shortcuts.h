#pragma once
// The keys of what is in the menus: the user may change them, and the settings keep them.

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QMenuBar>
#include <QObject>
#include <QStringList>
#include <vector>

namespace moescope {

/// An entry of a menu that stays: what is listed anew whenever a menu opens is none.
struct MenuCommand {
  QAction* action = nullptr;
  QString place;  ///< the menus that lead to it: "File › Presets"

  /// As it stands in the menu, without the mark of its letter.
  QString title() const;
  QString path() const { return place + " › " + title(); }
};

/// All entries of the menus, in their order. `listed`: those too that are listed anew whenever their menu opens; it is opened for
/// that.
std::vector<MenuCommand> commandsIn(const QMenuBar& bar, bool listed);

class Shortcuts : public QObject {
  Q_OBJECT
 public:
  struct Entry {
    MenuCommand command;
    QString name;                  ///< in the settings
    QList<QKeySequence> initial;   ///< keys of the first day
  };

  explicit Shortcuts(const QMenuBar& bar, QObject* parent);

  const std::vector<Entry>& entries() const { return entries_; }
  /// Whose key this is; null: nobody's.
  const Entry* holderOf(const QKeySequence& key) const;
  /// Its only key from now on, taken from whoever has it; empty: none.
  void assign(QAction* action, const QKeySequence& key);
  void reset(QAction* action);
  void resetAll();
  /// Takes the keys that the settings keep, and keeps every change from now on. Returns a line that names what the settings say
  /// and this program cannot follow; empty: nothing. Off by default: tests leave no trace.
  QString remember();

 Q_SIGNALS:
  void changed();

 private:
  void give(const Entry& entry, const QList<QKeySequence>& keys);
  void store() const;

  std::vector<Entry> entries_;
  bool remember_ = false;
};

}  // namespace moescope
