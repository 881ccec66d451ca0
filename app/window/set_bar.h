#pragma once
// The line at the top while a set is selected: what its tokens are like beside everybody's, and what can be done with it.

#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QToolBar>

#include "app/window/controller.h"
#include "app/window/elided_label.h"
#include "core/reading/set_numbers.h"

namespace moescope {

/// Whether a selection is of more than what one looks at alone: two tokens, a domain, or three experts and more.
bool isSet(const Selection& selection);

/// "Set: 214 of 2048 tokens  ·  entropy 0.83 (1.21) nats  ·  ...", in brackets everybody's.
QString setLine(const SetNumbers& numbers);
/// The same for every expert, a line each.
QString setTable(const SetNumbers& numbers);

class SetBar : public QToolBar {
  Q_OBJECT
 public:
  SetBar(Controller& controller, QWidget* parent);

  /// Kept sets, and what is done with the one that is selected.
  QMenu* menu() { return menu_; }

 private:
  QAction* made(const char* name, const QString& text, const QKeySequence& keys, const QString& help, void (SetBar::*slot)());
  void fillMenu();
  void addKept(const NamedSet& set);
  void invert();
  void keep();
  void take(const Selection& members, Combine how);
  void rename(const std::string& from);
  void showSet();

  Controller& controller_;
  QMenu* menu_;
  QAction *invert_, *keep_;
  ElidedLabel* line_;
  std::shared_ptr<const Routing> shown_;  ///< with `selection_`: what the line was last read from
  Selection selection_;
};

}  // namespace moescope
