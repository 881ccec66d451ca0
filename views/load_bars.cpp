// Load of each expert beside the uniform line.

#include <cmath>

#include "views/difference_views.h"
#include "core/words/words.h"
#include "views/expert_axis.h"
#include "views/flat_view.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr Color kDroppedColor{0.84, 0.15, 0.16};
constexpr double kNumberSize = 0.75;  // of the loads above the bars

/// Share of the assignments that each expert got, of a model in training as the router intended them; empty: none were made, as
/// before the first step.
const Eigen::VectorXd& assignedOf(const Scene& scene) {
  static const Eigen::VectorXd none;
  return scene.snapshot->checkpoint || scene.snapshot->step > 0
             ? scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)].trainingLoad
             : none;
}

/// What is shared out among the experts.
std::string sharedOut(const Scene& scene) {
  return scene.snapshot->capture ? translated("captured assignments") : translated("applied gates");
}

class LoadBars : public FlatView {
 protected:
  std::string title() const override { return translated("Load per expert"); }
  OfCaptures showsCaptures() const override { return OfCaptures::RoutedLayer; }

  void draw(const Scene& scene) override {
    const RoutingMeasures& applied = scene.routing->applied;
    const int experts = static_cast<int>(applied.load.size());
    const LayerSnapshot& layer = scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)];
    const Eigen::VectorXd& assigned = assignedOf(scene);
    const bool limited = layer.trainingDropped.size() == experts && layer.trainingDropped.sum() > 0.0;
    const std::string measures = formatted("CV %.2f", applied.loadVariation) + formatted(", MaxVio %.2f", applied.maxViolation),
                      what = translated("share of the ") + sharedOut(scene) + ": " + measures,
                      dropped = limited
                                    ? formatted("; red: dropped by capacity, %.1f %% of all", 100 * layer.trainingDropped.sum())
                                    : "";
    const std::string brief = limited ? formatted("dropped: %.1f %%", 100 * layer.trainingDropped.sum()) : measures;
    const Rect area = isLow() ? caption(scene, brief) : caption(scene, {what + dropped, brief});
    double most = 1.0 / experts;
    for (const Scene* each : sharingScale(scene)) most = std::max(most, mostLoad(*each));
    const double em = canvas().em(), room = std::max(2.0 * em, area.height - 3.0 * em);  // the plot's height
    const Numbers numbers = numbersFor((area.width - 3.4 * em) / experts);
    const double above =
        std::max(1.12, room / std::max(0.5 * room, room - numbers.height - 0.5 * em));  // room above the highest bar
    Plot plot(canvas(), area, {-0.5, experts - 0.5, "", false, false},
              {0.0, 100.0 * above * most, translated("load, %") + besides(scene, limited)});
    const Rect inner = plot.inner();
    const double pitch = inner.width / experts,
                 bar = (limited       ? 0.5
                        : pitch < 4.0 ? 1.0
                                      : 0.72) *
                       pitch,
                 shift = limited ? -0.14 * pitch : 0.0;
    const ExpertAxis axis(canvas(), scene.selection, experts, pitch);
    std::vector<Point> numberAt(static_cast<std::size_t>(experts));
    for (int e = 0; e < experts; ++e) {
      const double middle = plot.x(e) + shift, height = plot.y(100 * applied.load[e]) - inner.y;
      const bool faint = scene.selection.leavesOutExpert(e);
      const bool selected = scene.selection.hasExpert(e);
      canvas().rect({middle - bar / 2, inner.y, bar, height}, expertColor(e, theme()), faint ? 0.35 : 1.0);
      if (selected) canvas().frame({middle - bar / 2 - 2, inner.y, bar + 4, height + 2}, accentColor(theme()), 2.0);
      double top = inner.y + height;  // of bar and tick, where the number would lie on the tick
      if (assigned.size() == experts) {
        const double y = plot.y(100 * assigned[e]);
        // The number stands on what it would lie on: on the tick, and on the narrow column beside where that is in its way.
        const bool inTheWay = limited ? numbers.width > bar : y < top + numbers.height + 0.55 * em;
        if (inTheWay) top = std::max(top, y);
        if (limited)
          kept(plot, middle + bar / 2, 0.26 * pitch, assigned[e], layer.trainingDropped[e]);
        else
          canvas().line({middle - 0.46 * pitch, y}, {middle + 0.46 * pitch, y}, textColor(theme()), 2.0);
      }
      numberAt[static_cast<std::size_t>(e)] = {middle, top + 0.25 * em};
      if (const std::string name = axis.name(e); !name.empty())
        canvas().text({plot.x(e), inner.y - 0.35 * em}, name,
                      {selected ? textColor(theme()) : mutedColor(theme()), 0.8, Align::Centre, VerticalAlign::Top, selected});
      hit(Rect{plot.x(e) - pitch / 2, area.y, pitch, area.height},
          {e, -1, -1,
           expertLabel(e) + formatted(": load %.2f %% of ", 100 * applied.load[e]) + sharedOut(scene) +
               (assigned.size() == experts ? std::string(scene.snapshot->checkpoint ? translated("; the model's own assignments ")
                                                                                    : translated("; intended in training ")) +
                                                 formatted("%.2f %%", 100 * assigned[e])
                                           : "") +
               (limited ? formatted(", of it dropped %.2f", 100 * layer.trainingDropped[e]) +
                              formatted(", actual %.2f %%", 100 * (assigned[e] - layer.trainingDropped[e]))
                        : "")});
    }
    const double uniform = plot.y(100.0 / experts);
    canvas().dashedLine({inner.x, uniform}, {inner.x + inner.width, uniform}, accentColor(theme()), 1.5, 0.8);
    if (numbers.width == 0.0) return;
    for (int e = 0; e < experts; ++e) {  // last, so that the uniform line strikes no number out
      const Point at = numberAt[static_cast<std::size_t>(e)];
      const std::string words = formatted(numbers.format, 100 * applied.load[e]);
      const double width = numbers.width + 0.3 * em, height = numbers.height + 0.1 * em;
      if (uniform > at.y - 0.1 * em && uniform < at.y + height - 0.1 * em)
        canvas().rect({at.x - width / 2, at.y - 0.1 * em, width, height}, backgroundColor(theme()));
      TextStyle style{textColor(theme()), kNumberSize, Align::Centre, VerticalAlign::Bottom};
      if (numbers.upward) style = {textColor(theme()), kNumberSize, Align::Left, VerticalAlign::Middle, false, true};
      canvas().text(at, words, style);
    }
  }

 private:
  /// What stands beside the bars.
  static std::string besides(const Scene& scene, bool limited) {
    if (assignedOf(scene).size() == 0) return "";
    return limited                      ? translated("; narrow: in training")
           : scene.snapshot->checkpoint ? translated("; tick: the model's own")
                                        : translated("; tick: in training");
  }

  /// How the loads are written above bars that stand so far apart: with a decimal, without, turned by a quarter, or not at all.
  struct Numbers {
    const char* format = "%.1f";
    double width = 0.0, height = 0.0;  ///< of the longest; 0: there is no room
    bool upward = false;
  };
  Numbers numbersFor(double pitch) const {
    const auto wide = [&](const char* words) { return canvas().textWidth(words, kNumberSize); };
    const double high = canvas().textHeight(kNumberSize);
    if (wide("99.9") < pitch) return {"%.1f", wide("99.9"), high, false};
    if (wide("99") + 2.0 < pitch) return {"%.0f", wide("99"), high, false};
    if (high < pitch) return {"%.1f", high, wide("99.9"), true};
    return {};
  }

  static double mostLoad(const Scene& scene) {
    const RoutingMeasures& applied = scene.routing->applied;
    const Eigen::VectorXd& assigned = assignedOf(scene);
    return std::max(applied.load.maxCoeff(), assigned.size() == applied.load.size() ? assigned.maxCoeff() : 0.0);
  }

  /// Training's column: what capacity let through, and on it what it dropped.
  void kept(const Plot& plot, double left, double width, double intended, double dropped) {
    const double foot = plot.inner().y, middle = plot.y(100 * (intended - dropped)), top = plot.y(100 * intended);
    canvas().rect({left, foot, width, middle - foot}, mutedColor(theme()), 0.8);
    canvas().rect({left, middle, width, top - middle}, kDroppedColor);
    canvas().line({left, top}, {left + width, top}, textColor(theme()), 2.0);
  }
};

std::string loadInNumbers(const Scene& scene) {
  const RoutingMeasures& applied = scene.routing->applied;
  Eigen::Index most = 0;
  const double greatest = applied.load.maxCoeff(&most), uniform = 1.0 / static_cast<double>(applied.load.size());
  return std::string(scene.snapshot->capture ? translated("load(e) = assignments to e / all assignments of the capture")
                                             : translated("load(e) = mean over the probe's tokens of g(t, e)")) +
         translated("; dashed: uniform, 1 / N = ") + formatted("%.2f %%", 100 * uniform) +
         translated("\nCV = standard deviation / mean = ") + formatted("%.3f", applied.loadVariation) +
         translated("\nMaxVio = largest / mean - 1 = ") + formatted("%.2f %%", 100 * greatest) +
         formatted(" / %.2f %% - 1", 100 * applied.load.mean()) + formatted(" = %.3f", applied.maxViolation) + " (" +
         expertLabel(static_cast<int>(most)) + ")" +
         (scene.snapshot->capture ? ""
          : scene.snapshot->checkpoint
              ? translated("\nTick: the model's own assignments")
              : translated("\nTick, or narrow column: share of the assignments in training; red: what capacity dropped"));
}

DataTable numbersOf(const Scene& scene) {
  const Eigen::VectorXd& load = scene.routing->applied.load;
  const LayerSnapshot& layer = scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)];
  DataTable table{{{"expert", ""}, {"load", "%"}, {"uniform", "%"}, {"assigned_by_the_model", "%"}, {"dropped_by_capacity", "%"}},
                  {}};
  const auto percent = [](const Eigen::VectorXd& shares, Eigen::Index e) {
    return e < shares.size() ? Cell(100.0 * shares[e]) : Cell();
  };
  for (Eigen::Index e = 0; e < load.size(); ++e)
    table.add({static_cast<int>(e), 100.0 * load[e], 100.0 / static_cast<double>(load.size()), percent(assignedOf(scene), e),
               percent(layer.trainingDropped, e)});
  table.about = {{"load_cv", scene.routing->applied.loadVariation}, {"max_vio", scene.routing->applied.maxViolation}};
  return table;
}

}  // namespace

ViewDeclaration declareLoadBars() {
  return {
      "load_bars",
      "Load per expert",
      "Share of the applied gates that each expert gets on the probe, beside the uniform share 1/N",
      [] { return std::make_unique<LoadBars>(); },
      numbersOf,
      "Routing",
      {},
      makeLoadDifference,
      {"The share of all applied gates on the probe that each expert gets.", loadInNumbers,
       "An expert near 0 has collapsed: it gets no tokens and learns nothing. All bars at the dashed line: the load is balanced."},
      OfCaptures::RoutedLayer};
}

}  // namespace moescope
