#pragma once
// The header of NumPy's .npy arrays (format versions 1 to 3): what the numbers behind it are.
// Source: NumPy enhancement proposal 1 and numpy.lib.format's description of versions 2 and 3.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace moescope {

struct NpyHeader {
  char byteOrder = '<';  ///< '<' little, '>' big, '|' single bytes
  char kind = 'f';       ///< 'f', 'i' or 'u'
  int itemBytes = 0;
  bool fortranOrder = false;
  std::vector<std::uint64_t> shape;
};

enum class NpyNumbers { Real, Integer };

/// Gives exactly so many next bytes, or throws naming what (second argument) ends too early.
using ReadBytes = std::function<std::string(std::uint64_t, const std::string&)>;

/// Reads magic, length and dictionary; nothing is evaluated. Throws std::runtime_error: `file`, the place, what was expected.
NpyHeader readNpyHeader(const ReadBytes& read, NpyNumbers numbers, const std::string& file);

}  // namespace moescope
