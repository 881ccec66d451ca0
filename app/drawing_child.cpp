#include "app/drawing_child.h"

#include <sys/resource.h>
#include <unistd.h>

#include <QApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLWidget>
#include <QSurfaceFormat>
#include <QVTKOpenGLNativeWidget.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>
#include <vtkRenderer.h>
#include <vtkUnsignedCharArray.h>

#include <cstdio>
#include <string>
#include <utility>

#include "views/offscreen.h"

namespace moescope {
namespace {

/// Straight to the parent, so that what was said before a crash arrives. Standard error is the pipe.
void tell(const std::string& tag, std::string text = {}) {
  for (char& c : text)
    if (c == '\n') c = ' ';
  const std::string line = tag + text + '\n';
  (void)!write(STDERR_FILENO, line.data(), line.size());
}

int gMessages = 0;  // that Qt had

void passOn(QtMsgType type, const QMessageLogContext&, const QString& text) {
  ++gMessages;
  tell(answer::kSaid, text.toStdString());
  if (type == QtFatalMsg) _exit(1);
}

/// A platform may have OpenGL and yet none in a window's widgets; Qt says so when one is made.
bool takesWidgets() {
  const int before = gMessages;
  const QOpenGLWidget widget;
  return gMessages == before;
}

/// A frame as the window's views draw theirs: VTK in a context that Qt made. Whether it has the colour that was asked for:
/// without OpenGL's functions VTK draws nothing, and need not crash.
bool drawsInContextOfQt() {
  const vtkNew<vtkGenericOpenGLRenderWindow> window;
  const vtkNew<vtkRenderer> renderer;
  window->SetReadyForRendering(true);
  window->SetOwnContext(false);
  window->SetIsCurrent(true);
  window->SetSupportsOpenGL(1);
  window->SetSize(16, 16);
  window->AddRenderer(renderer);
  renderer->SetBackground(1.0, 0.0, 0.0);
  window->Render();
  const vtkNew<vtkUnsignedCharArray> pixel;
  window->GetRGBACharPixelData(8, 8, 8, 8, 0, pixel);
  const bool right = pixel->GetNumberOfTuples() == 1 && pixel->GetValue(0) == 255 && pixel->GetValue(1) == 0;
  window->Finalize();
  return right;
}

void draw(Drawing kind) {
  int count = 1;
  char name[] = "moescope";
  char* arguments[] = {name, nullptr};
  const QApplication application(count, arguments);
  tell(answer::kPlatform, QGuiApplication::platformName().toStdString());
  QOpenGLContext context;
  context.setFormat(QVTKOpenGLNativeWidget::defaultFormat());
  QOffscreenSurface surface;
  surface.setFormat(context.format());
  surface.create();
  if (!context.create() || !context.makeCurrent(&surface)) return;
  const auto text = [&](GLenum which) {
    const auto* words = reinterpret_cast<const char*>(context.functions()->glGetString(which));
    return std::string(words ? words : "unknown");
  };
  tell(answer::kRenderer, text(GL_RENDERER));
  tell(answer::kVersion, text(GL_VERSION));
  if (context.format().version() < std::pair(kLeastOpenGlMajor, kLeastOpenGlMinor)) return tell(answer::kTooOld);
  if (kind == Drawing::Window && (!takesWidgets() || !drawsInContextOfQt())) return;
  if (kind == Drawing::Offscreen) {
    context.doneCurrent();
    Offscreen().device();
  }
  tell(answer::kDrew);
}

}  // namespace

void drawInChild(Drawing kind, int to) {
  const struct rlimit noCore {};
  setrlimit(RLIMIT_CORE, &noCore);  // a crash here is an answer
  dup2(to, STDOUT_FILENO);
  dup2(to, STDERR_FILENO);
  if (kind == Drawing::Offscreen) {  // which VTK draws without Qt: what a person asked of Qt must not stand in its way
    setenv("QT_QPA_PLATFORM", "xcb", 1);
    for (const char* name : {"QT_XCB_GL_INTEGRATION", "QT_OPENGL", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH"})
      unsetenv(name);
  }
  qInstallMessageHandler(passOn);
  draw(kind);
  _exit(0);
}

}  // namespace moescope
