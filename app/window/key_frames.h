#pragma once
// The key frames of a film as they are gathered in the window, and their way to a script and a film.

#include <QDialog>
#include <QLabel>
#include <QProcess>
#include <QPushButton>
#include <QTableWidget>
#include <vector>

#include "app/film/film_script.h"
#include "app/window/controller.h"

namespace moescope {

class KeyFrames : public QDialog {
  Q_OBJECT
 public:
  static constexpr double kApart = 2.0;  ///< seconds from a new key frame to the one before

  KeyFrames(Controller& controller, QWidget* parent);
  ~KeyFrames() override { process_.disconnect(this); }  // a film under way ends with the window

  /// What the window shows now, after the others. False, and a notice, where there is nothing to show yet.
  bool addKeyFrame();
  const std::vector<FilmKey>& keys() const { return keys_; }
  /// Those of another window, in place of its own.
  void take(std::vector<FilmKey> keys);
  /// Throws std::runtime_error with one line where the key frames make no film.
  FilmScript script() const;
  void saveScript(const std::string& path) const;
  /// Trains and draws the film with a process of its own: the same program's `render`.
  void render(const QString& path);
  bool renders() const { return process_.state() != QProcess::NotRunning; }

 Q_SIGNALS:
  void noticed(const QString& line);

 private:
  void fill();
  void edited(int row, int column);
  void removeChosen();
  void ended();
  void refuse(const std::exception& error);

  Controller& controller_;
  std::vector<FilmKey> keys_;
  QTableWidget* table_;
  QLabel* state_;
  QPushButton *render_, *cancel_;
  QProcess process_;
  QString script_, film_;
};

}  // namespace moescope
