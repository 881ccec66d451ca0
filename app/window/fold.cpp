#include "app/window/fold.h"

#include <QVBoxLayout>

#include "app/window/language.h"

namespace moescope {

Fold::Fold(const char* part, const QString& title, QWidget* content, Controller& controller)
    : controller_(controller), part_(part), head_(new QToolButton), content_(content) {
  setObjectName(QString("fold-") + part);
  head_->setObjectName(QString("foldHead-") + part);
  head_->setText(title);
  head_->setAccessibleName(title);
  head_->setToolTip(title + tr(": folds away and comes back"));
  head_->setCheckable(true);
  head_->setAutoRaise(true);
  head_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  head_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(4);
  column->addWidget(head_);
  column->addWidget(content_);
  connect(head_, &QToolButton::clicked, this, [this](bool open) {
    controller_.perform({open ? translated("Unfold") : translated("Fold"), "", [part = part_, open](Document& document) {
                           if (open)
                             document.layout.open.insert(part);
                           else
                             document.layout.open.erase(part);
                         }});
  });
  connect(&controller_, &Controller::documentChanged, this, &Fold::showDocument);
  content_->hide();
  showDocument();
}

void Fold::insist(bool open) {
  if (std::exchange(insists_, open) != open) showDocument();
}

void Fold::showDocument() {
  const bool open = insists_ || controller_.document().layout.open.contains(part_);
  head_->setChecked(open);
  head_->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
  if (open == !content_->isHidden()) return;
  content_->setVisible(open);
  if (open) Q_EMIT opened();
}

}  // namespace moescope
