#include "app/window/timeline_badge.h"

#include "app/window/language.h"
#include "app/document/run_overview.h"

namespace moescope {
namespace {

TimelineBadge ofTheNewest(const Controller& controller) {
  const Scene& scene = controller.scene();
  const auto step = static_cast<qlonglong>(scene.snapshot->step);
  if (!controller.session()) return {tr("LIVE  ·  step %1").arg(step), tr("The newest step is shown, and those that come.")};
  const std::int64_t last = controller.timeline()->lastStep(scene.generation);
  return {tr("RECORDED  ·  step %1 of %2").arg(step).arg(last),
          step < last ? tr("The recorded run is shown as far as the run beside it is.")
                      : tr("The last step that was recorded is shown.")};
}

TimelineBadge ofThePast(const Controller& controller) {
  const Scene& scene = controller.scene();
  const std::shared_ptr<const Timeline> timeline = controller.timeline();
  const bool recorded = controller.session() != nullptr;
  const auto step = static_cast<qlonglong>(scene.snapshot->step);
  TimelineBadge badge{tr("step %1 of %2").arg(step).arg(timeline->lastStep(scene.generation)),
                      tr("Step %1 of run %2 is shown. ").arg(step).arg(scene.generation)};
  if (const std::int64_t asked = controller.side().cursor.step; asked != scene.snapshot->step) {
    badge.text += tr(" (wanted: %1)").arg(asked);
    badge.help += tr("Of step %1 no picture is held: this is the nearest before it, or the first. ").arg(asked);
  }
  if (recorded) {
    badge.text += tr("  ·  recorded") + (timeline->generations().size() > 1 ? tr(", run %1").arg(scene.generation) : QString());
    return badge;
  }
  if (const std::uint64_t now = timeline->current(); now != scene.generation) {
    badge.text += tr("  ·  run %1, in training: run %2").arg(scene.generation).arg(now);
    badge.help += tr("The model in training is that of run %1, at step %2. ").arg(now).arg(timeline->lastStep(now));
  }
  const std::optional<Knobs> then = knobsAt(*timeline, scene.generation, scene.snapshot->step);
  if (const std::string changed = then ? changesInWords(*then, controller.side().knobs) : ""; !changed.empty()) {
    badge.text += tr("  ·  other knobs than now");
    badge.help +=
        tr("Since then the knobs were changed, and the panel shows those of now: %1. ").arg(QString::fromStdString(changed));
  }
  if (controller.engine().status().state == EngineState::Playing) badge.help += tr("Training goes on underneath.");
  return badge;
}

}  // namespace

TimelineBadge badgeOf(const Controller& controller) {
  const Scene& scene = controller.scene();
  if (!controller.hasRun() || !scene.snapshot) return {};
  return scene.past ? ofThePast(controller) : ofTheNewest(controller);
}

}  // namespace moescope
