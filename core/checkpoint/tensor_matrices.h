#pragma once
// Matrices and vectors out of a checkpoint's tensors as floats, with the scales of quantised ones applied:
//   NAME of floats, or of those of ggml's blocks that isGgmlPacking() names;
//   NAME of fp8 with NAME_scale_inv, NAME_scale or, for NAME ending in ".weight", ".scale": one factor for the matrix, each row,
//   each
//     block of 128 x 128, or each 32 values of a row (floats, or exponents as E8M0 or U8);
//   NAME of U8 with two E2M1 values a byte, the low nibble first: NVFP4 with NAME_scale (E4M3, 16 values each) times
//   NAME_scale_2; MXFP4
//     with NAME_scale or ".scale" (exponents, 32 values each); NAME_packed is the same, NVFP4 then divided by NAME_global_scale;
//   NAME_packed of I32 with integers of 4 or 8 bits, the lowest bits first, less 8 or 128, with NAME_scale for each row or group
//   of it.
// Formats: the compressed-tensors and transformers libraries, the Open Compute Microscaling specification.

#include <string>

#include "core/checkpoint/reading_notes.h"
#include "core/checkpoint/safetensors.h"
#include "core/metrics/row_matrix.h"

namespace moescope {

/// Where a matrix lies: a tensor [rows, columns], or slice `slice` of a tensor [slices, rows, columns].
struct MatrixPlace {
  std::string name;
  std::int64_t rows = 0, columns = 0;
  std::int64_t slice = 0, slices = 0;  ///< slices 0: the tensor has two dimensions
};

/// Whether the tensor, or NAME_packed, is there.
bool holdsMatrix(const Safetensors& tensors, const std::string& name);
/// Its shape as the file gives it: of packed ones the columns are fewer.
const std::vector<std::int64_t>& storedShape(const Safetensors& tensors, const std::string& name);
/// Of a name beside a matrix: the matrix that readRows() applies it to, as its scales, its packed numbers or their shape; empty
/// where it belongs to none.
std::string matrixOfCompanion(const Safetensors& tensors, const std::string& name);

/// Rows [from, from + count) into `into`, whose memory is used again. Throws std::runtime_error naming the tensor when its shape
/// is another, when it holds neither floats nor a packing that is known, or is quantised without scales or with others.
void readRows(const Safetensors& tensors, const MatrixPlace& place, std::int64_t from, std::int64_t count, RowMatrix& into);
/// All of them.
void readMatrix(const Safetensors& tensors, const MatrixPlace& place, RowMatrix& into);
RowMatrix readMatrix(const Safetensors& tensors, const MatrixPlace& place);

/// A tensor of `size` floats, of shape [size] or [1, size].
Eigen::VectorXf readVector(const Safetensors& tensors, const std::string& name, std::int64_t size);
/// Row `row` of a tensor [rows, size].
Eigen::VectorXf readRow(const Safetensors& tensors, const std::string& name, std::int64_t row, std::int64_t rows,
                        std::int64_t size);

/// Rows (R x 32 G) of expert `expert` from NAME_blocks [N, R, G, 16] and NAME_scales [N, R, G]: each byte holds two E2M1
/// values, the low nibble first; a block of 32 is multiplied by 2^(scale - 127).
RowMatrix readMxfp4(const Safetensors& tensors, const std::string& name, int expert, std::int64_t experts, std::int64_t rows,
                    std::int64_t columns);

/// Throws std::runtime_error unless the tensor has this shape.
void requireShape(const Safetensors& tensors, const std::string& name, const std::vector<std::int64_t>& expected);

/// Notes how many values are not finite, where any are. `what` begins the line.
void noteValuesNotFinite(const std::string& what, const RowMatrix& values, ReadingNotes& notes);
void noteValuesNotFinite(const std::string& what, const Eigen::VectorXf& values, ReadingNotes& notes);

}  // namespace moescope
