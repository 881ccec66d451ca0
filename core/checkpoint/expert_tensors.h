#pragma once
// Expert weights out of a checkpoint's tensors, whatever their names, orientation, packing and number format:
// numbered experts ([out, in] each), stacked by transformers 5 ([N, 2I, d], gate rows before up rows), gpt-oss ([N, d, 2I],
// gate and up columns interleaved) and its MXFP4 release (rows interleaved, blocks of 32 values with one exponent).
// Tensor names and layouts: the transformers library's modelling and conversion sources (anchors page, section 7).

#include <optional>
#include <string>

#include "core/checkpoint/families.h"
#include "core/checkpoint/family_config.h"

namespace moescope {

/// A tensor of shape [rows, columns]. fp8 tensors are multiplied by their `NAME_scale_inv`, one factor for each block of
/// 128 x 128. Throws std::runtime_error naming the tensor when its shape is another, when it holds no floats, or fp8 without such
/// factors or with others.
RowMatrix readMatrix(const Safetensors& tensors, const std::string& name, std::int64_t rows, std::int64_t columns);
/// The same into a matrix whose memory is used again where it is large enough.
void readMatrix(const Safetensors& tensors, const std::string& name, std::int64_t rows, std::int64_t columns, RowMatrix& into);

/// A tensor of `size` floats, of shape [size] or [1, size].
Eigen::VectorXf readVector(const Safetensors& tensors, const std::string& name, std::int64_t size);

/// Rows (R x 32 G) of expert `expert` from NAME_blocks [N, R, G, 16] and NAME_scales [N, R, G]: each byte holds two E2M1
/// values, the low nibble first; a block of 32 is multiplied by 2^(scale - 127).
RowMatrix readMxfp4(const Safetensors& tensors, const std::string& name, int expert, std::int64_t experts, std::int64_t rows, std::int64_t columns);

/// Into `into`, whose memory is used again: expert `number` of `experts`, of the tensors that begin with `prefix`
/// ("model.layers.0.mlp.experts."). Throws std::runtime_error with one line when tensors are missing, have another shape, or are
/// there in two packings at once.
void readExpert(const Safetensors& tensors, const std::string& prefix, int number, int experts, const FamilyConfig& config, ExpertWeights& into);

/// The expert under `prefix` + "shared_expert." (Qwen2-MoE) or "shared_experts." (DeepSeek); nothing where there is none.
std::optional<SharedExpert> readSharedExpert(const Safetensors& tensors, const std::string& prefix, const FamilyConfig& config);

/// Notes how many values are not finite, where any are. `what` begins the line.
void noteValuesNotFinite(const std::string& what, const RowMatrix& values, ReadingNotes& notes);
void noteValuesNotFinite(const std::string& what, const Eigen::VectorXf& values, ReadingNotes& notes);
/// The same for what readExpert() and readSharedExpert() gave, with the tensors' own names.
void noteExpertNotFinite(const Safetensors& tensors, const std::string& prefix, int number, const ExpertWeights& weights, ReadingNotes& notes);
void noteSharedNotFinite(const Safetensors& tensors, const std::string& prefix, const SharedExpert& shared, ReadingNotes& notes);

}  // namespace moescope
