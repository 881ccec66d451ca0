// Mean applied gate of each domain's tokens, and of runs of tokens, for every expert. Colours go by the gate's square root, from
// 0 to 1, so that equal colours are equal gates whatever the concentration; where domains spread their gates over many experts
// the scale ends lower (endOfScale), and its bar says where, and that there are greater ones.

#include <algorithm>
#include <cmath>

#include "views/difference_views.h"
#include "core/words/words.h"
#include "views/expert_axis.h"
#include "views/flat_view.h"
#include "views/plot.h"
#include "views/registry.h"
#include "views/row_names.h"

namespace moescope {
namespace {

constexpr Eigen::Index kMostTokenCells = Eigen::Index{1} << 20;
constexpr double kShort = 0.2;    // a scale that would end above this ends at 1
constexpr double kUniform = 4.0;  // the scale ends at this times the uniform gate or above
constexpr std::size_t kOutliers = 100;

/// Mean applied gate, domains x experts.
Eigen::MatrixXf domainMeans(const Scene& scene) {
  const RowMatrix& gates = scene.routing->gates;
  const Probe& probe = *scene.snapshot->probe;
  Eigen::MatrixXf mean = Eigen::MatrixXf::Zero(static_cast<Eigen::Index>(probe.domainNames.size()), gates.cols());
  Eigen::VectorXf count = Eigen::VectorXf::Zero(mean.rows());
  for (Eigen::Index t = 0; t < gates.rows(); ++t) {
    mean.row(probe.domain[static_cast<std::size_t>(t)]) += gates.row(t);
    count[probe.domain[static_cast<std::size_t>(t)]] += 1.0f;
  }
  for (Eigen::Index d = 0; d < mean.rows(); ++d) mean.row(d) /= std::max(1.0f, count[d]);
  return mean;
}

/// What all but one in kOutliers of the domains' means stay under, of those that are not 0; 0 where all are.
double usualMost(const Eigen::MatrixXf& means) {
  std::vector<float> gates;
  for (const float gate : means.reshaped())
    if (std::isfinite(gate) && gate > 0.0f) gates.push_back(gate);
  if (gates.empty()) return 0.0;
  const auto place = gates.begin() + static_cast<std::ptrdiff_t>(gates.size() - 1 - gates.size() / kOutliers);
  std::nth_element(gates.begin(), place, gates.end());
  return *place;
}

/// Where the colours end, for both sides of a pair and for tiles of all sizes: at 1; where the domains' means usually stay under
/// kShort, at the greatest usual one or kUniform / N, whichever is more, rounded up to 1, 2 or 5 times a power of ten.
double endOfScale(const Scene& scene) {
  if (optionOf(scene, "score_heatmap", "scale", "shown") == "one") return 1.0;
  double most = 0.0;
  for (const Scene* each : sharingScale(scene))
    most = std::max({most, kUniform / static_cast<double>(each->routing->gates.cols()), usualMost(domainMeans(*each))});
  return most > kShort ? 1.0 : niceAbove(most);
}

class ScoreHeatMap : public FlatView {
 protected:
  std::string title() const override { return translated("Score heat map"); }

  void draw(const Scene& scene) override {
    const RowMatrix& gates = scene.routing->gates;
    const Probe& probe = *scene.snapshot->probe;
    order_.clear();
    const int domains = static_cast<int>(probe.domainNames.size());
    for (int d = 0; d < domains; ++d)
      for (Eigen::Index t = 0; t < gates.rows(); ++t)
        if (probe.domain[static_cast<std::size_t>(t)] == d) order_.push_back(static_cast<int>(t));
    const double em = canvas().em();
    double widest = 0.0;
    for (const std::string& name : probe.domainNames) widest = std::max(widest, canvas().textWidth(translated(name), 0.85));
    const bool narrow =
        canvas().width() < 20.0 * em && canvas().height() > 20.0 * em;  // the scale then lies below, and the names get more
    names_ = std::clamp(widest, 1.4 * em, (narrow ? 0.38 : 0.28) * canvas().width());
    end_ = endOfScale(scene);
    beyond_ = end_ < 1.0 && gates.size() > 0 && gates.array().isNaN().select(0.0f, gates.array()).maxCoeff() > end_;
    const Rect whole =
        caption(scene, {translated("mean applied gate: domains above, tokens below"), translated("mean applied gate")});
    const double foot = narrow ? 2.4 * em : 0.0, left = names_ + 0.8 * em, right = narrow ? 0.4 * em : 2.6 * em + widthOfScale();
    const Rect area{whole.x, whole.y + foot, whole.width, whole.height - foot};
    const Rect picture{area.x + left, area.y + 0.2 * em, std::max(10.0, area.width - left - right),
                       std::max(10.0, area.height - 1.6 * em)};
    const double names =
        canvas().textHeight(0.85) * domains;  // one below the other they have room, as far as a little is left for the tokens
    const double upperHeight = std::max(std::min(0.62 * picture.height, std::max(0.3 * picture.height, 1.5 * em * domains)),
                                        std::min(1.02 * names, picture.height - 2.5 * em));
    const Rect upper{picture.x, picture.y + picture.height - upperHeight, picture.width, upperHeight};
    const Rect lower{picture.x, picture.y, picture.width, picture.height - upperHeight - 0.6 * em};
    const Eigen::MatrixXf mean = domainMeans(scene);
    const std::vector<Run> runs = tokenRuns(scene, lower);
    domainCells(scene, mean, upper);
    tokenCells(scene, runs, lower);
    tellCells(scene, mean, upper, runs, lower);
    expertNames(scene, upper);
    if (narrow)
      lyingColourBar({whole.x, whole.y + 1.2 * em, whole.width, 0.7 * em});
    else
      colourBar({picture.x + picture.width + 1.0 * em, picture.y, 0.8 * em, picture.height - 1.2 * em});
  }

 private:
  struct Run {
    int first = 0, count = 0, domain = 0;  // places in order_
    Eigen::RowVectorXf gate;
  };

  /// Tokens grouped so that every drawn row is at least two pixels high and holds one domain.
  std::vector<Run> tokenRuns(const Scene& scene, const Rect& area) const {
    const RowMatrix& gates = scene.routing->gates;
    const Probe& probe = *scene.snapshot->probe;
    const int rows = std::clamp(static_cast<int>(area.height / 2.0), 1, 256), tokens = static_cast<int>(order_.size());
    const int size = std::max(1, (tokens + rows - 1) / rows);
    std::vector<Run> runs;
    for (int i = 0; i < tokens; ++i) {
      const int domain = probe.domain[static_cast<std::size_t>(order_[static_cast<std::size_t>(i)])];
      if (runs.empty() || runs.back().count == size || runs.back().domain != domain)
        runs.push_back({i, 0, domain, Eigen::RowVectorXf::Zero(gates.cols())});
      runs.back().gate += gates.row(order_[static_cast<std::size_t>(i)]);
      ++runs.back().count;
    }
    for (Run& run : runs) run.gate /= static_cast<float>(run.count);
    return runs;
  }

  void domainCells(const Scene& scene, const Eigen::MatrixXf& mean, const Rect& area) {
    const double em = canvas().em(), width = area.width / static_cast<double>(mean.cols()),
                 height = area.height / static_cast<double>(mean.rows());
    const bool numbers = width > canvas().textWidth(".99", 0.75) + 2 && height > 0.95 * em;
    const RowNames named(canvas(), height, 0.85, [&](int d) { return scene.selection.hasDomain(d); });
    named.sayLeftOut(canvas(), {area.x - 0.5 * em, area.y + area.height + 0.2 * em});
    for (Eigen::Index d = 0; d < mean.rows(); ++d) {
      const double y = area.y + area.height - height * static_cast<double>(d + 1);
      const std::string name = translated(scene.snapshot->probe->domainNames[static_cast<std::size_t>(d)]);
      const bool faint = scene.selection.leavesOutDomain(d);
      if (named.named(static_cast<int>(d)))
        canvas().text(
            {area.x - 0.5 * em, y + height / 2}, name,
            {faint ? mutedColor(theme()) : textColor(theme()), 0.85, Align::Right, VerticalAlign::Middle, false, false, names_});
      hit(Rect{area.x - 0.5 * em - names_, y, names_, height}, {-1, -1, static_cast<int>(d), translated("domain ") + name});
      for (Eigen::Index e = 0; e < mean.cols(); ++e) {
        const Rect cell{area.x + width * static_cast<double>(e), y, width, height};
        const double value = shareOfScale(mean(d, e));
        const bool number = std::isfinite(mean(d, e));
        const double opacity = faint ? 0.4 : 1.0;
        const Color fill = number ? sequentialColor(value) : gridColor(theme());
        canvas().rect({cell.x, cell.y, cell.width - gapOf(width), cell.height - gapOf(height)}, fill, opacity);
        if (!number) canvas().line({cell.x, cell.y}, {cell.x + width - 1, cell.y + height - 1}, mutedColor(theme()), 1.0, 0.6);
        if (numbers && number)
          canvas().text({cell.x + width / 2, cell.y + height / 2},
                        formatted("%.2f", mean(d, e)).substr(mean(d, e) < 0.995f ? 1 : 0),
                        {inkOn(mix(backgroundColor(theme()), fill, opacity)), 0.75, Align::Centre});
      }
    }
  }

  /// Cells of many experts are as wide as a gap.
  static double gapOf(double side) { return side < 6.0 ? 0.0 : 1.0; }

  /// What lies under the pointer, told only once somebody points: there may be a hundred thousand cells.
  void tellCells(const Scene& scene, const Eigen::MatrixXf& mean, const Rect& upper, const std::vector<Run>& runs,
                 const Rect& lower) {
    hitLater([this, names = scene.snapshot->probe, order = order_, mean, upper, runs, lower] {
      const double width = upper.width / static_cast<double>(mean.cols()), row = upper.height / static_cast<double>(mean.rows()),
                   height = lower.height / static_cast<double>(order.size());
      for (int e = 0; e < mean.cols(); ++e) {
        const double x = upper.x + width * e;
        for (int d = 0; d < mean.rows(); ++d)
          hit(Rect{x, upper.y + upper.height - row * (d + 1), width, row},
              {e, -1, d,
               names->domainNames[static_cast<std::size_t>(d)] + ", " + expertLabel(e) +
                   formatted(": mean applied gate %.3f", mean(d, e))});
        for (const Run& run : runs) {
          const int token = order[static_cast<std::size_t>(run.first)];
          hit(Rect{x, lower.y + lower.height - height * (run.first + run.count), width, height * run.count},
              {e, token, -1,
               translated("tokens from ") + std::to_string(token) + translated(" on (") + std::to_string(run.count) + "), " +
                   expertLabel(e) + formatted(": mean applied gate %.3f", run.gate[e])});
        }
      }
    });
  }

  void tokenCells(const Scene& scene, const std::vector<Run>& runs, const Rect& area) {
    const double em = canvas().em(), height = area.height / static_cast<double>(order_.size());
    const int domains = static_cast<int>(scene.snapshot->probe->domainNames.size());
    int domain = -1;
    for (const Run& run : runs) {
      const double y = area.y + area.height - height * (run.first + run.count);
      const double width = area.width / static_cast<double>(run.gate.size());
      const bool faint = scene.selection.leavesOutDomain(run.domain);
      for (Eigen::Index e = 0; e < run.gate.size(); ++e) {
        const Rect cell{area.x + width * static_cast<double>(e), y, width - gapOf(width), height * run.count};
        canvas().rect(cell, std::isfinite(run.gate[e]) ? sequentialColor(shareOfScale(run.gate[e])) : gridColor(theme()),
                      faint ? 0.35 : 1.0);
      }
      if (run.domain != domain) {
        const double start = area.y + area.height - height * run.first;
        canvas().line({area.x - 0.4 * em, start}, {area.x + area.width, start}, backgroundColor(theme()),
                      std::min(2.0, 0.15 * area.height / domains));
        domain = run.domain;
      }
    }
    // Which tokens: a strip for each domain, in the order of the names above, every other one bright.
    for (const Run& run : runs)
      canvas().rect({area.x - 0.55 * em, area.y + area.height - height * (run.first + run.count), 0.4 * em, height * run.count},
                    mix(backgroundColor(theme()), textColor(theme()), run.domain % 2 == 0 ? 0.65 : 0.3));
    canvas().text({area.x - 1.0 * em, area.y + area.height / 2},
                  runs.size() < order_.size() ? std::to_string(order_.size() / runs.size()) + translated(" tokens a row")
                                              : translated("tokens"),
                  {mutedColor(theme()), 0.8, Align::Centre, VerticalAlign::Bottom, false, true});
  }

  void expertNames(const Scene& scene, const Rect& upper) {
    const int experts = static_cast<int>(scene.routing->gates.cols());
    const double em = canvas().em(), width = upper.width / experts;
    const ExpertAxis axis(canvas(), scene.selection, experts, width);
    for (int e = 0; e < experts; ++e) {
      const bool selected = scene.selection.hasExpert(e);
      if (selected) frameColumn({upper.x + width * e, upper.y, width, upper.height});
      if (const std::string name = axis.name(e); !name.empty())
        canvas().text({upper.x + width * (e + 0.5), upper.y + upper.height + 0.2 * em}, name,
                      {selected ? textColor(theme()) : mutedColor(theme()), 0.8, Align::Centre, VerticalAlign::Bottom, selected});
    }
  }

  void colourBar(const Rect& area) {
    constexpr int steps = 40;
    const double em = canvas().em();
    for (int i = 0; i < steps; ++i)
      canvas().rect({area.x, area.y + area.height * i / steps, area.width, area.height / steps + 1},
                    sequentialColor((i + 0.5) / steps));
    canvas().text({area.x, area.y + area.height + 0.6 * em}, translated("gate"),
                  {mutedColor(theme()), 0.78, Align::Left, VerticalAlign::Bottom});
    for (const double share : {0.0, 1.0, 0.25, 0.5, 0.05, 0.1}) {  // the ends first: of the others those that have room
      const double y = area.y + area.height * shareOfScale(share * end_);
      if (canvas().text({area.x + area.width + 0.45 * em, y}, tick(share), {mutedColor(theme()), 0.78}))
        canvas().line({area.x + area.width, y}, {area.x + area.width + 0.3 * em, y}, mutedColor(theme()), 1.0);
    }
  }

  /// What stands beside the scale at this share of it.
  std::string tick(double share) const {
    return (share == 1.0 && beyond_ ? "\xe2\x89\xa5 " : "") + formatted("%g", share * end_);
  }
  double widthOfScale() const {
    double width = 0.0;
    for (const double share : {1.0, 0.25, 0.5, 0.05, 0.1}) width = std::max(width, canvas().textWidth(tick(share), 0.78));
    return width;
  }

  void lyingColourBar(const Rect& area) {
    constexpr int steps = 40;
    const double em = canvas().em();
    for (int i = 0; i < steps; ++i)
      canvas().rect({area.x + area.width * i / steps, area.y, area.width / steps + 1, area.height},
                    sequentialColor((i + 0.5) / steps));
    for (const double share : {0.0, 1.0, 0.25, 0.05}) {
      const Align align = share == 0.0 ? Align::Left : share == 1.0 ? Align::Right : Align::Centre;
      canvas().text({area.x + area.width * shareOfScale(share * end_), area.y - 0.1 * em},
                    share == 0.0 ? translated("gate 0") : tick(share), {mutedColor(theme()), 0.78, align, VerticalAlign::Top});
    }
  }

  /// Place of a gate on the colour scale, 0 to 1.
  double shareOfScale(double gate) const { return std::sqrt(std::clamp(gate / end_, 0.0, 1.0)); }

  std::vector<int> order_;
  double names_ = 0.0;   ///< room for the domains' names
  double end_ = 1.0;     ///< of the colour scale
  bool beyond_ = false;  ///< whether a token's gate is greater
};

std::string meanInNumbers(const Scene& scene) {
  const Probe& probe = *scene.snapshot->probe;
  const int domain = std::clamp(scene.selection.domain(), 0, static_cast<int>(probe.domainNames.size()) - 1),
            expert = std::clamp(scene.selection.expert(), 0, static_cast<int>(scene.routing->gates.cols()) - 1);
  double sum = 0.0;
  int tokens = 0;
  for (Eigen::Index t = 0; t < scene.routing->gates.rows(); ++t)
    if (probe.domain[static_cast<std::size_t>(t)] == domain) sum += scene.routing->gates(t, expert), ++tokens;
  return translated("mean(d, e) = 1 / |d| times the sum of g(t, e) over the tokens t of d\n") +
         translated(probe.domainNames[static_cast<std::size_t>(domain)]) + ", " + expertLabel(expert) + formatted(": %.3f", sum) +
         " / " + std::to_string(tokens) + formatted(" = %.3f", sum / tokens);
}

/// A row for each domain and expert; then, of a probe that is not too large, one for each token and expert.
DataTable numbersOf(const Scene& scene) {
  const Probe& probe = *scene.snapshot->probe;
  const RowMatrix& gates = scene.routing->gates;
  DataTable table{{{"domain", ""}, {"token", ""}, {"expert", ""}, {"applied_gate", ""}}, {}};
  const Eigen::MatrixXf mean = domainMeans(scene);
  for (Eigen::Index d = 0; d < mean.rows(); ++d)
    for (Eigen::Index e = 0; e < mean.cols(); ++e)
      table.add({probe.domainNames[static_cast<std::size_t>(d)], Cell(), static_cast<int>(e), static_cast<double>(mean(d, e))});
  const bool all = gates.size() <= kMostTokenCells;
  for (Eigen::Index t = 0; all && t < gates.rows(); ++t)
    for (Eigen::Index e = 0; e < gates.cols(); ++e)
      table.add({probe.domainNames[static_cast<std::size_t>(probe.domain[static_cast<std::size_t>(t)])], static_cast<int>(t),
                 static_cast<int>(e), static_cast<double>(gates(t, e))});
  table.about = {{"rows", all ? "without token: mean of the domain"
                              : "means of domains; the gates of single tokens are left out, they are more than 1048576"}};
  return table;
}

}  // namespace

ViewDeclaration declareScoreHeatMap() {
  return {
      "score_heatmap",
      "Score heat map",
      "Mean applied gate by expert, for each domain and for the probe's tokens; colours by the gate's root on a scale that "
      "begins at 0",
      [] { return std::make_unique<ScoreHeatMap>(); },
      numbersOf,
      "Routing",
      {{"scale",
        "Colours end",
        "The gate that has the brightest colour; the scale beside the picture says it",
        {{"shown", "at what is shown", "At 1, or where domains spread over many experts above 99 % of their means, rounded up"},
         {"one", "at 1", "At 1 always: equal colours are equal gates from moment to moment"}}}},
      makeHeatMapDifference,
      {"How much of each domain's tokens goes to each expert. Colours follow the gate's square root from 0 to 1, so that equal colours are equal gates at every concentration; where domains spread over many experts the scale ends above 99 % of their means, rounded up.",
       meanInNumbers,
       "One bright cell in a row: that domain has an expert of its own. Even rows: the experts do not tell domains apart."}};
}

}  // namespace moescope
