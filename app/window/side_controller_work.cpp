// What a side computes beside the window's thread: the curve over concentration, the experts' ways, the means of all tokens.

#include <QElapsedTimer>
#include <utility>

#include "app/window/language.h"
#include "app/window/side_controller.h"
#include "app/window/worker.h"

namespace moescope {
namespace {

constexpr int kCurveInFrame = 8;  // milliseconds that a curve may take to be computed within a frame

}  // namespace

/// One at a time; what changed meanwhile is computed next.
void SideController::computeCurve() {
  if (scene_.past && curveMilliseconds_ < kCurveInFrame) {
    curveStale_ = false;
    return noteCurve(scene_.curve = curveOf(scene_));
  }
  if (curveRunning_) {
    curveStale_ = true;
    return;
  }
  curveRunning_ = true;
  curveStale_ = false;
  onWorker(
      this,
      [scene = scene_] {
        QElapsedTimer timer;
        timer.start();
        const auto curve = curveOf(scene);
        return std::pair(curve, timer.elapsed());
      },
      [this, scene = scene_](const auto& computed) { takeCurve(computed.first, scene, computed.second); });
}

void SideController::takeCurve(const std::shared_ptr<const ConcentrationCurve>& curve, const Scene& of, qint64 milliseconds) {
  curveMilliseconds_ = milliseconds;
  curveRunning_ = false;
  const bool ofThis = sameCurve(of, scene_);
  if (ofThis || !scene_.past) scene_.curve = curve;
  if (curveStale_ || !(ofThis || scene_.curve)) computeCurve();
  if (ofThis || !scene_.past) noteCurve(curve);
  Q_EMIT sceneChanged();
}

/// Says where it ends early.
void SideController::noteCurve(const std::shared_ptr<const ConcentrationCurve>& curve) {
  const bool cut = !curve || isCut(*curve);
  if (cut && !curveCut_)
    Q_EMIT noticed(
        curve
            ? tr("the curve over concentration ends at %1: beyond, the Bingham normaliser of this model cannot be computed")
                  .arg(curve->concentration.back())
            : tr("there is no curve over concentration: this model cannot be read"));
  curveCut_ = cut;
}

/// Repeatably: once, of the whole run where it rests, since which ones came before hangs on how fast the window is.
bool SideController::glideDue() const {
  const Timeline& run = *source().timeline();
  if (!repeatably_ || !trains()) return wantsGlide(run, scene_);
  const bool rests = status().state == EngineState::Paused && (scene_.past || source().latest() == scene_.snapshot);
  return rests && scene_.routing && run.snapshotSteps(scene_.generation).size() > 1 && glided_ != glideExtent();
}

SideController::GlideExtent SideController::glideExtent() const {
  return {scene_.generation, source().timeline()->snapshotSteps(scene_.generation).back(), scene_.routing->layer};
}

/// Reading a session's moments and their distances takes more than a frame. A later scene asks for the next one.
void SideController::computeGlide() {
  glideRunning_ = true;
  const std::shared_ptr<const Timeline> timeline = source().timeline();
  glided_ = glideExtent();
  Scene from = scene_;
  if (repeatably_ && trains()) from.glide = nullptr;
  using Read = std::pair<std::shared_ptr<const ExpertGlide>, QString>;
  onWorker(
      this,
      [scene = from, timeline]() -> Read {
        try {
          return {glideOf(*timeline, scene), {}};
        } catch (const std::exception& error) {  // an archive that cannot be read
          return {nullptr, error.what()};
        }
      },
      [this, timeline](const Read& read) {
        if (!read.second.isEmpty()) Q_EMIT noticed(tr("the experts' motion over the run cannot be read: ") + read.second);
        takeGlide(read.first, timeline);
      });
}

void SideController::takeGlide(const std::shared_ptr<const ExpertGlide>& glide, const std::shared_ptr<const Timeline>& of) {
  glideRunning_ = false;
  if (!glide || of != glideRun_.lock()) return;
  const auto shown = scene_.glide;
  putGlide(scene_, glide);
  if (!scene_.glide) putGlide(scene_, shown);
  if (scene_.glide != shown) Q_EMIT sceneChanged();
}

/// Of a layer that shows a sample of its tokens the means of all; a moved slider stops what is under way.
void SideController::measureAllTokens() {
  const bool due = scene_.routing && scene_.routing->measured < scene_.routing->tokens && scene_.routing != unmeasured_;
  if (measuring_) *stopMeasuring_ = true;
  if (!due || measuring_) return;
  measuring_ = true;
  *stopMeasuring_ = false;
  const std::shared_ptr<const LayerSnapshot> whole =
      scene_.snapshot->layers[static_cast<std::size_t>(scene_.routing->layer)].whole;
  const auto known = meter_ && meter_->layer() == whole ? meter_ : nullptr;
  using Measured = std::pair<std::shared_ptr<LayerMeter>, std::optional<LayerMeasures>>;
  onWorker(
      this,
      [whole, known, lens = scene_.lens, stop = stopMeasuring_]() -> Measured {
        const auto meter = known ? known : std::make_shared<LayerMeter>(whole);
        try {
          return {meter, meter->measure(lens, stop.get())};
        } catch (const std::exception&) {  // stopped, or not to be read at this concentration: the sample's numbers stay, and say
                                           // of how many
          return {meter, std::nullopt};
        }
      },
      [this, routing = scene_.routing](const Measured& measured) { takeMeasures(routing, measured.first, measured.second); });
}

void SideController::takeMeasures(const std::shared_ptr<const Routing>& of, const std::shared_ptr<LayerMeter>& meter,
                                  const std::optional<LayerMeasures>& measures) {
  measuring_ = false;
  meter_ = meter;
  if (const QString trouble = QString::fromStdString(meter->trouble());
      trouble != std::exchange(meterTrouble_, trouble) && !trouble.isEmpty())
    Q_EMIT noticed(trouble);
  if (!measures && !*stopMeasuring_) unmeasured_ = of;
  if (measures && scene_.routing == of) {
    scene_.routing = std::make_shared<const Routing>(withMeasures(*of, *measures));
    Q_EMIT sceneChanged();
  }
  measureAllTokens();
}

}  // namespace moescope
