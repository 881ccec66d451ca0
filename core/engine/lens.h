#pragma once
// A lens changes how a snapshot is read and never touches training.

#include <string>
#include <vector>

#include "core/metrics/gates.h"

namespace moescope {

/// How the concentration enters the logits (math specification, 3.2).
enum class ConcentrationReading {
  Tempered,  ///< softmax(alpha * l): entropy never rises with alpha, for every token
  Bingham,   ///< softmax(log pi + alpha s - psi(alpha Lambda)): not monotone per token when spectra differ
};

/// Which of a GrMoE layer's two gate distributions is read; the same for routers without an amortised posterior.
enum class GateSource {
  Trained,  ///< what training applies: the posterior q where it is on, else the prior p
  Prior,    ///< the Bingham mixture's p
};

/// What may be typed, pasted or given on the command line. The slider ends far below.
inline constexpr double kGreatestConcentration = 1e6;

struct Lens {
  float concentration = 1.0f;  ///< alpha >= 0, no unit
  ConcentrationReading reading = ConcentrationReading::Tempered;
  GateSource source = GateSource::Trained;
  GatingRule gating;
  int layer = 0;               ///< clamped to the snapshot's layers
  int selectedExpert = -1;     ///< -1: none
  int selectedOther = -1;      ///< the second expert of a selected pair, never the same and never without the first; -1: none
  int selectedToken = -1;      ///< -1: none
  int selectedDomain = -1;     ///< -1: none
};

/// Whether a pair of experts is selected.
inline bool selectsPair(const Lens& lens) { return lens.selectedExpert >= 0 && lens.selectedOther >= 0; }

/// Whether this expert is the selected one, or one of the selected pair.
inline bool selects(const Lens& lens, int expert) { return expert >= 0 && (lens.selectedExpert == expert || lens.selectedOther == expert); }

/// Whether some expert is selected and this one is not: it is drawn faintly.
inline bool leavesOut(const Lens& lens, int expert) { return lens.selectedExpert >= 0 && !selects(lens, expert); }

/// The lens without selected experts and tokens that a layer of this many has not.
Lens withinShape(Lens lens, int experts, int tokens);

}  // namespace moescope
