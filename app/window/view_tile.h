#pragma once
// One view in the window: its picture, tooltips, and clicks that select.

#include <QVTKOpenGLNativeWidget.h>
#include <vtkNew.h>

#include <QImage>
#include <QLabel>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/window/about_button.h"
#include "app/window/controller.h"
#include "app/window/lasso.h"
#include "views/tile_window.h"
#include "views/view.h"

namespace moescope {

class ViewTile : public QVTKOpenGLNativeWidget {
  Q_OBJECT
 public:
  /// `side`: whose scene it draws, 0 or 1. `view`: to draw it with; null: the declaration's own.
  ViewTile(const ViewDeclaration& declaration, Controller& controller, int side = 0, std::unique_ptr<View> view = nullptr);
  int side() const { return side_; }

  /// Redraws with the other tiles of the window, before anything else of it is painted; changes meanwhile are gathered.
  void refresh();
  /// `theme`'s pixel ratio is the screen's that the tile is on, whatever it says.
  void setTheme(const Theme& theme);
  /// Redraws at once where it is shown: for pictures. What fails is said in the tile; nothing is thrown.
  void drawNow();
  /// What stands in the tile, device pixels. Where lines and words were smoothed OpenGL leaves an alpha below 1, which the screen
  /// does not show: here it is opaque too.
  QImage picture();
  View& view() { return *view_; }
  /// Whether tokens glide to their new places.
  void setGliding(bool glides) { glides_ = glides; }
  Camera camera() const { return view_->camera(); }
  const ViewDeclaration& declaration() const { return declaration_; }
  /// Whether it shows what side B has more than side A.
  bool differs() const { return differs_; }
  Controller& controller() const { return controller_; }
  /// What is shown; nothing before the first picture.
  const std::optional<Scene>& drawn() const { return drawn_; }
  const Theme& theme() const { return theme_; }
  /// Whether a line stands in place of the picture.
  bool saysWhyNot() const { return message_->isVisible(); }
  /// What stands on the picture.
  QWidget* button() { return about_; }

 Q_SIGNALS:
  void maximiseRequested();

 protected:
  /// VTK draws with OpenGL 3.2: on less its functions are missing, and it would fall over.
  void initializeGL() override;
  void paintGL() override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool event(QEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  void drawSoon();
  void drawNext();
  void draw(const Scene& scene);
  Pick pickAt(const QPointF& position);
  bool slide(const QMouseEvent& event);
  void clickAt(const QPointF& position, Qt::KeyboardModifiers modifiers);
  void takeWithin(const QPolygonF& outline, Combine how);
  /// The document's camera, or the one that the view begins with.
  const Camera& wantedCamera() const;
  bool cameraChanged();
  void takeCamera();
  /// Tells the document where the camera stands, if it was moved.
  void tellCamera();
  /// Whether there is an OpenGL context that VTK can draw with.
  bool drawable() { return window_->GetReadyForRendering(); }
  /// One line in place of the picture; none: the picture.
  void tell(const QString& line);

  /// Whether its side is shown.
  bool hasSide() const { return side_ == 0 || controller_.compares(); }
  const Scene& scene() const { return controller_.on(side_).scene(); }

  Controller& controller_;
  const int side_;
  const ViewDeclaration declaration_;
  const bool differs_;
  std::unique_ptr<View> view_;
  Camera first_;                ///< that the view begins with
  std::optional<Scene> drawn_;  ///< with `drawnTheme_` and `drawnSize_`: nothing is drawn that is there already
  Theme drawnTheme_;
  QSize drawnSize_;
  Theme theme_;
  vtkNew<TileWindow> window_;
  QLabel* message_;
  AboutButton* about_;
  Lasso* lasso_;
  bool glides_ = false;
  bool slides_ = false;  ///< a hand moves the concentration along the view's axis
  std::optional<Scene> from_;              ///< where tokens come from while they glide
  std::shared_ptr<const Routing> goal_;    ///< and where they go
  qint64 left_ = 0;                        ///< when they left, on the frames' clock
  QPointF pressed_;
};

}  // namespace moescope
