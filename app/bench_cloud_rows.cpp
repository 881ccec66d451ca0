#include "app/bench_row.h"

#include <memory>
#include <stdexcept>
#include <utility>

#include "app/document/scene_assembly.h"
#include "core/reading/routing.h"
#include "views/standing_view.h"
#include "views/token_cloud.h"

namespace moescope {
namespace {

std::unique_ptr<View> viewNamed(const std::string& name) {
  for (const ViewDeclaration& declaration : viewRegistry())
    if (declaration.name == name) return declaration.make();
  throw std::invalid_argument(name + ": no such view");
}

/// Tokens that a vertex shader places, and those that are placed as this renderer is best served, each against the same placed by
/// the processor.
BenchRows cloudRowsOf(const std::string& name, int tokens, int experts, const GatingRule& rule, int rounds) {
  const auto snapshot = randomSnapshot(tokens, experts, 16);
  auto probe = std::make_shared<Probe>();
  probe->labels.resize(static_cast<std::size_t>(tokens));
  probe->domain.assign(static_cast<std::size_t>(tokens), 0);
  probe->domainNames = {"random"};
  probe->context = tokens;
  snapshot->probe = probe;
  snapshot->layers[0].routerDirections = RowMatrix::Random(experts, 16).rowwise().normalized();
  Timeline timeline;
  timeline.append(SnapshotPointer(snapshot));
  Scene scene = sceneAt(timeline, 0, Timeline::kEnd, {});
  scene.lens.gating = rule;
  std::vector<std::shared_ptr<const Routing>> positions;
  std::vector<float> concentrations;
  for (float alpha = 0.2f; alpha < 8.0f; alpha *= 1.3f) {
    scene.lens.concentration = alpha;
    concentrations.push_back(alpha);
    positions.push_back(std::make_shared<const Routing>(evaluate(*snapshot, scene.lens)));
  }
  const auto standing = [&] { return std::make_unique<StandingView>(viewNamed(name), 480, 360); };
  const auto chosen = standing(), shader = standing(), processor = standing();
  TokenCloud::of(shader->view->renderer())->drawOnAnyRenderer();
  Theme plain;
  plain.plainClouds = true;
  std::size_t at = 0;
  const auto draw = [&](StandingView& view, const Theme& theme) {
    at = (at + 1) % positions.size();
    scene.lens.concentration = concentrations[at];
    scene.routing = positions[at];
    view.draw(scene, theme);
  };
  const std::string what = "slider to " + name + " drawn, 480 x 360, " + std::to_string(tokens) + " tokens x " +
                           std::to_string(experts) + " experts" + (rule.policy == GatingPolicy::TopK ? ", top 2: " : ", soft: ");
  const auto row = [&](const std::string& by, StandingView& ours) {
    return compare(
        what + by, "the same, tokens placed by the processor", rounds, [&] { draw(ours, Theme{}); },
        [&] { draw(*processor, plain); });
  };
  return {row("vertex shader", *shader), row("as chosen for this renderer", *chosen)};
}

}  // namespace

BenchRows cloudRows(int rounds) {
  BenchRows rows;
  for (const std::string name : {"score_polygon", "expert_subspaces"})
    for (const auto& [tokens, experts] : {std::pair(2048, 8), std::pair(2048, 64), std::pair(4096, 512)})
      for (const GatingRule& rule : {GatingRule{GatingPolicy::Soft}, GatingRule{GatingPolicy::TopK, 2}})
        for (BenchRow& row : cloudRowsOf(name, tokens, experts, rule, rounds)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace moescope
