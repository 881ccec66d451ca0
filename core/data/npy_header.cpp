#include "core/data/npy_header.h"

#include <cctype>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "core/words/words.h"

namespace moescope {
namespace {

constexpr std::uint64_t kLongestHeader = 1 << 16;  // numpy's own are under 200 bytes

/// The header's Python dictionary: only the literals that numpy writes, nothing is evaluated.
class HeaderParser {
 public:
  HeaderParser(std::string file, std::string_view text, NpyNumbers numbers)
      : file_(std::move(file)), text_(text), numbers_(numbers) {}

  NpyHeader parse() {
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
      else fail(translated("expected each of descr, fortran_order and shape once"));
      if (!accept(',')) {
        take('}');
        break;
      }
    }
    skipBlanks();
    if (at_ != text_.size()) fail(translated("expected nothing after the dictionary"));
    if (!type || !fortran || !shape) fail(translated("expected descr, fortran_order and shape"));
    NpyHeader header{.byteOrder = '<', .kind = 'f', .itemBytes = 0, .fortranOrder = *fortran, .shape = *shape};
    readType(*type, header);
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& expected) const {
    throw std::runtime_error(translated("%1: .npy header, character %2: %3", file_, std::to_string(at_), expected));
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
    if (!accept(wanted)) fail(translated("expected '%1'", std::string(1, wanted)));
  }
  std::string quoted() {
    const char quote = accept('\'') ? '\'' : '"';
    if (quote == '"' && !accept('"')) fail(translated("expected a quoted word (plain arrays of numbers only)"));
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string_view::npos) fail(translated("expected a closing quote"));
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
    fail(translated("expected True or False"));
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
      if (value > std::numeric_limits<std::int64_t>::max() / 10 - 1) fail(translated("expected a size that fits in 63 bits"));
      value = 10 * value + static_cast<std::uint64_t>(text_[at_] - '0');
    }
    if (at_ == begin) fail(translated("expected a size of zero or more"));
    return value;
  }
  void readType(const std::string& type, NpyHeader& header) const {
    const bool ordered = type.size() == 3 && (type[0] == '<' || type[0] == '>' || (type[0] == '|' && type[2] == '1'));
    const bool real =
        numbers_ == NpyNumbers::Real && ordered && type[1] == 'f' && (type[2] == '2' || type[2] == '4' || type[2] == '8');
    const bool whole = numbers_ == NpyNumbers::Integer && ordered && (type[1] == 'i' || type[1] == 'u') &&
                       std::string_view("1248").find(type[2]) != std::string_view::npos;
    if (!real && !whole)
      throw std::runtime_error(
          translated("%1: .npy header: expected descr %2", file_,
                     (numbers_ == NpyNumbers::Real ? "f2, f4 or f8 with a byte order (float16, float32, float64)"
                                                   : "i1, i2, i4, i8, u1, u2, u4 or u8 with a byte order (integers)")));
    header.byteOrder = type[0];
    header.kind = type[1];
    header.itemBytes = type[2] - '0';
  }

  std::string file_;
  std::string_view text_;
  std::size_t at_ = 0;
  NpyNumbers numbers_;
};

}  // namespace

NpyHeader readNpyHeader(const ReadBytes& read, NpyNumbers numbers, const std::string& file) {
  const std::string start = read(8, ".npy magic");
  if (!start.starts_with("\x93NUMPY"))
    throw std::runtime_error(translated("%1: expected a .npy file (it does not begin with \\x93NUMPY)", file));
  const int version = static_cast<unsigned char>(start[6]);
  if (version < 1 || version > 3)
    throw std::runtime_error(translated("%1: .npy version %2, expected 1, 2 or 3", file, std::to_string(version)));
  const std::string sizeBytes = read(version == 1 ? 2 : 4, ".npy header's length");
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < sizeBytes.size(); ++i)
    length |= static_cast<std::uint64_t>(static_cast<unsigned char>(sizeBytes[i])) << 8 * i;
  if (length > kLongestHeader)
    throw std::runtime_error(translated("%1: .npy header of %2 bytes, expected at most 65536", file, std::to_string(length)));
  const std::string text = read(length, ".npy header");
  return HeaderParser(file, text, numbers).parse();
}

}  // namespace moescope
