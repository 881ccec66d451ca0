#pragma once
// A routing trace: what a model's MoE layers saw and chose, as a safetensors file that PyTorch users write with forward hooks
// (docs/trace.md). For each traced layer L, counted as in the model:
//   hidden.L         [T, d]  what router and experts read
//   router_logits.L  [T, N]  optional, as the family's rule takes them: bias, factor and soft cap included
//   expert_ids.L     [T, k]  optional, integers in [0, N)
//   gates.L          [T, k]  optional, at least 0, what multiplied the chosen experts' outputs
// and, once for the file, optional:
//   tokens           [T]     integers: the tokenizer's ids
//   domains          [T]     integers from 0 to 255: which text a token is from
//   domain_names     [B]     U8: their names in UTF-8, one a line
// T may differ between files, not between layers.

#include <filesystem>
#include <string>
#include <vector>

#include "core/checkpoint/reading_notes.h"
#include "core/checkpoint/safetensors.h"
#include "core/metrics/row_matrix.h"

namespace moescope {

struct TraceLayer {
  RowMatrix hidden;   ///< T x d
  RowMatrix logits;   ///< T x N, or empty
  Eigen::MatrixXi experts;  ///< T x k, or empty
  RowMatrix gates;    ///< T x k, or empty
  ReadingNotes notes;  ///< of this layer: tokens with an expert more than once
};

class RoutingTrace {
 public:
  /// Checks every shape and type; the data is read when asked for. Throws std::runtime_error: file, tensor, expectation.
  explicit RoutingTrace(const std::filesystem::path& file);

  const std::vector<int>& layers() const { return layers_; }  ///< rising
  bool has(int layer) const;
  std::int64_t tokens() const { return tokens_; }
  /// At most `limit` tokens, evenly spaced. Throws std::runtime_error for a layer that is not there, an expert id outside
  /// [0, experts), a value that is not finite, a gate below 0, or a width other than `width`.
  TraceLayer layer(int layer, int experts, int width, std::int64_t limit) const;
  /// The same of tokens in [0, tokens()).
  TraceLayer layer(int layer, int experts, int width, const std::vector<std::int64_t>& chosen) const;
  /// Which tokens layer() takes: at most `limit` numbers in [0, tokens()), rising, evenly spaced.
  std::vector<std::int64_t> chosenTokens(std::int64_t limit) const;
  /// `tokens` or `domains` of the chosen tokens; empty where the file has none. Throws std::runtime_error unless they are
  /// integers of shape [tokens()] in [0, most].
  std::vector<int> perToken(const std::string& tensor, std::int64_t limit, int most) const;
  std::vector<std::string> domainNames() const;  ///< as many as there are lines; empty where the file has none
  bool isSynthetic() const;  ///< whether the file says that its tokens are invented
  const std::string& file() const { return file_; }
  /// Tensors that are left aside, names that are shortened.
  const ReadingNotes& notes() const { return notes_; }
  /// That a reader of `limit` tokens leaves some out; nothing where it takes all.
  ReadingNotes notesOfLimit(std::int64_t limit) const;

 private:
  void require(bool holds, const std::string& tensor, const std::string& expected) const;
  void noteUnread();
  std::vector<std::string> domainLines() const;
  RowMatrix rows(const std::string& name, const std::vector<std::int64_t>& chosen) const;

  Safetensors tensors_;
  std::string file_;
  std::vector<int> layers_;
  std::int64_t tokens_ = 0;
  ReadingNotes notes_;
};

}  // namespace moescope
