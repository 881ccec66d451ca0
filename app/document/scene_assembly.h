#pragma once
// Scene = assembleScene(Timeline, Document): the one way in which a picture comes about.

#include "app/document/document.h"
#include "views/scene.h"

namespace moescope {

/// What a side of the document shows of a time line, without the curve over concentration and a pinned reference. Pure: `before`,
/// where given, only lends what is the same in it, and the moment that it shows where the time line has thinned that out since: what a
/// cursor stands on stays. Layers, experts and tokens that the moment has not are left out. A lens that the
/// snapshot cannot be read through gives the tempered reading, and where that fails too nothing; `readingNote` says so.
Scene assembleScene(const Timeline& timeline, const Document& document, int side, const Scene* before = nullptr);

/// Whether two scenes have the same curve over concentration.
bool sameCurve(const Scene& a, const Scene& b);

/// Mean entropy and its bounds from concentration 1/32 to 32. It ends early where the Bingham normaliser cannot be computed beyond, and
/// is null where it cannot be at all.
std::shared_ptr<const ConcentrationCurve> curveOf(const Scene& scene);
/// Whether the curve ends early.
bool isCut(const ConcentrationCurve& curve);

}  // namespace moescope
