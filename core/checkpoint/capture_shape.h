#pragma once
// Which shape the ids of a capture probably have, where nothing tells it.

#include <cstdint>
#include <vector>

#include "core/checkpoint/capture.h"

namespace moescope {

/// Layers and k of ids in the order [tokens, layers, k]; 0: the ids do not tell.
/// k: the largest divisor, up to 64, for which no group of k holds one id twice; groups of zeros or of -1 alone, as of dense
/// layers and padding, do not count. Layers: the L, up to 512, for which the expert depends most on the place of its group modulo
/// L, by Akaike's criterion: the likelihood ratio G = 2 n I(place; expert) less twice its degrees of freedom, (L - 1)(N - 1), so
/// that multiples of L do not win.
CaptureShape proposedShape(const std::vector<std::int32_t>& ids);

}  // namespace moescope
