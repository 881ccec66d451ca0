#include "app/reproduce_tables.h"

#include "core/experiments/planted_trainer.h"

namespace moescope {
namespace {

Arm arm(const std::string& name, const std::string& router, int topK, bool centred, double balance = 0.1, bool coupled = false) {
  Arm result{name, {}};
  result.knobs.router = router;
  result.knobs.topK = topK;
  result.knobs.centreTokens = centred;
  result.knobs.balanceWeight = balance;
  result.knobs.couplingAware = coupled;
  result.knobs.device = "cpu";
  return result;
}

Arm weighted(const std::string& name, double auxiliaryWeight) {
  Arm result = arm(name, "switch_aux", 2, true);
  result.knobs.auxiliaryWeight = auxiliaryWeight;
  return result;
}

// ---- what is measured: one value for each seed ------------------------------------------------------------------------------

using Measure = std::function<std::vector<double>(const Lab&)>;

Measure value(const std::string& arm, const std::string& field) {
  return [=](const Lab& lab) { return lab.values(arm, field); };
}
Measure difference(const std::string& a, const std::string& b, const std::string& field) {
  return [=](const Lab& lab) { return lab.paired(a, b, field, [](double x, double y) { return x - y; }); };
}
Measure ratio(const std::string& a, const std::string& b, const std::string& field) {
  return [=](const Lab& lab) { return lab.paired(a, b, field, [](double x, double y) { return x / y; }); };
}
Measure differenceOfFields(const std::string& arm, const std::string& a, const std::string& b) {
  return [=](const Lab& lab) { return lab.pairedFields(arm, a, b, [](double x, double y) { return x - y; }); };
}
/// One field of one arm over (less) another field of another.
Measure ratioAcross(const std::string& a, const std::string& field, const std::string& b, const std::string& other) {
  return [=](const Lab& lab) { return lab.across(a, field, b, other, [](double x, double y) { return x / y; }); };
}
Measure differenceAcross(const std::string& a, const std::string& field, const std::string& b, const std::string& other) {
  return [=](const Lab& lab) { return lab.across(a, field, b, other, [](double x, double y) { return x - y; }); };
}
Measure rise(const std::string& a, const std::string& b, const std::string& field) {
  return [=](const Lab& lab) { return lab.paired(a, b, field, [](double x, double y) { return x / y - 1.0; }); };
}
Measure saving(const std::string& a, const std::string& b, const std::string& field) {
  return [=](const Lab& lab) { return lab.paired(a, b, field, [](double x, double y) { return 1.0 - x / y; }); };
}

// ---- how it is judged -------------------------------------------------------------------------------------------------------

using Judge = std::function<Finding(const Lab&)>;

Judge above(double bound, const std::string& what, const Measure& measure) {
  return [=](const Lab& lab) { return intervalAbove(bound, what, measure(lab)); };
}
Judge below(double bound, const std::string& what, const Measure& measure) {
  return [=](const Lab& lab) { return intervalBelow(bound, what, measure(lab)); };
}
Judge neverCollapses(const std::string& arm) {
  return [=](const Lab& lab) { return noSeedCollapses(lab.collapsed(arm, "dead_hard"), lab.collapsed(arm, "dead_soft")); };
}
Judge mostlyCollapses(const std::string& arm) {
  return [=](const Lab& lab) { return mostSeedsCollapse(lab.collapsed(arm, "dead_hard"), lab.collapsed(arm, "dead_soft")); };
}

/// The sum of a field over all layers, arms and seeds must be 0. `tests`: the field that counts what was tried.
Judge never(const std::string& what, const std::string& rule, const std::vector<std::string>& arms, const std::string& field,
            const std::string& tests) {
  return [=](const Lab& lab) {
    std::vector<double> violations, tried;
    for (const std::string& arm : arms) {
      const std::vector<double> more = lab.values(arm, field), of = lab.values(arm, tests);
      violations.insert(violations.end(), more.begin(), more.end());
      tried.insert(tried.end(), of.begin(), of.end());
    }
    return neverViolated(what, rule, violations, tried);
  };
}

// ---- the tables -------------------------------------------------------------------------------------------------------------

const std::string kOwn = "-", kProne = " (top-1, tokens not centred)", kRatio = "ratio of mean |cos|, by seed",
                  kLeading = "ratio of the mean largest singular value by seed";

/// r / d of the planted task, the overlap of random subspaces that are not matched.
std::string randomOverlap() {
  const PlantedShape shape = plantedShape(plantedKnobs({}));
  return std::to_string(shape.rank) + "/" + std::to_string(shape.dimension);
}

/// Whether the planted task is one where right routing pays: otherwise its other rows would say little.
Claim specialisationHelps(const std::string& plain, const std::string& setting = "") {
  return {"Routing by the true cluster (oracle, one expert a token) has a lower squared error than plain top-k" + setting, kOwn,
          above(0.0, "1 - oracle's / top-k's, by seed", saving(kOracle, plain, "held_out_loss")), AskedOf::Planted};
}

ClaimTable grmoe() {
  return {
      "grmoe",
      {arm("grmoe", "grmoe", 2, true), arm("topk", "topk", 2, true), arm("switch_aux", "switch_aux", 2, true)},
      {{"No routing collapse", "0 % of seeds", neverCollapses("grmoe")},
       {"Load CV lower than plain top-k's", "15 to 30 % lower",
        above(0.0, "1 - CV / CV of top-k, by seed", saving("grmoe", "topk", "load_cv"))},
       {"Load CV lower than with Switch's auxiliary loss", "15 to 30 % lower",
        above(0.0, "1 - CV / CV with the loss, by seed", saving("grmoe", "switch_aux", "load_cv"))},
       {"Held-out loss comparable to plain top-k's or better, nats per byte", "perplexity 0.2 to 0.4 lower (other scale)",
        below(0.02, "difference by seed", difference("grmoe", "topk", "held_out_loss")), AskedOf::Corpus},
       {"Held-out squared error comparable to plain top-k's or better", "perplexity 0.2 to 0.4 lower (other scale)",
        below(0.05, "GrMoE's / top-k's - 1, by seed", rise("grmoe", "topk", "held_out_loss")), AskedOf::Planted},
       {"Entropy falls smoothly with the concentration, no retraining", "monotone",
        never("rises", "no token's entropy rises by over 1e-5 nats (tempered reading; proven: E1)",
              {"grmoe", "topk", "switch_aux"}, "entropy_rises", "entropy_tests")},
       {"Learned spectra differ between experts", "heterogeneous",
        above(0.05, "CV over experts of the mean eigenvalue", value("grmoe", "spectrum_cv"))},
       {"Learned subspaces recover the planted ones", kOwn,
        above(0.0, "mean cos^2, best matched, less what random ones reach so matched (unmatched r/d = " + randomOverlap() + ")",
              differenceOfFields("grmoe", "recovery", "random_recovery")),
        AskedOf::Planted},
       {"... to the greater part", kOwn, above(0.5, "mean cos^2, best matched", value("grmoe", "recovery")), AskedOf::Planted},
       {"First choices follow the planted clusters more than plain top-k's", kOwn,
        above(0.0, "difference of normalised mutual information by seed", difference("grmoe", "topk", "cluster_information")),
        AskedOf::Planted},
       specialisationHelps("topk")}};
}

ClaimTable coupling() {
  return {"coupling",
          {arm("topk", "topk", 2, true), arm("switch_aux", "switch_aux", 2, true), weighted("switch_aux 0.1", 0.1),
           weighted("switch_aux 1", 1.0), arm("loss_free", "loss_free", 2, true), arm("online_kmeans", "online_kmeans", 2, true)},
          {{"Auxiliary loss (weight 0.01) makes router directions more similar", "nearly 3 times",
            above(1.0, kRatio, ratio("switch_aux", "topk", "router_similarity"))},
           {"... at weight 0.1", "nearly 3 times (weight not known)",
            above(1.0, kRatio, ratio("switch_aux 0.1", "topk", "router_similarity"))},
           {"... at weight 1", "nearly 3 times (weight not known)",
            above(1.0, kRatio, ratio("switch_aux 1", "topk", "router_similarity"))},
           {"... at weight 0.01 after the mean row is taken out, which no softmax sees", "nearly 3 times",
            above(1.0, kRatio, ratio("switch_aux", "topk", "router_similarity_centred"))},
           {"... at weight 1 after the mean row is taken out", "nearly 3 times (weight not known)",
            above(1.0, kRatio, ratio("switch_aux 1", "topk", "router_similarity_centred"))},
           {"The more weight, the more similar: 1 against 0.01", kOwn,
            above(1.0, kRatio, ratio("switch_aux 1", "switch_aux", "router_similarity"))},
           {"Gradients of matched router rows and expert weights align", "along the same inputs",
            above(0.0, "mean |cos| matched less unmatched, last step", value("topk", "gradient_contrast"))},
           {"What training added aligns for matched pairs", "accumulated history",
            above(0.0, "mean |cos| matched less unmatched", value("topk", "movement_contrast"))},
           {"The auxiliary loss weakens that alignment", "weakens coupling",
            above(0.0, "without less with the loss, by seed", difference("topk", "switch_aux", "movement_contrast"))},
           {"Higher router score, stronger expert activation", "yes",
            above(0.0, "mean Spearman correlation over routed tokens", value("topk", "spearman"))},
           {"Online K-Means has lower load imbalance than the auxiliary loss", "lowest of all",
            below(0.0, "MaxVio difference by seed", difference("online_kmeans", "switch_aux", "max_vio"))},
           {"Online K-Means has lower load imbalance than the loss-free bias", "lowest of all",
            below(0.0, "MaxVio difference by seed", difference("online_kmeans", "loss_free", "max_vio"))},
           {"... at a modest rise of loss, nats per byte", "modest",
            below(0.1, "difference by seed", difference("online_kmeans", "switch_aux", "held_out_loss")), AskedOf::Corpus},
           {"... at a modest rise of squared error", "modest",
            below(0.1, "K-Means' / the auxiliary loss's - 1, by seed", rise("online_kmeans", "switch_aux", "held_out_loss")),
            AskedOf::Planted},
           {"First choices of online K-Means follow the planted clusters more than plain top-k's", kOwn,
            above(0.0, "difference of normalised mutual information by seed",
                  difference("online_kmeans", "topk", "cluster_information")),
            AskedOf::Planted},
           specialisationHelps("topk")}};
}

ClaimTable asymmetry() {
  return {"asymmetry",
          {arm("topk", "topk", 2, true), arm("soft", "soft", 2, true), arm("dense", "dense", 2, true)},
          {{"Jacobians of different experts nearly orthogonal (top-k)", "near zero",
            below(0.1, "mean |cos|", value("topk", "jacobian_cosine"))},
           {"... and with soft routing", "near zero", below(0.1, "mean |cos|", value("soft", "jacobian_cosine"))},
           {"Subspaces of routed tokens overlap more than random ones (top-k)", "partly overlapping",
            above(0.0, "mean cos^2 less r/d of random ones, by seed", differenceOfFields("topk", "overlap", "null_overlap"))},
           {"... but are distinct", "distinct", below(0.9, "mean cos^2", value("topk", "overlap"))},
           {"Top-k subspaces are sharper than soft routing's", "sharper",
            below(0.0, "overlap difference by seed", difference("topk", "soft", "overlap"))},
           {"Top-k experts are more decorrelated than soft ones", "sharper",
            below(0.0, "mean |cos| difference by seed", difference("topk", "soft", "jacobian_cosine"))},
           {"Jacobians of top-k's experts have a smaller leading singular value than a dense network of equal size", "smaller",
            below(1.0, kLeading, ratioAcross("topk", "jacobian_leading", "dense", "layer_jacobian_leading"))},
           {"... and those of soft routing's experts", "smaller",
            below(1.0, kLeading, ratioAcross("soft", "jacobian_leading", "dense", "layer_jacobian_leading"))},
           {"... and the top-k layer as a whole, gates held", kOwn,
            below(1.0, kLeading, ratioAcross("topk", "layer_jacobian_leading", "dense", "layer_jacobian_leading"))},
           {"Spectra of top-k's experts decay faster than the dense network's", "faster",
            below(0.0, "difference of effective rank by seed",
                  differenceAcross("topk", "jacobian_effective_rank", "dense", "layer_jacobian_effective_rank"))},
           {"... and those of soft routing's experts", "faster",
            below(0.0, "difference of effective rank by seed",
                  differenceAcross("soft", "jacobian_effective_rank", "dense", "layer_jacobian_effective_rank"))},
           {"Tokens of a top-k expert spread over more directions than all tokens of the dense network", "higher effective rank",
            above(0.0, "difference of the effective rank of the weighted covariance by seed",
                  difference("topk", "dense", "token_effective_rank"))},
           {"Jacobians of top-k's experts have a lower effective rank than soft routing's", "lower rank",
            below(0.0, "difference of effective rank by seed", difference("topk", "soft", "jacobian_effective_rank"))},
           {"Tokens of one expert span fewer directions with top-k than with soft routing", "fewer",
            below(0.0, "difference of the effective rank of the weighted covariance by seed",
                  difference("topk", "soft", "token_effective_rank"))},
           {"Top-k's first choices follow the planted clusters more than soft routing's", kOwn,
            above(0.0, "difference of normalised mutual information by seed", difference("topk", "soft", "cluster_information")),
            AskedOf::Planted},
           specialisationHelps("topk")}};
}

ClaimTable collapse() {
  return {
      "collapse",
      {arm("topk prone", "topk", 1, false), arm("topk coupled prone", "topk", 1, false, 0.1, true),
       arm("switch_aux prone", "switch_aux", 1, false), arm("loss_free prone", "loss_free", 1, false),
       arm("online_kmeans prone", "online_kmeans", 1, false), arm("grmoe prone", "grmoe", 1, false),
       arm("grmoe without balance prone", "grmoe", 1, false, 0.0), arm("topk", "topk", 2, true), arm("grmoe", "grmoe", 2, true)},
      {{"Plain top-k collapses" + kProne, "collapses", mostlyCollapses("topk prone")},
       {"Coupling-aware updates keep top-k from it" + kProne, kOwn, neverCollapses("topk coupled prone")},
       {"Switch's auxiliary loss prevents it" + kProne, "prevents", neverCollapses("switch_aux prone")},
       {"Loss-free bias prevents it" + kProne, "prevents", neverCollapses("loss_free prone")},
       {"Online K-Means prevents it" + kProne, "prevents", neverCollapses("online_kmeans prone")},
       {"GrMoE prevents it" + kProne, "0 % of seeds", neverCollapses("grmoe prone")},
       {"GrMoE without its balance term prevents it" + kProne, kOwn, neverCollapses("grmoe without balance prone")},
       {"Plain top-k does not collapse in the usual setting (top-2, centred)", kOwn, neverCollapses("topk")},
       {"GrMoE does not collapse in the usual setting (top-2, centred)", "0 % of seeds", neverCollapses("grmoe")},
       specialisationHelps("topk prone", kProne)}};
}

}  // namespace

bool isAskedOf(const Claim& claim, ExperimentTask task) {
  return claim.task == AskedOf::Both || (claim.task == AskedOf::Planted) == (task == ExperimentTask::Planted);
}

const std::vector<ClaimTable>& claimTables() {
  static const std::vector<ClaimTable> tables = {grmoe(), coupling(), asymmetry(), collapse()};
  return tables;
}

}  // namespace moescope
