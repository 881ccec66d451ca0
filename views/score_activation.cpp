// Does a higher router score go with a stronger activation of the expert?

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "views/analysis_view.h"
#include "core/words/words.h"
#include "views/plot.h"
#include "views/registry.h"

namespace moescope {
namespace {

constexpr const char* kNeeds = translatable("no expert was given three tokens or more");

bool finite(const ScoreActivation& own) {
  const auto isFinite = [](double value) { return std::isfinite(value); };
  return std::all_of(own.score.begin(), own.score.end(), isFinite) &&
         std::all_of(own.activation.begin(), own.activation.end(), isFinite);
}

/// Those of the selected experts that were given three tokens or more; of none the one with most tokens.
std::vector<int> chosenExperts(const Selection& selection, const std::vector<ScoreActivation>& all) {
  std::vector<int> chosen;
  int best = -1;
  std::size_t most = 2;
  for (std::size_t e = 0; e < all.size(); ++e) {
    const std::size_t tokens = all[e].tokens.size();
    if (tokens >= 3 && selection.hasExpert(static_cast<int>(e))) chosen.push_back(static_cast<int>(e));
    if (tokens > most) {
      most = tokens;
      best = static_cast<int>(e);
    }
  }
  if (chosen.empty() && best >= 0) chosen.push_back(best);
  return chosen;
}

class ScoreActivationView : public AnalysisView {
 protected:
  std::string title() const override { return translated("Score and activation"); }

  void drawAnalysis(const Scene& scene, const ExpertAnalysis& analysis) override {
    const std::vector<ScoreActivation>& all = analysis.scoreActivation;
    const std::vector<int> chosen = chosenExperts(scene.selection, all);
    if (chosen.empty()) return say(caption(scene, ""), missing(analysis, kNeeds));
    for (const int e : chosen)
      if (!finite(all[static_cast<std::size_t>(e)]))
        return say(caption(scene, summary(chosen, all)), translated("the activation or score of ") + expertLabel(e) +
                                                             translated(" is not a number: its weights are not finite"));
    const Rect area = caption(scene, {summary(chosen, all) + "; " + measuredAt(analysis),
                              briefly(chosen, all)});
    double x0 = INFINITY, x1 = -INFINITY, y1 = 1e-6;
    for (const Scene* each : sharingScale(scene)) {
      if (!each->analysis) continue;
      const std::vector<ScoreActivation>& its = each->analysis->scoreActivation;
      for (const int e : chosenExperts(each->selection, its)) {
        const ScoreActivation& own = its[static_cast<std::size_t>(e)];
        if (!finite(own)) continue;
        for (std::size_t i = 0; i < own.score.size(); ++i) {
          x0 = std::min(x0, own.score[i]);
          x1 = std::max(x1, own.score[i]);
          y1 = std::max(y1, own.activation[i]);
        }
      }
    }
    const double margin = 0.04 * std::max(1e-6, x1 - x0);
    Plot plot(canvas(), area, {x0 - margin, x1 + margin, translated("router score (logit)"), false, true},
              {0.0, 1.05 * y1, translated("activation, norm")});
    for (const int e : chosen) points(plot, scene, all[static_cast<std::size_t>(e)], e);
    for (const int e : chosen) tenths(plot, all[static_cast<std::size_t>(e)], chosen.size() > 1 ? expertLabel(e) : "");
  }

 private:
  static std::string briefly(const std::vector<int>& chosen, const std::vector<ScoreActivation>& all) {
    std::string words = translated("Pearson");
    for (const int e : chosen)
      words += (e == chosen.front() ? translated(" of ") : ", ") + expertLabel(e) +
               formatted(" %.2f", all[static_cast<std::size_t>(e)].pearson);
    return words;
  }

  static std::string summary(const std::vector<int>& chosen, const std::vector<ScoreActivation>& all) {
    std::string words;
    for (const int e : chosen) {
      const ScoreActivation& own = all[static_cast<std::size_t>(e)];
      words += expertLabel(e) + formatted(": Pearson %.2f", own.pearson) + formatted(", Spearman %.2f", own.spearman) + ", n " +
               std::to_string(own.tokens.size()) + "; ";
    }
    double mean = 0.0;
    int counted = 0;
    for (const ScoreActivation& each : all)
      if (!finite(each) || !std::isnan(each.pearson)) {
        mean += each.pearson;
        ++counted;
      }
    return words + formatted("mean Pearson of all experts %.2f", counted ? mean / counted : NAN);
  }

  void points(Plot& plot, const Scene& scene, const ScoreActivation& own, int expert) {
    const Color colour = expertColor(expert, theme());
    for (std::size_t i = 0; i < own.score.size(); ++i) {
      const Point at = plot.at(own.score[i], own.activation[i]);
      const bool selected = own.tokens[i] == scene.selection.token();
      canvas().mark(at, selected ? 5.0 : std::max(2.2, 0.11 * canvas().em()), expertMark(expert),
                    selected ? accentColor(theme()) : colour, selected ? 1.0 : 0.55);
      hit(at, 4.0,
          {expert, own.tokens[i], -1,
           translated("token ") + std::to_string(own.tokens[i]) + ", " + expertLabel(expert) +
               formatted(": score %.3f", own.score[i]) + formatted(", activation %.3f", own.activation[i])});
    }
  }

  /// Means of tenths of the tokens by rising score, with the expert's name where there are two.
  void tenths(Plot& plot, const ScoreActivation& own, const std::string& name) {
    std::vector<std::size_t> order(own.score.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return own.score[a] < own.score[b]; });
    const std::size_t parts = std::min<std::size_t>(10, order.size() / 5);
    std::vector<double> xs, ys;
    for (std::size_t p = 0; p < parts; ++p) {
      const std::size_t from = p * order.size() / parts, to = (p + 1) * order.size() / parts;
      double x = 0.0, y = 0.0;
      for (std::size_t i = from; i < to; ++i) {
        x += own.score[order[i]];
        y += own.activation[order[i]];
      }
      xs.push_back(x / static_cast<double>(to - from));
      ys.push_back(y / static_cast<double>(to - from));
    }
    plot.line(xs, ys, textColor(theme()), 2.5);
    for (std::size_t i = 0; i < xs.size(); ++i) canvas().disc(plot.at(xs[i], ys[i]), 4.0, textColor(theme()));
    if (!xs.empty() && !name.empty()) labelAt(plot.at(xs.back(), ys.back()), 4.0, name, 0.9, true);
  }
};

std::string correlationsInNumbers(const Scene& scene) {
  if (!scene.analysis) return translated("not measured yet");
  const ExpertAnalysis& analysis = *scene.analysis;
  std::string words =
      translated("activation = norm of the expert's hidden units on a token; line: means of tenths of the tokens by score\n");
  for (std::size_t e = 0; e < analysis.scoreActivation.size(); ++e)
    words += expertLabel(static_cast<int>(e)) + formatted(": Pearson %.2f", analysis.scoreActivation[e].pearson) +
             (e % 4 == 3 ? "\n" : ", ");
  return words;
}

/// The tokens of the experts that are drawn.
DataTable numbersOf(const Scene& scene) {
  const ExpertAnalysis& analysis = shownAnalysis(scene);
  const std::vector<int> chosen = chosenExperts(scene.selection, analysis.scoreActivation);
  if (chosen.empty()) throw std::runtime_error(missing(analysis, kNeeds));
  DataTable table{{{"expert", ""}, {"token", ""}, {"score", "logit"}, {"activation", "norm of the hidden units"}}, {}};
  table.about = aboutAnalysis(scene);
  for (const int e : chosen) {
    const ScoreActivation& own = analysis.scoreActivation[static_cast<std::size_t>(e)];
    for (std::size_t i = 0; i < own.tokens.size(); ++i) table.add({e, own.tokens[i], own.score[i], own.activation[i]});
    table.about.emplace_back("pearson_" + expertLabel(e), own.pearson);
    table.about.emplace_back("spearman_" + expertLabel(e), own.spearman);
  }
  return table;
}

}  // namespace

ViewDeclaration declareScoreActivation() {
  return {
      "score_activation",
      "Score and activation",
      "Router score of each routed token against the norm of the expert's activation",
      [] { return std::make_unique<ScoreActivationView>(); },
      numbersOf,
      "Experts",
      {},
      {},
      {"The router's score of each token that an expert was given, against the norm of the expert's activation on it.",
       correlationsInNumbers,
       "A rising line: the router knows which tokens its expert answers to. A flat one: score and expert know nothing of each other."}};
}

}  // namespace moescope
