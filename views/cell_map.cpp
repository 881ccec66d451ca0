#include "views/cell_map.h"

#include <algorithm>
#include <cmath>

#include "core/words/words.h"
#include "views/colour_bar.h"
#include "views/expert_axis.h"
#include "views/palette.h"
#include "views/row_names.h"

namespace moescope {
namespace {

constexpr double kNameSize = 0.8, kNumberSize = 0.75;
constexpr double kLeastSeen = 6.0;  // width of a column that is found without a frame

}  // namespace

double reachOf(const Eigen::MatrixXd& values, double least) {
  double reach = least;
  for (const double value : values.reshaped())
    if (std::isfinite(value)) reach = std::max(reach, std::abs(value));
  return reach;
}

Color CellMapView::colourOf(double value, const CellMap& map) const {
  if (std::isnan(value)) return gridColor(theme());
  return map.diverging ? divergingColor(value / map.maximum, theme())
                       : sequentialColor((value - map.minimum) / (map.maximum - map.minimum));
}

void CellMapView::cells(const Rect& area, CellMap map, const Selection& selection) {
  const double em = canvas().em();
  const int rows = static_cast<int>(map.values.rows()), columns = static_cast<int>(map.values.cols());
  double names = 0.0, besides = 0.0;
  for (const std::string& name : map.rows) names = std::max(names, canvas().textWidth(name, kNameSize, true));
  for (const std::string& words : map.beside) besides = std::max(besides, canvas().textWidth(words, kNumberSize));
  if (besides > 0.0) besides = std::max(besides, canvas().textWidth(map.besideTitle, kNumberSize)) + 0.6 * em;
  if (besides > 0.3 * area.width) besides = 0.0;
  names = std::clamp(names, em, 0.3 * area.width);
  ColourBar bar{map.minimum, map.maximum, [&](double value) { return colourOf(value, map); }, map.number, map.unit};
  tellBeyond(bar, map.values);
  const double barRoom = std::max(canvas().textWidth(map.unit, 0.76), widthOfNumbers(canvas(), bar) + 0.9 * em) + 1.0 * em;
  const double left = names + 0.5 * em, head = 1.4 * em, foot = 1.5 * em;
  const Rect picture{area.x + left, area.y + foot, std::max(10.0, area.width - left - besides - barRoom),
                     std::max(10.0, area.height - head - foot)};
  const double width = picture.width / columns, height = picture.height / rows, top = picture.y + picture.height;
  const double gapX = width < 6.0 ? 0.0 : 1.0, gapY = height < 6.0 ? 0.0 : 1.0;  // gaps of small cells make patterns of their own
  const bool numbers = canvas().textHeight(kNumberSize) + 1.0 < height &&
                       canvas().textWidth(formatted(map.number, -map.maximum), kNumberSize) + 2.0 < width;
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c) {
      const Rect box{picture.x + width * c, top - height * (r + 1), width - gapX, height - gapY};
      const double value = map.values(r, c);
      const Color full = colourOf(value, map), colour = selection.leavesOutExpert(c) ? mix(backgroundColor(theme()), full, 0.35)
                                                                                     : full;  // opaque: words stand on it
      canvas().rect(box, colour);
      if (std::isnan(value) && width > 3.0 && height > 3.0)
        canvas().line({box.x, box.y}, {box.x + box.width, box.y + box.height}, mutedColor(theme()), 1.0, 0.6);
      if (numbers && std::isfinite(value))
        canvas().text({box.x + box.width / 2, box.y + box.height / 2}, formatted(map.number, value),
                      {inkOn(colour), kNumberSize, Align::Centre});
    }
  for (int r = 0; r < map.marked.rows(); ++r)
    for (int c = 0; c < map.marked.cols(); ++c)
      if (map.marked(r, c))
        canvas().frame({picture.x + width * c, top - height * (r + 1), width - gapX, height - gapY}, textColor(theme()),
                       width > 12.0 ? 2.0 : 1.0);
  if (map.shownRow >= 0 && map.shownRow < rows)
    canvas().frame({picture.x - 1, top - height * (map.shownRow + 1) - 1, picture.width + 1, height + 1}, accentColor(theme()),
                   2.0);
  for (const int e : selection.experts)  // wide ones stand out enough: the others are dim
    if (e >= 0 && e < columns && width < kLeastSeen) frameColumn({picture.x + width * e, picture.y, width, picture.height});
  rowNames(map, picture, height, selection);
  const ExpertAxis axis(canvas(), selection, columns, width);
  for (int c = 0; c < columns; ++c)
    if (const std::string name = axis.name(c); !name.empty())
      canvas().text({picture.x + width * (c + 0.5), top + 0.25 * em}, name,
                    {selection.hasExpert(c) ? textColor(theme()) : mutedColor(theme()), kNameSize, Align::Centre,
                     VerticalAlign::Bottom, selection.hasExpert(c)});
  moescope::draw(canvas(), {picture.x + picture.width + besides + 0.7 * em, picture.y, 0.8 * em, picture.height - 0.4 * em},
                 bar);  // before the words below, which could take its foot
  const bool named = !map.beside.empty() && besides > 0.0;
  canvas().text({picture.x + picture.width / 2, picture.y - 0.35 * em},
                {translated("row: ") + map.rowsAre + translated(", column: expert"), map.rowsAre + translated(" by expert")},
                {mutedColor(theme()), 0.78, Align::Centre, VerticalAlign::Top});
  if (named)
    canvas().text({picture.x + picture.width + 0.6 * em, top + 0.25 * em}, map.besideTitle,
                  {mutedColor(theme()), kNumberSize, Align::Left, VerticalAlign::Bottom});
  drawn_ = {picture, std::move(map)};
}

void CellMapView::rowNames(const CellMap& map, const Rect& picture, double pitch, const Selection& selection) {
  const double em = canvas().em(), top = picture.y + picture.height;
  const auto isSelected = [&](int r) {
    return map.rowsAreExperts ? selection.hasExpert(r) : map.rowsAreDomains ? selection.hasDomain(r) : r == map.shownRow;
  };
  const RowNames named(canvas(), pitch, kNameSize, isSelected);
  if (map.rowsAreDomains)
    named.sayLeftOut(canvas(), {picture.x - 0.4 * em, top + 0.25 * em});  // numbers follow from each other, names do not
  for (int r = 0; r < static_cast<int>(map.rows.size()); ++r) {
    if (!named.named(r)) continue;
    const bool selected = isSelected(r);
    const double y = top - pitch * (r + 0.5);
    canvas().text({picture.x - 0.4 * em, y}, map.rows[static_cast<std::size_t>(r)],
                  {selected ? textColor(theme()) : mutedColor(theme()), kNameSize, Align::Right, VerticalAlign::Middle, selected,
                   false, picture.x - 0.6 * em});
    if (static_cast<std::size_t>(r) < map.beside.size())
      canvas().text({picture.x + picture.width + 0.6 * em, y}, map.beside[static_cast<std::size_t>(r)],
                    {mutedColor(theme()), kNumberSize, Align::Left});
  }
}

Pick CellMapView::pickAt(Point at) {
  const Rect& area = drawn_.area;
  if (!drawn_.map.pick || !area.contains(at.x, at.y)) return FlatView::pickAt(at);
  const auto place = [](double share, Eigen::Index count) {
    return std::clamp(static_cast<int>(share * static_cast<double>(count)), 0, static_cast<int>(count) - 1);
  };
  return drawn_.map.pick(place((area.y + area.height - at.y) / area.height, drawn_.map.values.rows()),
                         place((at.x - area.x) / area.width, drawn_.map.values.cols()));
}

std::vector<FlatView::Standing> CellMapView::standing() const {
  std::vector<Standing> all = FlatView::standing();
  const Rect& area = drawn_.area;
  const auto rows = static_cast<int>(drawn_.map.values.rows()), columns = static_cast<int>(drawn_.map.values.cols());
  for (int r = 0; r < rows; ++r)
    for (int c = 0; c < columns; ++c)
      all.push_back({{area.x + area.width * (c + 0.5) / columns, area.y + area.height * (1.0 - (r + 0.5) / rows)}, c, -1, -1});
  return all;
}

}  // namespace moescope
