#pragma once
// Everything that a person can have done, by words: what the command palette searches.

#include <QMenuBar>
#include <QString>
#include <functional>
#include <vector>

#include "app/window/controller.h"

namespace moescope {

struct Command {
  QString title;                       ///< "Set experts to 16"
  QString place;                       ///< where it belongs: a menu, the panel, a view
  QString keys = {};                   ///< empty: none
  QString help = {};                   ///< what it does, or why it cannot be done now
  bool enabled = true;
  std::function<void()> run = {};      ///< null: a number has to be typed first
  std::function<Command(double)> with = {};  ///< the command with this number
};

/// Entries of the menus, layouts and views, what panel and views can be set to, experts and domains to select.
std::vector<Command> commandsOf(const QMenuBar& bar, Controller& controller);

/// Those in whose title or place each word of the query is found, the best first: as a beginning of a word, inside one, or by its
/// letters in their order. A number at the query's end is what a setting is set to ("experts 16", "alpha 0,5").
std::vector<Command> matching(const std::vector<Command>& commands, const QString& query);

}  // namespace moescope
