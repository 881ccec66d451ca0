#pragma once
// Text of one's own through the model: how it is routed, what the model expects after each byte, and how it would go on.

#include <cstdint>
#include <string>

#include "core/metrics/row_matrix.h"
#include "core/reading/lens.h"
#include "core/reading/snapshot.h"

namespace moescope {

inline constexpr int kLongestPrompt = 2048;  ///< bytes
inline constexpr int kMostBytesMore = 512;

struct PromptRequest {
  std::string text;          ///< bytes, as UTF-8 or anything else
  Lens lens;                 ///< through which every layer's routing is read for `next`, `loss` and `continuation`
  int more = 0;              ///< bytes that the model is to write on, 0 to kMostBytesMore
  double temperature = 1.0;  ///< of the softmax over the next byte; 0: always the likeliest
  std::uint64_t seed = 1;

  bool operator==(const PromptRequest&) const = default;
};

/// The text, with what the model wrote on, is cut into parts of equal length that the model's context holds, read as one batch: T
/// bytes.
struct PromptReading {
  PromptRequest request;
  std::int64_t step = -1;        ///< of the model; -1: nothing was read yet
  std::uint64_t generation = 0;
  SnapshotPointer snapshot;      ///< its probe is the text; every layer as trained. Null where there is no text
  int first = 0;                 ///< bytes at the start of the text that were left out
  int part = 0;                  ///< bytes that the model sees as one sequence
  RowMatrix next;                ///< T x 256: probability of the byte that follows
  RowMatrix nextAsTrained;       ///< T x 256: the same with every layer routed as in training
  double loss = 0.0;             ///< nats per byte, over all bytes but the first of each part; NaN where there is none
  double lossAsTrained = 0.0;    ///< the same with every layer routed as in training
  std::string continuation;      ///< that follows the text; its bytes are the last of the T
  std::string failure;           ///< why nothing could be read; empty: it could
};

}  // namespace moescope
