#pragma once
// What the tensors and entries of a model's file are called (docs/model-state.md); the model's own have the names of TensorNames.
// Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include <cstdint>
#include <string>

namespace moescope {

inline const std::string kFirstMoment = "optimiser.first_moment.", kSecondMoment = "optimiser.second_moment.",
                         kMomentSteps = "optimiser.steps.";
inline const std::string kLoad = "load.", kStart = "start.", kGradient = "gradient.", kCounter = "counter.";
inline const std::string kDice = "batches.generator";
inline constexpr std::int64_t kDiceWords = 313;

inline const std::string kFormat = "format", kVersion = "moescope_model", kVersionNow = "1";
inline const std::string kKnobs = "knobs", kStep = "step", kTrainingLoss = "training_loss", kStepped = "router_stepped";
inline const std::string kCorpus = "corpus", kCorpusHash = "corpus_hash", kDevice = "device", kThreads = "threads";

/// As the format calls it.
inline std::string typeName(torch::ScalarType type) {
  switch (type) {
    case torch::kFloat32: return "F32";
    case torch::kFloat64: return "F64";
    case torch::kInt64: return "I64";
    case torch::kUInt64: return "U64";
    default: TORCH_CHECK(false, "no tensor of a model has this type");
  }
}

}  // namespace moescope
