#include "app/window/set_bar.h"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/window/language.h"
#include "views/palette.h"

namespace moescope {
namespace {

constexpr std::size_t kNamed = 3;  // experts in the line; the tooltip has all

QString number(double value, int digits) { return std::isfinite(value) ? QString::number(value, 'f', digits) : QString("–"); }

QString beside(double set, double all, int digits) { return number(set, digits) + " (" + number(all, digits) + ")"; }

/// Experts by how many of the set's tokens they lead.
std::vector<int> mostLeading(const GroupNumbers& group) {
  std::vector<int> order(group.led.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return group.led[static_cast<std::size_t>(a)] > group.led[static_cast<std::size_t>(b)]; });
  return order;
}

QString expertName(int expert) { return QString::fromStdString(expertLabel(expert)); }

double shareLed(const GroupNumbers& group, int expert) {
  return group.tokens > 0 ? 100.0 * group.led[static_cast<std::size_t>(expert)] / group.tokens : NAN;
}

}  // namespace

bool isSet(const Selection& selection) {
  return selection.tokens.size() > 1 || !selection.domains.empty() || selection.experts.size() > 2;
}

QString setLine(const SetNumbers& numbers) {
  const GroupNumbers &set = numbers.set, &all = numbers.all;
  QString line = tr("Set: %1 of %2 tokens (everybody in brackets)").arg(set.tokens).arg(all.tokens);
  if (set.tokens == 0) return line;
  line += tr("  ·  entropy ") + beside(set.entropy, all.entropy, 3) + tr(" nats");
  line += std::isfinite(all.loss) ? tr("  ·  loss as trained ") + beside(set.loss, all.loss, 3) + tr(" nats")
                                  : tr("  ·  loss of single tokens: not recorded");
  QStringList loads, leaders;
  const std::vector<int> order = mostLeading(set);
  for (std::size_t i = 0; i < std::min(kNamed, order.size()); ++i) {
    const int e = order[i];
    if (set.led[static_cast<std::size_t>(e)] == 0) break;
    leaders.append(expertName(e) + " " + beside(shareLed(set, e), shareLed(all, e), 0) + " %");
    loads.append(expertName(e) + " " + beside(100.0 * set.load[e], 100.0 * all.load[e], 0) + " %");
  }
  if (!leaders.isEmpty()) line += tr("  ·  led by ") + leaders.join(", ") + tr("  ·  load ") + loads.join(", ");
  if (set.unserved > 0) line += tr("  ·  without expert: %1").arg(set.unserved);
  return line;
}

QString setTable(const SetNumbers& numbers) {
  QStringList lines = {tr("expert: load of the set (everybody's), share of its tokens that the expert leads (everybody's)")};
  for (const int e : mostLeading(numbers.set))
    lines.append(expertName(e) + ": " + beside(100.0 * numbers.set.load[e], 100.0 * numbers.all.load[e], 1) + " %, " +
                 beside(shareLed(numbers.set, e), shareLed(numbers.all, e), 1) + " %");
  return lines.join('\n');
}

SetBar::SetBar(Controller& controller, QWidget* parent)
    : QToolBar(tr("Set: its numbers beside everybody's"), parent),
      controller_(controller),
      menu_(new QMenu(tr("&Sets"), this)),
      invert_(made("actionInvertSet", tr("&Invert"), QKeySequence("Ctrl+I"),
                   tr("Of each kind of which something is selected, all that is not"), &SetBar::invert)),
      keep_(made("actionKeepSet", tr("&Keep under a name…"), QKeySequence("Ctrl+Shift+K"),
                 tr("Keeps the selected set in the document, to come back to"), &SetBar::keep)),
      line_(new ElidedLabel) {
  setObjectName("bar-set");
  setMovable(false);
  auto* holder = new QWidget;
  auto* row = new QHBoxLayout(holder);
  row->setContentsMargins(6, 2, 6, 2);
  line_->setObjectName("setNumbers");
  line_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  row->addWidget(line_, 1);
  for (QAction* action : {invert_, keep_}) {
    auto* button = new QToolButton;
    button->setDefaultAction(action);
    row->addWidget(button);
  }
  auto* kept = new QToolButton;
  kept->setObjectName("keptSets");
  kept->setText(tr("Sets"));
  kept->setToolTip(tr("Kept sets"));
  kept->setMenu(menu_);
  kept->setPopupMode(QToolButton::InstantPopup);
  row->addWidget(kept);
  addWidget(holder);
  menu_->setObjectName("sets");
  connect(menu_, &QMenu::aboutToShow, this, &SetBar::fillMenu);
  fillMenu();
  connect(&controller_, &Controller::sceneChanged, this, &SetBar::showSet);
  hide();
}

QAction* SetBar::made(const char* name, const QString& text, const QKeySequence& keys, const QString& help,
                      void (SetBar::*slot)()) {
  auto* action = new QAction(text, this);
  action->setObjectName(name);
  action->setShortcut(keys);
  action->setToolTip(help + " (" + keys.toString() + ")");
  connect(action, &QAction::triggered, this, slot);
  return action;
}

void SetBar::fillMenu() {
  menu_->clear();
  qDeleteAll(menu_->findChildren<QMenu*>(Qt::FindDirectChildrenOnly));  // of sets as they were
  menu_->addActions({invert_, keep_});
  menu_->addSeparator();
  for (const NamedSet& set : controller_.document().sets) addKept(set);
  if (controller_.document().sets.empty())
    menu_->addAction(tr("no set is kept yet: draw an outline around tokens, then keep it"))->setEnabled(false);
}

void SetBar::addKept(const NamedSet& set) {
  QMenu* own = menu_->addMenu(QString::fromStdString(set.name).replace('&', "&&"));
  own->setObjectName("set-" + QString::fromStdString(set.name));
  own->addAction(tr("Select"), this, [this, members = set.members] { take(members, Combine::Replace); });
  own->addAction(tr("Add"), this, [this, members = set.members] { take(members, Combine::Add); });
  own->addAction(tr("Take away"), this, [this, members = set.members] { take(members, Combine::Subtract); });
  own->addSeparator();
  own->addAction(tr("Rename…"), this, [this, name = set.name] { rename(name); });
  own->addAction(tr("Delete"), this, [this, name = set.name] { controller_.perform(removeSet(name)); });
}

void SetBar::take(const Selection& members, Combine how) {
  controller_.setSelection(combined(controller_.selection(), members, how));
}

void SetBar::invert() {
  const Scene& scene = controller_.scene();
  if (!scene.routing) return;
  controller_.setSelection(inverted(scene.selection, static_cast<int>(scene.routing->gates.cols()),
                                    static_cast<int>(scene.routing->gates.rows()),
                                    static_cast<int>(scene.snapshot->probe->domainNames.size())));
}

void SetBar::keep() {
  if (controller_.selection().empty())
    return controller_.notice(tr("Nothing is selected that could be kept: draw an outline around tokens first"));
  bool given = false;
  const QString name =
      QInputDialog::getText(this, tr("Keep set"), tr("Name of the set:"), QLineEdit::Normal, {}, &given).trimmed();
  if (given) controller_.perform(keepSet(name.toStdString(), controller_.selection()));
}

void SetBar::rename(const std::string& from) {
  bool given = false;
  const QString name = QInputDialog::getText(this, tr("Rename set"), tr("Name of the set:"), QLineEdit::Normal,
                                             QString::fromStdString(from), &given)
                           .trimmed();
  if (given) controller_.perform(renameSet(from, name.toStdString()));
}

void SetBar::showSet() {
  const Scene& scene = controller_.scene();
  const bool shown = scene.routing && isSet(scene.selection);
  if (shown && (shown_ != scene.routing || !(selection_ == scene.selection))) {
    const SetNumbers numbers = numbersOfSet(*scene.snapshot, *scene.routing, scene.selection);
    line_->setText(setLine(numbers));
    line_->setToolTip(setLine(numbers) + "\n\n" + setTable(numbers));
    shown_ = scene.routing;
    selection_ = scene.selection;
  }
  if (shown == isHidden()) setVisible(shown);
}

}  // namespace moescope
