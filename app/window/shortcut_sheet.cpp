#include "app/window/shortcut_sheet.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QVBoxLayout>
#include <algorithm>

#include "app/window/language.h"

namespace moescope {
namespace {

enum Column { kCommand, kPlace, kKey, kColumns };

QString words(const QList<QKeySequence>& keys) {
  return QKeySequence::listToString(keys, QKeySequence::NativeText).replace(";", tr(" or"));
}

/// One press, without those that may follow.
QKeySequence firstOf(const QKeySequence& keys) { return keys.isEmpty() ? keys : QKeySequence(keys[0]); }

/// Keys that a widget has for itself while it has the focus; nobody changes them.
struct FixedKey {
  const char *what, *where, *key;
};
constexpr FixedKey kFixed[] = {
    {translatable("One held picture back, on"), translatable("Time line, with the focus"), translatable("Left, Right")},
    {translatable("Ten held pictures back, on"), translatable("Time line, with the focus"), translatable("Page Down, Page Up")},
    {translatable("Start of the run, newest step"), translatable("Time line, with the focus"), translatable("Home, End")},
    {translatable("Play the recording"), translatable("Time line, with the focus"), translatable("Space")},
    {translatable("Second expert of a pair, or one more"), translatable("Views"), translatable("Shift+click, Ctrl+click")},
    {translatable("Fill the window with a view, and back"), translatable("Views"), translatable("Double click")}};

}  // namespace

ShortcutSheet::ShortcutSheet(Shortcuts& shortcuts, QWidget* parent)
    : QDialog(parent),
      shortcuts_(shortcuts),
      search_(new QLineEdit),
      table_(new QTreeWidget),
      key_(new QKeySequenceEdit),
      line_(new QLabel) {
  setObjectName("shortcutSheet");
  setWindowTitle(tr("Keys"));
  search_->setObjectName("shortcutSearch");
  search_->setAccessibleName(tr("Search the keys"));
  search_->setToolTip(tr("Words of a command, of its menu, or a key"));
  search_->setPlaceholderText(tr("Search commands and keys"));
  search_->setClearButtonEnabled(true);
  table_->setObjectName("shortcutTable");
  table_->setAccessibleName(tr("Commands and their keys"));
  table_->setToolTip(tr("Choose a command to give it another key"));
  table_->setColumnCount(kColumns);
  table_->setHeaderLabels({tr("Command"), tr("Where"), tr("Key")});
  table_->setRootIsDecorated(false);
  table_->header()->setSectionResizeMode(kCommand, QHeaderView::Stretch);
  key_->setObjectName("shortcutKey");
  key_->setAccessibleName(tr("New key of the chosen command"));
  key_->setToolTip(tr("Press the keys that the chosen command is to have"));
  line_->setObjectName("shortcutLine");
  line_->setWordWrap(true);
  auto* row = new QHBoxLayout;
  row->addWidget(key_, 1);
  const auto button = [this, row](const QString& text, const char* name, const QString& help, auto action) {
    auto* made = new QPushButton(text);
    made->setObjectName(name);
    made->setToolTip(help);
    made->setAutoDefault(false);
    connect(made, &QPushButton::clicked, this, action);
    row->addWidget(made);
    return made;
  };
  give_ = button(tr("Set"), "shortcutGive", tr("Gives the chosen command the pressed key"),
                 [this] { shortcuts_.assign(chosen(), firstOf(key_->keySequence())); });
  none_ = button(tr("No key"), "shortcutNone", tr("Takes the chosen command's key away"),
                 [this] { shortcuts_.assign(chosen(), {}); });
  initial_ = button(tr("Initial key"), "shortcutInitial", tr("The key that the chosen command had on the first day"),
                    [this] { shortcuts_.reset(chosen()); });
  button(tr("All initial"), "shortcutAllInitial", tr("Every command has the key of the first day"),
         [this] { shortcuts_.resetAll(); });
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(search_);
  layout->addWidget(table_, 1);
  layout->addLayout(row);
  layout->addWidget(line_);
  resize(46 * fontMetrics().height(), 34 * fontMetrics().height());
  connect(search_, &QLineEdit::textChanged, this, &ShortcutSheet::search);
  connect(table_, &QTreeWidget::currentItemChanged, this, &ShortcutSheet::showChosen);
  connect(key_, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutSheet::consider);
  connect(&shortcuts_, &Shortcuts::changed, this, &ShortcutSheet::fill);
  fill();
}

void ShortcutSheet::fill() {
  const QAction* before = chosen();
  table_->clear();
  for (const Shortcuts::Entry& entry : shortcuts_.entries()) {
    auto* item =
        new QTreeWidgetItem(table_, {entry.command.title(), entry.command.place, words(entry.command.action->shortcuts())});
    item->setData(kCommand, Qt::UserRole, QVariant::fromValue<QObject*>(entry.command.action));
    item->setToolTip(kCommand, entry.command.action->toolTip());
    if (entry.command.action == before) table_->setCurrentItem(item);
  }
  for (const FixedKey& fixed : kFixed)
    (new QTreeWidgetItem(table_, {tr(fixed.what), tr(fixed.where), tr(fixed.key)}))
        ->setToolTip(kCommand, tr("This one is fixed"));
  for (const int column : {kPlace, kKey}) table_->resizeColumnToContents(column);
  search();
  showChosen();
}

void ShortcutSheet::search() {
  const QStringList sought = search_->text().split(' ', Qt::SkipEmptyParts);
  for (int row = 0; row < table_->topLevelItemCount(); ++row) {
    QTreeWidgetItem* item = table_->topLevelItem(row);
    const QString all = item->text(kCommand) + ' ' + item->text(kPlace) + ' ' + item->text(kKey);
    item->setHidden(
        !std::all_of(sought.begin(), sought.end(), [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); }));
  }
}

/// Null: a fixed one or none.
QAction* ShortcutSheet::chosen() const {
  const QTreeWidgetItem* item = table_->currentItem();
  return item ? qobject_cast<QAction*>(item->data(kCommand, Qt::UserRole).value<QObject*>()) : nullptr;
}

void ShortcutSheet::showChosen() {
  for (QWidget* each : std::initializer_list<QWidget*>{key_, none_, initial_}) each->setEnabled(chosen());
  key_->clear();
  consider();
}

/// Whose key it is now is said before it is taken.
void ShortcutSheet::consider() {
  const QKeySequence key = firstOf(key_->keySequence());
  give_->setEnabled(chosen() && !key.isEmpty());
  const Shortcuts::Entry* holder = shortcuts_.holderOf(key);
  const bool other = holder && holder->command.action != chosen();
  give_->setText(other ? tr("Take it") : tr("Set"));
  line_->setText(!chosen()       ? tr("Choose a command; those of views and time line at the end of the list are fixed")
                 : key.isEmpty() ? tr("Press the keys for it above, then Set")
                 : other         ? tr("%1 is the key of %2 (%3), which would have none then")
                               .arg(key.toString(QKeySequence::NativeText), holder->command.title(), holder->command.place)
                 : holder ? key.toString(QKeySequence::NativeText) + tr(" is its key already")
                          : key.toString(QKeySequence::NativeText) + tr(" is free"));
}

}  // namespace moescope
