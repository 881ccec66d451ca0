#include "core/kernels/gpu_operations.h"

namespace moescope {

const GpuKernels& kernelsIn(const torch::autograd::AutogradContext& context) {
  return *reinterpret_cast<const GpuKernels*>(context.saved_data.at("kernels").toInt());
}

namespace {

class WeightedSquares : public torch::autograd::Function<WeightedSquares> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                               const torch::Tensor& givenWeights, const GpuKernels* kernels) {
    const torch::Tensor products = given.contiguous(), weights = givenWeights.contiguous();
    torch::Tensor out = torch::empty({products.size(0), weights.size(0)}, products.options());
    kernels->weightedSquares(products.data_ptr<float>(), weights.data_ptr<float>(), products.size(0),
                             static_cast<int>(weights.size(0)), static_cast<int>(weights.size(1)), out.data_ptr<float>());
    context->save_for_backward({products, weights});
    context->saved_data["kernels"] = reinterpret_cast<std::int64_t>(kernels);
    return out;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context, torch::autograd::tensor_list upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &products = saved[0], &weights = saved[1], outGradient = upstream[0].contiguous();
    const torch::Tensor productGradient = torch::empty_like(products), weightGradient = torch::empty_like(weights);
    kernelsIn(*context).weightedSquaresGradient(products.data_ptr<float>(), weights.data_ptr<float>(),
                                                outGradient.data_ptr<float>(), products.size(0),
                                                static_cast<int>(weights.size(0)), static_cast<int>(weights.size(1)),
                                                productGradient.data_ptr<float>(), weightGradient.data_ptr<float>());
    return {productGradient, weightGradient, torch::Tensor()};
  }
};

}  // namespace

const GpuKernels* kernelsFor(const torch::Tensor& tensor) {
  return tensor.is_cuda() && tensor.get_device() == 0 && tensor.scalar_type() == torch::kFloat32 ? gpuKernels() : nullptr;
}

torch::Tensor weightedSquares(const GpuKernels& kernels, const torch::Tensor& products, const torch::Tensor& weights) {
  return WeightedSquares::apply(products, weights, &kernels);
}

Normalisers binghamNormalisers(const GpuKernels& kernels, const torch::Tensor& given, std::int64_t dimension) {
  const torch::Tensor spectra = given.detach().contiguous();
  const Normalisers made{torch::empty({spectra.size(0)}, spectra.options()), torch::empty_like(spectra)};
  kernels.binghamNormaliser(spectra.data_ptr<float>(), static_cast<int>(spectra.size(0)), static_cast<int>(spectra.size(1)),
                            static_cast<int>(dimension), made.value.data_ptr<float>(), made.gradient.data_ptr<float>());
  return made;
}

Normalisers vonMisesFisherNormalisers(const GpuKernels& kernels, const torch::Tensor& given, std::int64_t dimension) {
  const torch::Tensor kappa = given.detach().contiguous();
  const Normalisers made{torch::empty_like(kappa), torch::empty_like(kappa)};
  kernels.vonMisesFisherNormaliser(kappa.data_ptr<float>(), static_cast<int>(kappa.size(0)), static_cast<int>(dimension),
                                   made.value.data_ptr<float>(), made.gradient.data_ptr<float>());
  return made;
}

torch::Tensor orthonormalised(const GpuKernels& kernels, const torch::Tensor& frames) {
  torch::Tensor made = frames.detach().clone(torch::MemoryFormat::Contiguous);
  kernels.orthonormalise(made.data_ptr<float>(), static_cast<int>(made.size(0)), static_cast<int>(made.size(1)),
                         static_cast<int>(made.size(2)));
  return made;
}

}  // namespace moescope
