#include "app/reproduce_sweeps.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "app/interval_report.h"

namespace moescope {
namespace {

constexpr double kModest = 0.1;  // nats per byte: what a "modest" rise of loss is taken to be

const SweepColumn kLoss = {"held_out_loss", "loss, nats per byte"}, kVariation = {"load_cv", "load CV"},
                  kViolation = {"max_vio", "MaxVio"}, kWholeViolation = {"max_vio_of_validation", "MaxVio, all"},
                  kWholeVariation = {"load_cv_of_validation", "load CV, all"},
                  kWholeEntropy = {"load_entropy_of_validation", "entropy, all"},
                  kBatchViolation = {"max_vio_of_batches", "MaxVio by batch"},
                  kBatchVariation = {"load_cv_of_batches", "load CV by batch"},
                  kBatchEntropy = {"load_entropy_of_batches", "entropy by batch"},
                  kLoadEntropy = {"load_entropy", "load entropy / max"}, kSimilarity = {"router_similarity", "|cos| rows"},
                  kCentred = {"router_similarity_centred", "|cos| less mean"},
                  kSameExpert = {"same_expert_cosine", "cos same expert"}, kEnergy = {"projection_energy", "cos^2 token, row"},
                  kSpearman = {"spearman", "Spearman"}, kPearson = {"pearson", "Pearson"}, kRoc = {"entropy_roc", "AUROC"},
                  kSpectra = {"spectrum_cv", "CV of spectra"};

Knobs knobsOf(const std::string& router) {
  Knobs knobs;
  knobs.router = router;
  return knobs;
}

/// Arms of a router by the dose of one of its knobs.
std::vector<SweepArm> byDose(const std::string& router, double Knobs::*knob, const std::string& word,
                             const std::vector<double>& doses) {
  std::vector<SweepArm> arms;
  for (const double dose : doses) {
    SweepArm arm{router + numberText(", " + word + " %g", dose), router, knobsOf(router)};
    arm.knobs.*knob = dose;
    arms.push_back(arm);
  }
  return arms;
}

/// A panel of one measure against another, a line for each series.
ChartPanel against(const SweepResults& results, const std::string& title, const SweepColumn& x, const SweepColumn& y) {
  ChartPanel panel;
  panel.title = title;
  panel.xLabel = x.heading;
  panel.yLabel = y.heading;
  for (std::size_t a = 0; a < results.arms().size(); ++a) {
    const std::string& name = results.arms()[a].series;
    auto series =
        std::find_if(panel.series.begin(), panel.series.end(), [&](const ChartSeries& each) { return each.name == name; });
    if (series == panel.series.end()) series = panel.series.insert(series, {name, {}, {}});
    const Interval across = results.interval(a, x.field), up = results.interval(a, y.field);
    series->points.push_back({across.mean, up.mean, across.half, up.half});
  }
  return panel;
}

// ---- online K-Means: its rate and start are not known
// ---------------------------------------------------------------------------

std::vector<SweepArm> clusterings() {
  std::vector<SweepArm> arms = {{"topk", "topk", knobsOf("topk")},
                                {"switch_aux", "switch_aux", knobsOf("switch_aux")},
                                {"loss_free", "loss_free", knobsOf("loss_free")}};
  for (const bool centred : {true, false})
    for (const bool unit : {true, false})
      for (const char* start : {"tokens", "noise", "plusplus"})
        for (const double rate : {0.001, 0.003, 0.01, 0.03, 0.1}) {
          SweepArm arm{numberText("kmeans %g, ", rate) + start + (unit ? ", unit" : ", raw") + (centred ? ", centred" : ""),
                       std::string("kmeans, ") + start + (unit ? ", unit" : ", raw") + (centred ? ", centred" : ""),
                       knobsOf("online_kmeans")};
          arm.knobs.centroidRate = rate;
          arm.knobs.centroidStart = start;
          arm.knobs.unitCentroids = unit;
          arm.knobs.centreTokens = centred;
          arms.push_back(arm);
        }
  return arms;
}

std::vector<std::string> concludeClustering(const SweepResults& results) {
  const std::size_t auxiliary = results.arm("switch_aux"), free = results.arm("loss_free");
  int lowest = 0, modest = 0, collapsed = 0, costly = 0, tried = 0;
  std::size_t best = auxiliary;
  for (std::size_t a = 0; a < results.arms().size(); ++a) {
    if (results.arms()[a].knobs.router != "online_kmeans") continue;
    ++tried;
    const bool dear = results.difference(a, auxiliary, "held_out_loss").high() >= kModest;
    const bool lower =
        results.difference(a, auxiliary, "max_vio").high() < 0.0 && results.difference(a, free, "max_vio").high() < 0.0;
    lowest += lower;
    modest += lower && !dear;
    collapsed += results.collapsed(a) > 0;
    costly += dear;
    const double violation = results.interval(a, "max_vio").mean;
    if (best == auxiliary || violation < results.interval(best, "max_vio").mean) best = a;
  }
  const auto line = [&](const char* what, int count) {
    return std::string(what) + ": " + std::to_string(count) + " of " + std::to_string(tried) + " settings of online K-Means";
  };
  return {
      line(
          "MaxVio below both the auxiliary loss's (0.01) and the loss-free bias's (intervals of the differences by seed below 0)",
          lowest),
      line("... at a loss that is surely less than 0.1 nats per byte above the auxiliary loss's", modest),
      line("an expert dead in at least one seed", collapsed),
      line("loss not surely within 0.1 nats per byte of the auxiliary loss's", costly),
      "lowest mean MaxVio: " + results.arms()[best].name + ", " + intervalText("%.3f", results.interval(best, "max_vio")) +
          "; auxiliary loss " + intervalText("%.3f", results.interval(auxiliary, "max_vio")) + ", loss-free bias " +
          intervalText("%.3f", results.interval(free, "max_vio"))};
}

Sweep clusteringSweep() {
  return {"kmeans",
          "online K-Means by rate, start, length of tokens and centring",
          "Has any setting of online K-Means the lowest load imbalance at a modest rise of loss?",
          clusterings(),
          {kLoss, kViolation, kBatchViolation, kVariation, kCentred},
          concludeClustering,
          [](const SweepResults& results) {
            const auto part = [&](bool centred) {
              ChartPanel panel = against(results, centred ? "tokens centred" : "tokens not centred", kViolation, kLoss);
              std::erase_if(panel.series, [&](const ChartSeries& series) {
                return series.name.starts_with("kmeans") && series.name.ends_with("centred") != centred;
              });
              for (ChartSeries& series : panel.series)
                if (series.name.ends_with(", centred")) series.name.resize(series.name.size() - 9);
              return panel;
            };
            return std::vector<ChartPanel>{part(true), part(false)};
          }};
}

// ---- loss against balance, by dose
// ----------------------------------------------------------------------------------------------

std::vector<SweepArm> doses() {
  std::vector<SweepArm> arms = {{"topk", "topk", knobsOf("topk")}, {"standardised", "standardised", knobsOf("standardised")}};
  const auto add = [&](const std::vector<SweepArm>& more) { arms.insert(arms.end(), more.begin(), more.end()); };
  add(byDose("switch_aux", &Knobs::auxiliaryWeight, "weight", {0.001, 0.01, 0.1, 1.0}));
  add(byDose("noisy_topk", &Knobs::auxiliaryWeight, "weight", {0.001, 0.01, 0.1, 1.0}));
  add(byDose("z_loss", &Knobs::logSumWeight, "weight", {0.001, 0.01, 0.1}));
  add(byDose("loss_free", &Knobs::biasRate, "rate", {1e-4, 1e-3, 1e-2, 1e-1}));
  add(byDose("loss_free_proportional", &Knobs::biasRate, "rate", {1e-3, 1e-2, 1e-1}));
  add(byDose("loss_free_logits", &Knobs::biasRate, "rate", {1e-3, 1e-2, 1e-1}));
  add(byDose("token_standardised", &Knobs::auxiliaryWeight, "weight", {0.0, 0.01, 0.1, 1.0}));
  add(byDose("grmoe", &Knobs::balanceWeight, "weight", {0.0, 0.01, 0.1, 1.0}));
  add(byDose("online_kmeans", &Knobs::centroidRate, "rate", {0.001, 0.01, 0.1}));
  return arms;
}

/// Arms that no other arm beats in both means.
std::vector<std::string> concludeFrontier(const SweepResults& results) {
  std::vector<std::string> best;
  std::set<std::string> routers;
  for (std::size_t a = 0; a < results.arms().size(); ++a) {
    const double loss = results.interval(a, "held_out_loss").mean, variation = results.interval(a, "load_cv").mean;
    bool beaten = !std::isfinite(loss) || !std::isfinite(variation);
    for (std::size_t b = 0; b < results.arms().size(); ++b)
      beaten = beaten || (results.interval(b, "held_out_loss").mean < loss && results.interval(b, "load_cv").mean < variation);
    if (beaten) continue;
    best.push_back("  " + results.arms()[a].name + ": loss " + intervalText("%.3f", results.interval(a, "held_out_loss")) +
                   ", load CV " + intervalText("%.3f", results.interval(a, "load_cv")));
    routers.insert(results.arms()[a].series);
  }
  std::string names;
  for (const std::string& router : routers) names += (names.empty() ? "" : ", ") + router;
  best.insert(best.begin(),
              "on the frontier (no other arm has both means lower; their intervals overlap where they are close): " + names);
  return best;
}

Sweep frontierSweep() {
  return {"frontier",
          "held-out loss against load balance, each router by dose of its own knob",
          "Which router gives how much balance for how much loss?",
          doses(),
          {kLoss, kVariation, kViolation, kBatchViolation, kLoadEntropy, kCentred, kSpectra},
          concludeFrontier,
          [](const SweepResults& results) {
            return std::vector<ChartPanel>{against(results, "by dose of each router's own balancing knob", kVariation, kLoss)};
          }};
}

// ---- the settings of public trainings
// -------------------------------------------------------------------------------------------

/// What the papers' authors' public training forks use, at this size: AdamW 4e-4 with warm-up and cosine, decay 0.1, betas 0.9
/// and 0.95.
void asInForks(Knobs& knobs) {
  knobs.learningRate = 4e-4;
  knobs.schedule = "cosine";
  knobs.warmUpSteps = 40;
  knobs.scheduleSteps = 400;
  knobs.weightDecay = 0.1;
}

std::vector<SweepArm> recipes() {
  std::vector<SweepArm> arms;
  for (const bool fork : {false, true})
    for (const bool shared : {false, true})
      for (const char* router : {"topk", "z_loss", "switch_aux", "loss_free", "loss_free_logits", "standardised",
                                 "token_standardised", "online_kmeans", "grmoe"}) {
        const std::string setting = std::string(fork ? "4e-4 cosine" : "3e-3 constant") + (shared ? ", shared expert" : "");
        SweepArm arm{std::string(router) + ", " + setting, setting, knobsOf(router)};
        if (fork) asInForks(arm.knobs);
        if (shared) arm.knobs.sharedExpertWidth = arm.knobs.expertWidth;
        arms.push_back(arm);
      }
  return arms;
}

std::vector<std::string> concludeRecipes(const SweepResults& results) {
  std::vector<std::string> lines;
  for (const char* setting : {"3e-3 constant", "3e-3 constant, shared expert", "4e-4 cosine", "4e-4 cosine, shared expert"}) {
    const auto arm = [&](const char* router) { return results.arm(std::string(router) + ", " + setting); };
    const auto ratio = [&](const char* router, const char* field) {
      return intervalText("%.2f", results.ratio(arm(router), arm("topk"), field));
    };
    const auto balance = [&](const char* router) {
      return std::string(router) + " " + intervalText("%.3f", results.interval(arm(router), "max_vio_of_validation"));
    };
    lines.push_back(std::string(setting) + ": MaxVio over the validation text: " + balance("topk") + ", " +
                    balance("switch_aux") + ", " + balance("loss_free") + ", " + balance("loss_free_logits") + ", " +
                    balance("standardised") + ", " + balance("token_standardised") + ", " + balance("online_kmeans") + ", " +
                    balance("grmoe"));
    lines.push_back(std::string(setting) + ": row similarity over top-k's: auxiliary loss " +
                    ratio("switch_aux", "router_similarity") +
                    " (mean row out: " + ratio("switch_aux", "router_similarity_centred") + "), loss-free " +
                    ratio("loss_free", "router_similarity") + ", on logits " + ratio("loss_free_logits", "router_similarity") +
                    ", by token " + ratio("token_standardised", "router_similarity") + ", K-Means " +
                    ratio("online_kmeans", "router_similarity"));
  }
  return lines;
}

Sweep recipeSweep() {
  return {"recipe",
          "routers under this program's training and under that of public forks",
          "Do the findings hang on learning rate, schedule, weight decay and a shared expert?",
          recipes(),
          {kLoss, kWholeViolation, kBatchViolation, kWholeVariation, kBatchVariation, kWholeEntropy, kBatchEntropy, kSimilarity,
           kCentred, kSameExpert, kEnergy, kSpearman, kPearson},
          concludeRecipes,
          [](const SweepResults& results) {
            return std::vector<ChartPanel>{against(results, "each setting: nine routers", kWholeViolation, kLoss),
                                           against(results, "row similarity", kSimilarity, kCentred)};
          }};
}

// ---- does the router know what it does not know?
// --------------------------------------------------------------------------------

std::vector<SweepArm> uncertain() {
  std::vector<SweepArm> arms;
  for (const char* router : {"topk", "soft", "switch_aux", "grmoe"}) arms.push_back({router, router, knobsOf(router)});
  arms.push_back({"grmoe with posterior", "grmoe with posterior", knobsOf("grmoe")});
  arms.back().knobs.posterior = true;
  return arms;
}

std::vector<std::string> concludeUncertainty(const SweepResults& results) {
  std::vector<std::string> lines;
  for (std::size_t a = 0; a < results.arms().size(); ++a) {
    const Interval roc = results.interval(a, "entropy_roc");
    const char* verdict = !std::isfinite(roc.half) ? "too few seeds to tell"
                          : roc.low() > 0.5        ? "more loss where it is unsure"
                          : roc.high() < 0.5       ? "less loss where it is unsure"
                                                   : "says nothing about loss";
    lines.push_back(results.arms()[a].name + ": AUROC " + intervalText("%.3f", roc) + ": " + verdict);
  }
  lines.push_back(
      "posterior's AUROC less that of the prior alone: " +
      intervalText("%.3f", results.difference(results.arm("grmoe with posterior"), results.arm("grmoe"), "entropy_roc")));
  return lines;
}

Sweep uncertaintySweep() {
  return {"uncertainty",
          "does a token's routing entropy say that its loss is high",
          "Area under the ROC curve of routing entropy for a loss above the median: 0.5 says nothing.",
          uncertain(),
          {kLoss, kRoc, kViolation},
          concludeUncertainty,
          [](const SweepResults& results) {
            ChartPanel panel;
            panel.title = "held-out tokens in tenths by routing entropy";
            panel.xLabel = "mean routing entropy of the tenth (nats)";
            panel.yLabel = "mean loss of the tenth (nats)";
            for (std::size_t a = 0; a < results.arms().size(); ++a) {
              ChartSeries series{results.arms()[a].name, {}, {}};
              for (int tenth = 1; tenth <= 10; ++tenth) {
                const Interval entropy = results.interval(a, "entropy_of_tenth_" + std::to_string(tenth)),
                               loss = results.interval(a, "loss_of_tenth_" + std::to_string(tenth));
                series.points.push_back({entropy.mean, loss.mean, entropy.half, loss.half});
              }
              panel.series.push_back(series);
            }
            return std::vector<ChartPanel>{panel};
          }};
}

// ---- what routing does to Jacobians and to an expert's tokens
// -------------------------------------------------------------------

std::vector<SweepArm> sharpness() {
  std::vector<SweepArm> arms;
  for (const int topK : {1, 2, 4}) {
    arms.push_back({"top-" + std::to_string(topK), "top-" + std::to_string(topK), knobsOf("topk")});
    arms.back().knobs.topK = topK;
  }
  for (const char* router : {"soft", "dense"}) arms.push_back({router, router, knobsOf(router)});
  return arms;
}

/// Of experts against the dense network of as many weights, whose own Jacobian is that of its layer.
std::vector<std::string> concludeSpectra(const SweepResults& results) {
  const std::size_t dense = results.arm("dense");
  const auto values = [&](std::size_t a, const char* field) { return results.values(a, field); };
  std::vector<std::string> lines;
  for (std::size_t a = 0; a < results.arms().size(); ++a) {
    if (a == dense) continue;
    const auto against = [&](const char* field, const char* ofDense, bool ratio) {
      std::vector<double> bySeed = values(a, field), other = values(dense, ofDense);
      for (std::size_t seed = 0; seed < bySeed.size(); ++seed)
        bySeed[seed] = ratio ? bySeed[seed] / other[seed] : bySeed[seed] - other[seed];
      return intervalText("%.2f", interval95(bySeed));
    };
    lines.push_back(results.arms()[a].name + " against dense: sigma 1 of an expert's Jacobian " +
                    against("jacobian_leading", "layer_jacobian_leading", true) + " times, of the layer's " +
                    against("layer_jacobian_leading", "layer_jacobian_leading", true) +
                    " times; effective rank less dense's: an expert's Jacobian " +
                    against("jacobian_effective_rank", "layer_jacobian_effective_rank", false) + ", the layer's " +
                    against("layer_jacobian_effective_rank", "layer_jacobian_effective_rank", false) + ", an expert's tokens " +
                    against("token_effective_rank", "token_effective_rank", false));
  }
  return lines;
}

/// sigma_i / sigma_1 by i, a line for each arm.
ChartPanel decay(const SweepResults& results, const std::string& title, const std::string& field) {
  ChartPanel panel;
  panel.title = title;
  panel.xLabel = "i";
  panel.yLabel = "singular value i / singular value 1";
  for (std::size_t a = 0; a < results.arms().size(); ++a) {
    ChartSeries series{results.arms()[a].name, {}, {}};
    for (int i = 1; i <= kSingularValues; ++i) {
      const Interval value = results.interval(a, field + "_value_" + std::to_string(i));
      series.points.push_back({static_cast<double>(i), value.mean, 0.0, value.half});
    }
    panel.series.push_back(series);
  }
  return panel;
}

Sweep spectraSweep() {
  return {
      "spectra",
      "singular values of Jacobians and spread of an expert's tokens, from one expert a token to a dense network of equal size",
      "Does routing make Jacobians less sensitive and lower in rank than a dense network of as many weights has them?",
      sharpness(),
      {kLoss,
       {"jacobian_leading", "sigma 1, experts"},
       {"layer_jacobian_leading", "sigma 1, layer"},
       {"jacobian_effective_rank", "rank, experts"},
       {"layer_jacobian_effective_rank", "rank, layer"},
       {"layer_jacobian_leading_share", "share of sigma 1"},
       {"token_effective_rank", "rank of tokens"},
       {"jacobian_cosine", "|cos| of experts"},
       {"overlap", "overlap"}},
      concludeSpectra,
      [](const SweepResults& results) {
        return std::vector<ChartPanel>{decay(results, "an expert's Jacobian (of dense: of one slice)", "jacobian"),
                                       decay(results, "the layer's Jacobian, gates held", "layer_jacobian")};
      }};
}

}  // namespace

const std::vector<Sweep>& sweeps() {
  static const std::vector<Sweep> all = {clusteringSweep(), frontierSweep(), recipeSweep(), uncertaintySweep(), spectraSweep()};
  return all;
}

}  // namespace moescope
