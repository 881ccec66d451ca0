#include "core/experiments/torch_angles.h"

#include "core/kernels/torch.h"

#include <stdexcept>

namespace moescope {

std::vector<Eigen::VectorXd> principalAnglesByTorch(const std::vector<Eigen::MatrixXd>& bases, bool sines) {
  if (bases.size() < 2) throw std::invalid_argument("principal angles need two subspaces");
  const torch::InferenceMode guard;
  const auto count = static_cast<std::int64_t>(bases.size());
  const std::int64_t d = bases[0].rows(), r = bases[0].cols();
  torch::Tensor stack = torch::empty({count, r, d}, torch::kFloat64);  // Eigen's columns lie together
  for (std::int64_t i = 0; i < count; ++i) {
    const Eigen::MatrixXd& basis = bases[static_cast<std::size_t>(i)];
    if (basis.rows() != d || basis.cols() != r)
      throw std::invalid_argument("the batched singular values need subspaces of one shape");
    std::copy(basis.data(), basis.data() + basis.size(), stack[i].data_ptr<double>());
  }
  const torch::Tensor pairs = torch::triu_indices(count, count, 1);
  const torch::Tensor first = stack.index_select(0, pairs[0]), second = stack.index_select(0, pairs[1]);
  const torch::Tensor inner = torch::bmm(first, second.transpose(1, 2));
  const torch::Tensor cosines = torch::linalg_svdvals(inner).clamp_max(1.0);
  torch::Tensor angles = cosines.acos();
  if (sines) {
    const torch::Tensor residual = second.transpose(1, 2) - torch::bmm(first.transpose(1, 2), inner);
    const torch::Tensor small = torch::linalg_svdvals(residual).clamp_max(1.0).flip(1).asin();
    angles = torch::where(cosines.square() > 0.5, small, angles);
  }
  std::vector<Eigen::VectorXd> result;
  const torch::Tensor dense = angles.contiguous();
  for (std::int64_t i = 0; i < dense.size(0); ++i)
    result.emplace_back(Eigen::Map<const Eigen::VectorXd>(dense.data_ptr<double>() + i * r, r));
  return result;
}

}  // namespace moescope
