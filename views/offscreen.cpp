#include "views/offscreen.h"

#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPNGWriter.h>
#include <vtkPointData.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "core/data/output_file.h"
#include "views/canvas.h"
#include "views/palette.h"

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
    renderer_->SetBackground(background[0], background[1], background[2]);
  }
  vtkRenderer* renderer() { return renderer_; }
  double below() const { return below_; }  ///< the share of the picture that is left for the view

  /// Once the renderer is part of a window that has its size. Smaller where the words would not fit; in a very narrow picture their
  /// end is cut, and seen to be.
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
    canvas_.text({margin, canvas_.height() / 2.0}, words, {textColor(theme_), height / canvas_.em(), Align::Left, VerticalAlign::Middle});
    canvas_.end();
  }

 private:
  Theme theme_;
  double text_ = 0.0, height_ = 0.0, below_ = 1.0;
  vtkNew<vtkRenderer> renderer_;
  Canvas canvas_{renderer_};
};

}  // namespace

Offscreen::Offscreen() {
  if (!std::getenv("DISPLAY")) throw std::runtime_error("no display: this VTK draws through X; start the program under xvfb-run");
  window_ = vtkSmartPointer<vtkRenderWindow>::New();
  window_->SetOffScreenRendering(1);
  window_->SetMultiSamples(8);
}

Image Offscreen::render(View& view, const Scene& scene, const Theme& theme, int width, int height, const std::string& title) {
  window_->SetSize(width, height);
  window_->AddRenderer(view.renderer());
  std::optional<TitleLine> line;
  if (!title.empty()) {
    line.emplace(theme, width, height);
    window_->AddRenderer(line->renderer());
    view.renderer()->SetViewport(0.0, 0.0, 1.0, line->below());
    line->write(title);
  }
  view.update(scene, theme);
  window_->Render();
  const vtkNew<vtkUnsignedCharArray> pixels;
  window_->GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, pixels);
  window_->RemoveRenderer(view.renderer());
  if (line) window_->RemoveRenderer(line->renderer());
  view.renderer()->SetViewport(0.0, 0.0, 1.0, 1.0);
  const int* got = window_->GetActualSize();
  if (got[0] != width || got[1] != height || pixels->GetNumberOfTuples() != static_cast<vtkIdType>(width) * height)
    throw std::runtime_error("OpenGL gave a picture of " + std::to_string(got[0]) + "x" + std::to_string(got[1]) + " pixels, expected " +
                             std::to_string(width) + "x" + std::to_string(height));
  Image image{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3)};
  for (vtkIdType i = 0; i < pixels->GetNumberOfTuples(); ++i) std::memcpy(&image.pixels[static_cast<std::size_t>(3 * i)], pixels->GetPointer(4 * i), 3);
  return image;
}

void Offscreen::layOut(View& view, const Scene& scene, const Theme& theme, int width, int height) {
  window_->SetSize(width, height);
  window_->AddRenderer(view.renderer());
  view.update(scene, theme);
  window_->RemoveRenderer(view.renderer());
}

void Offscreen::draw(View& view, const Scene* scene, const Theme& theme, int width, int height) {
  window_->SetSize(width, height);
  window_->AddRenderer(view.renderer());
  if (scene) view.update(*scene, theme);
  window_->Render();
  window_->WaitForCompletion();
  window_->RemoveRenderer(view.renderer());
}

std::string Offscreen::device() {
  window_->SetSize(16, 16);
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

void writePng(const Image& image, const std::string& path) {
  const vtkNew<vtkImageData> data;
  data->SetDimensions(image.width, image.height, 1);
  data->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
  std::memcpy(data->GetScalarPointer(), image.pixels.data(), image.pixels.size());
  const vtkNew<vtkPNGWriter> writer;
  writer->SetInputData(data);
  writer->WriteToMemoryOn();
  writer->Write();
  vtkUnsignedCharArray* file = writer->GetResult();
  if (!file || file->GetNumberOfTuples() == 0) throw std::runtime_error(path + ": the picture could not be encoded");
  writeFileAtomically(path, {reinterpret_cast<const char*>(file->GetPointer(0)), static_cast<std::size_t>(file->GetNumberOfTuples())});
}

}  // namespace moescope
