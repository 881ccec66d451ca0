#pragma once
// The time line under the views: where in the run the shown moment lies, and what brings one to another. It plays what was
// recorded; training has its own buttons.

#include <QAction>
#include <QComboBox>
#include <QMenu>
#include <QToolButton>
#include <QWidget>

#include "app/window/controller.h"
#include "app/window/elided_label.h"
#include "app/window/player.h"
#include "app/window/timeline_line.h"

namespace moescope {

class TimelineBar : public QWidget {
  Q_OBJECT
 public:
  explicit TimelineBar(Controller& controller);

  void setTheme(const Theme& theme);
  /// All that can be done, for the menu bar too.
  QMenu* menu() { return menu_; }
  Player& player() { return player_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  QAction* makeAction(const char* name, const QString& text, const QString& help);
  QToolButton* makeButton(QAction* action, const char* name);
  void makeActions();
  void makeMenu();
  void makeRow();
  void makeSpeeds();
  void showIcons();
  void follow();
  void showBadge();
  void showRuns();
  void showBookmarks(QMenu* menu);
  void showRunsIn(QMenu* menu);
  void showSpeed();
  void goTo(std::uint64_t generation, std::int64_t step);
  void goOn(int pictures);
  void goToStart();
  void goToNewest();
  void toggle();
  void addMark();
  void rename(const QString& bookmark);
  void continueTraining();
  void showContinuing();
  void goToMark(const std::string& name);
  void openMenu(const QPoint& place, const QString& bookmark);

  Controller& controller_;
  Player player_;
  TimelineLine* line_ = nullptr;
  QAction *start_ = nullptr, *back_ = nullptr, *play_ = nullptr, *forward_ = nullptr, *newest_ = nullptr, *mark_ = nullptr,
          *continue_ = nullptr;
  QMenu *menu_ = nullptr, *bookmarks_ = nullptr, *runsMenu_ = nullptr;
  QToolButton *live_ = nullptr, *runs_ = nullptr, *more_ = nullptr;
  QComboBox* speed_ = nullptr;
  ElidedLabel* badge_ = nullptr;
  Theme theme_;
};

}  // namespace moescope
