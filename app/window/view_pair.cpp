#include "app/window/view_pair.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "app/window/language.h"

namespace moescope {

int picturesAcross(const Document& document) { return !document.compares ? 1 : document.differs ? 3 : 2; }

ViewPair::ViewPair(const ViewDeclaration& declaration, Controller& controller)
    : declaration_(declaration), controller_(controller) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(3);
  make(First);
  showDocument();
}

void ViewPair::make(Place place) {
  Column& column = columns_[place];
  const bool differs = place == Difference;
  column.holder = new QWidget;
  column.header = new SideHeader(controller_, differs ? SideHeader::kDifference : place);
  column.tile = new ViewTile(declaration_, controller_, differs ? 0 : place, differs ? declaration_.makeDifference() : nullptr);
  column.tile->setObjectName(QString::fromStdString(declaration_.name) + (place == First ? "" : differs ? "-difference" : "-b"));
  column.tile->setMinimumSize(60, 40);  // small windows are for the user to choose
  column.tile->setAccessibleName(localised(declaration_.title) + (place == First ? QString()
                                                                  : differs      ? ", B − A"
                                                                                 : tr(", side B")));
  column.tile->setAccessibleDescription(localised(declaration_.help));
  column.tile->setTheme(theme_);
  connect(column.tile, &ViewTile::maximiseRequested, this, &ViewPair::maximiseRequested);
  auto* stack = new QVBoxLayout(column.holder);
  stack->setContentsMargins(0, 0, 0, 0);
  stack->setSpacing(0);
  stack->addWidget(column.header);
  stack->addWidget(column.tile, 1);
  static_cast<QHBoxLayout*>(layout())->insertWidget(place, column.holder, 1);
  tiles_.push_back(column.tile);
}

void ViewPair::setTheme(const Theme& theme) {
  theme_ = theme;
  for (ViewTile* tile : tiles_) tile->setTheme(theme);
}

void ViewPair::showDocument() {
  const Document& document = controller_.document();
  const bool shown[Places] = {true, document.compares, document.compares && document.differs && declaration_.makeDifference};
  for (const Place place : {First, Second, Difference}) {
    if (shown[place] && !columns_[place].tile) make(place);
    if (!columns_[place].tile) continue;
    columns_[place].holder->setVisible(shown[place]);
    columns_[place].header->setVisible(document.compares);
  }
}

}  // namespace moescope
