#include "app/window/command_palette.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QVBoxLayout>
#include <algorithm>

#include "app/window/language.h"

namespace moescope {
namespace {

constexpr std::size_t kMost = 200;  // entries that are listed
enum Column { kTitle, kPlace, kKeys, kColumns };

}  // namespace

CommandPalette::CommandPalette(const QMenuBar& bar, Controller& controller, QWidget* window)
    : QDialog(window), bar_(bar), controller_(controller), search_(new QLineEdit), list_(new QTreeWidget), help_(new QLabel) {
  setObjectName("commandPalette");
  setWindowTitle(tr("Commands"));
  search_->setObjectName("paletteSearch");
  search_->setAccessibleName(tr("Search commands"));
  search_->setPlaceholderText(tr("Type what you want: experts 16, select expert 3, heat map, top-k …"));
  search_->setToolTip(tr("Words of a command, or a setting and its number; Enter does it, Escape goes back"));
  search_->installEventFilter(this);
  list_->setObjectName("paletteList");
  list_->setAccessibleName(tr("Commands that are meant"));
  list_->setToolTip(tr("Enter or double click does it"));
  list_->setColumnCount(kColumns);
  list_->setHeaderHidden(true);
  list_->setRootIsDecorated(false);
  list_->setFocusPolicy(Qt::NoFocus);
  list_->header()->setStretchLastSection(false);
  list_->header()->setSectionResizeMode(kTitle, QHeaderView::Stretch);
  help_->setObjectName("paletteHelp");
  help_->setWordWrap(true);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(search_);
  layout->addWidget(list_, 1);
  layout->addWidget(help_);
  connect(search_, &QLineEdit::textChanged, this, &CommandPalette::search);
  connect(search_, &QLineEdit::returnPressed, this, &CommandPalette::run);
  connect(list_, &QTreeWidget::itemActivated, this, &CommandPalette::run);
  connect(list_, &QTreeWidget::currentItemChanged, this, &CommandPalette::showHelp);
}

void CommandPalette::open() {
  commands_ = commandsOf(bar_, controller_);
  search_->clear();
  search();
  const int line = fontMetrics().height(), width = std::min(46 * line, parentWidget()->width() - 2 * line);
  resize(width, std::min(28 * line, parentWidget()->height() * 2 / 3));
  move(parentWidget()->mapToGlobal(QPoint((parentWidget()->width() - width) / 2, 3 * line)));
  QDialog::open();
  search_->setFocus();
}

void CommandPalette::seek(const QString& words) {
  open();
  search_->setText(words);
}

/// The field keeps the focus, and the list moves beneath it.
bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::KeyPress) return QDialog::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  if (key != Qt::Key_Up && key != Qt::Key_Down && key != Qt::Key_PageUp && key != Qt::Key_PageDown) return false;
  QCoreApplication::sendEvent(list_, event);
  return true;
}

void CommandPalette::search() {
  found_ = matching(commands_, search_->text());
  const std::size_t shown = std::min(found_.size(), kMost);
  list_->clear();
  for (std::size_t i = 0; i < shown; ++i) {
    const Command& command = found_[i];
    auto* item = new QTreeWidgetItem(list_, {command.title, command.place, command.keys});
    for (int column = 0; column < kColumns; ++column) {
      if (!command.enabled || column != kTitle)
        item->setForeground(column, palette().brush(QPalette::Disabled, QPalette::WindowText));
      item->setToolTip(column, command.help);
    }
  }
  for (const int column : {kPlace, kKeys}) list_->resizeColumnToContents(column);
  list_->setCurrentItem(list_->topLevelItem(0));
  showHelp();
}

void CommandPalette::showHelp() {
  const int row = list_->indexOfTopLevelItem(list_->currentItem());
  const QString more = found_.size() > kMost ? tr("%1 commands more: type on").arg(found_.size() - kMost) : QString();
  help_->setText(row < 0 ? tr("Nothing is called so")
                         : QStringList{found_[static_cast<std::size_t>(row)].help, more}.join('\n').trimmed());
}

/// What cannot be done now stays in sight with the reason; what needs a number waits for it.
void CommandPalette::run() {
  const int row = list_->indexOfTopLevelItem(list_->currentItem());
  if (row < 0) return;
  const Command command = found_[static_cast<std::size_t>(row)];
  if (!command.enabled) return;
  if (!command.run) return search_->setText(command.title.left(command.title.size() - 1));  // without the dots
  accept();
  command.run();
}

}  // namespace moescope
