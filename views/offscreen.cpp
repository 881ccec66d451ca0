#include "views/offscreen.h"

#include <vtkActor2DCollection.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPNGWriter.h>
#include <vtkPointData.h>
#include <vtkRendererCollection.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "core/data/output_file.h"
#include "views/canvas.h"
#include "views/palette.h"
#include "views/token_cloud.h"

namespace moescope {

namespace {

constexpr int kLeastText = 7;  // pixels that can be read

/// One line of words above a view, as large as the view's own normal text.
class TitleLine {
 public:
  TitleLine(const Theme& theme, int width, int height) : theme_(theme) {
    const double across = width / theme.pixelRatio, up = height / theme.pixelRatio;
    text_ = theme.textScale * std::clamp(std::min(across, 1.35 * up) / 36.0, 11.0, 22.0);
    height_ = std::min(0.25 * height, std::round(1.8 * text_ * theme.pixelRatio));
    below_ = 1.0 - height_ / height;
    renderer_->SetViewport(0.0, below_, 1.0, 1.0);
    const Color background = backgroundColor(theme);
    if (!theme.transparent) renderer_->SetBackground(background[0], background[1], background[2]);
    renderer_->SetBackgroundAlpha(theme.transparent ? 0.0 : 1.0);
  }
  vtkRenderer* renderer() { return renderer_; }
  double below() const { return below_; }  ///< the share of the picture that is left for the view

  /// Once the renderer is part of a window that has its size. Smaller where the words would not fit; in a very narrow picture
  /// their end is cut, and seen to be.
  void write(const std::string& title) {
    canvas_.begin(theme_);
    const double margin = 0.6 * text_, room = canvas_.width() - 2.0 * margin;
    std::string words = title;
    const auto fits = [&](int height) { return canvas_.textWidth(words, height / canvas_.em()) <= room; };
    int height = static_cast<int>(text_);
    while (height > kLeastText && !fits(height)) --height;
    for (std::size_t kept = title.size(); kept > 0 && !fits(height);) {
      do --kept;
      while (kept > 0 && (static_cast<unsigned char>(title[kept]) & 0xC0) == 0x80);  // not within a character
      words = title.substr(0, kept) + "\xE2\x80\xA6";
    }
    canvas_.text({margin, canvas_.height() / 2.0}, words,
                 {textColor(theme_), height / canvas_.em(), Align::Left, VerticalAlign::Middle});
    canvas_.end();
  }

 private:
  Theme theme_;
  double text_ = 0.0, height_ = 0.0, below_ = 1.0;
  vtkNew<vtkRenderer> renderer_;
  Canvas canvas_{renderer_};
};

/// Takes the shapes and words before a 3-D scene out of its renderer, for as long as it lives.
class WithoutForeground {
 public:
  explicit WithoutForeground(vtkRenderer* renderer) : renderer_(renderer) {
    vtkActor2DCollection* all = renderer_->GetActors2D();
    all->InitTraversal();
    while (vtkActor2D* actor = all->GetNextActor2D()) taken_.emplace_back(actor);
    for (const auto& actor : taken_) renderer_->RemoveActor2D(actor);
  }
  ~WithoutForeground() {
    for (const auto& actor : taken_) renderer_->AddActor2D(actor);
  }
  WithoutForeground(const WithoutForeground&) = delete;
  WithoutForeground& operator=(const WithoutForeground&) = delete;

 private:
  vtkRenderer* renderer_;
  std::vector<vtkSmartPointer<vtkActor2D>> taken_;
};

/// Out of the window that it is part of.
void detach(vtkRenderer* renderer) {
  if (vtkRenderWindow* window = renderer->GetRenderWindow()) window->RemoveRenderer(renderer);
}

}  // namespace

VectorDrawing drawingOf(View& view, const Scene& scene, const Theme& theme, int width, int height) {
  const vtkNew<vtkRenderWindow> never;  // drawn: a renderer takes its size from a window
  never->SetOffScreenRendering(1);
  never->SetSize(width, height);
  detach(view.renderer());
  never->AddRenderer(view.renderer());
  VectorDrawing drawing = view.drawingOf(scene, theme);
  never->RemoveRenderer(view.renderer());
  return drawing;
}

Offscreen::Offscreen() {
  if (!std::getenv("DISPLAY")) throw std::runtime_error("no display: this VTK draws through X; start the program under xvfb-run");
  window_ = vtkSmartPointer<vtkRenderWindow>::New();
  window_->SetOffScreenRendering(1);
  window_->SetMultiSamples(kSamples);
  window_->SetAlphaBitPlanes(1);
  window_->SwapBuffersOff();  // nobody sees it: what is read back is read where it was drawn
}

/// Only this one draws from now on; null: none. What a renderer has given to the window stays there as long as its view lives.
void Offscreen::show(vtkRenderer* renderer, int width, int height) {
  std::vector<vtkRenderer*> held;
  vtkRendererCollection* all = window_->GetRenderers();
  all->InitTraversal();
  while (vtkRenderer* next = all->GetNextItem()) held.push_back(next);
  for (vtkRenderer* each : held) {
    each->SetDraw(each == renderer);
    if (each->GetReferenceCount() == 1) window_->RemoveRenderer(each);  // the window's own: the view is gone
  }
  window_->SetSize(width, height);
  if (!renderer || renderer->GetRenderWindow() == window_) return;
  detach(renderer);
  window_->AddRenderer(renderer);
  renderer->SetDraw(1);
}

Image Offscreen::render(View& view, const Scene& scene, const Theme& theme, int width, int height, const std::string& title) {
  show(view.renderer(), width, height);
  std::optional<TitleLine> line;
  if (!title.empty()) {
    line.emplace(theme, width, height);
    window_->AddRenderer(line->renderer());
    view.renderer()->SetViewport(0.0, 0.0, 1.0, line->below());
    line->write(title);
  }
  view.update(scene, theme);
  window_->Render();
  Image image = pixels(width, height, theme.transparent);
  if (line) window_->RemoveRenderer(line->renderer());
  view.renderer()->SetViewport(0.0, 0.0, 1.0, 1.0);
  return image;
}

Image Offscreen::renderScene(View& view, const Scene& scene, Theme theme, int width, int height) {
  theme.transparent = true;
  show(view.renderer(), width, height);
  view.update(scene, theme);
  Image image;
  {
    const WithoutForeground without(view.renderer());
    window_->Render();
    image = pixels(width, height, true);
  }
  return image;
}

Image Offscreen::pixels(int width, int height, bool transparent) {
  window_->GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, drawn_);
  const int* got = window_->GetActualSize();
  if (got[0] != width || got[1] != height || drawn_->GetNumberOfTuples() != static_cast<vtkIdType>(width) * height)
    throw std::runtime_error("OpenGL gave a picture of " + std::to_string(got[0]) + "x" + std::to_string(got[1]) +
                             " pixels, expected " + std::to_string(width) + "x" + std::to_string(height));
  const int channels = transparent ? 4 : 3;
  const auto count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  Image image{width, height, std::vector<std::uint8_t>(count * static_cast<std::size_t>(channels)), channels};
  std::uint8_t* to = image.pixels.data();
  const std::uint8_t* from = drawn_->GetPointer(0);
  if (!transparent) {
    for (std::size_t i = 0; i < count; ++i, to += 3, from += 4) to[0] = from[0], to[1] = from[1], to[2] = from[2];
    return image;
  }
  std::memcpy(to, from, 4 * count);
  for (std::size_t i = 0; i < count; ++i, to += 4)  // blended on nothing, OpenGL's colours are multiplied by their opacity
    for (int c = 0; to[3] > 0 && c < 3; ++c) to[c] = static_cast<std::uint8_t>(std::min(255, (to[c] * 255 + to[3] / 2) / to[3]));
  return image;
}

void Offscreen::layOut(View& view, const Scene& scene, const Theme& theme, int width, int height) {
  show(view.renderer(), width, height);
  view.update(scene, theme);
}

void Offscreen::redraw(View& view) {
  const int* size = window_->GetSize();
  show(view.renderer(), size[0], size[1]);
  window_->Render();
  pixels(size[0], size[1], false);
}

std::string Offscreen::device() {
  show(nullptr, 16, 16);
  window_->Render();
  const std::string report = window_->ReportCapabilities();
  const auto line = [&](const std::string& name) {
    const std::size_t start = report.find(name);
    if (start == std::string::npos) return std::string("unknown");
    const std::size_t from = report.find_first_not_of(' ', start + name.size());
    return report.substr(from, report.find('\n', from) - from);
  };
  return line("OpenGL renderer string:") + ", OpenGL " + line("OpenGL version string:");
}

std::string Offscreen::cloudFault() {
  window_->SetSize(16, 16);
  window_->Render();
  const std::string fault = TokenCloud::fault(window_);
  return fault.empty() ? TokenCloud::drawback(window_) : fault;
}

void writePng(const Image& image, const std::string& path) {
  const vtkNew<vtkImageData> data;
  data->SetDimensions(image.width, image.height, 1);
  data->AllocateScalars(VTK_UNSIGNED_CHAR, image.channels);
  std::memcpy(data->GetScalarPointer(), image.pixels.data(), image.pixels.size());
  const vtkNew<vtkPNGWriter> writer;
  writer->SetInputData(data);
  writer->WriteToMemoryOn();
  writer->Write();
  vtkUnsignedCharArray* file = writer->GetResult();
  if (!file || file->GetNumberOfTuples() == 0) throw std::runtime_error(path + ": the picture could not be encoded");
  writeFileAtomically(path,
                      {reinterpret_cast<const char*>(file->GetPointer(0)), static_cast<std::size_t>(file->GetNumberOfTuples())});
}

}  // namespace moescope
