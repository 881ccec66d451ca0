#include "views/offscreen.h"

#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPNGWriter.h>
#include <vtkPointData.h>
#include <vtkUnsignedCharArray.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace moescope {

Offscreen::Offscreen() {
  if (!std::getenv("DISPLAY")) throw std::runtime_error("no display: this VTK draws through X; start the program under xvfb-run");
  window_ = vtkSmartPointer<vtkRenderWindow>::New();
  window_->SetOffScreenRendering(1);
  window_->SetMultiSamples(8);
}

Image Offscreen::render(View& view, const Scene& scene, const Theme& theme, int width, int height) {
  window_->SetSize(width, height);
  window_->AddRenderer(view.renderer());
  view.update(scene, theme);
  window_->Render();
  const vtkNew<vtkUnsignedCharArray> pixels;
  window_->GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, pixels);
  window_->RemoveRenderer(view.renderer());
  Image image{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3)};
  if (pixels->GetNumberOfTuples() != static_cast<vtkIdType>(width) * height) throw std::runtime_error("OpenGL gave no picture");
  for (vtkIdType i = 0; i < pixels->GetNumberOfTuples(); ++i) std::memcpy(&image.pixels[static_cast<std::size_t>(3 * i)], pixels->GetPointer(4 * i), 3);
  return image;
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
  const std::string part = path + ".part";
  const vtkNew<vtkPNGWriter> writer;
  writer->SetInputData(data);
  writer->SetFileName(part.c_str());
  writer->Write();
  std::error_code error;
  std::filesystem::rename(part, path, error);
  if (writer->GetErrorCode() != 0 || error) throw std::runtime_error(path + ": cannot be written");
}

}  // namespace moescope
