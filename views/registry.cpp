#include "views/registry.h"

namespace moescope {

const std::vector<ViewDeclaration>& viewRegistry() {
  static const std::vector<ViewDeclaration> registry = {
      declareScorePolygon(),  declareExpertSubspaces(), declareGrassmannEmbedding(),  declareScoreHeatMap(),
      declareLoadBars(),      declareTrainingMetrics(), declareConcentrationCurve(),
      declareJacobianAlignment(), declarePrincipalAngles(),  declareAsymmetry(),         declareCouplingMatrix(),
      declareScoreActivation(), declareEmbeddingsCompared(),
  };
  return registry;
}

}  // namespace moescope
