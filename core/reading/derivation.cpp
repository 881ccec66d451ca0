#include "core/reading/derivation.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <stdexcept>

#include "core/geometry/bingham.h"
#include "core/words/words.h"

namespace moescope {
namespace {

constexpr double kAlike = 2e-4;  // relative: scores are floats, the terms here are summed anew in double
constexpr Eigen::Index kMostTerms = 16;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

bool alike(double a, double b) { return std::abs(a - b) <= kAlike * (1.0 + std::abs(b)); }

std::string signedNumber(double value) { return (value < 0.0 ? " - " : " + ") + number(std::abs(value)); }

/// One gate of one layer, and the values that it is made of.
struct Gate {
  const LayerSnapshot& layer;
  const Routing& routing;
  const Lens& lens;
  Eigen::Index token, expert;

  bool corrected() const { return lens.source == GateSource::Trained && layer.posteriorScores.size() > 0; }
  double score() const { return corrected() ? layer.posteriorScores(token, expert) : layer.scores(token, expert); }
  double logit() const { return routing.logits(token, expert); }
  double probability() const { return routing.probabilities(token, expert); }
  double gate() const { return routing.gates(token, expert); }
};

/// The quadratic form of a Bingham expert where its frame is there, else the number alone.
std::string scoreLine(const Gate& g) {
  const double prior = g.layer.scores(g.token, g.expert);
  std::string line = translated("score: s = ") + number(prior);
  if (g.expert < static_cast<Eigen::Index>(g.layer.frames.size()) && g.expert < g.layer.spectra.rows()) {
    const Eigen::VectorXd along =
        (g.layer.frames[static_cast<std::size_t>(g.expert)].transpose() * g.layer.hidden.row(g.token).transpose()).cast<double>();
    std::string terms;
    double sum = 0.0;
    for (Eigen::Index j = 0; j < along.size(); ++j) {
      const double eigenvalue = g.layer.spectra(g.expert, j);
      sum += eigenvalue * along[j] * along[j];
      terms += (j == 0 ? "" : " + ") + number(eigenvalue) + " x " +
               (along[j] < 0.0 ? "(" + number(along[j]) + ")" : number(along[j])) + "^2";
    }
    if (alike(sum, prior)) line = translated("score: s = sum over j of lambda_j (u_j . x)^2 = ") + terms + " = " + number(prior);
  } else if (g.layer.frames.empty()) {
    line = translated("score: s = w . x, the expert's row and the token = ") + number(prior);
  }
  if (g.corrected())
    line += translated("; with the posterior's correction ") + number(g.score() - prior) + ": s = " + number(g.score());
  return line;
}

/// log pi and psi, and what the concentration multiplies.
std::vector<std::string> logitLines(const Gate& g) {
  const double alpha = g.lens.concentration, logPrior = g.layer.logPrior[g.expert];
  const bool tempered = g.lens.reading == ConcentrationReading::Tempered, normalised = g.expert < g.layer.spectra.rows();
  const double psi = normalised ? binghamNormaliser((tempered ? 1.0 : alpha) * g.layer.spectra.row(g.expert).transpose(),
                                                    static_cast<int>(g.layer.hidden.cols()))
                                      .logValue
                                : 0.0;
  std::vector<std::string> lines;
  if (normalised)
    lines.push_back(translated("normaliser: psi = log 1F1(1/2; d/2; ") + (tempered ? "Lambda" : "alpha Lambda") +
                    ") = " + number(psi) + ", d = " + std::to_string(g.layer.hidden.cols()));
  const std::string rest = (logPrior != 0.0 ? signedNumber(logPrior) : "") + (normalised ? signedNumber(-psi) : "");
  const std::string symbols = std::string(logPrior != 0.0 ? " + log pi" : "") + (normalised ? " - psi" : "");
  if (tempered)
    lines.push_back(translated("logit: l = alpha (s") + symbols + ") = " + number(alpha) + " x (" + number(g.score()) + rest +
                    ") = " + number(g.logit()));
  else
    lines.push_back(translated("logit: l = alpha s") + symbols + " = " + number(alpha) + " x " + number(g.score()) + rest +
                    " = " + number(g.logit()));
  return lines;
}

std::string probabilityLine(const Gate& g) {
  const auto row = g.routing.logits.row(g.token).cast<double>();
  const double most = row.maxCoeff(), total = (row.array() - most).exp().sum();
  return translated("probability: p = exp(l - l_max) / sum over %1 experts of exp(l - l_max) = ", std::to_string(row.size())) +
         number(std::exp(g.logit() - most)) + " / " + number(total) + " = " + number(g.probability()) +
         ", l_max = " + number(most);
}

std::string policyOf(const GatingRule& rule) {
  switch (rule.policy) {
    case GatingPolicy::AsTrained: return translated("the router's own rule");
    case GatingPolicy::Soft: return translated("soft gating");
    case GatingPolicy::TopK: return translated("top-k");
    case GatingPolicy::TopP: return translated("top-p");
    case GatingPolicy::Threshold: return translated("the threshold");
  }
  return "";
}

std::string gateLine(const Gate& g) {
  const auto gates = g.routing.gates.row(g.token);
  double mass = 0.0;
  int kept = 0;
  for (Eigen::Index e = 0; e < gates.size(); ++e)
    if (gates[e] > 0.0f) mass += g.routing.probabilities(g.token, e), ++kept;
  const std::string policy = policyOf(g.lens.gating);
  if (!(g.gate() > 0.0))
    return translated(kept == 0   ? "applied gate: g = 0, %1 gives this token to no expert"
                      : kept == 1 ? "applied gate: g = 0, %1 gives this token to 1 other expert"
                                  : "applied gate: g = 0, %1 gives this token to %2 other experts",
                      policy, std::to_string(kept));
  const GatingPolicy choice =
      g.lens.gating.policy;  // where the kept ones have nearly all of p, g is near p as well: the rule says which it is
  const bool shared = choice == GatingPolicy::AsTrained ? g.layer.rule.renormalised : choice != GatingPolicy::Soft;
  if (!shared && alike(g.gate(), g.probability())) return translated("applied gate: g = p = ") + number(g.gate()) + ", " + policy;
  if (alike(g.gate(), g.probability() / mass))
    return translated("applied gate: g = p / sum of p over the %1 experts that %2 keeps = ", std::to_string(kept), policy) +
           number(g.probability()) + " / " + number(mass) + " = " + number(g.gate());
  return translated("applied gate: g = %1, %2, not p over the %3 experts that it keeps", number(g.gate()), policy,
                    std::to_string(kept));
}

std::string entropyLine(const Gate& g) {
  const auto row = g.routing.probabilities.row(g.token).cast<double>();
  std::string terms;
  for (Eigen::Index e = 0; e < row.size() && row.size() <= kMostTerms; ++e)
    if (row[e] > 0.0) terms += (terms.empty() ? "" : " + ") + number(row[e]) + " log " + number(row[e]);
  return translated("entropy of the token: H = -sum over e of p log p = ") + (terms.empty() ? "" : "-(" + terms + ") = ") +
         number(g.routing.probability.tokenEntropy[g.token]) + translated(" nats, of log N = ") +
         number(std::log(static_cast<double>(row.size())));
}

}  // namespace

std::vector<std::string> derivationOf(const Snapshot& snapshot, const Routing& routing, const Lens& lens, int token, int expert) {
  if (token < 0 || token >= routing.gates.rows()) throw std::out_of_range("there is no token " + std::to_string(token));
  if (expert < 0 || expert >= routing.gates.cols()) throw std::out_of_range("there is no expert " + std::to_string(expert));
  const Gate gate{snapshot.layers[static_cast<std::size_t>(routing.layer)], routing, lens, token, expert};
  std::vector<std::string> lines = {scoreLine(gate)};
  for (std::string& line : logitLines(gate)) lines.push_back(std::move(line));
  lines.push_back(probabilityLine(gate));
  lines.push_back(gateLine(gate));
  lines.push_back(entropyLine(gate));
  return lines;
}

std::vector<std::string> wayOf(const Snapshot& snapshot, const Lens& lens, int token, int most) {
  std::vector<std::string> lines;
  for (std::size_t layer = 0; layer < snapshot.layers.size(); ++layer) {
    if (snapshot.layers[layer].scores.size() == 0) continue;  // a checkpoint holds the shown one alone
    std::string experts;
    try {
      Lens through = lens;
      through.layer = static_cast<int>(layer);
      const Routing routing = evaluate(snapshot, through);
      const auto gates = routing.gates.row(token);
      std::vector<int> order(static_cast<std::size_t>(gates.size()));
      std::iota(order.begin(), order.end(), 0);
      std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return gates[a] > gates[b]; });
      for (std::size_t i = 0; i < std::min<std::size_t>(static_cast<std::size_t>(most), order.size()); ++i)
        if (gates[order[i]] > 0.0f)
          experts += (experts.empty() ? "E" : ", E") + std::to_string(order[i]) + " " + number(gates[order[i]]);
      if (experts.empty()) experts = translated("none");
    } catch (const std::exception& error) {
      experts = error.what();
    }
    lines.push_back(translated("layer %1: gates %2", std::to_string(layerNumber(snapshot, static_cast<int>(layer))), experts));
  }
  return lines;
}

}  // namespace moescope
