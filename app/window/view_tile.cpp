#include "app/window/view_tile.h"

#include <vtkInteractorStyleTrackballCamera.h>
#include <vtkInteractorStyleUser.h>
#include <vtkRenderWindowInteractor.h>

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QOpenGLContext>
#include <QToolTip>
#include <algorithm>

#include "app/window/glide.h"
#include "app/window/language.h"
#include "app/window/tile_data.h"
#include "app/window/tile_pictures.h"
#include "views/offscreen.h"
#include "views/slider_view.h"

namespace moescope {

ViewTile::ViewTile(const ViewDeclaration& declaration, Controller& controller, int side, std::unique_ptr<View> view)
    : controller_(controller),
      side_(side),
      declaration_(declaration),
      differs_(view != nullptr),
      view_(view ? std::move(view) : declaration.make()),
      message_(new QLabel(this)),
      about_(new AboutButton(declaration, controller, side, this)),
      lasso_(new Lasso(this, !view_->hasCamera())) {
  if (view_->hasCamera()) first_ = view_->camera();
  setObjectName(QString::fromStdString(declaration.name));
  setMinimumSize(180, 120);
  message_->setWordWrap(true);
  message_->setAlignment(Qt::AlignCenter);
  message_->setMargin(12);
  message_->setAutoFillBackground(true);
  message_->hide();
  setEnableHiDPI(false);  // else VTK would enlarge its text once more: views follow the pixel ratio themselves
  window_->SetMultiSamples(kSamples);
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
  connect(lasso_, &Lasso::drawn, this, &ViewTile::takeWithin);
  connect(lasso_, &Lasso::clicked, this, &ViewTile::clickAt);
  connect(&controller_, &Controller::sceneChanged, this, &ViewTile::refresh);
  connect(this, &QOpenGLWidget::resized, this,
          &ViewTile::refresh);  // also where the tile comes to a screen of another pixel ratio
}

void ViewTile::refresh() {
  if (!hasSide()) return;
  if (drawn_ && looksAlike(*drawn_, scene()) && drawnTheme_ == theme_ && drawnSize_ == size() && !cameraChanged()) return;
  if (glides_ && drawn_ && drawn_->routing != scene().routing && scene().routing != goal_) {
    from_ = drawn_;
    goal_ = scene().routing;
    left_ = controller_.frames().now();
  }
  if (isVisible() && !visibleRegion().isEmpty()) drawSoon();
}

void ViewTile::drawSoon() {
  controller_.frames().add(this, [this] { drawNext(); });
}

/// The picture, or one on the way to it.
void ViewTile::drawNext() {
  const double share = from_ ? static_cast<double>(controller_.frames().now() - left_) / kGlideMilliseconds : 1.0;
  const std::optional<Scene> midway = glides_ && share < 1.0 ? between(*from_, scene(), share) : std::nullopt;
  if (!midway) return drawNow();
  draw(*midway);
  controller_.frames().addNext(this, [this] { drawNext(); });
}

bool ViewTile::cameraChanged() { return view_->hasCamera() && !seesAlike(wantedCamera(), view_->camera()); }

const Camera& ViewTile::wantedCamera() const {
  const auto& cameras = controller_.document().sides[static_cast<std::size_t>(side_)].cameras;
  const auto own = cameras.find(declaration_.name);
  return own == cameras.end() ? first_ : own->second;
}

void ViewTile::takeCamera() {
  if (cameraChanged() && !(QApplication::mouseButtons() & (Qt::LeftButton | Qt::RightButton | Qt::MiddleButton)))
    view_->setCamera(wantedCamera());
}

void ViewTile::tellCamera() {
  if (!cameraChanged()) return;
  controller_.perform(moveCamera(side_, declaration_.name, view_->camera()));
}

void ViewTile::wheelEvent(QWheelEvent* event) {
  QVTKOpenGLNativeWidget::wheelEvent(event);
  tellCamera();
}

/// The view's options, its picture and the numbers behind it.
void ViewTile::contextMenuEvent(QContextMenuEvent* event) {
  QMenu menu;
  for (const ViewOption& option : declaration_.options) {
    menu.addSection(localised(option.label));
    const std::string now = optionOf(scene(), declaration_.name, option.name, option.choices.front().name);
    for (const Choice& choice : option.choices) {
      QAction* action = menu.addAction(localised(choice.words()), this, [this, option, choice] {
        controller_.perform(setWords(side_, declaration_.name + "/" + option.name, choice.name));
      });
      action->setCheckable(true);
      action->setChecked(choice.name == now);
    }
  }
  addPictureActions(menu, *this);
  addDataActions(menu, *this);
  menu.exec(event->globalPos());
}

QImage ViewTile::picture() {
  QImage image = grabFramebuffer();
  if (image.depth() == 32 && image.hasAlphaChannel()) image.reinterpretAsFormat(QImage::Format_RGB32);
  return image;
}

void ViewTile::setTheme(const Theme& theme) {
  theme_ = theme;
  refresh();
}

void ViewTile::drawNow() {
  if (!hasSide()) return;
  from_.reset();
  draw(scene());
}

void ViewTile::draw(const Scene& scene) {
  if (!isVisible() || !drawable() || !hasSide()) return;
  Theme theme = theme_;
  theme.pixelRatio = devicePixelRatioF();
  theme.corner = about_->side();
  try {
    takeCamera();
    view_->update(scene, theme);
    window_->Render();
    drawn_ = scene;
    drawnTheme_ = theme_;
    drawnSize_ = size();
    tell({});
  } catch (const std::exception& error) {
    tell(tr("This view cannot be drawn: %1").arg(error.what()));
  }
}

void ViewTile::tell(const QString& line) {
  if (line == message_->text()) return;
  message_->setText(line);
  message_->setGeometry(rect());
  message_->setVisible(!line.isEmpty());
}

void ViewTile::initializeGL() {
  const QSurfaceFormat got = context()->format();
  if (got.version() < qMakePair(3, 2))
    return tell(tr("This display draws with OpenGL %1.%2; views need 3.2 or later. `moescope doctor` says what was found.")
                    .arg(got.majorVersion())
                    .arg(got.minorVersion()));
  QVTKOpenGLNativeWidget::initializeGL();
  refresh();
}

void ViewTile::paintGL() {
  if (drawable()) QVTKOpenGLNativeWidget::paintGL();
}

void ViewTile::paintEvent(QPaintEvent* event) {
  QVTKOpenGLNativeWidget::paintEvent(event);
  if (!isValid()) tell(tr("No OpenGL can be had on this display. `moescope doctor` says what was found."));
}

void ViewTile::resizeEvent(QResizeEvent* event) {
  QVTKOpenGLNativeWidget::resizeEvent(event);
  message_->setGeometry(rect());
  refresh();
}

void ViewTile::showEvent(QShowEvent* event) {
  QVTKOpenGLNativeWidget::showEvent(event);
  drawSoon();
}

Pick ViewTile::pickAt(const QPointF& position) {
  if (!drawable()) return {};
  const double ratio = devicePixelRatioF();
  return view_->pick(static_cast<int>(position.x() * ratio), static_cast<int>((height() - 1 - position.y()) * ratio));
}

bool ViewTile::event(QEvent* event) {
  const bool press = event->type() == QEvent::MouseButtonPress,
             mouse = press || event->type() == QEvent::MouseMove || event->type() == QEvent::MouseButtonRelease;
  if (press) {
    pressed_ = static_cast<QMouseEvent*>(event)->position();
    controller_.activate(side_);
  }
  if (mouse && slide(*static_cast<QMouseEvent*>(event))) return true;
  if (mouse && !differs_ && lasso_->takes(*static_cast<QMouseEvent*>(event))) return true;  // VTK is to turn nothing meanwhile
  if (event->type() != QEvent::ToolTip) return QVTKOpenGLNativeWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const Pick pick = pickAt(help->pos());
  if (pick.text.empty())
    QToolTip::hideText();
  else
    QToolTip::showText(help->globalPos(), QString::fromStdString(pick.text), this);
  return true;
}

/// The concentration follows a hand along the axis of a view that has one, from a press to its release.
bool ViewTile::slide(const QMouseEvent& event) {
  const auto* view = dynamic_cast<const SliderView*>(view_.get());
  const bool allowed = view && controller_.whyNoConcentration().isEmpty() &&
                       !controller_.document().hiddenControls.contains("concentration");
  if (!allowed || (event.type() == QEvent::MouseButtonPress && event.modifiers() != Qt::NoModifier)) return false;
  const double ratio = devicePixelRatioF();
  const QPointF at = slides_ ? QPointF(event.position().x(), pressed_.y()) : event.position();
  const std::optional<double> there = view->concentrationAt(static_cast<int>(std::clamp(at.x(), 0.0, width() - 1.0) * ratio),
                                                            static_cast<int>((height() - 1 - at.y()) * ratio));
  setCursor(there ? Qt::SizeHorCursor : Qt::ArrowCursor);
  if (event.type() == QEvent::MouseButtonPress) slides_ = there && event.button() == Qt::LeftButton;
  if (!slides_) return false;
  if (there) controller_.perform(setNumber(side_, "concentration", *there));
  if (event.type() == QEvent::MouseButtonRelease && event.button() == Qt::LeftButton) {
    slides_ = false;
    controller_.history().endGesture();
  }
  return true;
}

void ViewTile::mouseReleaseEvent(QMouseEvent* event) {
  QVTKOpenGLNativeWidget::mouseReleaseEvent(event);
  tellCamera();
  controller_.history().endGesture();
  const bool click = (event->position() - pressed_).manhattanLength() < 4;
  if (click && event->button() == Qt::LeftButton) clickAt(event->position(), event->modifiers());
}

void ViewTile::clickAt(const QPointF& position, Qt::KeyboardModifiers modifiers) {
  const Pick pick = pickAt(position);
  if (modifiers & (Qt::ShiftModifier | Qt::ControlModifier))
    controller_.extendSelection(pick);
  else
    controller_.select(pick);
}

/// What lies inside an outline becomes the selection, joins it or leaves it.
void ViewTile::takeWithin(const QPolygonF& outline, Combine how) {
  if (!drawable()) return;
  const double ratio = devicePixelRatioF();
  std::vector<std::array<double, 2>> pixels;
  for (const QPointF& point : outline) pixels.push_back({point.x() * ratio, (height() - 1 - point.y()) * ratio});
  const Selection inside = view_->within(pixels);
  if (inside.empty())
    return controller_.notice(tr("Nothing that can be selected lies inside the outline: what was selected stays"));
  controller_.setSelection(combined(controller_.selection(), inside, how));
}

void ViewTile::mouseDoubleClickEvent(QMouseEvent*) { Q_EMIT maximiseRequested(); }

}  // namespace moescope
