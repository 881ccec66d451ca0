#pragma once
// What views draw: one moment of a time line, read through a lens.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/geometry/expert_analysis.h"
#include "core/reading/lens.h"
#include "core/reading/prompt.h"
#include "core/reading/routing.h"
#include "core/reading/selection.h"
#include "core/timeline/timeline.h"

namespace moescope {

struct ExpertGlide;
struct GlidePlace;

/// An analysis that was pinned to compare later ones with.
struct Reference {
  std::shared_ptr<const ExpertAnalysis> analysis;
  std::string name;  ///< "soft, layer 1, step 900"
};

/// All but `snapshot`, `tracks` and `routing` may be empty.
struct Scene {
  SnapshotPointer snapshot;
  std::shared_ptr<const SnapshotTracks> tracks;  ///< of the snapshot
  std::uint64_t generation = 0;  ///< whose moment this is: the snapshot's, or a branch of it that shares the snapshot
  bool past = false;             ///< a moment that was gone back to, not the newest one
  Lens lens;        ///< through which `routing` was read
  Lens wantedLens;  ///< that was asked for; another one where the snapshot cannot be read through it
  Selection selection;
  std::shared_ptr<const Routing> routing;
  std::shared_ptr<const ConcentrationCurve> curve;
  std::shared_ptr<const ExpertGlide>
      glide;  ///< the layer's experts over the whole run; null: none yet, or the run has one moment
  std::shared_ptr<const GlidePlace> place;              ///< of the snapshot's experts in it; null where `glide` is
  std::shared_ptr<const StepSeries> steps;              ///< of the generation, also those after the snapshot
  std::shared_ptr<const ExpertAnalysis> analysis;       ///< of the lens's layer, a little older than the snapshot; null: none yet
  std::shared_ptr<const ComparedEmbeddings> compared;   ///< of that analysis; null: it has too few subspaces
  std::shared_ptr<const std::vector<AnalysisPointer>> analysisHistory;  ///< of that layer, oldest first
  std::string analysisFailure;                          ///< what came of the analysis after that one; empty: nothing failed
  std::shared_ptr<const Reference> reference;           ///< null: nothing is pinned
  std::string readingNote;  ///< why `lens` is not what was asked for, or why there is no routing; empty: all is as asked
  std::map<std::string, std::map<std::string, std::string>>
      viewOptions;  ///< by view and option, where people chose other than the default
  std::shared_ptr<const Scene>
      beside;  ///< the other side of A|B, which has the same scales; its own is null. Null: this is shown alone
  std::shared_ptr<const PromptReading> prompt;    ///< text of one's own, read by the shown model; null: none
  std::shared_ptr<const Routing> promptRouting;   ///< of it, through `lens`; null: none
  int promptPlace = -1;  ///< a byte of it, counted in the reading; -1: none
  bool recorded = false;  ///< of a recorded session, not of a model that trains here
  std::string underWay;  ///< what a checkpoint's thread is doing, or why it stopped; empty: nothing to say
};

/// Where the numbers of a scene come from: one word, and what it means.
struct Provenance {
  enum class Kind { Live, Recorded, Checkpoint, Capture };
  Kind kind = Kind::Live;
  std::string word, meaning;
};
/// Of a scene with a snapshot.
Provenance provenanceOf(const Scene& scene);

/// Which of the layer's tokens are drawn and which the means are of; empty where both are all.
std::string tokensDrawn(const Scene& scene);

/// Of a capture: tokens that were left aside; empty: none, or it is none.
std::string leftAside(const Scene& scene);
/// Of a capture: tokens that count and that no router gave so, as a warning; empty: none, or it is none.
std::string identicalCounted(const Scene& scene);

/// What was chosen for a view's option, or `initial`, which is its default.
std::string optionOf(const Scene& scene, const std::string& view, const std::string& option, const std::string& initial);

/// The scene, and the one beside it where that has a routing too and is a capture where the scene is one: what a view chooses its
/// scales from.
std::vector<const Scene*> sharingScale(const Scene& scene);

/// Whether two scenes are one and the same to every view. False for some that would look the same.
bool looksAlike(const Scene& a, const Scene& b);

/// Puts a moment of a time line into a scene: the snapshot and what was derived from it.
void show(Scene& scene, const TimelineMoment& moment);
/// Puts the analyses of the shown layer into a scene.
void show(Scene& scene, const LayerAnalyses& analyses);

/// What a time line shows of a generation at a step, read through a lens; without curve, selection and reference. Empty where
/// there is no snapshot. Throws as evaluate() does.
Scene sceneAt(const Timeline& timeline, std::uint64_t generation, std::int64_t step, const Lens& lens);

}  // namespace moescope
