#include "views/analysis_view.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>
#include <numeric>
#include <stdexcept>

#include "core/words/words.h"
#include "views/colour_bar.h"
#include "views/expert_axis.h"

namespace moescope {
namespace {

/// Why a scene shows no analysis; empty: it shows one.
std::string whyNone(const Scene& scene) {
  if (!scene.analysisFailure.empty()) return scene.analysisFailure;
  if (scene.analysis) return "";
  const std::string waiting = scene.snapshot->checkpoint
                                  ? translated("no analysis of this layer yet")
                                  : translated("no analysis yet: it is measured beside training, every few seconds");
  return scene.underWay.empty() ? waiting : scene.underWay;
}

constexpr double kNumberSize = 0.75;  // of the numbers in the cells of a matrix
constexpr double kLeastStruckOut = 3.0;  // a smaller cell has no room for a line

/// The experts whose rows and columns are drawn: all; where cells are small those with a value and the selected ones, so that hundreds
/// that were given too few tokens do not bury the others.
std::vector<int> drawnExperts(const Eigen::MatrixXd& values, double cell, const Selection& selection) {
  std::vector<int> all(static_cast<std::size_t>(values.rows())), some;
  std::iota(all.begin(), all.end(), 0);
  if (cell >= kLeastStruckOut) return all;
  std::copy_if(all.begin(), all.end(), std::back_inserter(some), [&](int e) {
    return selection.hasExpert(e) || !values.row(e).array().isNaN().all() || !values.col(e).array().isNaN().all();
  });
  return some.size() < 2 ? all : some;
}

}  // namespace

const ExpertAnalysis& shownAnalysis(const Scene& scene) {
  if (const std::string why = whyNone(scene); !why.empty()) throw std::runtime_error(why);
  return *scene.analysis;
}

std::vector<std::pair<std::string, Cell>> aboutAnalysis(const Scene& scene) {
  std::vector<std::pair<std::string, Cell>> about = {{"measured_at", measuredAt(*scene.snapshot, *scene.analysis)}};
  if (!scene.analysis->missing.empty()) about.emplace_back("missing", scene.analysis->missing);
  return about;
}

void AnalysisView::draw(const Scene& scene) {
  snapshot_ = scene.snapshot;
  analysis_ = scene.analysis;
  const std::string why = whyNone(scene);
  why.empty() ? drawAnalysis(scene, *scene.analysis) : say(caption(scene, ""), why);
}

std::string measuredAt(const Snapshot& snapshot, const ExpertAnalysis& analysis) {
  const std::string layer = translated("layer ") + std::to_string(layerNumber(snapshot, analysis.layer));
  return snapshot.checkpoint ? layer : layer + translated(", step ") + std::to_string(analysis.step);
}

std::string tooFew(const ExpertAnalysis& analysis) {
  const std::string r = std::to_string(analysis.settings.rank);
  return translated("fewer than two experts ") +
         (analysis.weightSubspaces ? translated("have a W_gate that spans ") + r + translated(" directions")
                                   : translated("were given tokens that span ") + r + translated(" directions (") +
                                         std::to_string(analysis.settings.rank + 1) + translated(" tokens or more)"));
}

std::string AnalysisView::leftOut(const ExpertAnalysis& analysis) {
  if (analysis.leftOut.empty()) return "";
  return "; " + std::to_string(analysis.leftOut.size()) + translated(" of ") + std::to_string(analysis.experts) +
         translated(" experts left out: ") +
         (analysis.weightSubspaces ? translated("their W_gate spans less") : translated("too few tokens"));
}

Color AnalysisView::colourOf(double value, const MatrixStyle& style) const {
  if (!style.diverging) return sequentialColor((value - style.minimum) / (style.maximum - style.minimum));
  const double reach = std::max(style.maximum - style.centre, style.centre - style.minimum);
  return divergingColor((value - style.centre) / reach, theme());
}

void AnalysisView::matrix(const Rect& area, const Eigen::MatrixXd& values, const MatrixStyle& style, const Selection& selection) {
  const double em = canvas().em();
  ColourBar bar{style.minimum, style.maximum, [&](double value) { return colourOf(value, style); }, style.number, style.unit};
  bar.null = style.null;
  tellBeyond(bar, values);
  const double left = 2.6 * em, right = std::max(5.2 * em, widthOfNumbers(canvas(), bar) + 2.5 * em), foot = 2.2 * em,
               head = 1.3 * em;
  const double side = std::max(10.0, std::min(area.width - left - right, area.height - foot - head));
  const std::vector<int> experts = drawnExperts(values, side / static_cast<double>(values.rows()), selection);
  const auto count = static_cast<int>(experts.size());
  const double cell = side / count;
  const double x0 = area.x + left + std::max(0.0, (area.width - left - right - side) / 2), y1 = area.y + area.height - head;
  const std::function<std::string(double)> written = numbersFor(values, style, cell);
  const int stride = std::max(1, static_cast<int>(std::ceil(1.1 * em / cell)));
  const ExpertAxis across(canvas(), selection, static_cast<int>(values.cols()), cell);
  const double gap = cell < 8.0 ? 0.0 : 1.0;  // gaps of small cells make patterns of their own
  const bool struckOut = cell >= kLeastStruckOut;  // a smaller one is as dark as with a line
  const Color none = struckOut ? gridColor(theme()) : mix(gridColor(theme()), mutedColor(theme()), 0.4);
  const auto at = [&values, &experts](int r, int c) {
    return values(experts[static_cast<std::size_t>(r)], experts[static_cast<std::size_t>(c)]);
  };
  for (int r = 0; r < count; ++r)
    for (int c = 0; c < count; ++c) {
      const double value = at(r, c);
      int run = 1;  // neighbours without a value and without a gap are one shape: of hundreds of experts many have none
      while (!struckOut && std::isnan(value) && c + run < count && std::isnan(at(r, c + run))) ++run;
      const Rect box{x0 + cell * c, y1 - cell * (r + 1), cell * run - gap, cell - gap};
      const Color colour = std::isnan(value) ? none : colourOf(value, style);
      canvas().rect(box, colour);
      c += run - 1;
      if (std::isnan(value) && struckOut)
        canvas().line({box.x, box.y}, {box.x + box.width, box.y + box.height}, mutedColor(theme()), 1.0, 0.6);
      if (written && !std::isnan(value))
        canvas().text({box.x + box.width / 2, box.y + box.height / 2}, written(value),
                      {inkOn(colour), kNumberSize, Align::Centre});
    }
  hitLater([=, this, analysis = analysis_] {  // `style` tells of the analysis
    for (int row = 0; row < count; ++row)
      for (int column = 0; column < count; ++column) {
        const int r = experts[static_cast<std::size_t>(row)], c = experts[static_cast<std::size_t>(column)];
        hit(Rect{x0 + cell * column, y1 - cell * (row + 1), cell - gap, cell - gap},
            {r, -1, -1,
             style.pick ? style.pick(r, c) : expertLabel(r) + ", " + expertLabel(c) + formatted(": %.3f", values(r, c)),
             r == c ? -1 : c});
      }
  });
  for (std::size_t place = 0; place < experts.size(); ++place) {
    const bool selected = selection.hasExpert(experts[place]);
    const Color colour = selected ? textColor(theme()) : mutedColor(theme());
    const double middle = cell * (static_cast<double>(place) + 0.5);
    if (namedOnAxis(selection, experts, place, stride))
      canvas().text({x0 - 0.4 * em, y1 - middle}, expertLabel(experts[place]),
                    {colour, 0.8, Align::Right, VerticalAlign::Middle, selected});
    if (const std::string name = across.name(experts, place); !name.empty())
      canvas().text({x0 + middle, y1 + 0.25 * em}, name, {colour, 0.8, Align::Centre, VerticalAlign::Bottom, selected});
  }
  markSelection({x0, y1}, cell, experts, selection);
  moescope::draw(canvas(), {x0 + side + 1.0 * em, y1 - side, 0.9 * em, side},
                 bar);  // before the words below, which could take its foot
  canvas().text({x0 + side / 2, y1 - side - 0.4 * em},
                {translated("row: ") + translated(style.rowsAre) + translated(", column: ") + translated(style.columnsAre),
                 translated(style.rowsAre) + translated(" by ") + translated(style.columnsAre)},
                {mutedColor(theme()), 0.78, Align::Centre, VerticalAlign::Top});
}

/// How the numbers of a matrix are written in cells of this size, all of them alike; empty: there is no room for every one.
std::function<std::string(double)> AnalysisView::numbersFor(const Eigen::MatrixXd& values, const MatrixStyle& style,
                                                            double cell) const {
  const auto whole = [number = style.number](double value) { return formatted(number, value); };
  const auto brief = [number = style.number](double value) {  // without the zero before the point
    std::string words = formatted(number, value);
    if (const std::size_t zero = words.find("0.");
        zero != std::string::npos && (zero == 0 || !std::isdigit(static_cast<unsigned char>(words[zero - 1]))))
      words.erase(zero, 1);
    return words;
  };
  const auto fits = [&](const std::function<std::string(double)>& written) {
    return std::all_of(values.data(), values.data() + values.size(), [&](double value) {
      return std::isnan(value) || canvas().textWidth(written(value), kNumberSize) + 2.0 <= cell;
    });
  };
  if (canvas().textHeight(kNumberSize) > cell) return {};
  if (fits(whole)) return whole;
  return fits(brief) ? std::function<std::string(double)>(brief) : nullptr;
}

void AnalysisView::markSelection(Point topLeft, double cell, const std::vector<int>& experts, const Selection& selection) {
  const auto count = static_cast<std::ptrdiff_t>(experts.size());
  const auto placeOf = [&](int expert) { return std::find(experts.begin(), experts.end(), expert) - experts.begin(); };
  const std::ptrdiff_t first = placeOf(selection.expert()), second = placeOf(selection.other());
  if (first == count || (selection.isPair() && second == count)) return;
  const auto frame = [&](const Rect& box) {  // seen on dark and on bright cells
    canvas().frame(box, backgroundColor(theme()), 5.0);
    canvas().frame(box, accentColor(theme()), 2.2);
  };
  if (!selection.isPair()) return frame({topLeft.x - 1, topLeft.y - cell * (first + 1) - 1, cell * count + 1, cell + 1});
  const double margin = std::max(1.0, 0.5 * (0.7 * canvas().em() - cell));  // small cells: the frame stands around them
  for (const auto& [r, c] : {std::pair{first, second}, std::pair{second, first}})
    frame({topLeft.x + cell * c - margin, topLeft.y - cell * (r + 1) - margin, cell + 2 * margin - 1, cell + 2 * margin - 1});
}

const RandomAngles& AnalysisView::randomAngles(const ExpertAnalysis& analysis, int rank) {
  const std::pair key{analysis.width, rank};
  const auto found = random_.find(key);
  return found != random_.end() ? found->second : random_.emplace(key, simulateRandomAngles(analysis.width, rank)).first->second;
}

void AnalysisView::angleNumbers(const Plot& plot, int count) {
  const Rect inner = plot.inner();
  const int stride = std::max(1, static_cast<int>(std::ceil(1.6 * canvas().em() * count / inner.width)));
  for (int i = 1; i <= count; i += stride)
    canvas().text({plot.x(i), inner.y - 0.4 * canvas().em()}, std::to_string(i),
                  {mutedColor(theme()), 0.8, Align::Centre, VerticalAlign::Top});
}

void AnalysisView::randomBand(Plot& plot, const RandomAngles& random) {
  const auto rank = static_cast<std::size_t>(random.mean.size());
  std::vector<double> xs, mean, low, high;
  for (std::size_t i = 0; i < rank; ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    xs.push_back(static_cast<double>(i) + 1.0);
    mean.push_back(random.mean[at] * kDegrees);
    low.push_back(random.low[at] * kDegrees);
    high.push_back(random.high[at] * kDegrees);
  }
  plot.band(xs, low, high, kRandomColor, 0.35);
  plot.line(xs, mean, kRandomColor, 2.0);
  if (rank == 1) canvas().line(plot.at(xs[0], low[0]), plot.at(xs[0], high[0]), kRandomColor, 3.0);
  for (std::size_t i = 0; i < rank; ++i)
    hit(plot.at(xs[i], mean[i]), 6.0,
        {-1, -1, -1,
         formatted("random subspaces, simulated: angle %.0f", xs[i]) + formatted(" is %.1f degrees", mean[i]) +
             formatted(", 5 to 95 %%: %.1f", low[i]) + formatted(" to %.1f", high[i])});
}

}  // namespace moescope
