#pragma once
// Tooltips of actions that name the key, whatever key the user gives them.

#include <QAction>
#include <QString>

namespace moescope {

/// The action's tooltip: what it does, and its key while it has one.
inline void explain(QAction* action, const QString& help) {
  const auto show = [action] {
    const QString words = action->property("help").toString(), key = action->shortcut().toString();
    const QString whole = key.isEmpty() ? words : words + " (" + key + ")";
    if (action->toolTip() != whole) action->setToolTip(whole);
  };
  const bool first = !action->property("help").isValid();
  action->setProperty("help", help);
  if (first) QObject::connect(action, &QAction::changed, action, show);
  show();
}

}  // namespace moescope
