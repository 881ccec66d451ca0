#include "views/text_sheet.h"

#include <vtkImageData.h>
#include <vtkObjectFactory.h>
#include <vtkPointData.h>
#include <vtkTextProperty.h>
#include <vtkTextRenderer.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "views/flat_mapper.h"
#include "views/font_metrics.h"

namespace moescope {
namespace {

constexpr int kLeastSheet = 64, kDotsPerInch = 72;

vtkSmartPointer<vtkTextProperty> propertyOf(const Lettering& lettering) {
  const auto property = vtkSmartPointer<vtkTextProperty>::New();
  if (const std::string& file = fontFile(lettering.bold); !file.empty()) {
    property->SetFontFamily(VTK_FONT_FILE);
    property->SetFontFile(file.c_str());
  } else {
    property->SetFontFamilyToArial();
    property->SetBold(lettering.bold);
  }
  property->SetFontSize(lettering.height);
  property->SetColor(lettering.color[0], lettering.color[1], lettering.color[2]);
  property->SetJustification(lettering.align == Align::Left     ? VTK_TEXT_LEFT
                             : lettering.align == Align::Centre ? VTK_TEXT_CENTERED
                                                                : VTK_TEXT_RIGHT);
  property->SetVerticalJustificationToCentered();
  property->SetOrientation(lettering.upward ? 90.0 : 0.0);
  property->SetBackgroundColor(lettering.ground[0], lettering.ground[1], lettering.ground[2]);
  property->SetBackgroundOpacity(lettering.patch);
  return property;
}

}  // namespace

vtkStandardNewMacro(TextSheet::Actor);

TextSheet::TextSheet() {
  corners_->SetNumberOfComponents(2);
  shape_->SetPoints(points_);
  shape_->SetPolys(quads_);
  shape_->GetPointData()->SetTCoords(corners_);
  const vtkNew<FlatMapper> mapper;
  mapper->SetInputData(shape_);
  actor_->SetMapper(mapper);
  actor_->SetTexture(texture_);
  actor_->SetLayerNumber(1);
  actor_->SetVisibility(0);
  actor_->before = [this] { prepare(); };
}

TextSheet::~TextSheet() { actor_->SetVisibility(0); }  // a renderer may hold it longer

void TextSheet::add(Lettering lettering, int x, int y) { places_.push_back({std::move(lettering), x, y}); }

void TextSheet::end() { actor_->SetVisibility(!places_.empty()); }

void TextSheet::prepare() {
  if (places_ == drawn_) return;
  for (auto& [lettering, stamp] : stamps_) stamp.used = false;
  bool another = false;
  for (const Place& place : places_) {
    const auto [known, isNew] = stamps_.try_emplace(place.lettering);
    if (isNew) known->second = drawn(place.lettering);
    known->second.used = true;
    another |= isNew;
  }
  std::erase_if(stamps_, [](const auto& each) { return !each.second.used; });
  if (another) layOut();  // of fewer the sheet stays as it is
  build();
  drawn_ = places_;
}

/// As vtkTextActor draws them.
TextSheet::Stamp TextSheet::drawn(const Lettering& lettering) {
  const auto property = propertyOf(lettering);
  const vtkNew<vtkImageData> image;
  vtkTextRenderer* font = vtkTextRenderer::GetInstance();
  int box[4] = {0, -1, 0, -1};
  Stamp stamp;
  if (!font || !font->RenderString(property, lettering.words, image, nullptr, kDotsPerInch, vtkTextRenderer::FreeType) ||
      !font->GetBoundingBox(property, lettering.words, box, kDotsPerInch, vtkTextRenderer::FreeType))
    return stamp;
  int size[3] = {0, 0, 0};  // a power of two: larger than the box
  image->GetDimensions(size);
  stamp.width = std::min(size[0], box[1] - box[0] + 1);
  stamp.height = std::min(size[1], box[3] - box[2] + 1);
  stamp.left = box[0];
  stamp.foot = box[2];
  stamp.pixels.resize(4 * static_cast<std::size_t>(stamp.width) * static_cast<std::size_t>(stamp.height));
  const auto* from = static_cast<const std::uint8_t*>(image->GetScalarPointer());
  const auto row = 4 * static_cast<std::size_t>(stamp.width);
  for (int y = 0; y < stamp.height; ++y)
    std::memcpy(&stamp.pixels[static_cast<std::size_t>(y) * row], from + 4 * static_cast<std::ptrdiff_t>(y) * size[0], row);
  return stamp;
}

/// Stamps side by side in rows, in a sheet that is about square; a pixel between them, so that none touches another.
void TextSheet::layOut() {
  double area = 0.0;
  int widest = 0;
  for (const auto& [lettering, stamp] : stamps_) {
    area += (stamp.width + 1.0) * (stamp.height + 1.0);
    widest = std::max(widest, stamp.width + 1);
  }
  width_ = std::max({kLeastSheet, widest, static_cast<int>(std::ceil(std::sqrt(area)))});
  std::vector<Stamp*> order;
  for (auto& [lettering, stamp] : stamps_) order.push_back(&stamp);
  std::stable_sort(order.begin(), order.end(), [](const Stamp* a, const Stamp* b) { return a->height > b->height; });
  int x = 0, y = 0, row = 0;
  for (Stamp* stamp : order) {
    if (x + stamp->width + 1 > width_) x = 0, y += std::exchange(row, 0);
    stamp->x = x;
    stamp->y = y;
    x += stamp->width + 1;
    row = std::max(row, stamp->height + 1);
  }
  height_ = std::max(kLeastSheet, y + row);
  const vtkNew<vtkImageData> sheet;
  sheet->SetDimensions(width_, height_, 1);
  sheet->AllocateScalars(VTK_UNSIGNED_CHAR, 4);
  auto* to = static_cast<std::uint8_t*>(sheet->GetScalarPointer());
  std::memset(to, 0, 4 * static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
  for (const Stamp* stamp : order)
    for (int line = 0; line < stamp->height; ++line) {
      const auto length = 4 * static_cast<std::size_t>(stamp->width);
      std::memcpy(to + 4 * (static_cast<std::ptrdiff_t>(stamp->y + line) * width_ + stamp->x),
                  stamp->pixels.data() + static_cast<std::size_t>(line) * length, length);
    }
  texture_->SetInputData(sheet);
}

/// A rectangle of whole pixels for each of the words: each pixel shows one of the sheet.
void TextSheet::build() {
  points_->Reset();
  corners_->Reset();
  quads_->Reset();
  for (const Place& place : places_) {
    const Stamp& stamp = stamps_.at(place.lettering);
    const vtkIdType first = points_->GetNumberOfPoints();
    for (const auto& [right, top] : {std::pair{0, 0}, {0, 1}, {1, 1}, {1, 0}}) {
      points_->InsertNextPoint(place.x + stamp.left + right * stamp.width, place.y + stamp.foot + top * stamp.height, 0.0);
      corners_->InsertNextTuple2(static_cast<double>(stamp.x + right * stamp.width) / width_,
                                 static_cast<double>(stamp.y + top * stamp.height) / height_);
    }
    quads_->InsertNextCell({first, first + 1, first + 2, first + 3});
  }
  points_->Modified();
  corners_->Modified();
  quads_->Modified();
  shape_->Modified();
}

}  // namespace moescope
