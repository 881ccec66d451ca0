#include "app/window/token_bar.h"

#include <QHBoxLayout>
#include <utility>

#include "app/window/elided_label.h"
#include "app/window/language.h"

namespace moescope {

TokenBar::TokenBar(Controller& controller, QWidget* parent)
    : QToolBar(tr("Tokens by leading expert"), parent),
      controller_(controller),
      strip_(new TokenStrip(controller)),
      domains_(new QComboBox) {
  setObjectName("bar-tokens");
  setMovable(false);
  auto* holder = new QWidget;
  auto* layout = new QHBoxLayout(holder);
  layout->setContentsMargins(4, 2, 4, 4);
  domains_->setObjectName("stripDomain");
  domains_->setAccessibleName(tr("Domain of the shown tokens"));
  domains_->setToolTip(tr("Which domain's text to show"));
  domains_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  layout->addWidget(domains_, 0, Qt::AlignTop);
  layout->addWidget(strip_, 1);
  addWidget(holder);
  connect(domains_, &QComboBox::currentIndexChanged, strip_, &TokenStrip::setDomain);
  connect(&controller_, &Controller::statusChanged, this, &TokenBar::showDomains);
  connect(&controller_, &Controller::sceneChanged, this, &TokenBar::showDomains);
  connect(&controller_, &Controller::sceneChanged, this, &TokenBar::followSelection);
  showDomains();
}

void TokenBar::showDomains() {
  const SnapshotPointer snapshot = controller_.scene().snapshot;
  if (!snapshot) return;
  domains_->setEnabled(!snapshot->probe->domain.empty());
  QStringList names, before;
  for (const std::string& name : snapshot->probe->domainNames) names.append(localised(name));
  for (int d = 0; d < domains_->count(); ++d) before.append(domains_->itemData(d).toString());
  if (names == before) return;
  domains_->clear();
  for (const QString& name : names) {
    domains_->addItem(shortened(name), name);
    domains_->setItemData(domains_->count() - 1, name, Qt::ToolTipRole);
  }
  domains_->setToolTip(tr("Which domain's text to show:\n") + names.join('\n'));
}

/// A domain that was selected shows its text, once: another one can be looked at meanwhile.
void TokenBar::followSelection() {
  const std::vector<int>& domains = controller_.scene().selection.domains;
  const int selected = domains.size() == 1 ? domains.front() : -1;
  if (std::exchange(selected_, selected) != selected && selected >= 0) domains_->setCurrentIndex(selected);
}

}  // namespace moescope
