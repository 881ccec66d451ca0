#pragma once
// The window: views in docks, the panel, the token strip, the status line.

#include <QDockWidget>
#include <QMainWindow>
#include <QToolBar>

#include <memory>

#include "app/window/checkpoint_menu.h"
#include "app/window/chrome.h"
#include "app/window/compare_bar.h"
#include "app/window/control_panel.h"
#include "app/window/habits.h"
#include "app/window/lesson_player.h"
#include "app/window/layout_menu.h"
#include "app/window/number_page.h"
#include "app/window/preferences.h"
#include "app/window/presenter.h"
#include "app/window/prompt_bar.h"
#include "app/window/session_menu.h"
#include "app/window/set_bar.h"
#include "app/window/status_line.h"
#include "app/window/timeline_bar.h"
#include "app/window/token_bar.h"
#include "app/window/training_actions.h"
#include "app/window/view_groups.h"
#include "app/window/workbench.h"

namespace moescope {

class FilmMenu;

class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  /// As the Workbench of its own.
  explicit MainWindow(const Document& document, std::uint64_t keptBytes = kKeptModelBytes,
                      std::shared_ptr<Autosaves> autosaves = {}, std::shared_ptr<FirstModel> first = {})
      : MainWindow(std::make_shared<Workbench>(document, keptBytes, std::move(autosaves), std::move(first))) {}
  /// A window that goes on with what this one shows, in the language that is spoken now, with the same layout; it is on the
  /// screen, and this one may go.
  std::unique_ptr<MainWindow> successor();
  /// What would be lost with this window; empty: nothing.
  QString whyNoSuccessor() const;

  Controller& controller() { return controller_; }
  CheckpointOpener& opener() { return opener_; }
  LessonPlayer& lessons() { return *lessons_; }
  Presenter& presenter() { return *presenter_; }
  SessionOpener& sessions() { return sessions_; }
  SessionMenu& sessionMenu() { return *sessionMenu_; }
  ViewTile* tile(const std::string& name) const;
  std::vector<ViewTile*> tiles() const;  ///< of all views, whether they are in sight or not
  /// Whether the views are there; before, the window has painted itself and says so.
  bool revealed() const { return views_->revealed(); }
  /// Shows the views of this group; throws std::invalid_argument naming the groups.
  void openGroup(const std::string& name) { views_->open(name); }
  void setTheme(bool dark, double textScale) { controller_.perform(moescope::setTheme(dark, textScale)); }
  /// The whole window with its OpenGL contents, all drawn at this moment: device pixels, as many as it has or as are asked for.
  QImage picture(QSize pixels = {});
  /// The Document as JSON, with the places of the views as they are. restoreStateText() throws std::runtime_error with one line
  /// for what it does not understand, and then changes nothing. A checkpoint in it is opened.
  QString state() const;
  void restoreStateText(const QString& json);
  /// What to remember. Its document is the caller's to bring back: parts may come from the command line.
  Preferences preferences() const;
  /// Before the window is shown. What is missing or does not fit is as on the first day.
  void restoreLayout(const Preferences& preferences);
  /// Keeps the preferences when the window closes, until the user asks to forget them. Off by default: tests leave no trace.
  void rememberOnClose() {
    remember_ = true;
    checkpoints_->rememberOpened();
    sessionMenu_->rememberOpened();
    habits_->rememberChanges();
  }

 Q_SIGNALS:
  /// A language was chosen: its code, or empty for the system's.
  void languageWanted(const QString& code);

 protected:
  void showEvent(QShowEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  explicit MainWindow(std::shared_ptr<Workbench> bench);
  void makeViews();
  void makePanel();
  void makeTimeBar();
  void makeTokens();
  void makePrompt();
  void makeMenus();
  void makeHelpMenu(QMenu* help);
  void makeFileMenu();
  void makeEditMenu(QMenu* edit);
  void makeTrainingMenu();
  void makeViewMenu();
  void heedOpeners();
  void heedLessons();
  void openLesson(const QString& file);
  void reveal();
  void arrange();
  void fitText();
  void fitPanel();
  void fitBars();
  void showPanel(bool onStage);
  void placeViews(const Layout& layout);
  double textScale() const;
  void applyTheme();
  void say(const QString& notice);
  bool mayGiveUp(const QString& loss);
  void keepPreferences();
  void escape();
  void showDocument();
  void requireExperts(const Document& document) const;

  const std::shared_ptr<Workbench> bench_;
  Controller& controller_;
  CheckpointOpener& opener_;
  SessionOpener& sessions_;
  CheckpointMenu* checkpoints_ = nullptr;
  SessionMenu* sessionMenu_ = nullptr;
  FilmMenu* film_ = nullptr;
  TrainingActions* training_ = nullptr;
  CompareBar* compare_ = nullptr;
  LessonPlayer* lessons_ = nullptr;
  SetBar* set_ = nullptr;
  NumberPage* numbers_ = nullptr;
  Chrome chrome_;
  Presenter* presenter_ = nullptr;
  Theme theme_;
  ViewGroups* views_ = nullptr;
  ControlPanel* panel_ = nullptr;
  QDockWidget* panelDock_ = nullptr;
  QToolBar* timeBar_ = nullptr;
  TimelineBar* time_ = nullptr;
  TokenBar* tokens_ = nullptr;
  QToolBar* promptBar_ = nullptr;
  PromptBar* prompt_ = nullptr;
  StatusLine* status_ = nullptr;
  Habits* habits_ = nullptr;
  bool tokensFit_ = false, promptFits_ = false;
  bool shown_ = false, remember_ = false;
  bool panelShown_ = true, timeShown_ = true;  ///< by the layout; the user may have closed them
  bool ownWidth_ = false;   ///< the panel's is the user's own, of this size of text
  Preferences restored_;    ///< what restoreLayout() was given
};

/// Window, button and text colours for the whole application.
void applyPalette(const Theme& theme);

}  // namespace moescope
