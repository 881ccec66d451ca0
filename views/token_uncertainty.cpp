// How sure routing is of single tokens: entropy by domain, and GrMoE's posterior against its prior.

#include <algorithm>
#include <array>
#include <cmath>

#include "core/reading/posterior_agreement.h"
#include "core/words/words.h"
#include "views/flat_view.h"
#include "views/plot.h"
#include "views/registry.h"
#include "views/row_names.h"

namespace moescope {
namespace {

/// 5, 25, 50, 75 and 95 % points of the values.
std::array<double, 5> quantiles(std::vector<float> values) {
  std::sort(values.begin(), values.end());
  std::array<double, 5> result{};
  constexpr std::array<double, 5> shares = {0.05, 0.25, 0.5, 0.75, 0.95};
  for (std::size_t i = 0; i < shares.size(); ++i)
    result[i] = values[static_cast<std::size_t>(shares[i] * static_cast<double>(values.size() - 1) + 0.5)];
  return result;
}

/// Of each domain's tokens the entropies that are numbers.
std::vector<std::vector<float>> entropiesByDomain(const Scene& scene) {
  const Probe& probe = *scene.snapshot->probe;
  const Eigen::VectorXf& entropy = scene.routing->probability.tokenEntropy;
  std::vector<std::vector<float>> all(probe.domainNames.size());
  for (Eigen::Index t = 0; t < entropy.size(); ++t)
    if (std::isfinite(entropy[t])) all[static_cast<std::size_t>(probe.domain[static_cast<std::size_t>(t)])].push_back(entropy[t]);
  return all;
}

class TokenUncertainty : public FlatView {
 protected:
  std::string title() const override { return translated("Uncertainty of tokens"); }

  void draw(const Scene& scene) override {
    const LayerSnapshot& layer = scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)];
    const auto both = posteriorAgreement(layer, scene.lens);
    std::string words = translated("entropy of single tokens by domain");
    std::string brief = translated("entropy by domain");
    if (both) words += formatted("; prior and posterior have one leader for %.1f %%", 100.0 * both->agreement);
    if (const auto lost = (!scene.routing->probability.tokenEntropy.array().isFinite()).count(); lost > 0)
      words = std::to_string(lost) + translated(" tokens left out, their entropy is not a number. ") + words,
      brief = std::to_string(lost) + translated(" tokens left out");
    Rect area = caption(scene, {words, brief});
    if (both) {
      const bool wide = area.width > 1.2 * area.height;
      const Rect second = wide ? Rect{area.x + 0.52 * area.width, area.y, 0.48 * area.width, area.height}
                               : Rect{area.x, area.y, area.width, 0.48 * area.height};
      area = wide ? Rect{area.x, area.y, 0.5 * area.width, area.height}
                  : Rect{area.x, area.y + 0.5 * area.height, area.width, 0.5 * area.height};
      points(scene, *both, second);
    }
    boxes(scene, area);
  }

 private:
  void boxes(const Scene& scene, const Rect& area) {
    const Probe& probe = *scene.snapshot->probe;
    const std::vector<std::vector<float>> entropies = entropiesByDomain(scene);
    const int domains = static_cast<int>(probe.domainNames.size());
    const double most = std::log(static_cast<double>(scene.routing->probabilities.cols())), em = canvas().em();
    double widest = 0.0;
    for (const std::string& name : probe.domainNames)
      widest = std::max(widest, canvas().textWidth(translated(name), 0.8, true));  // a selected one is bold
    widest = std::min(widest, 0.35 * area.width);
    const Rect room{area.x + widest, area.y, area.width - widest, area.height};
    Plot plot(canvas(), room,
              {0.0, 1.02 * most, formatted("entropy, nats (log N = %.2f)", most), false, true, translated("entropy, nats")},
              {-0.5, domains - 0.5, "", false, false});
    const Rect inner = plot.inner();
    const double pitch = inner.height / std::max(1, domains), thick = std::min(0.6 * pitch, 1.4 * em);
    const RowNames named(canvas(), pitch, 0.8, [&](int d) { return scene.selection.hasDomain(d); });
    named.sayLeftOut(canvas(), {inner.x - 0.5 * em, inner.y - 0.2 * em}, VerticalAlign::Top);  // above stands the caption
    for (int d = 0; d < domains; ++d) {
      const std::vector<float>& own = entropies[static_cast<std::size_t>(d)];
      const double y = inner.y + inner.height - pitch * (d + 0.5);
      const bool selected = scene.selection.hasDomain(d), faint = scene.selection.leavesOutDomain(d);
      if (named.named(d))
        canvas().text({inner.x - 0.5 * em, y}, translated(probe.domainNames[static_cast<std::size_t>(d)]),
                      {selected ? textColor(theme()) : mutedColor(theme()), 0.8, Align::Right, VerticalAlign::Middle, selected,
                       false, widest});
      if (own.empty()) continue;
      const auto q = quantiles(own);
      const Color colour = mutedColor(theme());
      canvas().line({plot.x(q[0]), y}, {plot.x(q[4]), y}, colour, 1.5, faint ? 0.4 : 1.0);
      canvas().rect({plot.x(q[1]), y - thick / 2, std::max(1.0, plot.x(q[3]) - plot.x(q[1])), thick}, colour, faint ? 0.3 : 0.85);
      canvas().line({plot.x(q[2]), y - thick / 2}, {plot.x(q[2]), y + thick / 2}, textColor(theme()), 2.5);
      hit(Rect{inner.x - widest - 0.5 * em, y - pitch / 2, inner.width + widest + 0.5 * em, pitch},
          {-1, -1, d,
           translated(probe.domainNames[static_cast<std::size_t>(d)]) + formatted(": median entropy %.3f nats", q[2]) +
               formatted(", 5 %% below %.3f", q[0]) + formatted(", 5 %% above %.3f", q[4])});
    }
  }

  void points(const Scene& scene, const PosteriorAgreement& both, const Rect& whole) {
    const double most = 1.02 * std::log(static_cast<double>(scene.routing->probabilities.cols()));
    const Color same = expertColor(1, theme()), other = expertColor(5, theme());
    const Rect area = legend(whole, {{same, translated("same leading expert"), false, translated("same")},
                                     {other, translated("another one"), false, translated("another")}});
    Plot plot(canvas(), area, {0.0, most, translated("entropy of the prior p, nats"), false, true, translated("H(p), nats")},
              {0.0, most, translated("of the posterior q, nats"), false, true, translated("H(q), nats")});
    canvas().dashedLine(plot.at(0.0, 0.0), plot.at(most, most), mutedColor(theme()), 1.5, 0.8);
    const bool one = scene.selection.tokens.size() == 1;
    const std::vector<bool> inSight = tokensInSight(scene);
    for (Eigen::Index t = 0; t < both.priorEntropy.size(); ++t) {
      const bool agree = both.sameLeader[static_cast<std::size_t>(t)], selected = one && scene.selection.token() == t;
      const Point at = plot.at(both.priorEntropy[t], both.posteriorEntropy[t]);
      canvas().disc(at,
                    selected ? 5.0
                    : agree  ? 1.8
                             : 2.6,
                    selected ? accentColor(theme())
                    : agree  ? same
                             : other,
                    selected                               ? 1.0
                    : inSight[static_cast<std::size_t>(t)] ? 0.6
                                                           : 0.1);
      hit(at, 3.0,
          {-1, static_cast<int>(t), -1,
           describeToken(scene, static_cast<int>(t)) + formatted("; H(q) %.3f", both.posteriorEntropy[t]) +
               formatted(", H(p) %.3f", both.priorEntropy[t]) + formatted(", KL(q || p) %.4f nats", both.divergence[t])});
    }
  }
};

std::string entropyInNumbers(const Scene& scene) {
  const double mean = scene.routing->probability.meanEntropy,
               most = std::log(static_cast<double>(scene.routing->probabilities.cols()));
  std::string words = translated("H(t) = - sum over e of p(t, e) log p(t, e), nats, p before the gating\n") +
                      formatted("mean %.3f", mean) + formatted(" of log N = %.3f", most) +
                      translated("\nBox: 25 to 75 %, line: median, whiskers: 5 to 95 % of a domain's tokens");
  if (const auto both = posteriorAgreement(scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)], scene.lens))
    words += formatted("\nPoints: a token's entropy in prior p and posterior q; mean KL(q || p) %.4f nats", both->meanDivergence);
  return words;
}

/// A row for each domain; with a posterior one for each token, too.
DataTable numbersOf(const Scene& scene) {
  const Probe& probe = *scene.snapshot->probe;
  DataTable table{{{"domain", ""},
                   {"token", ""},
                   {"tokens", ""},
                   {"entropy_5_percent", "nats"},
                   {"entropy_25_percent", "nats"},
                   {"entropy_median", "nats"},
                   {"entropy_75_percent", "nats"},
                   {"entropy_95_percent", "nats"},
                   {"prior_entropy", "nats"},
                   {"posterior_entropy", "nats"},
                   {"divergence_posterior_prior", "nats"}},
                  {}};
  const std::vector<std::vector<float>> entropies = entropiesByDomain(scene);
  for (std::size_t d = 0; d < entropies.size(); ++d) {
    std::vector<Cell> row = {probe.domainNames[d], Cell(), static_cast<int>(entropies[d].size())};
    const auto q = entropies[d].empty() ? std::array<double, 5>{} : quantiles(entropies[d]);
    for (const double value : q) row.push_back(entropies[d].empty() ? Cell() : Cell(value));
    row.resize(table.columns.size());
    table.add(std::move(row));
  }
  const auto both = posteriorAgreement(scene.snapshot->layers[static_cast<std::size_t>(scene.routing->layer)], scene.lens);
  if (!both) return table;
  for (Eigen::Index t = 0; t < both->priorEntropy.size(); ++t) {
    std::vector<Cell> row(table.columns.size());
    row[0] = probe.domainNames[static_cast<std::size_t>(probe.domain[static_cast<std::size_t>(t)])];
    row[1] = static_cast<int>(t);
    row[8] = static_cast<double>(both->priorEntropy[t]);
    row[9] = static_cast<double>(both->posteriorEntropy[t]);
    row[10] = static_cast<double>(both->divergence[t]);
    table.add(std::move(row));
  }
  table.about = {{"same_leading_expert", both->agreement}, {"mean_divergence_nats", both->meanDivergence}};
  return table;
}

}  // namespace

ViewDeclaration declareTokenUncertainty() {
  return {
      "token_uncertainty",
      "Uncertainty of tokens",
      "Entropy of single tokens by domain; with GrMoE's posterior knob also posterior against prior, and where they disagree",
      [] { return std::make_unique<TokenUncertainty>(); },
      numbersOf,
      "Routing",
      {},
      {},
      {"How sure the router is of single tokens: the entropy of a token's routing probabilities, in the order of domains. With GrMoE's posterior knob also prior against posterior.",
       entropyInNumbers,
       "Boxes at the left: tokens that the router is sure of. Which domains stay at the right when the concentration rises?"}};
}

}  // namespace moescope
