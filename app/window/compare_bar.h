#pragma once
// The line at the top while two sides are compared: what differs between them, which one is active, what is linked.

#include <QAction>
#include <QLabel>
#include <QToolBar>
#include <QToolButton>
#include <vector>

#include "app/window/controller.h"
#include "app/window/elided_label.h"

namespace moescope {

class CompareBar : public QToolBar {
  Q_OBJECT
 public:
  CompareBar(Controller& controller, QWidget* parent);

  /// For a menu: A|B with its key, the other side, B − A, and a switch for each link.
  QList<QAction*> menuActions() const;
  /// A|B on and off.
  QAction* compare() { return compare_; }

 private:
  QAction* made(const char* name, const QString& text, const QKeySequence& keys, const QString& help, bool checkable);
  void makeLinks();
  void showDocument();
  void showSteps();

  Controller& controller_;
  QAction *compare_, *other_, *difference_;
  struct Link {
    const char* name;
    bool Links::*flag;
    QAction* action = nullptr;
  };
  std::vector<Link> links_;
  QToolButton* linkButton_ = nullptr;
  std::vector<QToolButton*> sides_;
  ElidedLabel *line_ = nullptr;
  QLabel* steps_ = nullptr;
};

}  // namespace moescope
