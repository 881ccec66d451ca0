#pragma once
// The part of LibTorch that models, routers and trainers use: tensors, gradients of our own, modules. All of <torch/torch.h>
// takes the compiler half as long again. Internal: for .cpp files, and for headers that only they include.

#include <torch/csrc/autograd/custom_function.h>
#include <torch/cuda.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>
