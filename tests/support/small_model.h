#pragma once
// A model that trains in no time, and what tests of it compare.

#include "core/kernels/torch.h"

#include "core/knobs/knobs.h"
#include "core/routers/router.h"

namespace moescope::testing {

inline Knobs oneLayerKnobs(const std::string& router = "grmoe") {
  Knobs knobs;
  knobs.router = router;
  knobs.corpus = "procedural";
  knobs.device = "cpu";
  knobs.width = 32;
  knobs.experts = 4;
  knobs.expertWidth = 32;
  knobs.layers = 1;
  knobs.context = 32;
  knobs.probeTokens = 256;
  return knobs;
}

inline std::shared_ptr<Router> makeRouter(const Knobs& knobs) {
  at::Generator random = seededGenerator(3);
  return createRouter(knobs, random);
}

inline double difference(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

}  // namespace moescope::testing
