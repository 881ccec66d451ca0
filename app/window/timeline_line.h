#pragma once
// A run and its branches as lines over steps, with a handle at the moment that is shown.

#include <QAbstractSlider>
#include <QPainter>
#include <string>
#include <vector>

#include "app/document/document.h"
#include "app/document/run_overview.h"
#include "views/view.h"

namespace moescope {

/// What the line shows.
struct TimelinePicture {
  RunOverview run;
  std::vector<Bookmark> bookmarks;
  std::int64_t step = 0;  ///< that is shown
  bool live = true;       ///< it is the newest one

  /// The shown generation; 0: none.
  std::uint64_t generation() const { return run.lines.empty() ? 0 : run.lines[run.shown].generation; }
};

/// Keys, while it has the focus: left and right a held picture back and on, page up and down ten, Home the start, End the newest,
/// space plays the recording.
class TimelineLine : public QAbstractSlider {
  Q_OBJECT
 public:
  TimelineLine();

  void show(TimelinePicture picture);
  void setTheme(const Theme& theme);
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;
  /// Where a step of a line lies; the shown one where there is no such generation. In its own coordinates.
  QPointF placeOf(std::uint64_t generation, std::int64_t step) const;
  /// What is at a place: step, and each thing that lies there, a line each.
  QString describe(const QPointF& place) const;

 Q_SIGNALS:
  void moved(std::uint64_t generation, std::int64_t step);  ///< by a hand; a step whose picture is held
  void released();
  void stepped(int pictures);
  void startWanted();
  void newestWanted();
  void playWanted();
  void bookmarkWanted(const QString& name);
  void menuWanted(const QPoint& globalPlace, const QString& bookmark);  ///< empty: on no bookmark

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool event(QEvent* event) override;
  void sliderChange(SliderChange change) override;

 private:
  double x(std::int64_t step) const;
  double y(std::size_t line) const;
  std::size_t lineOf(std::uint64_t generation) const;
  std::int64_t stepAt(double x) const;
  std::size_t lineUnder(const QPointF& place) const;
  const Bookmark* bookmarkAt(const QPointF& place) const;
  void moveTo(std::int64_t step);
  void paintLines(QPainter& painter) const;
  void paintHeld(QPainter& painter) const;
  void paintMarks(QPainter& painter) const;
  void paintBookmarks(QPainter& painter);
  void paintHandle(QPainter& painter) const;
  double em() const;

  TimelinePicture picture_;
  Theme theme_;
  std::uint64_t dragged_ = 0;  ///< generation along which a hand moves; 0: none does
  bool showing_ = false;       ///< the value is being set by show()
};

}  // namespace moescope
