#pragma once
// One line for each view, in the order in which they are offered; declareName() is defined in the view's own file.

#include "views/view.h"

#define MOESCOPE_VIEWS(VIEW) \
  VIEW(ScorePolygon) \
  VIEW(ExpertSubspaces) \
  VIEW(GrassmannEmbedding) \
  VIEW(ScoreHeatMap) \
  VIEW(LoadBars) \
  VIEW(TrainingMetrics) \
  VIEW(ExpertSpectra) \
  VIEW(TokenUncertainty) \
  VIEW(NextBytes) \
  VIEW(ConcentrationCurve) \
  VIEW(JacobianAlignment) \
  VIEW(PrincipalAngles) \
  VIEW(SubspacePair) \
  VIEW(Asymmetry) \
  VIEW(CouplingMatrix) \
  VIEW(ScoreActivation) \
  VIEW(JacobianSpectra) \
  VIEW(Misrouting) \
  VIEW(EmbeddingsCompared) \
  VIEW(LayerMap) \
  VIEW(CoActivation) \
  VIEW(LayerTransitions) \
  VIEW(LoadAlong) \
  VIEW(DomainLift)

namespace moescope {

inline constexpr const char* kLayersGroup = "Layers";  ///< of views all of which can show a capture

#define MOESCOPE_DECLARE_VIEW(name) ViewDeclaration declare##name();
MOESCOPE_VIEWS(MOESCOPE_DECLARE_VIEW)
#undef MOESCOPE_DECLARE_VIEW

}  // namespace moescope
