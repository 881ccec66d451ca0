#pragma once
// A field to type into, and beneath it what of the window's commands is meant.

#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QTreeWidget>
#include <vector>

#include "app/window/command_list.h"

namespace moescope {

class CommandPalette : public QDialog {
  Q_OBJECT
 public:
  CommandPalette(const QMenuBar& bar, Controller& controller, QWidget* window);
  /// Anew, over the window.
  void open() override;
  /// The same with words that are sought already.
  void seek(const QString& words);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void search();
  void showHelp();
  void run();

  const QMenuBar& bar_;
  Controller& controller_;
  std::vector<Command> commands_, found_;
  QLineEdit* search_;
  QTreeWidget* list_;
  QLabel* help_;
};

}  // namespace moescope
