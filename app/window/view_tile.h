#pragma once
// One view in the window: its picture, tooltips, and clicks that select.

#include <QVTKOpenGLNativeWidget.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>

#include <QTimer>
#include <memory>

#include "app/window/controller.h"
#include "views/view.h"

namespace moescope {

class ViewTile : public QVTKOpenGLNativeWidget {
  Q_OBJECT
 public:
  ViewTile(const ViewDeclaration& declaration, Controller& controller);

  /// Redraws soon; changes meanwhile are gathered.
  void refresh();
  void setTheme(const Theme& theme);
  /// Redraws at once, visible or not: for pictures.
  void drawNow();
  View& view() { return *view_; }

 Q_SIGNALS:
  void maximiseRequested();

 protected:
  void resizeEvent(QResizeEvent* event) override;
  bool event(QEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  Pick pickAt(const QPointF& position);

  Controller& controller_;
  std::unique_ptr<View> view_;
  Theme theme_;
  vtkNew<vtkGenericOpenGLRenderWindow> window_;
  QTimer pending_;
  QPointF pressed_;
};

}  // namespace moescope
