#pragma once
// A lens changes how a snapshot is read and never touches training.

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

  bool operator==(const Lens&) const = default;
};

}  // namespace moescope
