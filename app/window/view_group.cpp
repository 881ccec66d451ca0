#include "app/window/view_group.h"

#include <QApplication>
#include <QChildEvent>
#include <QFontMetrics>
#include <QLayout>
#include <QTabBar>
#include <algorithm>
#include <utility>

#include "app/window/language.h"

namespace moescope {
namespace {

// Lines of text across and down which a view is still legible.
constexpr int kLeastColumn = 16, kLeastRow = 12;

}  // namespace

ViewGroup::ViewGroup(const QString& name, Controller& controller) : name_(name) {
  setWindowFlags(Qt::Widget);
  setObjectName("group-" + name);
  setDockNestingEnabled(true);
  setAnimated(false);
  auto* centre = new QWidget;  // docks only
  centre->setMaximumSize(0, 0);
  setCentralWidget(centre);
  for (const ViewDeclaration& declaration : viewRegistry()) {
    if (QString::fromStdString(declaration.group) != name) continue;
    auto* dock = new QDockWidget(localised(declaration.title), this);
    dock->setObjectName("dock-" + QString::fromStdString(declaration.name));
    dock->setToolTip(localised(declaration.help));
    auto* pair = new ViewPair(declaration, controller);
    dock->setWidget(pair);
    connect(pair, &ViewPair::maximiseRequested, this, [&controller, view = declaration.name, title = declaration.title] {
      const bool fills = controller.document().layout.filling == view;
      controller.perform({fills ? translated("All views") : translated("Fill with %1", translated(title)), "",
                          [fills, view](Document& document) { document.layout.filling = fills ? "" : view; }});
    });
    docks_.push_back(dock);
    pairs_.push_back(pair);
  }
}

std::vector<ViewTile*> ViewGroup::tiles() const {
  std::vector<ViewTile*> all;
  for (const ViewPair* pair : pairs_) all.insert(all.end(), pair->tiles().begin(), pair->tiles().end());
  return all;
}

void ViewGroup::setTheme(const Theme& theme) {
  for (ViewPair* pair : pairs_) pair->setTheme(theme);
}

void ViewGroup::showDocument(const Document& document, const QSize& room) {
  for (ViewPair* pair : pairs_) pair->showDocument();
  const int across = picturesAcross(document);
  if (across == across_) return;
  leaveMaximised();
  layouts_[across_] = saveState(version());
  across_ = across;
  const auto left = layouts_.find(across);
  if (left == layouts_.end() || !restoreState(left->second, version())) arrange(room);
}

QSize ViewGroup::gridFor(const QSize& room) const {
  const int line = QFontMetrics(QApplication::font()).height(), count = static_cast<int>(docks_.size());
  const int columns = std::clamp(room.width() / (across_ * kLeastColumn * line), 1, std::min(3, count));
  return {columns, std::clamp(room.height() / (kLeastRow * line), 1, count > columns ? 2 : 1)};
}

void ViewGroup::arrange(const QSize& room) {
  leaveMaximised();
  const QSize grid = gridFor(room);
  place(grid);
  shareRoom(grid, room);
}

/// Columns of two, or of one; what is left over lies in tabs in the lower row, in turn, and the last of it in the last place.
void ViewGroup::place(const QSize& grid) {
  for (QDockWidget* dock : docks_) {
    dock->setFloating(false);
    removeDockWidget(dock);
  }
  const auto columns = static_cast<std::size_t>(grid.width()), places = columns * static_cast<std::size_t>(grid.height());
  for (std::size_t i = 0; i < docks_.size(); ++i) {
    if (i == 0)
      addDockWidget(Qt::RightDockWidgetArea, docks_[i]);
    else if (i < columns)
      splitDockWidget(docks_[i - 1], docks_[i], Qt::Horizontal);
    else if (i < places)
      splitDockWidget(docks_[i - columns], docks_[i], Qt::Vertical);
    else
      tabifyDockWidget(docks_[i + 1 == docks_.size() ? places - 1 : places - columns + i % columns], docks_[i]);
    docks_[i]->show();
  }
}

/// Columns and rows of equal size. In front of the tabs: the group's last view in its place, else the first, as in a single
/// place.
void ViewGroup::shareRoom(const QSize& grid, const QSize& room) {
  const auto columns = static_cast<std::size_t>(grid.width()), places = columns * static_cast<std::size_t>(grid.height());
  resize(room);
  layout()->activate();
  QList<QDockWidget*> row, column;
  for (std::size_t i = 0; i < columns; ++i) row.append(docks_[i]);
  for (std::size_t i = 0; i < places && i < docks_.size(); i += columns) column.append(docks_[i]);
  resizeDocks(row, QList<int>(row.size(), room.width() / grid.width()), Qt::Horizontal);
  resizeDocks(column, QList<int>(column.size(), room.height() / grid.height()), Qt::Vertical);
  for (std::size_t place = places - columns; place < std::min(docks_.size(), places); ++place) {
    const bool holdsLast = places > 1 && docks_.size() > places && places - columns + place == places - 1;
    (holdsLast ? docks_.back() : docks_[place])->raise();
  }
}

/// Qt makes the bars of tabs as they are needed. Tabs that have no room are scrolled: cut to a few letters they would say
/// nothing.
void ViewGroup::childEvent(QChildEvent* event) {
  QMainWindow::childEvent(event);
  auto* bar = event->type() == QEvent::ChildPolished ? qobject_cast<QTabBar*>(event->child()) : nullptr;
  if (!bar) return;
  bar->setElideMode(Qt::ElideNone);
  bar->setUsesScrollButtons(true);
}

/// Of these views: Qt takes no layout of another version.
int ViewGroup::version() const {
  QByteArray names;
  for (const QDockWidget* dock : docks_) names += dock->objectName().toUtf8() + ' ';
  return qChecksum(names);
}

/// Of one picture of each view.
QByteArray ViewGroup::savedLayout() const {
  if (across_ != 1) return layouts_.at(1);
  return maximised_ ? beforeMaximising_ : saveState(version());
}

bool ViewGroup::restoreLayout(const QByteArray& saved, const QSize& room) {
  if (across_ != 1) {
    layouts_[1] = saved;
    return false;
  }
  arrange(room);
  const bool restored = !saved.isEmpty() && restoreState(saved, version());
  const bool anyShown = std::any_of(docks_.begin(), docks_.end(), [](const QDockWidget* dock) { return !dock->isHidden(); });
  if (!restored || !anyShown) arrange(room);
  return restored && anyShown;
}

void ViewGroup::fill(const std::string& view) {
  QDockWidget* wanted = nullptr;
  for (QDockWidget* dock : docks_)
    if (dock->objectName() == "dock-" + QString::fromStdString(view)) wanted = dock;
  if (wanted == maximised_) return;
  leaveMaximised();
  if (!wanted) return;
  beforeMaximising_ = saveState(version());
  maximised_ = wanted;
  for (QDockWidget* other : docks_)
    if (other != wanted) other->hide();
  wanted->show();
  Q_EMIT filled(true);
}

bool ViewGroup::leaveMaximised() {
  if (!std::exchange(maximised_, nullptr)) return false;
  restoreState(beforeMaximising_, version());
  Q_EMIT filled(false);
  return true;
}

}  // namespace moescope
