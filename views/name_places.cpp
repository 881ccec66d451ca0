#include "views/name_places.h"

#include <algorithm>

namespace moescope {
namespace {

double widthOfName(const Canvas& canvas, const std::string& name, double most) {
  return std::min(most, canvas.textWidth(name, 0.85));
}

/// In a column at the left edge.
NamePlaces column(const Canvas& canvas, const std::vector<std::string>& names, const Rect& area, const PictureEdges& edges) {
  const double em = canvas.em(), row = 1.25 * em;
  const double unused = area.width - edges.across - (area.height - edges.upwards);  // by a picture as high as the area
  const double most = std::max(0.3 * area.width, std::min(0.45 * area.width, unused)) - 1.2 * em;
  const std::size_t room = std::max<std::size_t>(1, static_cast<std::size_t>(area.height / row)),
                    shown = names.size() <= room ? names.size() : room - 1;
  double widest = 0.0;
  for (const std::string& name : names) widest = std::max(widest, widthOfName(canvas, name, most));
  const double top = area.y + area.height / 2 + row * static_cast<double>(shown) / 2, used = widest + 1.2 * em;
  NamePlaces result{{}, {area.x + used, area.y, area.width - used, area.height}};
  for (std::size_t d = 0; d < shown; ++d)
    result.cells.push_back({area.x, top - static_cast<double>(d + 1) * row, widest + em, row});
  return result;
}

/// In rows along the top, in a third of the height or what a picture as wide as the area leaves.
NamePlaces rows(const Canvas& canvas, const std::vector<std::string>& names, const Rect& area, const PictureEdges& edges) {
  const double em = canvas.em(), row = 1.25 * em,
               unused = area.height - edges.upwards - 0.3 * em - (area.width - edges.across);
  const double least = area.y + area.height - std::max({row, area.height / 3, unused});
  double x = area.x, y = area.y + area.height - row;
  NamePlaces result;
  for (const std::string& name : names) {
    const double width = widthOfName(canvas, name, area.width - em) + em;
    if (x > area.x && x + width > area.x + area.width) x = area.x, y -= row;
    if (y < least - 0.1) break;
    result.cells.push_back({x, y, width, row});
    x += width + 0.8 * em;
  }
  y = result.cells.empty() ? area.y + area.height : result.cells.back().y;
  if (result.cells.size() < names.size()) y -= row;  // for how many are left out
  result.rest = {area.x, area.y, area.width, std::max(10.0, y - 0.3 * em - area.y)};
  return result;
}

}  // namespace

NamePlaces placesOfNames(const Canvas& canvas, const std::vector<std::string>& names, const Rect& area,
                         const PictureEdges& edges) {
  const auto picture = [&](const NamePlaces& places) {
    return std::min(places.rest.width - edges.across, places.rest.height - edges.upwards);
  };
  const NamePlaces beside = column(canvas, names, area, edges), above = rows(canvas, names, area, edges);
  return picture(above) > 1.15 * picture(beside) ? above : beside;
}

}  // namespace moescope
