#include "app/window/view_groups.h"

#include <QLabel>
#include <QLayout>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QTimer>
#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

#include "app/window/language.h"

namespace moescope {
namespace {

const std::string kStage = "Stage";

/// What a group of views is called for a person, in English.
std::string titleOf(const std::string& group) { return group == "Routing" ? "Explore" : group; }

/// The stage, then the views' own, in the order of their tabs.
std::vector<std::string> groupNames() {
  std::vector<std::string> names = {kStage};
  for (const ViewDeclaration& view : viewRegistry())
    if (std::find(names.begin(), names.end(), view.group) == names.end()) names.push_back(view.group);
  return names;
}

/// What stands in the place of the views until the window itself is on the screen: making their OpenGL contexts takes seconds.
class Cover : public QLabel {
 public:
  explicit Cover(std::function<void()> painted) : QLabel(tr("Making the views ready…")), painted_(std::move(painted)) {
    setObjectName("cover");
    setAlignment(Qt::AlignCenter);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
  }

 protected:
  void paintEvent(QPaintEvent* event) override {
    QLabel::paintEvent(event);
    if (auto call = std::exchange(painted_, nullptr)) QTimer::singleShot(kUntilOnScreen, this, call);
  }

 private:
  static constexpr int kUntilOnScreen =
      30;  // milliseconds: what was painted is sent to the screen when the event loop next waits
  std::function<void()> painted_;
};

}  // namespace

std::string groupOfViews(const std::string& nameOrTitle) {
  std::string known;
  for (const std::string& group : groupNames()) {
    if (group == nameOrTitle || titleOf(group) == nameOrTitle) return group;
    known += (known.empty() ? "" : ", ") + titleOf(group);
  }
  throw std::invalid_argument(translated("group of views '%1' is not known; expected one of %2", nameOrTitle, known));
}

ViewGroups::ViewGroups(Controller& controller, TrainingActions& training)
    : controller_(controller), page_(new StagePage(controller, training)), tabs_(new QTabBar) {
  addWidget(new Cover([this] { Q_EMIT covered(); }));
  tabs_->setObjectName("groups");
  tabs_->setAccessibleName(tr("Groups of views"));
  tabs_->setExpanding(false);
  tabs_->setDrawBase(false);
  auto* scrolled = new QScrollArea;  // what is too much for the least window scrolls, and asks no more of the others
  scrolled->setFrameShape(QFrame::NoFrame);
  scrolled->setWidgetResizable(true);
  scrolled->setWidget(page_);
  addWidget(scrolled);
  for (const std::string& name : groupNames()) {
    tabs_->setTabData(tabs_->addTab(localised(titleOf(name))), QString::fromStdString(name));
    if (name == kStage) continue;
    auto* group = new ViewGroup(QString::fromStdString(name), controller_);
    connect(group, &ViewGroup::filled, this, &ViewGroups::filled);
    groups_.push_back(group);
    addWidget(group);
  }
  connect(tabs_, &QTabBar::currentChanged, this, [this](int tab) { open(tabs_->tabData(tab).toString().toStdString()); });
}

std::vector<ViewTile*> ViewGroups::tiles() const {
  std::vector<ViewTile*> all;
  for (const ViewGroup* group : groups_)
    for (ViewTile* tile : group->tiles()) all.push_back(tile);
  for (ViewTile* tile : page_->tiles()) all.push_back(tile);
  return all;
}

/// The first one for a name that is not known.
int ViewGroups::tabOf(const std::string& name) const {
  for (int tab = 0; tab < tabs_->count(); ++tab)
    if (const std::string group = tabs_->tabData(tab).toString().toStdString(); group == name || titleOf(group) == name)
      return tab;
  return 0;
}

void ViewGroups::open(const std::string& name) {
  const std::string group = groupOfViews(name);
  controller_.perform({translated("Show %1", translated(titleOf(group))), "group", [group](Document& document) {
                         document.layout.group = group;
                         document.layout.filling.clear();
                         document.layout.alone.clear();
                       }});
}

void ViewGroups::showAlone(QWidget* views) {
  alone_ = views;
  addWidget(views);
}

void ViewGroups::resizeEvent(QResizeEvent* event) {
  QStackedWidget::resizeEvent(event);
  page_->setRoom(width());
}

void ViewGroups::reveal() {
  if (!std::exchange(revealed_, true)) showGroup();
}

void ViewGroups::setTheme(const Theme& theme) {
  for (ViewGroup* group : groups_) group->setTheme(theme);
  page_->setTheme(theme);
}

void ViewGroups::showDocument() {
  for (ViewGroup* group : placed_) group->showDocument(controller_.document(), size());
  showGroup();
}

/// The group that the document names, and the view that fills it.
void ViewGroups::showGroup() {
  const int tab = tabOf();
  const QSignalBlocker quiet(tabs_);
  tabs_->setCurrentIndex(tab);
  if (!revealed_) return;
  if (!controller_.document().layout.alone.empty()) return setCurrentWidget(alone_);
  const bool first = tab > 0 && place(groups_[static_cast<std::size_t>(tab) - 1]);
  setCurrentIndex(tab + 1);  // after the cover
  for (ViewGroup* group : placed_) group->fill(controller_.document().layout.filling);
  if (std::exchange(front_, controller_.document().layout.front) != front_ || first) bringToFront();
}

/// The first lies on top where two share a place.
void ViewGroups::bringToFront() {
  for (const ViewGroup* group : placed_)
    for (auto view = front_.rbegin(); view != front_.rend(); ++view)
      if (auto* dock = group->findChild<QDockWidget*>("dock-" + QString::fromStdString(*view))) {
        dock->show();
        dock->raise();
      }
}

/// Gives the views of a group their places, in the room that there is when it is first shown. False: they have them.
bool ViewGroups::place(ViewGroup* group) {
  if (!placed_.insert(group).second) return false;
  window()->layout()->activate();  // a panel that has just come takes its room first
  group->restoreLayout(restored_.value(group->name()), size());
  group->showDocument(controller_.document(), size());
  return true;
}

void ViewGroups::arrange() {
  restored_.clear();
  for (ViewGroup* group : placed_) group->arrange(size());
}

QMap<QString, QByteArray> ViewGroups::layouts() const {
  QMap<QString, QByteArray> all;
  for (ViewGroup* group : groups_)
    all[group->name()] = placed_.contains(group) ? group->savedLayout() : restored_.value(group->name());
  return all;
}

void ViewGroups::restore(const QString& name, const QByteArray& places) {
  for (ViewGroup* group : placed_)
    if (group->name() == name) {
      group->restoreLayout(places, size());
      return;
    }
  restored_[name] = places;
}

void ViewGroups::raiseBesideTraining() {
  auto* training = findChild<QDockWidget*>("dock-training_metrics");
  for (ViewGroup* group : groups_)
    for (QDockWidget* dock : group->docks())
      if (training->isVisible() && group->tabifiedDockWidgets(training).contains(dock)) dock->raise();
}

}  // namespace moescope
