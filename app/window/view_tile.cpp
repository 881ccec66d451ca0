#include "app/window/view_tile.h"

#include <vtkInteractorStyleTrackballCamera.h>
#include <vtkInteractorStyleUser.h>
#include <vtkRenderWindowInteractor.h>

#include <QHelpEvent>
#include <QMouseEvent>
#include <QToolTip>

namespace moescope {

ViewTile::ViewTile(const ViewDeclaration& declaration, Controller& controller) : controller_(controller), view_(declaration.make()) {
  setObjectName(QString::fromStdString(declaration.name));
  setMinimumSize(180, 120);
  window_->SetMultiSamples(4);
  setRenderWindow(window_);
  window_->AddRenderer(view_->renderer());
  if (view_->hasCamera()) {
    const vtkNew<vtkInteractorStyleTrackballCamera> style;
    interactor()->SetInteractorStyle(style);
  } else {
    const vtkNew<vtkInteractorStyleUser> style;  // a chart does not turn
    interactor()->SetInteractorStyle(style);
  }
  setMouseTracking(true);
  pending_.setSingleShot(true);
  pending_.setInterval(0);
  connect(&pending_, &QTimer::timeout, this, &ViewTile::drawNow);
  connect(&controller_, &Controller::sceneChanged, this, &ViewTile::refresh);
}

void ViewTile::refresh() {
  if (isVisible() && !visibleRegion().isEmpty() && !pending_.isActive()) pending_.start();
}

void ViewTile::setTheme(const Theme& theme) {
  theme_ = theme;
  refresh();
}

void ViewTile::drawNow() {
  if (!isVisible()) return;
  view_->update(controller_.scene(), theme_);
  window_->Render();
}

void ViewTile::resizeEvent(QResizeEvent* event) {
  QVTKOpenGLNativeWidget::resizeEvent(event);
  refresh();
}

void ViewTile::showEvent(QShowEvent* event) {
  QVTKOpenGLNativeWidget::showEvent(event);
  pending_.start();
}

Pick ViewTile::pickAt(const QPointF& position) {
  const double ratio = devicePixelRatioF();
  return view_->pick(static_cast<int>(position.x() * ratio), static_cast<int>((height() - 1 - position.y()) * ratio));
}

bool ViewTile::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QVTKOpenGLNativeWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const Pick pick = pickAt(help->pos());
  if (pick.text.empty())
    QToolTip::hideText();
  else
    QToolTip::showText(help->globalPos(), QString::fromStdString(pick.text), this);
  return true;
}

void ViewTile::mousePressEvent(QMouseEvent* event) {
  pressed_ = event->position();
  QVTKOpenGLNativeWidget::mousePressEvent(event);
}

void ViewTile::mouseReleaseEvent(QMouseEvent* event) {
  QVTKOpenGLNativeWidget::mouseReleaseEvent(event);
  const bool click = (event->position() - pressed_).manhattanLength() < 4;
  if (!click || event->button() != Qt::LeftButton) return;
  const Pick pick = pickAt(event->position());
  if (event->modifiers() & (Qt::ShiftModifier | Qt::ControlModifier))
    controller_.extendSelection(pick);
  else
    controller_.select(pick);
}

void ViewTile::mouseDoubleClickEvent(QMouseEvent*) { Q_EMIT maximiseRequested(); }

}  // namespace moescope
