// draw_check: the views whose tokens a vertex shader places, drawn without any display through EGL, against the same placed by
// the processor. Exit status 0 when they look alike, 1 when they do not, 77 when nothing can be drawn here, with the reason.

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <vtkAutoInit.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>
#include <vtkUnsignedCharArray.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/planted_scene.h"
#include "views/offscreen.h"
#include "views/token_cloud.h"

VTK_MODULE_INIT(vtkRenderingOpenGL2)
VTK_MODULE_INIT(vtkRenderingFreeType)
VTK_MODULE_INIT(vtkInteractionStyle)

namespace moescope {
namespace {

constexpr int kWidth = 640, kHeight = 480, kCannot = 77;
constexpr double kMostMean = 0.4,
                 kMostShare = 0.004;  // as test_token_clouds, which shows that another concentration lies beyond them

/// Graphics cards' displays where EGL names them, then Mesa's without a surface.
std::vector<EGLDisplay> displaysHere() {
  const auto platformDisplay = reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(eglGetProcAddress("eglGetPlatformDisplayEXT"));
  const auto queryDevices = reinterpret_cast<PFNEGLQUERYDEVICESEXTPROC>(eglGetProcAddress("eglQueryDevicesEXT"));
  if (!platformDisplay) return {};
  std::vector<EGLDeviceEXT> devices(16);
  EGLint count = 0;
  if (!queryDevices || !queryDevices(static_cast<EGLint>(devices.size()), devices.data(), &count)) count = 0;
  std::vector<EGLDisplay> displays;
  for (EGLint i = 0; i < count; ++i)
    displays.push_back(platformDisplay(EGL_PLATFORM_DEVICE_EXT, devices[static_cast<std::size_t>(i)], nullptr));
  displays.push_back(platformDisplay(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr));
  return displays;
}

/// Makes an OpenGL context of a display current. Returns why not, or an empty line.
std::string makeContextOf(EGLDisplay display) {
  if (display == EGL_NO_DISPLAY || !eglInitialize(display, nullptr, nullptr)) return "EGL's device cannot be opened";
  if (!eglBindAPI(EGL_OPENGL_API)) return "EGL gives no desktop OpenGL here";
  const EGLint wanted[] = {EGL_SURFACE_TYPE,
                           EGL_PBUFFER_BIT,
                           EGL_RENDERABLE_TYPE,
                           EGL_OPENGL_BIT,
                           EGL_RED_SIZE,
                           8,
                           EGL_ALPHA_SIZE,
                           8,
                           EGL_DEPTH_SIZE,
                           24,
                           EGL_NONE};
  EGLConfig config = nullptr;
  EGLint configs = 0;
  if (!eglChooseConfig(display, wanted, &config, 1, &configs) || configs == 0)
    return "EGL has no configuration with 8 bits a channel and depth";
  const EGLint version[] = {
      EGL_CONTEXT_MAJOR_VERSION,           3,       EGL_CONTEXT_MINOR_VERSION, 3, EGL_CONTEXT_OPENGL_PROFILE_MASK,
      EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
  const EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, version);
  if (context == EGL_NO_CONTEXT) return "EGL gives no OpenGL 3.3 core context";
  const EGLint size[] = {EGL_WIDTH, kWidth, EGL_HEIGHT, kHeight, EGL_NONE};
  const EGLSurface surface = eglCreatePbufferSurface(display, config, size);
  return eglMakeCurrent(display, surface, surface, context) ? "" : "EGL's context cannot be made current";
}

/// The first display that draws, for a device that EGL names may lack its driver. Returns why none does, or an empty line.
std::string makeContext() {
  std::string why = "EGL finds no device to draw on";
  for (EGLDisplay display : displaysHere()) {
    why = makeContextOf(display);
    if (why.empty()) return {};
  }
  return why;
}

/// One window for all pictures, within the current context.
class Window {
 public:
  Window() {
    window_->SetReadyForRendering(true);
    window_->SetFrameBlitModeToNoBlit();
    window_->SetMultiSamples(kSamples);
    window_->SetSize(kWidth, kHeight);
    window_->SetIsCurrent(true);
    window_->OpenGLInit();
  }
  std::string fault() { return TokenCloud::fault(window_); }
  std::string device() {
    const std::string report = window_->ReportCapabilities(), name = "OpenGL renderer string:";
    const std::size_t start = report.find(name),
                      from = start == std::string::npos ? start : report.find_first_not_of(' ', start + name.size());
    return from == std::string::npos ? "an unnamed renderer" : report.substr(from, report.find('\n', from) - from);
  }
  std::vector<unsigned char> draw(View& view, const Scene& scene, bool plain) {
    Theme theme;
    theme.plainClouds = plain;
    TokenCloud::of(view.renderer())->drawOnAnyRenderer();
    window_->AddRenderer(view.renderer());
    view.update(scene, theme);
    window_->Render();
    const vtkNew<vtkUnsignedCharArray> pixels;
    window_->GetRGBACharPixelData(0, 0, kWidth - 1, kHeight - 1, 0, pixels);
    window_->RemoveRenderer(view.renderer());
    return {pixels->GetPointer(0), pixels->GetPointer(0) + pixels->GetNumberOfValues()};
  }

 private:
  vtkNew<vtkGenericOpenGLRenderWindow> window_;
};

/// Prints a line of what was found; false: they are not alike.
bool compare(Window& window, const ViewDeclaration& declaration, const Scene& scene, const std::string& what) {
  const std::vector<unsigned char> shader = window.draw(*declaration.make(), scene, false),
                                   plain = window.draw(*declaration.make(), scene, true);
  double mean = 0.0, share = 0.0, ink = 0.0;
  for (std::size_t i = 0; i < std::min(shader.size(), plain.size()); ++i) {
    if (i % 4 == 3) continue;
    const int difference = std::abs(shader[i] - plain[i]);
    mean += difference;
    share += difference > 64;
    ink += std::abs(plain[i] - plain[i % 4]);  // from the corner's colour
  }
  const double count = 0.75 * static_cast<double>(plain.size());
  const bool alike = shader.size() == plain.size() && mean / count < kMostMean && share / count < kMostShare && ink / count > 5.0;
  std::printf("%-7s %-64s mean difference %.3f of 255, %.3f %% of the pixels differ much\n", alike ? "agrees" : "FAILS",
              (declaration.name + ", " + what).c_str(), mean / count, 100.0 * share / count);
  return alike;
}

int check() {
  if (const std::string why = makeContext(); !why.empty()) {
    std::printf("draw_check: %s; the shader views were not drawn\n", why.c_str());
    return kCannot;
  }
  Window window;
  if (const std::string why = window.fault(); !why.empty()) {
    std::printf("draw_check: %s: %s; the shader views were not drawn\n", window.device().c_str(), why.c_str());
    return kCannot;
  }
  std::printf("drawn through EGL by %s\n", window.device().c_str());
  bool alike = true;
  for (const int experts : {8, 64, 512}) {
    testing::PlantedShape shape;
    shape.experts = experts;
    shape.tokens = 1024;
    shape.rank = 2;
    const auto snapshot = testing::plantedSnapshot(shape);
    Timeline timeline;
    timeline.append(SnapshotPointer(snapshot));
    for (const auto& [name, rule] :
         {std::pair{"soft", GatingRule{GatingPolicy::Soft}}, std::pair{"top 2", GatingRule{GatingPolicy::TopK, 2}},
          std::pair{"top-p", GatingRule{GatingPolicy::TopP, 2, 0.7f}}}) {
      Lens lens;
      lens.gating = rule;
      lens.concentration = 1.7f;
      const Scene scene = sceneAt(timeline, snapshot->generation, Timeline::kEnd, lens);
      for (const ViewDeclaration& declaration : viewRegistry())
        if (declaration.name == "score_polygon" || declaration.name == "expert_subspaces")
          alike = compare(window, declaration, scene, std::to_string(experts) + " experts, " + name) && alike;
    }
  }
  return alike ? 0 : 1;
}

}  // namespace
}  // namespace moescope

int main() {
  try {
    return moescope::check();
  } catch (const std::exception& error) {
    std::printf("draw_check: %s\n", error.what());
    return 1;
  }
}
