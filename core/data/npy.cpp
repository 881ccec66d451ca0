#include "core/data/npy.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace moescope {
namespace {

constexpr std::uint64_t kLongestHeader = 1 << 16;  // numpy's own are under 200 bytes

struct Header {
  char byteOrder = '<';
  int itemBytes = 0;
  bool fortranOrder = false;
  std::vector<std::uint64_t> shape;
};

/// The header's Python dictionary: only the literals that numpy writes, nothing is evaluated.
class HeaderParser {
 public:
  HeaderParser(std::string file, std::string_view text) : file_(std::move(file)), text_(text) {}

  Header parse() {
    std::optional<std::string> type;
    std::optional<bool> fortran;
    std::optional<std::vector<std::uint64_t>> shape;
    take('{');
    while (!accept('}')) {
      const std::string key = quoted();
      take(':');
      if (key == "descr" && !type) type = quoted();
      else if (key == "fortran_order" && !fortran) fortran = truth();
      else if (key == "shape" && !shape) shape = tuple();
      else fail("expected each of descr, fortran_order and shape once");
      if (!accept(',')) {
        take('}');
        break;
      }
    }
    skipBlanks();
    if (at_ != text_.size()) fail("expected nothing after the dictionary");
    if (!type || !fortran || !shape) fail("expected descr, fortran_order and shape");
    Header header{.byteOrder = '<', .itemBytes = 0, .fortranOrder = *fortran, .shape = *shape};
    readType(*type, header);
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    throw std::runtime_error(file_ + ": .npy header, character " + std::to_string(at_) + ": " + expected);
  }
  void skipBlanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool accept(char wanted) {
    skipBlanks();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  void take(char wanted) {
    if (!accept(wanted)) fail(std::string("expected '") + wanted + "'");
  }
  std::string quoted() {
    const char quote = accept('\'') ? '\'' : '"';
    if (quote == '"' && !accept('"')) fail("expected a quoted word (plain arrays of floats only)");
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) fail("expected a closing quote");
    const std::string word(text_.substr(at_, end - at_));
    at_ = end + 1;
    return word;
  }
  bool truth() {
    skipBlanks();
    for (const auto& [word, value] : {std::pair<std::string_view, bool>{"True", true}, {"False", false}})
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return value;
      }
    fail("expected True or False");
  }
  std::vector<std::uint64_t> tuple() {
    std::vector<std::uint64_t> sizes;
    take('(');
    while (!accept(')')) {
      sizes.push_back(number());
      if (!accept(',')) {
        take(')');
        break;
      }
    }
    return sizes;
  }
  std::uint64_t number() {
    skipBlanks();
    const std::size_t begin = at_;
    std::uint64_t value = 0;
    for (; at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])); ++at_) {
      if (value > std::numeric_limits<std::int64_t>::max() / 10 - 1) fail("expected a size that fits in 63 bits");
      value = 10 * value + static_cast<std::uint64_t>(text_[at_] - '0');
    }
    if (at_ == begin) fail("expected a size of zero or more");
    return value;
  }
  void readType(const std::string& type, Header& header) const {
    const bool known = type.size() == 3 && (type[0] == '<' || type[0] == '>') && type[1] == 'f' && (type[2] == '2' || type[2] == '4' || type[2] == '8');
    if (!known) throw std::runtime_error(file_ + ": .npy header: expected descr f2, f4 or f8 with a byte order (float16, float32, float64)");
    header.byteOrder = type[0];
    header.itemBytes = type[2] - '0';
  }

  std::string file_;
  std::string_view text_;
  std::size_t at_ = 0;
};

double fromHalf(std::uint16_t bits) {
  const double sign = bits & 0x8000 ? -1.0 : 1.0;
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent == 31) return fraction ? std::numeric_limits<double>::quiet_NaN() : sign * std::numeric_limits<double>::infinity();
  return sign * (exponent ? std::ldexp(1024 + fraction, exponent - 25) : std::ldexp(fraction, -24));
}

double decode(const unsigned char* item, const Header& header) {
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
  if (!stream.read(text.data(), static_cast<std::streamsize>(bytes))) throw std::runtime_error(file + ": ends inside the " + what);
  return text;
}

Header readHeader(std::ifstream& stream, const std::string& file) {
  const std::string start = readExactly(stream, 8, file, ".npy magic");
  if (!start.starts_with("\x93NUMPY")) throw std::runtime_error(file + ": expected a .npy file (it does not begin with \\x93NUMPY)");
  const int version = static_cast<unsigned char>(start[6]);
  if (version < 1 || version > 3) throw std::runtime_error(file + ": .npy version " + std::to_string(version) + ", expected 1, 2 or 3");
  const std::string sizeBytes = readExactly(stream, version == 1 ? 2 : 4, file, ".npy header's length");
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < sizeBytes.size(); ++i) length |= static_cast<std::uint64_t>(static_cast<unsigned char>(sizeBytes[i])) << 8 * i;
  if (length > kLongestHeader) throw std::runtime_error(file + ": .npy header of " + std::to_string(length) + " bytes, expected at most 65536");
  const std::string text = readExactly(stream, length, file, ".npy header");
  return HeaderParser(file, text).parse();
}

}  // namespace

Eigen::MatrixXd readNpy(const std::filesystem::path& path) {
  const std::string file = path.string();
  if (!std::filesystem::is_regular_file(path)) throw std::runtime_error(file + ": expected a regular file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(file + ": cannot be read");
  const Header header = readHeader(stream, file);
  if (header.shape.empty() || header.shape.size() > 2)
    throw std::runtime_error(file + ": an array of " + std::to_string(header.shape.size()) + " dimensions, expected a vector or matrix");
  const std::uint64_t rows = header.shape[0], columns = header.shape.size() == 2 ? header.shape[1] : 1;
  if (rows == 0 || columns == 0) throw std::runtime_error(file + ": an empty array");

  const std::uint64_t held = std::filesystem::file_size(path) - static_cast<std::uint64_t>(stream.tellg());
  // Divided, not multiplied: a product of two hostile sizes may wrap around.
  if (held % header.itemBytes || held / header.itemBytes % rows || held / header.itemBytes / rows != columns)
    throw std::runtime_error(file + ": .npy header states " + std::to_string(rows) + " x " + std::to_string(columns) + " items of " +
                             std::to_string(header.itemBytes) + " bytes, but " + std::to_string(held) + " bytes follow");
  const std::string data = readExactly(stream, held, file, "array");
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
