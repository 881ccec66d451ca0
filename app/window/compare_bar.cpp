#include "app/window/compare_bar.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QSignalBlocker>

#include "app/document/differences.h"
#include "app/window/action_help.h"
#include "app/window/language.h"

namespace moescope {

CompareBar::CompareBar(Controller& controller, QWidget* parent)
    : QToolBar(tr("A|B: what differs"), parent),
      controller_(controller),
      compare_(
          made("actionCompare", tr("A|&B, two sides"), QKeySequence("Ctrl+B"), tr("Two models beside each other, or one"), true)),
      other_(made("actionOtherSide", tr("The &other side"), QKeySequence(Qt::Key_Tab | Qt::CTRL),
                  tr("Panel and keys speak of the other side"), false)),
      difference_(made("actionDifference", "B &− A", QKeySequence("Ctrl+D"),
                       tr("What B has more than A, in views where that means something"), true)),
      links_{{"concentration", &Links::concentration},
             {"layer", &Links::layer},
             {"cameras", &Links::cameras},
             {"selection", &Links::selection},
             {"time", &Links::time}} {
  setObjectName("bar-compare");
  setMovable(false);
  auto* holder = new QWidget;
  auto* row = new QHBoxLayout(holder);
  row->setContentsMargins(6, 2, 6, 2);
  for (const int side : {0, 1}) {
    auto* button = new QToolButton;
    button->setObjectName(side == 0 ? "sideA" : "sideB");
    button->setText(side == 0 ? "A" : "B");
    button->setCheckable(true);
    button->setStyleSheet(
        "QToolButton:checked { background: palette(highlight); color: palette(highlighted-text); font-weight: bold; }");
    button->setToolTip(tr("Panel and keys speak of side %1").arg(side == 0 ? "A" : "B"));
    connect(button, &QToolButton::clicked, this, [this, side] {
      controller_.activate(side);
      showDocument();
    });
    row->addWidget(button);
    sides_.push_back(button);
  }
  line_ = new ElidedLabel;
  line_->setObjectName("differences");
  line_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  row->addWidget(line_, 1);
  steps_ = new QLabel;
  steps_->setObjectName("pairSteps");
  row->addWidget(steps_);
  auto* difference = new QToolButton;
  difference->setDefaultAction(difference_);
  difference->setObjectName("difference");
  row->addWidget(difference);
  makeLinks();
  row->addWidget(linkButton_);
  addWidget(holder);
  connect(compare_, &QAction::triggered, this, [this](bool both) { controller_.perform(moescope::compare(both)); });
  connect(other_, &QAction::triggered, this, [this] { controller_.activate(1 - controller_.active()); });
  connect(difference_, &QAction::triggered, this, [this](bool shown) { controller_.perform(showDifference(shown)); });
  connect(&controller_, &Controller::documentChanged, this, &CompareBar::showDocument);
  connect(&controller_, &Controller::sceneChanged, this, &CompareBar::showSteps);
  connect(&controller_, &Controller::statusChanged, this, &CompareBar::showSteps);
  showDocument();
}

QAction* CompareBar::made(const char* name, const QString& text, const QKeySequence& keys, const QString& help, bool checkable) {
  auto* action = new QAction(text, this);
  action->setObjectName(name);
  action->setShortcut(keys);
  action->setCheckable(checkable);
  explain(action, help);
  return action;
}

void CompareBar::makeLinks() {
  auto* menu = new QMenu(this);
  for (Link& link : links_) {
    link.action = menu->addAction(tr("Link %1").arg(localised(link.name)));
    link.action->setObjectName(QString("link-%1").arg(link.name));
    link.action->setCheckable(true);
    connect(link.action, &QAction::triggered, this,
            [this, name = link.name](bool linked) { controller_.perform(setLink(name, linked)); });
  }
  linkButton_ = new QToolButton;
  linkButton_->setObjectName("links");
  linkButton_->setMenu(menu);
  linkButton_->setPopupMode(QToolButton::InstantPopup);
}

QList<QAction*> CompareBar::menuActions() const {
  QList<QAction*> all = {compare_, other_, difference_};
  for (const Link& link : links_) all.append(link.action);
  return all;
}

void CompareBar::showDocument() {
  const Document& document = controller_.document();
  const bool both = document.compares;
  compare_->setChecked(both);
  difference_->setChecked(document.differs);
  for (QAction* action : menuActions().mid(1)) action->setEnabled(both);
  int linked = 0;
  for (const Link& link : links_) {
    link.action->setChecked(document.links.*link.flag);
    linked += document.links.*link.flag;
  }
  linkButton_->setText(linked == static_cast<int>(links_.size()) ? tr("All linked")
                                                                 : tr("%1 of %2 linked").arg(linked).arg(links_.size()));
  linkButton_->setToolTip(tr("What moves on both sides when it moves on one"));
  for (const int side : {0, 1}) sides_[static_cast<std::size_t>(side)]->setChecked(side == controller_.active());
  setVisible(both);
  if (!both) return;
  showSteps();
}

/// What differs, of the runs too; how far apart they are; and a side that stopped, whichever is active.
void CompareBar::showSteps() {
  if (!controller_.compares()) return;
  const auto changesOf = [this](int side) {
    const Scene& scene = controller_.on(side).scene();
    return scene.snapshot ? controller_.on(side).timeline()->knobChanges(scene.snapshot->generation) : std::vector<KnobChange>{};
  };
  const Document& document = controller_.document();
  const std::string line = differenceLine(document, historyNote(changesOf(0), changesOf(1)));
  line_->setText(QString::fromStdString(line));
  line_->setToolTip(QString::fromStdString(line + "\n\n" + differenceList(document)));
  QString words = controller_.pairText(), help;
  for (const int side : {0, 1})
    if (const EngineStatus status = controller_.on(side).status(); status.state == EngineState::Failed) {
      words = tr("%1 has stopped").arg(side == 0 ? "A" : "B");
      help = QString::fromStdString(status.message);
    }
  steps_->setText(words);
  steps_->setToolTip(help);
}

}  // namespace moescope
