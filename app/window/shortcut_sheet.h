#pragma once
// All keys on one sheet, to search and to change.

#include <QDialog>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>

#include "app/window/shortcuts.h"

namespace moescope {

class ShortcutSheet : public QDialog {
  Q_OBJECT
 public:
  ShortcutSheet(Shortcuts& shortcuts, QWidget* parent);

 private:
  void fill();
  void search();
  void showChosen();
  void consider();
  QAction* chosen() const;

  Shortcuts& shortcuts_;
  QLineEdit* search_;
  QTreeWidget* table_;
  QKeySequenceEdit* key_;
  QPushButton *give_, *none_, *initial_;
  QLabel* line_;  ///< what comes of the typed key
};

}  // namespace moescope
