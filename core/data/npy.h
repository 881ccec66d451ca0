#pragma once
// Reading NumPy's .npy arrays (format versions 1 to 3), as strangers write them.
//
// Source: NumPy enhancement proposal 1 and numpy.lib.format's description of versions 2 and 3.

#include <Eigen/Core>
#include <filesystem>

namespace moescope {

/// A vector (read as one column) or matrix of float16, float32 or float64, either byte order, C or Fortran order. The size
/// that the header states is checked against the file's before memory for it is taken, so a small file never asks for much.
/// Throws std::runtime_error: the file, the place, what was expected.
Eigen::MatrixXd readNpy(const std::filesystem::path& file);

}  // namespace moescope
