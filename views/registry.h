#pragma once
// One line for each view; the definition is in the view's own file.

#include "views/view.h"

namespace moescope {

ViewDeclaration declareScorePolygon();
ViewDeclaration declareExpertSubspaces();
ViewDeclaration declareGrassmannEmbedding();
ViewDeclaration declareScoreHeatMap();
ViewDeclaration declareLoadBars();
ViewDeclaration declareTrainingMetrics();
ViewDeclaration declareConcentrationCurve();
ViewDeclaration declareExpertSpectra();
ViewDeclaration declareTokenUncertainty();
ViewDeclaration declareJacobianAlignment();
ViewDeclaration declarePrincipalAngles();
ViewDeclaration declareSubspacePair();
ViewDeclaration declareAsymmetry();
ViewDeclaration declareCouplingMatrix();
ViewDeclaration declareScoreActivation();
ViewDeclaration declareMisrouting();
ViewDeclaration declareEmbeddingsCompared();

}  // namespace moescope
