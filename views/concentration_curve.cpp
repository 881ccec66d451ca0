// Entropy against concentration with its proven bounds, and the live point.

#include <algorithm>
#include <cmath>

#include "views/difference_views.h"
#include "core/words/words.h"
#include "views/flat_view.h"
#include "views/plot.h"
#include "views/registry.h"
#include "views/slider_view.h"

namespace moescope {
namespace {

constexpr double kLeast = 1.0 / 32, kMost = 32.0;

class ConcentrationCurveView : public FlatView, public SliderView {
 public:
  std::optional<double> concentrationAt(int x, int y) const override {
    const double across = x / canvas().ratio() - axis_.x, up = y / canvas().ratio() - axis_.y, margin = canvas().em();
    const bool there = across >= -margin && across <= axis_.width + margin && up >= 0.0 && up < axis_.height;
    if (!(axis_.width > 0.0) || !there) return std::nullopt;
    return kLeast * std::pow(kMost / kLeast, std::clamp(across / axis_.width, 0.0, 1.0));
  }

 protected:
  void clearScene() override { axis_ = {}; }
  std::string title() const override { return translated("Entropy against concentration"); }

  void draw(const Scene& scene) override {
    const bool tempered = scene.lens.reading == ConcentrationReading::Tempered;
    const Color band{0.34, 0.71, 0.91}, curve{0.90, 0.62, 0.0};
    const bool low = isLow();
    const std::string brief = tempered ? translated("never rises with \xce\xb1") : translated("Bingham: tokens may rise"),
                      full = tempered ? translated("mean token entropy never rises with the concentration")
                                      : translated("mean token entropy, Bingham reading: single tokens may rise");
    const Rect whole = low ? caption(scene, brief) : caption(scene, {full, brief});
    const int experts = static_cast<int>(scene.routing->probabilities.cols());
    const double em = canvas().em(), ceiling = std::log(experts);
    const Rect area = legend(
        whole, {{curve, low ? translated("entropy, nats") : translated("measured")},
                {band, translated("between the proven bounds"), true, translated("bounds")}});
    // Above the line of log N its words have room of their own below the axis's, however low the picture is.
    const double above = std::clamp(1.9 * em / std::max(1.0, area.height - 4.0 * em), 0.08, 0.35);
    Plot plot(canvas(), area, {kLeast, kMost, low ? "" : translated("concentration \xce\xb1"), true},
              {0.0, ceiling / (1.0 - above), low ? "" : translated("entropy, nats")});
    const Rect inner = axis_ = plot.inner();
    canvas().dashedLine({inner.x, plot.y(ceiling)}, {inner.x + inner.width, plot.y(ceiling)}, mutedColor(theme()), 1.2);
    for (int i = 0; i <= 64; ++i) keepClear({inner.x + inner.width * i / 64, plot.y(ceiling)}, 2.0);
    if (scene.curve && scene.curve->concentration.size() > 1) {
      std::vector<double> alpha, entropy, lower, upper;
      for (std::size_t i = 0; i < scene.curve->concentration.size(); ++i) {
        const double a = scene.curve->concentration[i];
        if (a < kLeast * 0.999 || a > kMost * 1.001) continue;
        alpha.push_back(a);
        entropy.push_back(scene.curve->entropy[i]);
        lower.push_back(scene.curve->lower[i]);
        upper.push_back(scene.curve->upper[i]);
      }
      plot.band(alpha, lower, upper, band, 0.22);
      plot.line(alpha, lower, band, 1.5);
      plot.line(alpha, upper, band, 1.5);
      plot.line(alpha, entropy, curve, 2.5);
    }
    livePoint(scene, plot, curve);
    // At the end that the live point's words leave free.
    const TextStyle style{mutedColor(theme()), 0.78, Align::Right, VerticalAlign::Bottom};
    const std::string most = formatted("log N = %.2f", ceiling);
    if (!canvas().text({inner.x + inner.width, plot.y(ceiling) + 0.15 * em}, most, style))
      canvas().text({inner.x + canvas().textWidth(most, 0.78), plot.y(ceiling) + 0.15 * em}, most, style);
  }

 private:
  Rect axis_;  ///< of what is drawn; empty: nothing is

  void livePoint(const Scene& scene, const Plot& plot, const Color& color) {
    const double em = canvas().em(), entropy = scene.routing->probability.meanEntropy;
    const double alpha = std::clamp(static_cast<double>(scene.lens.concentration), kLeast, kMost);
    if (!std::isfinite(entropy)) return say(plot.inner(), translated("mean entropy: ") + formatted("%.3f", entropy));
    const Point at = plot.at(alpha, entropy);
    const bool beyond = scene.lens.concentration < kLeast ||
                        scene.lens.concentration > kMost;  // said at the axis's end, not drawn as on the curve
    if (!beyond) {
      canvas().line({at.x, plot.inner().y}, at, mutedColor(theme()), 1.0, 0.7);
      canvas().disc(at, 0.5 * em, color);
      canvas().ring(at, 0.5 * em, accentColor(theme()), 2.0);
    }
    const std::string words = formatted("%.3f nats", entropy) + formatted(" at \xce\xb1 = %.3g", scene.lens.concentration) +
                              (beyond ? translated(", beyond this axis") : "");
    keepClear(at, 0.5 * em);
    liveWords(plot, at, {words, formatted("%.3f nats", entropy), formatted("%.3f", entropy)});
    hit(at, em,
        {-1, -1, -1,
         words + formatted("; proven between %.3f", scene.routing->entropyLower) +
             formatted(" and %.3f", scene.routing->entropyUpper)});
  }

  /// Beside the live point, off the line of log N: above the curve, which falls to the right, rather than below it.
  void liveWords(const Plot& plot, Point at, std::initializer_list<std::string> fromLongToShort) {
    const double em = canvas().em(), gap = 0.8 * em, high = canvas().textHeight(0.95, true);
    const Rect inner = plot.inner();
    for (const std::string& words : fromLongToShort) {
      const double wide = canvas().textWidth(words, 0.95, true);
      for (const Point corner : {Point{at.x + gap, at.y + gap}, Point{at.x - gap - wide, at.y - gap - high},
                                 Point{at.x + gap, at.y - gap - high}, Point{at.x - gap - wide, at.y + gap}}) {
        const Rect box{corner.x, corner.y, wide, high};
        if (box.x < inner.x || box.x + wide > inner.x + inner.width + 0.5 * em || box.y < inner.y || !hasRoom(box)) continue;
        canvas().rect(box, backgroundColor(theme()), 0.75);
        canvas().text({box.x, box.y + high / 2}, words, {textColor(theme()), 0.95, Align::Left, VerticalAlign::Middle, true});
        return;
      }
    }
    const std::string& words = *(fromLongToShort.end() - 1);  // where there is no room beside the point: anywhere below the line
    const double wide = canvas().textWidth(words, 0.95, true);
    for (double y = inner.y + 0.8 * inner.height - high; y >= inner.y; y -= 0.5 * high)
      for (double x = inner.x + inner.width - wide; x >= inner.x; x -= 0.5 * high)
        if (hasRoom({x, y, wide, high})) {
          canvas().rect({x, y, wide, high}, backgroundColor(theme()), 0.75);
          canvas().text({x, y + high / 2}, words, {textColor(theme()), 0.95, Align::Left, VerticalAlign::Middle, true});
          return;
        }
  }
};

std::string entropyInNumbers(const Scene& scene) {
  return translated("H(t) = - sum over e of p(t, e) log p(t, e), p = softmax of the concentration times the logits\n") +
         formatted("at \xce\xb1 = %.4g: ", scene.lens.concentration) +
         formatted("%.4f nats, ", scene.routing->probability.meanEntropy) +
         formatted("proven between %.4f", scene.routing->entropyLower) + formatted(" and %.4f", scene.routing->entropyUpper) +
         formatted("\nlog N = %.4f: all experts equally", std::log(static_cast<double>(scene.routing->probabilities.cols()))) +
         translated("\nTempered reading: dH / d\xce\xb1 = - \xce\xb1 Var(logit) of each token, never above 0");
}

/// The curve, and where the slider stands.
DataTable numbersOf(const Scene& scene) {
  DataTable table{
      {{"point", ""}, {"concentration", ""}, {"mean_entropy", "nats"}, {"lower_bound", "nats"}, {"upper_bound", "nats"}}, {}};
  if (scene.curve)
    for (std::size_t i = 0; i < scene.curve->concentration.size(); ++i)
      table.add({"curve", scene.curve->concentration[i], scene.curve->entropy[i], scene.curve->lower[i], scene.curve->upper[i]});
  table.add({"live", static_cast<double>(scene.lens.concentration), scene.routing->probability.meanEntropy,
             scene.routing->entropyLower, scene.routing->entropyUpper});
  table.about = {{"reading", scene.lens.reading == ConcentrationReading::Tempered ? "tempered" : "Bingham"}};
  return table;
}

}  // namespace

ViewDeclaration declareConcentrationCurve() {
  return {
      "concentration_curve",
      "Entropy against concentration",
      "Mean token entropy of the routing probabilities at every concentration, inside "
      "its proven lower and upper bounds; the dot is where the slider stands and can be dragged as it",
      [] { return std::make_unique<ConcentrationCurveView>(); },
      numbersOf,
      "Routing",
      {},
      makeConcentrationDifference,
      {"The mean entropy of the tokens' routing probabilities at every concentration, between its proven bounds. The dot is where the slider stands: draw along the curve to move it.",
       entropyInNumbers,
       "Where the curve falls fastest a small move of the slider changes most. A curve that stays high: logits so alike that concentration cannot part them."}};
}

}  // namespace moescope
