#pragma once
// Scene = assembleScene(Timeline, Document): the one way in which a picture comes about.

#include "app/document/document.h"
#include "views/scene.h"

namespace moescope {

/// What a side of the document shows of a time line, without the curve over concentration, the experts' glide and a pinned
/// reference. Pure: `before`, where given, only lends what is the same in it, and the moment that it shows where the time line
/// has thinned that out since: what a cursor stands on stays. Layers, experts and tokens that the moment has not are left out. A
/// lens that the snapshot cannot be read through gives the tempered reading, and where that fails too nothing; `readingNote` says
/// so. `upToStep`: while the cursor is live, the newest moment up to it, so that two sides can be shown at the same step.
Scene assembleScene(const Timeline& timeline, const Document& document, int side, const Scene* before = nullptr,
                    std::int64_t upToStep = Timeline::kEnd);

/// Where a side stands on its time line. A linked cursor is of a run of the active side: on the other one the same step of the
/// current run.
Cursor cursorOf(const Timeline& timeline, const Document& document, int side);

/// The last step that both have reached, for scenes of two sides whose times are linked.
std::int64_t commonStep(const Timeline& a, const Timeline& b);
/// Puts each of two scenes beside the other one.
void putBeside(Scene& a, Scene& b);

/// Whether the run has moments enough that its experts' glide is worth computing, or has gone on so far that it is again.
bool wantsGlide(const Timeline& timeline, const Scene& scene);
/// The glide of the scene's layer over its run, turned onto the scene's own, else onto the plane of its tracks. Null: fewer than
/// two moments. For large models seconds.
std::shared_ptr<const ExpertGlide> glideOf(const Timeline& timeline, const Scene& scene);
/// Puts a glide into a scene, and where its snapshot stands in it; one of another run, layer, router or shape is left out.
/// `before` lends the place where it is the same.
void putGlide(Scene& scene, const std::shared_ptr<const ExpertGlide>& glide, const Scene* before = nullptr);

/// Whether two scenes have the same curve over concentration.
bool sameCurve(const Scene& a, const Scene& b);

/// Mean entropy and its bounds from concentration 1/32 to 32. It ends early where the Bingham normaliser cannot be computed
/// beyond, and is null where it cannot be at all, as of a capture.
std::shared_ptr<const ConcentrationCurve> curveOf(const Scene& scene);
/// Whether the curve ends early.
bool isCut(const ConcentrationCurve& curve);

}  // namespace moescope
