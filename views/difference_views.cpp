#include "views/difference_views.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/words/words.h"
#include "views/expert_axis.h"
#include "views/flat_view.h"
#include "views/plot.h"
#include "views/row_names.h"

namespace moescope {
namespace {

constexpr Color kMore{0.90, 0.62, 0.0}, kLess{0.34, 0.71, 0.91};  // Okabe and Ito's orange and sky blue
const std::string kMinus = "\xe2\x88\x92";

class DifferenceView : public FlatView {
 protected:
  void draw(const Scene& scene) final {
    if (scene.beside && scene.beside->routing)
      for (const Scene* each : {&scene, scene.beside.get()})
        if (const std::string why = whyNotOfCapture(*each, showsCaptures()); !why.empty()) return say(caption(scene, ""), why);
    if (!scene.beside || !scene.beside->snapshot || !scene.beside->routing)
      return say(caption(scene, ""), translated("waiting for the other side"));
    if (const std::string why = whyNot(scene, *scene.beside); !why.empty())
      return say(caption(scene, ""), translated("no difference: ") + why);
    drawDifference(scene, *scene.beside);
  }
  /// Why nothing can be subtracted; empty: it can.
  virtual std::string whyNot(const Scene&, const Scene&) const { return {}; }
  virtual void drawDifference(const Scene& a, const Scene& b) = 0;

  static const Color& colourOf(double difference) { return difference < 0.0 ? kLess : kMore; }
  static std::string experts(const Scene& a, const Scene& b) {
    const auto of = [](const Scene& scene) { return scene.routing->gates.cols(); };
    return of(a) == of(b) ? ""
                          : translated("A has ") + std::to_string(of(a)) + translated(" experts, B ") + std::to_string(of(b));
  }
  static std::string signedNumber(const char* format, double value) {
    return (value > 0.0 ? "+" : "") + formatted(format, value);
  }
  void zeroLine(const Plot& plot) {
    canvas().line({plot.inner().x, plot.y(0.0)}, {plot.inner().x + plot.inner().width, plot.y(0.0)}, textColor(theme()), 1.2,
                  0.8);
  }
};

/// Experts have the same number, not the same task: that holds from the start where both models began from the same seed.
constexpr const char* kByNumber = translatable("; experts by number, which began alike where both have the same seed and shape");

class LoadDifference : public DifferenceView {
 protected:
  std::string title() const override { return translated("Load per expert, B ") + kMinus + " A"; }
  OfCaptures showsCaptures() const override { return OfCaptures::RoutedLayer; }
  std::string whyNot(const Scene& a, const Scene& b) const override { return experts(a, b); }

  void drawDifference(const Scene& a, const Scene& b) override {
    const Eigen::VectorXd difference = 100.0 * (b.routing->applied.load - a.routing->applied.load);
    const int count = static_cast<int>(difference.size());
    const auto measures = [&](const char* format) {
      return "CV " + signedNumber(format, b.routing->applied.loadVariation - a.routing->applied.loadVariation) + ", MaxVio " +
             signedNumber(format, b.routing->applied.maxViolation - a.routing->applied.maxViolation);
    };
    const std::string whose = a.snapshot->capture || b.snapshot->capture
                                  ? translated("share of the assignments of a capture, of the applied gates of a model")
                                  : translated("share of applied gates on the probe");
    const std::string what = whose + ", B " + kMinus + translated(" A, in percentage points; ");
    const Rect area = caption(a, {what + measures("%.3f") + translated(kByNumber), what + measures("%.2f"), measures("%.2f")});
    const double most = 1.25 * std::max(1e-3, difference.cwiseAbs().maxCoeff()), em = canvas().em();
    Plot plot(canvas(), area, {-0.5, count - 0.5, "", false, false}, {-most, most, "B " + kMinus + translated(" A, points")});
    const Rect inner = plot.inner();
    const double pitch = inner.width / count, zero = plot.y(0.0);
    const ExpertAxis axis(canvas(), a.selection, count, pitch);
    const bool numbers = canvas().textWidth("+99.9", 0.75) < pitch;
    for (int e = 0; e < count; ++e) {
      const double top = plot.y(difference[e]);
      const bool selected = a.selection.hasExpert(e), above = difference[e] >= 0.0;
      canvas().rect({plot.x(e) - 0.36 * pitch, std::min(zero, top), 0.72 * pitch, std::abs(top - zero)}, colourOf(difference[e]),
                    a.selection.leavesOutExpert(e) ? 0.35 : 1.0);
      if (numbers)
        canvas().text({plot.x(e), top + (above ? 0.25 : -0.25) * em}, signedNumber("%.1f", difference[e]),
                      {textColor(theme()), 0.75, Align::Centre, above ? VerticalAlign::Bottom : VerticalAlign::Top});
      if (const std::string name = axis.name(e); !name.empty())
        canvas().text({plot.x(e), inner.y - 0.35 * em}, name,
                      {selected ? textColor(theme()) : mutedColor(theme()), 0.8, Align::Centre, VerticalAlign::Top, selected});
      hit(Rect{plot.x(e) - pitch / 2, area.y, pitch, area.height},
          {e, -1, -1,
           expertLabel(e) + formatted(": load A %.2f %%", 100 * a.routing->applied.load[e]) +
               formatted(", B %.2f %%", 100 * b.routing->applied.load[e]) + ", B " + kMinus + " A " +
               signedNumber("%.2f points", difference[e])});
    }
    zeroLine(plot);
  }
};

class HeatMapDifference : public DifferenceView {
 protected:
  std::string title() const override { return translated("Score heat map, B ") + kMinus + " A"; }
  std::string whyNot(const Scene& a, const Scene& b) const override {
    if (a.snapshot->probe->domainNames != b.snapshot->probe->domainNames)
      return translated("A and B were given text of different domains");
    return experts(a, b);
  }

  void drawDifference(const Scene& a, const Scene& b) override {
    const Eigen::MatrixXd difference = domainMeans(b) - domainMeans(a);
    std::vector<std::string> names;
    for (const std::string& name : a.snapshot->probe->domainNames) names.push_back(translated(name));
    const double em = canvas().em(),
                 most = std::max(1e-6, difference.array().isNaN().select(0.0, difference.array().abs()).maxCoeff());
    const std::string what = translated("mean applied gate of each domain, B ") + kMinus +
                             translated(" A: orange more, blue less, on a scale of \xc2\xb1") + formatted("%.3g", most);
    const Rect whole = caption(a, {what + translated(kByNumber), what, translated("applied gate, B ") + kMinus + " A"});
    const bool barred = whole.height > 14.0 * em;  // lower ones say it in words
    if (barred) colourBar({whole.x, whole.y, whole.width, 2.0 * em}, most);
    const double foot = barred ? 2.8 * em : 0.0;
    const Rect area{whole.x, whole.y + foot, whole.width, whole.height - foot};
    double room = 0.0;
    for (const std::string& name : names) room = std::max(room, canvas().textWidth(name, 0.85));
    room = std::clamp(room, 1.4 * em, 0.28 * canvas().width());
    const Rect picture{area.x + room + 0.8 * em, area.y + 0.4 * em, std::max(10.0, area.width - room - 1.2 * em),
                       std::max(10.0, area.height - 1.8 * em)};
    const double width = picture.width / static_cast<double>(difference.cols()),
                 height = picture.height / static_cast<double>(difference.rows());
    const bool numbers = width > canvas().textWidth("+.99", 0.75) + 2 && height > 0.95 * em;
    const RowNames named(canvas(), height, 0.85, [&](int d) { return a.selection.hasDomain(d); });
    named.sayLeftOut(canvas(), {picture.x - 0.5 * em, picture.y + picture.height + 0.2 * em});
    for (Eigen::Index d = 0; d < difference.rows(); ++d) {
      const double y = picture.y + picture.height - height * static_cast<double>(d + 1);
      const std::string& name = names[static_cast<std::size_t>(d)];
      if (named.named(static_cast<int>(d)))
        canvas().text({picture.x - 0.5 * em, y + height / 2}, name,
                      {a.selection.leavesOutDomain(d) ? mutedColor(theme()) : textColor(theme()), 0.85, Align::Right,
                       VerticalAlign::Middle, false, false, room});
      for (Eigen::Index e = 0; e < difference.cols(); ++e) {
        const double value = difference(d, e);
        const Rect cell{picture.x + width * static_cast<double>(e), y, width - (width < 6.0 ? 0.0 : 1.0), height - 1};
        const Color colour = std::isnan(value) ? gridColor(theme()) : fillOf(value / most);
        canvas().rect(cell, colour);
        if (numbers && std::isfinite(value))
          canvas().text({cell.x + width / 2, cell.y + height / 2}, signedNumber("%.2f", value),
                        {inkOn(colour), 0.75, Align::Centre});
        hit(cell, {static_cast<int>(e), -1, static_cast<int>(d),
                   name + ", " + expertLabel(static_cast<int>(e)) + translated(": mean applied gate, B ") + kMinus + " A " +
                       signedNumber("%.4f", value)});
      }
    }
    const ExpertAxis axis(canvas(), a.selection, static_cast<int>(difference.cols()), width);
    for (int e = 0; e < static_cast<int>(difference.cols()); ++e)
      if (const std::string name = axis.name(e); !name.empty())
        canvas().text({picture.x + width * (e + 0.5), picture.y + picture.height + 0.2 * em}, name,
                      {mutedColor(theme()), 0.8, Align::Centre, VerticalAlign::Bottom});
  }

 private:
  Color fillOf(double share) const { return mix(backgroundColor(theme()), colourOf(share), std::sqrt(std::abs(share))); }

  /// From as much less to as much more, with both ends and the middle named.
  void colourBar(const Rect& area, double most) {
    constexpr int steps = 40;
    const double em = canvas().em(), height = 0.6 * em, y = area.y + area.height - height,
                 width = std::min(area.width, 16.0 * em);
    const double left = area.x + (area.width - width) / 2;
    for (int i = 0; i < steps; ++i)
      canvas().rect({left + width * i / steps, y, width / steps + 1, height}, fillOf(2.0 * (i + 0.5) / steps - 1.0));
    const auto name = [&](double share, const std::string& words, Align align) {
      canvas().text({left + width * share, y - 0.2 * em}, words, {mutedColor(theme()), 0.78, align, VerticalAlign::Top});
    };
    name(0.0, signedNumber("%.2g", -most), Align::Left);
    name(1.0, signedNumber("%.2g", most), Align::Right);
    name(0.5, "0", Align::Centre);
  }

  static Eigen::MatrixXd domainMeans(const Scene& scene) {
    const RowMatrix& gates = scene.routing->gates;
    const Probe& probe = *scene.snapshot->probe;
    Eigen::MatrixXd mean = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(probe.domainNames.size()), gates.cols());
    Eigen::VectorXd count = Eigen::VectorXd::Zero(mean.rows());
    for (Eigen::Index t = 0; t < gates.rows(); ++t) {
      mean.row(probe.domain[static_cast<std::size_t>(t)]) += gates.row(t).cast<double>();
      count[probe.domain[static_cast<std::size_t>(t)]] += 1.0;
    }
    return count.cwiseMax(1.0).cwiseInverse().asDiagonal() * mean;
  }
};

class TrainingDifference : public DifferenceView {
 protected:
  std::string title() const override { return translated("Training, B ") + kMinus + " A"; }
  bool showsTokens(const Scene& scene) const override { return !scene.snapshot->checkpoint; }
  std::string whyNot(const Scene& a, const Scene& b) const override {
    if (a.snapshot->checkpoint || b.snapshot->checkpoint) return translated("a checkpoint does not train here");
    for (const Scene* each : {&a, &b})
      if (!each->steps || each->steps->steps() < 2) return translated("curves begin with the second step");
    return {};
  }

  void drawDifference(const Scene& a, const Scene& b) override {
    past_ = a.past ? std::optional(a.snapshot->step) : std::nullopt;
    std::vector<Line> lines;
    for (std::size_t q = 0; q < stepQuantities().size(); ++q)
      if (Line line = lineOf(a, b, q);
          std::any_of(line.values.begin(), line.values.end(), [](double v) { return std::isfinite(v) && v != 0.0; }))
        lines.push_back(std::move(line));
    const double em = canvas().em();
    if (lines.empty()) return say(caption(a, ""), translated("no difference: every curve is the same on both sides"));
    const std::size_t rows = std::clamp<std::size_t>(
        static_cast<std::size_t>(std::max(0.0, canvas().height() - 7.0 * em) / (5.0 * em)), 1, lines.size());
    const std::string more =
                          rows < lines.size() ? std::to_string(lines.size() - rows) + translated(" more in a higher view; ") : "",
                      layer = translated("layer ") + std::to_string(a.routing->layer + 1) +
                              (a.routing->layer == b.routing->layer
                                   ? ""
                                   : translated(" of A, ") + std::to_string(b.routing->layer + 1) + translated(" of B"));
    const Rect area = caption(a, {more + translated("running means at the same step, B ") + kMinus + " A; " + layer,
                                  more + translated("running means; ") + layer, layer});
    for (std::size_t i = 0; i < rows; ++i)
      panel(lines[i], {area.x, area.y + area.height - area.height / static_cast<double>(rows) * static_cast<double>(i + 1),
                       area.width, area.height / static_cast<double>(rows) - 4});
  }

 private:
  static constexpr std::size_t kMostPoints = 512;
  struct Line {
    std::size_t quantity = 0;
    std::vector<double> steps, values;
  };

  /// Running means where both sides have one, at A's steps.
  static Line lineOf(const Scene& a, const Scene& b, std::size_t quantity) {
    Line line{quantity, {}, {}};
    if (stepQuantities()[quantity].onlySometimes) return line;
    const auto curve = [&](const Scene& scene) {
      return scene.steps->curve(quantity, static_cast<std::size_t>(scene.routing->layer), kMostPoints);
    };
    const std::vector<StepSeries::Point> first = curve(a), second = curve(b);
    std::size_t at = 0;
    for (const auto& [steps, cell] : first) {
      while (at < second.size() && second[at].steps.last < steps.last) ++at;
      if (at == second.size()) break;
      line.steps.push_back(static_cast<double>(steps.last));
      line.values.push_back(second[at].cell.trend - cell.trend);
    }
    return line;
  }

  void panel(const Line& line, const Rect& area) {
    double most = 0.0;
    for (const double value : line.values)
      if (std::isfinite(value)) most = std::max(most, std::abs(value));
    const StepQuantity& quantity = stepQuantities()[line.quantity];
    std::size_t count = line.steps.size();
    while (past_ && count > 0 && line.steps[count - 1] > static_cast<double>(*past_)) --count;
    const std::string now =
        count > 0 ? ":  " + signedNumber("%.3g", line.values[count - 1]) +
                        (past_ ? translated(" at step ") + std::to_string(static_cast<std::int64_t>(line.steps[count - 1])) : "")
                  : translated(":  not measured");
    Plot plot(canvas(), area, {line.steps.front(), line.steps.back(), translated("step")},
              {-1.1 * most, 1.1 * most, translated(quantity.label) + now, false, true, translated(quantity.brief) + now});
    zeroLine(plot);
    if (past_)
      canvas().line({plot.x(static_cast<double>(*past_)), plot.inner().y},
                    {plot.x(static_cast<double>(*past_)), plot.inner().y + plot.inner().height}, accentColor(theme()), 1.8);
    plot.line(line.steps, line.values, kMore, 2.2);
    if (most > 0.0)
      for (const double end : {-most, most}) nameEnd(plot, end);
  }

  /// An end of the scale, which a low panel has no ticks at; on a patch, since the curve goes where it goes.
  void nameEnd(const Plot& plot, double end) {
    const TextStyle style{mutedColor(theme()), 0.78, Align::Left, VerticalAlign::Middle};
    const Point at{plot.inner().x + 0.3 * canvas().em(), plot.y(end)};
    const std::string words = signedNumber("%.2g", end);
    if (const Rect place = canvas().placeOf(at, words, style); place.width > 0.0)
      canvas().rect(place, backgroundColor(theme()), 0.8);
    canvas().text(at, words, style);
  }

  std::optional<std::int64_t> past_;  ///< step of the moment that is shown, where it is not the newest
};

class ConcentrationDifference : public DifferenceView {
 protected:
  std::string title() const override { return translated("Entropy against concentration, B ") + kMinus + " A"; }
  std::string whyNot(const Scene& a, const Scene& b) const override {
    return a.curve && b.curve ? "" : translated("a curve is not there yet");
  }

  void drawDifference(const Scene& a, const Scene& b) override {
    std::vector<double> alpha, values;
    double most = 1e-3;
    for (std::size_t i = 0; i < std::min(a.curve->concentration.size(), b.curve->concentration.size());
         ++i) {  // one grid for all
      alpha.push_back(a.curve->concentration[i]);
      values.push_back(b.curve->entropy[i] - a.curve->entropy[i]);
      if (std::isfinite(values.back())) most = std::max(most, std::abs(values.back()));
    }
    const double now = b.routing->probability.meanEntropy - a.routing->probability.meanEntropy;
    const Rect area = caption(a, {translated("mean token entropy of the routing probabilities at the same concentration, B ") +
                                      kMinus + translated(" A; as both are shown now ") + signedNumber("%.3f nats", now),
                                  translated("entropy, B ") + kMinus + translated(" A; now ") + signedNumber("%.3f nats", now),
                                  translated("now ") + signedNumber("%.3f nats", now)});
    Plot plot(canvas(), area, {alpha.front(), alpha.back(), translated("concentration \xce\xb1"), true},
              {-1.1 * most, 1.1 * most, "B " + kMinus + translated(" A, nats")});
    zeroLine(plot);
    plot.line(alpha, values, kMore, 2.5);
    for (std::size_t i = 0; i < alpha.size(); ++i)
      hit(plot.at(alpha[i], values[i]), 5.0,
          {-1, -1, -1, formatted("\xce\xb1 = %.3g: ", alpha[i]) + "B " + kMinus + " A " + signedNumber("%.4f nats", values[i])});
  }
};

}  // namespace

std::unique_ptr<View> makeLoadDifference() { return std::make_unique<LoadDifference>(); }
std::unique_ptr<View> makeHeatMapDifference() { return std::make_unique<HeatMapDifference>(); }
std::unique_ptr<View> makeTrainingDifference() { return std::make_unique<TrainingDifference>(); }
std::unique_ptr<View> makeConcentrationDifference() { return std::make_unique<ConcentrationDifference>(); }

}  // namespace moescope
