#include "core/session/moment_blobs.h"

#include <utility>

#include "core/session/compression.h"
#include "core/session/moment_check.h"
#include "core/session/tensor_fields.h"
#include "core/words/words.h"

namespace moescope {
namespace {

// Each function lists the fields of one struct, for writing (Value is const) and reading.

const auto probeFields = [](auto& fields, auto& probe) {
  fields("bytes", probe.bytes);
  fields("labels", probe.labels);
  fields("domain", probe.domain);
  fields("domain_names", probe.domainNames);
  fields("context", probe.context);
  fields("synthetic", probe.synthetic);
  fields("synthetic_mark", probe.syntheticMark);
};

const auto originFields = [](auto& fields, auto& origin) {
  fields("name", origin.name);
  fields("family", origin.family);
  fields("layer_numbers", origin.layerNumbers);
  fields("experts", origin.experts);
  fields("width", origin.width);
  fields("chosen", origin.chosen);
  fields("rule", origin.rule);
  fields("tokens", origin.tokens);
  fields("notes", origin.notes);
};

template <typename Fields, typename Rule>
void ruleFields(Fields& fields, Rule& rule) {
  int choice = static_cast<int>(rule.choice);
  fields("choice", choice);
  if constexpr (!std::is_const_v<Rule>) {
    fields.require(choice >= 0 && choice <= static_cast<int>(TrainedRule::Choice::Fixed), "choice",
                   translated("a known kind of choice"));
    rule.choice = static_cast<TrainedRule::Choice>(choice);
  }
  fields("chosen", rule.chosen);
  fields("ranked_by_affinity", rule.rankedByAffinity);
  fields.later("ranked_by_logit", rule.rankedByLogit);
  fields("affinity_gates", rule.affinityGates);
  fields("renormalised", rule.renormalised);
  fields("choice_bias", rule.choiceBias);
  fields("groups", rule.groups);
  fields("kept_groups", rule.keptGroups);
  fields("group_by_top_two", rule.groupByTopTwo);
  fields("scaling", rule.scaling);
  fields("capacity_factor", rule.capacityFactor);
}

const auto layerFields = [](auto& fields, auto& layer) {
  fields("hidden", layer.hidden);
  fields("scores", layer.scores);
  fields("trained_gates", layer.trainedGates);
  fields.within("rule", [&] { ruleFields(fields, layer.rule); });
  fields("concentration_note", layer.concentrationNote);
  fields("posterior_scores", layer.posteriorScores);
  fields("log_prior", layer.logPrior);
  fields("spectra", layer.spectra);
  fields("frames", layer.frames);
  fields("router_directions", layer.routerDirections);
  fields("training_load", layer.trainingLoad);
  fields("training_dropped", layer.trainingDropped);
};

const auto snapshotFields = [](auto& fields, auto& snapshot) {
  fields("step", snapshot.step);
  fields("generation", snapshot.generation);
  fields("router", snapshot.router);
  fields.list("layers", snapshot.layers, layerFields);
  fields.optional("checkpoint", snapshot.checkpoint, originFields);
  fields("training_loss", snapshot.trainingLoss);
  fields("held_out_loss", snapshot.heldOutLoss);
  fields("steps_per_second", snapshot.stepsPerSecond);
  fields("tokens_per_second", snapshot.tokensPerSecond);
};

const auto planeFields = [](auto& fields, auto& plane) {
  fields("points", plane.points);
  fields("stress", plane.stress);
};

const auto comparedFields = [](auto& fields, auto& compared) {
  fields("what", compared.what);
  fields("experts", compared.experts);
  fields.within("classical", [&] { planeFields(fields, compared.classical); });
  fields.within("smacof", [&] { planeFields(fields, compared.smacof); });
  fields.within("diffusion", [&] {
    planeFields(fields, compared.diffusion.plane);
    fields("eigenvalues", compared.diffusion.eigenvalues);
    fields("bandwidth", compared.diffusion.bandwidth);
  });
  fields("failure", compared.failure);
};

template <typename Fields, typename Plane>
void trailFields(Fields& fields, Plane& plane) {
  std::vector<Eigen::MatrixXd> trail;
  for (const auto& picture : plane.trail) trail.push_back(*picture);
  fields("trail", trail);
  if constexpr (!std::is_const_v<Plane>)
    for (Eigen::MatrixXd& picture : trail) plane.trail.push_back(std::make_shared<const Eigen::MatrixXd>(std::move(picture)));
  fields("stress", plane.stress);
  fields("failure", plane.failure);
}

const auto layerTracksFields = [](auto& fields, auto& tracks) {
  fields.within("experts", [&] { trailFields(fields, tracks.experts); });
  fields.within("tokens", [&] {
    fields("axes", tracks.tokens.axes);
    fields("mean", tracks.tokens.mean);
    fields("coordinates", tracks.tokens.coordinates);
    fields("explained", tracks.tokens.explained);
    fields("failure", tracks.tokens.failure);
  });
  fields.optional("compared", tracks.compared, comparedFields);
};

const auto tracksFields = [](auto& fields, auto& tracks) { fields.list("layers", tracks.layers, layerTracksFields); };

const auto misroutingFields = [](auto& fields, auto& point) {
  fields("alpha", point.alpha);
  fields("bound", point.bound);
  fields("mass", point.mass);
  fields("mass_deviation", point.massDeviation);
  fields("wrong", point.wrong);
  fields("draws", point.draws);
};

const auto scoreActivationFields = [](auto& fields, auto& expert) {
  fields("tokens", expert.tokens);
  fields("score", expert.score);
  fields("activation", expert.activation);
  fields("pearson", expert.pearson);
  fields("spearman", expert.spearman);
};

const auto spectrumFields = [](auto& fields, auto& spectrum) {
  fields("decay", spectrum.decay);
  fields("leading", spectrum.leading);
  fields("effective_rank", spectrum.effectiveRank);
  fields("leading_share", spectrum.leadingShare);
  fields("jacobians", spectrum.jacobians);
};

const auto spectraFields = [](auto& fields, auto& spectra) {
  fields("tokens", spectra.tokens);
  fields.list("experts", spectra.experts, spectrumFields);
  fields.within("all", [&] { spectrumFields(fields, spectra.all); });
  fields.within("layer", [&] { spectrumFields(fields, spectra.layer); });
};

const auto analysisFields = [](auto& fields, auto& analysis) {
  fields("layer", analysis.layer);
  fields("step", analysis.step);
  fields("generation", analysis.generation);
  fields.within("settings", [&] {
    fields("rank", analysis.settings.rank);
    fields("explained_variance", analysis.settings.explainedVariance);
    fields("jacobian_tokens", analysis.settings.jacobianTokens);
    fields("jacobian_probes", analysis.settings.jacobianProbes);
  });
  fields("experts", analysis.experts);
  fields("width", analysis.width);
  fields("tokens", analysis.tokens);
  fields("weight_subspaces", analysis.weightSubspaces);
  fields("missing", analysis.missing);
  fields.within("shared", [&] {
    fields("mean", analysis.shared.mean);
    fields("of_averages", analysis.shared.ofAverages);
    fields("null_deviation", analysis.shared.nullDeviation);
    fields("zero_at", analysis.shared.zeroAt);
    fields("tokens", analysis.shared.tokens);
  });
  fields("routed_alignment", analysis.routedAlignment);
  fields("shared_expert_alignment", analysis.sharedExpertAlignment);
  fields("shared_expert_zero_at", analysis.sharedExpertZeroAt);
  fields.laterOptional("spectra", analysis.spectra, spectraFields);
  fields.later("without_spectra", analysis.withoutSpectra);
  fields("routed", analysis.routed);
  fields("subspaces", analysis.subspaces);
  fields("explained", analysis.explained);
  fields("effective_rank", analysis.effectiveRank);
  fields.within("angles", [&] {
    fields("subspaces", analysis.angles.subspaces);
    fields("angles", analysis.angles.angles);
  });
  fields("with_subspace", analysis.withSubspace);
  fields("left_out", analysis.leftOut);
  fields("overlap", analysis.overlap);
  fields("null_overlap", analysis.nullOverlap);
  fields("null_overlap_deviation", analysis.nullOverlapDeviation);
  fields.list("misrouting", analysis.misrouting, misroutingFields);
  fields("router_similarity", analysis.routerSimilarity);
  fields("routers_without_direction", analysis.routersWithoutDirection);
  fields.within("coupling", [&] {
    fields("weights", analysis.coupling.weights);
    fields("gradients", analysis.coupling.gradients);
    fields("movements", analysis.coupling.movements);
    fields("null_mean", analysis.coupling.nullMean);
    fields("finite", analysis.coupling.finite);
  });
  fields.list("score_activation", analysis.scoreActivation, scoreActivationFields);
  fields("notes", analysis.notes);
};

}  // namespace

std::string probeBlob(const Probe& probe) {
  FieldWriter writer;
  probeFields(writer, probe);
  return compressed(writer.bytes());
}

std::string momentBlob(const TimelineMoment& moment) {
  FieldWriter writer;
  snapshotFields(writer, *moment.snapshot);
  writer.optional("tracks", moment.tracks, tracksFields);
  return compressed(writer.bytes());
}

std::string analysisBlob(const AnalysedMoment& moment) {
  FieldWriter writer;
  analysisFields(writer, *moment.analysis);
  writer.optional("compared", moment.compared, comparedFields);
  return compressed(writer.bytes());
}

std::shared_ptr<const Probe> readProbe(std::string_view blob, const std::string& place) {
  const std::string bytes = decompressed(blob, place);
  FieldReader reader(bytes, place);
  auto probe = std::make_shared<Probe>();
  probeFields(reader, *probe);
  requireWhole(*probe, place);
  return probe;
}

TimelineMoment readMoment(std::string_view blob, std::shared_ptr<const Probe> probe, std::uint64_t generation,
                          const std::string& place) {
  const std::string bytes = decompressed(blob, place);
  FieldReader reader(bytes, place);
  auto snapshot = std::make_shared<Snapshot>();
  snapshotFields(reader, *snapshot);
  snapshot->probe = std::move(probe);
  snapshot->generation = generation;
  TimelineMoment moment;
  reader.optional("tracks", moment.tracks, tracksFields);
  requireWhole(*snapshot, place);
  if (moment.tracks) requireWhole(*moment.tracks, *snapshot, place);
  moment.snapshot = std::move(snapshot);
  return moment;
}

AnalysedMoment readAnalysis(std::string_view blob, std::uint64_t generation, const std::string& place) {
  const std::string bytes = decompressed(blob, place);
  FieldReader reader(bytes, place);
  auto analysis = std::make_shared<ExpertAnalysis>();
  analysisFields(reader, *analysis);
  analysis->generation = generation;
  AnalysedMoment moment;
  reader.optional("compared", moment.compared, comparedFields);
  requireWhole(*analysis, place);
  if (moment.compared) requireWhole(*moment.compared, analysis->experts, place);
  moment.analysis = std::move(analysis);
  return moment;
}

}  // namespace moescope
