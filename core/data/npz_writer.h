#pragma once
// Arrays as a NumPy .npz archive (what numpy.savez writes): ZIP members stored as they are, each a .npy array of format 1.0.
// Sources: NumPy enhancement proposal 1; PKWARE's APPNOTE.TXT.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/metrics/row_matrix.h"

namespace moescope {

/// Not thread-safe. Each add() throws std::runtime_error for an archive that would grow beyond the 4 GiB that ZIP can hold
/// without its extension, or a name that is there already.
class NpzWriter {
 public:
  void add(const std::string& name, const RowMatrix& matrix);              ///< float32, rows x columns
  void add(const std::string& name, const Eigen::MatrixXd& matrix);        ///< float64, rows x columns
  void add(const std::string& name,
           const std::vector<Eigen::MatrixXf>& stack);  ///< float32, count x rows x columns; equal shapes
  void add(const std::string& name, const std::vector<std::int64_t>& values);
  void add(const std::string& name, const std::vector<double>& values);
  void add(const std::string& name, const std::vector<std::string>& words);  ///< Unicode; what is no UTF-8 becomes U+FFFD
  void add(const std::string& name, std::int64_t value);                   ///< without dimensions
  void add(const std::string& name, double value);
  void add(const std::string& name, const std::string& words);

  /// The whole archive.
  std::string bytes() const;

 private:
  void member(const std::string& name, const std::string& kind, const std::vector<std::uint64_t>& shape, std::string_view data);

  struct Entry {
    std::string name;
    std::uint32_t checksum = 0, size = 0, offset = 0;
  };
  std::string archive_;
  std::vector<Entry> entries_;
};

}  // namespace moescope
