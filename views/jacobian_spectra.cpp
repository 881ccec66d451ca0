// How far the experts' Jacobians stretch, and in how many directions: singular values of each expert, of their mean and of the
// layer.

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/words/words.h"
#include "views/analysis_view.h"
#include "views/expert_axis.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr const char* kNeeds = translatable("needs the experts' weights and tokens");
constexpr Eigen::Index kShown = 32;  // of the singular values
constexpr Color kLayerColor{0.835, 0.369, 0.0};  // Okabe and Ito's vermilion, dashed

std::string whyNone(const ExpertAnalysis& analysis) {
  if (!analysis.withoutSpectra.empty()) return translated(analysis.withoutSpectra);
  if (analysis.shared.mean.size() > 0) return translated("was not measured when this was recorded");
  return missing(analysis, kNeeds);
}

Eigen::Index shownOf(const JacobianSpectrum& spectrum) { return std::min(kShown, spectrum.decay.size()); }

/// Experts whose Jacobians are 0 at every token, or not finite.
int withoutNumbers(const LayerSpectra& spectra) {
  return static_cast<int>(std::count_if(spectra.experts.begin(), spectra.experts.end(),
                                        [](const JacobianSpectrum& expert) { return !std::isfinite(expert.leading); }));
}

std::string inWords(const JacobianSpectrum& spectrum) {
  return formatted("\xcf\x83\xe2\x82\x81 %.3g", spectrum.leading) + formatted(", effective rank %.2f", spectrum.effectiveRank);
}

class JacobianSpectraView : public AnalysisView {
 protected:
  std::string title() const override { return translated("Jacobian spectra"); }

  void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) override {
    if (!analysis.spectra) return say(caption(scene, ""), whyNone(analysis));
    const LayerSpectra& spectra = *analysis.spectra;
    const int none = withoutNumbers(spectra);
    const std::string leftOut = none > 0 ? "; " + translated("%1 of %2 experts left out: Jacobian 0 or not finite",
                                                             std::to_string(none), std::to_string(analysis.experts))
                                         : "";
    const std::string experts = translated("an expert: ") + inWords(spectra.all),
                      layer = spectra.layer.jacobians > 0 ? translated("; the layer: ") + inWords(spectra.layer) : "";
    const Rect whole = caption(
        scene, {experts + translated(" of %1", std::to_string(analysis.width)) + layer + "; " +
                    translated("means over %1 tokens", std::to_string(spectra.tokens)) + leftOut + "; " + measuredAt(analysis),
                experts + layer + leftOut, experts + leftOut, inWords(spectra.all) + leftOut,
                formatted("effective rank %.2f", spectra.all.effectiveRank) + leftOut});
    std::vector<LegendEntry> entries = {{textColor(theme()), translated("mean over the experts"), false, translated("mean")}};
    if (spectra.layer.jacobians > 0)
      entries.push_back({kLayerColor, translated("dashed: the layer, gates held"), false, translated("dashed: layer")});
    const Rect area = legend(whole, entries);
    const double em = canvas().em(), gap = em;
    const bool beside = area.width > 42 * em && area.width > 1.4 * area.height,
               below = !beside && area.height > 18 * em && area.width > 16 * em;
    if (beside) {
      const double left = 0.52 * area.width;
      decay(scene, spectra, {area.x, area.y, left, area.height});
      bars(scene, spectra, {area.x + left + gap, area.y, area.width - left - gap, area.height});
    } else if (below) {
      const double high = 0.5 * area.height;
      decay(scene, spectra, {area.x, area.y + area.height - high, area.width, high});
      bars(scene, spectra, {area.x, area.y, area.width, area.height - high - gap});
    } else {
      decay(scene, spectra, area);
    }
  }

 private:
  /// sigma_i / sigma_1 by i: a thin line for each expert.
  void decay(const Scene& scene, const LayerSpectra& spectra, const Rect& area) {
    const Eigen::Index shown = shownOf(spectra.all);
    Plot plot(canvas(), area,
              {1.0, static_cast<double>(std::max<Eigen::Index>(2, shown)), translated("number i of the singular value"), false,
               true, "i"},
              {0.0, 1.02, translated("\xcf\x83\xe1\xb5\xa2 / \xcf\x83\xe2\x82\x81"), false, true});
    std::vector<double> numbers;
    for (Eigen::Index i = 1; i <= shown; ++i) numbers.push_back(static_cast<double>(i));
    const auto line = [&](const JacobianSpectrum& spectrum, const Color& colour, double thickness, double opacity) {
      plot.line(numbers, {spectrum.decay.data(), spectrum.decay.data() + shown}, colour, thickness, opacity);
    };
    const bool many = spectra.experts.size() > 16;
    for (std::size_t e = 0; e < spectra.experts.size(); ++e) {
      const int expert = static_cast<int>(e);
      const bool selected = scene.selection.hasExpert(expert), faint = scene.selection.leavesOutExpert(expert);
      line(spectra.experts[e], expertColor(expert, theme()), selected ? 2.5 : 1.2,
           selected ? 1.0
           : faint  ? 0.2
           : many   ? 0.45
                    : 0.8);
    }
    line(spectra.all, textColor(theme()), 2.6, 1.0);
    for (Eigen::Index i = 1; i < shown && spectra.layer.jacobians > 0; ++i) {
      const double from = spectra.layer.decay[i - 1], to = spectra.layer.decay[i], x = static_cast<double>(i);
      if (std::isfinite(from) && std::isfinite(to)) canvas().dashedLine(plot.at(x, from), plot.at(x + 1.0, to), kLayerColor, 2.6);
    }
    hitLater([=, this, analysis = scene.analysis] {
      for (Eigen::Index i = 1; i <= shown; ++i)
        for (std::size_t e = 0; e < analysis->spectra->experts.size(); ++e)
          point(plot, i, analysis->spectra->experts[e], static_cast<int>(e), expertLabel(static_cast<int>(e)));
      for (Eigen::Index i = 1; i <= shown; ++i) {
        point(plot, i, analysis->spectra->all, -1, translated("mean over the experts"));
        point(plot, i, analysis->spectra->layer, -1, translated("the layer, gates held"));
      }
    });
  }

  void point(const Plot& plot, Eigen::Index i, const JacobianSpectrum& spectrum, int expert, const std::string& whose) {
    if (!std::isfinite(spectrum.decay[i - 1])) return;
    hit(plot.at(static_cast<double>(i), spectrum.decay[i - 1]), 4.0,
        {expert, -1, -1,
         whose + formatted(": singular value %.0f", static_cast<double>(i)) +
             formatted(" is %.3f of the largest", spectrum.decay[i - 1]) + "; " + inWords(spectrum)});
  }

  /// The largest singular value over the effective rank, of each expert.
  void bars(const Scene& scene, const LayerSpectra& spectra, const Rect& area) {
    const double high = 0.5 * area.height, em = canvas().em();
    row(scene, spectra, {area.x, area.y + area.height - high, area.width, high - 0.4 * em},
        translated("largest singular value \xcf\x83\xe2\x82\x81"), "\xcf\x83\xe2\x82\x81", &JacobianSpectrum::leading);
    row(scene, spectra, {area.x, area.y, area.width, area.height - high}, translated("effective rank"), translated("rank"),
        &JacobianSpectrum::effectiveRank);
  }

  void row(const Scene& scene, const LayerSpectra& spectra, const Rect& area, const std::string& label, const std::string& brief,
           double JacobianSpectrum::*number) {
    double most = 0.0;
    for (const Scene* each : sharingScale(scene)) {
      if (!each->analysis || !each->analysis->spectra) continue;
      for (const JacobianSpectrum& expert : each->analysis->spectra->experts)
        if (std::isfinite(expert.*number)) most = std::max(most, expert.*number);
      if (std::isfinite(each->analysis->spectra->layer.*number)) most = std::max(most, each->analysis->spectra->layer.*number);
    }
    const int experts = static_cast<int>(spectra.experts.size());
    Plot plot(canvas(), area, {-0.5, experts - 0.5, "", false, false},
              {0.0, most > 0.0 ? 1.08 * most : 1.0, label, false, true, brief});
    const Rect inner = plot.inner();
    const double pitch = inner.width / experts, bar = (pitch < 4.0 ? 1.0 : 0.72) * pitch, em = canvas().em();
    const ExpertAxis axis(canvas(), scene.selection, experts, pitch);
    for (int e = 0; e < experts; ++e) {
      const JacobianSpectrum& expert = spectra.experts[static_cast<std::size_t>(e)];
      const double value = expert.*number, x = plot.x(e);
      const bool selected = scene.selection.hasExpert(e);
      if (std::isfinite(value))
        canvas().rect({x - bar / 2, inner.y, bar, plot.y(value) - inner.y}, expertColor(e, theme()),
                      scene.selection.leavesOutExpert(e) ? 0.35 : 1.0);
      if (selected && std::isfinite(value))
        canvas().frame({x - bar / 2 - 2, inner.y, bar + 4, plot.y(value) - inner.y + 2}, accentColor(theme()), 2.0);
      if (const std::string name = axis.name(e); !name.empty())
        canvas().text({x, inner.y - 0.3 * em}, name,
                      {selected ? textColor(theme()) : mutedColor(theme()), 0.8, Align::Centre, VerticalAlign::Top, selected});
      hit(Rect{x - pitch / 2, area.y, pitch, area.height},
          {e, -1, -1,
           expertLabel(e) + ": " + inWords(expert) + "; " +
               translated("mean over %1 Jacobians that are not 0", std::to_string(expert.jacobians))});
    }
    const double right = inner.x + inner.width, mean = spectra.all.*number, ofLayer = spectra.layer.*number;
    if (std::isfinite(mean)) canvas().line({inner.x, plot.y(mean)}, {right, plot.y(mean)}, textColor(theme()), 1.6);
    if (std::isfinite(ofLayer)) canvas().dashedLine({inner.x, plot.y(ofLayer)}, {right, plot.y(ofLayer)}, kLayerColor, 2.2);
  }
};

std::string spectraInNumbers(const Scene& scene) {
  if (!scene.analysis) return translated("not measured yet");
  const ExpertAnalysis& analysis = *scene.analysis;
  if (!analysis.spectra) return whyNone(analysis);
  const LayerSpectra& spectra = *analysis.spectra;
  return translated(
             "J(e) = dE/dh of an expert at a token, \xcf\x83\xe2\x82\x81 \xe2\x89\xa5 \xcf\x83\xe2\x82\x82 \xe2\x89\xa5 ... its singular values; of the layer: sum over e of g(t, e) J(e), gates g held\n"
             "effective rank = exp(- sum p log p), p = \xcf\x83\xe1\xb5\xa2\xc2\xb2 / |J|\xc2\xb2, from 1 to ") +
         std::to_string(analysis.width) + translated(" (Roy and Vetterli)\nMean over the experts: ") + inWords(spectra.all) +
         formatted(", \xcf\x83\xe2\x82\x81\xc2\xb2 / |J|\xc2\xb2 %.3f", spectra.all.leadingShare) +
         (spectra.layer.jacobians > 0
              ? translated("\nThe layer: ") + inWords(spectra.layer) +
                    formatted(", \xcf\x83\xe2\x82\x81\xc2\xb2 / |J|\xc2\xb2 %.3f", spectra.layer.leadingShare)
              : "") +
         translated("\nTokens, evenly spaced over the probe: ") + std::to_string(spectra.tokens);
}

void addSpectrum(DataTable& table, const std::string& what, const Cell& expert, const JacobianSpectrum& spectrum) {
  std::vector<Cell> row = {what, expert, spectrum.leading, spectrum.effectiveRank, spectrum.leadingShare, spectrum.jacobians};
  for (Eigen::Index i = 1; i < shownOf(spectrum); ++i) row.emplace_back(spectrum.decay[i]);
  table.rows.push_back(std::move(row));
}

DataTable numbersOf(const Scene& scene) {
  const ExpertAnalysis& analysis = shownAnalysis(scene);
  if (!analysis.spectra) throw std::runtime_error(whyNone(analysis));
  const LayerSpectra& spectra = *analysis.spectra;
  DataTable table{{{"what", ""},
                   {"expert", ""},
                   {"sigma_1", ""},
                   {"effective_rank", "directions"},
                   {"sigma_1_squared_over_norm_squared", ""},
                   {"jacobians", "that are not 0"}},
                  {}};
  for (Eigen::Index i = 2; i <= shownOf(spectra.all); ++i)
    table.columns.push_back({"sigma_" + std::to_string(i) + "_over_sigma_1", ""});
  for (std::size_t e = 0; e < spectra.experts.size(); ++e) addSpectrum(table, "expert", static_cast<int>(e), spectra.experts[e]);
  addSpectrum(table, "mean over the experts", Cell(), spectra.all);
  if (spectra.layer.jacobians > 0) addSpectrum(table, "layer, gates held", Cell(), spectra.layer);
  table.about = aboutAnalysis(scene);
  table.about.emplace_back("tokens", spectra.tokens);
  return table;
}

}  // namespace

ViewDeclaration declareJacobianSpectra() {
  return {
      "jacobian_spectra",
      "Jacobian spectra",
      "Singular values of the experts' Jacobians: how far an expert stretches, and in how many directions",
      [] { return std::make_unique<JacobianSpectraView>(); },
      numbersOf,
      "Experts",
      {},
      {},
      {"What an expert does to small changes of a token: the singular values of its Jacobian, each over the largest, beside those of the layer as a whole.",
       spectraInNumbers,
       "A line that falls fast, and a low effective rank: an expert that acts along few directions. The layer above or below its experts: how routing adds them up."}};
}

}  // namespace moescope
