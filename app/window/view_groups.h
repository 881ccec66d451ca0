#pragma once
// The place where the stage and the groups of views take turns, and the tabs that switch between them.

#include <QByteArray>
#include <QMap>
#include <QStackedWidget>
#include <QTabBar>
#include <set>
#include <string>
#include <vector>

#include "app/window/stage_page.h"
#include "app/window/view_group.h"

namespace moescope {

/// The group that has this name or title. Throws std::invalid_argument naming those that there are.
std::string groupOfViews(const std::string& nameOrTitle);

class ViewGroups : public QStackedWidget {
  Q_OBJECT
 public:
  ViewGroups(Controller& controller, TrainingActions& training);

  /// One for the stage, then one for each group; the caller gives it a place.
  QTabBar* tabs() const { return tabs_; }
  const std::vector<ViewGroup*>& groups() const { return groups_; }
  /// Of the stage too.
  std::vector<ViewTile*> tiles() const;
  /// Shows the group of this name or title; throws std::invalid_argument naming the groups.
  void open(const std::string& name);
  /// Whether the document shows the stage.
  bool onStage() const { return tabOf() == 0; }
  /// In place of the groups while the document shows views alone, as a lesson's page does.
  void showAlone(QWidget* views);
  /// Whether the views are there; before, there is a cover.
  bool revealed() const { return revealed_; }
  void reveal();
  void setTheme(const Theme& theme);
  void showDocument();
  /// As on the first day.
  void arrange();
  /// The places of the views of each group by its name, as the user left them, shown or not.
  QMap<QString, QByteArray> layouts() const;
  /// Gives a group its places: at once, or when it is first shown.
  void restore(const QString& group, const QByteArray& places);
  /// In front of the view of training, whose place they share: views that have something to show without it.
  void raiseBesideTraining();

 Q_SIGNALS:
  /// The cover is on the screen.
  void covered();
  void filled(bool byOneView);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void showGroup();
  bool place(ViewGroup* group);
  void bringToFront();
  int tabOf(const std::string& name) const;
  int tabOf() const { return tabOf(controller_.document().layout.group); }

  Controller& controller_;
  StagePage* page_;
  QWidget* alone_ = nullptr;
  std::vector<ViewGroup*> groups_;
  QTabBar* tabs_;                      ///< their data: the names in the document
  QMap<QString, QByteArray> restored_; ///< for groups that were not shown yet
  std::set<ViewGroup*> placed_;        ///< groups whose views have their places: those that were shown
  std::vector<std::string> front_;     ///< of the document, that was brought to the front
  bool revealed_ = false;
};

}  // namespace moescope
