#pragma once
// Films in the File menu: recording what is on the screen, and key frames for a film that is drawn frame by frame.

#include <QAction>
#include <QMenu>
#include <QPushButton>

#include "app/window/key_frames.h"
#include "app/window/recorder.h"

namespace moescope {

class MainWindow;

class FilmMenu : public QObject {
  Q_OBJECT
 public:
  /// Adds its entries to `file` and a red mark, while a film is recorded, to the window's status bar.
  FilmMenu(QMenu* file, MainWindow& window);

  Recorder& recorder() { return recorder_; }
  KeyFrames& keyFrames() { return *keys_; }
  /// In the place of a view's name: all that are shown.
  static constexpr const char* kAllViews = "all";
  /// Records the whole window, all views, or the view of this name, of which A|B has both sides.
  void record(const std::string& path, const std::string& view = {});
  void stop();

 Q_SIGNALS:
  void noticed(const QString& line);

 private:
  void fillRecordMenu();
  QImage pictureOf(const std::string& view) const;
  void ask(const QString& what, const std::string& view);
  void showState();

  MainWindow& window_;
  Recorder recorder_;
  KeyFrames* keys_;
  QMenu* menu_;
  QAction* stop_;
  QPushButton* mark_;
};

}  // namespace moescope
