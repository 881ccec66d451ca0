#pragma once
// Products, norms, attention and loss of the model: on CPUs by HostKernels with a hand-written gradient, elsewhere by LibTorch's
// operations. Internal: includes LibTorch.

#include "core/kernels/torch.h"

#include "core/kernels/dispatch.h"
#include "core/kernels/host_kernels.h"

namespace moescope {

/// x @ weight: (n x k) (k x m), float.
torch::Tensor product(const torch::Tensor& x, const torch::Tensor& weight, Dispatch dispatch);

/// embedding[byte] + positions[place in its sequence], (sequences * context) x width. `bytes`: sequences x context, int64 in
/// [0, rows of embedding); `positions`: at least context x width.
torch::Tensor embed(const torch::Tensor& bytes, const torch::Tensor& embedding, const torch::Tensor& positions,
                    Dispatch dispatch);

/// x / sqrt(mean(x^2) + 1e-6) * gain over the last dimension (Zhang and Sennrich 2019).
torch::Tensor rootMeanSquareNorm(const torch::Tensor& x, const torch::Tensor& gain, Dispatch dispatch);

/// The residual stream after a block, and its norm for the next one.
struct Residual {
  torch::Tensor sum, norm;
};
/// x + more and the norm of that.
Residual addAndNorm(const torch::Tensor& x, const torch::Tensor& more, const torch::Tensor& gain, Dispatch dispatch);

/// Causal attention of every head over every sequence, (sequences * context) x width. `projected`: (sequences * context) x
/// 3 width: queries, keys and values, each all heads side by side.
torch::Tensor causalAttention(const torch::Tensor& projected, std::int64_t sequences, std::int64_t heads, Dispatch dispatch);

/// s[t, e] = sum over j of weights[e, j] * products[t, e r + j]^2, T x N. `products`: T x (N r); `weights`: N x r.
torch::Tensor weightedSquares(const torch::Tensor& products, const torch::Tensor& weights, Dispatch dispatch);

/// Mean over rows of the cross-entropy of logits (n x classes) against targets (n, int64), in nats.
torch::Tensor meanCrossEntropy(const torch::Tensor& logits, const torch::Tensor& targets, Dispatch dispatch);

/// Whether HostKernels can work on this tensor.
bool onHost(const torch::Tensor& tensor, Dispatch dispatch);

/// Rows [from, to) of a contiguous tensor, seen as a matrix of its last dimension.
HostMatrix rowsOf(const torch::Tensor& tensor, std::int64_t from, std::int64_t to);
ConstHostMatrix constRowsOf(const torch::Tensor& tensor, std::int64_t from, std::int64_t to);

/// The transpose of a contiguous matrix, or of each of several (n x rows x columns). On the host.
torch::Tensor transposed(const torch::Tensor& matrices);

/// Columns [from, to) of all rows.
ConstHostMatrix constColumnsOf(const torch::Tensor& tensor, std::int64_t from, std::int64_t to);

/// Calls work(from, to) for pieces of at most `piece` of [0, count), on LibTorch's threads. Each begins with a run of its own,
/// the same for the same count, so that rows stay in one core's cache from one operation to the next, and then helps the others.
/// Exact and free of races as long as the pieces are independent.
void inPieces(std::int64_t count, std::int64_t piece, const std::function<void(std::int64_t, std::int64_t)>& work);

}  // namespace moescope
