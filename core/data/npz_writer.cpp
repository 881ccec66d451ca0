#include "core/data/npz_writer.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "core/words/words.h"

namespace moescope {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

constexpr std::uint64_t kMostBytes = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kAlignment = 64;  // of an array behind its header, as NumPy writes them

void put(std::string& to, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) to += static_cast<char>(value >> 8 * i & 255);
}

std::string npyHeader(const std::string& kind, const std::vector<std::uint64_t>& shape) {
  std::string sizes;
  for (const std::uint64_t size : shape) sizes += std::to_string(size) + (shape.size() == 1 || &size != &shape.back() ? "," : "");
  std::string text = "{'descr': '" + kind + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
  const std::size_t before = 10, whole = (before + text.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
  text.append(whole - before - text.size() - 1, ' ');
  std::string header("\x93NUMPY\x01\x00", 8);
  put(header, text.size() + 1, 2);
  return header + text + '\n';
}

template <typename Number>
std::string_view asBytes(const Number* data, std::size_t count) {
  return {reinterpret_cast<const char*>(data), count * sizeof(Number)};
}

/// Unicode code points.
std::u32string decoded(const std::string& words) {
  constexpr char32_t kNone = 0xFFFD;
  std::u32string text;
  for (std::size_t i = 0; i < words.size();) {
    const auto first = static_cast<unsigned char>(words[i++]);
    const int more = first < 0x80 ? 0 : first >> 5 == 6 ? 1 : first >> 4 == 14 ? 2 : first >> 3 == 30 ? 3 : -1;
    char32_t point = more <= 0 ? first : first & (0x3F >> more);
    int left = more;
    for (; left > 0 && i < words.size() && (static_cast<unsigned char>(words[i]) & 0xC0) == 0x80; --left)
      point = point << 6 | (static_cast<unsigned char>(words[i++]) & 0x3F);
    constexpr char32_t least[] = {0, 0x80, 0x800, 0x10000};
    const bool good = more >= 0 && left == 0 && point >= least[more] && point <= 0x10FFFF && !(point >= 0xD800 && point < 0xE000);
    text += good ? point : kNone;
  }
  return text;
}

/// Each filled with zeros to the length of the longest, 1 at least.
std::u32string padded(const std::vector<std::string>& words, std::size_t& longest) {
  std::vector<std::u32string> all;
  longest = 1;
  for (const std::string& each : words) {
    all.push_back(decoded(each));
    longest = std::max(longest, all.back().size());
  }
  std::u32string data;
  for (std::u32string& each : all) {
    each.resize(longest);
    data += each;
  }
  return data;
}

}  // namespace

void NpzWriter::member(const std::string& name, const std::string& kind, const std::vector<std::uint64_t>& shape,
                       std::string_view data) {
  if (std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.name == name + ".npy"; }))
    throw std::runtime_error(translated("two arrays of the name %1", name));
  const std::string header = npyHeader(kind, shape);
  const std::uint64_t size = header.size() + data.size();
  if (archive_.size() + size + (1u << 20) > kMostBytes)
    throw std::runtime_error(
        translated("the array %1 makes the archive larger than 4 GiB, the most that a plain ZIP file holds", name));
  uLong checksum = crc32_z(0, reinterpret_cast<const Bytef*>(header.data()), header.size());
  checksum = crc32_z(checksum, reinterpret_cast<const Bytef*>(data.data()), data.size());
  entries_.push_back({name + ".npy", static_cast<std::uint32_t>(checksum), static_cast<std::uint32_t>(size),
                      static_cast<std::uint32_t>(archive_.size())});
  const Entry& entry = entries_.back();
  put(archive_, 0x04034b50,
      4);  // local header: version 2.0, UTF-8 name, stored, 1980-01-01, so that equal arrays give equal bytes
  for (const std::uint64_t field : {20u, 1u << 11, 0u, 0u, 33u}) put(archive_, field, 2);
  for (const std::uint64_t field : {std::uint64_t{entry.checksum}, size, size}) put(archive_, field, 4);
  put(archive_, entry.name.size(), 2);
  put(archive_, 0, 2);
  archive_ += entry.name;
  archive_ += header;
  archive_ += data;
}

std::string NpzWriter::bytes() const {
  std::string all = archive_;
  for (const Entry& entry : entries_) {
    put(all, 0x02014b50, 4);
    for (const std::uint64_t field : {20u, 20u, 1u << 11, 0u, 0u, 33u}) put(all, field, 2);
    for (const std::uint32_t field : {entry.checksum, entry.size, entry.size}) put(all, field, 4);
    put(all, entry.name.size(), 2);
    for (int i = 0; i < 4; ++i) put(all, 0, 2);  // extra, comment, disk, attributes
    put(all, 0, 4);
    put(all, entry.offset, 4);
    all += entry.name;
  }
  const std::uint64_t directory = all.size() - archive_.size();
  put(all, 0x06054b50, 4);
  for (const std::uint64_t field :
       {std::uint64_t{0}, std::uint64_t{0}, std::uint64_t{entries_.size()}, std::uint64_t{entries_.size()}})
    put(all, field, 2);
  put(all, directory, 4);
  put(all, archive_.size(), 4);
  put(all, 0, 2);
  return all;
}

void NpzWriter::add(const std::string& name, const RowMatrix& matrix) {
  member(name, "<f4", {static_cast<std::uint64_t>(matrix.rows()), static_cast<std::uint64_t>(matrix.cols())},
         asBytes(matrix.data(), static_cast<std::size_t>(matrix.size())));
}

void NpzWriter::add(const std::string& name, const Eigen::MatrixXd& matrix) {
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = matrix;
  member(name, "<f8", {static_cast<std::uint64_t>(matrix.rows()), static_cast<std::uint64_t>(matrix.cols())},
         asBytes(rows.data(), static_cast<std::size_t>(rows.size())));
}

void NpzWriter::add(const std::string& name, const std::vector<Eigen::MatrixXf>& stack) {
  const auto rows = stack.empty() ? 0 : stack.front().rows(), columns = stack.empty() ? 0 : stack.front().cols();
  std::string data;
  for (const Eigen::MatrixXf& each : stack) {
    if (each.rows() != rows || each.cols() != columns)
      throw std::runtime_error(translated("matrices of different shapes in the array %1", name));
    const RowMatrix inRows = each;
    data += asBytes(inRows.data(), static_cast<std::size_t>(inRows.size()));
  }
  member(name, "<f4", {stack.size(), static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns)}, data);
}

void NpzWriter::add(const std::string& name, const std::vector<std::int64_t>& values) {
  member(name, "<i8", {values.size()}, asBytes(values.data(), values.size()));
}

void NpzWriter::add(const std::string& name, const std::vector<double>& values) {
  member(name, "<f8", {values.size()}, asBytes(values.data(), values.size()));
}

void NpzWriter::add(const std::string& name, const std::vector<std::string>& words) {
  std::size_t longest = 0;
  const std::u32string data = padded(words, longest);
  member(name, "<U" + std::to_string(longest), {words.size()}, asBytes(data.data(), data.size()));
}

void NpzWriter::add(const std::string& name, std::int64_t value) { member(name, "<i8", {}, asBytes(&value, 1)); }

void NpzWriter::add(const std::string& name, double value) { member(name, "<f8", {}, asBytes(&value, 1)); }

void NpzWriter::add(const std::string& name, const std::string& words) {
  std::size_t longest = 0;
  const std::u32string data = padded({words}, longest);
  member(name, "<U" + std::to_string(longest), {}, asBytes(data.data(), data.size()));
}

}  // namespace moescope
