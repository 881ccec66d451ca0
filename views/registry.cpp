#include "views/registry.h"

namespace moescope {

const std::vector<ViewDeclaration>& viewRegistry() {
  static const std::vector<ViewDeclaration> registry = {
      declareScorePolygon(),  declareExpertSubspaces(), declareGrassmannEmbedding(),  declareScoreHeatMap(),
      declareLoadBars(),      declareTrainingMetrics(), declareExpertSpectra(), declareTokenUncertainty(),
      declareConcentrationCurve(),
      declareJacobianAlignment(), declarePrincipalAngles(), declareSubspacePair(), declareAsymmetry(),         declareCouplingMatrix(),
      declareScoreActivation(), declareMisrouting(), declareEmbeddingsCompared(),
  };
  return registry;
}

}  // namespace moescope
