#include "core/data/npy.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>

#include "core/data/files.h"
#include "core/data/npy_header.h"
#include "core/words/words.h"

namespace moescope {
namespace {

double fromHalf(std::uint16_t bits) {
  const double sign = bits & 0x8000 ? -1.0 : 1.0;
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent == 31) return fraction ? std::numeric_limits<double>::quiet_NaN() : sign * std::numeric_limits<double>::infinity();
  return sign * (exponent ? std::ldexp(1024 + fraction, exponent - 25) : std::ldexp(fraction, -24));
}

double decode(const unsigned char* item, const NpyHeader& header) {
  std::uint64_t bits = 0;
  for (int byte = 0; byte < header.itemBytes; ++byte) {
    const int place = header.byteOrder == '<' ? byte : header.itemBytes - 1 - byte;
    bits |= static_cast<std::uint64_t>(item[byte]) << 8 * place;
  }
  switch (header.itemBytes) {
    case 2: return fromHalf(static_cast<std::uint16_t>(bits));
    case 4: return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    default: return std::bit_cast<double>(bits);
  }
}

std::string readExactly(std::ifstream& stream, std::uint64_t bytes, const std::string& file, const std::string& what) {
  std::string text(bytes, '\0');
  if (!stream.read(text.data(), static_cast<std::streamsize>(bytes)))
    throw std::runtime_error(translated("%1: ends inside the %2", file, what));
  return text;
}

}  // namespace

Eigen::MatrixXd readNpy(const std::filesystem::path& path) {
  const std::string file = path.string();
  requireRegularFile(path);
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(translated("%1: cannot be read", file));
  const auto next = [&](std::uint64_t bytes, const std::string& what) { return readExactly(stream, bytes, file, what); };
  const NpyHeader header = readNpyHeader(next, NpyNumbers::Real, file);
  if (header.shape.empty() || header.shape.size() > 2)
    throw std::runtime_error(
        translated("%1: an array of %2 dimensions, expected a vector or matrix", file, std::to_string(header.shape.size())));
  const std::uint64_t rows = header.shape[0], columns = header.shape.size() == 2 ? header.shape[1] : 1;
  if (rows == 0 || columns == 0) throw std::runtime_error(translated("%1: an empty array", file));

  const std::uint64_t held = std::filesystem::file_size(path) - static_cast<std::uint64_t>(stream.tellg());
  // Divided, not multiplied: a product of two hostile sizes may wrap around.
  if (held % header.itemBytes || held / header.itemBytes % rows || held / header.itemBytes / rows != columns)
    throw std::runtime_error(translated("%1: .npy header states %2 x %3 items of %4 bytes, but %5 bytes follow", file,
                                        std::to_string(rows), std::to_string(columns), std::to_string(header.itemBytes),
                                        std::to_string(held)));
  const std::string data = readExactly(stream, held, file, translated("array"));
  Eigen::MatrixXd matrix(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
  const auto* item = reinterpret_cast<const unsigned char*>(data.data());
  for (Eigen::Index i = 0; i < matrix.size(); ++i, item += header.itemBytes) {
    const Eigen::Index row = header.fortranOrder ? i % matrix.rows() : i / matrix.cols();
    const Eigen::Index column = header.fortranOrder ? i / matrix.rows() : i % matrix.cols();
    matrix(row, column) = decode(item, header);
  }
  return matrix;
}

}  // namespace moescope
